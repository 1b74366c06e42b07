"""The rule tables of a test, whole: every combination of answers, not a sample."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given as when
from hypothesis import strategies as st

from signalen.toetsen import questionnaires, rules
from signalen.toetsen.models import Outcome, Perspective
from signalen.toetsen.questionnaires import QuestionType
from signalen.toetsen.rules import Gap, GapKind, Given, QuickscanResult

CITY, PLATFORM, PANEL = Perspective.CITY, Perspective.PLATFORM, Perspective.PANEL
FORM = questionnaires.load("participatietoets", 1)
SCALES = [q for q in FORM.questions() if q.type is QuestionType.SCALE]
SECTION_6 = FORM.sections[5]
"""Four scored questions, asked of everyone."""


def scored(code: str, by: Perspective, value: int | None, person: str = "a", *, backed: bool = True) -> Given:
    return Given(
        code, by, person, "" if value is None else str(value), not_known=value is None, backed=backed
    )


def everyone_says(value: int) -> list[Given]:
    return [scored(q.code, by, value) for q in SCALES for by in q.by]


def complete() -> list[Given]:
    """Every question answered by everyone who is asked, well and with evidence."""
    values = {
        QuestionType.SCALE: "2",
        QuestionType.YES_NO: "yes",
        QuestionType.TEXT: "words",
        QuestionType.CHOICE: "3",
        QuestionType.DATE: "2027-01-01",
        QuestionType.NUMBER: "30",
    }
    return [Given(q.code, by, "a", values[q.type], backed=True) for q in FORM.questions() for by in q.by]


# quickscan

QUICK = [q.code for q in FORM.quickscan if q.type is QuestionType.YES_NO]


@pytest.mark.parametrize("answers", list(product(["yes", "no", "not_known", ""], repeat=len(QUICK))))
def test_one_yes_means_the_full_test_and_only_all_no_means_none(answers: tuple[str, ...]) -> None:
    result = rules.quickscan_result(FORM.quickscan, dict(zip(QUICK, answers, strict=True)))
    if "yes" in answers or "not_known" in answers:
        assert result is QuickscanResult.FULL_TEST
    elif "" in answers:
        assert result is QuickscanResult.OPEN
    else:
        assert result is QuickscanResult.NOT_NEEDED


def test_the_words_of_the_quickscan_decide_nothing() -> None:
    answers = {**dict.fromkeys(QUICK, "no"), "Q5": "yes, everybody"}
    assert rules.quickscan_result(FORM.quickscan, answers) is QuickscanResult.NOT_NEEDED


# one section


@pytest.mark.parametrize(
    "scores", [s for n in range(1, 5) for s in combinations_with_replacement(range(4), n)]
)
def test_at_most_one_insufficient_is_offset_by_one_strong(scores: tuple[int, ...]) -> None:
    outcome, offset = rules.weigh(scores)
    insufficient = sum(score in {0, 1} for score in scores)
    strong = 3 in scores
    assert offset is (insufficient > 0 and strong)
    expected = {
        (0, False): Outcome.PASS,
        (0, True): Outcome.PASS,
        (1, True): Outcome.PASS,
        (1, False): Outcome.CONDITIONS,
        (2, True): Outcome.CONDITIONS,
        (2, False): Outcome.FAIL,
    }
    assert outcome is expected.get((insufficient, strong), Outcome.FAIL)


def test_two_strong_answers_do_not_offset_two_insufficient_ones() -> None:
    assert rules.weigh([0, 1, 3, 3]) == (Outcome.CONDITIONS, True)


def test_a_section_without_answers_has_no_outcome_and_one_that_nobody_knows_does_not_simply_pass() -> None:
    assert rules.weigh([]) == (None, False)
    assert rules.weigh([], not_known=2) == (Outcome.CONDITIONS, False)


@when(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 7))
def test_a_better_answer_never_makes_a_section_worse(scores: list[int], at: int) -> None:
    order = [Outcome.FAIL, Outcome.CONDITIONS, Outcome.PASS]
    better = list(scores)
    better[at % len(better)] = min(3, better[at % len(better)] + 1)
    before, after = rules.weigh(scores)[0], rules.weigh(better)[0]
    assert before is not None
    assert after is not None
    assert order.index(after) >= order.index(before)


def test_a_strong_answer_in_another_section_offsets_nothing() -> None:
    givens = [scored("P6.1", CITY, 1), scored("P6.2", CITY, 2), scored("P7.1", CITY, 3)]
    assert rules.section_outcome(SECTION_6, CITY, givens).outcome is Outcome.CONDITIONS


def test_not_known_is_counted_and_is_never_insufficient() -> None:
    givens = [scored("P6.1", CITY, 2), scored("P6.2", CITY, None), scored("P6.3", CITY, None)]
    seen = rules.section_outcome(SECTION_6, CITY, givens)
    assert (seen.outcome, seen.insufficient, seen.not_known, seen.unanswered) == (Outcome.PASS, 0, 2, 1)


def test_the_answers_of_one_perspective_say_nothing_about_another() -> None:
    seen = rules.section_outcome(SECTION_6, PANEL, [scored("P6.1", CITY, 0)])
    assert seen.outcome is None
    assert seen.unanswered == 4


def test_in_a_panel_the_lowest_answer_weighs_and_all_are_kept() -> None:
    givens = [scored("P6.1", PANEL, v, person) for v, person in ((3, "a"), (2, "b"), (0, "c"), (None, "d"))]
    seen = rules.range_of(SECTION_6.questions[0], PANEL, givens)
    assert (seen.low, seen.high, seen.scores, seen.not_known) == (0, 3, (0, 2, 3), 1)
    assert rules.section_outcome(SECTION_6, PANEL, givens).outcome is Outcome.CONDITIONS


# perspectives and the whole


@pytest.mark.parametrize(
    ("value", "outcome"), [(0, Outcome.FAIL), (1, Outcome.FAIL), (2, Outcome.PASS), (3, Outcome.PASS)]
)
def test_a_perspective_that_says_the_same_everywhere(value: int, outcome: Outcome) -> None:
    for each in rules.all_outcomes(FORM, everyone_says(value)):
        assert each.outcome is outcome


def test_the_worst_section_decides_for_a_perspective() -> None:
    givens = [*everyone_says(2), scored("P9.4", CITY, 1, "b")]
    assert rules.perspective_outcome(FORM, CITY, givens).outcome is Outcome.CONDITIONS
    assert rules.perspective_outcome(FORM, PANEL, givens).outcome is Outcome.PASS


def test_a_perspective_without_answers_is_not_tested() -> None:
    assert rules.perspective_outcome(FORM, PANEL, []).outcome is Outcome.NOT_TESTED


@pytest.mark.parametrize(
    "seen",
    list(product([Outcome.PASS, Outcome.CONDITIONS, Outcome.FAIL, Outcome.NOT_TESTED, None], repeat=3)),
)
def test_the_worst_of_the_perspectives_is_suggested(seen: tuple[Outcome | None, ...]) -> None:
    found = rules.worst(seen)
    for outcome in (Outcome.FAIL, Outcome.CONDITIONS, Outcome.PASS):
        if outcome in seen:
            assert found is outcome
            return
    assert found is Outcome.NOT_TESTED


@pytest.mark.parametrize(("suggestion", "chosen"), list(product(Outcome, repeat=2)))
def test_every_departure_from_the_worst_is_one_the_stricter_too(suggestion: Outcome, chosen: Outcome) -> None:
    assert rules.departs(suggestion, chosen) is (suggestion != chosen)


# differences


@pytest.mark.parametrize(("city", "panel"), list(product(range(4), repeat=2)))
def test_two_points_or_more_between_perspectives_are_listed(city: int, panel: int) -> None:
    found = rules.differences(FORM, [scored("P6.1", CITY, city), scored("P6.1", PANEL, panel)])
    if abs(city - panel) < 2:
        assert not found
        return
    (only,) = found
    assert (only.low, only.high, only.points) == (min(city, panel), max(city, panel), abs(city - panel))
    assert only.lower is (CITY if city < panel else PANEL)
    assert only.higher is (PANEL if city < panel else CITY)


def test_one_voice_in_the_panel_is_enough_for_a_difference_with_the_city_and_inside_the_panel() -> None:
    givens = [scored("P7.1", CITY, 3), scored("P7.1", PANEL, 3, "a"), scored("P7.1", PANEL, 1, "b")]
    found = rules.differences(FORM, givens)
    assert {(d.lower, d.higher) for d in found} == {(PANEL, CITY), (PANEL, PANEL)}


def test_the_widest_difference_comes_first() -> None:
    givens = [
        scored("P1.3", CITY, 3),
        scored("P1.3", PANEL, 1),
        scored("P7.1", CITY, 3),
        scored("P7.1", PANEL, 0),
    ]
    assert [d.question for d in rules.differences(FORM, givens)] == ["P7.1", "P1.3"]


def test_not_known_makes_no_difference() -> None:
    assert not rules.differences(FORM, [scored("P6.1", CITY, 3), scored("P6.1", PANEL, None)])


answers = st.lists(
    st.builds(
        scored,
        st.sampled_from([q.code for q in SCALES]),
        st.sampled_from(Perspective),
        st.none() | st.integers(0, 3),
        st.sampled_from("abc"),
        backed=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda g: (g.question, g.perspective, g.person),
)


@when(answers)
def test_nothing_is_averaged_away(givens: list[Given]) -> None:
    listed = {d.question for d in rules.differences(FORM, givens)}
    for question in SCALES:
        known = [int(g.value) for g in givens if g.question == question.code and not g.not_known]
        assert (question.code in listed) is (bool(known) and max(known) - min(known) >= 2)


@when(answers)
def test_the_suggestion_is_never_milder_than_any_perspective(givens: list[Given]) -> None:
    order = [Outcome.FAIL, Outcome.CONDITIONS, Outcome.PASS]
    judged = [each.outcome for each in rules.all_outcomes(FORM, givens) if each.outcome in order]
    suggestion = rules.suggested(FORM, givens)
    assert suggestion is (min(judged, key=order.index) if judged else Outcome.NOT_TESTED)


@when(answers)
def test_who_answers_first_does_not_matter(givens: list[Given]) -> None:
    turned = givens[::-1]
    assert rules.all_outcomes(FORM, givens) == rules.all_outcomes(FORM, turned)
    assert set(rules.differences(FORM, givens)) == set(rules.differences(FORM, turned))


# flags and evidence


@pytest.mark.parametrize(("days", "flagged"), [("0", True), ("20", True), ("21", False), ("90", False)])
def test_fewer_than_21_days_to_answer_is_flagged(days: str, flagged: bool) -> None:
    assert bool(rules.flags(FORM, [Given("P5.2", CITY, "a", days)])) is flagged


def test_a_plain_no_is_flagged_where_the_question_says_so_and_not_known_is_not() -> None:
    assert rules.flags(FORM, [Given("P5.1", CITY, "a", "no")])
    assert not rules.flags(FORM, [Given("P5.1", CITY, "a", "yes"), Given("P7.2", CITY, "a", not_known=True)])


@pytest.mark.parametrize("question", list(FORM.questions()), ids=lambda q: q.code)
def test_only_a_2_or_a_3_on_the_scale_needs_evidence(question: questionnaires.Question) -> None:
    values = {"0": False, "1": False, "2": True, "3": True, "": False}
    for value, needed in values.items():
        if question.type in {QuestionType.SCALE, QuestionType.CHOICE, QuestionType.NUMBER}:
            assert rules.needs_evidence(question, value) is (needed and question.type is QuestionType.SCALE)


# ready to close


def missing(
    givens: list[Given], outcome: Outcome | None, reason: str = "", conditions: int = 0
) -> tuple[Gap, ...]:
    return rules.gaps(FORM, givens, outcome=outcome, reason=reason, conditions=conditions)


def test_a_complete_test_with_the_worst_outcome_can_be_closed() -> None:
    assert missing(complete(), Outcome.PASS) == ()


def test_without_an_outcome_it_cannot_be_closed() -> None:
    assert missing(complete(), None) == (Gap(GapKind.OUTCOME),)
    assert missing(complete(), Outcome.NOT_TESTED) == (Gap(GapKind.OUTCOME),)


@pytest.mark.parametrize("reason", ["", "   "])
def test_another_outcome_than_the_worst_needs_a_reason(reason: str) -> None:
    assert Gap(GapKind.REASON) in missing(complete(), Outcome.FAIL, reason)
    assert missing(complete(), Outcome.FAIL, "The core was never open.") == ()


def test_a_pass_with_conditions_needs_a_condition() -> None:
    assert missing(complete(), Outcome.CONDITIONS, "why") == (Gap(GapKind.CONDITION),)
    assert missing(complete(), Outcome.CONDITIONS, "why", conditions=1) == ()


def test_each_2_or_3_needs_its_evidence_of_every_person() -> None:
    givens = [*complete(), scored("P6.1", PANEL, 3, "b", backed=False)]
    assert missing(givens, Outcome.PASS) == (Gap(GapKind.EVIDENCE, "P6.1", PANEL),)
    assert missing([*complete(), scored("P6.1", PANEL, None, "b", backed=False)], Outcome.PASS) == ()


@pytest.mark.parametrize("perspective", Perspective)
def test_each_required_question_needs_an_answer_of_each_perspective(perspective: Perspective) -> None:
    givens = [g for g in complete() if g.perspective is not perspective]
    lacking = {g.question for g in missing(givens, Outcome.PASS) if g.kind is GapKind.UNANSWERED}
    assert lacking == {q.group for q in FORM.questions(perspective) if q.required}


def test_not_known_is_an_answer_and_one_phase_answers_a_question_per_phase() -> None:
    givens = [g for g in complete() if not (g.question.startswith("P4.2") and g.perspective is PANEL)]
    assert Gap(GapKind.UNANSWERED, "P4.2", PANEL) in missing(givens, Outcome.PASS)
    assert missing([*givens, Given("P4.2-deciding", PANEL, "a", "1")], Outcome.PASS) == ()
    assert missing([*givens, Given("P4.2-deciding", PANEL, "a", not_known=True)], Outcome.PASS) == ()


def test_only_what_was_not_answered_can_stay_open_with_an_explanation() -> None:
    found = [Gap(kind) for kind in GapKind]
    assert {gap.kind for gap in rules.blocking(found)} == set(GapKind) - {GapKind.UNANSWERED}


def test_progress_counts_a_question_per_phase_once() -> None:
    done, whole = rules.progress(FORM, PANEL, [g for g in complete() if g.question.startswith("P4")])
    assert done == 2
    assert whole == len({q.group for q in FORM.questions(PANEL)})

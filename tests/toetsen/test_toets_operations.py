"""A test from quickscan to frozen, on both engines."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from sqlmodel import Session, col, select

from signalen.consultations.models import Commitment
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import Event
from signalen.core.permissions import Role
from signalen.toetsen import operations, queries, questionnaires, results, snapshots, workflow
from signalen.toetsen.models import DecisionStage, EvidenceKind, Outcome, Perspective, ToetsState, ToetsVerb
from signalen.toetsen.questionnaires import QuestionType
from signalen.toetsen.rules import GapKind
from tests.factories import Cast, member, user

FORM = questionnaires.load("participatietoets", 1)
GOOD = {
    QuestionType.SCALE: "2",
    QuestionType.YES_NO: "yes",
    QuestionType.TEXT: "In plain words",
    QuestionType.CHOICE: "3",
    QuestionType.DATE: "2027-01-01",
    QuestionType.NUMBER: "30",
}
ALL_NO = {"Q1": "no", "Q2": "no", "Q3": "no", "Q4": "no"}


def facts(cast: Cast, **changes) -> operations.DecisionFacts:
    values = {
        "title": "A new desk in the town hall",
        "summary": "The desk moves, and one counter closes.",
        "body_id": cast.loket.id,
        "municipality": "antwerpen",
        "stage": DecisionStage.DRAFT,
        "themes": ("hulp",),
        "groups": ("laaggeletterd",),
        "places": ("deurne",),
    }
    return operations.DecisionFacts(**{**values, **changes})


def decision(cast: Cast, **changes):
    return operations.record_decision(cast.session, facts(cast, **changes), actor=cast.actor(cast.bart))


def open_test(cast: Cast, subject=None):
    subject = subject or decision(cast)
    bart = cast.actor(cast.bart)
    toets = operations.quickscan(cast.session, subject, {**ALL_NO, "Q1": "yes"}, actor=bart)
    operations.start_toets(cast.session, toets, actor=bart)
    return subject, toets


def who(cast: Cast, perspective: Perspective):
    return cast.actor(
        {Perspective.CITY: cast.chloe, Perspective.PLATFORM: cast.bart, Perspective.PANEL: cast.emma}[
            perspective
        ]
    )


def say(cast: Cast, subject, toets, code: str, *rest, **more):
    perspective, value = rest
    values = {"ground": "seen in the meeting", "actor": who(cast, perspective), **more}
    return operations.answer(cast.session, toets, subject, code, perspective, value=value, **values)


def answer_everything(cast: Cast, subject, toets, **instead: str) -> None:
    for perspective in Perspective:
        for question in FORM.questions(perspective):
            value = instead.get(
                f"{perspective.value}_{question.code.replace('.', '_').replace('-', '_')}",
                GOOD[question.type],
            )
            say(cast, subject, toets, question.code, perspective, value)


def verbs(session: Session, subject_id: uuid.UUID) -> list[str]:
    rows = session.exec(select(Event).where(Event.subject_id == subject_id).order_by(col(Event.seq))).all()
    return [row.verb for row in rows]


# decisions


def test_a_decision_is_written_down_with_what_it_touches(cast: Cast) -> None:
    made = decision(cast)
    data = results.decision_data(cast.session, made)
    assert data["body"] == "Dienst Loketten"
    assert [n["nl"] for n in data["themes"]] == ["Hulp en dienstverlening"]
    assert all(set(n) >= {"nl", "fr", "en", "ar"} for n in (*data["themes"], *data["groups"]))
    assert verbs(cast.session, made.id) == [ToetsVerb.DECISION_RECORDED]


def test_changing_a_decision_replaces_what_it_touches(cast: Cast) -> None:
    made = decision(cast)
    operations.change_decision(
        cast.session,
        made,
        facts(cast, themes=("wonen",), stage=DecisionStage.TAKEN),
        actor=cast.actor(cast.bart),
    )
    assert [n["nl"] for n in results.decision_data(cast.session, made)["themes"]] == ["Wonen"]
    assert made.stage is DecisionStage.TAKEN


@pytest.mark.parametrize("name", ["amina", "chloe", "emma", "stijn"])
def test_only_staff_write_decisions_down(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        operations.record_decision(cast.session, facts(cast), actor=cast.actor(getattr(cast, name)))


# quickscan, start, not tested


def test_the_quickscan_keeps_its_answers_and_its_result(cast: Cast) -> None:
    toets = operations.quickscan(
        cast.session, decision(cast), {**ALL_NO, "Q5": "Nobody"}, actor=cast.actor(cast.bart)
    )
    assert toets.quickscan["result"] == "not_needed"
    assert toets.quickscan["answers"]["Q5"] == "Nobody"
    assert toets.state is ToetsState.QUICKSCAN


def test_a_quickscan_with_a_question_left_open_is_refused(cast: Cast) -> None:
    with pytest.raises(Missing) as refused:
        operations.quickscan(cast.session, decision(cast), {"Q1": "no"}, actor=cast.actor(cast.bart))
    assert refused.value.facts["what"] == ["Q2", "Q3", "Q4"]


def test_not_tested_is_an_outcome_with_a_reason_and_a_name(cast: Cast) -> None:
    subject = decision(cast)
    bart = cast.actor(cast.bart)
    toets = operations.quickscan(cast.session, subject, ALL_NO, actor=bart)
    with pytest.raises(Missing):
        operations.skip_test(cast.session, toets, subject, "  ", actor=bart)
    operations.skip_test(cast.session, toets, subject, "It touches nobody.", actor=bart)
    assert toets.outcome is Outcome.NOT_TESTED
    assert toets.frozen is not None
    assert toets.frozen["conclusion"]["reason"] == "It touches nobody."
    assert toets.frozen["conclusion"]["concluded_by"] == "Bart"
    assert queries.published(cast.session, toets.public_id) is not None


MOVES = [(a, b) for a in ToetsState for b in ToetsState]


@pytest.mark.parametrize(("source", "target"), MOVES)
def test_every_move_is_allowed_or_refused_by_the_table(source: ToetsState, target: ToetsState) -> None:
    allowed = {
        (ToetsState.QUICKSCAN, ToetsState.OPEN),
        (ToetsState.QUICKSCAN, ToetsState.NOT_TESTED),
        (ToetsState.OPEN, ToetsState.CLOSED),
        (ToetsState.OPEN, ToetsState.NOT_TESTED),
    }
    if (source, target) in allowed:
        workflow.check_move(source, target)
    else:
        with pytest.raises(MoveRefused):
            workflow.check_move(source, target)


# answering


def test_an_answer_replaces_the_earlier_one_of_the_same_person(cast: Cast) -> None:
    subject, toets = open_test(cast)
    first = say(cast, subject, toets, "P6.1", Perspective.PANEL, "3")
    second = say(cast, subject, toets, "P6.1", Perspective.PANEL, "1")
    assert first is second
    assert second.points == 1


def test_not_known_has_no_points_and_empty_takes_the_answer_back(cast: Cast) -> None:
    subject, toets = open_test(cast)
    kept = say(cast, subject, toets, "P6.1", Perspective.CITY, "", not_known=True)
    assert (kept.points, kept.not_known) == (None, True)
    assert say(cast, subject, toets, "P6.1", Perspective.CITY, "") is None
    assert queries.find_answer(cast.session, toets, "P6.1", Perspective.CITY, cast.chloe.id) is None


@pytest.mark.parametrize(
    ("code", "perspective", "value", "error"),
    [
        ("P6.1", Perspective.CITY, "4", "bad-value"),
        ("P5.2", Perspective.CITY, "soon", "bad-value"),
        ("P9.1", Perspective.PANEL, "words", "no-such-question"),
        ("P99.1", Perspective.CITY, "1", "no-such-question"),
    ],
)
def test_what_is_no_answer_is_refused(
    cast: Cast, code: str, perspective: Perspective, value: str, error: str
) -> None:
    subject, toets = open_test(cast)
    with pytest.raises(DomainError) as refused:
        say(cast, subject, toets, code, perspective, value)
    assert refused.value.code == error


@pytest.mark.parametrize("perspective", Perspective)
@pytest.mark.parametrize("name", ["amina", "bart", "chloe", "emma", "stijn"])
def test_each_side_is_answered_by_its_own_people_only(
    cast: Cast, perspective: Perspective, name: str
) -> None:
    subject, toets = open_test(cast)
    allowed = {Perspective.CITY: "chloe", Perspective.PLATFORM: "bart", Perspective.PANEL: "emma"}[
        perspective
    ]
    actor = cast.actor(getattr(cast, name))
    if name == allowed:
        assert say(cast, subject, toets, "P6.1", perspective, "2", actor=actor)
        return
    with pytest.raises(NotAllowed):
        say(cast, subject, toets, "P6.1", perspective, "2", actor=actor)


def test_the_city_answers_only_for_its_own_body(cast: Cast) -> None:
    subject, toets = open_test(cast, decision(cast, body_id=cast.vlaanderen.id))
    with pytest.raises(NotAllowed):
        say(cast, subject, toets, "P6.1", Perspective.CITY, "2")
    assert queries.find_toets(cast.session, cast.actor(cast.chloe), toets.id, Perspective.CITY) is None
    assert queries.tasks(cast.session, cast.actor(cast.chloe), Perspective.CITY) == []


def test_nobody_answers_before_the_test_is_open_or_after_it_is_closed(cast: Cast) -> None:
    subject = decision(cast)
    toets = operations.quickscan(cast.session, subject, ALL_NO, actor=cast.actor(cast.bart))
    with pytest.raises(DomainError) as refused:
        say(cast, subject, toets, "P6.1", Perspective.CITY, "2")
    assert refused.value.code == "toets-not-open"


def test_tasks_count_what_this_person_answered(cast: Cast) -> None:
    subject, toets = open_test(cast)
    say(cast, subject, toets, "P6.1", Perspective.PANEL, "2")
    (task,) = queries.tasks(cast.session, cast.actor(cast.emma), Perspective.PANEL)
    assert (task.toets_id, task.answered) == (toets.id, 1)
    (city,) = queries.tasks(cast.session, cast.actor(cast.chloe), Perspective.CITY)
    assert city.answered == 0


# evidence


def test_evidence_backs_an_answer_and_can_be_taken_away(cast: Cast) -> None:
    subject, toets = open_test(cast)
    kept = say(cast, subject, toets, "P6.1", Perspective.CITY, "3", ground="")
    chloe = cast.actor(cast.chloe)
    assert GapKind.EVIDENCE in {g.kind for g in operations.missing(cast.session, toets, subject)}
    proof = operations.add_evidence(
        cast.session,
        toets,
        kept,
        EvidenceKind.DOCUMENT,
        "The letter",
        uri="https://example.org/b",
        actor=chloe,
    )
    assert GapKind.EVIDENCE not in {g.kind for g in operations.missing(cast.session, toets, subject)}
    operations.remove_evidence(cast.session, toets, kept, proof, actor=chloe)
    assert GapKind.EVIDENCE in {g.kind for g in operations.missing(cast.session, toets, subject)}


def test_nobody_adds_evidence_to_an_answer_of_somebody_else(cast: Cast) -> None:
    subject, toets = open_test(cast)
    kept = say(cast, subject, toets, "P6.1", Perspective.CITY, "3")
    with pytest.raises(DomainError) as refused:
        operations.add_evidence(
            cast.session, toets, kept, EvidenceKind.DOCUMENT, "x", actor=cast.actor(cast.bart)
        )
    assert refused.value.code == "not-your-answer"


# outcome, conditions, closing


def test_the_outcome_is_written_by_a_named_person_and_a_departure_needs_a_reason(cast: Cast) -> None:
    subject, toets = open_test(cast)
    answer_everything(cast, subject, toets, panel_P6_1="1")
    bart = cast.actor(cast.bart)
    assert operations.suggestion(cast.session, toets, subject) is Outcome.CONDITIONS
    with pytest.raises(DomainError) as refused:
        operations.conclude(cast.session, toets, subject, Outcome.PASS, " ", actor=bart)
    assert refused.value.code == "departure-needs-reason"
    operations.conclude(
        cast.session, toets, subject, Outcome.PASS, "The interpreter is there now.", actor=bart
    )
    assert toets.outcome_by == cast.bart.id
    with pytest.raises(DomainError):
        operations.conclude(cast.session, toets, subject, Outcome.NOT_TESTED, "x", actor=bart)


def test_a_condition_is_a_commitment_of_the_body_that_decides(cast: Cast) -> None:
    subject, toets = open_test(cast)
    condition = operations.add_condition(
        cast.session,
        toets,
        subject,
        "An interpreter at every evening",
        owner="Head of the desks",
        due_on=date(2027, 3, 1),
        actor=cast.actor(cast.bart),
    )
    promise = cast.session.get(Commitment, condition.commitment_id)
    assert (promise.body_id, promise.owner, promise.due_on) == (
        cast.loket.id,
        "Head of the desks",
        date(2027, 3, 1),
    )


def closed_test(cast: Cast):
    subject, toets = open_test(cast)
    answer_everything(
        cast, subject, toets, panel_P6_1="1", panel_P4_2_deciding="1", city_P5_2="14", city_P6_1="3"
    )
    kept = queries.find_answer(cast.session, toets, "P6.1", Perspective.CITY, cast.chloe.id)
    operations.add_evidence(
        cast.session, toets, kept, EvidenceKind.SIGNAL, "S-2026-00001", actor=cast.actor(cast.chloe)
    )
    bart = cast.actor(cast.bart)
    operations.conclude(cast.session, toets, subject, Outcome.CONDITIONS, "", actor=bart)
    operations.add_condition(
        cast.session, toets, subject, "An interpreter", owner="The desks", due_on=date(2027, 3, 1), actor=bart
    )
    operations.close(cast.session, toets, subject, actor=bart)
    return subject, toets


def test_a_test_that_lacks_something_is_not_closed(cast: Cast) -> None:
    subject, toets = open_test(cast)
    answer_everything(cast, subject, toets)
    with pytest.raises(Missing) as refused:
        operations.close(cast.session, toets, subject, actor=cast.actor(cast.bart))
    assert refused.value.facts["what"] == ["outcome"]


def test_questions_without_answer_need_an_explanation_that_is_published(cast: Cast) -> None:
    subject, toets = open_test(cast)
    bart = cast.actor(cast.bart)
    say(cast, subject, toets, "P6.1", Perspective.PANEL, "2")
    operations.conclude(cast.session, toets, subject, Outcome.PASS, "", actor=bart)
    with pytest.raises(Missing):
        operations.close(cast.session, toets, subject, actor=bart)
    operations.close(cast.session, toets, subject, actor=bart, unanswered_reason="The city did not answer.")
    assert toets.frozen["conclusion"]["unanswered_reason"] == "The city did not answer."
    assert ["P1.1", "city"] in toets.frozen["conclusion"]["unanswered"]


def test_closing_freezes_everything_and_nothing_changes_it_any_more(cast: Cast) -> None:
    subject, toets = closed_test(cast)
    before = json.dumps(results.picture(cast.session, toets, subject), sort_keys=True)
    operations.change_decision(
        cast.session, subject, facts(cast, title="Another title", themes=()), actor=cast.actor(cast.bart)
    )
    cast.loket.name = "Another name"
    cast.emma.name = "Erased"
    cast.session.add_all([cast.loket, cast.emma])
    cast.session.flush()
    cast.session.expire(toets)
    assert json.dumps(results.picture(cast.session, toets, subject), sort_keys=True) == before
    with pytest.raises(DomainError):
        say(cast, subject, toets, "P6.1", Perspective.PANEL, "3")
    with pytest.raises(DomainError):
        operations.conclude(cast.session, toets, subject, Outcome.PASS, "x", actor=cast.actor(cast.bart))


def test_the_frozen_test_keeps_promised_and_delivered_differences_and_flags(cast: Cast) -> None:
    _, toets = closed_test(cast)
    frozen = toets.frozen
    deciding = next(row for row in frozen["ladder"] if row["phase"] == "deciding")
    assert deciding["promised"]["city"] == ["3"]
    assert deciding["delivered"] == {"city": ["3"], "platform": ["3"], "panel": ["1"]}
    assert [(d["question"], d["low"], d["high"]) for d in frozen["differences"]] == [("P6.1", 1, 3)]
    assert [f["value"] for f in frozen["flags"]] == ["14"]
    assert frozen["perspectives"]["panel"]["outcome"] == "conditions"
    assert frozen["conditions"][0]["words"] == "An interpreter"
    assert frozen["evaluation"]["evaluation_on"] == "2027-01-01"


def test_the_frozen_test_names_no_panel_member_no_user_and_no_signal(cast: Cast) -> None:
    _, toets = closed_test(cast)
    text = json.dumps({k: v for k, v in toets.frozen.items() if k != "questionnaire"})
    for hidden in ("Emma", "Chlo", str(cast.emma.id), str(cast.chloe.id), "S-2026-00001"):
        assert hidden not in text


def test_a_finished_test_reads_with_the_questionnaire_it_carries(cast: Cast) -> None:
    _, toets = closed_test(cast)
    form = snapshots.questionnaire(toets.frozen)
    assert [s.number for s in form.sections] == list(range(1, 11))
    lines = snapshots.rows(toets.frozen, "nl")
    assert len(lines) == sum(len(list(FORM.questions(p))) for p in Perspective)


def test_two_panel_members_are_both_kept_under_a_number(cast: Cast) -> None:
    other = user(cast.session, "Farid", language="ar")
    member(cast.session, other, Role.PANEL)
    subject, toets = open_test(cast)
    say(cast, subject, toets, "P7.1", Perspective.PANEL, "3")
    say(cast, subject, toets, "P7.1", Perspective.PANEL, "0", actor=cast.actor(other), ground="")
    shown = results.picture(cast.session, toets, subject)
    assert [(a["number"], a["value"]) for a in shown["answers"]["P7.1"]] == [(1, "3"), (2, "0")]
    assert shown["answers"]["P7.1"][1]["language"] == "ar"
    assert shown["perspectives"]["panel"]["people"] == 2


def test_every_change_records_one_event(cast: Cast) -> None:
    _, toets = closed_test(cast)
    seen = verbs(cast.session, toets.id)
    assert seen[:2] == [ToetsVerb.QUICKSCANNED, ToetsVerb.STARTED]
    assert seen[-4:] == [
        ToetsVerb.EVIDENCE_ADDED,
        ToetsVerb.CONCLUDED,
        ToetsVerb.CONDITION_ADDED,
        ToetsVerb.CLOSED,
    ]
    assert set(seen[2:-4]) == {ToetsVerb.ANSWERED}


def test_staff_see_open_tests_and_evaluations_whose_day_has_come(cast: Cast) -> None:
    bart = cast.actor(cast.bart)
    subject, _toets = closed_test(cast)
    assert queries.due(cast.session, bart, date(2026, 12, 31)) == []
    (on_the_day,) = queries.due(cast.session, bart, date(2027, 1, 1))
    assert (on_the_day.endpoint, on_the_day.due_on, on_the_day.late) == (
        "toetsen.decision",
        date(2027, 1, 1),
        False,
    )
    assert queries.due(cast.session, bart, date(2027, 1, 2))[0].late
    assert queries.due(cast.session, cast.actor(cast.amina), date(2027, 1, 2)) == []
    operations.change_decision(cast.session, subject, facts(cast, stage=DecisionStage.EVALUATION), actor=bart)
    again = operations.quickscan(cast.session, subject, ALL_NO, actor=bart)
    (waiting,) = queries.due(cast.session, bart, date(2027, 1, 2))
    assert (waiting.endpoint, waiting.args) == ("toetsen.toets", {"toets_id": str(again.id)})

"""The rules of a test, pure: quickscan, outcome per section and perspective, differences, readiness to close.

Source: shared facts, "The tests". Where the facts leave a choice it is ours, and said here:

- Several people of one perspective: the *lowest* answer to a question weighs; every answer and the range
  are shown. An average, or a median, would hide the one for whom it did not work.
- In a section at most one insufficient answer (0 or 1) is offset by one strong answer (3). What is left
  decides: nothing left is a pass, one left is a pass with conditions, two or more a fail.
- *Not known* is no judgement and never insufficient; but a section of which nothing at all is known
  cannot pass without conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from signalen.toetsen.models import Outcome, Perspective
from signalen.toetsen.questionnaires import Question, Questionnaire, QuestionType, Section

INSUFFICIENT = 1
"""Answers up to this one are insufficient."""
STRONG = 3
NEEDS_EVIDENCE = 2
"""Answers from this one on need evidence or a written ground."""
GREAT_DIFFERENCE = 2
"""From this many points on a difference between perspectives is listed."""


class QuickscanResult(StrEnum):
    """What the quickscan says: go on to the full test, or not, or not yet answered."""

    FULL_TEST = "full_test"
    NOT_NEEDED = "not_needed"
    OPEN = "open"


class GapKind(StrEnum):
    """What a test lacks before it can be closed."""

    UNANSWERED = "unanswered"
    EVIDENCE = "evidence"
    OUTCOME = "outcome"
    REASON = "reason"
    CONDITION = "condition"


SOFT_GAPS = frozenset({GapKind.UNANSWERED})
"""May stay open when the one who closes says why: who does not answer cannot hold up a test for ever."""

_WORST_FIRST = (Outcome.FAIL, Outcome.CONDITIONS, Outcome.PASS)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of one person. `person` is a stable token; `backed`: with evidence or a written ground."""

    question: str
    perspective: Perspective
    person: str
    value: str = ""
    not_known: bool = False
    backed: bool = False


@dataclass(frozen=True, slots=True)
class SectionOutcome:
    """How one perspective sees one section. `outcome` is None when nobody gave a scored answer yet."""

    number: int
    outcome: Outcome | None
    insufficient: int = 0
    strong: int = 0
    offset: bool = False
    not_known: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class PerspectiveOutcome:
    """How one perspective sees the decision: the worst of its sections; not tested without any answer."""

    perspective: Perspective
    outcome: Outcome
    sections: tuple[SectionOutcome, ...]

    @property
    def not_known(self) -> int:
        """How many questions nobody of this perspective could judge."""
        return sum(each.not_known for each in self.sections)


@dataclass(frozen=True, slots=True)
class Range:
    """The answers of one perspective to one scored question, lowest first; nothing is averaged."""

    perspective: Perspective
    scores: tuple[int, ...]
    not_known: int = 0

    @property
    def low(self) -> int | None:
        """The lowest answer: the one that weighs."""
        return self.scores[0] if self.scores else None

    @property
    def high(self) -> int | None:
        """The highest answer."""
        return self.scores[-1] if self.scores else None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two perspectives (or people inside one) that lie two points or more apart on a question."""

    question: str
    lower: Perspective
    low: int
    higher: Perspective
    high: int

    @property
    def points(self) -> int:
        """How far apart they are, on the scale of 0 to 3."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing before closing."""

    kind: GapKind
    question: str = ""
    perspective: Perspective | None = None


def quickscan_result(questions: Sequence[Question], answers: Mapping[str, str]) -> QuickscanResult:
    """One yes means the full test; so does *not known*, which is no no. Only when all are no none is needed.

    `answers` maps a code to "yes", "no" or "not_known"; text questions inform and do not decide.
    """
    deciding = [answers.get(q.code, "") for q in questions if q.type is QuestionType.YES_NO]
    if any(answer in {"yes", "not_known"} for answer in deciding):
        return QuickscanResult.FULL_TEST
    if deciding and all(answer == "no" for answer in deciding):
        return QuickscanResult.NOT_NEEDED
    return QuickscanResult.OPEN


def weigh(scores: Iterable[int], *, not_known: int = 0) -> tuple[Outcome | None, bool]:
    """The outcome of the scores of one section, and whether a strong one offset an insufficient one."""
    listed = list(scores)
    if not listed:
        return (Outcome.CONDITIONS if not_known else None), False
    insufficient = sum(score <= INSUFFICIENT for score in listed)
    offset = insufficient > 0 and any(score >= STRONG for score in listed)
    left = insufficient - offset
    if left == 0:
        return Outcome.PASS, offset
    return (Outcome.CONDITIONS if left == 1 else Outcome.FAIL), offset


def range_of(question: Question, perspective: Perspective, givens: Iterable[Given]) -> Range:
    """The answers of one perspective to one scored question."""
    mine = [g for g in givens if g.question == question.code and g.perspective == perspective]
    scores = sorted(int(g.value) for g in mine if not g.not_known and g.value)
    return Range(perspective, tuple(scores), sum(g.not_known for g in mine))


def section_outcome(section: Section, perspective: Perspective, givens: Sequence[Given]) -> SectionOutcome:
    """How one perspective sees one section; see the rules at the top of this module."""
    scored = [q for q in section.questions if q.type is QuestionType.SCALE and perspective in q.by]
    ranges = [range_of(q, perspective, givens) for q in scored]
    lows = [r.low for r in ranges if r.low is not None]
    unknown = sum(r.low is None and r.not_known > 0 for r in ranges)
    outcome, offset = weigh(lows, not_known=unknown)
    return SectionOutcome(
        number=section.number,
        outcome=outcome,
        insufficient=sum(low <= INSUFFICIENT for low in lows),
        strong=sum(low >= STRONG for low in lows),
        offset=offset,
        not_known=unknown,
        unanswered=len(scored) - len(lows) - unknown,
    )


def perspective_outcome(
    questionnaire: Questionnaire, perspective: Perspective, givens: Sequence[Given]
) -> PerspectiveOutcome:
    """The worst section decides. Without one judged section the perspective counts as not tested."""
    sections = tuple(section_outcome(s, perspective, givens) for s in questionnaire.sections)
    return PerspectiveOutcome(perspective, worst(s.outcome for s in sections), sections)


def worst(outcomes: Iterable[Outcome | None]) -> Outcome:
    """The worst of those that are known; *not tested* when none is."""
    found = set(outcomes)
    return next((each for each in _WORST_FIRST if each in found), Outcome.NOT_TESTED)


def all_outcomes(questionnaire: Questionnaire, givens: Sequence[Given]) -> tuple[PerspectiveOutcome, ...]:
    """The three perspectives, side by side."""
    return tuple(perspective_outcome(questionnaire, each, givens) for each in Perspective)


def suggested(questionnaire: Questionnaire, givens: Sequence[Given]) -> Outcome:
    """The outcome to start from: the worst of the perspectives. A named person writes the real one."""
    return worst(each.outcome for each in all_outcomes(questionnaire, givens))


def departs(suggestion: Outcome, chosen: Outcome) -> bool:
    """Any other outcome than the worst of the perspectives needs a reason, a stricter one too."""
    return chosen is not suggestion


def differences(questionnaire: Questionnaire, givens: Sequence[Given]) -> tuple[Difference, ...]:
    """Every question on which two perspectives, or people of one, lie two points or more apart; widest first.

    Between perspectives the two answers furthest apart count, so that one voice in a panel is seen.
    """
    found: list[Difference] = []
    for question in questionnaire.questions():
        if question.type is not QuestionType.SCALE:
            continue
        ranges = [range_of(question, each, givens) for each in question.by]
        pairs = [(a, b) for a, b in combinations(ranges, 2)] + [(r, r) for r in ranges]
        for one, other in pairs:
            widest = _widest(question.code, one, other)
            if widest and widest.points >= GREAT_DIFFERENCE:
                found.append(widest)
    return tuple(sorted(found, key=lambda each: -each.points))


def _widest(question: str, one: Range, other: Range) -> Difference | None:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return None
    first = Difference(question, one.perspective, one.low, other.perspective, other.high)
    second = Difference(question, other.perspective, other.low, one.perspective, one.high)
    return first if first.points >= second.points else second


def flags(questionnaire: Questionnaire, givens: Sequence[Given]) -> tuple[Given, ...]:
    """Answers to show as a warning without scoring them: fewer than 21 days to answer, or a plain no."""
    return tuple(
        given
        for question in questionnaire.questions()
        for given in givens
        if given.question == question.code and not given.not_known and is_flagged(question, given.value)
    )


def is_flagged(question: Question, value: str) -> bool:
    """Whether this answer is a warning: fewer days than asked for, or the answer the question names."""
    if not value:
        return False
    if question.flag_under is not None and question.type is QuestionType.NUMBER:
        return int(value) < question.flag_under
    return bool(question.flag_answer) and value == question.flag_answer


def needs_evidence(question: Question, value: str) -> bool:
    """A 2 or a 3 needs evidence: a linked signal, dossier, document, meeting or a written ground."""
    return question.type is QuestionType.SCALE and bool(value) and int(value) >= NEEDS_EVIDENCE


def gaps(
    questionnaire: Questionnaire,
    givens: Sequence[Given],
    *,
    outcome: Outcome | None,
    reason: str,
    conditions: int,
) -> tuple[Gap, ...]:
    """Everything missing before the test can be closed.

    A required question needs one answer per perspective (*not known* is one; of a question per phase, one
    phase); each 2 or 3 its evidence; the test an outcome, with a reason where it departs from the worst; and
    a pass with conditions at least one condition.
    """
    found = [*_unanswered(questionnaire, givens), *_without_evidence(questionnaire, givens)]
    if outcome is None or outcome is Outcome.NOT_TESTED:
        return (*found, Gap(GapKind.OUTCOME))
    if departs(suggested(questionnaire, givens), outcome) and not reason.strip():
        found.append(Gap(GapKind.REASON))
    if outcome is Outcome.CONDITIONS and conditions == 0:
        found.append(Gap(GapKind.CONDITION))
    return tuple(found)


def _unanswered(questionnaire: Questionnaire, givens: Sequence[Given]) -> list[Gap]:
    groups: dict[str, Question] = {}
    group_of: dict[str, str] = {}
    for question in questionnaire.questions():
        groups.setdefault(question.group, question)
        group_of[question.code] = question.group
    answered = {(group_of.get(g.question), g.perspective) for g in givens if g.not_known or g.value}
    return [
        Gap(GapKind.UNANSWERED, group, perspective)
        for group, question in groups.items()
        if question.required
        for perspective in question.by
        if (group, perspective) not in answered
    ]


def _without_evidence(questionnaire: Questionnaire, givens: Sequence[Given]) -> list[Gap]:
    lacking = {
        (given.question, given.perspective): Gap(GapKind.EVIDENCE, given.question, given.perspective)
        for question in questionnaire.questions()
        for given in givens
        if given.question == question.code
        and not given.not_known
        and not given.backed
        and needs_evidence(question, given.value)
    }
    return list(lacking.values())


def blocking(found: Iterable[Gap]) -> tuple[Gap, ...]:
    """The gaps that no explanation opens: evidence, outcome, reason, condition."""
    return tuple(gap for gap in found if gap.kind not in SOFT_GAPS)


def progress(
    questionnaire: Questionnaire, perspective: Perspective, givens: Sequence[Given]
) -> tuple[int, int]:
    """How many questions this perspective has answered, and how many it has; phases count as one question."""
    groups = {q.group for q in questionnaire.questions(perspective)}
    group_of = {q.code: q.group for q in questionnaire.questions(perspective)}
    done = {
        group_of[g.question]
        for g in givens
        if g.perspective == perspective and g.question in group_of and (g.not_known or g.value)
    }
    return len(done), len(groups)

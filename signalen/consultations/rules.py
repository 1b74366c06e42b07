"""What each answer needs, how often "we look into it" may be said, and when a promise is late. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from signalen.consultations.models import AnswerKind, AnswerSource, CommitmentState, Purpose
from signalen.core.errors import DomainError, Missing
from signalen.core.workdays import add_working_days, working_days_between

Item = TypeVar("Item")


class Need(StrEnum):
    """One thing that an answer of some kind must say. The value is the name of its field in `AnswerInput` and in forms."""

    WORDS = "words"
    WHAT_NO = "what_no"
    REASON = "reason"
    REASON_CODE = "reason_code"
    OWNER = "owner"
    DUE = "due_on"
    WHY_BETTER = "why_better"
    YEAR = "year"
    HEAR_ON = "hear_on"
    WHY_MISSED = "why_missed"
    OWN_LEVERS = "own_levers"
    WHO = "who"
    RESIDENTS = "residents"
    COMES_BACK = "comes_back_on"


A, N = AnswerKind, Need
DATES = frozenset({N.DUE, N.HEAR_ON, N.COMES_BACK})
NEEDS: Mapping[AnswerKind, tuple[Need, ...]] = {
    A.YES: (N.OWNER, N.DUE),
    A.PARTLY: (N.WORDS, N.WHAT_NO, N.REASON, N.REASON_CODE, N.OWNER, N.DUE),
    A.OTHERWISE: (N.WORDS, N.WHY_BETTER, N.OWNER, N.DUE),
    A.PLAN: (N.WORDS, N.YEAR, N.HEAR_ON),
    A.EXISTS: (N.WORDS, N.WHY_MISSED),
    A.NO: (N.WORDS, N.REASON_CODE),
    A.ELSEWHERE: (N.WORDS, N.OWN_LEVERS),
    A.RESEARCH: (N.WORDS, N.WHO, N.RESIDENTS, N.COMES_BACK),
    A.COUNCIL: (N.COMES_BACK,),
    A.QUESTION: (N.WORDS,),
    A.NONE: (N.WORDS,),
}
"""What each kind needs (facts/groups-and-barriers.yaml, answer_kinds). `words` says the main thing of that kind in the body's own
words: what it does, which plan, where it exists, why not, who decides, what it looks into, its question."""

OPTIONAL: Mapping[AnswerKind, tuple[Need, ...]] = {
    kind: (N.WORDS,) if kind in {A.YES, A.COUNCIL} else () for kind in AnswerKind
}

INTERIM = frozenset({A.RESEARCH, A.COUNCIL, A.QUESTION})
"""Kinds that leave the round at *asked*."""
COMES_BACK = frozenset({A.RESEARCH, A.COUNCIL})
"""Interim kinds that come back by themselves on their date."""
PROMISES = frozenset({A.YES, A.PARTLY, A.OTHERWISE, A.PLAN})
"""Kinds that make a commitment: with an owner and a date, or (a plan) with the date on which we hear."""
GIVEN = tuple(kind for kind in AnswerKind if kind is not A.NONE)
"""Kinds a body can give. *No answer* is declared, never given."""
MOST_TIMES = 2
"""Once, and once extended; a third "we look into it" is refused. "Waits for the college" is held to the same."""
YEARS_AHEAD = 15
NO_REASON = "geen-reden"
"""The reason code for a letter without one: only for who writes down what came by letter or mouth."""
EXPIRED = "Er werd gezegd dat men dit uitzocht, daarvoor is één keer uitstel gegeven, en op de laatste datum kwam er geen antwoord."
"""Why the system declares that there is no answer. In Dutch, as all that the platform writes for the record."""


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """An answer as it comes in. Which fields are needed depends on its kind (`NEEDS`); others are dropped.

    `given_on`: the day in Brussels on which the body gave it (None: today). `given_by`: who said or signed it.
    """

    kind: AnswerKind
    words: str = ""
    what_no: str = ""
    reason: str = ""
    reason_code: str | None = None
    owner: str = ""
    due_on: date | None = None
    why_better: str = ""
    year: int | None = None
    hear_on: date | None = None
    why_missed: str = ""
    own_levers: str = ""
    who: str = ""
    residents: str = ""
    comes_back_on: date | None = None
    source: AnswerSource = AnswerSource.ACCOUNT
    given_by: str = ""
    given_on: date | None = None


def missing(given: AnswerInput) -> tuple[Need, ...]:
    """What this answer still needs; empty when it is complete."""

    def says_nothing(value: object) -> bool:
        return value is None or (isinstance(value, str) and not value.strip())

    return tuple(need for need in NEEDS[given.kind] if says_nothing(getattr(given, need)))


def check_answer(given: AnswerInput, *, before: Sequence[AnswerKind], on: date) -> None:
    """Raises when the answer cannot stand: `Missing` with the needs that are not met, or a `DomainError`.

    `before`: kinds of the answers that this ask already got and that were not corrected. `on`: the day it was given.
    """
    if given.kind is A.NONE:
        raise DomainError("none-is-declared")
    if lacks := missing(given):
        raise Missing(*lacks)
    if given.kind in COMES_BACK and before.count(given.kind) >= MOST_TIMES:
        raise DomainError("extended-already")
    days = (getattr(given, need) for need in NEEDS[given.kind] if need in DATES)
    if any(day < on for day in days):
        raise DomainError("date-before-answer")
    if given.kind is A.PLAN and given.year is not None and not on.year <= given.year <= on.year + YEARS_AHEAD:
        raise DomainError("year-out-of-reach", first=on.year, last=on.year + YEARS_AHEAD)


def details(given: AnswerInput) -> dict[str, str | int]:
    """What is kept beside words, reason and date of coming back; dates as ISO text."""
    apart = {N.WORDS, N.REASON_CODE, N.COMES_BACK}
    kept: dict[str, str | int] = {}
    for need in NEEDS[given.kind]:
        value = getattr(given, need)
        if need not in apart:
            kept[need.value] = value.isoformat() if isinstance(value, date) else value
    return kept


def after_pause(due_on: date, paused_since: date, today: date) -> date:
    """The date of an ask whose clock stood still: as many working days later as the pause took."""
    return add_working_days(due_on, max(0, working_days_between(paused_since, today)))


def commitment_is_late(state: CommitmentState, due_on: date, today: date) -> bool:
    """A promise is late from the day after its date, until it is kept or dropped."""
    return state is CommitmentState.BROKEN or (state is CommitmentState.OPEN and today > due_on)


def moved(order: Sequence[Item], item: Item, by: int) -> list[Item]:
    """The order after one point went up (negative) or down; at the ends nothing changes."""
    result = list(order)
    here = result.index(item)
    there = min(max(here + by, 0), len(result) - 1)
    result.insert(there, result.pop(here))
    return result


def default_minutes(purpose: Purpose) -> int:
    """Minutes to start from: telling is short, deciding takes time."""
    return {Purpose.INFORM: 10, Purpose.ADVISE: 20, Purpose.DECIDE: 30}[purpose]

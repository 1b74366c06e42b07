"""Choosing what goes on the agenda, and when a dossier may go to the city (facts/loop.md). Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

MOST_POINTS = 3
SILENCE_DAYS = 10
"""Announced working days after which silence lets a dossier go without that name."""

Org = TypeVar("Org")


class KnockOut(StrEnum):
    """Three questions that come first; one *no* and the dossier is not for the agenda."""

    STRUCTURAL = "structural"
    LEVER = "lever"
    GIVERS_AGREE = "givers-agree"


class Criterion(StrEnum):
    """What staff weigh, zero to three points each."""

    RECURS = "recurs"
    MANY_OR_SEVERE = "many-or-severe"
    RIGHT_AT_STAKE = "right-at-stake"
    LEVER = "lever"
    WINDOW_OPEN = "window-open"
    NOT_ONE_ORGANISATION = "not-one-organisation"
    CARRIED_BY_TWO = "carried-by-two"
    NO_ANSWER_BEFORE = "no-answer-before"


@dataclass(frozen=True, slots=True)
class Score:
    """An advisory score: it ranks nothing by itself, people choose.

    `missing` are the criteria without points yet, `open_questions` the knock-out questions without an answer, `failed` those
    answered *no*. `eligible` only when all three were answered *yes*.
    """

    total: int
    maximum: int
    missing: tuple[Criterion, ...]
    open_questions: tuple[KnockOut, ...]
    failed: tuple[KnockOut, ...]

    @property
    def eligible(self) -> bool:
        """Every knock-out question was answered, with yes."""
        return not self.open_questions and not self.failed


def score(points: Mapping[Criterion, int], knock_outs: Mapping[KnockOut, bool]) -> Score:
    """Adds the points (0–3 each; what is missing counts as nothing). Points outside 0–3 are a ValueError."""
    if any(not 0 <= given <= MOST_POINTS for given in points.values()):
        msg = f"points go from 0 to {MOST_POINTS}"
        raise ValueError(msg)
    return Score(
        total=sum(points.values()),
        maximum=MOST_POINTS * len(Criterion),
        missing=tuple(criterion for criterion in Criterion if criterion not in points),
        open_questions=tuple(question for question in KnockOut if question not in knock_outs),
        failed=tuple(question for question in KnockOut if knock_outs.get(question) is False),
    )


@dataclass(frozen=True, slots=True)
class Readiness(Generic[Org]):
    """Whether a synthesis may go to the city, and under whose names.

    `names` said yes; `refused` said no and `silent` let the announced days pass: both go without their name.
    `waiting` may still answer, and hold the dossier until they do or the days are over.
    """

    names: tuple[Org, ...]
    refused: tuple[Org, ...]
    silent: tuple[Org, ...]
    waiting: tuple[Org, ...]

    @property
    def ready(self) -> bool:
        """Nobody is being waited for."""
        return not self.waiting

    @property
    def platform_name(self) -> bool:
        """Nobody gave their name (or only residents brought signals): the dossier goes under the name of the platform."""
        return not self.names


def may_go_to_city(
    agreements: Mapping[Org, bool | None], announced_on: date | None, today: date, working_days_passed: int
) -> Readiness[Org]:
    """Reads the agreements on one numbered version of a synthesis.

    `agreements` holds every organisation whose signals are in the dossier: yes, no, or None for no word yet. Silence counts from
    the day the term was announced (None: not announced, so silence means nothing), after ten working days: `working_days_passed`
    since `announced_on`, as `core.workdays` counts them. A name stands only where a mandated person said yes.
    """
    over = announced_on is not None and announced_on <= today and working_days_passed >= SILENCE_DAYS
    without_word = tuple(org for org, agreed in agreements.items() if agreed is None)
    return Readiness(
        names=tuple(org for org, agreed in agreements.items() if agreed is True),
        refused=tuple(org for org, agreed in agreements.items() if agreed is False),
        silent=without_word if over else (),
        waiting=() if over else without_word,
    )

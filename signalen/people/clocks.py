"""Clocks: how many working days each step may take. Set per installation, the city's per municipality (facts/loop.md)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlmodel import Session

from signalen.core.workdays import add_working_days
from signalen.people.queries import setting


class ClockName(StrEnum):
    """A clock of the loop, in working days, with the default of facts/loop.md."""

    READ = "clock-read"
    PLACE = "clock-place"
    CHOOSE = "clock-choose"
    ANSWER = "clock-answer"
    TELL = "clock-tell"
    REACT = "clock-react"
    AGREE = "clock-agree"
    BODY_CHECK = "clock-body-check"


DEFAULTS: dict[ClockName, int] = {
    ClockName.READ: 5,
    ClockName.PLACE: 20,
    ClockName.CHOOSE: 40,
    ClockName.ANSWER: 30,
    ClockName.TELL: 5,
    ClockName.REACT: 20,
    ClockName.AGREE: 10,
    ClockName.BODY_CHECK: 2,
}


def days(session: Session, clock: ClockName, *, municipality: str = "") -> int:
    """The number of working days of a clock."""
    return int(setting(session, clock, DEFAULTS[clock], municipality=municipality))


def due(session: Session, clock: ClockName, start: date, *, municipality: str = "") -> date:
    """The date on which a clock that starts on `start` runs out. Given once; a changed setting does not move it."""
    return add_working_days(start, days(session, clock, municipality=municipality))

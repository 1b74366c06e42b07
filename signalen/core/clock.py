"""The only place that reads the clock.

Timestamps are aware and in UTC; days are days in Brussels, because a due date is a date for people here (design.md).
Tests and commands with `--today` move the clock for their own context with `travel`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

BRUSSELS = ZoneInfo("Europe/Brussels")

_travelled_to: ContextVar[datetime | None] = ContextVar("travelled_to", default=None)


def now() -> datetime:
    """The moment it is: aware, UTC."""
    return _travelled_to.get() or datetime.now(UTC)


def today() -> date:
    """The day it is in Brussels."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day in Brussels on which a moment falls; a naive moment is a ValueError, since it names no moment."""
    if moment.tzinfo is None:
        msg = "a moment without time zone names no day"
        raise ValueError(msg)
    return moment.astimezone(BRUSSELS).date()


def noon(day: date) -> datetime:
    """Noon in Brussels: in summer and in winter this is the same day in UTC."""
    return datetime.combine(day, time(12), tzinfo=BRUSSELS).astimezone(UTC)


@contextmanager
def travel(to: date | datetime) -> Iterator[None]:
    """Stop the clock at a moment, or at noon in Brussels of a day, until the block ends.

    The clock stands still inside the block. It holds for the current context only: another thread keeps the real time.
    """
    token = _travelled_to.set(_moment(to))
    try:
        yield
    finally:
        _travelled_to.reset(token)


def _moment(to: date | datetime) -> datetime:
    if not isinstance(to, datetime):
        return noon(to)
    if to.tzinfo is None:
        msg = "travel needs a day or an aware moment"
        raise ValueError(msg)
    return to.astimezone(UTC)

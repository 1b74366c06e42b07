"""Stories told side by side, in the order of time: each step happens on its own day, so that dates and events agree.

A story is a generator: it yields the moment at which it goes on, and finds the clock standing there when it does.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from signalen.core.clock import BRUSSELS, travel
from signalen.core.workdays import add_working_days

Story = Iterator[datetime]

_TUESDAY = 1
_WEEK = 7
_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Days:
    """Days around the one on which the demo is loaded. Every day that is counted back or forward is a working day."""

    now: datetime

    @property
    def today(self) -> date:
        """The day in Brussels on which the demo is loaded."""
        return self.now.astimezone(BRUSSELS).date()

    def day(self, working_days: int) -> date:
        """So many working days from today; negative ones have passed. Never today itself."""
        if not working_days:
            raise ValueError("today may be no working day")
        return add_working_days(self.today, working_days)

    def at(self, working_days: int, hour: float = 10) -> datetime:
        """A moment on a working day that has passed; `hour` in Brussels, 13.5 is half past one."""
        if working_days >= 0:
            raise ValueError("a moment of the story has passed")
        clock_time = time(int(hour), int(hour % 1 * _MINUTES))
        return datetime.combine(self.day(working_days), clock_time, tzinfo=BRUSSELS)

    def next_week(self) -> date:
        """A day of next week for a meeting: the Tuesday, or the first working day after it."""
        monday = self.today + timedelta(days=_WEEK - self.today.weekday())
        return add_working_days(monday + timedelta(days=_TUESDAY - 1), 1)


def tell(stories: Iterable[Story]) -> None:
    """Plays all stories to their ends, always the one whose next step comes first."""
    waiting: list[tuple[datetime, int, Story]] = []
    for order, story in enumerate(stories):
        _wait(waiting, order, story, None)
    while waiting:
        moment, order, story = heapq.heappop(waiting)
        with travel(moment):
            _wait(waiting, order, story, moment)


def _wait(
    waiting: list[tuple[datetime, int, Story]], order: int, story: Story, after: datetime | None
) -> None:
    moment = next(story, None)
    if moment is None:
        return
    if after is not None and moment < after:
        raise ValueError("a story goes on, never back")
    heapq.heappush(waiting, (moment, order, story))

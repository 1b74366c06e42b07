"""Working days: weekends and Belgian public holidays are skipped (facts/loop.md)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday, and not a Belgian public holiday."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The working day that comes `days` working days after `start`; before it when `days` is negative.

    Counting begins on the day after `start`, so the day itself never counts. Zero days is `start` itself.
    """
    step = _DAY if days > 0 else -_DAY
    day, left = start, abs(days)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(a: date, b: date) -> int:
    """How many working days have passed on day `b` since day `a`: those after `a`, up to and with `b`.

    Negative when `b` comes before `a`. `working_days_between(a, add_working_days(a, n)) == n` for every n of zero and up.
    """
    if b < a:
        return -working_days_between(b, a)
    span = (b - a).days
    weeks, rest = divmod(span, 7)
    # Whole weeks have five weekdays each; only the rest is walked, so a retention term of years costs nothing.
    weekdays = weeks * 5 + sum((b - _DAY * n).weekday() < _SATURDAY for n in range(rest))
    skipped = sum(
        a < holiday <= b and holiday.weekday() < _SATURDAY
        for year in range(a.year, b.year + 1)
        for holiday in _public_holidays(year)
    )
    return weekdays - skipped


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=year))

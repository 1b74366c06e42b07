from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalen.core.workdays import add_working_days, is_working_day, working_days_between

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # Saturday
        date(2026, 11, 22),  # Sunday
        date(2026, 1, 1),
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 14),  # Ascension
        date(2026, 7, 21),  # national day
        date(2026, 11, 11),
        date(2026, 12, 25),
    ],
)
def test_weekends_and_belgian_public_holidays_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day", [date(2026, 11, 20), date(2026, 12, 24), date(2026, 7, 11 + 2), date(2026, 4, 3)]
)
def test_other_weekdays_are_working_days(day: date) -> None:
    assert is_working_day(day)


def test_five_days_from_a_friday_is_the_friday_after() -> None:
    assert add_working_days(date(2026, 11, 20), 5) == date(2026, 11, 27)


def test_a_public_holiday_moves_the_date() -> None:
    assert add_working_days(date(2026, 11, 9), 5) == date(2026, 11, 17)


def test_the_end_of_the_year_is_crossed() -> None:
    assert add_working_days(date(2026, 12, 24), 2) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_no_days_is_the_day_itself_and_a_weekend_start_counts_from_monday() -> None:
    assert add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)
    assert add_working_days(date(2026, 11, 21), 1) == date(2026, 11, 23)


def test_days_can_be_counted_back_from_a_due_date() -> None:
    assert add_working_days(date(2026, 11, 23), -2) == date(2026, 11, 19)


def test_days_between_leave_out_the_first_and_count_the_last() -> None:
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 22)) == 0
    assert working_days_between(date(2026, 11, 9), date(2026, 11, 13)) == 3
    assert working_days_between(date(2026, 11, 23), date(2026, 11, 20)) == -1


@given(DAYS, st.integers(0, 120))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    assert working_days_between(start, add_working_days(start, days)) == days


@given(DAYS, st.integers(0, 800))
def test_counting_equals_walking_day_by_day(start: date, span: int) -> None:
    walked = sum(is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))
    assert working_days_between(start, start + timedelta(days=span)) == walked


@given(DAYS, st.integers(1, 60))
def test_a_due_date_is_always_a_working_day(start: date, days: int) -> None:
    assert is_working_day(add_working_days(start, days))

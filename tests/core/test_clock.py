from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from signalen.core import clock


def test_now_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_day_in_brussels_not_in_utc() -> None:
    with clock.travel(datetime(2026, 7, 20, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 21)
    with clock.travel(datetime(2026, 1, 1, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 1, 1)


def test_travelling_to_a_day_stands_at_noon_of_that_day() -> None:
    with clock.travel(date(2026, 11, 20)):
        assert clock.now() == datetime(2026, 11, 20, 11, tzinfo=UTC)
        assert clock.today() == date(2026, 11, 20)


def test_travels_nest_and_end() -> None:
    with clock.travel(date(2020, 1, 2)):
        with clock.travel(date(2030, 1, 2)):
            assert clock.today() == date(2030, 1, 2)
        assert clock.today() == date(2020, 1, 2)
    assert clock.today().year >= 2026


def test_a_travel_ends_also_when_its_block_fails() -> None:
    with pytest.raises(RuntimeError), clock.travel(date(2020, 1, 2)):
        raise RuntimeError
    assert clock.today() != date(2020, 1, 2)


def test_another_thread_keeps_the_real_time() -> None:
    seen: list[date] = []
    with clock.travel(date(2020, 1, 2)):
        thread = threading.Thread(target=lambda: seen.append(clock.today()))
        thread.start()
        thread.join()
    assert seen != [date(2020, 1, 2)]


def test_a_moment_without_time_zone_is_refused() -> None:
    naive = datetime.fromisoformat("2026-01-01T12:00")
    with pytest.raises(ValueError, match="time zone"):
        clock.day_of(naive)
    with pytest.raises(ValueError, match="aware"), clock.travel(naive):
        pass

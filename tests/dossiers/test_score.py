from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalen.core.workdays import add_working_days, working_days_between
from signalen.dossiers.rules import Criterion, KnockOut, may_go_to_city, score

YES = dict.fromkeys(KnockOut, True)
ANNOUNCED = date(2026, 11, 2)


def test_a_full_score_is_twenty_four() -> None:
    full = score(dict.fromkeys(Criterion, 3), YES)
    assert (full.total, full.maximum, full.missing, full.eligible) == (24, 24, (), True)


def test_what_was_not_scored_counts_as_nothing_and_is_named() -> None:
    partial = score({Criterion.RECURS: 2, Criterion.LEVER: 0}, YES)
    assert partial.total == 2
    assert Criterion.LEVER not in partial.missing
    assert len(partial.missing) == 6


@pytest.mark.parametrize("question", list(KnockOut))
def test_one_no_knocks_a_dossier_out_whatever_its_points(question: KnockOut) -> None:
    out = score(dict.fromkeys(Criterion, 3), YES | {question: False})
    assert not out.eligible
    assert out.failed == (question,)


@pytest.mark.parametrize("question", list(KnockOut))
def test_an_open_question_is_not_a_yes(question: KnockOut) -> None:
    answered = {other: True for other in KnockOut if other is not question}
    waiting = score({}, answered)
    assert not waiting.eligible
    assert (waiting.open_questions, waiting.failed) == ((question,), ())


@pytest.mark.parametrize("points", [-1, 4])
def test_points_outside_zero_to_three_are_refused(points: int) -> None:
    with pytest.raises(ValueError, match="0 to 3"):
        score({Criterion.RECURS: points}, YES)


@given(st.dictionaries(st.sampled_from(Criterion), st.integers(0, 3)))
def test_a_total_never_passes_its_maximum(points: dict[Criterion, int]) -> None:
    result = score(points, YES)
    assert 0 <= result.total <= result.maximum
    assert len(result.missing) + len(points) == len(Criterion)


def test_a_dossier_goes_with_the_names_of_those_who_agreed() -> None:
    result = may_go_to_city({"a": True, "b": True}, None, ANNOUNCED, 0)
    assert result.ready
    assert result.names == ("a", "b")
    assert not result.platform_name


def test_silence_holds_a_dossier_for_ten_working_days_and_no_longer() -> None:
    agreements = {"a": True, "b": None}
    last_day = add_working_days(ANNOUNCED, 9)
    early = may_go_to_city(agreements, ANNOUNCED, last_day, working_days_between(ANNOUNCED, last_day))
    assert not early.ready
    assert early.waiting == ("b",)

    over = add_working_days(ANNOUNCED, 10)
    late = may_go_to_city(agreements, ANNOUNCED, over, working_days_between(ANNOUNCED, over))
    assert late.ready
    assert (late.names, late.silent) == (("a",), ("b",))


def test_silence_that_was_never_announced_means_nothing() -> None:
    assert not may_go_to_city({"a": None}, None, ANNOUNCED, 99).ready
    assert not may_go_to_city({"a": None}, date(2026, 12, 1), ANNOUNCED, 99).ready


def test_a_no_goes_without_that_name_and_holds_nobody_up() -> None:
    result = may_go_to_city({"a": True, "b": False}, ANNOUNCED, ANNOUNCED, 0)
    assert result.ready
    assert (result.names, result.refused) == (("a",), ("b",))


def test_when_nobody_agreed_the_platform_gives_its_name() -> None:
    result = may_go_to_city({"a": False, "b": None}, ANNOUNCED, date(2026, 12, 1), 20)
    assert result.ready
    assert result.platform_name


def test_a_dossier_of_residents_alone_goes_under_the_name_of_the_platform() -> None:
    nobody: dict[str, bool | None] = {}
    result = may_go_to_city(nobody, None, ANNOUNCED, 0)
    assert result.ready
    assert result.platform_name


@given(st.dictionaries(st.integers(), st.sampled_from([True, False, None])), st.integers(0, 30))
def test_a_name_never_stands_without_a_yes(agreements: dict[int, bool | None], passed: int) -> None:
    result = may_go_to_city(agreements, ANNOUNCED, date(2026, 12, 31), passed)
    assert all(agreements[name] is True for name in result.names)
    assert sorted(result.names + result.refused + result.silent + result.waiting) == sorted(agreements)

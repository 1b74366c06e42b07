from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalen.core.numbers import FEW, few, few_each, next_total


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_under_five_is_a_few(n: int) -> None:
    assert few(n) is None


@pytest.mark.parametrize("n", [0, 5, 6, 1000])
def test_nobody_and_five_or_more_are_said_as_they_are(n: int) -> None:
    assert few(n) == n


def test_a_negative_count_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        few(-1)


def test_a_total_that_was_shown_stays_until_it_differs_by_five() -> None:
    assert next_total(None, 3) is None
    assert next_total(None, 12) == 12
    assert next_total(12, 13) == 12
    assert next_total(12, 16) == 12
    assert next_total(12, 17) == 17
    assert next_total(12, 4) is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_two_totals_shown_in_a_row_never_differ_by_a_small_number(actuals: list[int]) -> None:
    shown: int | None = None
    for actual in actuals:
        following = next_total(shown, actual)
        if shown is not None and following is not None:
            assert following == shown or abs(following - shown) >= FEW
        shown = following


def test_a_breakdown_hides_its_small_groups_and_leaves_out_the_empty_ones() -> None:
    assert few_each({"a": 12, "b": 2, "c": 3, "d": 0}) == {"a": 12, "b": None, "c": None}


def test_one_hidden_group_takes_the_next_smallest_with_it() -> None:
    assert few_each({"a": 12, "b": 7, "c": 3}) == {"a": 12, "b": None, "c": None}


def test_a_breakdown_without_small_groups_is_shown_whole() -> None:
    assert few_each({"a": 12, "b": 7}) == {"a": 12, "b": 7}
    assert few_each({"a": 2}) == {"a": None}
    assert few_each({}) == {}

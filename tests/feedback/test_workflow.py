"""The tables of this room are total, and each says no to everything that is not in it."""

from __future__ import annotations

from datetime import date

import pytest

from signalen.core.errors import MoveRefused
from signalen.feedback import workflow
from signalen.feedback.models import BoardState, DeliveryState, FeedbackState
from signalen.feedback.rules import body_time_over, dossier_reopens

TABLES = [
    (FeedbackState, workflow.FEEDBACK_MOVES, workflow.check_feedback_move),
    (DeliveryState, workflow.DELIVERY_MOVES, workflow.check_delivery_move),
    (BoardState, workflow.BOARD_MOVES, workflow.check_board_move),
]


@pytest.mark.parametrize(("states", "table", "check"), TABLES)
def test_every_move_is_allowed_or_refused_as_the_table_says(states, table, check) -> None:
    assert set(table) == set(states)
    for source in states:
        for target in states:
            if target in table[source]:
                check(source, target)
            else:
                with pytest.raises(MoveRefused):
                    check(source, target)


def test_ready_and_not_reached_are_not_told() -> None:
    assert workflow.TOLD.isdisjoint({DeliveryState.READY, DeliveryState.NOT_REACHED})


@pytest.mark.parametrize(
    ("no", "told", "opens"), [(2, 2, False), (3, 15, True), (3, 16, False), (20, 100, True), (19, 100, False)]
)
def test_a_dossier_reopens_from_twenty_percent_and_three_givers(no: int, told: int, opens: bool) -> None:
    assert dossier_reopens(no, told, percent=20, at_least=3) is opens


def test_one_giver_is_enough_in_the_demo() -> None:
    assert dossier_reopens(1, 40, percent=0, at_least=1)
    assert not dossier_reopens(0, 40, percent=0, at_least=1)


def test_the_last_day_of_the_body_is_still_its_day() -> None:
    until = date(2026, 11, 12)
    assert not body_time_over(until, until, waiting_for=1)
    assert body_time_over(until, date(2026, 11, 13), waiting_for=1)
    assert body_time_over(until, until, waiting_for=0)
    assert not body_time_over(None, until, waiting_for=1)

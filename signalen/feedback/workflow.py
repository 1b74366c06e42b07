"""How the telling of a round, one delivery and a board entry live: a table each, total over their states."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from signalen.core.errors import MoveRefused
from signalen.feedback.models import BoardState, DeliveryState, FeedbackState

S = TypeVar("S", bound=StrEnum)

F = FeedbackState
FEEDBACK_MOVES: Mapping[FeedbackState, frozenset[FeedbackState]] = {
    F.WRITING: frozenset({F.WITH_BODY}),
    F.WITH_BODY: frozenset({F.FLAGGED, F.APPROVED, F.WRITING}),
    F.FLAGGED: frozenset({F.WITH_BODY, F.WRITING}),
    # A body has its two days also when the second reader was quicker.
    F.APPROVED: frozenset({F.DELIVERED, F.FLAGGED, F.WRITING}),
    # A giver does not understand it, or the city corrected its answer: back to its writer.
    F.DELIVERED: frozenset({F.WRITING}),
}

D = DeliveryState
DELIVERY_MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    D.READY: frozenset({D.SENT, D.OPENED, D.TOLD_BY_HAND, D.NOT_REACHED}),
    D.SENT: frozenset({D.OPENED, D.TOLD_BY_HAND, D.READY}),
    D.OPENED: frozenset({D.READY}),
    D.TOLD_BY_HAND: frozenset({D.OPENED, D.READY}),
    # Who comes back after all still finds the answer.
    D.NOT_REACHED: frozenset({D.OPENED, D.TOLD_BY_HAND}),
}
TOLD = frozenset({D.SENT, D.OPENED, D.TOLD_BY_HAND})
"""The states in which a giver has the answer (facts/loop.md, stage *told*)."""

B = BoardState
BOARD_MOVES: Mapping[BoardState, frozenset[BoardState]] = {
    B.PROPOSED: frozenset({B.PUBLISHED, B.WITHDRAWN}),
    B.PUBLISHED: frozenset({B.WITHDRAWN}),
    B.WITHDRAWN: frozenset({B.PROPOSED}),
}


def _check(table: Mapping[S, frozenset[S]], subject: str, source: S, target: S) -> None:
    if target not in table[source]:
        raise MoveRefused(subject, source, target)


def check_feedback_move(source: FeedbackState, target: FeedbackState) -> None:
    """Raises `MoveRefused` when the table does not allow this move."""
    _check(FEEDBACK_MOVES, "feedback", source, target)


def check_delivery_move(source: DeliveryState, target: DeliveryState) -> None:
    """Raises `MoveRefused` when the table does not allow this move."""
    _check(DELIVERY_MOVES, "delivery", source, target)


def check_board_move(source: BoardState, target: BoardState) -> None:
    """Raises `MoveRefused` when the table does not allow this move."""
    _check(BOARD_MOVES, "board", source, target)

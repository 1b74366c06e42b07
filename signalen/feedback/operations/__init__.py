"""Writes of this room: the text, its delivery, what givers say of it, and the public board."""

from __future__ import annotations

from signalen.feedback.operations.board import propose_board, publish_board, refresh_totals, withdraw_board
from signalen.feedback.operations.closing import Closed, close_due
from signalen.feedback.operations.delivering import (
    catch_up,
    deliver,
    mark_bounced,
    mark_sent,
    not_reached,
    open_delivery,
    tell_by_hand,
)
from signalen.feedback.operations.reacting import react
from signalen.feedback.operations.writing import (
    approve,
    confirm_faithful,
    flag,
    send_back,
    settle_flag,
    show_to_body,
    start_feedback,
    write,
)

__all__ = [
    "Closed",
    "approve",
    "catch_up",
    "close_due",
    "confirm_faithful",
    "deliver",
    "flag",
    "mark_bounced",
    "mark_sent",
    "not_reached",
    "open_delivery",
    "propose_board",
    "publish_board",
    "react",
    "refresh_totals",
    "send_back",
    "settle_flag",
    "show_to_body",
    "start_feedback",
    "tell_by_hand",
    "withdraw_board",
    "write",
]

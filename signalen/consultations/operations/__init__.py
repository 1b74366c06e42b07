"""Writes of consultations, answers and commitments, one verb per function. None of them commits."""

from __future__ import annotations

from signalen.consultations.operations.agenda import add_item, edit_item, move_item, note_said, remove_item
from signalen.consultations.operations.answers import correct_answer, extend, record_answer, reply_to_city
from signalen.consultations.operations.commitments import (
    come_back,
    commit_to,
    drop_commitment,
    finish,
    keep_commitment,
)
from signalen.consultations.operations.meetings import (
    cancel,
    edit,
    freeze,
    hold,
    open_again,
    plan_consultation,
)
from signalen.consultations.operations.unanswered import declare_no_answer, expire_interim

__all__ = [
    "add_item",
    "cancel",
    "come_back",
    "commit_to",
    "correct_answer",
    "declare_no_answer",
    "drop_commitment",
    "edit",
    "edit_item",
    "expire_interim",
    "extend",
    "finish",
    "freeze",
    "hold",
    "keep_commitment",
    "move_item",
    "note_said",
    "open_again",
    "plan_consultation",
    "record_answer",
    "remove_item",
    "reply_to_city",
]

"""Writes of dossiers, one verb per function. None of them commits."""

from __future__ import annotations

from signalen.dossiers.operations.bundling import Bundled, bundle, merge, split, take_out
from signalen.dossiers.operations.choosing import not_choose, quote, unquote, weigh
from signalen.dossiers.operations.dossier import (
    check_live,
    check_ready,
    edit_dossier,
    mark_done,
    mark_not_done,
    move_dossier,
    open_dossier,
    settle,
)
from signalen.dossiers.operations.reopening import contest, put_first_in_line, reopen
from signalen.dossiers.operations.rounds import (
    add_ask,
    ask_again,
    declare_unanswered,
    end_round,
    open_round,
    remove_ask,
    send_asks,
)
from signalen.dossiers.operations.synthesis import agree, announce_synthesis, comment, write_synthesis
from signalen.dossiers.queries import current_round

__all__ = [
    "Bundled",
    "add_ask",
    "agree",
    "announce_synthesis",
    "ask_again",
    "bundle",
    "check_live",
    "check_ready",
    "comment",
    "contest",
    "current_round",
    "declare_unanswered",
    "edit_dossier",
    "end_round",
    "mark_done",
    "mark_not_done",
    "merge",
    "move_dossier",
    "not_choose",
    "open_dossier",
    "open_round",
    "put_first_in_line",
    "quote",
    "remove_ask",
    "reopen",
    "send_asks",
    "settle",
    "split",
    "take_out",
    "unquote",
    "weigh",
    "write_synthesis",
]

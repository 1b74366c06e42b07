"""What can be done with a signal. Each checks, changes and records one event; none commits."""

from __future__ import annotations

from signalen.signals.conversations import ask_giver, follow, giver_writes, mark_seen, revoke_code
from signalen.signals.intake import Contact, Intake, Receipt
from signalen.signals.moves import (
    Placement,
    accept_themes,
    lead_out,
    move,
    move_many,
    pause_clock,
    place,
    read_signal,
    reopen_signal,
    resume_clock,
    wake,
    withdraw,
)
from signalen.signals.protect import add_text, correct, release, shield, unshield
from signalen.signals.record import issue_code, record_signal

__all__ = [
    "Contact",
    "Intake",
    "Placement",
    "Receipt",
    "accept_themes",
    "add_text",
    "ask_giver",
    "correct",
    "follow",
    "giver_writes",
    "issue_code",
    "lead_out",
    "mark_seen",
    "move",
    "move_many",
    "pause_clock",
    "place",
    "read_signal",
    "record_signal",
    "release",
    "reopen_signal",
    "resume_clock",
    "revoke_code",
    "shield",
    "unshield",
    "wake",
    "withdraw",
]

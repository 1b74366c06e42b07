"""Erasing a signal for its giver: its words, whoever wrote them down, and every way to the person go; what it counts for stays.

GDPR art. 17; safety.md, "Retention": bundle counts stay right. The rooms that hold copies have a `forget()` of their own, and
`desk.forgetting` calls them all in one transaction.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.db import after_commit
from signalen.core.errors import NotAllowed
from signalen.core.models import OutboxMessage, OutboxState, RecipientKind
from signalen.core.permissions import Actor, ActorKind, Permission
from signalen.signals.giver_models import CodeRequest, ToldThrough
from signalen.signals.models import (
    Attachment,
    ClockPause,
    FollowCode,
    Giver,
    HearsBack,
    Message,
    Signal,
    SignalText,
    SignalVerb,
    Stage,
    Todo,
    WayOut,
)
from signalen.signals.moves import move
from signalen.signals.rules import may_see
from signalen.signals.workflow import may_move

ALONE = frozenset({Stage.RECEIVED, Stage.READ, Stage.KEPT})
"""Nothing is left to work on, and it counts nowhere yet: it is withdrawn."""


def check_erases(actor: Actor, signal: Signal) -> None:
    """The giver with the code, or a job of the platform; nobody erases for somebody else."""
    if actor.kind is ActorKind.USER or not may_see(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)


def forget(session: Session, folder: Path, signal: Signal, *, actor: Actor) -> None:
    """What this room holds of a signal and its giver. Files go when this is kept; one that stays behind is swept within a day.

    The event holds the id alone: after a restored backup it says what has to be erased again.
    """
    check_erases(actor, signal)
    connection = session.connection()
    for table in (SignalText, Message, Todo, WayOut, ClockPause, CodeRequest):
        mine: Any = table
        connection.execute(sa.delete(mine).where(col(mine.signal_id) == signal.id))
    names = session.exec(select(Attachment.name).where(Attachment.signal_id == signal.id)).all()
    connection.execute(sa.delete(Attachment).where(col(Attachment.signal_id) == signal.id))
    connection.execute(sa.delete(FollowCode).where(col(FollowCode.giver_id) == signal.giver_id))
    connection.execute(sa.delete(ToldThrough).where(col(ToldThrough.giver_id) == signal.giver_id))
    connection.execute(
        sa.update(Giver)
        .where(col(Giver.id) == signal.giver_id)
        .values(
            hears_back=HearsBack.NONE, contact_kind=None, contact_sealed=None, contact_key=None, told_by=None
        )
    )
    connection.execute(
        sa.delete(OutboxMessage).where(
            col(OutboxMessage.recipient_kind) == RecipientKind.GIVER,
            col(OutboxMessage.recipient_id) == signal.giver_id,
            col(OutboxMessage.state) == OutboxState.WAITING,
        )
    )
    signal.neighbourhood = signal.happened_on = signal.agreed_how = None
    signal.may_quote_at = signal.may_publish_at = None
    signal.content_hash = bytes(len(signal.content_hash))
    signal.paused = False
    signal.erased_at = clock.now()
    session.add(signal)
    session.flush()
    events.record(session, SignalVerb.ERASED, signal, actor=actor)
    target = Stage.WITHDRAWN if signal.stage in ALONE else Stage.CLOSED
    if signal.stage is Stage.ANSWERED:
        move(session, signal, Stage.TOLD, due_on=None, actor=actor)
    if signal.stage in ALONE or (signal.stage is Stage.TOLD and may_move(signal.stage, target)):
        move(session, signal, target, due_on=None, actor=actor)
    for name in names:
        after_commit(session, partial((folder / name).unlink, missing_ok=True))

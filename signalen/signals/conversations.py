"""Between a giver and staff: questions, answers, codes that are used or called back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.ids import new_id
from signalen.core.permissions import Actor, ActorKind, Permission, check_may
from signalen.core.vault import Vault
from signalen.signals.intake import says_something
from signalen.signals.models import FollowCode, Message, Signal, SignalVerb
from signalen.signals.moves import tell_giver
from signalen.signals.rules import may_converse, may_see
from signalen.signals.sealing import message_context
from signalen.signals.workflow import SILENT


def ask_giver(
    session: Session, vault: Vault, signal: Signal, words: str, language: str, *, actor: Actor
) -> Message:
    """A question of staff: it appears on the follow page, and for a worker's own signal at /mine."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    message = _write(session, vault, signal, words, language, from_giver=False, actor=actor)
    tell_giver(session, signal, "giver-question", f"question:{message.id}")
    events.record(session, SignalVerb.ASKED_GIVER, signal, actor=actor, message=str(message.id))
    return message


def giver_writes(
    session: Session, vault: Vault, signal: Signal, words: str, language: str, *, actor: Actor
) -> Message:
    """What the giver (or the worker who brought it) writes to staff."""
    if not may_converse(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)
    message = _write(session, vault, signal, words, language, from_giver=True, actor=actor)
    events.record(session, SignalVerb.GIVER_WROTE, signal, actor=actor, message=str(message.id))
    return message


def mark_seen(session: Session, signal: Signal, *, actor: Actor) -> int:
    """What the other side wrote was seen. Gives how many were new; writes nothing when none were."""
    if not may_converse(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)
    by_staff = Permission.SIGNAL_PLACE in actor.permissions
    result = session.connection().execute(
        sa.update(Message)
        .where(
            col(Message.signal_id) == signal.id,
            col(Message.from_giver) == by_staff,
            col(Message.seen_at).is_(None),
        )
        .values(seen_at=clock.now())
    )
    if result.rowcount:
        events.record(session, SignalVerb.MESSAGES_SEEN, signal, actor=actor, count=result.rowcount)
    return result.rowcount


def follow(session: Session, code: FollowCode, *, actor: Actor) -> Signal:
    """Somebody came with this code: gives the signal, and remembers the first time."""
    signal = session.exec(select(Signal).where(Signal.giver_id == code.giver_id)).one()
    if code.used_at is None:
        code.used_at = clock.now()
        session.add(code)
        session.flush()
        events.record(session, SignalVerb.FOLLOWED, signal, actor=actor)
    return signal


def revoke_code(session: Session, code: FollowCode, *, actor: Actor) -> None:
    """A lost card opens nothing any more. From then on it looks as if it never was."""
    signal = session.exec(select(Signal).where(Signal.giver_id == code.giver_id)).one()
    if not may_see(actor, signal):
        raise NotAllowed(Permission.SIGNAL_TELL)
    if code.revoked_at is None:
        code.revoked_at = clock.now()
        session.add(code)
        session.flush()
        events.record(session, SignalVerb.CODE_REVOKED, signal, actor=actor, code=str(code.id))


def _write(
    session: Session,
    vault: Vault,
    signal: Signal,
    words: str,
    language: str,
    *,
    from_giver: bool,
    actor: Actor,
) -> Message:
    if not says_something(words):
        raise Missing("words")
    if signal.stage in SILENT:
        raise DomainError("nobody-listens")
    message_id = new_id()
    sealed = vault.seal(words, message_context(message_id))
    message = Message(
        id=message_id,
        signal_id=signal.id,
        from_giver=from_giver,
        author=actor.id if actor.kind is ActorKind.USER else None,
        language=language,
        sealed=sealed.data,
        key_id=sealed.key_id,
        at=clock.now(),
    )
    session.add(message)
    session.flush()
    return message

"""Sends what waits in the outbox: each message once, in the language of its recipient, with patience for a broken mail server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock
from signalen.core.db import Sessions
from signalen.core.models import OutboxMessage, OutboxState, RecipientKind
from signalen.core.vault import Vault
from signalen.people.models import Body, User
from signalen.signals.models import ContactKind, Giver
from signalen.signals.sealing import contact_context

PATIENCE = timedelta(days=4)
"""How long a message waits for a server that is down: a long weekend and a day."""
LONGEST_WAIT = timedelta(hours=1)
STUCK = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=2)
BATCH = 200


@dataclass(frozen=True)
class Recipient:
    """Where a message goes and which language its reader reads."""

    address: str
    language: str
    by_sms: bool = False


@dataclass
class Sent:
    """What one run did."""

    sent: int = 0
    waiting: int = 0
    dropped: int = 0
    failed: int = 0


Outcome = Callable[[Session, Mapping[str, Any]], None]
Post = Callable[[OutboxMessage, Recipient, Session], bool]
"""Renders and sends one message; False when there is nothing to say any more. Raises `TryLater` or `Refused`."""


class TryLater(Exception):
    """The mail server is down."""


class Refused(Exception):
    """The address does not exist."""


def recipient(session: Session, vault: Vault, message: OutboxMessage) -> Recipient | None:
    """Who gets it; None when that person left, or left no address."""
    if message.recipient_kind is RecipientKind.USER:
        user = session.exec(select(User).where(User.id == message.recipient_id, col(User.active))).first()
        return Recipient(user.email, user.language) if user else None
    if message.recipient_kind is RecipientKind.BODY:
        body = session.exec(select(Body).where(Body.id == message.recipient_id, col(Body.active))).first()
        return Recipient(body.email, body.language) if body and body.email else None
    giver = session.exec(select(Giver).where(Giver.id == message.recipient_id)).first()
    if giver is None or giver.contact_kind not in {ContactKind.EMAIL, ContactKind.MOBILE}:
        return None
    if giver.contact_sealed is None or giver.contact_key is None:
        return None
    address = vault.open(giver.contact_key, giver.contact_sealed, contact_context(giver.id))
    return Recipient(address, giver.language, by_sms=giver.contact_kind is ContactKind.MOBILE)


def deliver(
    sessions: Sessions,
    vault: Vault,
    post: Post,
    *,
    sent: Mapping[str, Outcome],
    refused: Mapping[str, Outcome],
) -> Sent:
    """Sends everything that is due. Two runs at once never send the same message: claiming is one conditional update.

    `sent` and `refused`: what a room does when a message of a kind was taken or refused by the mail server.
    """
    done = Sent()
    with sessions.read() as session:
        now = clock.now()
        due = session.exec(
            select(OutboxMessage.id)
            .where(
                sa.or_(
                    sa.and_(
                        col(OutboxMessage.state) == OutboxState.WAITING, col(OutboxMessage.due_at) <= now
                    ),
                    sa.and_(
                        col(OutboxMessage.state) == OutboxState.CLAIMED,
                        col(OutboxMessage.claimed_at) < now - STUCK,
                    ),
                )
            )
            .order_by(col(OutboxMessage.due_at))
            .limit(BATCH)
        ).all()
    for message_id in due:
        if _claim(sessions, message_id):
            _send_one(message_id, done, sessions=sessions, vault=vault, post=post, sent=sent, refused=refused)
    return done


def _claim(sessions: Sessions, message_id: uuid.UUID) -> bool:
    now = clock.now()
    with sessions.write() as session:
        result = session.connection().execute(
            sa.update(OutboxMessage)
            .where(
                col(OutboxMessage.id) == message_id,
                sa.or_(
                    col(OutboxMessage.state) == OutboxState.WAITING,
                    sa.and_(
                        col(OutboxMessage.state) == OutboxState.CLAIMED,
                        col(OutboxMessage.claimed_at) < now - STUCK,
                    ),
                ),
            )
            .values(state=OutboxState.CLAIMED, claimed_at=now)
        )
        session.commit()
        return result.rowcount == 1


def _send_one(
    message_id: uuid.UUID,
    done: Sent,
    *,
    sessions: Sessions,
    vault: Vault,
    post: Post,
    sent: Mapping[str, Outcome],
    refused: Mapping[str, Outcome],
) -> None:
    with sessions.read() as reading:
        message = reading.exec(select(OutboxMessage).where(OutboxMessage.id == message_id)).one()
        reader = recipient(reading, vault, message)
        outcome: Outcome | None = None
        state, error, due_at = OutboxState.SENT, None, message.due_at
        try:
            if reader is None or not post(message, reader, reading):
                done.dropped += 1
                error = "nothing to send" if reader else "no address"
            else:
                done.sent += 1
                outcome = sent.get(message.kind)
        except TryLater as trouble:
            waits = clock.now() < message.created_at + PATIENCE
            state = OutboxState.WAITING if waits else OutboxState.FAILED
            done.waiting, done.failed = done.waiting + waits, done.failed + (not waits)
            pause = min(FIRST_WAIT * 2 ** min(message.tries, 10), LONGEST_WAIT)
            error, due_at = str(trouble)[:200], clock.now() + pause
            outcome = None if waits else refused.get(message.kind)
        except Refused as trouble:
            done.failed += 1
            state, error, outcome = OutboxState.FAILED, str(trouble)[:200], refused.get(message.kind)
    with sessions.write() as session:
        session.connection().execute(
            sa.update(OutboxMessage)
            .where(col(OutboxMessage.id) == message_id)
            .values(state=state, last_error=error, due_at=due_at, tries=message.tries + 1)
        )
        if outcome is not None:
            outcome(session, message.params)
        session.commit()

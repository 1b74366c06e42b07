"""Outgoing messages: written in the transaction of the change, sent later, each once."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.core import clock
from signalen.core.ids import new_id
from signalen.core.models import OutboxMessage, OutboxState, RecipientKind

Param = str | int | None


def post(
    session: Session,
    kind: str,
    recipient_kind: RecipientKind,
    recipient_id: uuid.UUID,
    *,
    unique_key: str | None = None,
    due_at: datetime | None = None,
    **params: Param,
) -> bool:
    """Puts a message in the outbox; `params` holds ids and dates as text, never words or addresses.

    The same `unique_key` twice is one message: then nothing is written and the answer is False.
    """
    if unique_key is not None:
        known = session.connection().execute(
            sa.select(col(OutboxMessage.id)).where(col(OutboxMessage.unique_key) == unique_key)
        )
        if known.first() is not None:
            return False
    now = clock.now()
    session.connection().execute(
        sa.insert(OutboxMessage).values(
            id=new_id(),
            kind=kind,
            recipient_kind=recipient_kind,
            recipient_id=recipient_id,
            params=params,
            unique_key=unique_key,
            created_at=now,
            due_at=due_at or now,
            state=OutboxState.WAITING,
            tries=0,
        )
    )
    return True

"""Tables that belong to no room: events, outgoing mail, tries, secrets of forms between two pages."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, json_column, stored_enum
from signalen.core.ids import new_id
from signalen.core.permissions import ActorKind


class Event(SQLModel, table=True):
    """One change. Kept by a trigger: no row is ever changed or removed."""

    seq: int | None = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    )
    at: datetime = Field(sa_type=UtcDateTime)
    actor_kind: ActorKind = Field(sa_type=stored_enum(ActorKind))
    actor_id: uuid.UUID | None = None
    verb: str = Field(max_length=60)
    subject_type: str = Field(max_length=60)
    subject_id: uuid.UUID
    data: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())

    __table_args__ = (sa.Index("ix_event_subject", "subject_id", "seq"),)


class OutboxState(StrEnum):
    """Where an outgoing message stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class RecipientKind(StrEnum):
    """Whom an outgoing message is for."""

    USER = "user"
    GIVER = "giver"
    BODY = "body"


class OutboxMessage(SQLModel, table=True):
    """A message to send later. Holds who and what about by id, never an address or a body."""

    __tablename__ = "outbox_message"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=60)
    recipient_kind: RecipientKind = Field(sa_type=stored_enum(RecipientKind))
    recipient_id: uuid.UUID
    params: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    unique_key: str | None = Field(default=None, max_length=200, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: OutboxState = Field(default=OutboxState.WAITING, sa_type=stored_enum(OutboxState))
    tries: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = Field(default=None, max_length=200)

    __table_args__ = (sa.Index("ix_outbox_message_state", "state", "due_at"),)


class Attempt(SQLModel, table=True):
    """A wrong try (sign-in, follow code) by a client, kept as a keyed hash under a key of the day."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    scope: str = Field(max_length=40)
    client: bytes = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (sa.Index("ix_attempt_scope", "scope", "client", "at"),)


class Keep(SQLModel, table=True):
    """What someone typed, sealed, between two pages of a form. The browser holds only the random token."""

    token_hash: bytes = Field(primary_key=True, max_length=32)
    purpose: str = Field(max_length=80)
    sealed: bytes
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


EVENT_GUARDS = {
    "sqlite": (
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        "CREATE TRIGGER event_guard BEFORE UPDATE OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION event_append_only()",
    ),
}
"""The triggers that keep the event log append-only, per engine; made by the first migration."""

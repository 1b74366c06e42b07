"""What hangs on a giver beside the signal: whose workers tell them, and who asked for a new code."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime
from signalen.core.ids import new_id


class ToldThrough(SQLModel, table=True):
    """A resident who wants to hear the answer from a worker of this organisation. They read the answer, not the words."""

    __tablename__ = "told_through"

    giver_id: uuid.UUID = Field(foreign_key="giver.id", primary_key=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)


class CodeRequest(SQLModel, table=True):
    """A worker who knows a giver asks staff for a new code, because theirs is lost. `given` is None until staff decided."""

    __tablename__ = "code_request"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    asked_by: uuid.UUID = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    given: bool | None = None
    settled_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        sa.CheckConstraint("(given IS NULL) = (settled_at IS NULL)", name="settled_has_time"),
        sa.CheckConstraint("settled_by IS NULL OR settled_by <> asked_by", name="second_person"),
        sa.Index("ix_code_request_open", "settled_at", "asked_at"),
    )

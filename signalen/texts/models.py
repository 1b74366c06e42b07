"""Public texts: what the public or a giver reads, per language, with where each version comes from."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, json_column, stored_enum
from signalen.core.ids import new_id


class TextsVerb(StrEnum):
    """What can happen to a public text."""

    TEXT_WRITTEN = "text-written"
    TEXT_PROPOSED = "text-proposed"
    TEXT_APPROVED = "text-approved"
    TEXT_SENT_BACK = "text-sent-back"
    TEXT_REVIEWED = "text-reviewed"


class TextPurpose(StrEnum):
    """What a public text is for; it decides which parts the text has (`texts.workflow.PARTS`)."""

    FEEDBACK = "feedback"
    BOARD = "board"
    DECISION = "decision"


class TextOrigin(StrEnum):
    """Where the words of a version come from; the reader sees it."""

    PERSON = "person"
    MACHINE = "machine"
    MACHINE_CHECKED = "machine-checked"


class TextState(StrEnum):
    """How far a version is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REPLACED = "replaced"


class PublicText(SQLModel, table=True):
    """A text in one or more languages. Dutch is the source."""

    __tablename__ = "public_text"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    purpose: TextPurpose = Field(sa_type=stored_enum(TextPurpose))
    created_at: datetime = Field(sa_type=UtcDateTime)


class TextVersion(SQLModel, table=True):
    """One version in one language: named parts (title, worry, did, answer, why, next ...) of plain words."""

    __tablename__ = "text_version"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    text_id: uuid.UUID = Field(foreign_key="public_text.id")
    language: str = Field(max_length=12)
    number: int
    parts: dict[str, str] = Field(default_factory=dict, sa_type=json_column())
    origin: TextOrigin = Field(default=TextOrigin.PERSON, sa_type=stored_enum(TextOrigin))
    state: TextState = Field(default=TextState.DRAFT, sa_type=stored_enum(TextState))
    written_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    written_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    overruled_reason: str | None = None

    __table_args__ = (
        sa.UniqueConstraint("text_id", "language", "number"),
        sa.CheckConstraint("state <> 'approved' OR approved_by IS NOT NULL", name="approved_by_someone"),
        sa.CheckConstraint(
            "approved_by IS NULL OR written_by IS NULL OR approved_by <> written_by", name="second_person"
        ),
    )


class PanelReading(SQLModel, table=True):
    """An experience expert read a version: is it clear, what does it say in their own words, what is not clear."""

    __tablename__ = "panel_reading"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    version_id: uuid.UUID = Field(foreign_key="text_version.id")
    user_id: uuid.UUID = Field(foreign_key="person.id")
    clear: bool
    retold: str = ""
    unclear: str = ""
    at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("version_id", "user_id"),)

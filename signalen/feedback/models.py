"""Terugkoppeling: the plain answer, that it reached each giver, and what they say of it; the public board."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, stored_enum
from signalen.core.ids import new_id


class FeedbackVerb(StrEnum):
    """What can happen to feedback."""

    STARTED = "feedback-started"
    WRITTEN = "feedback-written"
    SHOWN_TO_BODY = "feedback-shown-to-body"
    CHECKED = "feedback-checked"
    FLAGGED = "feedback-flagged"
    FLAG_SETTLED = "feedback-flag-settled"
    APPROVED = "feedback-approved"
    DELIVERED = "feedback-delivered"
    OPENED = "feedback-opened"
    TOLD_BY_HAND = "feedback-told-by-hand"
    SENT = "feedback-sent"
    PRINTED = "letter-printed"
    NOT_REACHED = "feedback-not-reached"
    REACTED = "giver-reacted"
    CLOSED = "signals-closed"
    BOARD_PROPOSED = "board-proposed"
    BOARD_PUBLISHED = "board-published"
    BOARD_WITHDRAWN = "board-withdrawn"


class FeedbackState(StrEnum):
    """How far the telling of one round is."""

    WRITING = "writing"
    WITH_BODY = "with-body"
    FLAGGED = "flagged"
    APPROVED = "approved"
    DELIVERED = "delivered"


class DeliveryWay(StrEnum):
    """How a giver gets the answer."""

    PAGE = "page"
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    HAND = "hand"


class DeliveryState(StrEnum):
    """Whether a giver has it."""

    READY = "ready"
    SENT = "sent"
    OPENED = "opened"
    TOLD_BY_HAND = "told-by-hand"
    NOT_REACHED = "not-reached"


class Helped(StrEnum):
    """What a giver says to "ben je ermee geholpen?"."""

    YES = "yes"
    A_LITTLE = "a-little"
    NO = "no"


class Feedback(SQLModel, table=True):
    """The telling of one round, in one public text. A body may flag it within two working days."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", index=True)
    round_id: uuid.UUID = Field(foreign_key="round.id", unique=True)
    text_id: uuid.UUID = Field(foreign_key="public_text.id", unique=True)
    state: FeedbackState = Field(default=FeedbackState.WRITING, sa_type=stored_enum(FeedbackState))
    due_on: date
    body_until: date | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class BodyCheck(SQLModel, table=True):
    """A body says that the plain text is faithful: then nobody waits for the rest of its two working days."""

    __tablename__ = "feedback_check"

    feedback_id: uuid.UUID = Field(foreign_key="feedback.id", primary_key=True)
    body_id: uuid.UUID = Field(foreign_key="body.id", primary_key=True)
    by: uuid.UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Flag(SQLModel, table=True):
    """A body says that the plain text is unfaithful to its answer; staff settle it with a word why."""

    __tablename__ = "feedback_flag"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    feedback_id: uuid.UUID = Field(foreign_key="feedback.id", index=True)
    body_id: uuid.UUID = Field(foreign_key="body.id")
    by: uuid.UUID = Field(foreign_key="person.id")
    words: str
    at: datetime = Field(sa_type=UtcDateTime)
    settled_how: str | None = None
    settled_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """The answer for one giver. *Told* only when opened, sent without bounce, or confirmed by hand."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    feedback_id: uuid.UUID = Field(foreign_key="feedback.id")
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    way: DeliveryWay = Field(sa_type=stored_enum(DeliveryWay))
    language: str = Field(max_length=12)
    state: DeliveryState = Field(default=DeliveryState.READY, sa_type=stored_enum(DeliveryState))
    state_at: datetime = Field(sa_type=UtcDateTime)
    by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    reaction_until: date | None = None
    printed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its letter was last printed."""

    __table_args__ = (
        sa.UniqueConstraint("feedback_id", "signal_id"),
        sa.Index("ix_delivery_state", "state", "reaction_until"),
        sa.Index("ix_delivery_way", "way", "state", "state_at"),
    )


class Reaction(SQLModel, table=True):
    """What a giver says: do I understand it, does it help, in words when they want (sealed)."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    delivery_id: uuid.UUID = Field(foreign_key="delivery.id", index=True)
    understood: bool | None = None
    helped: Helped | None = Field(default=None, sa_type=stored_enum(Helped))
    sealed: bytes | None = None
    key_id: str | None = Field(default=None, max_length=20)
    at: datetime = Field(sa_type=UtcDateTime)


class BoardState(StrEnum):
    """Whether the public sees a dossier."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class BoardEntry(SQLModel, table=True):
    """A dossier on the public board, written by staff and published by a second person.

    `shown_total` is the number of signals the public was last told; None is "a few" (`core.numbers.next_total`).
    """

    __tablename__ = "board_entry"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", unique=True)
    text_id: uuid.UUID = Field(foreign_key="public_text.id", unique=True)
    state: BoardState = Field(default=BoardState.PROPOSED, sa_type=stored_enum(BoardState))
    proposed_by: uuid.UUID = Field(foreign_key="person.id")
    published_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown_total: int | None = None

    __table_args__ = (
        sa.CheckConstraint("state <> 'published' OR published_by IS NOT NULL", name="published_by_someone"),
        sa.CheckConstraint("published_by IS NULL OR published_by <> proposed_by", name="second_person"),
    )


class BoardPlace(SQLModel, table=True):
    """A district where this happens, as the public may know it: at least five signals say so, and a second person agreed.

    `shown` is false until that second person published it.
    """

    __tablename__ = "board_place"

    entry_id: uuid.UUID = Field(foreign_key="board_entry.id", primary_key=True)
    place_code: str = Field(foreign_key="place.code", primary_key=True, max_length=40, index=True)
    chosen_by: uuid.UUID = Field(foreign_key="person.id")
    shown: bool = False

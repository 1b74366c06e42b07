"""Consultations with the city: agenda, what was said, answers and commitments."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, json_column, stored_enum
from signalen.core.ids import new_id


class ConsultationVerb(StrEnum):
    """What can happen to a consultation, an answer or a commitment."""

    PLANNED = "consultation-planned"
    EDITED = "consultation-edited"
    FROZEN = "consultation-frozen"
    HELD = "consultation-held"
    CANCELLED = "consultation-cancelled"
    ITEM_ADDED = "agenda-item-added"
    ITEM_CHANGED = "agenda-item-changed"
    ITEM_MOVED = "agenda-item-moved"
    ITEM_REMOVED = "agenda-item-removed"
    REOPENED = "consultation-reopened"
    SAID = "said-noted"
    ANSWERED = "ask-answered"
    ANSWER_REPLACED = "answer-replaced"
    UNANSWERED = "ask-unanswered"
    EXTENDED = "ask-extended"
    CAME_BACK = "ask-came-back"
    CITY_ASKED_BACK = "city-asked-back"
    CITY_QUESTION_ANSWERED = "city-question-answered"
    COMMITTED = "commitment-made"
    COMMITMENT_KEPT = "commitment-kept"
    COMMITMENT_BROKEN = "commitment-broken"
    COMMITMENT_DROPPED = "commitment-dropped"
    COMMITMENT_CAME_BACK = "commitment-came-back"


class ConsultationState(StrEnum):
    """How far a consultation is; *planned* is open for items."""

    PLANNED = "planned"
    FROZEN = "frozen"
    HELD = "held"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """What an agenda item is for."""

    INFORM = "inform"
    ADVISE = "advise"
    DECIDE = "decide"


class ItemOutcome(StrEnum):
    """What became of an item in the meeting."""

    DISCUSSED = "discussed"
    NOT_REACHED = "not-reached"


class Arrangement(StrEnum):
    """What makes it possible for everyone to come."""

    INTERPRETER = "interpreter"
    CHILDCARE = "childcare"
    PLAIN_PAPERS = "plain-papers"
    TRAVEL_PAID = "travel-paid"
    STEP_FREE = "step-free"
    BREAK = "break"


class AnswerKind(StrEnum):
    """What a body can say (facts/groups-and-barriers.yaml, answer_kinds). Names stand in the vocabulary."""

    YES = "ja"
    PARTLY = "deels"
    OTHERWISE = "anders"
    PLAN = "plan"
    EXISTS = "bestaat"
    NO = "nee"
    ELSEWHERE = "ander"
    RESEARCH = "onderzoek"
    COUNCIL = "college"
    QUESTION = "vraag"
    NONE = "geen"


class AnswerSource(StrEnum):
    """How the answer came; *declared*: none came, and that was said with a date."""

    ACCOUNT = "account"
    LETTER = "letter"
    SPOKEN = "spoken"
    DECLARED = "declared"


class CommitmentState(StrEnum):
    """How a commitment stands."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    DROPPED = "dropped"


class Consultation(SQLModel, table=True):
    """A meeting of platform and city about an agenda."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    municipality: str = Field(foreign_key="municipality.code", index=True)
    title: str = Field(max_length=160)
    held_on: date = Field(index=True)
    starts: str = Field(max_length=5)
    minutes: int
    place: str = Field(default="", max_length=200)
    who: str = ""
    arrangements: list[str] = Field(default_factory=list, sa_type=json_column())
    arrangements_note: str = ""
    state: ConsultationState = Field(
        default=ConsultationState.PLANNED, sa_type=stored_enum(ConsultationState)
    )
    revision: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    demo: bool = False

    __table_args__ = (sa.CheckConstraint("minutes > 0", name="minutes"),)


class AgendaItem(SQLModel, table=True):
    """One point of an agenda. A dossier stands on at most one open agenda."""

    __tablename__ = "agenda_item"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    consultation_id: uuid.UUID = Field(foreign_key="consultation.id", index=True)
    dossier_id: uuid.UUID | None = Field(default=None, foreign_key="dossier.id", index=True)
    position: int
    title: str = Field(max_length=200)
    purpose: Purpose = Field(sa_type=stored_enum(Purpose))
    minutes: int
    brought_by: str = Field(default="", max_length=200)
    said: str = ""
    outcome: ItemOutcome | None = Field(default=None, sa_type=stored_enum(ItemOutcome))
    because_commitment_id: uuid.UUID | None = Field(default=None, foreign_key="commitment.id")

    __table_args__ = (
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.UniqueConstraint("consultation_id", "dossier_id"),
    )


class Answer(SQLModel, table=True):
    """What a body says to one ask. An answer that is corrected is kept, with what replaced it."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    ask_id: uuid.UUID = Field(foreign_key="ask.id", index=True)
    kind: AnswerKind = Field(sa_type=stored_enum(AnswerKind))
    words: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    reason_code: str | None = Field(default=None, foreign_key="refusal_reason.code", max_length=40)
    comes_back_on: date | None = None
    source: AnswerSource = Field(sa_type=stored_enum(AnswerSource))
    given_by: str = Field(default="", max_length=200)
    recorded_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    given_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    replaced_by_id: uuid.UUID | None = Field(default=None, foreign_key="answer.id")


class CityQuestion(SQLModel, table=True):
    """A question back from the body; the clock of its ask is paused until staff answer."""

    __tablename__ = "city_question"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    answer_id: uuid.UUID = Field(foreign_key="answer.id", unique=True)
    asked_on: date
    reply: str | None = None
    replied_on: date | None = None
    replied_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")


class Commitment(SQLModel, table=True):
    """A promise with an owner and a date. It comes back by itself when it is late: `came_back_on` is the day on which its dossier
    was open again because of it, so that it happens once.
    """

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID | None = Field(default=None, foreign_key="dossier.id", index=True)
    answer_id: uuid.UUID | None = Field(default=None, foreign_key="answer.id", index=True)
    body_id: uuid.UUID | None = Field(default=None, foreign_key="body.id")
    what: str
    owner: str = Field(max_length=200)
    due_on: date
    state: CommitmentState = Field(default=CommitmentState.OPEN, sa_type=stored_enum(CommitmentState))
    proof: str = ""
    closed_on: date | None = None
    late_since: date | None = None
    came_back_on: date | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (sa.Index("ix_commitment_state", "state", "due_on"),)

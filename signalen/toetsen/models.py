"""Decisions of the city and the tests (toetsen) made on them."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, json_column, stored_enum
from signalen.core.ids import new_id


class ToetsVerb(StrEnum):
    """What can happen to a decision and its tests."""

    DECISION_RECORDED = "decision-recorded"
    DECISION_CHANGED = "decision-changed"
    QUICKSCANNED = "toets-quickscanned"
    NOT_TESTED = "toets-not-tested"
    STARTED = "toets-started"
    ANSWERED = "toets-answered"
    EVIDENCE_ADDED = "toets-evidence-added"
    EVIDENCE_REMOVED = "toets-evidence-removed"
    CONCLUDED = "toets-concluded"
    CONDITION_ADDED = "toets-condition-added"
    CLOSED = "toets-closed"
    ON_AGENDA = "toets-on-agenda"
    OFF_AGENDA = "toets-off-agenda"
    PUBLISHED = "toets-published"


class DecisionStage(StrEnum):
    """How far a decision is."""

    DRAFT = "draft"
    TAKEN = "taken"
    CARRIED_OUT = "carried-out"
    EVALUATION = "evaluation"


class Perspective(StrEnum):
    """Who answers; three perspectives answer apart and are never averaged."""

    CITY = "city"
    PLATFORM = "platform"
    PANEL = "panel"


class ToetsState(StrEnum):
    """How far a test is."""

    QUICKSCAN = "quickscan"
    NOT_TESTED = "not-tested"
    OPEN = "open"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a test says."""

    PASS = "pass"  # noqa: S105  # a verdict, no password
    CONDITIONS = "conditions"
    FAIL = "fail"
    NOT_TESTED = "not-tested"


class EvidenceKind(StrEnum):
    """What an answer leans on."""

    SIGNAL = "signal"
    DOSSIER = "dossier"
    DOCUMENT = "document"
    MEETING = "meeting"
    GROUND = "ground"


class Decision(SQLModel, table=True):
    """A decision that touches people: what, by whom, how far, where it can be read."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    public_id: str = Field(max_length=20, unique=True)
    title: str = Field(max_length=200)
    summary: str = ""
    body_id: uuid.UUID = Field(foreign_key="body.id")
    municipality: str = Field(foreign_key="municipality.code")
    stage: DecisionStage = Field(sa_type=stored_enum(DecisionStage))
    decided_on: date | None = None
    uri: str | None = Field(default=None, max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    demo: bool = False


class DecisionTheme(SQLModel, table=True):
    """A life domain a decision touches."""

    __tablename__ = "decision_theme"

    decision_id: uuid.UUID = Field(foreign_key="decision.id", primary_key=True)
    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)


class DecisionGroup(SQLModel, table=True):
    """A group a decision touches."""

    __tablename__ = "decision_group"

    decision_id: uuid.UUID = Field(foreign_key="decision.id", primary_key=True)
    group_code: str = Field(foreign_key="affected_group.code", primary_key=True, max_length=40)


class DecisionPlace(SQLModel, table=True):
    """A district a decision touches."""

    __tablename__ = "decision_place"

    decision_id: uuid.UUID = Field(foreign_key="decision.id", primary_key=True)
    place_code: str = Field(foreign_key="place.code", primary_key=True, max_length=40)


class DecisionDossier(SQLModel, table=True):
    """A dossier that has to do with a decision."""

    __tablename__ = "decision_dossier"

    decision_id: uuid.UUID = Field(foreign_key="decision.id", primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", primary_key=True)


class ToetsAgendaItem(SQLModel, table=True):
    """A test that stands on an agenda (owned by this room, the later one)."""

    __tablename__ = "toets_agenda_item"

    agenda_item_id: uuid.UUID = Field(foreign_key="agenda_item.id", primary_key=True)
    toets_id: uuid.UUID = Field(foreign_key="toets.id")


class Toets(SQLModel, table=True):
    """One test of one decision at one stage, on one version of a questionnaire. Closing freezes it."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    public_id: str = Field(max_length=20, unique=True)
    decision_id: uuid.UUID = Field(foreign_key="decision.id", index=True)
    questionnaire: str = Field(max_length=60)
    questionnaire_version: int
    asked_at_stage: DecisionStage = Field(sa_type=stored_enum(DecisionStage))
    state: ToetsState = Field(default=ToetsState.QUICKSCAN, sa_type=stored_enum(ToetsState))
    quickscan: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    not_tested_reason: str | None = None
    not_tested_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    outcome: Outcome | None = Field(default=None, sa_type=stored_enum(Outcome))
    outcome_reason: str = ""
    outcome_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    started_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    frozen: dict[str, Any] | None = Field(default=None, sa_type=json_column())
    demo: bool = False

    __table_args__ = (
        sa.CheckConstraint(
            "state <> 'closed' OR (frozen IS NOT NULL AND outcome IS NOT NULL)", name="closed_is_frozen"
        ),
        sa.CheckConstraint(
            "state <> 'not-tested' OR not_tested_reason IS NOT NULL", name="not_tested_has_reason"
        ),
    )


class ToetsAnswer(SQLModel, table=True):
    """One person's answer to one question, from one perspective. `points` is None for *not known*."""

    __tablename__ = "toets_answer"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    toets_id: uuid.UUID = Field(foreign_key="toets.id")
    question: str = Field(max_length=20)
    perspective: Perspective = Field(sa_type=stored_enum(Perspective))
    user_id: uuid.UUID = Field(foreign_key="person.id")
    points: int | None = None
    not_known: bool = False
    value: str | None = None
    ground: str = ""
    at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("toets_id", "question", "perspective", "user_id"),
        sa.CheckConstraint("points IS NULL OR points BETWEEN 0 AND 3", name="points"),
        sa.CheckConstraint("NOT (not_known AND points IS NOT NULL)", name="known_or_not"),
    )


class Evidence(SQLModel, table=True):
    """What an answer leans on: something here, or a document outside."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    answer_id: uuid.UUID = Field(foreign_key="toets_answer.id", index=True)
    kind: EvidenceKind = Field(sa_type=stored_enum(EvidenceKind))
    ref_id: uuid.UUID | None = None
    uri: str | None = Field(default=None, max_length=500)
    label: str = Field(max_length=300)
    at: datetime = Field(sa_type=UtcDateTime)


class Condition(SQLModel, table=True):
    """A condition of an outcome; it runs in the loop as a commitment."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    toets_id: uuid.UUID = Field(foreign_key="toets.id", index=True)
    words: str
    commitment_id: uuid.UUID = Field(foreign_key="commitment.id")

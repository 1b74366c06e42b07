"""Dossiers: bundled signals, their evidence, their score, the text organisations agree on, and the rounds of asks."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, stored_enum
from signalen.core.ids import new_id
from signalen.signals.models import Stage


class DossierVerb(StrEnum):
    """What can happen to a dossier."""

    OPENED = "dossier-opened"
    EDITED = "dossier-edited"
    BUNDLED = "signals-bundled"
    TAKEN_OUT = "signals-taken-out"
    MERGED = "dossier-merged"
    SPLIT = "dossier-split"
    MOVED = "dossier-moved"
    REOPENED = "dossier-reopened"
    CONTESTED = "dossier-contested"
    WEIGHED = "dossier-weighed"
    NOT_CHOSEN = "dossier-not-chosen"
    QUOTED = "signal-quoted"
    UNQUOTED = "signal-unquoted"
    SYNTHESIS_WRITTEN = "synthesis-written"
    SYNTHESIS_ANNOUNCED = "synthesis-announced"
    SYNTHESIS_COMMENTED = "synthesis-commented"
    SYNTHESIS_AGREED = "synthesis-agreed"
    ROUND_OPENED = "round-opened"
    ASK_ADDED = "ask-added"
    ASK_REMOVED = "ask-removed"
    ASKED = "dossier-asked"
    ROUND_ANSWERED = "round-answered"
    ROUND_UNANSWERED = "round-unanswered"
    DONE = "dossier-done"
    NOT_DONE = "dossier-not-done"


class Dossier(SQLModel, table=True):
    """One structural worry, its evidence and its ask. `stage` is the stage of the signals it leads."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    public_id: str = Field(max_length=20, unique=True)
    reference: str = Field(max_length=20, unique=True)
    title: str = Field(max_length=160)
    worry: str = ""
    evidence: str = ""
    why_probe: str = ""
    municipality: str = Field(foreign_key="municipality.code")
    stage: Stage = Field(default=Stage.BUNDLED, sa_type=stored_enum(Stage))
    stage_since: datetime = Field(sa_type=UtcDateTime)
    due_on: date | None = None
    lead_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    second_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    merged_into_id: uuid.UUID | None = Field(default=None, foreign_key="dossier.id")
    not_chosen_reason: str | None = None
    contested: bool = False
    first_in_line: bool = False
    answered_on: date | None = None
    done_on: date | None = None
    opened_at: datetime = Field(sa_type=UtcDateTime)
    opened_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    demo: bool = False

    __table_args__ = (
        sa.Index("ix_dossier_stage_id", "stage", "id"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
    )


class DossierSignal(SQLModel, table=True):
    """A signal in a dossier, for a time. A signal has at most one leading dossier at once."""

    __tablename__ = "dossier_signal"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id")
    signal_id: uuid.UUID = Field(foreign_key="signal.id")
    leading: bool = True
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    reason: str | None = Field(default=None, max_length=300)

    __table_args__ = (
        sa.Index(
            "uq_dossier_signal_leading",
            "signal_id",
            unique=True,
            sqlite_where=sa.text('"leading" AND until IS NULL'),
            postgresql_where=sa.text('"leading" AND until IS NULL'),
        ),
        sa.Index(
            "uq_dossier_signal_current",
            "dossier_id",
            "signal_id",
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        ),
        # SQLite finds a signal by its own index only: "leading = 1" is not the condition of the partial one.
        sa.Index("ix_dossier_signal_signal_id", "signal_id", "until"),
        sa.Index("ix_dossier_signal_dossier_id", "dossier_id", "until", "leading"),
    )


class DossierTheme(SQLModel, table=True):
    """A theme of a dossier."""

    __tablename__ = "dossier_theme"

    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", primary_key=True)
    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)


class DossierFrameItem(SQLModel, table=True):
    """A part of a policy frame that the dossier stands on."""

    __tablename__ = "dossier_frame_item"

    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", primary_key=True)
    frame_item_id: uuid.UUID = Field(foreign_key="frame_item.id", primary_key=True)


class DossierRecommendation(SQLModel, table=True):
    """An earlier recommendation that asked the same."""

    __tablename__ = "dossier_recommendation"

    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", primary_key=True)
    recommendation_id: uuid.UUID = Field(foreign_key="recommendation.id", primary_key=True)


class Quote(SQLModel, table=True):
    """Words copied from a signal with the giver's consent; the copy can be erased on its own."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", index=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    words: str
    language: str = Field(max_length=12)
    consent_at: datetime = Field(sa_type=UtcDateTime)
    by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ScorePoint(SQLModel, table=True):
    """0–3 points for one criterion, with why."""

    __tablename__ = "score_point"

    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", primary_key=True)
    criterion: str = Field(primary_key=True, max_length=40)
    points: int
    why: str = Field(default="", max_length=500)

    __table_args__ = (sa.CheckConstraint("points BETWEEN 0 AND 3", name="points"),)


class KnockOutAnswer(SQLModel, table=True):
    """The answer to one knock-out question."""

    __tablename__ = "knock_out_answer"

    dossier_id: uuid.UUID = Field(foreign_key="dossier.id", primary_key=True)
    question: str = Field(primary_key=True, max_length=40)
    yes: bool


class SynthesisVersion(SQLModel, table=True):
    """A numbered text for the city. Once announced it is not changed any more: a change is a new version."""

    __tablename__ = "synthesis_version"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id")
    number: int
    body: str
    written_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    written_at: datetime = Field(sa_type=UtcDateTime)
    announced_on: date | None = None
    deadline_on: date | None = None

    __table_args__ = (sa.UniqueConstraint("dossier_id", "number"),)


class SynthesisComment(SQLModel, table=True):
    """What someone of an organisation says about a version."""

    __tablename__ = "synthesis_comment"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    version_id: uuid.UUID = Field(foreign_key="synthesis_version.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id")
    by: uuid.UUID = Field(foreign_key="person.id")
    words: str
    at: datetime = Field(sa_type=UtcDateTime)


class Agreement(SQLModel, table=True):
    """An organisation's yes or no to a version, by a person with a mandate."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    version_id: uuid.UUID = Field(foreign_key="synthesis_version.id")
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id")
    by: uuid.UUID = Field(foreign_key="person.id")
    agrees: bool
    reason: str = ""
    at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("version_id", "organisation_id"),
        sa.CheckConstraint("agrees OR reason <> ''", name="no_has_reason"),
    )


class RoundState(StrEnum):
    """How far one going to the city is."""

    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


class AskWay(StrEnum):
    """How an ask reached the body."""

    CONSULTATION = "consultation"
    WRITING = "writing"


class Round(SQLModel, table=True):
    """One going to the city: asks, answers, feedback. *Unanswered* is an outcome, public, never hidden."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: uuid.UUID = Field(foreign_key="dossier.id")
    number: int
    state: RoundState = Field(default=RoundState.OPEN, sa_type=stored_enum(RoundState))
    synthesis_id: uuid.UUID | None = Field(default=None, foreign_key="synthesis_version.id")
    opened_at: datetime = Field(sa_type=UtcDateTime)
    asked_on: date | None = None
    ended_on: date | None = None
    declared_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    declared_reason: str | None = None

    __table_args__ = (sa.UniqueConstraint("dossier_id", "number"),)


class Ask(SQLModel, table=True):
    """What is proposed to whom. `due_on` is given when it is asked and never changed by a setting."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    round_id: uuid.UUID = Field(foreign_key="round.id", index=True)
    body_id: uuid.UUID = Field(foreign_key="body.id")
    measure: str
    way: AskWay | None = Field(default=None, sa_type=stored_enum(AskWay))
    asked_on: date | None = None
    due_on: date | None = None
    extended: bool = False
    paused_since: date | None = None
    final: bool = False

    __table_args__ = (sa.Index("ix_ask_body_id", "body_id", "due_on"),)

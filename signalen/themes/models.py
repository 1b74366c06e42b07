"""The vocabulary: codes, their names per language, policy frames and earlier recommendations."""

import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import json_column, stored_enum
from signalen.core.ids import new_id


class ThemesVerb(StrEnum):
    """What can happen to the vocabulary and the library."""

    VOCABULARY_LOADED = "vocabulary-loaded"
    REPORT_IMPORTED = "report-imported"


class CodeKind(StrEnum):
    """What a code is a code of."""

    THEME = "theme"
    GROUP = "group"
    BARRIER = "barrier"
    PLACE = "place"
    LEVEL = "level"
    SIGNAL_KIND = "kind"
    ANSWER_KIND = "answer_kind"
    REFUSAL_REASON = "refusal_reason"
    FRAME = "frame"
    FRAME_ITEM = "frame_item"


class Theme(SQLModel, table=True):
    """A plain subject that everyone can choose; residents see it."""

    code: str = Field(primary_key=True, max_length=40)
    position: int
    active: bool = True


class Group(SQLModel, table=True):
    """People who are affected (never a person)."""

    __tablename__ = "affected_group"

    code: str = Field(primary_key=True, max_length=40)
    position: int
    active: bool = True


class Barrier(SQLModel, table=True):
    """What stood in the way, and which of the seven B's it breaks."""

    code: str = Field(primary_key=True, max_length=40)
    position: int
    active: bool = True
    b: str = Field(max_length=40)


class Place(SQLModel, table=True):
    """A district of a municipality; never an address."""

    code: str = Field(primary_key=True, max_length=40)
    municipality: str = Field(foreign_key="municipality.code", index=True)
    position: int
    active: bool = True
    postcodes: list[str] = Field(default_factory=list, sa_type=json_column())


class RefusalReason(SQLModel, table=True):
    """Why a body says no: its own choice or not, capacity or task, so that patterns show."""

    __tablename__ = "refusal_reason"

    code: str = Field(primary_key=True, max_length=40)
    position: int
    active: bool = True
    own: bool
    about: str = Field(max_length=20)


class Name(SQLModel, table=True):
    """The name of a code in a language."""

    __tablename__ = "code_name"

    kind: CodeKind = Field(sa_column=sa.Column(stored_enum(CodeKind), primary_key=True))
    code: str = Field(primary_key=True, max_length=80)
    language: str = Field(primary_key=True, max_length=12)
    name: str = Field(max_length=300)


class Keyword(SQLModel, table=True):
    """A word people use that points to a theme."""

    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)
    language: str = Field(primary_key=True, max_length=12)
    word: str = Field(primary_key=True, max_length=80)


class Frame(SQLModel, table=True):
    """A policy text that staff and the city talk in."""

    code: str = Field(primary_key=True, max_length=60)
    position: int
    document: str = Field(max_length=40)
    year: int
    publisher: str = Field(max_length=200)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())


class FrameItem(SQLModel, table=True):
    """A numbered part of a frame. Its names stand under the code `frame:n`."""

    __tablename__ = "frame_item"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    frame_code: str = Field(foreign_key="frame.code", max_length=60)
    n: int

    __table_args__ = (sa.UniqueConstraint("frame_code", "n"),)


class FrameItemTheme(SQLModel, table=True):
    """The crosswalk from a theme to a frame item."""

    __tablename__ = "frame_item_theme"

    frame_item_id: uuid.UUID = Field(foreign_key="frame_item.id", primary_key=True)
    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)


class Recommendation(SQLModel, table=True):
    """Something that was asked before: where, when, in which words."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    frame_item_id: uuid.UUID = Field(foreign_key="frame_item.id")
    position: int
    year: int
    language: str = Field(max_length=12)
    text: str
    text_hash: str = Field(max_length=64)
    source: str = Field(max_length=200)

    __table_args__ = (sa.UniqueConstraint("frame_item_id", "text_hash"),)


class RecommendationTheme(SQLModel, table=True):
    """Themes of one recommendation, finer than those of its frame item."""

    __tablename__ = "recommendation_theme"

    recommendation_id: uuid.UUID = Field(foreign_key="recommendation.id", primary_key=True)
    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)


class OrganisationTheme(SQLModel, table=True):
    """What an organisation knows about."""

    __tablename__ = "organisation_theme"

    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)

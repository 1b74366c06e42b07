"""Organisations, people, their roles and mandates, bodies that can be asked, sign-ins and the platform's settings."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, json_column, stored_enum
from signalen.core.ids import new_id
from signalen.core.permissions import Role


class PeopleVerb(StrEnum):
    """What can happen to people and organisations."""

    ORGANISATION_ADDED = "organisation-added"
    ORGANISATION_CHANGED = "organisation-changed"
    USER_INVITED = "user-invited"
    USER_CHANGED = "user-changed"
    USER_STOPPED = "user-stopped"
    MEMBERSHIP_ADDED = "membership-added"
    MEMBERSHIP_CHANGED = "membership-changed"
    MEMBERSHIP_ENDED = "membership-ended"
    BODY_ADDED = "body-added"
    BODY_CHANGED = "body-changed"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  # the name of an event
    RESET_ASKED = "reset-asked"
    SETTING_CHANGED = "setting-changed"
    DEVICE_ADDED = "device-added"
    DEVICE_REVOKED = "device-revoked"
    DIGEST_CHOSEN = "digest-chosen"
    NEWS_SEEN = "news-seen"


class Level(StrEnum):
    """Who can pull a lever (facts/groups-and-barriers.yaml, levels). Names stand in the vocabulary."""

    ORGANISATION = "organisatie"
    DISTRICT = "district"
    CITY = "stad"
    REGION = "regio"
    FLANDERS = "vlaanderen"
    FEDERAL = "federaal"
    EUROPE = "europa"


class Municipality(SQLModel, table=True):
    """A municipality the platform faces."""

    code: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=120)


class Organisation(SQLModel, table=True):
    """A social organisation. `directory_only`: known as a fact (it signed), without people here."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=200, unique=True)
    directory_only: bool = False
    source: str | None = Field(default=None, max_length=200)
    active: bool = True
    demo: bool = False


class User(SQLModel, table=True):
    """A person who can sign in. Without a password until the invitation is accepted."""

    __tablename__ = "person"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    language: str = Field(default="nl", max_length=12)
    password_hash: str | None = Field(default=None, max_length=200)
    active: bool = True
    demo: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class Body(SQLModel, table=True):
    """Who can be asked: a city service, a cabinet, a Flemish agency. May have no account."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=200)
    level: Level = Field(sa_type=stored_enum(Level))
    municipality: str | None = Field(default=None, foreign_key="municipality.code", index=True)
    email: str | None = Field(default=None, max_length=254)
    language: str = Field(default="nl", max_length=12)
    active: bool = True
    demo: bool = False

    __table_args__ = (sa.UniqueConstraint("name", "municipality"),)


class Membership(SQLModel, table=True):
    """A role of a person, in an organisation (worker) or for a body (city). Mandates stand on it."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=stored_enum(Role))
    organisation_id: uuid.UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    body_id: uuid.UUID | None = Field(default=None, foreign_key="body.id", index=True)
    may_agree: bool = False
    may_read_sensitive: bool = False
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        sa.CheckConstraint("role <> 'worker' OR organisation_id IS NOT NULL", name="worker_has_organisation"),
        sa.CheckConstraint("role <> 'city' OR body_id IS NOT NULL", name="city_has_body"),
        sa.CheckConstraint("NOT may_agree OR organisation_id IS NOT NULL", name="agrees_for_organisation"),
        sa.CheckConstraint("NOT may_read_sensitive OR role = 'staff'", name="reader_is_staff"),
    )


class SignIn(SQLModel, table=True):
    """One signed-in browser. The cookie holds a random token; here stands its hash."""

    __tablename__ = "sign_in"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    token_hash: bytes = Field(max_length=32, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Digest(StrEnum):
    """How often a person gets a mail with what is new for them."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class NewsChoice(SQLModel, table=True):
    """When a person last looked at what is new, and how often they want it by mail. No row: never looked, every week."""

    __tablename__ = "news_choice"

    user_id: uuid.UUID = Field(foreign_key="person.id", primary_key=True)
    digest: Digest = Field(default=Digest.WEEKLY, sa_type=stored_enum(Digest))
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Device(SQLModel, table=True):
    """A phone that may send the signals of one person, and nothing else. It holds a random token; here stands its hash."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    token_hash: bytes = Field(max_length=32, unique=True)
    name: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_on: date | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LinkPurpose(StrEnum):
    """What a link by mail lets its holder do, once."""

    INVITATION = "invitation"
    RESET = "reset"


class AccessLink(SQLModel, table=True):
    """A link by mail to choose a password. Single use; only a hash is kept."""

    __tablename__ = "access_link"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    purpose: LinkPurpose = Field(sa_type=stored_enum(LinkPurpose))
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Setting(SQLModel, table=True):
    """A setting of the platform, by name: clocks, retention, offered languages, helplines, demo."""

    name: str = Field(primary_key=True, max_length=80)
    municipality: str = Field(default="", primary_key=True, max_length=40)
    value: Any = Field(default=None, sa_type=json_column())

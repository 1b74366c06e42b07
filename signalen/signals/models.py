"""Signals, their words, those who gave them, and the codes with which they follow them."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from signalen.core.db import UtcDateTime, stored_enum
from signalen.core.ids import new_id


class SignalVerb(StrEnum):
    """What can happen to a signal."""

    RECEIVED = "signal-received"
    READ = "signal-read"
    PLACED = "signal-placed"
    CORRECTED = "signal-corrected"
    LED_OUT = "signal-led-out"
    MOVED = "signals-moved"
    REOPENED = "signal-reopened"
    WITHDRAWN = "signal-withdrawn"
    SHIELDED = "signal-shielded"
    UNSHIELDED = "signal-unshielded"
    RELEASED = "signal-released"
    SENSITIVE_READ = "sensitive-read"
    TEXT_ADDED = "signal-text-added"
    ASKED_GIVER = "giver-asked"
    GIVER_WROTE = "giver-wrote"
    CODE_ISSUED = "code-issued"
    CODE_REVOKED = "code-revoked"
    CODE_ASKED = "code-asked"
    CODE_REFUSED = "code-refused"
    CONTACT_CHANGED = "contact-changed"
    CONSENTS_CHANGED = "consents-changed"
    ERASED = "signal-erased"
    FOLLOWED = "signal-followed"
    PAUSED = "clock-paused"
    RESUMED = "clock-resumed"
    MESSAGES_SEEN = "messages-seen"
    TODO_DONE = "signal-todo-done"
    PERSONAL_DATA_KEPT = "personal-data-kept"
    PHOTO_ADDED = "photo-added"
    PHOTO_READ = "photo-read"
    PHOTO_REMOVED = "photo-removed"


class Stage(StrEnum):
    """Where a signal stands; what its giver sees (facts/loop.md, "The stages of a signal")."""

    RECEIVED = "received"
    READ = "read"
    BUNDLED = "bundled"
    ON_AGENDA = "on-agenda"
    ASKED = "asked"
    ANSWERED = "answered"
    TOLD = "told"
    CLOSED = "closed"
    HELPED = "helped"
    PASSED_ON = "passed-on"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class SignalKind(StrEnum):
    """What comes in (facts/groups-and-barriers.yaml, kinds). *Help* is shown who helps and is no signal."""

    SIGNAL = "signaal"
    COMPLAINT = "klacht"
    GOOD = "goed"


class Channel(StrEnum):
    """By which way it came."""

    CAPTURE = "capture"
    REPORT = "report"
    ON_BEHALF = "on-behalf"
    IMPORT = "import"


class People(StrEnum):
    """How many people have this problem: a band, never a number."""

    ONE = "1"
    FEW = "2-5"
    SOME = "6-20"
    MANY = "more"


class HearsBack(StrEnum):
    """How the giver wants to hear what became of it."""

    CODE = "code"
    CONTACT = "contact"
    WORKER = "worker"
    CARD = "card"
    NONE = "none"


class ContactKind(StrEnum):
    """What kind of contact a giver left."""

    EMAIL = "email"
    PHONE = "phone"
    """A line at home: somebody calls."""
    MOBILE = "mobile"
    """A text message goes to it."""
    ADDRESS = "address"
    """A letter goes to it."""


class TextKind(StrEnum):
    """Whose words a text of a signal holds."""

    ORIGINAL = "original"
    TRANSLATION = "translation"
    SUMMARY = "summary"
    SAFE_LINE = "safe-line"


class Giver(SQLModel, table=True):
    """Who brought one signal. The contact is sealed with a key that is not in the database."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    language: str = Field(max_length=12)
    hears_back: HearsBack = Field(sa_type=stored_enum(HearsBack))
    contact_kind: ContactKind | None = Field(default=None, sa_type=stored_enum(ContactKind))
    contact_sealed: bytes | None = None
    contact_key: str | None = Field(default=None, max_length=20)
    told_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (
        sa.CheckConstraint("(contact_sealed IS NULL) = (contact_key IS NULL)", name="contact_has_key"),
    )


class FollowCode(SQLModel, table=True):
    """A key to the answer. Several per giver; only a salted hash of the secret is kept."""

    __tablename__ = "follow_code"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    giver_id: uuid.UUID = Field(foreign_key="giver.id", index=True)
    locator: str = Field(max_length=5, unique=True)
    salt: bytes = Field(max_length=16)
    secret_hash: bytes = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    demo: bool = False


class Signal(SQLModel, table=True):
    """Something that goes wrong in people's lives and that one organisation cannot mend alone."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    key: uuid.UUID = Field(unique=True)
    content_hash: bytes = Field(max_length=32)
    kind: SignalKind = Field(default=SignalKind.SIGNAL, sa_type=stored_enum(SignalKind))
    channel: Channel = Field(sa_type=stored_enum(Channel))
    stage: Stage = Field(default=Stage.RECEIVED, sa_type=stored_enum(Stage))
    stage_since: datetime = Field(sa_type=UtcDateTime)
    due_on: date | None = None
    paused: bool = False
    giver_id: uuid.UUID = Field(foreign_key="giver.id", unique=True)
    organisation_id: uuid.UUID | None = Field(default=None, foreign_key="organisation.id")
    recorded_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    assigned_to: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    place_code: str | None = Field(default=None, foreign_key="place.code", max_length=40)
    neighbourhood: str | None = Field(default=None, max_length=80)
    people: People | None = Field(default=None, sa_type=stored_enum(People))
    happened_on: date | None = None
    language: str = Field(max_length=12)
    sensitive: bool = False
    sensitive_asked: bool = False
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    with_help: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Somebody helped to write it."""
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its giver had it erased: words and contact are gone, what it counts for stays."""
    discussed: bool | None = None
    agreed_how: str | None = Field(default=None, max_length=300)
    may_use_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    may_quote_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    may_publish_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    demo: bool = False

    __table_args__ = (
        sa.Index("ix_signal_stage_id", "stage", "id"),
        sa.Index("ix_signal_organisation_id_id", "organisation_id", "id"),
        sa.Index("ix_signal_place_code_id", "place_code", "id"),
        sa.Index("ix_signal_due", "due_on", "stage"),
        sa.Index("ix_signal_recorded_by", "recorded_by", "stage_since"),
    )


class SignalText(SQLModel, table=True):
    """Words of a signal. Those of a sensitive one are sealed: then `words` is empty and `sealed` is not."""

    __tablename__ = "signal_text"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id")
    kind: TextKind = Field(sa_type=stored_enum(TextKind))
    language: str = Field(max_length=12)
    words: str | None = None
    sealed: bytes | None = None
    key_id: str | None = Field(default=None, max_length=20)
    written_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    written_at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (
        sa.CheckConstraint("(words IS NULL) <> (sealed IS NULL)", name="words_or_sealed"),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name="sealed_has_key"),
        sa.Index("ix_signal_text_signal_id", "signal_id", "kind"),
    )


class SignalTheme(SQLModel, table=True):
    """A theme of a signal; `suggested` ones were not looked at by a person yet."""

    __tablename__ = "signal_theme"

    signal_id: uuid.UUID = Field(foreign_key="signal.id", primary_key=True)
    theme_code: str = Field(foreign_key="theme.code", primary_key=True, max_length=40)

    __table_args__ = (sa.Index("ix_signal_theme_theme_code", "theme_code", "signal_id"),)


class SignalGroup(SQLModel, table=True):
    """A group that is affected."""

    __tablename__ = "signal_group"

    signal_id: uuid.UUID = Field(foreign_key="signal.id", primary_key=True)
    group_code: str = Field(foreign_key="affected_group.code", primary_key=True, max_length=40)

    __table_args__ = (sa.Index("ix_signal_group_group_code", "group_code", "signal_id"),)


class SignalBarrier(SQLModel, table=True):
    """A barrier that stood in the way."""

    __tablename__ = "signal_barrier"

    signal_id: uuid.UUID = Field(foreign_key="signal.id", primary_key=True)
    barrier_code: str = Field(foreign_key="barrier.code", primary_key=True, max_length=40)


class SignalFrameItem(SQLModel, table=True):
    """A part of a policy frame that staff linked to a signal."""

    __tablename__ = "signal_frame_item"

    signal_id: uuid.UUID = Field(foreign_key="signal.id", primary_key=True)
    frame_item_id: uuid.UUID = Field(foreign_key="frame_item.id", primary_key=True)


class WayOut(SQLModel, table=True):
    """Why a signal left the ring, told to the giver like an answer. Kept apart, so that it can be erased."""

    __tablename__ = "way_out"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    stage: Stage = Field(sa_type=stored_enum(Stage))
    reason: str
    language: str = Field(max_length=12)
    passed_to: str | None = Field(default=None, max_length=200)
    by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Message(SQLModel, table=True):
    """A question of staff to a giver, or what a giver wrote back. Always sealed."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    from_giver: bool
    author: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    language: str = Field(max_length=12)
    sealed: bytes
    key_id: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ClockPause(SQLModel, table=True):
    """Time that does not count for a signal, with the reason. Kept after it ended."""

    __tablename__ = "clock_pause"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    reason: str = Field(max_length=300)
    by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    since: date
    until: date | None = None


class SignalAgain(SQLModel, table=True):
    """The same worry again: a signal of its own, with its own giver, that points at the one it repeats."""

    __tablename__ = "signal_again"

    signal_id: uuid.UUID = Field(foreign_key="signal.id", primary_key=True)
    again_of: uuid.UUID = Field(foreign_key="signal.id", index=True)

    __table_args__ = (sa.CheckConstraint("signal_id <> again_of", name="not_of_itself"),)


class TodoKind(StrEnum):
    """What a signal from a phone lacks or holds that nobody could choose: taken all the same, to be looked at by a person."""

    NO_WORDS = "no-words"
    TOO_LONG = "too-long"
    NOT_AGREED = "not-agreed"
    UNKNOWN_VALUE = "unknown-value"
    UNKNOWN_FORM = "unknown-form"
    PERSONAL_DATA = "personal-data"


class Todo(SQLModel, table=True):
    """Something to look at in one signal. `detail`: what was sent, sealed."""

    __tablename__ = "signal_todo"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id", index=True)
    kind: TodoKind = Field(sa_type=stored_enum(TodoKind))
    field: str | None = Field(default=None, max_length=40)
    detail_sealed: bytes | None = None
    detail_key: str | None = Field(default=None, max_length=20)
    made_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.CheckConstraint("(detail_sealed IS NULL) = (detail_key IS NULL)", name="detail_has_key"),
        sa.Index("ix_signal_todo_open", "done_at", "signal_id"),
    )


class Attachment(SQLModel, table=True):
    """A photo of a signal. The file stands sealed outside the web root, under a random name."""

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    signal_id: uuid.UUID = Field(foreign_key="signal.id")
    sent_hash: bytes = Field(max_length=32)
    """SHA-256 of what the phone sent: the same photo twice is one."""
    name: str = Field(max_length=64, unique=True)
    key_id: str = Field(max_length=20)
    media_type: str = Field(max_length=40)
    width: int
    height: int
    size: int
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (sa.UniqueConstraint("signal_id", "sent_hash"),)


class ReferenceCounter(SQLModel, table=True):
    """The last number given out per series and year ("S", 2026)."""

    __tablename__ = "reference_counter"

    series: str = Field(primary_key=True, max_length=4)
    year: int = Field(primary_key=True)
    last: int

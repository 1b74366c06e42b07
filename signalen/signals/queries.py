"""Reads of signals: always from what this person may see, and columns where there are many."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core import events
from signalen.core.errors import NotAllowed
from signalen.core.permissions import Actor, ActorKind, Permission, Role
from signalen.core.vault import Vault
from signalen.signals.codes import SALT_BYTES, matches, parse_code
from signalen.signals.models import (
    Channel,
    FollowCode,
    Message,
    People,
    Signal,
    SignalBarrier,
    SignalFrameItem,
    SignalGroup,
    SignalKind,
    SignalText,
    SignalTheme,
    SignalVerb,
    Stage,
    TextKind,
    WayOut,
)
from signalen.signals.rules import may_converse, may_see
from signalen.signals.sealing import words_in, words_of_message

SNIPPET = 240
"""Characters of the words in a list."""


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on `Signal` that `rules.may_see` states for one signal."""
    if actor.kind is ActorKind.SYSTEM:
        return sa.true()
    if actor.kind is ActorKind.GIVER:
        return col(Signal.giver_id) == actor.id if actor.id else sa.false()
    may: list[sa.ColumnElement[bool]] = []
    if Role.STAFF in actor.roles:
        may.append(sa.true() if actor.reads_sensitive else ~col(Signal.sensitive))
    if Role.WORKER in actor.roles and actor.organisations:
        may.append(
            sa.and_(
                col(Signal.organisation_id).in_(actor.organisations),
                sa.or_(~col(Signal.sensitive), col(Signal.recorded_by) == actor.id),
            )
        )
    return sa.or_(*may) if may else sa.false()


def visible_signals(actor: Actor) -> SelectOfScalar[Signal]:
    """The signals this person may see; absent and not yours look the same."""
    return select(Signal).where(seen_by(actor))


def find_signal(session: Session, signal_id: uuid.UUID, *, actor: Actor) -> Signal | None:
    """One signal by its id, when this person may see it."""
    return session.exec(visible_signals(actor).where(Signal.id == signal_id)).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means all. `words`: all must stand in the original or in a safe line's place."""

    stages: tuple[Stage, ...] = ()
    theme: str | None = None
    place: str | None = None
    group: str | None = None
    kind: SignalKind | None = None
    channel: Channel | None = None
    language: str | None = None
    organisation_id: uuid.UUID | None = None
    sensitive: bool | None = None
    late_on: date | None = None
    words: str = ""
    ids: sa.Select[Any] | None = None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal in a list. `words` is None when they are sealed: those are opened one by one, and logged."""

    id: uuid.UUID
    reference: str
    kind: SignalKind
    channel: Channel
    stage: Stage
    due_on: date | None
    paused: bool
    place_code: str | None
    people: People | None
    language: str
    sensitive: bool
    organisation_id: uuid.UUID | None
    recorded_by: uuid.UUID | None
    received_at: datetime
    words: str | None
    themes: tuple[str, ...] = field(kw_only=True)


_COLUMNS = (
    col(Signal.id),
    col(Signal.reference),
    col(Signal.kind),
    col(Signal.channel),
    col(Signal.stage),
    col(Signal.due_on),
    col(Signal.paused),
    col(Signal.place_code),
    col(Signal.people),
    col(Signal.language),
    col(Signal.sensitive),
    col(Signal.organisation_id),
    col(Signal.recorded_by),
    col(Signal.received_at),
    sa.func.substr(col(SignalText.words), 1, SNIPPET),
)


def signal_rows(
    session: Session,
    actor: Actor,
    filters: Filters | None = None,
    *,
    after: uuid.UUID | None = None,
    limit: int = 20,
) -> list[SignalRow]:
    """A page of signals, newest first, in two statements. `after`: the id of the last one seen."""
    query = (
        sa.select(*_COLUMNS)
        .outerjoin(
            SignalText,
            sa.and_(col(SignalText.signal_id) == col(Signal.id), col(SignalText.kind) == TextKind.ORIGINAL),
        )
        .where(seen_by(actor), *_conditions(filters or Filters()))
        .order_by(col(Signal.id).desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(Signal.id) < after)
    found = session.connection().execute(query).all()
    themes = themes_of(session, [row[0] for row in found])
    return [SignalRow(*row, themes=themes.get(row[0], ())) for row in found]


def count_signals(session: Session, actor: Actor, filters: Filters | None = None) -> int:
    """How many of them there are for this person."""
    query = sa.select(sa.func.count()).select_from(Signal)
    query = query.where(seen_by(actor), *_conditions(filters or Filters()))
    return int(session.connection().execute(query).scalar_one())


def stage_counts(session: Session, actor: Actor) -> dict[Stage, int]:
    """How many of the signals this person may see stand in each stage."""
    query = sa.select(col(Signal.stage), sa.func.count()).where(seen_by(actor)).group_by(col(Signal.stage))
    return dict(session.connection().execute(query).tuples())


def themes_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """The theme codes of each of these signals: one statement, none for an empty list."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    if ids:
        query = select(SignalTheme.signal_id, SignalTheme.theme_code).where(
            col(SignalTheme.signal_id).in_(ids)
        )
        for signal_id, code in session.exec(query.order_by(col(SignalTheme.theme_code))):
            found[signal_id].append(code)
    return {signal_id: tuple(codes) for signal_id, codes in found.items()}


def _conditions(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    if filters.stages:
        yield col(Signal.stage).in_(filters.stages)
    for column, value in (
        (Signal.place_code, filters.place),
        (Signal.kind, filters.kind),
        (Signal.channel, filters.channel),
        (Signal.language, filters.language),
        (Signal.organisation_id, filters.organisation_id),
        (Signal.sensitive, filters.sensitive),
    ):
        if value is not None:
            yield col(column) == value
    if filters.theme:
        yield _has(SignalTheme, col(SignalTheme.theme_code) == filters.theme)
    if filters.group:
        yield _has(SignalGroup, col(SignalGroup.group_code) == filters.group)
    if filters.late_on is not None:
        yield sa.and_(col(Signal.due_on) < filters.late_on, ~col(Signal.paused))
    if filters.ids is not None:
        yield col(Signal.id).in_(filters.ids)
    for word in filters.words.split()[:8]:
        found = col(SignalText.words).icontains(word, autoescape=True)
        yield sa.or_(_has(SignalText, found), col(Signal.reference) == word.upper())


def _has(table: Any, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.select(table.signal_id).where(table.signal_id == Signal.id, condition).exists()


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a signal, open."""

    id: uuid.UUID
    kind: TextKind
    language: str
    words: str
    written_by: uuid.UUID | None
    written_at: datetime


_ORDER = (TextKind.ORIGINAL, TextKind.TRANSLATION, TextKind.SUMMARY, TextKind.SAFE_LINE)


def words_of(session: Session, vault: Vault, signal: Signal, *, actor: Actor) -> list[Words]:
    """All texts of a signal, the first words first. Of a sensitive one the reading is logged before a word is given.

    The session must be a writing one for sensitive signals: when the log cannot be written, nothing is shown.
    """
    if not may_see(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)
    _log_reading(session, signal, actor)
    texts = session.exec(select(SignalText).where(SignalText.signal_id == signal.id)).all()
    return [
        Words(text.id, text.kind, text.language, words_in(vault, text), text.written_by, text.written_at)
        for text in sorted(texts, key=lambda text: (_ORDER.index(text.kind), text.written_at))
    ]


def _log_reading(session: Session, signal: Signal, actor: Actor) -> None:
    if signal.sensitive and actor.kind is not ActorKind.GIVER:
        events.record(session, SignalVerb.SENSITIVE_READ, signal, actor=actor)


@dataclass(frozen=True, slots=True)
class SafeLine:
    """What others may know of a released sensitive signal: one line without identity, and nothing that leads to it."""

    language: str
    words: str


def safe_lines(session: Session, ids: sa.Select[Any]) -> list[SafeLine]:
    """The safe lines of the released sensitive signals among `ids`, in no telling order."""
    query = (
        select(SignalText.language, SignalText.words)
        .join(Signal, col(Signal.id) == col(SignalText.signal_id))
        .where(
            col(Signal.id).in_(ids),
            col(Signal.sensitive),
            col(Signal.released_at).is_not(None),
            SignalText.kind == TextKind.SAFE_LINE,
        )
        .order_by(col(SignalText.words))
    )
    return [SafeLine(language, words or "") for language, words in session.exec(query)]


@dataclass(frozen=True, slots=True)
class Said:
    """A message between giver and staff, open."""

    id: uuid.UUID
    from_giver: bool
    author: uuid.UUID | None
    language: str
    words: str
    at: datetime
    seen_at: datetime | None


def messages_of(session: Session, vault: Vault, signal: Signal, *, actor: Actor) -> list[Said]:
    """Questions and answers, oldest first; for who may converse about this signal."""
    if not may_converse(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)
    found = session.exec(
        select(Message).where(Message.signal_id == signal.id).order_by(col(Message.id))
    ).all()
    if found:
        _log_reading(session, signal, actor)
    return [
        Said(m.id, m.from_giver, m.author, m.language, words_of_message(vault, m), m.at, m.seen_at)
        for m in found
    ]


def unseen_from_givers(session: Session, actor: Actor) -> list[tuple[uuid.UUID, str, datetime]]:
    """Signals (id, reference, since when) whose giver wrote something that staff did not see yet."""
    query = (
        select(Signal.id, Signal.reference, sa.func.min(Message.at))
        .join(Message, col(Message.signal_id) == col(Signal.id))
        .where(seen_by(actor), col(Message.from_giver), col(Message.seen_at).is_(None))
        .group_by(col(Signal.id), col(Signal.reference))
        .order_by(sa.func.min(Message.at))
    )
    return [(i, reference, at) for i, reference, at in session.exec(query)]


def unanswered_questions(session: Session, actor: Actor) -> list[tuple[uuid.UUID, str, datetime]]:
    """Signals of a worker's organisation (id, reference, when asked) with a question of staff not answered since."""
    last = (
        sa.select(col(Message.signal_id), sa.func.max(Message.at).label("last"))
        .group_by(col(Message.signal_id))
        .subquery()
    )
    query = (
        select(Signal.id, Signal.reference, Message.at)
        .join(Message, col(Message.signal_id) == col(Signal.id))
        .join(last, sa.and_(last.c.signal_id == col(Signal.id), last.c.last == col(Message.at)))
        .where(seen_by(actor), ~col(Message.from_giver), Signal.channel == Channel.CAPTURE)
        .order_by(col(Message.at))
    )
    return [(i, reference, at) for i, reference, at in session.exec(query)]


_NOBODY = (bytes(SALT_BYTES), bytes(32))


def find_code(session: Session, typed: str) -> FollowCode | None:
    """The follow code that was typed. Wrong, unknown and revoked look the same, and take as long."""
    code = parse_code(typed)
    if code is None:
        return None
    found = session.exec(select(FollowCode).where(FollowCode.locator == code.locator)).first()
    salt, kept = (found.salt, found.secret_hash) if found else _NOBODY
    right = matches(code.secret, bytes(salt), bytes(kept))
    return found if right and found and found.revoked_at is None else None


@dataclass(frozen=True, slots=True)
class Belongings:
    """The codes that hang on a signal."""

    themes: tuple[str, ...]
    groups: tuple[str, ...]
    barriers: tuple[str, ...]
    frame_items: tuple[uuid.UUID, ...]


def belongings(session: Session, signal: Signal) -> Belongings:
    """Themes, groups, barriers and frame items of one signal."""

    def codes(column: Any, table: Any) -> tuple[Any, ...]:
        query = sa.select(column).where(table.signal_id == signal.id).order_by(column)
        return tuple(session.connection().execute(query).scalars())

    return Belongings(
        codes(col(SignalTheme.theme_code), SignalTheme),
        codes(col(SignalGroup.group_code), SignalGroup),
        codes(col(SignalBarrier.barrier_code), SignalBarrier),
        codes(col(SignalFrameItem.frame_item_id), SignalFrameItem),
    )


def way_out(session: Session, signal: Signal) -> WayOut | None:
    """The newest reason with which this signal left the ring, for its giver."""
    return session.exec(
        select(WayOut).where(WayOut.signal_id == signal.id).order_by(col(WayOut.id).desc())
    ).first()

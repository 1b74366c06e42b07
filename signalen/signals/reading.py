"""Reads of one signal and what hangs on it: words, messages, codes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import events
from signalen.core.errors import NotAllowed
from signalen.core.permissions import Actor, ActorKind, Permission
from signalen.core.vault import Vault
from signalen.signals.codes import SALT_BYTES, matches, parse_code
from signalen.signals.models import (
    Channel,
    FollowCode,
    Giver,
    HearsBack,
    Message,
    Signal,
    SignalBarrier,
    SignalFrameItem,
    SignalGroup,
    SignalText,
    SignalTheme,
    SignalVerb,
    TextKind,
    WayOut,
)
from signalen.signals.rules import may_converse, may_see
from signalen.signals.sealing import words_in, words_of_message
from signalen.signals.visible import seen_by


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


def waits_for_card(session: Session, signal: Signal) -> bool:
    """Whether the giver was promised a card with a code, and never followed one yet."""
    way = session.exec(select(Giver.hears_back).where(Giver.id == signal.giver_id)).one()
    if way is not HearsBack.CARD:
        return False
    used = select(FollowCode.id).where(
        FollowCode.giver_id == signal.giver_id, col(FollowCode.used_at).is_not(None)
    )
    return session.exec(used).first() is None


class Recent(NamedTuple):
    """A signal that a person recorded lately, without its words."""

    id: uuid.UUID
    reference: str
    place_code: str | None
    received_at: datetime
    sensitive: bool


def recently_recorded(session: Session, actor: Actor, most: int) -> list[Recent]:
    """What this person recorded last, the newest first; one statement on an index for each of their organisations."""
    rows = [
        Recent(*row)
        for organisation in actor.organisations or [None]
        for row in session.connection().execute(
            sa.select(*(getattr(Signal, name) for name in Recent._fields))
            .where(
                seen_by(actor),
                col(Signal.recorded_by) == actor.id,
                col(Signal.organisation_id) == organisation,
            )
            .order_by(col(Signal.id).desc())
            .limit(most)
        )
    ]
    return sorted(rows, key=lambda row: row.id, reverse=True)[:most]


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

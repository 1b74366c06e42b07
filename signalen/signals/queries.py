"""Reads of signals: always from what this person may see, and columns where there are many."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from signalen.core.due import Due, DueKind, is_late
from signalen.core.permissions import Actor
from signalen.signals.models import (
    Channel,
    Signal,
    SignalGroup,
    SignalKind,
    SignalText,
    SignalTheme,
    Stage,
    TextKind,
)
from signalen.signals.reading import (
    Belongings,
    SafeLine,
    Said,
    Words,
    belongings,
    find_code,
    messages_of,
    safe_lines,
    unanswered_questions,
    unseen_from_givers,
    way_out,
    words_of,
)
from signalen.signals.visible import find_signal, seen_by, signal_of_key, visible_signals

SNIPPET = 240
"""Characters of the words in a list."""


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


class SignalRow(NamedTuple):
    """A signal in a list. `words` is None when they are sealed: those are opened one by one, and logged."""

    id: uuid.UUID
    reference: str
    stage: Stage
    due_on: date | None
    paused: bool
    place_code: str | None
    language: str
    sensitive: bool
    organisation_id: uuid.UUID | None
    received_at: datetime
    words: str | None
    themes: tuple[str, ...]


def _fixed(number: int) -> sa.ColumnElement[int]:
    """A number as part of the statement: PostgreSQL keeps a plan without parameters, and planning takes longer than the rest."""
    return sa.literal_column(str(number), sa.Integer)


_ORIGINAL = sa.and_(
    col(SignalText.signal_id) == col(Signal.id),
    col(SignalText.kind) == sa.literal_column(f"'{TextKind.ORIGINAL}'"),
)
_THEMES = sa.select(col(SignalTheme.signal_id), col(SignalTheme.theme_code))
# In the statement of the list itself: a second one costs more than all that the database does for both.
_THEME_CODES = (
    sa.select(sa.func.aggregate_strings(col(SignalTheme.theme_code), " "))
    .where(col(SignalTheme.signal_id) == col(Signal.id))
    .correlate(Signal)
    .scalar_subquery()
)
_COLUMNS = (
    col(Signal.id),
    col(Signal.reference),
    col(Signal.stage),
    col(Signal.due_on),
    col(Signal.paused),
    col(Signal.place_code),
    col(Signal.language),
    col(Signal.sensitive),
    col(Signal.organisation_id),
    col(Signal.received_at),
    sa.func.substr(col(SignalText.words), _fixed(1), _fixed(SNIPPET)),
    _THEME_CODES,
)
_LIST = sa.select(*_COLUMNS).outerjoin(SignalText, _ORIGINAL).order_by(col(Signal.id).desc())


def signal_rows(
    session: Session,
    actor: Actor,
    filters: Filters | None = None,
    *,
    after: uuid.UUID | None = None,
    limit: int = 20,
) -> list[SignalRow]:
    """A page of signals, newest first, in one statement. `after`: the id of the last one seen."""
    query = _newest(actor, limit)
    if conditions := tuple(_conditions(filters or Filters())):
        query = query.where(*conditions)
    if after is not None:
        query = query.where(col(Signal.id) < after)
    found = session.connection().execute(query).all()
    return [
        SignalRow._make((*facts, tuple(sorted(themes.split())) if themes else ())) for *facts, themes in found
    ]


@lru_cache(maxsize=64)
def _newest(actor: Actor, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """The statement of a list, kept per person: building it takes longer than running it."""
    return _LIST.where(seen_by(actor)).limit(_fixed(limit))


def count_signals(session: Session, actor: Actor, filters: Filters | None = None) -> int:
    """How many of them there are for this person."""
    query = sa.select(sa.func.count()).select_from(Signal)
    query = query.where(seen_by(actor), *_conditions(filters or Filters()))
    return int(session.connection().execute(query).scalar_one())


def stage_counts(session: Session, actor: Actor) -> dict[Stage, int]:
    """How many of the signals this person may see stand in each stage."""
    query = sa.select(col(Signal.stage), sa.func.count()).where(seen_by(actor)).group_by(col(Signal.stage))
    return {stage: int(number) for stage, number in session.connection().execute(query)}


def themes_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """The theme codes of each of these signals: one statement, none for an empty list."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    if ids:
        of_these = _THEMES.where(col(SignalTheme.signal_id).in_(ids)).order_by(col(SignalTheme.theme_code))
        for signal_id, code in session.connection().execute(of_these):
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
        # A second look at the texts: the list itself is joined to the original words only.
        text = aliased(SignalText)
        found = _has(text, col(text.words).icontains(word, autoescape=True))
        yield sa.or_(found, col(Signal.reference) == word.upper())


def _has(table: Any, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return (
        sa.select(table.signal_id).where(table.signal_id == Signal.id, condition).correlate(Signal).exists()
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the phone fills in as last time."""

    place: str | None
    language: str
    organisation_id: uuid.UUID | None


def last_recorded(session: Session, actor: Actor) -> Remembered | None:
    """District and language of the last signal this worker recorded; one statement on an index."""
    query = (
        select(Signal.place_code, Signal.language, Signal.organisation_id)
        .where(col(Signal.organisation_id).in_(actor.organisations), Signal.recorded_by == actor.id)
        .order_by(col(Signal.organisation_id).desc(), col(Signal.id).desc())
        .limit(1)
    )
    found = session.exec(query).first() if actor.organisations else None
    return Remembered(*found) if found else None


_MOST_DUE = 25
"""Of each kind; the rest is in the list of signals."""


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """What waits for staff in this room: to read, to place, and what givers wrote. The one that is due first stands first."""
    found = [
        Due(
            DueKind.GIVER_WROTE,
            reference,
            "inbox.detail",
            {"signal_id": str(signal_id)},
            reference=reference,
        )
        for signal_id, reference, _ in unseen_from_givers(session, actor)[:_MOST_DUE]
    ]
    for stage, kind in ((Stage.RECEIVED, DueKind.UNREAD), (Stage.READ, DueKind.TO_PLACE)):
        query = (
            sa.select(
                col(Signal.id),
                col(Signal.reference),
                col(Signal.due_on),
                col(Signal.sensitive),
                col(Signal.language),
                sa.func.substr(col(SignalText.words), 1, SNIPPET),
            )
            .outerjoin(SignalText, _ORIGINAL)
            .where(seen_by(actor), col(Signal.stage) == stage, ~col(Signal.paused))
            .order_by(col(Signal.due_on), col(Signal.id))
            .limit(_MOST_DUE)
        )
        for signal_id, reference, due_on, sensitive, language, words in session.connection().execute(query):
            found.append(
                Due(
                    DueKind.SENSITIVE if sensitive else kind,
                    words or reference,
                    "inbox.detail",
                    {"signal_id": str(signal_id)},
                    due_on,
                    late=is_late(due_on, today),
                    reference=reference,
                    language=language if words else None,
                )
            )
    return found


__all__ = [
    "Belongings",
    "Filters",
    "SafeLine",
    "Said",
    "SignalRow",
    "Words",
    "belongings",
    "count_signals",
    "due",
    "find_code",
    "find_signal",
    "last_recorded",
    "messages_of",
    "safe_lines",
    "seen_by",
    "signal_of_key",
    "signal_rows",
    "stage_counts",
    "themes_of",
    "unanswered_questions",
    "unseen_from_givers",
    "visible_signals",
    "way_out",
    "words_of",
]

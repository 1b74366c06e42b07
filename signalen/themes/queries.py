"""Reads of the vocabulary and of earlier recommendations."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col, select

from .models import (
    Barrier,
    CodeKind,
    Frame,
    FrameItem,
    FrameItemTheme,
    Group,
    Keyword,
    Name,
    Place,
    Recommendation,
    RecommendationTheme,
    RefusalReason,
    Theme,
)
from .vocabulary import order

DEFAULT_LANGUAGE = "nl"
KEPT_SECONDS = 60.0

Pairs = tuple[tuple[str, str], ...]
Rows = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    position: int
    active: bool


class Names:
    """The names of all codes in one language; where it has none the Dutch one, and then the code itself."""

    def __init__(
        self, language: str, held: Mapping[tuple[CodeKind, str], _Entry], items: Mapping[uuid.UUID, str]
    ) -> None:
        self.language = language
        self._held = held
        self._items = items
        self._offered: dict[CodeKind, Pairs] = {}

    def of(self, kind: CodeKind, code: str) -> str:
        """The name of a code of a kind, also when it is no longer offered."""
        entry = self._held.get((kind, code))
        return entry.name if entry else code

    def offered(self, kind: CodeKind) -> Pairs:
        """Codes and names that can be chosen, in order."""
        if kind not in self._offered:
            found = [
                (entry.position, code, entry.name)
                for (k, code), entry in self._held.items()
                if k is kind and entry.active
            ]
            self._offered[kind] = tuple((code, name) for _, code, name in sorted(found))
        return self._offered[kind]

    def theme(self, code: str) -> str:
        return self.of(CodeKind.THEME, code)

    def group(self, code: str) -> str:
        return self.of(CodeKind.GROUP, code)

    def barrier(self, code: str) -> str:
        return self.of(CodeKind.BARRIER, code)

    def place(self, code: str) -> str:
        return self.of(CodeKind.PLACE, code)

    def level(self, code: str) -> str:
        return self.of(CodeKind.LEVEL, code)

    def kind(self, code: str) -> str:
        return self.of(CodeKind.SIGNAL_KIND, code)

    def answer_kind(self, code: str) -> str:
        return self.of(CodeKind.ANSWER_KIND, code)

    def reason(self, code: str) -> str:
        return self.of(CodeKind.REFUSAL_REASON, code)

    def frame(self, code: str) -> str:
        return self.of(CodeKind.FRAME, code)

    def frame_item(self, item: uuid.UUID) -> str:
        """The name of a frame item by its id; the id itself when there is none."""
        code = self._items.get(item)
        return self.of(CodeKind.FRAME_ITEM, code) if code else str(item)

    def themes(self) -> Pairs:
        return self.offered(CodeKind.THEME)

    def groups(self) -> Pairs:
        return self.offered(CodeKind.GROUP)

    def barriers(self) -> Pairs:
        return self.offered(CodeKind.BARRIER)

    def places(self) -> Pairs:
        return self.offered(CodeKind.PLACE)

    def levels(self) -> Pairs:
        return self.offered(CodeKind.LEVEL)

    def kinds(self) -> Pairs:
        return self.offered(CodeKind.SIGNAL_KIND)

    def answer_kinds(self) -> Pairs:
        return self.offered(CodeKind.ANSWER_KIND)

    def reasons(self) -> Pairs:
        return self.offered(CodeKind.REFUSAL_REASON)

    def frames(self) -> Pairs:
        return self.offered(CodeKind.FRAME)


# Per database (its pool of connections) and language: the names change with a release or a steward, not by the minute.
_kept: WeakKeyDictionary[Any, dict[str, tuple[float, Names]]] = WeakKeyDictionary()


def names(session: Session, language: str, *, tick: Callable[[], float] = time.monotonic) -> Names:
    """The names of all codes in a language: one statement, kept for a minute in this process.

    `tick`: seconds that only go up; it measures the minute and tells no time of day.
    """
    bind = session.get_bind()
    kept = _kept.setdefault(bind.engine.pool, {})
    found = kept.get(language)
    if found is None or tick() - found[0] >= KEPT_SECONDS:
        found = kept[language] = (tick(), _read_names(session, language))
    return found[1]


def forget_names() -> None:
    """The next `names` reads again: after a load, or when a steward changed a name."""
    _kept.clear()


_POSITIONED: Mapping[CodeKind, Any] = {
    CodeKind.THEME: Theme,
    CodeKind.GROUP: Group,
    CodeKind.BARRIER: Barrier,
    CodeKind.PLACE: Place,
    CodeKind.REFUSAL_REASON: RefusalReason,
    CodeKind.FRAME: Frame,
}


def _read_names(session: Session, language: str) -> Names:
    item_code = col(FrameItem.frame_code) + ":" + sa.cast(col(FrameItem.n), sa.String)
    positions = sa.func.coalesce(
        *(col(table.position) for table in _POSITIONED.values()), col(FrameItem.n), 0
    )
    actives = sa.func.coalesce(
        *(col(table.active) for table in _POSITIONED.values() if table is not Frame),
        sa.true(),
    )
    query: Rows = sa.select(
        col(Name.kind),
        col(Name.code),
        col(Name.language),
        col(Name.name),
        positions,
        actives,
        col(FrameItem.id),
    ).where(col(Name.language).in_({language, DEFAULT_LANGUAGE}))
    for kind, table in _POSITIONED.items():
        query = query.outerjoin(table, sa.and_(col(Name.kind) == kind, col(table.code) == col(Name.code)))
    query = query.outerjoin(
        FrameItem, sa.and_(col(Name.kind) == CodeKind.FRAME_ITEM, item_code == col(Name.code))
    )
    held: dict[tuple[CodeKind, str], _Entry] = {}
    items: dict[uuid.UUID, str] = {}
    for kind, code, its_language, name, position, active, item in session.execute(query):
        if (kind, code) not in held or its_language == language:
            place = position or (order(kind).get(code, 0) if kind is not CodeKind.FRAME_ITEM else 0)
            held[kind, code] = _Entry(name, place, bool(active))
        if item is not None:
            items[item] = code
    return Names(language, held, items)


def keywords(session: Session, language: str) -> dict[str, list[str]]:
    """The keywords of a language per theme, in the order of the themes; only themes that are offered and have any."""
    query = (
        select(Keyword.theme_code, Keyword.word)
        .join(Theme, col(Theme.code) == col(Keyword.theme_code))
        .where(Keyword.language == language, col(Theme.active))
        .order_by(col(Theme.position), col(Keyword.word))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for theme, word in session.exec(query):
        found[theme].append(word)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered part of a frame, with its name."""

    id: uuid.UUID
    frame_code: str
    n: int
    name: str


@dataclass(frozen=True, slots=True)
class FrameWithItems:
    """A frame with its items in order."""

    code: str
    name: str
    year: int
    publisher: str
    items: tuple[Item, ...]


def frames_with_items(session: Session, language: str) -> list[FrameWithItems]:
    """All frames in order, each with its items, named in a language."""
    spoken = names(session, language)
    query = (
        sa.select(col(Frame.code), col(Frame.year), col(Frame.publisher), col(FrameItem.id), col(FrameItem.n))
        .join(FrameItem, col(FrameItem.frame_code) == col(Frame.code))
        .order_by(col(Frame.position), col(Frame.code), col(FrameItem.n))
    )
    found: dict[str, tuple[int, str, list[Item]]] = {}
    for code, year, publisher, item, n in session.execute(query):
        held = found.setdefault(code, (year, publisher, []))
        held[2].append(Item(item, code, n, spoken.frame_item(item)))
    return [
        FrameWithItems(code, spoken.frame(code), year, publisher, tuple(items))
        for code, (year, publisher, items) in found.items()
    ]


def frame_items_for_themes(session: Session, theme_codes: Iterable[str]) -> list[uuid.UUID]:
    """The frame items that the crosswalk gives for these themes, in the order of frames and numbers."""
    query = (
        select(FrameItem.id)
        .join(Frame, col(Frame.code) == col(FrameItem.frame_code))
        .where(
            col(FrameItem.id).in_(
                select(FrameItemTheme.frame_item_id).where(
                    col(FrameItemTheme.theme_code).in_(list(theme_codes))
                )
            )
        )
        .order_by(col(Frame.position), col(FrameItem.n))
    )
    return list(session.exec(query))


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation in a list. `id` is the `after` of the next page."""

    id: uuid.UUID
    frame_code: str
    frame_item_id: uuid.UUID
    n: int
    position: int
    year: int
    language: str
    text: str
    source: str


def recommendations(
    session: Session,
    *,
    frame_code: str | None = None,
    theme: str | None = None,
    text: str | None = None,
    after: uuid.UUID | None = None,
    limit: int = 20,
) -> list[RecommendationRow]:
    """A page of recommendations, in the order of import. `text`: words that must all stand in it, capitals aside.

    `theme`: its own, or those of its frame item when it has none. `after`: the id of the last one seen.
    """
    query = _rows()
    if frame_code is not None:
        query = query.where(col(FrameItem.frame_code) == frame_code)
    if theme is not None:
        query = query.where(_speaks_of([theme]))
    for word in (text or "").split():
        query = query.where(col(Recommendation.text).icontains(word, autoescape=True))
    if after is not None:
        query = query.where(col(Recommendation.id) > after)
    return _read_rows(session, query.order_by(col(Recommendation.id)).limit(limit))


def recommendations_for_themes(
    session: Session, theme_codes: Sequence[str], *, limit: int = 20
) -> list[RecommendationRow]:
    """Recommendations about any of these themes: those with most of them first, then the newest source."""
    own = (
        sa.select(sa.func.count())
        .where(
            col(RecommendationTheme.recommendation_id) == col(Recommendation.id),
            col(RecommendationTheme.theme_code).in_(list(theme_codes)),
        )
        .correlate(Recommendation)
        .scalar_subquery()
    )
    query = _rows().where(_speaks_of(theme_codes))
    return _read_rows(
        session,
        query.order_by(own.desc(), col(Recommendation.year).desc(), col(Recommendation.id)).limit(limit),
    )


def _rows() -> Rows:
    query: Rows = sa.select(
        col(Recommendation.id),
        col(FrameItem.frame_code),
        col(Recommendation.frame_item_id),
        col(FrameItem.n),
        col(Recommendation.position),
        col(Recommendation.year),
        col(Recommendation.language),
        col(Recommendation.text),
        col(Recommendation.source),
    )
    return query.join(FrameItem, col(FrameItem.id) == col(Recommendation.frame_item_id))


def _speaks_of(theme_codes: Sequence[str]) -> sa.ColumnElement[bool]:
    themes_of = sa.select(RecommendationTheme).where(
        col(RecommendationTheme.recommendation_id) == col(Recommendation.id)
    )
    own = themes_of.where(col(RecommendationTheme.theme_code).in_(list(theme_codes))).exists()
    crosswalk = (
        sa.select(FrameItemTheme)
        .where(
            col(FrameItemTheme.frame_item_id) == col(Recommendation.frame_item_id),
            col(FrameItemTheme.theme_code).in_(list(theme_codes)),
        )
        .exists()
    )
    return sa.or_(own, sa.and_(~themes_of.exists(), crosswalk))


def _read_rows(session: Session, query: Rows) -> list[RecommendationRow]:
    return [RecommendationRow(*row) for row in session.execute(query)]

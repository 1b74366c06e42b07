"""Loads the vocabulary and imports reports. Running either again changes nothing."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from signalen.core import events
from signalen.core.errors import DomainError
from signalen.core.ids import new_id
from signalen.core.permissions import Actor
from signalen.people.models import Municipality

from . import queries, vocabulary
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
    ThemesVerb,
)
from .report import Report
from .rules import suggest_themes
from .vocabulary import entries, item_code

Row = dict[str, Any]
Counts = dict[str, int]

_NAMESPACE = uuid.UUID("5b1f6a0e-6f0b-5c5e-9d0a-3f6f2c1b7a10")  # ours, for things that have a code and no id


class _Coded:
    """A subject of an event that has a code instead of an id: the id is derived from it."""

    __tablename__: ClassVar[Any] = "vocabulary"

    def __init__(self, code: str) -> None:
        self.id = uuid.uuid5(_NAMESPACE, f"{self.__tablename__}/{code}")


class _CodedFrame(_Coded):
    __tablename__: ClassVar[Any] = "frame"


def load_vocabulary(session: Session, *, actor: Actor) -> Counts:
    """Brings the facts of the project into the tables; gives how many rows were added or changed, per table.

    Codes, names and positions of the project follow its files. What a steward added stays, nothing is removed, and
    what was switched off stays off.
    """
    counts: Counts = {}
    municipalities = [{"code": code, "name": name} for code, name in vocabulary.MUNICIPALITIES.items()]
    counts["municipality"] = _upsert(session, Municipality, municipalities, change=False)
    counts["theme"] = _upsert(session, Theme, _coded(CodeKind.THEME))
    counts["group"] = _upsert(session, Group, _coded(CodeKind.GROUP))
    counts["barrier"] = _upsert(session, Barrier, _coded(CodeKind.BARRIER, b="b"))
    counts["place"] = _upsert(
        session, Place, _coded(CodeKind.PLACE, municipality="municipality", postcodes="postcodes")
    )
    counts["refusal_reason"] = _upsert(
        session, RefusalReason, _coded(CodeKind.REFUSAL_REASON, own="own", about="kind")
    )
    counts["keyword"] = _upsert(session, Keyword, _keywords())
    counts["frame"] = _upsert(session, Frame, _frames())
    counts["frame_item"], counts["crosswalk"] = _load_items(session)
    counts["name"] = _upsert(session, Name, _names())
    if any(counts.values()):
        changed = [table for table, count in counts.items() if count]
        events.record(
            session,
            ThemesVerb.VOCABULARY_LOADED,
            _Coded("all"),
            actor=actor,
            tables=list(changed),
        )
    queries.forget_names()
    return counts


def _coded(kind: CodeKind, **columns: str) -> list[Row]:
    return [
        {"code": entry["code"], "position": place, **{column: entry[key] for column, key in columns.items()}}
        for place, entry in enumerate(entries(kind), start=1)
    ]


def _keywords() -> list[Row]:
    return [
        {"theme_code": theme["code"], "language": language, "word": word}
        for theme in entries(CodeKind.THEME)
        for language, words in theme["keywords"].items()
        for word in dict.fromkeys(words)
    ]


def _frames() -> list[Row]:
    return [
        {
            "code": frame["code"],
            "position": place,
            **frame["source"],
            "facts": {
                "recommendations": {
                    str(item["n"]): item["recommendations"]
                    for item in frame["items"]
                    if "recommendations" in item
                }
            },
        }
        for place, frame in enumerate(entries(CodeKind.FRAME), start=1)
    ]


def _names() -> list[Row]:
    found = [
        (kind, entry["code"], entry["names"]) for kind in vocabulary.FILES for entry in entries(kind)
    ] + [
        (CodeKind.FRAME_ITEM, item_code(frame["code"], item["n"]), item["names"])
        for frame in entries(CodeKind.FRAME)
        for item in frame["items"]
    ]
    return [
        {"kind": kind, "code": code, "language": language, "name": name}
        for kind, code, names in found
        for language, name in names.items()
    ]


def _load_items(session: Session) -> tuple[int, int]:
    held = _items(session)
    wanted = [
        (frame["code"], item["n"], item["themes"])
        for frame in entries(CodeKind.FRAME)
        for item in frame["items"]
    ]
    new = [{"id": new_id(), "frame_code": frame, "n": n} for frame, n, _ in wanted if (frame, n) not in held]
    _insert(session, FrameItem, new)
    held |= {(row["frame_code"], row["n"]): row["id"] for row in new}
    links = [
        {"frame_item_id": held[frame, n], "theme_code": theme}
        for frame, n, themes in wanted
        for theme in themes
    ]
    return len(new), _upsert(session, FrameItemTheme, links)


def _items(session: Session) -> dict[tuple[str, int], uuid.UUID]:
    rows = session.exec(select(FrameItem.frame_code, FrameItem.n, FrameItem.id)).all()
    return {(frame, n): item for frame, n, item in rows}


def _upsert(session: Session, table: type[SQLModel], rows: Sequence[Row], *, change: bool = True) -> int:
    """Adds the rows that are not there (by primary key) and changes those that differ; gives how many it touched.

    Columns that a row does not name keep their value.
    """
    if not rows:
        return 0
    keys = [column.key for column in sa.inspect(table).primary_key]
    columns = [getattr(table, column) for column in rows[0]]
    held = {tuple(getattr(row, key) for key in keys): row for row in session.execute(sa.select(*columns))}
    new = [row for row in rows if tuple(row[key] for key in keys) not in held]
    changed = [
        row
        for row in rows
        if (there := held.get(tuple(row[key] for key in keys))) is not None
        and any(getattr(there, column) != value for column, value in row.items())
    ]
    _insert(session, table, new)
    if change and changed:
        session.execute(sa.update(table), changed)
    return len(new) + (len(changed) if change else 0)


def _insert(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> None:
    if rows:
        session.execute(sa.insert(table), list(rows))


@dataclass(frozen=True, slots=True)
class ImportedGroup:
    """What the import of one group did: proposals found in the report, and those that are new here."""

    number: int
    title: str
    found: int
    added: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, group by group."""

    frame_code: str
    groups: tuple[ImportedGroup, ...]

    @property
    def added(self) -> int:
        """How many recommendations are new."""
        return sum(group.added for group in self.groups)


def import_report(
    session: Session, report: Report, *, frame_code: str, language: str, actor: Actor
) -> ImportResult:
    """Adds the proposals of a report as recommendations under the items of a frame, by group number.

    A proposal that stands under its item already is not added again. A group that the frame does not know becomes an
    item with the title of the report. Each recommendation gets the themes its words speak of.
    Raises `DomainError("unknown-frame")`.
    """
    frame = session.get(Frame, frame_code)
    if frame is None:
        raise DomainError("unknown-frame", frame=frame_code)
    items = _items_for(session, report, frame_code, language)
    known = queries.keywords(session, language)
    held = _held_hashes(session, items.values())
    recommendations: list[Row] = []
    themes: list[Row] = []
    groups: list[ImportedGroup] = []
    # Ids of the same millisecond have no order of their own; the list is read in the order of the report.
    ids = iter(sorted(new_id() for group in report.groups for _ in group.entries))
    for group in report.groups:
        item = items[group.number]
        added = 0
        for position, text in enumerate(group.entries, start=1):
            mark = (item, text_hash(text))
            if mark in held:
                continue
            held.add(mark)
            added += 1
            row: Row = {
                "id": next(ids),
                "frame_item_id": item,
                "position": position,
                "year": frame.year,
                "language": language,
                "text": text,
                "text_hash": mark[1],
                "source": report.title[:200],
            }
            recommendations.append(row)
            spoken_of = suggest_themes(text, language, known)
            themes += [{"recommendation_id": row["id"], "theme_code": theme} for theme in spoken_of]
        groups.append(ImportedGroup(group.number, group.title, len(group.entries), added))
    _insert(session, Recommendation, recommendations)
    _insert(session, RecommendationTheme, themes)
    result = ImportResult(frame_code, tuple(groups))
    if result.added:
        subject = _CodedFrame(frame_code)
        events.record(
            session, ThemesVerb.REPORT_IMPORTED, subject, actor=actor, frame=frame_code, added=result.added
        )
    return result


def text_hash(text: str) -> str:
    """What makes two recommendations the same: their words, whatever the capitals and spaces. 64 hex digits."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()


def _items_for(session: Session, report: Report, frame_code: str, language: str) -> dict[int, uuid.UUID]:
    held = {n: item for (frame, n), item in _items(session).items() if frame == frame_code}
    missing = [group for group in report.groups if group.number not in held]
    new = {group.number: new_id() for group in missing}
    _insert(session, FrameItem, [{"id": item, "frame_code": frame_code, "n": n} for n, item in new.items()])
    names = [
        {
            "kind": CodeKind.FRAME_ITEM,
            "code": item_code(frame_code, group.number),
            "language": language,
            "name": (group.title or str(group.number))[:300],
        }
        for group in missing
    ]
    if names:
        _upsert(session, Name, names)
        queries.forget_names()
    return held | new


def _held_hashes(session: Session, items: Iterable[uuid.UUID]) -> set[tuple[uuid.UUID, str]]:
    wanted = select(Recommendation.frame_item_id, Recommendation.text_hash).where(
        col(Recommendation.frame_item_id).in_(list(items))
    )
    return {(item, mark) for item, mark in session.exec(wanted)}


def report_as_json(report: Report) -> Mapping[str, Any]:
    """The form in which `import-report --json` prints a report (design.md)."""
    return {
        "title": report.title,
        "groups": [
            {"number": group.number, "title": group.title, "entries": list(group.entries)}
            for group in report.groups
        ],
    }

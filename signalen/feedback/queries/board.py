"""Reads of the public board: only what a second person published."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import Commitment, CommitmentState
from signalen.core.db import UtcDateTime
from signalen.core.numbers import FEW
from signalen.dossiers.models import Ask, Dossier, DossierTheme, Round, RoundState
from signalen.dossiers.queries import counted
from signalen.feedback.models import BoardEntry, BoardPlace, BoardState
from signalen.feedback.queries.facts import DossierFacts, facts_of
from signalen.signals.models import Signal, Stage
from signalen.texts.queries import Shown, approved, pick

PAGE = 20
"""Dossiers on one page of the board."""


class Standing(StrEnum):
    """How a dossier stands for who looks for it; one dossier can stand in several."""

    ASKED = "asked"
    ANSWERED = "answered"
    LATE = "late"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty is everything."""

    theme: str = ""
    place: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A dossier as the public sees it."""

    public_id: str
    text: Shown
    stage: Stage
    facts: DossierFacts
    published_on: date
    moved_on: date
    places: Sequence[str] = field(default=())

    @property
    def late(self) -> bool:
        """Whether the city is late: with its answer, or with a promise."""
        return self.facts.broken or (self.stage is Stage.ASKED and self.facts.late_since is not None)


def board_rows(
    session: Session,
    today: date,
    *wishes: str,
    limit: int = PAGE,
    only: str | None = None,
    wanted: Wanted | None = None,
    after: str = "",
) -> list[BoardRow]:
    """Published dossiers in the first wished language there is (else Dutch), the one that moved last first.

    `only`: the public address of one; `after`: that of the dossier with which the page before ended. A dossier that was merged
    into another is left to the other one.
    """
    query = _published(select(BoardEntry, Dossier), wanted or Wanted(), today)
    query = query.order_by(col(Dossier.stage_since).desc(), col(Dossier.id).desc()).limit(limit)
    if only is not None:
        query = query.where(Dossier.public_id == only)
    last = session.exec(select(Dossier).where(Dossier.public_id == after)).first() if after else None
    if last is not None:
        place = sa.tuple_(sa.literal(last.stage_since, UtcDateTime()), sa.literal(last.id, sa.Uuid()))
        query = query.where(sa.tuple_(col(Dossier.stage_since), col(Dossier.id)) < place)
    entries = session.exec(query).all()
    versions = approved(session, [entry.text_id for entry, _ in entries])
    totals = {dossier.id: entry.shown_total for entry, dossier in entries}
    facts = facts_of(session, [dossier for _, dossier in entries], today, totals=totals)
    places = _places(session, [entry.id for entry, _ in entries])
    rows = []
    for entry, dossier in entries:
        text = pick(versions.get(entry.text_id, {}), *wishes)
        if text is not None and entry.published_at is not None:
            rows.append(
                BoardRow(
                    dossier.public_id,
                    text,
                    dossier.stage,
                    facts[dossier.id],
                    entry.published_at.date(),
                    dossier.stage_since.date(),
                    places.get(entry.id, ()),
                )
            )
    return rows


def standings(session: Session, today: date, wanted: Wanted) -> dict[Standing, int]:
    """How many published dossiers of this theme and district stand where."""
    columns = [sa.func.count(sa.case((_stands(each, today), 1))) for each in Standing]
    row = session.execute(_published(sa.select(*columns), Wanted(wanted.theme, wanted.place), today)).one()
    return dict(zip(Standing, row, strict=True))


def offered(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """The themes and the districts of what stands on the board: others lead nowhere."""
    ids = _published(sa.select(col(Dossier.id)), Wanted(), date.min)
    themes = sa.select(sa.literal("theme"), col(DossierTheme.theme_code)).where(
        col(DossierTheme.dossier_id).in_(ids)
    )
    places = (
        sa.select(sa.literal("place"), col(BoardPlace.place_code))
        .join(BoardEntry, col(BoardEntry.id) == col(BoardPlace.entry_id))
        .where(col(BoardPlace.shown), col(BoardEntry.dossier_id).in_(ids))
    )
    found: dict[str, set[str]] = {"theme": set(), "place": set()}
    for kind, code in session.execute(sa.union(themes, places)):
        found[kind].add(code)
    return frozenset(found["theme"]), frozenset(found["place"])


def places_with_enough(session: Session, dossier: Dossier) -> Sequence[tuple[str, int]]:
    """The districts from which at least five signals of this dossier come, with how many."""
    rows = session.execute(
        sa.select(col(Signal.place_code), sa.func.count())
        .where(col(Signal.id).in_(counted(dossier.id)), col(Signal.place_code).is_not(None))
        .group_by(col(Signal.place_code))
        .having(sa.func.count() >= FEW)
        .order_by(sa.func.count().desc(), col(Signal.place_code))
    )
    return [(str(code), int(number)) for code, number in rows]


def places_of(session: Session, entry_id: uuid.UUID) -> list[str]:
    """The districts that were chosen for an entry, shown or waiting for the second person."""
    return list(session.exec(select(BoardPlace.place_code).where(BoardPlace.entry_id == entry_id)))


def _published(query: Any, wanted: Wanted, today: date) -> Any:
    """Those that stand on the board, of this theme and district, and standing so."""
    query = (
        query.select_from(BoardEntry)
        .join(Dossier, col(Dossier.id) == col(BoardEntry.dossier_id))
        .where(col(BoardEntry.state) == BoardState.PUBLISHED, col(Dossier.merged_into_id).is_(None))
    )
    if wanted.theme:
        themed = sa.select(col(DossierTheme.dossier_id)).where(col(DossierTheme.theme_code) == wanted.theme)
        query = query.where(col(Dossier.id).in_(themed))
    if wanted.place:
        placed = sa.select(col(BoardPlace.entry_id)).where(
            col(BoardPlace.place_code) == wanted.place, col(BoardPlace.shown)
        )
        query = query.where(col(BoardEntry.id).in_(placed))
    return query.where(_stands(wanted.standing, today)) if wanted.standing else query


def _stands(standing: Standing, today: date) -> sa.ColumnElement[bool]:
    match standing:
        case Standing.ASKED:
            return col(Dossier.stage) == Stage.ASKED
        case Standing.ANSWERED:
            return col(Dossier.answered_on).is_not(None)
        case Standing.CHANGED:
            return col(Dossier.done_on).is_not(None)
        case Standing.LATE:
            return _late(today)


def _late(today: date) -> sa.ColumnElement[bool]:
    """As `BoardRow.late` says it: an answer of the last round or a promise is past its date."""
    last = (
        sa.select(sa.func.max(col(Round.number)))
        .where(col(Round.dossier_id) == col(Dossier.id), col(Round.state) != RoundState.OPEN)
        .correlate(Dossier)
        .scalar_subquery()
    )
    answer = (
        sa.select(sa.literal(1))
        .select_from(Ask)
        .join(Round, col(Round.id) == col(Ask.round_id))
        .where(
            col(Round.dossier_id) == col(Dossier.id),
            col(Round.number) == last,
            ~col(Ask.final),
            col(Ask.paused_since).is_(None),
            col(Ask.due_on) < today,
        )
        .correlate(Dossier)
        .exists()
    )
    promise = (
        sa.select(sa.literal(1))
        .where(
            col(Commitment.dossier_id) == col(Dossier.id),
            sa.or_(
                col(Commitment.state) == CommitmentState.BROKEN,
                sa.and_(col(Commitment.state) == CommitmentState.OPEN, col(Commitment.due_on) < today),
            ),
        )
        .correlate(Dossier)
        .exists()
    )
    return sa.or_(sa.and_(col(Dossier.stage) == Stage.ASKED, answer), promise)


def _places(session: Session, entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for entry_id, code in session.exec(
        select(BoardPlace.entry_id, BoardPlace.place_code)
        .where(col(BoardPlace.entry_id).in_(entry_ids), col(BoardPlace.shown))
        .order_by(col(BoardPlace.place_code))
    ):
        found[entry_id].append(code)
    return found


@dataclass(frozen=True, slots=True)
class BoardWork:
    """A dossier with what stands on the board, or waits to be put there."""

    dossier: Dossier
    entry: BoardEntry | None


def board_work(session: Session) -> Sequence[BoardWork]:
    """Dossiers that stand on the board or wait for a second person, and those that went to the city and are not on it."""
    rows = session.exec(
        select(Dossier, BoardEntry)
        .outerjoin(BoardEntry, col(BoardEntry.dossier_id) == col(Dossier.id))
        .where(col(Dossier.merged_into_id).is_(None))
        .order_by(col(Dossier.stage_since).desc())
        .limit(200)
    ).all()
    return [BoardWork(dossier, entry) for dossier, entry in rows]

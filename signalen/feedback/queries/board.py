"""Reads of the public board: only what a second person published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from signalen.dossiers.models import Dossier
from signalen.feedback.models import BoardEntry, BoardState
from signalen.feedback.queries.facts import DossierFacts, facts_of
from signalen.signals.models import Stage
from signalen.texts.queries import Shown, approved, pick


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A dossier as the public sees it."""

    public_id: str
    text: Shown
    stage: Stage
    facts: DossierFacts
    published_on: date

    @property
    def late(self) -> bool:
        """Whether the city is late: with its answer, or with a promise."""
        return self.facts.broken or (self.stage is Stage.ASKED and self.facts.late_since is not None)


def board_rows(
    session: Session, today: date, *wishes: str, limit: int = 100, only: str | None = None
) -> list[BoardRow]:
    """Published dossiers in the first wished language there is (else Dutch), the one that moved last first.

    `only`: the public address of one. A dossier that was merged into another is left to the other one.
    """
    query = (
        select(BoardEntry, Dossier)
        .join(Dossier, col(Dossier.id) == col(BoardEntry.dossier_id))
        .where(BoardEntry.state == BoardState.PUBLISHED, col(Dossier.merged_into_id).is_(None))
        .order_by(col(Dossier.stage_since).desc())
        .limit(limit)
    )
    if only is not None:
        query = query.where(Dossier.public_id == only)
    entries = session.exec(query).all()
    versions = approved(session, [entry.text_id for entry, _ in entries])
    totals = {dossier.id: entry.shown_total for entry, dossier in entries}
    facts = facts_of(session, [dossier for _, dossier in entries], today, totals=totals)
    rows = []
    for entry, dossier in entries:
        text = pick(versions.get(entry.text_id, {}), *wishes)
        if text is not None and entry.published_at is not None:
            rows.append(
                BoardRow(dossier.public_id, text, dossier.stage, facts[dossier.id], entry.published_at.date())
            )
    return rows


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

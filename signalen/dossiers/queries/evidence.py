"""The evidence of a dossier: how many signals, about what, where, whom, brought by whom, when. For the desk: real numbers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.dossiers.models import Dossier, Quote
from signalen.dossiers.queries.membership import counted
from signalen.people.models import Organisation
from signalen.signals.models import People, Signal, SignalGroup, SignalTheme

Counts = Sequence[tuple[str | None, int]]
"""(code or name, number), the largest first; None is "not said"."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of the signals that count in a dossier (`membership.counted`).

    `themes`, `groups`, `places` by code (a signal can have several themes and groups); `organisations` by name, None for
    residents; `people` by band; `months` as "2026-11", in order of time, by the month in which it was received.
    """

    total: int
    themes: Counts
    groups: Counts
    places: Counts
    organisations: Counts
    people: Counts
    months: Counts

    @property
    def organisations_named(self) -> int:
        """How many organisations brought signals."""
        return sum(name is not None for name, _ in self.organisations)


def evidence(session: Session, dossier: Dossier) -> Evidence:
    """The counts of a dossier: six statements, whatever its size."""
    ids = counted(dossier.id)
    by_place = _counts(session, col(Signal.place_code), ids)
    month = sa.extract("year", col(Signal.received_at)) * 100 + sa.extract("month", col(Signal.received_at))
    months = session.exec(
        select(month, sa.func.count()).where(col(Signal.id).in_(ids)).group_by(month).order_by(month)
    ).all()
    organisations = session.exec(
        select(Organisation.name, sa.func.count())
        .select_from(Signal)
        .join(Organisation, col(Organisation.id) == col(Signal.organisation_id), isouter=True)
        .where(col(Signal.id).in_(ids))
        .group_by(Organisation.name)
    ).all()
    return Evidence(
        total=sum(number for _, number in by_place),
        themes=_linked(session, col(SignalTheme.theme_code), col(SignalTheme.signal_id), ids),
        groups=_linked(session, col(SignalGroup.group_code), col(SignalGroup.signal_id), ids),
        places=by_place,
        organisations=_sorted(organisations),
        people=[
            (band.value if band else None, number)
            for band, number in _in_order(_counts(session, col(Signal.people), ids))
        ],
        months=[(f"{int(m) // 100}-{int(m) % 100:02d}", number) for m, number in months],
    )


def total(session: Session, dossier: Dossier) -> int:
    """How many signals count in the dossier: one statement."""
    return session.exec(select(sa.func.count()).select_from(counted(dossier.id).subquery())).one()


def quotes(session: Session, dossier_id: uuid.UUID) -> Sequence[Quote]:
    """Words copied with consent, the first one first, as long as they may stand there.

    A copy is shown while its giver consents and its signal counts in the dossier. When the signal was shielded after the copy was
    made, only what was copied from its safe line since then is left: the copy held the words that nobody else may read now.
    """
    return session.exec(
        select(Quote)
        .join(Signal, col(Signal.id) == col(Quote.signal_id))
        .where(
            Quote.dossier_id == dossier_id,
            col(Signal.id).in_(counted(dossier_id)),
            col(Signal.may_quote_at).is_not(None),
            ~col(Signal.sensitive) | (col(Quote.at) >= col(Signal.released_at)),
        )
        .order_by(col(Quote.id))
    ).all()


def _counts(session: Session, what: Any, ids: Any) -> Any:
    return _sorted(
        session.exec(select(what, sa.func.count()).where(col(Signal.id).in_(ids)).group_by(what)).all()
    )


def _linked(session: Session, what: Any, signal_id: Any, ids: Any) -> Counts:
    return _sorted(session.exec(select(what, sa.func.count()).where(signal_id.in_(ids)).group_by(what)).all())


def _sorted(rows: Any) -> list[tuple[Any, int]]:
    return sorted(
        ((what, int(number)) for what, number in rows), key=lambda row: (row[0] is None, -row[1], str(row[0]))
    )


def _in_order(rows: Any) -> list[tuple[Any, int]]:
    order = {band: place for place, band in enumerate(People)}
    return sorted(rows, key=lambda row: order.get(row[0], len(order)))

"""Which dossiers a person may see, and which signals are in them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core.permissions import Actor, Permission, may
from signalen.dossiers.models import Dossier, DossierSignal
from signalen.people.models import Organisation
from signalen.signals.models import Signal, Stage

GONE = (Stage.WITHDRAWN, Stage.REFUSED)
"""Signals that count nowhere: taken back by their giver, or no signals."""


def visible_dossiers(actor: Actor) -> SelectOfScalar[Dossier]:
    """Dossiers of the desk: all of them for staff, none for anyone else. Workers see syntheses, the city its asks."""
    query = select(Dossier)
    return query if may(actor, Permission.DOSSIER_READ) else query.where(sa.false())


def resolve(session: Session, dossier_id: uuid.UUID) -> Dossier | None:
    """The dossier at this address now, following merges; None when there is none."""
    dossier = session.get(Dossier, dossier_id)
    while dossier is not None and dossier.merged_into_id is not None:
        dossier = session.get(Dossier, dossier.merged_into_id)
    return dossier


def leading_ids(dossier_id: uuid.UUID) -> SelectOfScalar[uuid.UUID]:
    """Ids of the signals that this dossier leads now: a select, so that ten thousand cost no list."""
    return select(DossierSignal.signal_id).where(
        DossierSignal.dossier_id == dossier_id,
        col(DossierSignal.leading),
        col(DossierSignal.until).is_(None),
    )


def leading_dossier(session: Session, signal_id: uuid.UUID) -> Dossier | None:
    """The dossier that leads this signal now."""
    return session.exec(
        select(Dossier)
        .join(DossierSignal, col(DossierSignal.dossier_id) == col(Dossier.id))
        .where(
            DossierSignal.signal_id == signal_id,
            col(DossierSignal.leading),
            col(DossierSignal.until).is_(None),
        )
    ).first()


def dossiers_of(session: Session, signal_id: uuid.UUID) -> Sequence[tuple[Dossier, bool]]:
    """Dossiers that hold this signal now, the leading one first; with whether it leads."""
    rows = session.exec(
        select(Dossier, DossierSignal.leading)
        .join(DossierSignal, col(DossierSignal.dossier_id) == col(Dossier.id))
        .where(DossierSignal.signal_id == signal_id, col(DossierSignal.until).is_(None))
        .order_by(col(DossierSignal.leading).desc(), col(Dossier.id))
    ).all()
    return [(dossier, leading) for dossier, leading in rows]


def counts() -> sa.ColumnElement[bool]:
    """The condition on `DossierSignal` and `Signal` that `counted` states for one dossier."""
    return sa.and_(
        col(DossierSignal.until).is_(None),
        col(Signal.stage).not_in(GONE),
        ~col(Signal.sensitive) | col(Signal.released_at).is_not(None),
    )


def counted(dossier_id: uuid.UUID) -> SelectOfScalar[uuid.UUID]:
    """Ids of the signals that count as evidence: in the dossier now (led or cited), not withdrawn, and, when sensitive, only
    after a named reader released a safe line (design.md, "Sensitive").
    """
    return (
        select(Signal.id)
        .join(DossierSignal, col(DossierSignal.signal_id) == col(Signal.id))
        .where(DossierSignal.dossier_id == dossier_id, counts())
    )


def organisations_of(session: Session, dossier: Dossier) -> list[tuple[uuid.UUID, str]]:
    """Organisations whose signals count in the dossier, by name: those who are asked to agree."""
    rows = session.exec(
        select(Organisation.id, Organisation.name)
        .where(
            col(Organisation.id).in_(
                select(Signal.organisation_id).where(col(Signal.id).in_(counted(dossier.id)))
            )
        )
        .order_by(Organisation.name)
    ).all()
    return [(organisation_id, name) for organisation_id, name in rows]


def owed(dossier_id: uuid.UUID) -> SelectOfScalar[uuid.UUID]:
    """Ids of led signals that are *answered* and not told: late joiners of a told dossier are among them."""
    return (
        select(Signal.id)
        .where(col(Signal.id).in_(leading_ids(dossier_id)))
        .where(Signal.stage == Stage.ANSWERED)
    )

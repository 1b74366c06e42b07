"""Rounds and asks of a dossier."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from signalen.dossiers.models import Ask, Dossier, Round
from signalen.people.models import Body


def current_round(session: Session, dossier: Dossier) -> Round | None:
    """The last round of a dossier, whatever its state; None when it never had one."""
    return session.exec(
        select(Round).where(Round.dossier_id == dossier.id).order_by(col(Round.number).desc()).limit(1)
    ).first()


def rounds_of(session: Session, dossier: Dossier) -> Sequence[Round]:
    """All rounds, the last one first."""
    return session.exec(
        select(Round).where(Round.dossier_id == dossier.id).order_by(col(Round.number).desc())
    ).all()


def asks_of(session: Session, round_ids: Sequence[uuid.UUID]) -> Sequence[tuple[Ask, Body]]:
    """Asks of these rounds with the body that is asked, in the order in which they were added."""
    rows = session.exec(
        select(Ask, Body)
        .join(Body, col(Body.id) == col(Ask.body_id))
        .where(col(Ask.round_id).in_(round_ids))
        .order_by(col(Ask.id))
    ).all()
    return [(ask, body) for ask, body in rows]

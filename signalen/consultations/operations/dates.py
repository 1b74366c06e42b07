"""Dates that move with an agenda or an interim answer, for a dossier and the signals it leads, in two statements; and the turn to
answer, which is one per round.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.dossiers.models import Ask, Dossier, DossierSignal, Round
from signalen.signals.models import Signal, Stage


def take_turn(session: Session, ask: Ask) -> None:
    """Waits until nobody else changes this round, and reads it and the ask again.

    Two bodies that answer at the same moment would each find the other one still open, and the round would never end; one
    question would be answered twice. On SQLite a writing session is alone anyhow.
    """
    fresh = {"populate_existing": True}
    session.exec(
        select(Round).where(Round.id == ask.round_id).with_for_update(), execution_options=fresh
    ).one()
    session.exec(select(Ask).where(Ask.round_id == ask.round_id), execution_options=fresh).all()


def set_due(session: Session, dossier_ids: Sequence[uuid.UUID], stage: Stage, due_on: date) -> None:
    """The new date of these dossiers, and of the signals they lead, as far as they stand in `stage`."""
    leading = select(DossierSignal.signal_id).where(
        col(DossierSignal.dossier_id).in_(dossier_ids),
        col(DossierSignal.leading),
        col(DossierSignal.until).is_(None),
    )
    session.flush()
    session.execute(
        sa.update(Dossier)
        .where(col(Dossier.id).in_(dossier_ids), col(Dossier.stage) == stage)
        .values(due_on=due_on)
    )
    session.execute(
        sa.update(Signal)
        .where(col(Signal.id).in_(leading), col(Signal.stage) == stage)
        .values(due_on=due_on)
        .execution_options(synchronize_session=False)
    )


def follow_asks(session: Session, dossier_id: uuid.UUID, round_id: uuid.UUID) -> None:
    """The dossier that was asked is due when the last of its open asks is: an interim answer can move that day."""
    last = session.exec(
        select(sa.func.max(Ask.due_on)).where(Ask.round_id == round_id, ~col(Ask.final))
    ).one()
    if last is not None:
        set_due(session, [dossier_id], Stage.ASKED, last)

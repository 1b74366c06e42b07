"""Reads around the telling of a round: which rounds wait, which bodies may still look, what was flagged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.dossiers.models import Ask, DossierSignal, Round
from signalen.feedback.models import BodyCheck, Delivery, Feedback, FeedbackState, Flag
from signalen.people.models import Body
from signalen.signals.models import Signal, Stage


def bodies_of(session: Session, round_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The bodies that were asked in a round, with their names."""
    rows = session.exec(
        select(Body.id, Body.name)
        .join(Ask, col(Ask.body_id) == col(Body.id))
        .where(Ask.round_id == round_id)
        .order_by(Body.name)
        .distinct()
    )
    return dict(rows.all())


def bodies_waiting(session: Session, feedback: Feedback) -> list[str]:
    """Names of the bodies that did not say yet that the text is faithful."""
    said = bodies_said(session, feedback.id)
    return [name for body_id, name in bodies_of(session, feedback.round_id).items() if body_id not in said]


def bodies_said(session: Session, feedback_id: uuid.UUID) -> set[uuid.UUID]:
    """The bodies that said the text is faithful."""
    return set(session.exec(select(BodyCheck.body_id).where(BodyCheck.feedback_id == feedback_id)).all())


def flags_of(session: Session, feedback_id: uuid.UUID) -> Sequence[tuple[Flag, str]]:
    """Every flag of a feedback with the name of its body, the first one first."""
    rows = session.exec(
        select(Flag, Body.name)
        .join(Body, col(Body.id) == col(Flag.body_id))
        .where(Flag.feedback_id == feedback_id)
        .order_by(col(Flag.at))
    ).all()
    return [(flagged, name) for flagged, name in rows]


def open_flags(session: Session, feedback_id: uuid.UUID) -> int:
    """How many flags nobody settled yet."""
    return session.exec(
        select(sa.func.count()).where(Flag.feedback_id == feedback_id, col(Flag.settled_at).is_(None))
    ).one()


def not_caught_up(dossier_id: uuid.UUID | None = None) -> SelectOfScalar[Feedback]:
    """Delivered feedback of a last round whose dossier leads an *answered* signal without a delivery: somebody joined late."""
    later = aliased(Round)
    last = select(sa.func.max(later.number)).where(later.dossier_id == Round.dossier_id).scalar_subquery()
    delivered = (
        sa.select(sa.literal(1))
        .where(col(Delivery.feedback_id) == col(Feedback.id), col(Delivery.signal_id) == col(Signal.id))
        .exists()
    )
    owing = (
        sa.select(sa.literal(1))
        .select_from(DossierSignal)
        .join(Signal, col(Signal.id) == col(DossierSignal.signal_id))
        .where(
            col(DossierSignal.dossier_id) == col(Feedback.dossier_id),
            col(DossierSignal.leading),
            col(DossierSignal.until).is_(None),
            col(Signal.stage) == Stage.ANSWERED,
            ~delivered,
        )
        .correlate(Feedback)
        .exists()
    )
    query = (
        select(Feedback)
        .join(Round, col(Round.id) == col(Feedback.round_id))
        .where(Feedback.state == FeedbackState.DELIVERED, Round.number == last, owing)
    )
    return query if dossier_id is None else query.where(Feedback.dossier_id == dossier_id)

"""What time closes: the reaction period after *told*, and the absolute limit for a giver who cannot be reached."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.permissions import SYSTEM, Actor
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import settle
from signalen.feedback.models import Delivery, DeliveryState, Feedback, FeedbackVerb
from signalen.feedback.operations.board import refresh_totals
from signalen.feedback.operations.delivering import catch_up, not_reached
from signalen.feedback.workflow import TOLD
from signalen.people.queries import setting
from signalen.signals.models import Signal, Stage
from signalen.signals.operations import move_many

LIMIT = "not-reached-months"
LIMIT_MONTHS = 36
"""facts/loop.md: the absolute limit, after which a giver counts as not reached and retention can start."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What one run did."""

    caught_up: int
    closed: int
    not_reached: int


def close_due(session: Session, today: date, *, actor: Actor = SYSTEM) -> Closed:
    """Closes told signals whose time to react is over, and gives up on who could not be reached. Running twice does nothing more."""
    late = catch_up(session, actor=actor)
    closed = sum(_close(session, feedback, today, actor) for feedback in _over(session, today))
    gone = _unreachable(session, today)
    for delivery in gone:
        not_reached(session, delivery, actor=actor)
    refresh_totals(session)
    return Closed(late, closed, len(gone))


def _silent(today: date) -> sa.Select[uuid.UUID]:
    return sa.select(col(Delivery.signal_id)).where(
        col(Delivery.state).in_(TOLD), col(Delivery.reaction_until) < today
    )


def _over(session: Session, today: date) -> list[Feedback]:
    told = sa.select(col(Signal.id)).where(col(Signal.stage) == Stage.TOLD)
    ids = (
        sa.select(col(Delivery.feedback_id))
        .where(
            col(Delivery.state).in_(TOLD),
            col(Delivery.reaction_until) < today,
            col(Delivery.signal_id).in_(told),
        )
        .distinct()
    )
    return list(session.exec(select(Feedback).where(col(Feedback.id).in_(ids))).all())


def _close(session: Session, feedback: Feedback, today: date, actor: Actor) -> int:
    waits = (
        sa.select(sa.literal(1))
        .where(
            col(Delivery.signal_id) == col(Signal.id),
            sa.or_(col(Delivery.reaction_until) >= today, col(Delivery.state) == DeliveryState.READY),
        )
        .exists()
    )
    ids = select(Signal.id).where(
        col(Signal.id).in_(_silent(today).where(col(Delivery.feedback_id) == feedback.id)),
        Signal.stage == Stage.TOLD,
        # The answer of a later round still has its own time.
        ~waits,
    )
    count: int = move_many(session, ids, Stage.CLOSED, due_on=None, about=feedback, actor=actor)
    if count:
        events.record(session, FeedbackVerb.CLOSED, feedback, actor=actor, count=count)
        dossier = session.exec(select(Dossier).where(Dossier.id == feedback.dossier_id)).one()
        settle(session, dossier, actor=actor)
    return count


def _unreachable(session: Session, today: date) -> list[Delivery]:
    months = int(setting(session, LIMIT, LIMIT_MONTHS))
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    limit = date(year, month + 1, 1)
    rows = session.exec(
        select(Delivery, Signal.received_at)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .where(Delivery.state == DeliveryState.READY, Signal.stage == Stage.ANSWERED)
        .order_by(col(Signal.received_at))
        .limit(1000)
    ).all()
    return [delivery for delivery, received in rows if clock.day_of(received) < limit]

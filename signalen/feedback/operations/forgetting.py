"""What telling holds of one giver: the words they wrote about an answer; and nobody waits for them any more."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.permissions import Actor
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import settle
from signalen.dossiers.queries import leading_dossier, leading_ids
from signalen.feedback.models import Delivery, DeliveryState, FeedbackVerb, Reaction
from signalen.signals.models import Signal, Stage
from signalen.signals.operations import move_many


def forget(session: Session, signal: Signal, *, actor: Actor) -> None:
    """Deliveries and yes or no stay, as counts; the words go. An answer that was not told yet reaches nobody now."""
    deliveries = session.exec(select(Delivery).where(Delivery.signal_id == signal.id)).all()
    session.connection().execute(
        sa.update(Reaction)
        .where(col(Reaction.delivery_id).in_([delivery.id for delivery in deliveries]))
        .values(sealed=None, key_id=None)
    )
    for delivery in deliveries:
        if delivery.state is DeliveryState.READY:
            delivery.state, delivery.state_at = DeliveryState.NOT_REACHED, clock.now()
            session.flush()
            events.record(session, FeedbackVerb.NOT_REACHED, delivery, actor=actor, erased=True)
    session.flush()


def close_erased(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """Signals that travelled on without their giver are closed when the answer is there: there is nobody to tell."""
    ids = select(Signal.id).where(
        col(Signal.id).in_(leading_ids(dossier.id)), col(Signal.erased_at).is_not(None)
    )
    if session.exec(ids.where(Signal.stage == Stage.ANSWERED).limit(1)).first() is not None:
        for target in (Stage.TOLD, Stage.CLOSED):
            move_many(session, ids, target, due_on=None, about=dossier, actor=actor)


def settle_after(session: Session, signal: Signal, *, actor: Actor) -> None:
    """The dossier follows, when this was the last one that waited."""
    dossier = leading_dossier(session, signal.id)
    if dossier is not None:
        settle(session, dossier, actor=actor)

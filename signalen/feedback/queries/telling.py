"""Reads for who tells it by hand."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core.permissions import Actor, Permission, may
from signalen.feedback.models import Delivery, DeliveryWay
from signalen.people.models import User
from signalen.signals.models import Giver, Signal


def tellable(actor: Actor) -> SelectOfScalar[Delivery]:
    """Deliveries that this person tells by hand: of the givers who know them; of colleagues who left, sensitive ones left out."""
    teller = sa.func.coalesce(Giver.told_by, Signal.recorded_by)
    query = (
        select(Delivery)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .join(User, col(User.id) == teller, isouter=True)
        .where(Delivery.way == DeliveryWay.HAND)
    )
    if not may(actor, Permission.SIGNAL_TELL):
        return query.where(sa.false())
    orphan = sa.and_(
        col(Signal.organisation_id).in_(list(actor.organisations)),
        sa.or_(teller.is_(None), ~col(User.active)),
        ~col(Signal.sensitive),
    )
    return query.where(sa.or_(teller == actor.user_id, orphan))

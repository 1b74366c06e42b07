"""Reads for who tells it by hand."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core import clock
from signalen.core.permissions import Actor, Permission, may
from signalen.feedback.models import Delivery, DeliveryState, DeliveryWay, Feedback
from signalen.people.models import Membership, User
from signalen.signals.giver_models import ToldThrough
from signalen.signals.models import Giver, HearsBack, Signal, SignalText, Stage, TextKind
from signalen.signals.visible import seen_by
from signalen.texts.models import TextState, TextVersion

MOST = 200
"""Rows on one page; those told first make room."""


def tellable(actor: Actor) -> SelectOfScalar[Delivery]:
    """Deliveries that this person tells by hand: of the givers who know them; of colleagues who left, and of residents who asked
    for a worker of this organisation, sensitive ones left out.

    Who left an organisation leaves its givers to the colleagues there: the words of its signals are no longer theirs to read.
    """
    teller = sa.func.coalesce(Giver.told_by, Signal.recorded_by)
    query = (
        select(Delivery)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .where(Delivery.way == DeliveryWay.HAND)
    )
    if not may(actor, Permission.SIGNAL_TELL):
        return query.where(sa.false())
    ours = col(Signal.organisation_id).in_(list(actor.organisations))
    orphan = sa.and_(ours, ~_still_there(teller), ~col(Signal.sensitive))
    own = sa.and_(teller == actor.user_id, sa.or_(col(Signal.organisation_id).is_(None), ours))
    asked = sa.and_(_through(actor.organisations), ~col(Signal.sensitive))
    return query.where(sa.or_(own, orphan, asked))


def _through(organisations: Collection[uuid.UUID] | None = None) -> sa.ColumnElement[bool]:
    """Whether a resident asked to hear it from a worker of one of these organisations; of any, when none are given."""
    asked = sa.select(sa.literal(1)).where(col(ToldThrough.giver_id) == col(Giver.id)).correlate(Giver)
    if organisations is not None:
        asked = asked.where(col(ToldThrough.organisation_id).in_(list(organisations)))
    return asked.exists()


def _still_there(teller: Any) -> sa.ColumnElement[bool]:
    """Whether the person who knows the giver still works there: active, and of the organisation that brought the signal."""
    works_there = sa.and_(col(Membership.user_id) == col(User.id), col(Membership.until).is_(None))
    return (
        sa.select(col(User.id))
        .outerjoin(Membership, works_there)
        .where(
            col(User.id) == teller,
            col(User.active),
            sa.or_(
                col(Signal.organisation_id).is_(None),
                col(Membership.organisation_id) == col(Signal.organisation_id),
            ),
        )
        .correlate(Signal, Giver)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class HandRow:
    """One giver to be told by hand. `words` only of signals that are not sensitive; `contact` sealed."""

    delivery: Delivery
    reference: str
    received_on: date
    language: str
    giver_language: str
    hears_back: HearsBack
    words: str | None
    sensitive: bool
    stage: Stage
    text_id: uuid.UUID
    giver_id: uuid.UUID
    contact: tuple[str, bytes] | None


def own_rows(session: Session, actor: Actor) -> list[HandRow]:
    """Givers this person still has to tell, and those they told who may still react."""
    waiting = tellable(actor).where(
        sa.or_(
            col(Delivery.state) == DeliveryState.READY,
            sa.and_(
                col(Delivery.state) == DeliveryState.TOLD_BY_HAND,
                col(Delivery.by) == actor.user_id,
                col(Signal.stage) == Stage.TOLD,
            ),
        )
    )
    return _rows(session, waiting, actor)


class ToTell(NamedTuple):
    """One giver to be told: in which languages there is a text to read out, and since which day."""

    delivery_id: uuid.UUID
    signal_id: uuid.UUID
    giver_language: str
    hears_back: HearsBack
    ready_at: datetime
    texts: tuple[str, ...]


_TEXTS = (
    sa.select(sa.func.aggregate_strings(col(TextVersion.language), " "))
    .join(Feedback, col(Feedback.text_id) == col(TextVersion.text_id))
    .where(col(Feedback.id) == col(Delivery.feedback_id), col(TextVersion.state) == TextState.APPROVED)
    .correlate(Delivery)
    .scalar_subquery()
)


def to_tell(session: Session, actor: Actor, signal_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ToTell]:
    """What this person can tell now about each of these signals: one statement, none for an empty list."""
    if not signal_ids:
        return {}
    rows = session.execute(
        tellable(actor)
        .with_only_columns(
            col(Delivery.id),
            col(Delivery.signal_id),
            col(Giver.language),
            col(Giver.hears_back),
            col(Delivery.state_at),
            _TEXTS,
        )
        .where(col(Delivery.state) == DeliveryState.READY, col(Delivery.signal_id).in_(signal_ids))
        .order_by(col(Delivery.state_at))
    )
    return {
        signal_id: ToTell(delivery_id, signal_id, spoken, hears_back, ready_at, tuple(sorted(texts.split())))
        for delivery_id, signal_id, spoken, hears_back, ready_at, texts in rows
        if texts
    }


def waiting_signals(actor: Actor) -> sa.Select[tuple[uuid.UUID]]:
    """Ids of the signals whose giver this person has to tell."""
    ready = tellable(actor).where(Delivery.state == DeliveryState.READY)
    return ready.with_only_columns(col(Delivery.signal_id))


def staff_rows(session: Session, actor: Actor) -> list[HandRow]:
    """Givers nobody else tells: they left a phone number, or the worker who knows them left. Sensitive ones for readers only."""
    teller = sa.func.coalesce(Giver.told_by, Signal.recorded_by)
    query = (
        select(Delivery)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .where(
            Delivery.way == DeliveryWay.HAND,
            Delivery.state == DeliveryState.READY,
            sa.or_(col(Giver.hears_back) == HearsBack.CONTACT, ~_still_there(teller)),
            sa.or_(~_through(), col(Signal.sensitive)),
            seen_by(actor),
        )
    )
    return _rows(session, query, actor)


def _rows(session: Session, deliveries: SelectOfScalar[Delivery], actor: Actor) -> list[HandRow]:
    """What to tell; the words of the signal only where this person sees the signal itself."""
    ids = deliveries.with_only_columns(col(Delivery.id)).limit(MOST)
    rows = session.exec(
        select(Delivery, Signal, Giver, Feedback)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .join(Feedback, col(Feedback.id) == col(Delivery.feedback_id))
        .where(col(Delivery.id).in_(ids))
        .order_by(col(Feedback.id), col(Signal.id))
    ).all()
    words = dict(
        session.exec(
            select(SignalText.signal_id, SignalText.words)
            .join(Signal, col(Signal.id) == col(SignalText.signal_id))
            .where(
                col(SignalText.signal_id).in_([signal.id for _, signal, _, _ in rows]),
                SignalText.kind == TextKind.ORIGINAL,
                seen_by(actor),
            )
        ).all()
    )
    return [
        HandRow(
            delivery,
            signal.reference,
            clock.day_of(signal.received_at),
            signal.language,
            giver.language,
            giver.hears_back,
            words.get(signal.id),
            signal.sensitive,
            signal.stage,
            feedback.text_id,
            giver.id,
            (giver.contact_key, giver.contact_sealed)
            if giver.contact_key is not None and giver.contact_sealed is not None
            else None,
        )
        for delivery, signal, giver, feedback in rows
    ]

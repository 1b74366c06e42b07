"""The answer to every giver: ready on each follow page, sent where a contact was left; *told* only when it reached them."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.permissions import SYSTEM, Actor, ActorKind, Permission, Role, check_may, may
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import settle
from signalen.dossiers.queries import leading_dossier, owed
from signalen.feedback.models import (
    Delivery,
    DeliveryState,
    DeliveryWay,
    Feedback,
    FeedbackState,
    FeedbackVerb,
)
from signalen.feedback.operations.bulk import make_deliveries, open_again, post_mails
from signalen.feedback.operations.forgetting import close_erased
from signalen.feedback.queries.rounds import bodies_waiting, not_caught_up
from signalen.feedback.queries.telling import tellable
from signalen.feedback.rules import body_time_over
from signalen.feedback.workflow import check_delivery_move, check_feedback_move
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.signals.models import Signal, Stage
from signalen.signals.operations import move
from signalen.texts.queries import SOURCE, approved


def deliver(session: Session, feedback: Feedback, *, actor: Actor, everyone: bool = False) -> int:
    """Makes the approved text ready for every giver that is owed it, and posts the mails. Gives the number of deliveries.

    Who said "I do not understand" gets the new text as a new delivery of theirs; with `everyone` so does who was told an
    earlier version (the city corrected itself). Not before the body's days are over, or every body said it is faithful.
    """
    check_may(actor, Permission.FEEDBACK_DELIVER)
    check_feedback_move(feedback.state, FeedbackState.DELIVERED)
    versions = approved(session, [feedback.text_id]).get(feedback.text_id, {})
    if SOURCE not in versions:
        raise Missing("answer")
    waiting = bodies_waiting(session, feedback)
    if not body_time_over(feedback.body_until, clock.today(), waiting_for=len(waiting)):
        raise DomainError("body-may-still-flag", until=feedback.body_until)
    feedback.state = FeedbackState.DELIVERED
    session.flush()
    again = open_again(session, feedback, everyone=everyone)
    made = make_deliveries(session, feedback, list(versions))
    post_mails(session, feedback, versions[SOURCE])
    session.connection().execute(
        sa.update(Signal).where(col(Signal.id).in_(owed(feedback.dossier_id))).values(due_on=None)
    )
    dossier = session.exec(select(Dossier).where(Dossier.id == feedback.dossier_id)).one()
    dossier.due_on = None
    session.flush()
    events.record(session, FeedbackVerb.DELIVERED, feedback, actor=actor, count=made, again=again)
    close_erased(session, dossier, actor=actor)
    settle(session, dossier, actor=actor)
    return made + again


def catch_up(session: Session, *, dossier_id: uuid.UUID | None = None, actor: Actor = SYSTEM) -> int:
    """Givers whose signal joined a dossier after it was told are owed its answer too (facts/loop.md)."""
    made = 0
    for feedback in session.exec(not_caught_up(dossier_id)).all():
        versions = approved(session, [feedback.text_id]).get(feedback.text_id, {})
        count = make_deliveries(session, feedback, list(versions)) if SOURCE in versions else 0
        if count:
            post_mails(session, feedback, versions[SOURCE])
            events.record(session, FeedbackVerb.DELIVERED, feedback, actor=actor, count=count, again=0)
            made += count
    return made


def open_delivery(session: Session, delivery: Delivery, *, language: str, actor: Actor) -> None:
    """The giver opened the answer on the follow page: now it is told. `language`: the one the text was shown in."""
    delivery.language = language
    if delivery.state is DeliveryState.OPENED:
        session.flush()
        return
    told(session, delivery, DeliveryState.OPENED, FeedbackVerb.OPENED, actor)


def mark_sent(session: Session, delivery_id: uuid.UUID) -> None:
    """The mail server took the mail: told, unless it bounces."""
    delivery = session.exec(select(Delivery).where(Delivery.id == delivery_id)).first()
    if delivery is not None and delivery.state is DeliveryState.READY:
        told(session, delivery, DeliveryState.SENT, FeedbackVerb.SENT, SYSTEM)


def mark_bounced(session: Session, delivery_id: uuid.UUID) -> None:
    """The address does not work: the answer waits on the follow page, and nobody counts it as told."""
    delivery = session.exec(select(Delivery).where(Delivery.id == delivery_id)).first()
    if delivery is None or delivery.state not in {DeliveryState.READY, DeliveryState.SENT}:
        return
    delivery.way, delivery.state, delivery.state_at = DeliveryWay.PAGE, DeliveryState.READY, clock.now()
    session.flush()
    events.record(session, FeedbackVerb.NOT_REACHED, delivery, actor=SYSTEM, bounced=True)


def tell_by_hand(
    session: Session,
    delivery: Delivery,
    *,
    actor: Actor,
    on: date | None = None,
    language: str | None = None,
) -> None:
    """Notes "I told them", said by the worker whom the giver knows, or by staff. `on`: the day it was told, today when not said;
    between the day it was ready and today. `language`: the one it was told in. The time to react counts from today: who notes it
    late can still say what the giver thinks of it.
    """
    check_tells(session, delivery, actor)
    day = on or clock.today()
    if day > clock.today():
        raise DomainError("told-later")
    if day < clock.day_of(delivery.state_at):
        raise DomainError("told-too-early", ready=clock.day_of(delivery.state_at))
    delivery.language = language or delivery.language
    told(session, delivery, DeliveryState.TOLD_BY_HAND, FeedbackVerb.TOLD_BY_HAND, actor, on=day)
    delivery.by = actor.user_id
    session.flush()


def not_reached(session: Session, delivery: Delivery, *, actor: Actor) -> None:
    """A giver cannot be found any more: closed as not reached, said as such and counted apart."""
    check_tells(session, delivery, actor)
    check_delivery_move(delivery.state, DeliveryState.NOT_REACHED)
    delivery.state, delivery.state_at = DeliveryState.NOT_REACHED, clock.now()
    delivery.by = actor.id
    session.flush()
    events.record(session, FeedbackVerb.NOT_REACHED, delivery, actor=actor)
    signal = session.exec(select(Signal).where(Signal.id == delivery.signal_id)).one()
    # The table knows no way from answered to closed but by told; that nobody was told stands in the delivery.
    for target in (Stage.TOLD, Stage.CLOSED):
        if signal.stage in {Stage.ANSWERED, Stage.TOLD} and signal.stage is not target:
            move(session, signal, target, due_on=None, actor=actor)
    _settle(session, signal, actor)


def check_tells(session: Session, delivery: Delivery, actor: Actor) -> None:
    """Staff may tell anyone whose signal they may see; a worker their own givers, and those of their organisation whose worker left."""
    check_may(actor, Permission.SIGNAL_TELL)
    if actor.kind is ActorKind.SYSTEM:
        return
    signal = session.exec(select(Signal).where(Signal.id == delivery.signal_id)).one()
    if Role.STAFF in actor.roles and may(actor, Permission.SIGNAL_TELL, signal):
        return
    if session.exec(tellable(actor).where(Delivery.id == delivery.id)).first() is None:
        raise NotAllowed(Permission.SIGNAL_TELL)


def told(
    session: Session,
    delivery: Delivery,
    state: DeliveryState,
    verb: FeedbackVerb,
    actor: Actor,
    *,
    on: date | None = None,
) -> None:
    """The answer reached this giver: their time to react runs, and the signal and its dossier follow."""
    check_delivery_move(delivery.state, state)
    signal = session.exec(select(Signal).where(Signal.id == delivery.signal_id)).one()
    if delivery.reaction_until is None:
        dossier = leading_dossier(session, signal.id)
        delivery.reaction_until = clocks.due(
            session,
            ClockName.REACT,
            clock.today(),
            municipality=dossier.municipality if dossier else "",
        )
    earlier = on is not None and on < clock.today()
    delivery.state, delivery.state_at = state, clock.noon(on) if on and earlier else clock.now()
    session.flush()
    facts = {"on": on.isoformat(), "language": delivery.language} if on else {}
    events.record(session, verb, delivery, actor=actor, **facts)
    if signal.stage is Stage.ANSWERED:
        move(session, signal, Stage.TOLD, due_on=delivery.reaction_until, actor=actor)
        _settle(session, signal, actor)


def _settle(session: Session, signal: Signal, actor: Actor) -> None:
    dossier = leading_dossier(session, signal.id)
    if dossier is not None:
        settle(session, dossier, actor=actor)

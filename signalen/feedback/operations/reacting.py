"""What a giver says of the answer: do I understand it, does it help (facts/loop.md, "Two questions to the giver")."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events, outbox
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.ids import new_id
from signalen.core.models import RecipientKind
from signalen.core.permissions import Actor, ActorKind, Permission
from signalen.core.vault import Vault
from signalen.dossiers.models import Dossier, DossierVerb
from signalen.dossiers.operations import contest, reopen, settle
from signalen.dossiers.queries import leading_dossier
from signalen.dossiers.workflow import Because, check_dossier_move
from signalen.feedback.models import (
    Delivery,
    DeliveryState,
    Feedback,
    FeedbackState,
    FeedbackVerb,
    Helped,
    Reaction,
)
from signalen.feedback.operations.writing import back_to_writing
from signalen.feedback.rules import dossier_reopens
from signalen.feedback.sealing import words_context
from signalen.feedback.workflow import TOLD
from signalen.people.queries import is_demo, setting
from signalen.signals.models import Signal, Stage
from signalen.signals.operations import move, reopen_signal
from signalen.texts.models import TextState, TextVersion
from signalen.texts.queries import SOURCE

REOPEN_PERCENT, REOPEN_AT_LEAST = "reopen-percent", "reopen-at-least"
"""Settings: from which share of the givers who were told, and from how many, a *no* opens the dossier itself."""
DEFAULTS = {REOPEN_PERCENT: 20, REOPEN_AT_LEAST: 3}
IN_DEMO = {REOPEN_PERCENT: 0, REOPEN_AT_LEAST: 1}


def react(
    session: Session,
    vault: Vault,
    delivery: Delivery,
    *,
    understood: bool | None,
    helped: Helped | None,
    words: str = "",
    actor: Actor,
) -> Reaction:
    """The giver answers one or both questions, or the worker who told them does so for them.

    Not understood: the text goes back to its writer, and no clock runs for this giver until there is a new one. No: the signal
    is open again, the dossier is contested, and from a share on it opens too. Yes: closed. A little: the time to react goes on.
    """
    signal = session.exec(select(Signal).where(Signal.id == delivery.signal_id)).one()
    _check_reacts(delivery, signal, actor)
    if understood is None and helped is None:
        raise Missing("helped")
    reaction_id = new_id()
    sealed = vault.seal(words.strip(), words_context(reaction_id)) if words.strip() else None
    made = Reaction(
        id=reaction_id,
        delivery_id=delivery.id,
        understood=understood,
        helped=helped,
        sealed=sealed.data if sealed else None,
        key_id=sealed.key_id if sealed else None,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    events.record(
        session,
        FeedbackVerb.REACTED,
        delivery,
        actor=actor,
        understood=understood,
        helped=helped.value if helped else None,
    )
    if understood is False:
        _back_to_writer(session, delivery, actor)
    if helped is Helped.NO:
        _open_again(session, delivery, signal, actor)
    elif helped is Helped.YES and understood is not False and signal.stage is Stage.TOLD:
        move(session, signal, Stage.CLOSED, due_on=None, actor=actor)
        dossier = leading_dossier(session, signal.id)
        if dossier is not None:
            settle(session, dossier, actor=actor)
    return made


def _check_reacts(delivery: Delivery, signal: Signal, actor: Actor) -> None:
    giver = actor.kind is ActorKind.GIVER and actor.id == signal.giver_id
    teller = (
        actor.kind is ActorKind.USER
        and delivery.state is DeliveryState.TOLD_BY_HAND
        and delivery.by == actor.id
    )
    if not giver and not teller:
        raise NotAllowed(Permission.SIGNAL_TELL)
    if delivery.state not in TOLD:
        raise DomainError("not-told-yet")


def _back_to_writer(session: Session, delivery: Delivery, actor: Actor) -> None:
    delivery.reaction_until = None
    feedback = session.exec(select(Feedback).where(Feedback.id == delivery.feedback_id)).one()
    if feedback.state is FeedbackState.DELIVERED:
        back_to_writing(session, feedback)
    session.flush()
    events.record(session, FeedbackVerb.WRITTEN, feedback, actor=actor, not_understood=True)
    version = session.exec(
        select(TextVersion).where(
            TextVersion.text_id == feedback.text_id,
            TextVersion.language == SOURCE,
            TextVersion.state == TextState.APPROVED,
        )
    ).first()
    if version is not None and version.written_by is not None:
        outbox.post(
            session,
            "staff-text-not-understood",
            RecipientKind.USER,
            version.written_by,
            unique_key=f"staff-text-not-understood:{version.id}",
            feedback=str(feedback.id),
        )


def _open_again(session: Session, delivery: Delivery, signal: Signal, actor: Actor) -> None:
    dossier = leading_dossier(session, signal.id)
    if signal.stage in {Stage.TOLD, Stage.CLOSED}:
        reopen_signal(session, signal, to=Stage.BUNDLED if dossier else Stage.READ, actor=actor)
    if dossier is None:
        return
    contest(session, dossier, actor=actor)
    feedback_id = delivery.feedback_id
    told = session.exec(
        select(sa.func.count()).where(Delivery.feedback_id == feedback_id, col(Delivery.state).in_(TOLD))
    ).one()
    if dossier_reopens(
        _nos(session, feedback_id),
        told,
        percent=_setting(session, REOPEN_PERCENT),
        at_least=_setting(session, REOPEN_AT_LEAST),
    ):
        _reopen_dossier(session, dossier, actor)


def _reopen_dossier(session: Session, dossier: Dossier, actor: Actor) -> None:
    if dossier.stage is Stage.ANSWERED:
        # Those who were told decide; who was not told yet keeps that answer coming.
        check_dossier_move(dossier.stage, Stage.TOLD)
        dossier.stage, dossier.stage_since, dossier.due_on = Stage.TOLD, clock.now(), None
        session.flush()
        events.record(session, DossierVerb.MOVED, dossier, actor=actor, to=Stage.TOLD)
    reopen(session, dossier, because=Because.GIVERS_SAY_NO, actor=actor)


def _nos(session: Session, feedback_id: object) -> int:
    """Givers whose last word on "does it help" is no."""
    later = (
        sa.select(sa.func.max(col(Reaction.at)))
        .where(col(Reaction.delivery_id) == col(Delivery.id), col(Reaction.helped).is_not(None))
        .correlate(Delivery)
        .scalar_subquery()
    )
    return session.exec(
        select(sa.func.count(sa.distinct(col(Delivery.id))))
        .join(Reaction, col(Reaction.delivery_id) == col(Delivery.id))
        .where(
            Delivery.feedback_id == feedback_id,
            Reaction.helped == Helped.NO,
            col(Reaction.at) == later,
        )
    ).one()


def _setting(session: Session, name: str) -> int:
    default = (IN_DEMO if is_demo(session) else DEFAULTS)[name]
    return int(setting(session, name, default))

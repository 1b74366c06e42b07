"""Promises with an owner and a date: made, kept, dropped, and brought back when they are late."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import (
    AgendaItem,
    Commitment,
    CommitmentState,
    Consultation,
    ConsultationState,
    ConsultationVerb,
)
from signalen.consultations.operations.agenda import add_item
from signalen.consultations.workflow import check_commitment_move
from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.permissions import SYSTEM, Actor, Permission, check_may, may
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import mark_done, mark_not_done, put_first_in_line, reopen
from signalen.dossiers.queries import resolve
from signalen.dossiers.workflow import Because
from signalen.signals.models import Stage

MAKERS = (Permission.ANSWER_RECORD, Permission.ASK_ANSWER, Permission.TOETS_EDIT)
CAN_COME_BACK = frozenset({Stage.BUNDLED, Stage.ON_AGENDA, Stage.TOLD, Stage.CLOSED})
"""Where a dossier can be taken up again because of a promise. One that is *asked* or *answered* comes back after it was told."""


def commit_to(
    session: Session,
    *,
    dossier_id: uuid.UUID | None,
    answer_id: uuid.UUID | None,
    body_id: uuid.UUID | None,
    what: str,
    owner: str,
    due_on: date,
    actor: Actor,
) -> Commitment:
    """A promise of a body: made by an answer, in a meeting, or as a condition of a test. Owner and words are needed."""
    if not any(may(actor, permission) for permission in MAKERS):
        raise NotAllowed(Permission.ANSWER_RECORD)
    lacks = [name for name, value in (("what", what), ("owner", owner)) if not value.strip()]
    if lacks:
        raise Missing(*lacks)
    commitment = Commitment(
        dossier_id=dossier_id,
        answer_id=answer_id,
        body_id=body_id,
        what=what.strip(),
        owner=owner.strip()[:200],
        due_on=due_on,
        created_at=clock.now(),
    )
    session.add(commitment)
    session.flush()
    events.record(
        session,
        ConsultationVerb.COMMITTED,
        commitment,
        actor=actor,
        dossier=str(dossier_id) if dossier_id else None,
        due_on=due_on.isoformat(),
    )
    return commitment


def keep_commitment(session: Session, commitment: Commitment, proof: str, *, actor: Actor) -> None:
    """It was done, and this shows it. Also for one that was late: that stays in the row."""
    _close(session, commitment, CommitmentState.KEPT, proof, actor=actor)
    events.record(session, ConsultationVerb.COMMITMENT_KEPT, commitment, actor=actor)


def drop_commitment(session: Session, commitment: Commitment, reason: str, *, actor: Actor) -> None:
    """It will not be done any more, and why."""
    _close(session, commitment, CommitmentState.DROPPED, reason, actor=actor)
    events.record(session, ConsultationVerb.COMMITMENT_DROPPED, commitment, actor=actor)


def drop_replaced(session: Session, commitment: Commitment, *, actor: Actor) -> None:
    """The answer that promised it was corrected; the new answer stands beside it and says what is promised now."""
    check_commitment_move(commitment.state, CommitmentState.DROPPED)
    commitment.state, commitment.closed_on = CommitmentState.DROPPED, clock.today()
    session.flush()
    events.record(session, ConsultationVerb.COMMITMENT_DROPPED, commitment, actor=actor, replaced=True)


def finish(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """The dossier is *done*: something changed. Only when no promise of it is open or broken (facts/loop.md, "Answered is not
    done"); otherwise `promises-open` with how many.
    """
    count = session.exec(
        select(sa.func.count())
        .select_from(Commitment)
        .where(
            Commitment.dossier_id == dossier.id,
            col(Commitment.state).in_([CommitmentState.OPEN, CommitmentState.BROKEN]),
        )
    ).one()
    if count:
        raise DomainError("promises-open", count=count)
    mark_done(session, dossier, actor=actor)


def come_back(session: Session, today: date, *, actor: Actor = SYSTEM) -> list[Commitment]:
    """Promises whose date is over come back (facts/loop.md): each is *broken* from the day after, its dossier is open again and
    stands first on the next consultation of its municipality that is open for items, or waits first in line when there is none.

    Once for each promise, however often this runs. A dossier that is with the city, or whose answer was not told yet, comes
    back when that is over. Gives the promises that were found late now.
    """
    late = session.exec(
        select(Commitment)
        .where(Commitment.state == CommitmentState.OPEN, Commitment.due_on < today)
        .order_by(col(Commitment.due_on), col(Commitment.id))
    ).all()
    for commitment in late:
        check_commitment_move(commitment.state, CommitmentState.BROKEN)
        commitment.state, commitment.late_since = CommitmentState.BROKEN, today
        session.flush()
        events.record(session, ConsultationVerb.COMMITMENT_BROKEN, commitment, actor=actor)
    waiting = session.exec(
        select(Commitment)
        .where(
            Commitment.state == CommitmentState.BROKEN,
            col(Commitment.came_back_on).is_(None),
            col(Commitment.dossier_id).is_not(None),
        )
        .order_by(col(Commitment.due_on), col(Commitment.id))
    ).all()
    for commitment in waiting:
        _bring_back(session, commitment, today, actor=actor)
    return list(late)


def next_consultation(session: Session, municipality: str, today: date) -> Consultation | None:
    """The next consultation with this municipality that is open for items."""
    return session.exec(
        select(Consultation)
        .where(
            Consultation.municipality == municipality,
            Consultation.state == ConsultationState.PLANNED,
            Consultation.held_on >= today,
        )
        .order_by(col(Consultation.held_on), col(Consultation.starts), col(Consultation.id))
        .limit(1)
    ).first()


def _bring_back(session: Session, commitment: Commitment, today: date, *, actor: Actor) -> None:
    dossier = resolve(session, commitment.dossier_id) if commitment.dossier_id else None
    if dossier is None or dossier.stage not in CAN_COME_BACK:
        return
    bundled = reopen(session, dossier, because=Because.COMMITMENT_BROKEN, actor=actor)
    mark_not_done(session, dossier, actor=actor)
    commitment.came_back_on = today
    session.flush()
    events.record(
        session, ConsultationVerb.COMMITMENT_CAME_BACK, commitment, actor=actor, dossier=str(dossier.id)
    )
    if not bundled:
        _say_why(session, dossier, commitment)
        return
    consultation = next_consultation(session, dossier.municipality, today)
    if consultation is None:
        put_first_in_line(session, dossier, actor=actor)
    else:
        add_item(session, consultation, dossier=dossier, because_commitment_id=commitment.id, actor=actor)


def _say_why(session: Session, dossier: Dossier, commitment: Commitment) -> None:
    """It stands on an agenda already: there it says that a promise was broken."""
    open_agendas = sa.select(col(Consultation.id)).where(
        col(Consultation.state).in_([ConsultationState.PLANNED, ConsultationState.FROZEN])
    )
    item = session.exec(
        select(AgendaItem).where(
            AgendaItem.dossier_id == dossier.id,
            col(AgendaItem.consultation_id).in_(open_agendas),
            col(AgendaItem.because_commitment_id).is_(None),
        )
    ).first()
    if item is not None:
        item.because_commitment_id = commitment.id
        session.flush()


def _close(
    session: Session, commitment: Commitment, target: CommitmentState, words: str, *, actor: Actor
) -> None:
    check_may(actor, Permission.ANSWER_RECORD)
    check_commitment_move(commitment.state, target)
    if not words.strip():
        raise Missing("proof")
    commitment.state, commitment.proof, commitment.closed_on = target, words.strip(), clock.today()
    session.flush()

"""What stands on an agenda, in which order and for how long."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from signalen.consultations.models import (
    AgendaItem,
    Commitment,
    CommitmentState,
    Consultation,
    ConsultationState,
    ConsultationVerb,
    ItemOutcome,
    Purpose,
)
from signalen.consultations.queries.agenda import items_of
from signalen.consultations.rules import moved
from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import move_dossier
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.signals.models import Stage


def add_item(
    session: Session,
    consultation: Consultation,
    *,
    dossier: Dossier | None = None,
    title: str = "",
    purpose: Purpose = Purpose.DECIDE,
    minutes: int = 30,
    brought_by: str = "",
    actor: Actor,
    because_commitment_id: uuid.UUID | None = None,
) -> AgendaItem:
    """Puts a point on an agenda that is open for items: last, or, because of a promise that was not kept, first.

    A dossier is *on the agenda* from here, due on the day of the consultation; refused with `Missing` while it lacks something
    for the city, and with `other-municipality` when the consultation faces another one. Without a title it gets the dossier's.
    """
    check_may(actor, Permission.CONSULTATION_EDIT)
    check_open(consultation)
    if dossier is not None:
        if dossier.municipality != consultation.municipality:
            raise DomainError("other-municipality")
        move_dossier(session, dossier, Stage.ON_AGENDA, due_on=consultation.held_on, actor=actor)
        if because_commitment_id is None:
            because_commitment_id = broken_promise(session, dossier.id)
    title = title.strip() or (dossier.title if dossier else "")
    if not title:
        raise Missing("title")
    order = items_of(session, consultation.id)
    first = sum(other.because_commitment_id is not None for other in order)
    item = AgendaItem(
        consultation_id=consultation.id,
        dossier_id=dossier.id if dossier else None,
        position=len(order),
        title=title[:200],
        purpose=purpose,
        minutes=minutes,
        brought_by=brought_by.strip(),
        because_commitment_id=because_commitment_id,
    )
    session.add(item)
    order.insert(first if because_commitment_id else len(order), item)
    _number(order)
    changed(session, consultation)
    events.record(
        session,
        ConsultationVerb.ITEM_ADDED,
        consultation,
        actor=actor,
        item=str(item.id),
        dossier=str(dossier.id) if dossier else None,
        because=str(because_commitment_id) if because_commitment_id else None,
    )
    return item


def edit_item(
    session: Session,
    item: AgendaItem,
    *,
    title: str,
    purpose: Purpose,
    minutes: int,
    brought_by: str,
    actor: Actor,
) -> None:
    """Changes a point of an agenda that is open for items."""
    check_may(actor, Permission.CONSULTATION_EDIT)
    consultation = session.get_one(Consultation, item.consultation_id)
    check_open(consultation)
    if not title.strip():
        raise Missing("title")
    item.title, item.purpose, item.minutes = title.strip(), purpose, minutes
    item.brought_by = brought_by.strip()
    changed(session, consultation)
    events.record(session, ConsultationVerb.ITEM_CHANGED, consultation, actor=actor, item=str(item.id))


def move_item(session: Session, item: AgendaItem, *, by: int, actor: Actor) -> None:
    """Moves a point up (`by` negative) or down; at the ends nothing changes."""
    check_may(actor, Permission.CONSULTATION_EDIT)
    consultation = session.get_one(Consultation, item.consultation_id)
    check_open(consultation)
    order = moved(items_of(session, consultation.id), item, by)
    before = item.position
    _number(order)
    if item.position == before:
        return
    changed(session, consultation)
    events.record(
        session,
        ConsultationVerb.ITEM_MOVED,
        consultation,
        actor=actor,
        item=str(item.id),
        position=item.position,
    )


def remove_item(session: Session, item: AgendaItem, *, actor: Actor) -> None:
    """Takes a point off an agenda that is open for items; its dossier is *bundled* again, with a new clock for a choice.

    Refused with `item-in-use` while something of another room hangs on it.
    """
    check_may(actor, Permission.CONSULTATION_EDIT)
    consultation = session.get_one(Consultation, item.consultation_id)
    check_open(consultation)
    dossier = session.get(Dossier, item.dossier_id) if item.dossier_id else None
    item_id = str(item.id)
    try:
        with session.begin_nested():
            session.delete(item)
            session.flush()
    except IntegrityError as error:
        raise DomainError("item-in-use") from error
    if dossier is not None and dossier.stage is Stage.ON_AGENDA:
        back_to_bundled(session, dossier, actor=actor)
    _number(items_of(session, consultation.id))
    changed(session, consultation)
    events.record(session, ConsultationVerb.ITEM_REMOVED, consultation, actor=actor, item=item_id)


def note_said(session: Session, item: AgendaItem, words: str, *, actor: Actor) -> None:
    """What was said about a point, also when it is mended after the meeting."""
    check_may(actor, Permission.CONSULTATION_EDIT)
    consultation = session.get_one(Consultation, item.consultation_id)
    if consultation.state is not ConsultationState.HELD:
        raise DomainError("not-held-yet")
    item.said = words.strip()
    session.flush()
    events.record(session, ConsultationVerb.SAID, consultation, actor=actor, item=str(item.id))


def check_open(consultation: Consultation) -> None:
    """Raises `agenda-closed` when items can no longer be added, moved or removed."""
    if consultation.state is not ConsultationState.PLANNED:
        raise DomainError("agenda-closed")


def changed(session: Session, consultation: Consultation) -> None:
    """Another revision, so that calendars that took the old one take the new one."""
    consultation.revision += 1
    session.flush()


def back_to_bundled(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """A dossier that leaves an agenda without having been discussed waits for a choice again."""
    due_on = clocks.due(session, ClockName.CHOOSE, clock.today(), municipality=dossier.municipality)
    move_dossier(session, dossier, Stage.BUNDLED, due_on=due_on, actor=actor)


def broken_promise(session: Session, dossier_id: uuid.UUID) -> uuid.UUID | None:
    """The promise because of which this dossier is open again, when no consultation took it up yet."""
    on_agenda = sa.select(col(AgendaItem.because_commitment_id)).where(
        col(AgendaItem.because_commitment_id).is_not(None),
        col(AgendaItem.outcome).is_(None) | (col(AgendaItem.outcome) == ItemOutcome.DISCUSSED),
    )
    return session.execute(
        sa.select(col(Commitment.id))
        .where(
            col(Commitment.dossier_id) == dossier_id,
            col(Commitment.state) == CommitmentState.BROKEN,
            col(Commitment.came_back_on).is_not(None),
            col(Commitment.id).not_in(on_agenda),
        )
        .order_by(col(Commitment.due_on))
        .limit(1)
    ).scalar()


def _number(order: list[AgendaItem]) -> None:
    for position, item in enumerate(order):
        item.position = position

"""A test on the agenda of a consultation: staff bring it there, and the link belongs to this room."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import AgendaItem, Consultation, ConsultationState, Purpose
from signalen.consultations.operations import add_item, remove_item
from signalen.core import events
from signalen.core.errors import DomainError
from signalen.core.permissions import Actor, Permission, check_may
from signalen.toetsen.models import Decision, Outcome, Toets, ToetsAgendaItem, ToetsState, ToetsVerb
from signalen.toetsen.queries import form_of

COMING = (ConsultationState.PLANNED, ConsultationState.FROZEN)


@dataclass(frozen=True, slots=True)
class AgendaTest:
    """The test behind a point of an agenda."""

    toets_id: uuid.UUID
    state: ToetsState
    outcome: Outcome | None


def put_on_agenda(
    session: Session,
    toets: Toets,
    decision: Decision,
    consultation: Consultation,
    *,
    minutes: int = 20,
    brought_by: str = "",
    actor: Actor,
) -> AgendaItem:
    """Puts a test on an agenda that is open for points, under its Dutch name and the title of the decision.

    Raises `toets-on-agenda` when a consultation that is still to come has it already, and `toets-other-municipality`.
    """
    check_may(actor, Permission.TOETS_EDIT)
    if consultation.municipality != decision.municipality:
        raise DomainError("toets-other-municipality")
    if coming_point(session, toets) is not None:
        raise DomainError("toets-on-agenda")
    item = add_item(
        session,
        consultation,
        title=f"{form_of(toets).names['nl']}: {decision.title}",
        purpose=Purpose.ADVISE,
        minutes=minutes,
        brought_by=brought_by,
        actor=actor,
    )
    session.add(ToetsAgendaItem(agenda_item_id=item.id, toets_id=toets.id))
    session.flush()
    events.record(session, ToetsVerb.ON_AGENDA, toets, actor=actor, item=str(item.id))
    return item


def take_off_agenda(session: Session, toets: Toets, *, actor: Actor) -> None:
    """Takes a test off the agenda that is still to come; without one nothing happens."""
    check_may(actor, Permission.TOETS_EDIT)
    found = coming_point(session, toets)
    if found is None:
        return
    item, _consultation = found
    session.delete(session.get_one(ToetsAgendaItem, item.id))
    session.flush()
    remove_item(session, item, actor=actor)
    events.record(session, ToetsVerb.OFF_AGENDA, toets, actor=actor)


def coming_point(session: Session, toets: Toets) -> tuple[AgendaItem, Consultation] | None:
    """Where this test stands on the agenda of a consultation that is still to come."""
    points = _points(session, toets)
    return next((each for each in points if each[1].state in COMING), None)


def last_point(session: Session, toets: Toets) -> tuple[AgendaItem, Consultation] | None:
    """The last consultation that has or had this test on its agenda and was not cancelled."""
    points = _points(session, toets)
    return next((each for each in points if each[1].state is not ConsultationState.CANCELLED), None)


def _points(session: Session, toets: Toets) -> list[tuple[AgendaItem, Consultation]]:
    found = session.exec(
        select(AgendaItem, Consultation)
        .join(ToetsAgendaItem, col(ToetsAgendaItem.agenda_item_id) == col(AgendaItem.id))
        .join(Consultation, col(Consultation.id) == col(AgendaItem.consultation_id))
        .where(ToetsAgendaItem.toets_id == toets.id)
        .order_by(col(Consultation.held_on).desc(), col(AgendaItem.id).desc())
    ).all()
    return [(item, consultation) for item, consultation in found]


def open_agendas(session: Session, decision: Decision) -> list[tuple[uuid.UUID, str, date]]:
    """Consultations with this municipality that are open for points, the first one first: id, title, day."""
    found = session.execute(
        sa.select(col(Consultation.id), col(Consultation.title), col(Consultation.held_on))
        .where(
            col(Consultation.municipality) == decision.municipality,
            col(Consultation.state) == ConsultationState.PLANNED,
        )
        .order_by(col(Consultation.held_on), col(Consultation.id))
    ).all()
    return [(key, title, day) for key, title, day in found]


def tests_on(session: Session, consultation_id: uuid.UUID) -> dict[uuid.UUID, AgendaTest]:
    """The tests on an agenda, per point: one statement."""
    found = session.execute(
        sa.select(col(ToetsAgendaItem.agenda_item_id), col(Toets.id), col(Toets.state), col(Toets.outcome))
        .join(AgendaItem, col(AgendaItem.id) == col(ToetsAgendaItem.agenda_item_id))
        .join(Toets, col(Toets.id) == col(ToetsAgendaItem.toets_id))
        .where(col(AgendaItem.consultation_id) == consultation_id)
    ).all()
    return {item: AgendaTest(toets, state, outcome) for item, toets, state, outcome in found}

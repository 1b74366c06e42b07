"""A consultation: planned, frozen, held or cancelled."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session, col, select

from signalen.consultations.models import (
    AgendaItem,
    Arrangement,
    Consultation,
    ConsultationState,
    ConsultationVerb,
    ItemOutcome,
)
from signalen.consultations.operations.agenda import add_item, back_to_bundled, changed
from signalen.consultations.operations.dates import set_due
from signalen.consultations.queries.agenda import items_of
from signalen.consultations.workflow import check_consultation_move
from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.permissions import SYSTEM, Actor, Permission, check_may
from signalen.dossiers.models import AskWay, Dossier, Round, RoundState
from signalen.dossiers.operations import put_first_in_line, send_asks
from signalen.dossiers.queries import current_round
from signalen.signals.models import Stage


def plan_consultation(
    session: Session,
    *,
    municipality: str,
    title: str,
    held_on: date,
    starts: str,
    minutes: int,
    place: str = "",
    who: str = "",
    arrangements: Iterable[Arrangement] = (),
    arrangements_note: str = "",
    demo: bool = False,
    actor: Actor,
) -> Consultation:
    """A consultation that is open for items. `starts` is a time in Brussels ("14:00").

    Dossiers of this municipality that waited first in line stand on it at once (facts/loop.md), unless its day is over.
    """
    check_may(actor, Permission.CONSULTATION_EDIT)
    consultation = Consultation(
        municipality=municipality,
        title=title,
        held_on=held_on,
        starts=starts,
        minutes=minutes,
        place=place,
        who=who,
        arrangements=_ordered(arrangements),
        arrangements_note=arrangements_note,
        created_at=clock.now(),
        demo=demo,
    )
    session.add(consultation)
    session.flush()
    events.record(session, ConsultationVerb.PLANNED, consultation, actor=actor)
    if held_on >= clock.today():
        for dossier in _first_in_line(session, municipality):
            # The system puts it there: what comes back by itself is not held up by what it lacks.
            add_item(session, consultation, dossier=dossier, actor=SYSTEM)
    return consultation


def edit(
    session: Session,
    consultation: Consultation,
    *,
    title: str,
    held_on: date,
    starts: str,
    minutes: int,
    place: str = "",
    who: str = "",
    arrangements: Iterable[Arrangement] = (),
    arrangements_note: str = "",
    actor: Actor,
) -> None:
    """Changes day, place, who and arrangements of a consultation that was not held. A new day moves its dossiers' dates along."""
    check_may(actor, Permission.CONSULTATION_EDIT)
    if consultation.state not in {ConsultationState.PLANNED, ConsultationState.FROZEN}:
        raise DomainError("agenda-closed")
    new_day = held_on != consultation.held_on
    consultation.title, consultation.held_on, consultation.starts = title, held_on, starts
    consultation.minutes, consultation.place, consultation.who = minutes, place, who
    consultation.arrangements, consultation.arrangements_note = _ordered(arrangements), arrangements_note
    changed(session, consultation)
    if new_day:
        ids = [item.dossier_id for item in items_of(session, consultation.id) if item.dossier_id]
        set_due(session, ids, Stage.ON_AGENDA, held_on)
    events.record(session, ConsultationVerb.EDITED, consultation, actor=actor, day=held_on.isoformat())


def freeze(session: Session, consultation: Consultation, *, actor: Actor) -> None:
    """The agenda goes out: nothing is added, moved or removed any more."""
    _move(session, consultation, ConsultationState.FROZEN, ConsultationVerb.FROZEN, actor)


def open_again(session: Session, consultation: Consultation, *, actor: Actor) -> None:
    """A frozen agenda is open for items again."""
    _move(session, consultation, ConsultationState.PLANNED, ConsultationVerb.REOPENED, actor)


def cancel(session: Session, consultation: Consultation, *, actor: Actor) -> None:
    """It does not take place: its dossiers are *bundled* again, and what came back because of a promise is first in line."""
    _move(session, consultation, ConsultationState.CANCELLED, ConsultationVerb.CANCELLED, actor)
    for item in items_of(session, consultation.id):
        item.outcome = ItemOutcome.NOT_REACHED
        dossier = _on_agenda(session, item.dossier_id)
        if dossier is not None:
            back_to_bundled(session, dossier, actor=actor)
            _again_first(session, dossier, item, actor=actor)
    session.flush()


def hold(
    session: Session,
    consultation: Consultation,
    said: Mapping[uuid.UUID, tuple[ItemOutcome, str]],
    *,
    actor: Actor,
) -> None:
    """After the meeting: per item (by its id) whether it was discussed, and what was said.

    The open asks of a discussed dossier go out on the day of the consultation; what was not reached is *bundled* again, and
    first in line when a broken promise brought it. Every item needs an outcome (`Missing("outcome")`); not before its day.
    """
    if clock.today() < consultation.held_on:
        raise DomainError("not-held-yet")
    items = items_of(session, consultation.id)
    if any(item.id not in said for item in items):
        raise Missing("outcome")
    _move(session, consultation, ConsultationState.HELD, ConsultationVerb.HELD, actor)
    for item in items:
        item.outcome, item.said = said[item.id][0], said[item.id][1].strip()
        dossier = _on_agenda(session, item.dossier_id)
        if dossier is None:
            continue
        if item.outcome is ItemOutcome.DISCUSSED:
            send_asks(
                session, _open_round(session, dossier), AskWay.CONSULTATION, consultation.held_on, actor=actor
            )
        else:
            back_to_bundled(session, dossier, actor=actor)
            _again_first(session, dossier, item, actor=actor)
    session.flush()


def _move(
    session: Session,
    consultation: Consultation,
    target: ConsultationState,
    verb: ConsultationVerb,
    actor: Actor,
) -> None:
    check_may(actor, Permission.CONSULTATION_EDIT)
    check_consultation_move(consultation.state, target)
    consultation.state = target
    changed(session, consultation)
    events.record(session, verb, consultation, actor=actor)


def _ordered(arrangements: Iterable[Arrangement]) -> list[str]:
    chosen = set(arrangements)
    return [each.value for each in Arrangement if each in chosen]


def _open_round(session: Session, dossier: Dossier) -> Round:
    round_ = current_round(session, dossier)
    if round_ is None or round_.state is not RoundState.OPEN:
        raise Missing("measure")
    return round_


def _on_agenda(session: Session, dossier_id: uuid.UUID | None) -> Dossier | None:
    dossier = session.get(Dossier, dossier_id) if dossier_id else None
    return dossier if dossier is not None and dossier.stage is Stage.ON_AGENDA else None


def _first_in_line(session: Session, municipality: str) -> list[Dossier]:
    return list(
        session.exec(
            select(Dossier)
            .where(
                Dossier.municipality == municipality,
                col(Dossier.first_in_line),
                Dossier.stage == Stage.BUNDLED,
                col(Dossier.merged_into_id).is_(None),
            )
            .order_by(col(Dossier.stage_since), col(Dossier.id))
        )
    )


def _again_first(session: Session, dossier: Dossier, item: AgendaItem, *, actor: Actor) -> None:
    if item.because_commitment_id is not None:
        put_first_in_line(session, dossier, actor=actor)

"""Opening, editing and moving a dossier."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.ids import public_id
from signalen.core.permissions import Actor, Permission, Role, check_may
from signalen.core.upsert import next_number
from signalen.dossiers.models import (
    Dossier,
    DossierFrameItem,
    DossierRecommendation,
    DossierTheme,
    DossierVerb,
)
from signalen.dossiers.queries import leading_ids, missing_for_city
from signalen.dossiers.workflow import check_dossier_move
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.people.models import Membership
from signalen.signals import codes as signal_codes
from signalen.signals.models import ReferenceCounter, Signal, Stage
from signalen.signals.operations import move_many

SERIES = "D"


def check_live(dossier: Dossier) -> None:
    """A dossier that was merged into another one only keeps its address."""
    if dossier.merged_into_id is not None:
        raise DomainError("dossier-merged", reference=dossier.reference)


def open_dossier(
    session: Session,
    *,
    title: str,
    municipality: str,
    worry: str = "",
    themes: Iterable[str] = (),
    lead_id: uuid.UUID | None = None,
    second_id: uuid.UUID | None = None,
    demo: bool = False,
    actor: Actor,
) -> Dossier:
    """A new dossier, *bundled*; the clock for a choice for or against the agenda starts (40 working days by default)."""
    check_may(actor, Permission.DOSSIER_EDIT)
    _check_people(session, lead_id, second_id)
    now, today = clock.now(), clock.today()
    number = next_number(
        session.connection(), ReferenceCounter, counted="last", series=SERIES, year=today.year
    )
    dossier = Dossier(
        public_id=public_id(),
        reference=signal_codes.reference(today.year, number, series=SERIES),
        title=title,
        worry=worry,
        municipality=municipality,
        stage_since=now,
        due_on=clocks.due(session, ClockName.CHOOSE, today, municipality=municipality),
        lead_id=lead_id,
        second_id=second_id,
        opened_at=now,
        opened_by=actor.id,
        demo=demo,
    )
    session.add(dossier)
    session.flush()
    _replace(session, DossierTheme, dossier, "theme_code", themes)
    events.record(session, DossierVerb.OPENED, dossier, actor=actor, reference=dossier.reference)
    return dossier


def edit_dossier(
    session: Session,
    dossier: Dossier,
    *,
    title: str | None = None,
    worry: str | None = None,
    evidence: str | None = None,
    why_probe: str | None = None,
    lead_id: uuid.UUID | None = None,
    second_id: uuid.UUID | None = None,
    themes: Iterable[str] | None = None,
    frame_items: Iterable[uuid.UUID] | None = None,
    recommendations: Iterable[uuid.UUID] | None = None,
    actor: Actor,
) -> None:
    """Changes what is given; None leaves it. Lead and second person are two people of the staff."""
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    _check_people(session, lead_id or dossier.lead_id, second_id or dossier.second_id)
    words = {"title": title, "worry": worry, "evidence": evidence, "why_probe": why_probe}
    changes = {
        name: value
        for name, value in {**words, "lead_id": lead_id, "second_id": second_id}.items()
        if value is not None and value != getattr(dossier, name)
    }
    dossier.sqlmodel_update(changes)
    fields = sorted(changes)
    links: tuple[tuple[type[SQLModel], str, Iterable[object] | None], ...] = (
        (DossierTheme, "theme_code", themes),
        (DossierFrameItem, "frame_item_id", frame_items),
        (DossierRecommendation, "recommendation_id", recommendations),
    )
    for table, column, values in links:
        if values is not None and _replace(session, table, dossier, column, values):
            fields.append(column)
    if not fields:
        return
    session.flush()
    events.record(session, DossierVerb.EDITED, dossier, actor=actor, fields=list(fields))


def move_dossier(
    session: Session, dossier: Dossier, target: Stage, *, due_on: date | None, actor: Actor
) -> int:
    """Moves the dossier and, with one statement and one event, the signals it leads that stand where it stood.

    Gives the number of signals that moved. `due_on` is the new date of both. Onto an agenda only when nothing is missing for
    the city (`Missing`); what comes back by itself (the system) is not held up. Callers check who may: an answer of the city
    moves a dossier too.
    """
    check_live(dossier)
    check_dossier_move(dossier.stage, target)
    if target is Stage.ON_AGENDA and actor.id is not None:
        check_ready(session, dossier)
    source = dossier.stage
    dossier.stage, dossier.stage_since, dossier.due_on = target, clock.now(), due_on
    if target is not Stage.BUNDLED:
        dossier.first_in_line = False
    session.flush()
    return take_along(session, dossier, {source}, target, due_on=due_on, actor=actor)


def check_ready(session: Session, dossier: Dossier) -> None:
    """Raises `Missing` with what the dossier still needs before it goes to the city."""
    missing = missing_for_city(session, dossier, clock.today())
    if missing:
        raise Missing(*missing)


def settle(session: Session, dossier: Dossier, *, actor: Actor) -> Stage:
    """The dossier follows its signals home: *told* when no giver waits to be told, *closed* when no signal it leads is open.

    Called after givers were told or signals closed. Signals move one by one there (each giver is told or not), so this moves
    the dossier only. Gives the stage after it.
    """
    if dossier.stage not in {Stage.ANSWERED, Stage.TOLD}:
        return dossier.stage
    rows = session.exec(select(Signal.stage).where(col(Signal.id).in_(leading_ids(dossier.id))).distinct())
    stages = set(rows.all())
    target: Stage = dossier.stage
    if target is Stage.ANSWERED and Stage.ANSWERED not in stages:
        target = Stage.TOLD
    if target is Stage.TOLD and stages <= {Stage.CLOSED} and stages:
        target = Stage.CLOSED
    if target is not dossier.stage:
        dossier.stage, dossier.stage_since, dossier.due_on = target, clock.now(), None
        session.flush()
        events.record(session, DossierVerb.MOVED, dossier, actor=actor, to=target)
    return target


def mark_done(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """Something changed: commitments are kept and givers say so. Apart from *answered*, and only after it."""
    check_may(actor, Permission.DOSSIER_EDIT)
    if dossier.answered_on is None:
        raise DomainError("not-answered-yet")
    if dossier.done_on is None:
        dossier.done_on = clock.today()
        session.flush()
        events.record(session, DossierVerb.DONE, dossier, actor=actor)


def mark_not_done(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """It turned out that nothing changed."""
    check_may(actor, Permission.DOSSIER_EDIT)
    if dossier.done_on is not None:
        dossier.done_on = None
        session.flush()
        events.record(session, DossierVerb.NOT_DONE, dossier, actor=actor)


def take_along(
    session: Session,
    dossier: Dossier,
    sources: Collection[Stage],
    target: Stage,
    *,
    due_on: date | None,
    actor: Actor,
) -> int:
    """Moves the signals this dossier leads that stand in one of `sources`: one statement, one event about the dossier."""
    ids = select(Signal.id).where(col(Signal.id).in_(leading_ids(dossier.id)), col(Signal.stage).in_(sources))
    return move_many(session, ids, target, due_on=due_on, about=dossier, actor=actor)


def _replace(
    session: Session, table: type[SQLModel], dossier: Dossier, column: str, values: Iterable[object]
) -> bool:
    """Makes the links of one kind exactly `values`; whether anything changed."""
    columns = sa.inspect(table).columns
    wanted = set(values)
    known = set(
        session.execute(sa.select(columns[column]).where(columns["dossier_id"] == dossier.id)).scalars()
    )
    if gone := known - wanted:
        session.execute(
            sa.delete(table).where(columns["dossier_id"] == dossier.id, columns[column].in_(gone))
        )
    if new := wanted - known:
        session.execute(
            sa.insert(table),
            [{"dossier_id": dossier.id, column: value} for value in sorted(new, key=str)],
        )
    return wanted != known


def _check_people(session: Session, lead_id: uuid.UUID | None, second_id: uuid.UUID | None) -> None:
    people = {person for person in (lead_id, second_id) if person is not None}
    if lead_id is not None and lead_id == second_id:
        raise DomainError("lead-is-second")
    if not people:
        return
    staff = session.exec(
        select(Membership.user_id)
        .where(
            col(Membership.user_id).in_(people),
            Membership.role == Role.STAFF,
            col(Membership.until).is_(None),
        )
        .distinct()
    ).all()
    if len(staff) < len(people):
        raise DomainError("lead-is-not-staff")

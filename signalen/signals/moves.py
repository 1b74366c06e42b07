"""The moves of a signal: each checks the table, changes, and records one event."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import RecipientKind
from signalen.core.outbox import post
from signalen.core.permissions import Actor, Permission, check_may
from signalen.core.workdays import add_working_days, working_days_between
from signalen.people.clocks import ClockName, due
from signalen.signals.models import (
    ClockPause,
    ContactKind,
    Giver,
    Signal,
    SignalBarrier,
    SignalFrameItem,
    SignalGroup,
    SignalTheme,
    SignalVerb,
    Stage,
    WayOut,
)
from signalen.signals.rules import CORRECTABLE, may_see
from signalen.signals.todos import by_place, settle_about
from signalen.signals.workflow import MOVES, WAYS_OUT, check_move

REOPENS = frozenset({Stage.TOLD, Stage.CLOSED, Stage.HELPED, Stage.PASSED_ON})
"""Where a signal stands that its giver, or a promise that was not kept, can open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where staff places a signal. It replaces what stood there."""

    themes: tuple[str, ...] = ()
    frame_items: tuple[uuid.UUID, ...] = ()
    groups: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    place: str | None = None
    neighbourhood: str | None = None


def read_signal(session: Session, signal: Signal, *, actor: Actor) -> None:
    """Staff read it: the clock to a dossier or a way out starts."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    _go(session, signal, Stage.READ, due(session, ClockName.PLACE, clock.today()))
    events.record(session, SignalVerb.READ, signal, actor=actor)


def place(session: Session, signal: Signal, placement: Placement, *, actor: Actor) -> None:
    """Writes what it is about, who is affected and where. One that was only received is read by that."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    if signal.stage is Stage.RECEIVED:
        read_signal(session, signal, actor=actor)
    signal.place_code, signal.neighbourhood = placement.place, placement.neighbourhood
    session.add(signal)
    session.flush()
    _replace(session, signal.id, SignalTheme, "theme_code", placement.themes)
    _replace(session, signal.id, SignalGroup, "group_code", placement.groups)
    _replace(session, signal.id, SignalBarrier, "barrier_code", placement.barriers)
    _replace(session, signal.id, SignalFrameItem, "frame_item_id", placement.frame_items)
    chosen = by_place(
        themes=placement.themes,
        groups=placement.groups,
        barriers=placement.barriers,
        place=placement.place,
        neighbourhood=placement.neighbourhood,
    )
    settle_about(session, signal, chosen, actor=actor)
    events.record(session, SignalVerb.PLACED, signal, actor=actor)


def accept_themes(session: Session, signal: Signal, themes: Iterable[str], *, actor: Actor) -> None:
    """The worker who brought it says what it is about after all: the themes are added to what stands there."""
    check_may(actor, Permission.SIGNAL_CORRECT, signal)
    if signal.stage not in CORRECTABLE:
        raise DomainError("too-late-to-correct")
    known = session.exec(select(SignalTheme.theme_code).where(SignalTheme.signal_id == signal.id)).all()
    _replace(session, signal.id, SignalTheme, "theme_code", [*known, *themes])
    events.record(session, SignalVerb.PLACED, signal, actor=actor)


def lead_out(
    session: Session,
    signal: Signal,
    to: Stage,
    *,
    reason: str,
    language: str,
    passed_to: str | None = None,
    actor: Actor,
) -> None:
    """Leaves the ring: helped directly, passed on (to whom), kept as evidence, refused as spam. The giver reads the reason."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    if to not in WAYS_OUT - {Stage.WITHDRAWN}:
        raise MoveRefused("signal", signal.stage, to)
    missing = [name for name, value in (("reason", reason), ("passed_to", passed_to)) if not value]
    if to is not Stage.PASSED_ON and "passed_to" in missing:
        missing.remove("passed_to")
    if missing:
        raise Missing(*missing)
    _go(session, signal, to, None)
    row = WayOut(
        signal_id=signal.id,
        stage=to,
        reason=reason,
        language=language,
        passed_to=passed_to if to is Stage.PASSED_ON else None,
        by=actor.id,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    if to is not Stage.REFUSED:
        tell_giver(session, signal, "giver-way-out", f"way-out:{row.id}")
    events.record(session, SignalVerb.LED_OUT, signal, actor=actor, to=to.value)


def withdraw(session: Session, signal: Signal, *, actor: Actor) -> None:
    """The giver takes it back, or someone does so for them."""
    if not may_see(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)
    _go(session, signal, Stage.WITHDRAWN, None)
    events.record(session, SignalVerb.WITHDRAWN, signal, actor=actor)


def wake(session: Session, signal: Signal, *, actor: Actor) -> None:
    """Kept as evidence, and now on the desk again: similar ones came, or somebody remembered it."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    if signal.stage is not Stage.KEPT:
        raise MoveRefused("signal", signal.stage, Stage.READ)
    _go(session, signal, Stage.READ, due(session, ClockName.PLACE, clock.today()))
    events.record(session, SignalVerb.MOVED, signal, actor=actor, to=Stage.READ.value)


def move(session: Session, signal: Signal, target: Stage, *, due_on: date | None, actor: Actor) -> None:
    """One step of one signal, for the rooms that come later (a dossier, a delivery)."""
    _go(session, signal, target, due_on)
    events.record(session, SignalVerb.MOVED, signal, actor=actor, to=target.value)


def move_many(
    session: Session,
    ids: sa.Select[Any],
    target: Stage,
    *,
    due_on: date | None,
    about: events.Subject,
    actor: Actor,
) -> int:
    """Moves all of `ids` (a select of signal ids) that may go to `target`: one statement, one event about `about`.

    Those from which the table does not allow the move stay where they are. Gives how many moved.
    """
    sources = [stage for stage, targets in MOVES.items() if target in targets]
    session.flush()
    result = session.connection().execute(
        sa.update(Signal)
        .where(col(Signal.id).in_(ids), col(Signal.stage).in_(sources))
        .values(stage=target, stage_since=clock.now(), due_on=due_on, paused=False)
    )
    for known in session.identity_map.values():
        if isinstance(known, Signal):
            session.expire(known, ["stage", "stage_since", "due_on", "paused"])
    events.record(session, SignalVerb.MOVED, about, actor=actor, to=target.value, signals=result.rowcount)
    return result.rowcount


def reopen_signal(session: Session, signal: Signal, *, to: Stage, actor: Actor) -> None:
    """Told or ended, and open again: to its dossier, or to the desk when it has none."""
    if to not in {Stage.BUNDLED, Stage.READ} or signal.stage not in REOPENS:
        raise MoveRefused("signal", signal.stage, to)
    clock_name = ClockName.CHOOSE if to is Stage.BUNDLED else ClockName.PLACE
    _go(session, signal, to, due(session, clock_name, clock.today()))
    events.record(session, SignalVerb.REOPENED, signal, actor=actor, to=to.value)


def pause_clock(session: Session, signal: Signal, *, reason: str, actor: Actor) -> None:
    """Time stops counting, with a reason that is kept."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    if signal.paused or signal.due_on is None:
        raise DomainError("no-clock-runs")
    if not reason:
        raise Missing("reason")
    signal.paused = True
    session.add(signal)
    session.add(ClockPause(signal_id=signal.id, reason=reason, by=actor.id, since=clock.today()))
    session.flush()
    events.record(session, SignalVerb.PAUSED, signal, actor=actor)


def resume_clock(session: Session, signal: Signal, *, actor: Actor) -> None:
    """Time counts again; the date moves by the working days that did not count."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    pause = session.exec(
        select(ClockPause)
        .where(ClockPause.signal_id == signal.id, col(ClockPause.until).is_(None))
        .order_by(col(ClockPause.id).desc())
    ).first()
    if not signal.paused or pause is None:
        raise DomainError("no-pause")
    _end_pause(signal, pause)
    session.add_all([signal, pause])
    session.flush()
    events.record(session, SignalVerb.RESUMED, signal, actor=actor)


def tell_giver(session: Session, signal: Signal, kind: str, unique_key: str) -> None:
    """Puts a message in the outbox when the giver left an e-mail address or a mobile number; the follow page shows it all the same."""
    contact = session.exec(select(Giver.contact_kind).where(Giver.id == signal.giver_id)).first()
    if contact in {ContactKind.EMAIL, ContactKind.MOBILE}:
        post(
            session,
            kind,
            RecipientKind.GIVER,
            signal.giver_id,
            unique_key=unique_key,
            signal=str(signal.id),
        )


def _end_pause(signal: Signal, pause: ClockPause) -> None:
    pause.until, signal.paused = clock.today(), False
    if signal.due_on is not None:
        signal.due_on = add_working_days(signal.due_on, working_days_between(pause.since, pause.until))


def _go(session: Session, signal: Signal, target: Stage, due_on: date | None) -> None:
    """The one place where a single signal changes its stage. A new clock starts running, so a pause ends."""
    check_move(signal.stage, target)
    signal.stage, signal.stage_since, signal.due_on = target, clock.now(), due_on
    if signal.paused:
        signal.paused = False
        session.connection().execute(
            sa.update(ClockPause)
            .where(col(ClockPause.signal_id) == signal.id, col(ClockPause.until).is_(None))
            .values(until=clock.today())
        )
    session.add(signal)
    session.flush()


def _replace(
    session: Session, signal_id: uuid.UUID, table: Any, column: str, values: Iterable[str | uuid.UUID]
) -> None:
    connection = session.connection()
    connection.execute(sa.delete(table).where(table.signal_id == signal_id))
    rows = [{"signal_id": signal_id, column: value} for value in dict.fromkeys(values)]
    if rows:
        connection.execute(sa.insert(table), rows)

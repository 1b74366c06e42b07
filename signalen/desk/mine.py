"""Reads for a worker's own pages: which signals stand in the list, and what hangs on each row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from signalen.core import clock
from signalen.core.models import Event
from signalen.core.permissions import Actor, Role
from signalen.dossiers.models import DossierSignal, DossierVerb
from signalen.feedback.queries.telling import waiting_signals
from signalen.signals.models import Signal, SignalAgain, SignalVerb, Stage
from signalen.signals.visible import seen_by
from signalen.signals.workflow import RING


class Show(StrEnum):
    """Which signals of the organisation are shown."""

    ALL = ""
    OWN = "own"
    TELL = "tell"


def chosen(actor: Actor, show: Show, dossier_id: uuid.UUID | None) -> sa.Select[Any] | None:
    """Ids of the signals that are shown; None for all that this person may see."""
    ids = sa.select(col(Signal.id)).where(col(Signal.organisation_id).in_(sorted(actor.organisations)))
    if dossier_id is not None:
        here = col(DossierSignal.dossier_id) == dossier_id, col(DossierSignal.until).is_(None)
        return ids.join(DossierSignal, col(DossierSignal.signal_id) == col(Signal.id)).where(*here)
    if show is Show.OWN:
        return ids.where(col(Signal.recorded_by) == actor.user_id)
    if show is Show.TELL:
        return waiting_signals(actor)
    # Who is staff too sees everything on the desk; here stands what their organisation brought.
    return ids if Role.STAFF in actor.roles else None


class RowFacts(NamedTuple):
    """What a row says besides the signal: whether it went on since this person looked, and how often it came again."""

    fresh: bool
    own: bool
    times: int


def facts_of_rows(
    session: Session, actor: Actor, ids: Sequence[uuid.UUID], *, since: datetime
) -> dict[uuid.UUID, RowFacts]:
    """The facts of each of these signals, which this person may see: one statement, none for an empty list."""
    if not ids:
        return {}
    row: Any = aliased(Signal)
    times = _times(actor).where(col(SignalAgain.again_of) == row.id).correlate(row).scalar_subquery()
    query = sa.select(row.id, row.stage, row.stage_since, row.recorded_by, times).where(row.id.in_(ids))
    return {
        signal_id: RowFacts(stage is not Stage.RECEIVED and moved > since, by == actor.id, number)
        for signal_id, stage, moved, by, number in session.connection().execute(query)
    }


def times_again(session: Session, actor: Actor, signal_id: uuid.UUID) -> int:
    """How often the same worry came again, of the signals that this person may see."""
    query = _times(actor).where(col(SignalAgain.again_of) == signal_id)
    return int(session.connection().execute(query).scalar_one())


def _times(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(SignalAgain)
        .join(Signal, col(Signal.id) == col(SignalAgain.signal_id))
        .where(seen_by(actor))
    )


class Happened(NamedTuple):
    """One line of the story of a signal: the day, and what: a stage, or one of `OWN_EVENTS`."""

    on: date
    code: str


OWN_EVENTS: Mapping[str, str] = {
    SignalVerb.RECEIVED: Stage.RECEIVED,
    SignalVerb.READ: Stage.READ,
    SignalVerb.WITHDRAWN: Stage.WITHDRAWN,
    SignalVerb.CORRECTED: "corrected",
    SignalVerb.REOPENED: "reopened",
    SignalVerb.ASKED_GIVER: "asked-you",
    SignalVerb.GIVER_WROTE: "you-wrote",
}
MESSAGES = frozenset({"asked-you", "you-wrote"})
MOVES = frozenset({SignalVerb.MOVED, SignalVerb.LED_OUT})


def happened(session: Session, signal: Signal, *, messages: bool) -> list[Happened]:
    """What happened to a signal, the first thing first. Two statements: which dossiers led it, and the events of all of them.

    A dossier moves its signals with one event that does not name them, also when only those who joined late had to catch up. So
    of its moves only a step forward counts, until it was opened again; and where the signal stands is the last word.
    """
    links = session.connection().execute(
        sa.select(col(DossierSignal.dossier_id), col(DossierSignal.since), col(DossierSignal.until)).where(
            col(DossierSignal.signal_id) == signal.id, col(DossierSignal.leading)
        )
    )
    led = {dossier_id: (since, until) for dossier_id, since, until in links}
    rows = session.connection().execute(
        sa.select(col(Event.at), col(Event.verb), col(Event.subject_id), col(Event.data))
        .where(
            col(Event.subject_id).in_([signal.id, *led]),
            col(Event.verb).in_([*OWN_EVENTS, *MOVES, DossierVerb.REOPENED]),
        )
        .order_by(col(Event.seq))
    )
    found: list[Happened] = []
    done = 0
    for at, verb, subject, data in rows:
        since, until = led.get(subject, (None, None))
        if since is not None and (at < since or (until is not None and at > until)):
            continue
        code = str(data.get("to", "")) if verb in MOVES else str(OWN_EVENTS.get(verb, "reopened"))
        if code in MESSAGES and not messages:
            continue
        if code in set(Stage):
            if since is not None and RING[Stage(code)] <= done:
                continue
            done = RING[Stage(code)]
        elif code == "reopened":
            done = RING[Stage.READ]
        found.append(Happened(clock.day_of(at), code))
    while any(each.code == signal.stage for each in found) and found[-1].code in _NOT_HERE - {signal.stage}:
        found.pop()
    return found


_NOT_HERE = frozenset({*(stage.value for stage in Stage), "reopened"})
"""What cannot be the last line of a signal that stands elsewhere."""

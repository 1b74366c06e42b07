"""Putting signals together: bundle, take out, merge, split. A signal keeps its own giver and its own right to an answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError
from signalen.core.ids import new_id
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import Dossier, DossierSignal, DossierTheme, DossierVerb, Quote
from signalen.dossiers.operations.dossier import check_live, open_dossier
from signalen.dossiers.workflow import CATCH_UP
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.signals.models import Signal, Stage
from signalen.signals.operations import move_many

NAMED = 50
"""An event names at most so many signals; the memberships hold all of them, with their times."""
LEADABLE = frozenset({Stage.READ, Stage.KEPT, Stage.BUNDLED})
GONE = frozenset({Stage.WITHDRAWN, Stage.REFUSED})


@dataclass(frozen=True, slots=True)
class Bundled:
    """What bundling did: signals the dossier leads now, and signals it only cites."""

    led: int
    cited: int


def bundle(
    session: Session,
    signals: Sequence[Signal],
    into: Dossier,
    *,
    actor: Actor,
    leading: bool = True,
    reason: str | None = None,
) -> Bundled:
    """Puts signals in a dossier. Each has at most one leading dossier: a signal that another one leads is cited, and so is one
    that was already helped, passed on or closed (its person does not wait any more, but it still counts as evidence).

    A signal that joins late takes the stage of the dossier and is owed its feedback (facts/loop.md). One that nobody read yet,
    that was withdrawn or refused, or that is sensitive without a released safe line, is refused with a `DomainError`.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(into)
    for signal in signals:
        _check_fit(signal)
    ids = [signal.id for signal in signals]
    links = session.exec(
        select(DossierSignal).where(col(DossierSignal.signal_id).in_(ids), col(DossierSignal.until).is_(None))
    ).all()
    here = {link.signal_id: link for link in links if link.dossier_id == into.id}
    led = {link.signal_id for link in links if link.leading}
    now = clock.now()
    takes = [s for s in signals if leading and s.id not in led and s.stage in LEADABLE]
    taken = {signal.id for signal in takes}
    for signal in takes:
        if signal.id in here:
            here[signal.id].leading, here[signal.id].since = True, now
    fresh = [signal.id for signal in signals if signal.id not in here]
    session.flush()
    joining = {signal_id: signal_id in taken for signal_id in fresh}
    _add_links(session, into, joining, now, actor=actor, reason=reason)
    if not fresh and not taken:
        return Bundled(0, 0)
    events.record(
        session,
        DossierVerb.BUNDLED,
        into,
        actor=actor,
        led=len(taken),
        cited=len(set(fresh) - taken),
        signals=[str(signal_id) for signal_id in ids[:NAMED]],
    )
    if taken:
        _catch_up(session, into, now, actor=actor)
    _refresh(session, signals)
    return Bundled(len(taken), len(set(fresh) - taken))


def take_out(
    session: Session, dossier: Dossier, signals: Sequence[Signal], *, reason: str, actor: Actor
) -> int:
    """Takes signals out again, with a reason. A led one goes back to *read*, with a new clock; only while it is *bundled*, since
    a question that went to the city cannot be taken back. A cited one can always go. Gives the number taken out.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    links = _links(session, dossier, signals)
    led = {link.signal_id for link in links if link.leading}
    if any(signal.id in led and signal.stage is not Stage.BUNDLED for signal in signals):
        raise DomainError("take-out-too-late")
    _end(session, [link.id for link in links], reason)
    if not links:
        return 0
    events.record(
        session,
        DossierVerb.TAKEN_OUT,
        dossier,
        actor=actor,
        count=len(links),
        signals=[str(link.signal_id) for link in links[:NAMED]],
    )
    if led:
        due_on = clocks.due(session, ClockName.PLACE, clock.today())
        ids = select(Signal.id).where(col(Signal.id).in_(led))
        move_many(session, ids, Stage.READ, due_on=due_on, about=dossier, actor=actor)
    _refresh(session, signals)
    return len(links)


def merge(session: Session, source: Dossier, into: Dossier, *, actor: Actor) -> None:
    """Two dossiers are one worry: the signals of `source` go to `into`, and its address leads there from now on.

    Only while `source` is *bundled*: what stands on an agenda or went to the city is answered under its own name. Rounds that
    ended stay with `source`, where its history can be read.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(source)
    check_live(into)
    if source.id == into.id:
        raise DomainError("merge-with-itself")
    if source.stage is not Stage.BUNDLED:
        raise DomainError("merge-too-late", reference=source.reference)
    links = _links(session, source, None)
    here = set(
        session.exec(
            select(DossierSignal.signal_id).where(
                DossierSignal.dossier_id == into.id, col(DossierSignal.until).is_(None)
            )
        ).all()
    )
    cited_here = {link.signal_id for link in links if link.leading and link.signal_id in here}
    _end(session, [link.id for link in links], None)
    now = clock.now()
    joining = {link.signal_id: link.leading for link in links if link.signal_id not in here}
    _add_links(session, into, joining, now, actor=actor)
    if cited_here:
        session.execute(
            sa.update(DossierSignal)
            .where(
                col(DossierSignal.dossier_id) == into.id,
                col(DossierSignal.signal_id).in_(cited_here),
                col(DossierSignal.until).is_(None),
            )
            .values(leading=True, since=now)
        )
    _quotes_go_along(session, source, into, [link.signal_id for link in links])
    source.merged_into_id, source.due_on = into.id, None
    session.flush()
    events.record(session, DossierVerb.MERGED, source, actor=actor, into=str(into.id), count=len(links))
    events.record(session, DossierVerb.BUNDLED, into, actor=actor, source=str(source.id), count=len(links))
    _catch_up(session, into, now, actor=actor)


def split(
    session: Session, dossier: Dossier, signals: Sequence[Signal], *, title: str, actor: Actor
) -> Dossier:
    """Some signals are another worry: they go to a new dossier. The first one keeps its address and the rest.

    Only while it is *bundled*, for the same reason as `merge`. The new one starts its own clock.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    if dossier.stage is not Stage.BUNDLED:
        raise DomainError("split-too-late", reference=dossier.reference)
    links = _links(session, dossier, signals)
    if not links:
        raise DomainError("split-needs-signals")
    themes = session.exec(select(DossierTheme.theme_code).where(DossierTheme.dossier_id == dossier.id)).all()
    made = open_dossier(
        session,
        title=title,
        municipality=dossier.municipality,
        themes=themes,
        lead_id=dossier.lead_id,
        second_id=dossier.second_id,
        demo=dossier.demo,
        actor=actor,
    )
    _end(session, [link.id for link in links], None)
    moving = {link.signal_id: link.leading for link in links}
    _add_links(session, made, moving, clock.now(), actor=actor)
    _quotes_go_along(session, dossier, made, list(moving))
    events.record(session, DossierVerb.SPLIT, dossier, actor=actor, into=str(made.id), count=len(links))
    events.record(session, DossierVerb.BUNDLED, made, actor=actor, source=str(dossier.id), count=len(links))
    return made


def _quotes_go_along(
    session: Session, source: Dossier, into: Dossier, signal_ids: Sequence[uuid.UUID]
) -> None:
    """Copied words stand where their signal stands."""
    session.execute(
        sa.update(Quote)
        .where(col(Quote.dossier_id) == source.id, col(Quote.signal_id).in_(signal_ids))
        .values(dossier_id=into.id)
    )


def _check_fit(signal: Signal) -> None:
    if signal.stage is Stage.RECEIVED:
        raise DomainError("bundle-unread", reference=signal.reference)
    if signal.stage in GONE:
        raise DomainError("bundle-gone", reference=signal.reference)
    if signal.sensitive and signal.released_at is None:
        raise DomainError("bundle-sensitive", reference=signal.reference)


def _catch_up(session: Session, into: Dossier, joined_at: datetime, *, actor: Actor) -> None:
    """Walks signals that joined just now to the stage of the dossier, move by move of the table, each one statement."""
    joined = (
        select(Signal.id)
        .join(DossierSignal, col(DossierSignal.signal_id) == col(Signal.id))
        .where(
            DossierSignal.dossier_id == into.id,
            col(DossierSignal.leading),
            col(DossierSignal.until).is_(None),
            DossierSignal.since == joined_at,
        )
    )
    steps = [(Stage.KEPT, Stage.READ), (Stage.READ, Stage.BUNDLED)]
    before = Stage.BUNDLED
    for stage in CATCH_UP[into.stage]:
        steps.append((before, stage))
        before = stage
    for source, target in steps:
        due_on = into.due_on
        if target is Stage.ANSWERED:
            due_on = clocks.due(session, ClockName.TELL, clock.today(), municipality=into.municipality)
        here = joined.where(Signal.stage == source)
        if session.exec(here.limit(1)).first() is not None:
            move_many(session, here, target, due_on=due_on, about=into, actor=actor)


def _links(session: Session, dossier: Dossier, signals: Sequence[Signal] | None) -> Sequence[DossierSignal]:
    query = select(DossierSignal).where(
        DossierSignal.dossier_id == dossier.id, col(DossierSignal.until).is_(None)
    )
    if signals is not None:
        query = query.where(col(DossierSignal.signal_id).in_([signal.id for signal in signals]))
    return session.exec(query).all()


def _end(session: Session, link_ids: Sequence[uuid.UUID], reason: str | None) -> None:
    values: dict[str, object] = {"until": clock.now()}
    if reason is not None:
        values["reason"] = reason
    if link_ids:
        session.execute(sa.update(DossierSignal).where(col(DossierSignal.id).in_(link_ids)).values(**values))


def _add_links(
    session: Session,
    dossier: Dossier,
    signals: Mapping[uuid.UUID, bool],
    now: datetime,
    *,
    actor: Actor,
    reason: str | None = None,
) -> None:
    """New memberships: `signals` says of each whether the dossier leads it."""
    rows = [
        {
            "id": new_id(),
            "dossier_id": dossier.id,
            "signal_id": signal_id,
            "leading": leading,
            "since": now,
            "by": actor.id,
            "reason": reason,
        }
        for signal_id, leading in signals.items()
    ]
    if rows:
        session.execute(sa.insert(DossierSignal), rows)


def _refresh(session: Session, signals: Sequence[Signal]) -> None:
    """Signals that were moved by one statement are read again, in one statement."""
    if signals:
        ids = [signal.id for signal in signals]
        session.exec(
            select(Signal).where(col(Signal.id).in_(ids)).execution_options(populate_existing=True)
        ).all()

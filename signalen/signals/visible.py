"""Which signals a person may see, in SQL. `rules.may_see` says the same for one signal; a test keeps the two equal."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core.permissions import Actor, ActorKind, Role
from signalen.signals.models import Signal


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on `Signal` that `rules.may_see` states for one signal."""
    if actor.kind is ActorKind.SYSTEM:
        return sa.true()
    if actor.kind is ActorKind.GIVER:
        return col(Signal.giver_id) == actor.id if actor.id else sa.false()
    may: list[sa.ColumnElement[bool]] = []
    if Role.STAFF in actor.roles:
        may.append(sa.true() if actor.reads_sensitive else ~col(Signal.sensitive))
    if Role.WORKER in actor.roles and actor.organisations:
        may.append(
            sa.and_(
                col(Signal.organisation_id).in_(actor.organisations),
                sa.or_(~col(Signal.sensitive), col(Signal.recorded_by) == actor.id),
            )
        )
    return sa.or_(*may) if may else sa.false()


def visible_signals(actor: Actor) -> SelectOfScalar[Signal]:
    """The signals this person may see; absent and not yours look the same."""
    return select(Signal).where(seen_by(actor))


def find_signal(session: Session, signal_id: uuid.UUID, *, actor: Actor) -> Signal | None:
    """One signal by its id, when this person may see it."""
    return session.exec(visible_signals(actor).where(Signal.id == signal_id)).first()


def signal_of_key(session: Session, key: uuid.UUID, *, actor: Actor) -> Signal | None:
    """The signal that was recorded with this key, when this person may see it."""
    return session.exec(visible_signals(actor).where(Signal.key == key)).first()


def recorded_under(session: Session, key: uuid.UUID, *, actor: Actor) -> Signal | None:
    """The signal that this very person recorded with this key, also when they may not read it any more.

    For what their phone still brings to it: staff without sensitive access record what they lose sight of.
    """
    return session.exec(select(Signal).where(Signal.key == key, Signal.recorded_by == actor.user_id)).first()

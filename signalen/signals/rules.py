"""Who may do what with which signal (design.md, safety.md), and the other pure rules of this room.

`queries.visible_signals` says the same as `may_see` in SQL; a test keeps the two equal.
"""

from __future__ import annotations

from signalen.core.permissions import Actor, ActorKind, Permission, Role, object_rule
from signalen.signals.models import Channel, Signal, Stage

CORRECTABLE = frozenset({Stage.RECEIVED, Stage.READ})
"""Until it is put together with others, the words can be changed by those who wrote them."""


def may_see(actor: Actor, signal: Signal) -> bool:
    """Staff see all, workers those of their own organisation, givers their own.

    A sensitive one is seen by named readers, by the worker who recorded it and by its giver.
    """
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.GIVER:
        return actor.id is not None and actor.id == signal.giver_id
    if Role.STAFF in actor.roles and (not signal.sensitive or actor.reads_sensitive):
        return True
    own = Role.WORKER in actor.roles and signal.organisation_id in actor.organisations
    return own and (not signal.sensitive or signal.recorded_by == actor.id)


def may_converse(actor: Actor, signal: Signal) -> bool:
    """Who sees and writes messages: staff, the giver, and the worker side when the worker is the one who speaks.

    What a resident with a code writes to staff is not for the worker who wrote the signal down.
    """
    if Role.WORKER in actor.roles and Role.STAFF not in actor.roles:
        return may_see(actor, signal) and signal.channel is Channel.CAPTURE
    return may_see(actor, signal)


@object_rule(Permission.SIGNAL_READ, of=Signal)
def _may_read(actor: Actor, signal: Signal) -> bool:
    return may_see(actor, signal)


@object_rule(Permission.SIGNAL_READ_SENSITIVE, of=Signal)
def _may_read_sensitive(actor: Actor, signal: Signal) -> bool:
    return may_see(actor, signal)


@object_rule(Permission.SIGNAL_PLACE, of=Signal)
def _may_place(actor: Actor, signal: Signal) -> bool:
    return may_see(actor, signal)


@object_rule(Permission.SIGNAL_CORRECT, of=Signal)
def _may_correct(actor: Actor, signal: Signal) -> bool:
    return may_see(actor, signal) and signal.channel is not Channel.REPORT


@object_rule(Permission.SIGNAL_TELL, of=Signal)
def _may_tell(actor: Actor, signal: Signal) -> bool:
    return may_see(actor, signal)

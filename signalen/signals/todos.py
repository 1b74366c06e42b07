"""What is to be looked at in a signal that a phone sent: nobody was refused, so a person decides afterwards.

A to-do ends when somebody says so, or by the change that it asks for. What was sent then goes: it has been read.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core import clock, events
from signalen.core.due import Due, DueKind
from signalen.core.permissions import Actor, ActorKind, Permission, check_may
from signalen.core.vault import Vault
from signalen.signals.models import Signal, SignalAgain, SignalVerb, Todo, TodoKind
from signalen.signals.rules import may_see
from signalen.signals.sealing import todo_context
from signalen.signals.visible import seen_by
from signalen.signals.workflow import SILENT

About = tuple[TodoKind, str | None]
BY_WORDS: Collection[About] = frozenset(
    {
        (TodoKind.NO_WORDS, None),
        (TodoKind.TOO_LONG, "text"),
        (TodoKind.PERSONAL_DATA, "text"),
        (TodoKind.UNKNOWN_VALUE, "text"),
    }
)
"""What other words in place of the first ones put right."""
_MOST_DUE = 100


class OpenTodo(NamedTuple):
    """Something to look at. `detail`: what was sent, open; for personal data the kinds that were found."""

    id: uuid.UUID
    kind: TodoKind
    field: str | None
    detail: str


def by_place(
    *, themes: object, groups: object, barriers: object, place: object, neighbourhood: object
) -> Collection[About]:
    """What placing a signal puts right: the choices that were made anew."""
    made = {
        "theme": themes,
        "suggested": themes,
        "groups": groups,
        "barriers": barriers,
        "district": place,
        "neighbourhood": neighbourhood,
    }
    chosen = [name for name, value in made.items() if value]
    kinds = (TodoKind.UNKNOWN_VALUE, TodoKind.TOO_LONG, TodoKind.PERSONAL_DATA)
    return frozenset((kind, name) for name in chosen for kind in kinds)


def open_todos(session: Session, vault: Vault, signal: Signal, actor: Actor) -> list[OpenTodo]:
    """What is to be looked at in a signal, for who may read its words; the caller has read those, and so logged it."""
    if not may_see(actor, signal):
        return []
    rows = sorted(session.exec(_open(signal.id)).all(), key=lambda row: (row.kind, row.field or ""))
    return [OpenTodo(row.id, row.kind, row.field, _detail(vault, row)) for row in rows]


def find_todo(session: Session, signal: Signal, todo_id: uuid.UUID) -> Todo | None:
    """One of the open to-dos of a signal that was found for this person."""
    return session.exec(_open(signal.id).where(Todo.id == todo_id)).first()


def settle_todo(session: Session, todo: Todo, signal: Signal, *, actor: Actor) -> None:
    """Staff looked at it and nothing more is to be done."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    _settle(session, signal, [todo], actor)


def settle_about(session: Session, signal: Signal, about: Collection[About], *, actor: Actor) -> None:
    """Ends the to-dos that a change has put right; the change itself was allowed."""
    _settle(
        session,
        signal,
        [t for t in session.exec(_open(signal.id)).all() if (t.kind, t.field) in about],
        actor,
    )


def repeats(session: Session, signal: Signal, actor: Actor) -> tuple[uuid.UUID, str] | None:
    """Id and reference of the signal that this one repeats, when this person may see that one too."""
    query = (
        select(Signal.id, Signal.reference)
        .join(SignalAgain, col(SignalAgain.again_of) == col(Signal.id))
        .where(SignalAgain.signal_id == signal.id, seen_by(actor))
    )
    return session.exec(query).first()


def due(session: Session, actor: Actor, _today: date) -> list[Due]:
    """Signals in which something is to be looked at, the oldest first: by their number, never by their words."""
    query = (
        sa.select(col(Signal.id), col(Signal.reference))
        .join(Todo, col(Todo.signal_id) == col(Signal.id))
        .where(col(Todo.done_at).is_(None), seen_by(actor), col(Signal.stage).not_in(SILENT))
        .distinct()
        .order_by(col(Signal.id))
        .limit(_MOST_DUE)
    )
    return [
        Due(DueKind.TO_LOOK_AT, reference, "inbox.detail", {"signal_id": str(signal_id)}, reference=reference)
        for signal_id, reference in session.connection().execute(query)
    ]


def _open(signal_id: uuid.UUID) -> SelectOfScalar[Todo]:
    return select(Todo).where(Todo.signal_id == signal_id, col(Todo.done_at).is_(None))


def _detail(vault: Vault, todo: Todo) -> str:
    if todo.detail_sealed is None or todo.detail_key is None:
        return ""
    return vault.open(todo.detail_key, todo.detail_sealed, todo_context(todo.id))


def _settle(session: Session, signal: Signal, todos: list[Todo], actor: Actor) -> None:
    for todo in todos:
        todo.done_at = clock.now()
        todo.done_by = actor.id if actor.kind is ActorKind.USER else None
        todo.detail_sealed = todo.detail_key = None
        session.add(todo)
    if todos:
        session.flush()
        kinds: list[events.Plain] = [*sorted({todo.kind.value for todo in todos})]
        events.record(session, SignalVerb.TODO_DONE, signal, actor=actor, kinds=kinds)

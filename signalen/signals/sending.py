"""Taking in what a phone sent: all that is authenticated with a key is kept, once, and what it lacks becomes a to-do."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import Conflict, NotAllowed
from signalen.core.ids import new_id
from signalen.core.permissions import Actor, Permission, check_may
from signalen.core.upsert import insert_rows
from signalen.core.vault import Vault
from signalen.signals.models import (
    Giver,
    HearsBack,
    Signal,
    SignalAgain,
    SignalBarrier,
    SignalGroup,
    SignalText,
    SignalTheme,
    SignalVerb,
    TextKind,
    Todo,
)
from signalen.signals.phone_forms import NOW, First, Known, ToLookAt, canonical, read_record, repeated
from signalen.signals.privacy import Finding, PersonalData
from signalen.signals.record import keep_once, kept_under
from signalen.signals.rules import may_see
from signalen.signals.sealing import todo_context, words_in
from signalen.signals.visible import find_signal
from signalen.signals.workflow import SILENT
from signalen.themes.queries import Names

MOST_SENT, WITHIN = 400, timedelta(minutes=10)
"""More than a day's work of one person; a token that was stolen cannot flood the desk."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the phone is told. Never a word, never a code. `todos`: how many there were when it came."""

    signal: Signal
    fresh: bool
    todos: int
    card: bool


def known_to(names: Names, actor: Actor) -> Known:
    """What a record of this person is read with."""
    return Known(
        themes=frozenset(code for code, _ in names.themes()),
        groups=frozenset(code for code, _ in names.groups()),
        barriers=frozenset(code for code, _ in names.barriers()),
        places=frozenset(code for code, _ in names.places()),
        organisations=sorted(actor.organisations),
        language=actor.language,
        today=clock.today(),
    )


def record_sent(
    session: Session, vault: Vault, key: uuid.UUID, record: Mapping[str, Any], known: Known, *, actor: Actor
) -> Arrived:
    """Keeps what a phone of this person sent with this key.

    The same key with the same content gives the first receipt; with other content, or of another person, it raises `Conflict`
    and tells nothing. Told apart by what was sent and not by how we read it: what we make of it may change.
    """
    check_may(actor, Permission.SIGNAL_RECORD)
    content = vault.fingerprint(f"{actor.user_id}\n{canonical(record)}", "phone.content")
    signal = kept_under(session, key)
    if signal is not None:
        return _again(session, signal, content)
    first = _first(session, vault, repeated(record), actor)
    sent = read_record(record, key, known, first)
    signal, fresh = keep_once(session, vault, sent.intake, content, actor=actor)
    if not fresh:
        return _again(session, signal, content)
    if first is not None:
        insert_rows(session.connection(), SignalAgain, {"signal_id": signal.id, "again_of": first.id})
    _insert_todos(session, vault, signal, sent.todos)
    if sent.overruled:
        record_overruled(session, signal, sent.overruled, actor=actor)
    return Arrived(signal, fresh=True, todos=len(sent.todos), card=sent.intake.hears_back is HearsBack.CARD)


def record_again(
    session: Session, vault: Vault, first: Signal, known: Known, *, key: uuid.UUID, actor: Actor
) -> Arrived:
    """The same worry again, with one tap: a signal of its own, with its own giver, that points at the first."""
    if not may_repeat(actor, first):
        raise NotAllowed(Permission.SIGNAL_RECORD)
    record = {"form": NOW, "again_of": str(first.id), "fields": {}}
    return record_sent(session, vault, key, record, known, actor=actor)


def may_repeat(actor: Actor, signal: Signal) -> bool:
    """A signal of the person's own organisation, or written down by themselves, that was not taken back."""
    own = signal.organisation_id in actor.organisations or signal.recorded_by == actor.id
    return own and may_see(actor, signal) and signal.stage not in SILENT


def record_overruled(
    session: Session, signal: Signal, found: Mapping[PersonalData, int], *, actor: Actor
) -> None:
    """The writer saw what points at a person and kept it: which kinds and how often, never the words."""
    kinds: list[events.Plain] = [kind.value for kind in sorted(found)]
    counts: list[events.Plain] = [found[kind] for kind in sorted(found)]
    events.record(session, SignalVerb.PERSONAL_DATA_KEPT, signal, actor=actor, kinds=kinds, counts=counts)


def kept_as_it_is(session: Session, signal: Signal, found: Iterable[Finding], *, actor: Actor) -> None:
    """The writer of a form saw what was found in it and sent it all the same."""
    record_overruled(session, signal, Counter(each.kind for each in found), actor=actor)


def too_many_sent(session: Session, actor: Actor) -> bool:
    """Whether this person sent as much as anyone can in so short a time. Ids go up with time, so only the last ones are looked at."""
    since = clock.now() - WITHIN
    lately = sa.select(sa.func.count()).where(
        col(Signal.id) > _first_id_of(since),
        col(Signal.recorded_by) == actor.user_id,
        col(Signal.received_at) > since,
    )
    return int(session.connection().execute(lately).scalar_one()) >= MOST_SENT


def _first_id_of(moment: datetime) -> uuid.UUID:
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def _again(session: Session, signal: Signal, content: bytes) -> Arrived:
    if signal.content_hash != content:
        raise Conflict("key-used")
    way = session.exec(select(Giver.hears_back).where(Giver.id == signal.giver_id)).one()
    todos = sa.select(sa.func.count()).where(
        col(Todo.signal_id) == signal.id, col(Todo.made_at) == signal.received_at
    )
    count = session.connection().execute(todos).scalar_one()
    return Arrived(signal, fresh=False, todos=count, card=way is HearsBack.CARD)


def _first(session: Session, vault: Vault, signal_id: uuid.UUID | None, actor: Actor) -> First | None:
    """What there is to repeat."""
    found = find_signal(session, signal_id, actor=actor) if signal_id else None
    if found is None or not may_repeat(actor, found):
        return None
    text = session.exec(
        select(SignalText).where(SignalText.signal_id == found.id, SignalText.kind == TextKind.ORIGINAL)
    ).first()
    return First(
        id=found.id,
        organisation_id=found.organisation_id,
        text=words_in(vault, text) if text else "",
        language=found.language,
        kind=found.kind,
        themes=_codes(session, SignalTheme.theme_code, SignalTheme.signal_id, found.id),
        groups=_codes(session, SignalGroup.group_code, SignalGroup.signal_id, found.id),
        barriers=_codes(session, SignalBarrier.barrier_code, SignalBarrier.signal_id, found.id),
        place=found.place_code,
        neighbourhood=found.neighbourhood,
        sensitive=found.sensitive,
        sensitive_asked=found.sensitive_asked,
    )


def _codes(session: Session, code: Any, of: Any, signal_id: uuid.UUID) -> tuple[str, ...]:
    return tuple(session.exec(select(code).where(of == signal_id).order_by(code)).all())


def _insert_todos(session: Session, vault: Vault, signal: Signal, todos: Iterable[ToLookAt]) -> None:
    rows = []
    for todo in todos:
        todo_id = new_id()
        sealed = vault.seal(todo.detail, todo_context(todo_id)) if todo.detail else None
        rows.append(
            {
                "id": todo_id,
                "signal_id": signal.id,
                "kind": todo.kind,
                "field": todo.field,
                "detail_sealed": sealed.data if sealed else None,
                "detail_key": sealed.key_id if sealed else None,
                "made_at": signal.received_at,
            }
        )
    insert_rows(session.connection(), Todo, rows)

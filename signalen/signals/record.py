"""Taking a signal in: kept once, whatever the network does, in some ten statements."""

from __future__ import annotations

import os
import secrets
import uuid
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import Conflict, Missing, NotAllowed
from signalen.core.ids import new_id
from signalen.core.permissions import Actor, ActorKind, Permission, Role, check_may
from signalen.core.upsert import insert_new, insert_rows, next_number
from signalen.core.vault import Vault
from signalen.people.clocks import ClockName, due
from signalen.signals.codes import SALT_BYTES, PlainCode, hash_secret, new_code, reference
from signalen.signals.giver_models import ToldThrough
from signalen.signals.intake import GETS_CODE, Intake, Receipt, gets_code, says_something
from signalen.signals.models import (
    Channel,
    FollowCode,
    Giver,
    HearsBack,
    ReferenceCounter,
    Signal,
    SignalBarrier,
    SignalGroup,
    SignalText,
    SignalTheme,
    SignalVerb,
    Stage,
    TextKind,
)
from signalen.signals.rules import may_see
from signalen.signals.sealing import contact_context, stored_words
from signalen.signals.sensitivity import looks_sensitive

_KEPT = sa.select(col(Signal.id)).where(col(Signal.key) == sa.bindparam("key"))


def record_signal(session: Session, vault: Vault, intake: Intake, *, actor: Actor) -> Receipt:
    """Keeps a signal with its giver, words and code.

    The same key with the same content is answered with the first receipt; when its code was never used there comes a new
    one, since the first may never have arrived. The same key with other content raises `Conflict`.
    """
    _check(intake, actor)
    content = intake.content_hash(vault, recorded_by(actor))
    known = kept_under(session, intake.key)
    if known is not None:
        return _replay(session, known, content, actor=actor)
    signal, fresh = keep_once(session, vault, intake, content, actor=actor)
    if not fresh:
        return _replay(session, signal, content, actor=actor)
    code = None
    if gets_code(intake):
        code = insert_code(session.connection(), signal.giver_id, demo=intake.demo)
    return Receipt(signal, code, fresh=True)


def recorded_by(actor: Actor) -> uuid.UUID | None:
    """The person who writes a signal down; nobody when a resident does so."""
    return actor.id if actor.kind is ActorKind.USER else None


def kept_under(session: Session, key: uuid.UUID) -> Signal | None:
    """The signal that was recorded with this key, whoever's it is."""
    # Nearly always there is none: asked on the shortest way.
    if session.connection().execute(_KEPT, {"key": key}).first() is None:
        return None
    return session.exec(select(Signal).where(Signal.key == key)).one()


def keep_once(
    session: Session, vault: Vault, intake: Intake, content: bytes, *, actor: Actor
) -> tuple[Signal, bool]:
    """Keeps a signal with its giver and words, and says that it is fresh; or gives what another process kept with this key.

    `content`: the keyed hash by which a replay is told from a reused key. The caller has looked for the key before.
    """
    by = recorded_by(actor)
    received = intake.received_at or clock.now()
    day = clock.day_of(received)
    connection = session.connection()
    giver = _giver_values(vault, intake, by, received)
    insert_rows(connection, Giver, giver)
    due_on = due(session, ClockName.READ, day)
    number = next_number(connection, ReferenceCounter, counted="last", series="S", year=day.year)
    shielded = intake.sensitive or intake.shielded
    signal = Signal(
        id=new_id(),
        reference=reference(day.year, number),
        key=intake.key,
        content_hash=content,
        kind=intake.kind,
        channel=intake.channel,
        stage=Stage.RECEIVED,
        stage_since=received,
        due_on=due_on,
        giver_id=giver["id"],
        organisation_id=intake.organisation_id,
        recorded_by=by,
        place_code=intake.place,
        neighbourhood=intake.neighbourhood,
        people=intake.people,
        happened_on=intake.happened_on,
        language=intake.language,
        sensitive=shielded or bool(looks_sensitive(intake.text, intake.language, intake.themes)),
        sensitive_asked=intake.sensitive,
        with_help=intake.with_help,
        discussed=intake.discussed,
        agreed_how=intake.agreed_how,
        may_use_at=received if intake.may_use or intake.may_quote or intake.may_publish else None,
        may_quote_at=received if intake.may_quote or intake.may_publish else None,
        may_publish_at=received if intake.may_publish else None,
        received_at=received,
        demo=intake.demo,
    )
    if not insert_new(connection, Signal, signal.model_dump(), unique=["key"]):
        # Another process was first with this key: what it kept is the signal.
        connection.execute(sa.delete(Giver).where(col(Giver.id) == giver["id"]))
        return session.exec(select(Signal).where(Signal.key == intake.key)).one(), False
    make_transient_to_detached(signal)
    session.add(signal)
    _insert_belongings(connection, vault, signal, intake, by)
    giving = actor if actor.kind is not ActorKind.GIVER else replace(actor, id=signal.giver_id)
    events.record(session, SignalVerb.RECEIVED, signal, actor=giving, channel=signal.channel.value)
    return signal, True


def issue_code(session: Session, giver_id: uuid.UUID, *, actor: Actor, demo: bool = False) -> PlainCode:
    """A further code for a giver: each letter and each card carries its own."""
    if actor.kind is not ActorKind.SYSTEM:
        signal = session.exec(select(Signal).where(Signal.giver_id == giver_id)).one()
        if not may_see(actor, signal):
            raise NotAllowed(Permission.SIGNAL_TELL)
    code = insert_code(session.connection(), giver_id, demo=demo)
    events.record(session, SignalVerb.CODE_ISSUED, _GiverSubject(giver_id), actor=actor)
    return code


def insert_code(connection: sa.Connection, giver_id: uuid.UUID, *, demo: bool) -> PlainCode:
    """Keeps a fresh code; only the hash of its secret stays. Tries again when the locator is taken."""
    while True:
        code, salt = new_code(secrets.token_bytes), os.urandom(SALT_BYTES)
        row = {
            "id": new_id(),
            "giver_id": giver_id,
            "locator": code.locator,
            "salt": salt,
            "secret_hash": hash_secret(code.secret, salt),
            "created_at": clock.now(),
            "demo": demo,
        }
        if insert_new(connection, FollowCode, row, unique=["locator"]):
            return code


@dataclass
class _GiverSubject:
    """A giver as the subject of an event, known by id only."""

    id: uuid.UUID
    __tablename__: ClassVar[str] = "giver"


def _check(intake: Intake, actor: Actor) -> None:
    if not says_something(intake.text):
        raise Missing("text")
    if intake.channel is not Channel.REPORT:
        check_may(actor, Permission.SIGNAL_RECORD)
    if intake.channel is Channel.ON_BEHALF and not intake.agreed_how:
        raise Missing("agreed_how")
    foreign = intake.organisation_id is not None and intake.organisation_id not in actor.organisations
    if foreign and Role.WORKER in actor.roles:
        raise NotAllowed(Permission.SIGNAL_RECORD)
    if (intake.hears_back is HearsBack.CONTACT) != (intake.contact is not None):
        raise Missing("contact")


def _replay(session: Session, signal: Signal, content: bytes, *, actor: Actor) -> Receipt:
    if signal.content_hash != content:
        raise Conflict("key-used", reference=signal.reference)
    giver = session.exec(select(Giver).where(Giver.id == signal.giver_id)).one()
    followed = session.exec(
        select(FollowCode.id).where(FollowCode.giver_id == giver.id, col(FollowCode.used_at).is_not(None))
    ).first()
    coded = giver.hears_back in GETS_CODE or signal.channel is Channel.REPORT
    if not coded or followed is not None:
        return Receipt(signal, None, fresh=False)
    code = insert_code(session.connection(), giver.id, demo=signal.demo)
    by = actor if actor.kind is not ActorKind.GIVER else replace(actor, id=giver.id)
    events.record(session, SignalVerb.CODE_ISSUED, _GiverSubject(giver.id), actor=by)
    return Receipt(signal, code, fresh=False)


def _giver_values(vault: Vault, intake: Intake, told_by: uuid.UUID | None, at: Any) -> dict[str, Any]:
    giver_id = new_id()
    contact = intake.contact
    sealed = vault.seal(contact.value, contact_context(giver_id)) if contact else None
    return {
        "id": giver_id,
        "language": intake.answer_language or intake.language,
        "hears_back": intake.hears_back,
        "contact_kind": contact.kind if contact else None,
        "contact_sealed": sealed.data if sealed else None,
        "contact_key": sealed.key_id if sealed else None,
        "told_by": told_by if intake.hears_back is HearsBack.WORKER else None,
        "created_at": at,
    }


def _insert_belongings(
    connection: sa.Connection, vault: Vault, signal: Signal, intake: Intake, written_by: uuid.UUID | None
) -> None:
    text_id = new_id()
    text = {
        "id": text_id,
        "signal_id": signal.id,
        "kind": TextKind.ORIGINAL,
        "language": intake.language,
        "written_by": written_by,
        "written_at": signal.received_at,
    }
    insert_rows(
        connection, SignalText, text | stored_words(vault, text_id, intake.text, sealed=signal.sensitive)
    )
    if intake.told_through is not None:
        through = {"giver_id": signal.giver_id, "organisation_id": intake.told_through}
        insert_rows(connection, ToldThrough, through)
    for table, column, codes in (
        (SignalTheme, "theme_code", intake.themes),
        (SignalGroup, "group_code", intake.groups),
        (SignalBarrier, "barrier_code", intake.barriers),
    ):
        rows = [{"signal_id": signal.id, column: code} for code in dict.fromkeys(codes)]
        insert_rows(connection, table, rows)

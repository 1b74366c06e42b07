"""What a giver may change with the code alone: where the answer goes, what may be done with the words, and the words."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import NotAllowed
from signalen.core.permissions import Actor, ActorKind, Permission
from signalen.core.vault import Vault
from signalen.signals.giver_models import ToldThrough
from signalen.signals.intake import Contact
from signalen.signals.models import ContactKind, FollowCode, Giver, HearsBack, Signal, SignalVerb
from signalen.signals.sealing import contact_context

SHOWN_LETTERS = 1
SHOWN_DIGITS = 2


def change_contact(
    session: Session, vault: Vault, signal: Signal, contact: Contact | None, *, actor: Actor
) -> None:
    """Another address or number, or none: then only the code leads to the answer."""
    _check(actor, signal)
    sealed = vault.seal(contact.value, contact_context(signal.giver_id)) if contact else None
    session.connection().execute(
        sa.update(Giver)
        .where(col(Giver.id) == signal.giver_id)
        .values(
            hears_back=HearsBack.CONTACT if contact else HearsBack.CODE,
            contact_kind=contact.kind if contact else None,
            contact_sealed=sealed.data if sealed else None,
            contact_key=sealed.key_id if sealed else None,
            told_by=None,
        )
    )
    session.connection().execute(sa.delete(ToldThrough).where(col(ToldThrough.giver_id) == signal.giver_id))
    session.expire_all()
    events.record(
        session, SignalVerb.CONTACT_CHANGED, signal, actor=actor, kind=contact.kind.value if contact else None
    )


def change_consents(
    session: Session, signal: Signal, *, use: bool, quote: bool, publish: bool, actor: Actor
) -> None:
    """What may be done with the words, each with the day it was said. A wider yes holds the narrower ones."""
    _check(actor, signal)
    now = clock.now()
    signal.may_publish_at = (signal.may_publish_at or now) if publish else None
    signal.may_quote_at = (signal.may_quote_at or now) if quote or publish else None
    signal.may_use_at = (signal.may_use_at or now) if use or quote or publish else None
    session.add(signal)
    session.flush()
    events.record(
        session, SignalVerb.CONSENTS_CHANGED, signal, actor=actor, use=use, quote=quote, publish=publish
    )


def contact_of(session: Session, vault: Vault, signal: Signal) -> Contact | None:
    """The address or number that its giver left, for the giver."""
    giver = session.exec(select(Giver).where(Giver.id == signal.giver_id)).one()
    if giver.contact_kind is None or giver.contact_sealed is None or giver.contact_key is None:
        return None
    value = vault.open(giver.contact_key, giver.contact_sealed, contact_context(giver.id))
    return Contact(giver.contact_kind, value)


def masked(contact: Contact) -> str:
    """Enough for its owner to know it, too little for somebody who looks over a shoulder: `r…@example.org`, `… 12`."""
    if contact.kind is ContactKind.EMAIL:
        name, _, host = contact.value.partition("@")
        return f"{name[:SHOWN_LETTERS]}…@{host}"
    if contact.kind is ContactKind.ADDRESS:
        return f"{contact.value[:SHOWN_LETTERS]}…"
    return f"… {contact.value[-SHOWN_DIGITS:]}"


def codes_of(session: Session, signal: Signal) -> int:
    """How many codes open this signal now."""
    return session.exec(
        select(sa.func.count())
        .select_from(FollowCode)
        .where(FollowCode.giver_id == signal.giver_id, col(FollowCode.revoked_at).is_(None))
    ).one()


def _check(actor: Actor, signal: Signal) -> None:
    if actor.kind is not ActorKind.GIVER or actor.id != signal.giver_id:
        raise NotAllowed(Permission.SIGNAL_READ)

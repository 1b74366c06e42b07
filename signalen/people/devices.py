"""Phones that may send the signals of one person, and nothing else. Nothing can be read with what they hold."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core import clock, events
from signalen.core.errors import NotAllowed
from signalen.core.ids import new_id
from signalen.core.permissions import Actor, Permission, check_may, may
from signalen.people.models import Device, Membership, PeopleVerb, User
from signalen.people.queries import make_actor, token_hash

MOST_SHOWN = 50
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
# Asked with every letter a phone sends: built once, and columns instead of entities.
_BEHIND: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        col(Device.id).label("device_id"),
        col(Device.seen_on),
        *(col(each) for each in (User.id, User.name, User.language, User.demo)),
        *(col(each) for each in (Membership.role, Membership.organisation_id, Membership.body_id)),
        *(col(each) for each in (Membership.may_agree, Membership.may_read_sensitive, Membership.until)),
    )
    .join_from(Device, User, col(User.id) == col(Device.user_id))
    .outerjoin(Membership, (col(Membership.user_id) == col(User.id)) & col(Membership.until).is_(None))
    .where(
        col(Device.token_hash) == sa.bindparam("token"), col(Device.revoked_at).is_(None), col(User.active)
    )
)


def device_name(user_agent: str) -> str:
    """A name by which a person knows their phone again: "Android · Chrome". Empty when it says nothing of itself."""
    found = (
        next((name for sign, name in signs if sign in user_agent), None) for signs in (_SYSTEMS, _BROWSERS)
    )
    return " · ".join(filter(None, found))


def device_state(session: Session, token: str) -> tuple[Actor, uuid.UUID, bool] | None:
    """The person behind the token of a phone, the phone, and whether its day must be written again: one statement.

    None when the token is unknown or revoked, or when the person was stopped or records signals no more.
    """
    rows: Sequence[Any] = session.connection().execute(_BEHIND, {"token": token_hash(token)}).all()
    if not rows:
        return None
    actor = make_actor(rows[0], [row for row in rows if row.role is not None])
    if not may(actor, Permission.SIGNAL_RECORD):
        return None
    return actor, rows[0].device_id, rows[0].seen_on != clock.today()


def touch_device(session: Session, device_id: uuid.UUID) -> None:
    """Remembers the day on which this phone last sent something; no more of when somebody works than that."""
    session.connection().execute(
        sa.update(Device).where(col(Device.id) == device_id).values(seen_on=clock.today())
    )


def add_device(session: Session, name: str, *, actor: Actor) -> str:
    """A new phone of this person; gives the token that it keeps."""
    check_may(actor, Permission.SIGNAL_RECORD)
    token = secrets.token_urlsafe(32)
    made = Device(
        id=new_id(),
        user_id=actor.user_id,
        token_hash=token_hash(token),
        name=name[:80],
        created_at=clock.now(),
        seen_on=clock.today(),
    )
    session.add(made)
    session.flush()
    events.record(session, PeopleVerb.DEVICE_ADDED, made, actor=actor)
    return token


def revoke_device(session: Session, device: Device, *, actor: Actor) -> None:
    """The phone sends no more, until its person signs in on it again. What waits on it stays there."""
    if not _may_keep(actor, device.user_id):
        raise NotAllowed(Permission.ACCOUNT_USE)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        session.add(device)
        session.flush()
        events.record(session, PeopleVerb.DEVICE_REVOKED, device, actor=actor)


def revoke_devices(session: Session, user: User, *, actor: Actor) -> None:
    """None of the phones of a person sends any more."""
    for device in session.exec(_of(user.id)).all():
        revoke_device(session, device, actor=actor)


def devices_of(session: Session, user_id: uuid.UUID, actor: Actor) -> Sequence[Device]:
    """The phones that send for a person, the newest first: for that person and for the steward."""
    return session.exec(_of(user_id).limit(MOST_SHOWN)).all() if _may_keep(actor, user_id) else []


def find_device(session: Session, user_id: uuid.UUID, device_id: uuid.UUID, actor: Actor) -> Device | None:
    """One of the phones that `devices_of` gives."""
    if not _may_keep(actor, user_id):
        return None
    return session.exec(_of(user_id).where(Device.id == device_id)).first()


def _may_keep(actor: Actor, user_id: uuid.UUID) -> bool:
    own = may(actor, Permission.ACCOUNT_USE) and actor.id == user_id
    return own or may(actor, Permission.HOUSE_KEEP)


def _of(user_id: uuid.UUID) -> SelectOfScalar[Device]:
    return (
        select(Device)
        .where(Device.user_id == user_id, col(Device.revoked_at).is_(None))
        .order_by(col(Device.id).desc())
    )

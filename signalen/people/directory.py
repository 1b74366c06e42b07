"""Writes of the steward: organisations, bodies, people, their roles and mandates, settings of the platform."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, ClassVar

import yaml
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError
from signalen.core.permissions import Actor, Role
from signalen.people.devices import revoke_devices
from signalen.people.links import send_link
from signalen.people.models import (
    Body,
    Level,
    LinkPurpose,
    Membership,
    Municipality,
    Organisation,
    PeopleVerb,
    Setting,
    User,
)
from signalen.people.operations import end_all_sign_ins

SOURCE = "Antwerpen kleurt sociaal 2.0 (APSMO, 2018)"
FACTS = Path(__file__).parent / "facts" / "organisations.yaml"


def load_directory(session: Session, *, actor: Actor) -> list[tuple[Organisation, list[str]]]:
    """Adds the organisations that signed the ten proposals, as facts. Can run again.

    Gives the new ones with the theme codes they know about; the links are made by the room of themes.
    """
    data = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    known = set(session.exec(select(Organisation.name)).all())
    return [
        (
            add_organisation(session, entry["name"], source=SOURCE, directory_only=True, actor=actor),
            entry["themes"],
        )
        for entry in data["organisations"]
        if entry["name"] not in known
    ]


def add_organisation(
    session: Session,
    name: str,
    *,
    source: str | None = None,
    directory_only: bool = False,
    demo: bool = False,
    actor: Actor,
) -> Organisation:
    """A new organisation; its name is not here yet."""
    if session.exec(select(Organisation).where(Organisation.name == name)).first():
        raise DomainError("name-known", name=name)
    made = Organisation(name=name, source=source, directory_only=directory_only, demo=demo)
    session.add(made)
    session.flush()
    events.record(session, PeopleVerb.ORGANISATION_ADDED, made, actor=actor)
    return made


def change_organisation(
    session: Session, organisation: Organisation, *, name: str, active: bool, actor: Actor
) -> None:
    """Another name, or no longer active: then nobody can be added, and what was stays."""
    other = session.exec(select(Organisation).where(Organisation.name == name)).first()
    if other is not None and other.id != organisation.id:
        raise DomainError("name-known", name=name)
    organisation.name, organisation.active = name, active
    session.add(organisation)
    events.record(session, PeopleVerb.ORGANISATION_CHANGED, organisation, actor=actor)


def add_municipality(session: Session, code: str, name: str) -> Municipality:
    """A municipality that the platform faces, or the one that is here already."""
    found = session.get(Municipality, code)
    if found is None:
        found = Municipality(code=code, name=name)
        session.add(found)
        session.flush()
    return found


def add_body(
    session: Session,
    name: str,
    level: Level,
    *,
    municipality: str | None = None,
    email: str | None = None,
    demo: bool = False,
    actor: Actor,
) -> Body:
    """A body that can be asked."""
    known = session.exec(select(Body).where(Body.name == name, Body.municipality == municipality)).first()
    if known is not None:
        raise DomainError("name-known", name=name)
    made = Body(name=name, level=level, municipality=municipality, email=email, demo=demo)
    session.add(made)
    session.flush()
    events.record(session, PeopleVerb.BODY_ADDED, made, actor=actor)
    return made


def change_body(
    session: Session, body: Body, *, name: str, level: Level, email: str | None, active: bool, actor: Actor
) -> None:
    """Other facts about a body."""
    body.name, body.level, body.email, body.active = name, level, email, active
    session.add(body)
    events.record(session, PeopleVerb.BODY_CHANGED, body, actor=actor)


def invite(
    session: Session, email: str, name: str, *, language: str, demo: bool = False, actor: Actor
) -> User:
    """A new person, who gets a link to choose a password. The role comes with `add_membership`."""
    if session.exec(select(User).where(User.email == email)).first():
        raise DomainError("email-known")
    made = User(email=email, name=name, language=language, created_at=clock.now(), demo=demo)
    session.add(made)
    session.flush()
    if not demo:
        send_link(session, made, LinkPurpose.INVITATION)
    events.record(session, PeopleVerb.USER_INVITED, made, actor=actor)
    return made


def invite_again(session: Session, user: User, *, actor: Actor) -> None:
    """A new link for someone whose first one ran out."""
    send_link(session, user, LinkPurpose.INVITATION)
    events.record(session, PeopleVerb.USER_INVITED, user, actor=actor)


def add_membership(
    session: Session,
    user: User,
    role: Role,
    *,
    organisation_id: uuid.UUID | None = None,
    body_id: uuid.UUID | None = None,
    may_agree: bool = False,
    may_read_sensitive: bool = False,
    actor: Actor,
) -> Membership:
    """A role with its mandates. Workers belong to an organisation, city contacts to a body; only staff read sensitive signals."""
    if role is Role.WORKER and organisation_id is None:
        raise DomainError("organisation-needed")
    if role is Role.CITY and body_id is None:
        raise DomainError("body-needed")
    if (may_agree and organisation_id is None) or (may_read_sensitive and role is not Role.STAFF):
        raise DomainError("mandate-role")
    made = Membership(
        user_id=user.id,
        role=role,
        organisation_id=organisation_id if role is not Role.CITY else None,
        body_id=body_id if role is Role.CITY else None,
        may_agree=may_agree,
        may_read_sensitive=may_read_sensitive,
        since=clock.now(),
    )
    session.add(made)
    session.flush()
    events.record(session, PeopleVerb.MEMBERSHIP_ADDED, made, actor=actor, role=role.value)
    return made


def end_membership(session: Session, membership: Membership, *, actor: Actor) -> None:
    """Ends a role; what the person did stays. The last steward stays steward."""
    if membership.role is Role.STEWARD and _stewards(session) == 1:
        raise DomainError("last-steward")
    membership.until = clock.now()
    session.add(membership)
    events.record(session, PeopleVerb.MEMBERSHIP_ENDED, membership, actor=actor)


def stop_user(session: Session, user: User, *, actor: Actor) -> None:
    """Someone leaves: no signing in any more, every browser is signed out at once, no phone sends any more."""
    roles = session.exec(
        select(Membership).where(Membership.user_id == user.id, col(Membership.until).is_(None))
    ).all()
    for membership in roles:
        end_membership(session, membership, actor=actor)
    user.active = False
    session.add(user)
    end_all_sign_ins(session, user)
    revoke_devices(session, user, actor=actor)
    events.record(session, PeopleVerb.USER_STOPPED, user, actor=actor)


def set_setting(session: Session, name: str, value: Any, *, municipality: str = "", actor: Actor) -> None:
    """Changes a setting. Dates that were given already do not move (facts/loop.md)."""
    row = session.get(Setting, (name, municipality))
    if row is None:
        row = Setting(name=name, municipality=municipality)
    row.value = value
    session.add(row)
    session.flush()
    events.record(session, PeopleVerb.SETTING_CHANGED, _SettingSubject(name), actor=actor, setting=name)


class _SettingSubject:
    """Settings have names, not ids: the event carries an id made from the name."""

    __tablename__: ClassVar[Any] = "setting"

    def __init__(self, name: str) -> None:
        self.id = uuid.uuid5(uuid.NAMESPACE_OID, name)


def _stewards(session: Session) -> int:
    rows = session.exec(
        select(Membership.id)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(Membership.role == Role.STEWARD, col(Membership.until).is_(None), col(User.active))
    )
    return len(rows.all())

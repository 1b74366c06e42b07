"""The people of the demo, their organisations and the bodies they can ask; passwords that are the same in every run."""

from __future__ import annotations

import base64
from typing import Any

from sqlmodel import Session, select

from signalen.core.permissions import SYSTEM, Role
from signalen.core.vault import Vault
from signalen.desk.demo.facts import facts
from signalen.desk.demo.scene import Scene
from signalen.people.directory import add_body, add_membership, add_organisation, invite
from signalen.people.models import Body, Level, Organisation, User
from signalen.people.operations import set_password
from signalen.themes.expertise import set_expertise

_GROUPS = 3
_GROUP = 4


def password_of(vault: Vault, email: str) -> str:
    """The password of a person of the demo, made from the keys of this installation: nobody elsewhere knows it."""
    letters = base64.b32encode(vault.fingerprint(email, "demo-password")).decode().lower()
    groups = [letters[start : start + _GROUP] for start in range(0, _GROUPS * _GROUP, _GROUP)]
    return "-".join([email.partition("@")[0], *groups])


def make_cast(scene: Scene) -> None:
    """Organisations, bodies and people, each marked as demo. What stands here already under that name is taken."""
    session, cast = scene.session, facts("cast")
    for each in cast["organisations"]:
        known = session.exec(select(Organisation).where(Organisation.name == each["name"])).first()
        made = known or add_organisation(session, each["name"], demo=True, actor=SYSTEM)
        if known is None:
            set_expertise(session, made, each["themes"], actor=SYSTEM)
        scene.organisations[each["code"]] = made
    for each in cast["bodies"]:
        scene.bodies[each["code"]] = _body(session, each)
    for each in cast["people"]:
        scene.people[each["code"]] = _person(scene, each)


def users(session: Session, vault: Vault) -> list[dict[str, str]]:
    """How everyone of the demo signs in: e-mail, password, role, name and organisation (or body, or nothing)."""
    cast = facts("cast")
    homes = {each["code"]: each["name"] for each in (*cast["organisations"], *cast["bodies"])}
    here = set(session.exec(select(User.email).where(User.demo)).all())
    return [
        {
            "email": each["email"],
            "password": password_of(vault, each["email"]),
            "role": each["role"],
            "name": each["name"],
            "organisation": homes.get(each.get("organisation") or each.get("body") or "", ""),
        }
        for each in cast["people"]
        if each["email"] in here
    ]


def _body(session: Session, each: dict[str, Any]) -> Body:
    municipality = each.get("municipality")
    known = session.exec(
        select(Body).where(Body.name == each["name"], Body.municipality == municipality)
    ).first()
    return known or add_body(
        session, each["name"], Level(each["level"]), municipality=municipality, demo=True, actor=SYSTEM
    )


def _person(scene: Scene, each: dict[str, Any]) -> User:
    session, role = scene.session, Role(each["role"])
    made = invite(
        session, each["email"], each["name"], language=each.get("language", "nl"), demo=True, actor=SYSTEM
    )
    set_password(session, made, password_of(scene.vault, made.email), actor=SYSTEM)
    organisation, body = each.get("organisation"), each.get("body")
    add_membership(
        session,
        made,
        role,
        organisation_id=scene.organisations[organisation].id if organisation else None,
        body_id=scene.bodies[body].id if body else None,
        may_agree=each.get("may_agree", False),
        may_read_sensitive=each.get("reads_sensitive", False),
        actor=SYSTEM,
    )
    return made

"""The cast and small makers of things, through the same operations that the app uses where there are any."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from signalen.core import clock
from signalen.core.permissions import NOBODY, Actor, Role
from signalen.core.vault import Vault
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import (
    add_ask,
    agree,
    announce_synthesis,
    bundle,
    open_dossier,
    open_round,
    write_synthesis,
)
from signalen.dossiers.queries import organisations_of
from signalen.people.models import Body, Level, Membership, Municipality, Organisation, User
from signalen.people.queries import actor_for_user
from signalen.signals.models import Channel, HearsBack, Signal
from signalen.signals.operations import Intake, record_signal

PASSWORD = "a long password for tests"


@dataclass
class Cast:
    """Who plays in the tests. Users; `actor(user)` gives the actor."""

    session: Session
    linde: Organisation
    kaai: Organisation
    loket: Body
    vlaanderen: Body
    amina: User  # base worker of Huis Linde, may agree for it
    dre: User  # worker of Jeugdhuis Kaai, sees nothing of Amina's
    bart: User  # platform staff, named reader of sensitive signals
    sofie: User  # platform staff, second person, no reader
    chloe: User  # city officer of the desk service
    emma: User  # experience expert of the panel
    stijn: User  # steward

    def actor(self, user: User) -> Actor:
        """The actor a person of the cast is."""
        return actor_for_user(self.session, user.id)


def cast_in(session: Session) -> Cast:
    """The cast that is in a database already."""
    people = {who.name: who for who in session.exec(select(User))}
    bodies = {body.name: body for body in session.exec(select(Body))}
    houses = {each.name: each for each in session.exec(select(Organisation))}
    return Cast(
        session,
        houses["Huis Linde"],
        houses["Jeugdhuis Kaai"],
        bodies["Dienst Loketten"],
        bodies["Agentschap Opgroeien"],
        *(people[name] for name in ("Amina", "Dré", "Bart", "Sofie", "Chloé", "Emma", "Stijn")),
    )


def user(session: Session, name: str, **values) -> User:
    """A person without a password."""
    made = User(
        email=f"{name.lower().replace(' ', '.')}@example.org", name=name, created_at=clock.now(), **values
    )
    session.add(made)
    session.flush()
    return made


def member(session: Session, who: User, role: Role, **values) -> Membership:
    """A role for a person."""
    made = Membership(user_id=who.id, role=role, since=clock.now(), **values)
    session.add(made)
    session.flush()
    return made


def add_cast(session: Session) -> Cast:
    """Everyone, in one go."""
    if session.get(Municipality, "antwerpen") is None:
        session.add(Municipality(code="antwerpen", name="Antwerpen"))
        session.flush()
    linde, kaai = Organisation(name="Huis Linde"), Organisation(name="Jeugdhuis Kaai")
    loket = Body(
        name="Dienst Loketten", level=Level.CITY, municipality="antwerpen", email="loketten@example.org"
    )
    vlaanderen = Body(name="Agentschap Opgroeien", level=Level.FLANDERS)
    session.add_all([linde, kaai, loket, vlaanderen])
    session.flush()
    people = {n: user(session, n) for n in ("Amina", "Dré", "Bart", "Sofie", "Chloé", "Emma", "Stijn")}
    member(session, people["Amina"], Role.WORKER, organisation_id=linde.id, may_agree=True)
    member(session, people["Dré"], Role.WORKER, organisation_id=kaai.id, may_agree=True)
    member(session, people["Bart"], Role.STAFF, may_read_sensitive=True)
    member(session, people["Sofie"], Role.STAFF)
    member(session, people["Chloé"], Role.CITY, body_id=loket.id)
    member(session, people["Emma"], Role.PANEL)
    member(session, people["Stijn"], Role.STEWARD)
    return Cast(
        session,
        linde,
        kaai,
        loket,
        vlaanderen,
        people["Amina"],
        people["Dré"],
        people["Bart"],
        people["Sofie"],
        people["Chloé"],
        people["Emma"],
        people["Stijn"],
    )


def signal(session: Session, vault: Vault, actor: Actor = NOBODY, **values) -> Signal:
    """A signal through the door: a resident's, or a worker's when `actor` is one. `values` as in `Intake`."""
    given = {
        "key": uuid.uuid4(),
        "text": "De bus naar het ziekenhuis komt maar één keer per uur.",
        "language": "nl",
        "channel": Channel.CAPTURE if actor.organisations else Channel.REPORT,
        "hears_back": HearsBack.WORKER if actor.organisations else HearsBack.CODE,
        "organisation_id": next(iter(actor.organisations), None),
        "themes": ("mobiliteit",),
        "place": "borgerhout",
        "may_use": True,
    } | values
    return record_signal(session, vault, Intake(**given), actor=actor).signal


def dossier(
    session: Session,
    cast: Cast,
    *,
    title: str = "Loket alleen op afspraak",
    signals: Sequence[Signal] = (),
    ready: bool = True,
    **values,
) -> Dossier:
    """A dossier of Bart's with these signals (that were read). `ready`: it has a worry, a measure for the desk service and a
    synthesis to which the organisations said yes, so that it may go on an agenda or to the city."""
    bart = cast.actor(cast.bart)
    values = {"municipality": "antwerpen", "worry": "Wie niet online kan, raakt niet binnen.", **values}
    made = open_dossier(session, title=title, lead_id=cast.bart.id, actor=bart, **values)
    bundle(session, signals, made, actor=bart)
    if ready:
        add_ask(
            session,
            open_round(session, made, actor=bart),
            cast.loket.id,
            "Open het loket elke voormiddag zonder afspraak.",
            actor=bart,
        )
        version = write_synthesis(
            session, made, "Het loket werkt alleen op afspraak. Mensen haken af.", actor=bart
        )
        announce_synthesis(session, version, actor=bart)
        mandated = {cast.linde.id: cast.amina, cast.kaai.id: cast.dre}
        for organisation_id, _name in organisations_of(session, made):
            who = cast.actor(mandated[organisation_id])
            agree(session, version, organisation_id, agrees=True, actor=who)
    return made

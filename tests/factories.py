"""The cast and small makers of things, through the same operations that the app uses where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from signalen.core import clock
from signalen.core.permissions import Actor, Role
from signalen.people.models import Body, Level, Membership, Municipality, Organisation, User
from signalen.people.queries import actor_for_user

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

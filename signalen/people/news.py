"""When a person last looked at what is new, and how often they want it by mail."""

from __future__ import annotations

import uuid

from sqlmodel import Session, select

from signalen.core import clock, events
from signalen.core.permissions import Actor
from signalen.people.models import Digest, NewsChoice, PeopleVerb, User


def digest_of(session: Session, user_id: uuid.UUID) -> Digest:
    """How often this person gets a mail: every week until they say otherwise."""
    chosen = session.exec(select(NewsChoice.digest).where(NewsChoice.user_id == user_id)).first()
    return Digest(chosen) if chosen else Digest.WEEKLY


def choose_digest(session: Session, user: User, digest: Digest, *, actor: Actor) -> None:
    """A person says how often they want a mail with what is new."""
    _choice(session, user.id).digest = digest
    session.flush()
    events.record(session, PeopleVerb.DIGEST_CHOSEN, user, actor=actor, digest=digest.value)


def look_at_news(session: Session, *, actor: Actor) -> None:
    """A person saw what is new up to now."""
    user = session.exec(select(User).where(User.id == actor.user_id)).one()
    _choice(session, user.id).seen_at = clock.now()
    session.flush()
    events.record(session, PeopleVerb.NEWS_SEEN, user, actor=actor)


def _choice(session: Session, user_id: uuid.UUID) -> NewsChoice:
    known = session.exec(select(NewsChoice).where(NewsChoice.user_id == user_id)).first()
    choice = known or NewsChoice(user_id=user_id)
    session.add(choice)
    return choice

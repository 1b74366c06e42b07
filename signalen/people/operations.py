"""Writes about people: signing in and out, passwords, memberships."""

from __future__ import annotations

import secrets
from functools import lru_cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError
from signalen.core.permissions import Actor
from signalen.people.devices import revoke_devices
from signalen.people.models import PeopleVerb, SignIn, User
from signalen.people.queries import actor_for_user, token_hash

SHORTEST, LONGEST = 12, 128
_hasher = PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that no password fits: an unknown address takes as long as a wrong password."""
    return _hasher.hash(secrets.token_urlsafe(24))


def password_fits(user: User | None, password: str) -> bool:
    """Whether this is the password of this person. Takes as long when there is no such person."""
    kept = user.password_hash if user and user.active and user.password_hash else None
    try:
        return _hasher.verify(kept or _nobody(), password) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def set_password(session: Session, user: User, password: str, *, actor: Actor) -> None:
    """Sets a password of 12 to 128 characters (any kind) and signs the person out everywhere.

    Their phones send no more until somebody signs in on them: who fears for a password fears for a lost phone too.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise DomainError("password-length", shortest=SHORTEST, longest=LONGEST)
    user.password_hash = _hasher.hash(password)
    session.add(user)
    end_all_sign_ins(session, user)
    revoke_devices(session, user, actor=actor)
    events.record(session, PeopleVerb.PASSWORD_CHANGED, user, actor=actor)


def start_sign_in(session: Session, user: User) -> str:
    """A new sign-in; gives the token that goes into the cookie. The password was checked before."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(SignIn(user_id=user.id, token_hash=token_hash(token), created_at=now, seen_at=now))
    session.flush()
    events.record(session, PeopleVerb.SIGNED_IN, user, actor=actor_for_user(session, user.id))
    return token


def touch_sign_in(session: Session, token: str) -> None:
    """Remembers that this sign-in was used just now."""
    session.connection().execute(
        sa.update(SignIn).where(col(SignIn.token_hash) == token_hash(token)).values(seen_at=clock.now())
    )


def end_sign_in(session: Session, token: str, *, actor: Actor) -> None:
    """Signs this browser out."""
    row = session.exec(select(SignIn).where(SignIn.token_hash == token_hash(token))).first()
    if row and row.ended_at is None:
        row.ended_at = clock.now()
        session.add(row)
        user = session.exec(select(User).where(User.id == row.user_id)).one()
        events.record(session, PeopleVerb.SIGNED_OUT, user, actor=actor)


def end_all_sign_ins(session: Session, user: User) -> None:
    """Ends every sign-in of a person."""
    session.connection().execute(
        sa.update(SignIn)
        .where(col(SignIn.user_id) == user.id, col(SignIn.ended_at).is_(None))
        .values(ended_at=clock.now())
    )


def sign_out_everywhere(session: Session, user: User, *, actor: Actor) -> None:
    """Ends every sign-in of a person, also the one that asks for it; their phones send no more.

    A plain sign-out leaves the phone its token: what waits on it must still arrive.
    """
    end_all_sign_ins(session, user)
    revoke_devices(session, user, actor=actor)
    events.record(session, PeopleVerb.SIGNED_OUT_EVERYWHERE, user, actor=actor)


def change_self(session: Session, user: User, *, name: str, language: str, actor: Actor) -> None:
    """A person changes their own name and language."""
    user.name, user.language = name, language
    session.add(user)
    events.record(session, PeopleVerb.USER_CHANGED, user, actor=actor)

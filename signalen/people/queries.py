"""Reads about people: who is behind a sign-in, who belongs where."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock
from signalen.core.permissions import Actor, ActorKind, Role
from signalen.people.models import Membership, Organisation, Setting, SignIn, User

IDLE = {False: timedelta(minutes=30), True: timedelta(hours=4)}
"""How long a sign-in may be idle; True for people who only work on a phone (safety.md, threat 6)."""
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)


def token_hash(token: str) -> bytes:
    """What is kept of a sign-in token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


class SignInState(NamedTuple):
    """Who is behind a sign-in, whether its last-seen time must be written again, and whether this is a demo."""

    actor: Actor
    stale: bool
    demo: bool


# Asked on every signed-in request: built once, and columns instead of entities.
_SIGNED_IN = (
    sa.select(
        *(
            col(each)
            for each in (SignIn.created_at, SignIn.seen_at, User.id, User.name, User.language, User.demo)
        ),
        *(col(each) for each in (Membership.role, Membership.organisation_id, Membership.body_id)),
        *(col(each) for each in (Membership.may_agree, Membership.may_read_sensitive, Membership.until)),
        sa.select(col(Setting.value))
        .where(col(Setting.name) == "demo", col(Setting.municipality) == "")
        .scalar_subquery()
        .label("in_demo"),
    )
    .join_from(SignIn, User, col(User.id) == col(SignIn.user_id))
    .outerjoin(Membership, (col(Membership.user_id) == col(User.id)) & col(Membership.until).is_(None))
    .where(col(SignIn.token_hash) == sa.bindparam("token"), col(SignIn.ended_at).is_(None), col(User.active))
)
ACTIVE_ORGANISATIONS = (
    sa.select(col(Organisation.id), col(Organisation.name))
    .where(col(Organisation.active))
    .order_by(col(Organisation.name))
)
_SETTING = sa.select(col(Setting.municipality), col(Setting.value)).where(
    col(Setting.name) == sa.bindparam("name"),
    sa.or_(col(Setting.municipality) == sa.bindparam("municipality"), col(Setting.municipality) == ""),
)


def is_alive(created: datetime, seen: datetime, *, phone_only: bool, now: datetime) -> bool:
    """Whether a sign-in still counts: not idle too long, not older than the absolute limit."""
    return now < created + ABSOLUTE and now < seen + IDLE[phone_only]


def actor_for_token(session: Session, token: str) -> Actor | None:
    """The person behind a sign-in token, with roles and mandates."""
    found = sign_in_state(session, token)
    return found.actor if found else None


def sign_in_state(session: Session, token: str) -> SignInState | None:
    """The person behind a token, and what else every page of theirs asks: one statement."""
    rows: Sequence[Any] = session.connection().execute(_SIGNED_IN, {"token": token_hash(token)}).all()
    if not rows:
        return None
    sign_in = rows[0]
    actor = make_actor(sign_in, [row for row in rows if row.role is not None])
    phone_only = actor.roles <= {Role.WORKER, Role.PANEL}
    now = clock.now()
    if not is_alive(sign_in.created_at, sign_in.seen_at, phone_only=phone_only, now=now):
        return None
    return SignInState(actor, now - sign_in.seen_at > TOUCH, bool(sign_in.in_demo))


def make_actor(user: User, memberships: Iterable[Membership]) -> Actor:
    """The actor that a person with these memberships is."""
    active = [m for m in memberships if m.until is None]
    return Actor(
        ActorKind.USER,
        user.id,
        user.name,
        frozenset(m.role for m in active),
        frozenset(m.organisation_id for m in active if m.organisation_id),
        frozenset(m.body_id for m in active if m.body_id),
        frozenset(m.organisation_id for m in active if m.may_agree and m.organisation_id),
        any(m.may_read_sensitive for m in active),
        user.language,
        user.demo,
    )


def actor_for_user(session: Session, user_id: uuid.UUID) -> Actor:
    """The actor a person is, outside a request (commands, mails, the demo)."""
    user = session.exec(select(User).where(User.id == user_id)).one()
    return make_actor(user, session.exec(select(Membership).where(Membership.user_id == user_id)).all())


def setting(session: Session, name: str, default: Any = None, *, municipality: str = "") -> Any:
    """A setting of the platform; for a municipality its own one first, then the general one."""
    rows = session.connection().execute(_SETTING, {"name": name, "municipality": municipality})
    found: dict[str, Any] = dict(rows.all())
    return found.get(municipality, found.get("", default))


def is_demo(session: Session) -> bool:
    """Whether this installation holds the demo."""
    return bool(setting(session, "demo", default=False))


def organisations(session: Session, *, with_people: bool = False) -> list[tuple[uuid.UUID, str]]:
    """Active organisations by name; `with_people` leaves out those that only stand in the directory."""
    query = (
        ACTIVE_ORGANISATIONS.where(~col(Organisation.directory_only)) if with_people else ACTIVE_ORGANISATIONS
    )
    return [(i, n) for i, n in session.connection().execute(query)]

"""Links by mail that let their holder choose a password, once: invitations and forgotten passwords.

The secret of a link is never kept: it is a keyed hash of the row's id, made again when the mail is rendered.
"""

from __future__ import annotations

import base64
import hmac
import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events, outbox
from signalen.core.errors import DomainError
from signalen.core.models import RecipientKind
from signalen.core.permissions import SYSTEM, Actor
from signalen.core.vault import Vault
from signalen.people.models import AccessLink, LinkPurpose, PeopleVerb, User
from signalen.people.operations import set_password
from signalen.people.queries import actor_for_user

LASTS = {LinkPurpose.INVITATION: timedelta(days=14), LinkPurpose.RESET: timedelta(hours=2)}
KINDS = {LinkPurpose.INVITATION: "user-invitation", LinkPurpose.RESET: "user-reset"}


def link_token(vault: Vault, link_id: uuid.UUID) -> str:
    """What stands in the address of the link."""
    secret = vault.fingerprint(str(link_id), "access-link")
    return base64.urlsafe_b64encode(link_id.bytes + secret[:20]).decode().rstrip("=")


def send_link(session: Session, user: User, purpose: LinkPurpose) -> AccessLink:
    """Makes a link and puts its mail in the outbox. Earlier unused links of this kind stop working."""
    now = clock.now()
    session.connection().execute(
        sa.update(AccessLink)
        .where(
            col(AccessLink.user_id) == user.id,
            col(AccessLink.purpose) == purpose,
            col(AccessLink.used_at).is_(None),
        )
        .values(used_at=now)
    )
    link = AccessLink(user_id=user.id, purpose=purpose, created_at=now, expires_at=now + LASTS[purpose])
    session.add(link)
    session.flush()
    outbox.post(session, KINDS[purpose], RecipientKind.USER, user.id, link=str(link.id))
    return link


def ask_reset(session: Session, email: str) -> None:
    """A person says they forgot the password. Whether the address is known is never told."""
    user = session.exec(select(User).where(User.email == email.strip().lower(), col(User.active))).first()
    if user is not None and user.password_hash is not None:
        send_link(session, user, LinkPurpose.RESET)
        events.record(session, PeopleVerb.RESET_ASKED, user, actor=SYSTEM)


def find_link(session: Session, vault: Vault, token: str) -> AccessLink | None:
    """The link behind a token; None when wrong, used, expired or of someone who left: they look the same."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        link_id = uuid.UUID(bytes=raw[:16])
    except (ValueError, TypeError):
        return None
    if not hmac.compare_digest(link_token(vault, link_id), token):
        return None
    return session.exec(
        select(AccessLink)
        .join(User, col(User.id) == col(AccessLink.user_id))
        .where(
            AccessLink.id == link_id,
            col(AccessLink.used_at).is_(None),
            col(AccessLink.expires_at) > clock.now(),
            col(User.active),
        )
    ).first()


def use_link(session: Session, vault: Vault, token: str, password: str) -> User:
    """Sets the password with the link; the link is used up."""
    link = find_link(session, vault, token)
    if link is None:
        raise DomainError("link-gone")
    user = session.exec(select(User).where(User.id == link.user_id)).one()
    actor: Actor = actor_for_user(session, user.id)
    set_password(session, user, password, actor=actor)
    link.used_at = clock.now()
    session.add(link)
    return user

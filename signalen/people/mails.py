"""Mails about signing in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from signalen.core.vault import Vault
from signalen.people.links import link_token
from signalen.people.models import AccessLink, User


def link_mail(session: Session, vault: Vault, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The link to choose a password, as long as it was not used or replaced."""
    row = session.exec(
        select(AccessLink, User)
        .join(User, col(User.id) == col(AccessLink.user_id))
        .where(AccessLink.id == uuid.UUID(params["link"]), col(AccessLink.used_at).is_(None))
    ).first()
    if row is None:
        return None
    link, user = row
    return {"name": user.name, "token": link_token(vault, link.id), "until": link.expires_at}


MAILS = {"user-invitation": link_mail, "user-reset": link_mail}

"""What someone typed, kept sealed on the server between two pages. The browser holds a random token and nothing else."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.core import clock
from signalen.core.models import Keep
from signalen.core.upsert import insert_rows
from signalen.core.vault import CannotOpen, Vault

# Made once: it stands on the way of every signal that comes with a card.
_MAKE_ROOM = sa.delete(Keep).where(
    sa.or_(col(Keep.token_hash) == sa.bindparam("key"), col(Keep.expires_at) <= sa.bindparam("now"))
)


def new_token() -> str:
    """256 random bits for the cookie."""
    return secrets.token_urlsafe(32)


def put(session: Session, vault: Vault, token: str, purpose: str, value: Any, *, for_: timedelta) -> None:
    """Keeps `value` (anything JSON can hold) under this token and purpose, in place of what was there.

    What is over its time goes with it, whoever's it was.
    """
    key = _hash(token, purpose)
    kept = vault.seal(json.dumps(value, ensure_ascii=False), _context(key))
    connection, now = session.connection(), clock.now()
    connection.execute(_MAKE_ROOM, {"key": key, "now": now})
    row = {
        "token_hash": key,
        "purpose": purpose,
        "sealed": kept.key_id.encode() + b":" + kept.data,
        "expires_at": now + for_,
    }
    insert_rows(connection, Keep, row)


def get(session: Session, vault: Vault, token: str | None, purpose: str) -> Any:
    """What was kept; None when there is nothing, it is over its time, or its key is gone."""
    if not token:
        return None
    key = _hash(token, purpose)
    sealed = (
        session.connection()
        .execute(
            sa.select(col(Keep.sealed)).where(col(Keep.token_hash) == key, col(Keep.expires_at) > clock.now())
        )
        .scalar_one_or_none()
    )
    if sealed is None:
        return None
    key_id, _, data = bytes(sealed).partition(b":")
    try:
        return json.loads(vault.open(key_id.decode(), data, _context(key)))
    except CannotOpen:
        return None


def drop(session: Session, token: str | None, *purposes: str) -> None:
    """Forgets what was kept under this token for these purposes."""
    if token:
        keys = [_hash(token, purpose) for purpose in purposes]
        session.connection().execute(sa.delete(Keep).where(col(Keep.token_hash).in_(keys)))


def _hash(token: str, purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose}\0{token}".encode()).digest()


def _context(key: bytes) -> str:
    return f"keep:{key.hex()}"

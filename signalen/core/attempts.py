"""Wrong tries per client: kept as a keyed hash under a key of the day, so that no address stays (safety.md)."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.core import clock
from signalen.core.ids import new_id
from signalen.core.models import Attempt
from signalen.core.vault import Vault

KEPT = timedelta(days=1)


def client_hash(vault: Vault, address: str) -> bytes:
    """The client of today: the same address tomorrow is somebody else."""
    return vault.fingerprint(address, f"client:{clock.today().isoformat()}")


def too_many(session: Session, scope: str, client: bytes, *, limit: int, within: timedelta) -> bool:
    """Whether this client made `limit` wrong tries or more in the last `within`."""
    since = clock.now() - within
    count = session.connection().execute(
        sa.select(sa.func.count()).where(
            col(Attempt.scope) == scope, col(Attempt.client) == client, col(Attempt.at) > since
        )
    )
    return count.scalar_one() >= limit


def flooded(session: Session, scope: str, *, limit: int, within: timedelta) -> bool:
    """Whether all clients together made `limit` wrong tries or more in the last `within`."""
    since = clock.now() - within
    count = session.connection().execute(
        sa.select(sa.func.count()).where(col(Attempt.scope) == scope, col(Attempt.at) > since)
    )
    return count.scalar_one() >= limit


def remember(session: Session, scope: str, client: bytes) -> None:
    """Remembers a wrong try and forgets those of other days."""
    connection = session.connection()
    connection.execute(sa.delete(Attempt).where(col(Attempt.at) < clock.now() - KEPT))
    connection.execute(sa.insert(Attempt).values(id=new_id(), scope=scope, client=client, at=clock.now()))

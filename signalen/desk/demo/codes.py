"""Follow codes of the demo. A code is shown once and never kept; these are made again from the keys of the installation, so
that every run prints the same ones. On loopback only, as everything that is marked as demo.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core.vault import Vault
from signalen.signals.codes import SALT_BYTES, PlainCode, hash_secret, matches, new_code
from signalen.signals.models import FollowCode, Giver, Signal


def demo_code(vault: Vault, reference: str) -> PlainCode:
    """The code of the demo signal with this reference."""
    source: Iterator[int] = iter(vault.fingerprint(reference, "demo-code"))
    return new_code(lambda count: bytes(next(source) for _ in range(count)))


def give_code(session: Session, vault: Vault, signal: Signal) -> None:
    """Puts the code that can be made again in the place of the one the giver just got. Nothing happens when they got none."""
    code, salt = demo_code(vault, signal.reference), os.urandom(SALT_BYTES)
    session.connection().execute(
        sa.update(FollowCode)
        .where(col(FollowCode.giver_id) == signal.giver_id, col(FollowCode.demo))
        .values(locator=code.locator, salt=salt, secret_hash=hash_secret(code.secret, salt))
    )


def codes(session: Session, vault: Vault, keys: list[uuid.UUID]) -> list[dict[str, str]]:
    """The codes that open something now, of the signals with these keys: reference, code, language of the answer and stage."""
    rows = session.exec(
        select(Signal, Giver.language, FollowCode)
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .join(FollowCode, col(FollowCode.giver_id) == col(Giver.id))
        .where(col(Signal.key).in_(keys), col(FollowCode.demo), col(FollowCode.revoked_at).is_(None))
        .order_by(Signal.reference)
    ).all()
    found = []
    for signal, language, kept in rows:
        code = demo_code(vault, signal.reference)
        # Other keys than those it was loaded with: these codes are gone, and none is better than a wrong one.
        if code.locator == kept.locator and matches(code.secret, kept.salt, kept.secret_hash):
            found.append(
                {
                    "reference": signal.reference,
                    "code": code.display,
                    "language": language,
                    "stage": signal.stage.value,
                }
            )
    return found

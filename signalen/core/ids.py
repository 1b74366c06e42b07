"""Identifiers: ordered ones for rows, random ones for what the public sees."""

from __future__ import annotations

import os
import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562 §5.7): ordered by creation, so that indexes stay dense and pages go by key.

    Replaced by `uuid.uuid7` when Python 3.14 is the floor. Only for ids that the public never sees:
    the first 48 bits tell the time of creation.
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | 0x7 << 76 | 0x2 << 62)


def public_id() -> str:
    """A random address for a public thing: 15 characters, 90 bits, no time inside."""
    return secrets.token_urlsafe(11)

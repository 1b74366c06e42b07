"""Sealing what may not be readable in a stolen database: contacts, sensitive words, messages, drafts.

AES-256-GCM with a random nonce; the key id stands beside each sealed value, so that keys can rotate.
The keys come from the environment, never from the database (safety.md, threat 11).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class CannotOpen(Exception):
    """The key is not known here, or the sealed value was changed."""


@dataclass(frozen=True)
class Sealed:
    """A sealed text and the id of the key that opens it."""

    key_id: str
    data: bytes


class Vault:
    """Seals with the current key, opens with any known one. `context` binds a value to its row and column."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self._current = current
        self._hash_key = hashlib.blake2b(keys[min(keys)], person=b"signalen.hash").digest()

    def seal(self, text: str, context: str) -> Sealed:
        """Seals `text`; the same `context` must be given to open it."""
        return self.seal_bytes(text.encode(), context)

    def open(self, key_id: str, data: bytes, context: str) -> str:
        """The text back, or `CannotOpen`."""
        return self.open_bytes(key_id, data, context).decode()

    def seal_bytes(self, plain: bytes, context: str) -> Sealed:
        """Like `seal`, for a photo."""
        nonce = os.urandom(NONCE)
        data = self._keys[self._current].encrypt(nonce, plain, context.encode())
        return Sealed(self._current, nonce + data)

    def open_bytes(self, key_id: str, data: bytes, context: str) -> bytes:
        """The bytes back, or `CannotOpen`."""
        try:
            return self._keys[key_id].decrypt(data[:NONCE], data[NONCE:], context.encode())
        except (KeyError, InvalidTag) as error:
            raise CannotOpen from error

    def fingerprint(self, value: str, purpose: str) -> bytes:
        """A keyed hash (32 bytes): equal for equal values, useless without the key."""
        return hmac.digest(self._hash_key, f"{purpose}\0{value}".encode(), "sha256")

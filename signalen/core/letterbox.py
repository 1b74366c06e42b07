"""The letterbox: anyone can put something in, only the server takes it out.

A phone seals what it keeps to the server's public key, so that what lies in its storage can be read by nobody (safety.md,
threat 4). ECDH on P-256 with a key of its own for each letter, HKDF-SHA-256, AES-256-GCM: what Web Crypto knows in every
browser. The format stands in docs/phone-format.md, with a vector that both sides are tested against.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signalen.core.vault import CannotOpen

VERSION = 1
POINT = 65
NONCE = 12
BLOCK = 256
"""Bytes: records are filled up with spaces to a multiple of this, so that their length says little."""
PHOTO = b"SGP1"
"""The first bytes of a sealed photo."""


class UnknownKey(CannotOpen):
    """Sealed for a key that this server does not have (any more)."""


class Letterbox:
    """Opens with any known private key (32 bytes each, the number of a point on P-256); phones seal for the current one."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._keys = {
            key_id: ec.derive_private_key(int.from_bytes(key), ec.SECP256R1()) for key_id, key in keys.items()
        }
        self._current = current

    @property
    def public(self) -> dict[str, str]:
        """The public key that phones seal for: `id`, and `point` (uncompressed, base64url)."""
        point = (
            self._keys[self._current].public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        )
        return {"id": self._current, "point": to_text(point)}

    def open(self, envelope: Mapping[str, Any]) -> dict[str, Any]:
        """The record in an envelope (`v`, `kid`, `key`, `epk`, `iv`, `ct`). Raises `CannotOpen`."""
        try:
            known = envelope["v"] == VERSION
            kid, key = str(envelope["kid"]), str(envelope["key"])
            point, nonce, sealed = (from_text(envelope[name]) for name in ("epk", "iv", "ct"))
        except (KeyError, TypeError, ValueError) as error:
            raise CannotOpen from error
        if not known:
            raise CannotOpen
        plain = self._open("record", kid, key, (point, nonce, sealed))
        try:
            record = json.loads(plain)
        except ValueError as error:
            raise CannotOpen from error
        if not isinstance(record, dict) or record.get("key") != key:
            raise CannotOpen
        return record

    def open_photo(self, data: bytes, key: str) -> bytes:
        """The bytes of a photo that belongs to the record with this key. Raises `CannotOpen`."""
        head = len(PHOTO) + 1
        kid_end = head + (data[head - 1] if len(data) >= head else 0)
        point_end, start = kid_end + POINT, kid_end + POINT + NONCE
        if not data.startswith(PHOTO) or len(data) <= start:
            raise CannotOpen
        kid = data[head:kid_end].decode("utf-8", "replace")
        parts = data[kid_end:point_end], data[point_end:start], data[start:]
        return self._open("photo", kid, key, parts)

    def seal(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """What the phone does, for tests, the vector and the demo."""
        key = str(record["key"])
        plain = json.dumps(record, ensure_ascii=False).encode()
        plain += b" " * (-len(plain) % BLOCK)
        point, nonce, sealed = self._seal("record", key, plain)
        parts = {"epk": to_text(point), "iv": to_text(nonce), "ct": to_text(sealed)}
        return {"v": VERSION, "kid": self._current, "key": key, **parts}

    def seal_photo(self, data: bytes, key: str) -> bytes:
        """What the phone does with a photo."""
        kid = self._current.encode()
        return b"".join((PHOTO, bytes([len(kid)]), kid, *self._seal("photo", key, data)))

    def _open(self, what: str, kid: str, key: str, parts: tuple[bytes, bytes, bytes]) -> bytes:
        point, nonce, sealed = parts
        private = self._keys.get(kid)
        if private is None:
            raise UnknownKey
        try:
            other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            shared = private.exchange(ec.ECDH(), other)
            return AESGCM(_derive(shared, point, what)).decrypt(nonce, sealed, _context(what, kid, key))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error

    def _seal(self, what: str, key: str, plain: bytes) -> tuple[bytes, bytes, bytes]:
        once = ec.generate_private_key(ec.SECP256R1())
        point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        shared = once.exchange(ec.ECDH(), self._keys[self._current].public_key())
        nonce = os.urandom(NONCE)
        context = _context(what, self._current, key)
        return point, nonce, AESGCM(_derive(shared, point, what)).encrypt(nonce, plain, context)


def to_text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Back from base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _derive(shared: bytes, point: bytes, what: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=point, info=f"signalen/1/{what}".encode()).derive(shared)


def _context(what: str, kid: str, key: str) -> bytes:
    """What is sealed is bound to its kind, the server's key and the record's key."""
    return f"signalen/1/{what}\n{kid}\n{key}".encode()

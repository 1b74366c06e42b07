"""Follow codes: the key with which a giver finds their signal again, and the reference to talk about it.

A code is a locator (5 characters, finds the row), a secret (16 characters Crockford base32, 80 random bits) and one check
character. It is written as groups of letters and digits and read as forgivingly as it may be spoken (safety.md, "Follow codes").
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOCATOR_LENGTH = 5
SECRET_LENGTH = 16
SALT_BYTES = 16
CODE_LENGTH = LOCATOR_LENGTH + SECRET_LENGTH + 1

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 5
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_GROUPS = (5, 4, 4, 4, 5)
# Nobody needs more room for 22 characters with separators; longer input is no code.
_LONGEST_TYPED = 120

# What people read, hear or type instead of the letter that was meant: O and 0, I, L and 1, and the look-alikes on a
# Cyrillic or Turkish keyboard.
_MEANT = {"O": "0", "I": "1", "L": "1"} | dict(
    zip(
        "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425\u0406\u0130",
        "ABCEHKM0PTX11",
        strict=True,
    )
)
_SEPARATORS = frozenset("-_.,:;/|·•'\"()")


@dataclass(frozen=True, slots=True)
class PlainCode:
    """A code in the open: shown once, never kept, never logged (so its repr shows nothing)."""

    locator: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def display(self) -> str:
        """The code as it is printed and spoken: `AB3D7-K9QM-7PXW-2N4T-8HRV5`, the last character being the check."""
        code = self.locator + self.secret
        return _grouped(code + _check_character(code))


def new_code(random_bytes: Callable[[int], bytes]) -> PlainCode:
    """A fresh code from a source of random bytes (`secrets.token_bytes`). The caller sees to it that the locator is free."""
    return PlainCode(_spell(random_bytes(4), LOCATOR_LENGTH), _spell(random_bytes(10), SECRET_LENGTH))


def parse_code(typed: str) -> PlainCode | None:
    """The code that was meant, or None when it is no code or its check character is wrong.

    Forgives case, spaces and dashes, O for 0, I and L for 1, Arabic and Persian digits, invisible direction marks.
    """
    if len(typed) > _LONGEST_TYPED:
        return None
    chars: list[str] = []
    for char in unicodedata.normalize("NFKC", typed):
        if char.isspace() or char in _SEPARATORS or unicodedata.category(char) in ("Pd", "Cf"):
            continue
        meant = _meant(char)
        if meant is None:
            return None
        chars.append(meant)
    code = "".join(chars)
    if len(code) != CODE_LENGTH or _check_character(code[:-1]) != code[-1]:
        return None
    return PlainCode(code[:LOCATOR_LENGTH], code[LOCATOR_LENGTH:-1])


def hash_secret(secret: str, salt: bytes) -> bytes:
    """The 32 bytes that are kept of a secret; `salt` is 16 random bytes of its own row.

    A fast hash is enough here. Slow hashes (argon2id, as for passwords) defend words that people choose and that can be guessed
    from a list; this secret has 80 random bits, so a thief of the table would have to try some 2⁷⁹ of them for one row, and the
    salt makes each row a search of its own. Fast also means that wrong tries cannot be used to tire the server.
    """
    if len(salt) != SALT_BYTES:
        msg = f"a salt has {SALT_BYTES} bytes"
        raise ValueError(msg)
    return hashlib.blake2b(secret.encode(), digest_size=32, salt=salt, person=b"follow code").digest()


def matches(secret: str, salt: bytes, kept: bytes) -> bool:
    """Whether this is the secret of which `kept` is the hash; takes the same time for every wrong one."""
    return hmac.compare_digest(hash_secret(secret, salt), kept)


def reference(year: int, number: int, *, series: str = "S") -> str:
    """The name of a signal for talking: `S-2026-00417`. `number` counts from 1 within the series and year; it opens nothing."""
    if number < 1:
        msg = "references count from 1"
        raise ValueError(msg)
    return f"{series}-{year:04d}-{number:05d}"


def _spell(data: bytes, length: int) -> str:
    """The last `length` times five bits of `data`, as characters."""
    bits = int.from_bytes(data, "big")
    return "".join(_ALPHABET[(bits >> _BITS * place) & 31] for place in reversed(range(length)))


def _grouped(code: str) -> str:
    groups, start = [], 0
    for size in _GROUPS:
        groups.append(code[start : start + size])
        start += size
    return "-".join(groups)


def _meant(char: str) -> str | None:
    """The character of the alphabet that one typed character stands for."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    upper = char.upper()
    upper = _MEANT.get(upper, upper)
    return upper if upper in _VALUES else None


def _check_character(code: str) -> str:
    """Damm's scheme over the field of 32 elements: notices every single wrong character and every swap of two neighbours."""
    state = 0
    for char in code:
        state = _doubled(state) ^ _VALUES[char]
    return _ALPHABET[_doubled(state)]


def _doubled(value: int) -> int:
    """Twice a value in GF(2⁵), with x⁵ + x² + 1 as its polynomial."""
    value <<= 1
    return value ^ 0b100101 if value > 31 else value

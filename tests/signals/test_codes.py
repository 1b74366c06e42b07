from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalen.signals.codes import (
    CODE_LENGTH,
    SALT_BYTES,
    PlainCode,
    hash_secret,
    matches,
    new_code,
    parse_code,
    reference,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = st.builds(
    PlainCode,
    st.text(ALPHABET, min_size=5, max_size=5),
    st.text(ALPHABET, min_size=16, max_size=16),
)
SALT = bytes(range(SALT_BYTES))


@given(CODES)
def test_a_code_reads_back_as_it_was_shown(code: PlainCode) -> None:
    assert parse_code(code.display) == code


def test_a_new_code_has_a_locator_and_eighty_random_bits() -> None:
    asked: list[int] = []

    def random_bytes(count: int) -> bytes:
        asked.append(count)
        return b"\xff" * count

    code = new_code(random_bytes)
    assert (code.locator, code.secret) == ("Z" * 5, "Z" * 16)
    assert asked[1] * 8 == 80


def test_each_random_bit_changes_the_code() -> None:
    def one_bit(bit: int) -> Callable[[int], bytes]:
        return lambda count: (1 << bit).to_bytes(10, "big")[-count:]

    assert len({new_code(one_bit(bit)).secret for bit in range(80)}) == 80
    assert len({new_code(one_bit(bit)).locator for bit in range(25)}) == 25
    assert len({new_code(secrets.token_bytes).display for _ in range(500)}) == 500


def test_a_code_is_shown_in_groups() -> None:
    shown = PlainCode("AB3D7", "K9QM7PXW2N4T8HRV").display
    assert shown.startswith("AB3D7-K9QM-7PXW-2N4T-8HRV")
    assert len(shown.replace("-", "")) == CODE_LENGTH == 22


@given(CODES, st.integers(0, 21), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_refused(code: PlainCode, place: int, wrong: str) -> None:
    plain = code.display.replace("-", "")
    typed = plain[:place] + wrong + plain[place + 1 :]
    assert (parse_code(typed) is None) == (typed != plain)


@given(CODES, st.integers(0, 20))
def test_two_neighbours_swapped_are_refused(code: PlainCode, place: int) -> None:
    plain = code.display.replace("-", "")
    typed = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert (parse_code(typed) is None) == (typed != plain)


@given(CODES, st.integers(0, 21))
def test_a_missing_or_extra_character_is_refused(code: PlainCode, place: int) -> None:
    plain = code.display.replace("-", "")
    assert parse_code(plain[:place] + plain[place + 1 :]) is None
    assert parse_code(plain[:place] + "7" + plain[place:]) is None


@given(CODES)
def test_typing_is_forgiven(code: PlainCode) -> None:
    shown = code.display
    assert parse_code(shown.lower()) == code
    assert parse_code(f"  {shown.replace('-', ' ')}\n") == code
    assert parse_code(shown.replace("-", "\u2013")) == code
    assert parse_code(shown.replace("0", "O").replace("1", "l")) == code
    assert parse_code(shown.replace("0", "o").replace("1", "I")) == code
    assert parse_code("\u200f" + shown + "\u200e") == code
    assert parse_code(unicodedata.normalize("NFKC", "".join(chr(ord(c) + 0xFEE0) for c in shown))) == code


@given(CODES, st.sampled_from([0x0660, 0x06F0]))
def test_arabic_and_persian_digits_are_read(code: PlainCode, zero: int) -> None:
    typed = "".join(chr(zero + int(char)) if char.isdigit() else char for char in code.display)
    assert parse_code(typed) == code


def test_letters_that_look_the_same_on_a_cyrillic_keyboard_are_read() -> None:
    code = PlainCode("ABCEH", "KMPTX0123456789A")
    assert (
        parse_code(
            code.display.translate(
                str.maketrans("ABCEHKMPTX", "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u0420\u0422\u0425")
            )
        )
        == code
    )


@pytest.mark.parametrize(
    "typed", ["", "-", "S-2026-00417", "ÀB3D7", "U" * 22, "ß" * 11, "\x00" * 22, "\ud800" * 22, "7" * 10**6]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert parse_code(typed) is None


@given(st.text(max_size=60))
def test_no_typed_text_raises(typed: str) -> None:
    parse_code(typed)


def test_a_code_never_shows_itself_in_a_log() -> None:
    code = PlainCode("AB3D7", "K9QM7PXW2N4T8HRV")
    assert "AB3D7" not in f"{code} {code!r}"
    assert "K9QM" not in f"{code} {code!r}"


def test_a_secret_matches_its_own_hash_only() -> None:
    secret, kept = "K9QM7PXW2N4T8HRV", hash_secret("K9QM7PXW2N4T8HRV", SALT)
    assert len(kept) == 32
    assert matches(secret, SALT, kept)
    assert not matches("K9QM7PXW2N4T8HRW", SALT, kept)
    assert not matches(secret, bytes(SALT_BYTES), kept)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        hash_secret("K9QM7PXW2N4T8HRV", b"short")


def test_a_reference_is_easy_to_say() -> None:
    assert reference(2026, 417) == "S-2026-00417"
    assert reference(2026, 123456) == "S-2026-123456"
    assert reference(2026, 3, series="D") == "D-2026-00003"
    with pytest.raises(ValueError, match="from 1"):
        reference(2026, 0)

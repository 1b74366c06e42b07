"""What a phone seals, the server opens, and nobody else."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from signalen.core.letterbox import BLOCK, Letterbox, UnknownKey, from_text
from signalen.core.vault import CannotOpen

VECTOR = json.loads((Path(__file__).parent / "letterbox_vector.json").read_text())
KEY = str(uuid.UUID(int=7))
BOX = Letterbox({"a": b"A" * 32, "b": b"B" * 32}, "a")


def test_a_record_comes_out_as_it_went_in() -> None:
    record = {"key": KEY, "fields": {"text": "Deux familles attendent. عائلتان"}}
    assert BOX.open(BOX.seal(record)) == record


def test_a_photo_comes_out_as_it_went_in() -> None:
    assert BOX.open_photo(BOX.seal_photo(b"\x89PNG", KEY), KEY) == b"\x89PNG"


def test_the_vector_of_the_documentation_opens() -> None:
    box = Letterbox({VECTOR["key"]["id"]: from_text(VECTOR["key"]["private"])}, VECTOR["key"]["id"])
    assert box.public["point"] == VECTOR["key"]["point"]
    assert box.open(VECTOR["envelope"]) == VECTOR["record"]
    assert box.open_photo(from_text(VECTOR["photo"]["sealed"]), VECTOR["photo"]["key"]) == from_text(
        VECTOR["photo"]["plain"]
    )


def test_an_old_key_still_opens_after_a_new_one_came() -> None:
    before = Letterbox({"a": b"A" * 32}, "a").seal({"key": KEY})
    after = Letterbox({"n": b"N" * 32, "a": b"A" * 32}, "n")
    assert after.open(before) == {"key": KEY}
    assert after.public["id"] == "n"


def test_an_unknown_key_is_told_from_damage() -> None:
    with pytest.raises(UnknownKey):
        Letterbox({"n": b"N" * 32}, "n").open(BOX.seal({"key": KEY}))


@pytest.mark.parametrize("part", ["kid", "key", "epk", "iv", "ct"])
def test_nothing_opens_when_a_part_was_changed(part) -> None:
    envelope = BOX.seal({"key": KEY})
    other = Letterbox({"b": b"B" * 32}, "b").seal({"key": str(uuid.UUID(int=8))})
    with pytest.raises(CannotOpen):
        BOX.open(envelope | {part: other[part]})


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"v": 2},
        {"v": 1, "kid": "a", "key": KEY, "epk": None, "iv": 4, "ct": []},
        {"v": 1, "kid": "a", "key": KEY, "epk": "é", "iv": "", "ct": ""},
        {"v": 1, "kid": "a", "key": KEY, "epk": "AAAA", "iv": "AAAA", "ct": "AAAA"},
    ],
)
def test_what_is_no_envelope_cannot_be_opened(envelope) -> None:
    with pytest.raises(CannotOpen):
        BOX.open(envelope)


@pytest.mark.parametrize("data", [b"", b"SGP1", b"SGP1\x05local", b"\x89PNG" + b"x" * 200])
def test_what_is_no_sealed_photo_cannot_be_opened(data) -> None:
    with pytest.raises(CannotOpen):
        BOX.open_photo(data, KEY)


def test_the_photo_of_one_record_does_not_open_for_another() -> None:
    with pytest.raises(CannotOpen):
        BOX.open_photo(BOX.seal_photo(b"x", KEY), str(uuid.UUID(int=8)))


def test_the_length_tells_little() -> None:
    lengths = {len(BOX.seal({"key": KEY, "text": "x" * n})["ct"]) for n in range(100)}
    assert len(lengths) == 1
    assert BLOCK == 256

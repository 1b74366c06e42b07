"""What Chromium seals, the house opens, as docs/phone-format.md says."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from signalen.core.letterbox import BLOCK, Letterbox, from_text
from signalen.core.vault import CannotOpen

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
VECTOR = json.loads((ROOT / "tests/core/letterbox_vector.json").read_text())
TAG = 16
SERVER = {"id": VECTOR["key"]["id"], "point": VECTOR["key"]["point"]}
BOX = Letterbox({SERVER["id"]: from_text(VECTOR["key"]["private"])}, SERVER["id"])
KEY = VECTOR["record"]["key"]
WORDS = "Twee gezinnen، عائلتان، deux familles 😀 "


@pytest.fixture(scope="module")
def page(house, browser):
    """A page of the house with the script that seals, under the content policy of the house."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{house.url}/sign-in")
        page.add_script_tag(url="/static/phone/seal.js")
        yield page


def test_the_house_opens_the_record_of_the_vector_when_chromium_seals_it_anew(page) -> None:
    envelope = page.evaluate(
        "([key, record]) => Signalen.seal.envelope(key, record)", [SERVER, VECTOR["record"]]
    )
    assert set(envelope) == set(VECTOR["envelope"])
    assert envelope["epk"] != VECTOR["envelope"]["epk"]
    assert BOX.open(envelope) == VECTOR["record"]


def test_no_two_sealings_of_the_same_record_are_alike(page) -> None:
    seals = "async ([key, record]) => [await Signalen.seal.envelope(key, record), await Signalen.seal.envelope(key, record)]"
    first, second = page.evaluate(seals, [SERVER, VECTOR["record"]])
    assert all(first[part] != second[part] for part in ("epk", "iv", "ct"))


def test_of_every_length_the_house_reads_the_words_and_others_see_only_blocks(page) -> None:
    records = [
        {"key": KEY, "fields": {"text": (WORDS * 40)[:length]}} for length in (0, 1, 100, 190, 191, 192, 700)
    ]
    sealed = page.evaluate(
        "([key, records]) => Promise.all(records.map((record) => Signalen.seal.envelope(key, record)))",
        [SERVER, records],
    )
    assert [BOX.open(envelope) for envelope in sealed] == records
    lengths = [len(from_text(envelope["ct"])) - TAG for envelope in sealed]
    assert [length % BLOCK for length in lengths] == [0] * len(records)
    assert len(set(lengths)) < len(records)


def test_the_house_opens_a_photo_that_chromium_sealed_and_for_no_other_record(page) -> None:
    plain = bytes(range(256)) * 300
    sealed = page.evaluate(
        """async ([server, data, key]) => {
          const bytes = Signalen.seal.fromText(data);
          const photo = await Signalen.seal.photo(server, bytes, key);
          return [Signalen.seal.toText(photo), await Signalen.seal.hash(bytes)];
        }""",
        [SERVER, base64.urlsafe_b64encode(plain).decode(), KEY],
    )
    assert BOX.open_photo(from_text(sealed[0]), KEY) == plain
    with pytest.raises(CannotOpen):
        BOX.open_photo(from_text(sealed[0]), KEY.replace("6", "7"))
    assert sealed[1] == hashlib.sha256(plain).hexdigest()


def test_a_lock_cannot_be_taken_out_and_opens_only_what_it_was_made_for(page) -> None:
    found = page.evaluate(
        """async () => {
          const { newLock, lock, unlockObject } = Signalen.seal;
          const fails = (work) => work.then(() => "opened", (error) => error.name);
          const [one, other] = [await newLock(), await newLock()];
          const box = await lock(one, { text: "hello" }, "a");
          return {
            opened: await unlockObject(one, box, "a"),
            elsewhere: await fails(unlockObject(one, box, "b")),
            other: await fails(unlockObject(other, box, "a")),
            out: await fails(crypto.subtle.exportKey("raw", one)),
            length: box.ct.length,
          };
        }"""
    )
    assert found == {
        "opened": {"text": "hello"},
        "elsewhere": "OperationError",
        "other": "OperationError",
        "out": "InvalidAccessError",
        "length": BLOCK + TAG,
    }


def test_the_vector_in_the_documentation_is_the_one_that_is_tested() -> None:
    told = (ROOT / "docs/phone-format.md").read_text(encoding="utf-8")
    quoted = [*VECTOR["key"].values(), VECTOR["photo"]["sealed"], VECTOR["photo"]["key"]]
    assert [each for each in quoted if f"`{each}`" not in told] == []
    assert from_text(VECTOR["photo"]["plain"]).decode() in told

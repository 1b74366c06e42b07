"""What a person does on a page with what a phone sent: the card, the same worry again, a file when all else failed."""

from __future__ import annotations

import hashlib
import io
import json
import re
import uuid

import pytest
from sqlmodel import select

from signalen.core.letterbox import to_text
from signalen.core.models import Event
from signalen.signals.models import Attachment, FollowCode, Signal, SignalAgain, SignalText
from signalen.signals.queries import find_code
from signalen.signals.routes import importing
from tests.signals import pictures
from tests.support.phone import JSON, WORDS, Phone

CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]{5}")
NAMED = "Mevrouw Peeters belt naar 0470 12 34 56."


@pytest.fixture
def phone(app, as_, people) -> Phone:
    return Phone(app, as_(people.amina))


@pytest.mark.parametrize(
    ("address", "speaks"),
    [("/capture", "ar"), ("/capture/import", "ar"), ("/account", "ar"), ("/mine", "nl")],
)
def test_a_worker_writes_down_what_they_hear_in_every_public_language(as_, people, address, speaks) -> None:
    client = as_(people.amina)
    client.set_cookie("language", "ar")
    assert f'<html lang="{speaks}"' in client.get(address).text


# The card.


def test_the_card_is_made_on_the_page_of_the_signal_by_who_sent_it(phone, store) -> None:
    sent = phone.send(hears_back="card").json
    address = f"/capture/{sent['id']}"
    page = phone.signed_in.get(address).text
    assert f"{address}/card" in page
    assert not CODE.search(page)
    assert store.exec(select(FollowCode)).all() == []
    store.close()
    assert phone.signed_in.post(f"{address}/card").location == address
    shown = phone.signed_in.get(address).text
    code = find_code(store, CODE.search(shown)[0])
    assert code is not None
    assert f"{address}/card" not in shown


@pytest.mark.parametrize("way", ["worker", "none"])
def test_where_no_card_was_promised_none_is_made(phone, store, way) -> None:
    address = f"/capture/{phone.send(hears_back=way).json['id']}"
    assert f"{address}/card" not in phone.signed_in.get(address).text
    assert phone.signed_in.post(f"{address}/card").status_code == 404
    assert store.exec(select(FollowCode)).all() == []


def test_a_card_that_was_used_is_not_made_again(phone, client) -> None:
    address = f"/capture/{phone.send(hears_back='card').json['id']}"
    phone.signed_in.post(f"{address}/card")
    code = CODE.search(phone.signed_in.get(address).text)[0]
    phone.signed_in.post(f"{address}/handed-over")
    assert f"{address}/card" in phone.signed_in.get(address).text
    assert client.post("/follow", data={"code": code}).status_code == 303
    assert f"{address}/card" not in phone.signed_in.get(address).text
    assert phone.signed_in.post(f"{address}/card").status_code == 404


@pytest.mark.parametrize("who", ["dre", "bart", "nobody"])
def test_nobody_else_makes_a_card_not_even_with_the_token_of_the_phone(
    phone, as_, people, store, who
) -> None:
    address = f"/capture/{phone.send(hears_back='card').json['id']}/card"
    if who == "nobody":
        assert phone.client.post(address, headers=phone.bearer).status_code == 303
    else:
        assert as_(getattr(people, who)).post(address).status_code == 404
    assert store.exec(select(FollowCode)).all() == []


# The same worry again.


def test_the_same_worry_again_with_one_button_and_twice_the_same_key_is_once(phone, store) -> None:
    first = phone.send(theme=["gezin"]).json
    address, key = f"/capture/again/{first['id']}", str(uuid.uuid4())
    one, two = (phone.signed_in.post(address, data={"key": key}) for _ in range(2))
    assert one.location == two.location
    assert phone.signed_in.get(one.location).status_code == 200
    assert store.exec(select(SignalAgain.again_of)).all() == [uuid.UUID(first["id"])]
    assert store.exec(select(SignalText.words)).all() == [WORDS, WORDS]
    store.close()
    assert phone.signed_in.post(address).location not in {one.location, None}
    assert phone.signed_in.post(address, data={"key": "x"}).status_code == 303
    assert len(store.exec(select(Signal)).all()) == 4


def test_a_key_that_was_used_for_something_else_adds_nothing(phone, store) -> None:
    record = phone.record()
    first, other = phone.send(record).json, phone.send().json
    assert (
        phone.signed_in.post(f"/capture/again/{other['id']}", data={"key": record["key"]}).location
        == "/capture"
    )
    assert len(store.exec(select(Signal)).all()) == 2
    assert first["id"] != other["id"]


# What was kept as it is, by a form.


def test_what_the_writer_of_a_form_kept_is_in_the_log_by_kind(app, as_, people, client, store) -> None:
    worker = as_(people.amina)
    assert worker.post("/capture", data={"text": NAMED}).status_code == 422
    sent = {"text": NAMED, "as_it_is": "true", "key": str(uuid.uuid4())}
    for _ in range(2):
        assert worker.post("/capture", data=sent).status_code == 303
    worker.post("/capture", data={"text": WORDS, "as_it_is": "true"})
    client.post("/report", data={"text": NAMED, "as_it_is": "true", "key": str(uuid.uuid4())})
    kept = store.exec(select(Event).where(Event.verb == "personal-data-kept").order_by(Event.seq)).all()
    assert [event.data for event in kept] == [{"kinds": ["name", "phone"], "counts": [1, 1]}] * 2
    assert [event.actor_kind.value for event in kept] == ["user", "giver"]


# The file.


def bring(client, content) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post("/capture/import", data={"file": (io.BytesIO(data), "signalen.json")})


def exported(phone, records, photos=()) -> dict:
    """What the scripts of a phone make."""
    sealed = [phone.seal(record) if "ct" not in record else record for record in records]
    return {"signalen": 1, "made_at": "2026-11-10T09:30:00Z", "records": sealed, "photos": list(photos)}


def photo(phone, record, data: bytes) -> dict:
    sealed = phone.app.extensions["signalen.letterbox"].seal_photo(data, record["key"])
    return {"key": record["key"], "hash": hashlib.sha256(sealed).hexdigest(), "sealed": to_text(sealed)}


def test_a_file_brings_in_what_waits_and_takes_nothing_twice(phone, store) -> None:
    known, waits = phone.record(), phone.record({"text": "Nog een.", "theme": ["vliegen"]})
    reference = phone.send(known).json["reference"]
    file = exported(phone, [known, waits])
    page = bring(phone.signed_in, file)
    assert page.status_code == 200
    assert reference in page.text
    assert WORDS not in page.text
    assert len(store.exec(select(Signal)).all()) == 2
    store.close()
    assert bring(phone.signed_in, file).status_code == 200
    assert len(store.exec(select(Signal)).all()) == 2


def test_one_bad_part_of_a_file_holds_up_none_of_the_others(app, as_, phone, people, store) -> None:
    other = Phone(app, as_(people.dre))
    used = phone.record()
    phone.send(used)
    bad = [
        other.seal(other.record()),
        phone.seal(phone.record()) | {"ct": "AAAA"},
        phone.seal(phone.record()) | {"kid": "gone"},
        phone.seal(phone.record(key="17")),
        phone.seal(used | {"fields": {"text": "Iets anders."}}),
        {"ct": 5},
    ]
    good = phone.record({"text": "Dit telt."})
    page = bring(
        phone.signed_in, exported(phone, [*bad, good]) | {"photos": [5, {}, {"key": 1, "sealed": "x"}]}
    )
    assert page.status_code == 200
    assert set(store.exec(select(SignalText.words))) == {WORDS, "Dit telt."}
    assert page.text.count("</li><li>") >= len(bad) + 2


def test_the_photos_of_a_file_are_kept_with_their_signals(app, as_, phone, people, store) -> None:
    record = phone.record()
    good = photo(phone, record, pictures.photo())
    cut = good | {"sealed": good["sealed"][:-8]}
    no_picture = photo(phone, record, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    of_nothing = photo(phone, phone.record(), pictures.photo())
    file = exported(phone, [record], [good, good, cut, no_picture, of_nothing])
    for _ in range(2):
        assert bring(phone.signed_in, file).status_code == 200
        assert len(store.exec(select(Attachment)).all()) == 1
        store.close()
    other = Phone(app, as_(people.dre))
    assert bring(other.signed_in, exported(other, [], [good])).status_code == 200
    assert len(store.exec(select(Attachment)).all()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff",
        b"[]",
        b"{}",
        {"signalen": 2, "records": []},
        {"signalen": 1, "records": {}},
        {"signalen": 1, "records": [], "photos": 5},
        {"signalen": 1, "records": [1] * 201},
    ],
    ids=lambda content: str(content)[:30],
)
def test_what_is_no_file_of_a_phone_is_refused(phone, store, content) -> None:
    assert bring(phone.signed_in, content).status_code == 422
    assert store.exec(select(Signal)).all() == []


def test_no_file_at_all_and_one_that_is_too_large_are_refused(phone, monkeypatch) -> None:
    assert phone.signed_in.post("/capture/import").status_code == 422
    monkeypatch.setattr(importing, "LARGEST", 1000)
    assert bring(phone.signed_in, b" " * 2000).status_code == 413


def test_a_file_larger_than_a_form_is_read_and_another_site_cannot_send_one(app, as_, people) -> None:
    app.config.update(WTF_CSRF_ENABLED=True, MAX_CONTENT_LENGTH=1000)
    client = as_(people.amina)
    token = client.get("/capture/me", headers=JSON).json["csrf"]
    large = json.dumps({"signalen": 1, "records": [], "photos": [], "room": "x" * 3_000}).encode()
    for sent, status in (({}, 400), ({"csrf_token": token}, 200)):
        data = sent | {"file": (io.BytesIO(large), "signalen.json")}
        assert client.post("/capture/import", data=data).status_code == status

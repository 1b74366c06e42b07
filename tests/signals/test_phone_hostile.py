"""What was found by looking at the phone as somebody who means harm, or who has bad luck."""

from __future__ import annotations

import hashlib
import io
import json
import time
import uuid

import pytest
from sqlmodel import select

from signalen.core.permissions import Role
from signalen.people.models import Membership
from signalen.signals import pieces
from signalen.signals.models import Attachment, Signal
from signalen.signals.phone_forms import LOOKED_AT
from signalen.signals.routes import importing
from signalen.signals.sensitivity import looks_sensitive
from tests.factories import member
from tests.signals.pictures import photo
from tests.signals.test_photos import SECRET
from tests.support.phone import Phone


@pytest.fixture
def phone(app, as_, people) -> Phone:
    """Amina's."""
    return Phone(app, as_(people.amina))


def import_file(phone: Phone, file: bytes):
    return phone.signed_in.post("/capture/import", data={"file": (io.BytesIO(file), "signalen.json")})


def test_the_same_worry_again_stays_with_the_organisation_that_told_it(phone, people, store) -> None:
    """Of a worker of two: the colleagues of the other one must not get to read those words."""
    member(store, people.amina, Role.WORKER, organisation_id=people.kaai.id)
    store.commit()
    for organisation in (people.linde.id, people.kaai.id):
        first = phone.send(phone.record(organisation=str(organisation))).json
        again = phone.send(phone.record({}, again_of=first["id"], organisation=None)).json
        found = store.exec(select(Signal.organisation_id).where(Signal.reference == again["reference"])).one()
        assert found == organisation
        store.rollback()


def test_a_photo_that_was_added_after_a_lost_answer_makes_no_conflict(phone, store) -> None:
    record = phone.record(photos=[])
    first = phone.send(record)
    again = phone.send(record | {"photos": ["0" * 64]})
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(store.exec(select(Signal.id)).all()) == 1


def test_photos_still_come_to_a_signal_that_its_writer_lost_sight_of(app, as_, people, store) -> None:
    """Staff without access to sensitive signals who write one down; a worker who went to another organisation."""
    sofie, amina = Phone(app, as_(people.sofie)), Phone(app, as_(people.amina))
    keys = (
        (sofie, sofie.send(sofie.record({"text": SECRET, "language": "nl"})).json["key"]),
        (amina, amina.send().json["key"]),
    )
    role = store.exec(select(Membership).where(Membership.user_id == people.amina.id)).one()
    role.organisation_id = people.kaai.id
    store.add(role)
    store.commit()
    for phone, key in keys:
        sealed = app.extensions["signalen.letterbox"].seal_photo(photo(), key)
        path = f"/capture/send/{key}/photos/{hashlib.sha256(sealed).hexdigest()}?at=0&size={len(sealed)}"
        assert phone.client.put(path, data=sealed, headers=phone.bearer).status_code == 201
    assert len(store.exec(select(Attachment.id)).all()) == 2


def test_many_photos_that_are_begun_small_do_not_all_grow(phone, app, monkeypatch) -> None:
    monkeypatch.setattr(pieces, "MOST_UNFINISHED", 3 * pieces.SMALLEST)
    key, step, size = phone.send().json["key"], 25_000, 100_000
    said = {
        phone.client.put(
            f"/capture/send/{key}/photos/{number:064x}?at={at}&size={size}",
            data=bytes(step),
            headers=phone.bearer,
        ).status_code
        for at in range(0, size - step, step)
        for number in range(6)
    }
    parts = app.extensions["signalen.config"].attachments / "parts"
    assert {202, 429} <= said
    assert sum(path.stat().st_size for path in parts.iterdir()) <= 3 * pieces.SMALLEST


def test_an_empty_piece_makes_no_file_and_asks_again_for_what_is_whole(phone, app) -> None:
    key = phone.send().json["key"]
    sealed = app.extensions["signalen.letterbox"].seal_photo(photo(), key)
    path = f"/capture/send/{key}/photos/{hashlib.sha256(sealed).hexdigest()}?size={len(sealed)}"
    assert phone.client.put(f"{path}&at=0", data=b"", headers=phone.bearer).status_code == 400
    assert not (app.extensions["signalen.config"].attachments / "parts").exists()
    vault, folder = app.extensions["signalen.vault"], app.extensions["signalen.config"].attachments
    person = app.extensions["cast"].amina.id
    digest = hashlib.sha256(sealed).hexdigest()
    pieces.Pieces(vault, folder, person, uuid.UUID(key), digest).add(sealed, at=0, size=len(sealed))
    end = phone.client.put(f"{path}&at={len(sealed)}", data=b"", headers=phone.bearer)
    assert (end.status_code, end.json["done"]) == (201, True)


def test_a_file_brings_in_no_larger_record_than_a_phone_could_send(phone, store, monkeypatch) -> None:
    monkeypatch.setattr(importing, "LONGEST", 4_000)
    small, large = (phone.seal(phone.record({"text": "woord " * times})) for times in (10, 1_000))
    file = json.dumps({"signalen": 1, "records": [large, small], "photos": []}).encode()
    assert import_file(phone, file).status_code == 200
    assert len(store.exec(select(Signal.id)).all()) == 1


def test_a_file_of_a_million_nothings_is_not_read(phone) -> None:
    """Three bytes each in the file, sixty in memory: seventy megabytes would be more than a gigabyte."""
    few, many = (b'{"signalen":1,"records":[' + b"[]," * times + b"[]]}" for times in (100, 10_000))
    assert import_file(phone, few).status_code == 200
    assert import_file(phone, many).status_code == 422


def test_a_row_of_marks_is_read_as_fast_as_words_are() -> None:
    """Putting marks in order takes the square of their number: this was half a minute, with the database locked."""
    began = time.process_time()
    looks_sensitive("a" + "\u0301" * 60_000 + "\u0327" * 60_000, "nl")
    assert time.process_time() - began < 3


def test_a_text_longer_than_anyone_looks_through_is_for_named_readers_first(phone, store) -> None:
    for length, sensitive in ((LOOKED_AT, False), (LOOKED_AT + 1, True)):
        made = phone.send(phone.record({"text": "x" * length, "language": "nl"})).json
        found = store.exec(select(Signal).where(Signal.reference == made["reference"])).one()
        assert (found.sensitive, found.sensitive_asked) == (sensitive, False)
        store.rollback()


def test_a_script_of_who_records_no_signals_is_told_so_in_words_of_ours(as_, people) -> None:
    """A page of a proxy that says 404 as well must not look the same: what a phone can open is closed for it."""
    response = as_(people.chloe).get("/capture/me", headers={"Accept": "application/json"})
    assert (response.status_code, response.json) == (404, {"error": "not-found"})

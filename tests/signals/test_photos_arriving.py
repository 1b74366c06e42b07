"""Photos over the wire: by pieces from a phone, with the form from other browsers, and out as a download."""

from __future__ import annotations

import hashlib
import io
import threading
import uuid
from html import unescape

import pytest
from sqlmodel import select

from signalen.core.letterbox import Letterbox
from signalen.core.models import Event
from signalen.signals import pieces as room
from signalen.signals.models import Attachment, Signal, SignalVerb
from signalen.signals.operations import withdraw
from signalen.signals.photos import Sent, keep_photo
from signalen.signals.routes import uploads
from signalen.web.forms import say
from tests.factories import signal
from tests.signals.pictures import PDF, SVG, archive, photo, png
from tests.signals.test_photos import SECRET, sent
from tests.support.phone import Phone

PIECE = 64 * 1024
WORDS = "De trap van het gebouw is al drie weken donker."


@pytest.fixture
def phone(app, as_, people) -> Phone:
    """Amina's."""
    return Phone(app, as_(people.amina))


@pytest.fixture
def folder(app):
    return app.extensions["signalen.config"].attachments


@pytest.fixture
def key(phone) -> str:
    """Of a signal that arrived: text goes first."""
    return phone.send().json["key"]


@pytest.fixture
def look(app):
    """What is kept now: holds no lock while the app goes on."""

    def all_of(query) -> list:
        with app.extensions["signalen.sessions"].read() as reading:
            return list(reading.exec(query).all())

    return all_of


PHOTOS, SIGNALS = select(Attachment), select(Signal)


class Sending:
    """One sealed photo, and the ways in which a line can fail it."""

    def __init__(self, phone: Phone, key: str, data: bytes) -> None:
        self.phone = phone
        self.sealed = phone.app.extensions["signalen.letterbox"].seal_photo(data, key)
        self.path = f"/capture/send/{key}/photos/{hashlib.sha256(self.sealed).hexdigest()}"

    def ask(self):
        return self.phone.client.get(self.path, headers=self.phone.bearer)

    def put(self, at: int, end: int | None = None, *, data: bytes | None = None, size: int | None = None):
        piece = self.sealed[at:end] if data is None else data
        path = f"{self.path}?at={at}&size={len(self.sealed) if size is None else size}"
        headers = {**self.phone.bearer, "Content-Type": "application/octet-stream"}
        return self.phone.client.put(path, data=piece, headers=headers)

    def all(self):
        """As the phone does it: piece by piece until it is done."""
        response, at = None, 0
        while response is None or response.status_code == 202:
            response = self.put(at, at + PIECE)
            at = (response.json or {}).get("have", at)
        return response


LARGE = photo(3000, 2200, quality=85)


def test_a_photo_arrives_by_pieces_and_is_kept_once(phone, key, folder, look) -> None:
    sending = Sending(phone, key, LARGE)
    assert len(sending.sealed) > 2 * PIECE
    assert sending.ask().json == {"have": 0, "done": False}
    assert (first := sending.put(0, PIECE)).status_code == 202
    assert first.json == {"have": PIECE}
    assert sending.ask().json == {"have": PIECE, "done": False}
    assert sending.put(PIECE, 2 * PIECE).status_code == 202
    last = sending.put(2 * PIECE)
    assert (last.status_code, last.json) == (201, {"have": len(sending.sealed), "done": True})
    [made] = look(PHOTOS)
    assert (made.media_type, made.width, made.height) == ("image/webp", 1600, 1173)
    assert [str(its.key) for its in look(SIGNALS) if its.id == made.signal_id] == [key]
    assert list((folder / "parts").iterdir()) == []
    assert sending.ask().json["done"] is True
    assert sending.put(0, PIECE).status_code == 201  # the answer was lost and it comes again
    assert len(look(PHOTOS)) == 1


def test_a_piece_in_the_wrong_place_is_answered_with_the_right_one(phone, key) -> None:
    sending = Sending(phone, key, LARGE)
    assert (early := sending.put(PIECE, 2 * PIECE)).status_code == 409
    assert early.json == {"have": 0}
    sending.put(0, PIECE)
    assert (again := sending.put(0, PIECE)).status_code == 409
    assert again.json == {"have": PIECE}
    assert sending.put(PIECE, PIECE + 1000).json == {"have": PIECE + 1000}
    assert sending.put(PIECE + 1000, PIECE + 1000 + PIECE).status_code in {201, 202}


def test_when_all_was_there_and_the_server_stopped_a_piece_of_nothing_finishes_it(
    phone, key, monkeypatch, look
) -> None:
    sending = Sending(phone, key, photo())
    phone.app.config["PROPAGATE_EXCEPTIONS"] = False

    def stops(*_given, **_named):
        raise OSError(5, "stopped")

    with monkeypatch.context() as broken:
        broken.setattr("signalen.signals.routes.photos.keep_photo", stops)
        assert sending.all().status_code == 500
    assert sending.ask().json == {"have": len(sending.sealed), "done": False}
    assert sending.put(len(sending.sealed)).status_code == 201
    assert len(look(PHOTOS)) == 1


def test_what_does_not_have_its_hash_is_refused_and_can_start_anew(phone, key, look) -> None:
    sending = Sending(phone, key, photo())
    wrong = sending.put(0, data=sending.sealed[:-1] + b"x")
    assert (wrong.status_code, wrong.json) == (422, {"error": "refused", "why": "hash"})
    assert sending.ask().json == {"have": 0, "done": False}
    assert look(PHOTOS) == []
    assert sending.all().status_code == 201


REFUSED = {
    "a bomb": (png(12_000, 12_000), "too-large"),
    "an SVG": (SVG, "not-a-picture"),
    "a polyglot": (photo() + archive(), "not-a-picture"),
    "words": (b"no picture", "not-a-picture"),
    "nothing": (b"", "not-a-picture"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_kept_is_refused_and_leaves_nothing(phone, key, folder, name, look) -> None:
    data, why = REFUSED[name]
    sending = Sending(phone, key, data)
    response = sending.all()
    assert (response.status_code, response.json) == (422, {"error": "refused", "why": why})
    assert look(PHOTOS) == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_what_was_sealed_for_another_record_or_another_server_is_refused(phone, key) -> None:
    sending = Sending(phone, key, photo())
    others = {
        "record": Sending(phone, str(uuid.uuid4()), photo()).sealed,
        "server": Letterbox({"other": b"\1" * 32}, "other").seal_photo(photo(), key),
        "nothing": b"SGP1",
    }
    for sealed in others.values():
        sending.sealed = sealed
        sending.path = f"/capture/send/{key}/photos/{hashlib.sha256(sealed).hexdigest()}"
        assert sending.all().json == {"error": "refused", "why": "cannot-open"}


def test_sizes_are_limited_before_anything_is_read(phone, key, folder) -> None:
    sending = Sending(phone, key, photo())
    assert sending.put(0, 10, size=room.LARGEST_SENT + 1).json["why"] == "too-large"
    assert sending.put(0, data=bytes(PIECE + 1), size=PIECE + 1).status_code == 413
    for at, data, size in ((0, b"12345", 4), (-1, b"1", 4), (0, b"", 0)):
        assert sending.put(at, data=data, size=size).status_code == 400
    for query in ("", "?at=x&size=y", "?at=0"):
        assert phone.client.put(sending.path + query, data=b"1", headers=phone.bearer).status_code == 400
    assert not folder.exists()


def test_a_signal_takes_six_photos_and_says_so_with_the_first_piece_of_the_seventh(
    phone, key, store, folder, look
) -> None:
    [made] = look(SIGNALS)
    vault, actor = phone.app.extensions["signalen.vault"], _actor(store, made.recorded_by)
    for number in range(6):
        keep_photo(store, vault, folder, made, sent(str(number)), actor=actor)
    store.commit()
    assert Sending(phone, key, photo()).put(0, 10).json == {"error": "refused", "why": "too-many"}


def test_a_phone_that_starts_hundreds_of_photos_is_asked_to_wait(phone, key, monkeypatch) -> None:
    monkeypatch.setattr(room, "MOST_UNFINISHED", 3 * PIECE)
    assert Sending(phone, key, LARGE).put(0, PIECE).status_code == 202
    response = Sending(phone, key, LARGE).put(0, PIECE)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")


def test_a_photo_for_a_signal_of_somebody_else_finds_nothing(app, as_, people, phone, key, look) -> None:
    mine = Sending(phone, key, photo())
    for other in (people.dre, people.bart):
        stranger = Phone(app, as_(other))
        theirs = Sending(stranger, key, photo())
        assert theirs.ask().status_code == 404
        assert theirs.put(0).status_code == 404
    assert Sending(phone, str(uuid.uuid4()), photo()).put(0).status_code == 404
    mine.path = mine.path[:-1] + "X"
    assert mine.put(0).status_code == 404
    assert look(PHOTOS) == []


def test_pieces_of_two_people_with_the_same_key_and_hash_never_meet(app, people, folder) -> None:
    vault = app.extensions["signalen.vault"]
    key, digest = uuid.uuid4(), "a" * 64
    first = room.Pieces(vault, folder, people.amina.id, key, digest)
    other = room.Pieces(vault, folder, people.dre.id, key, digest)
    first.add(b"half", at=0, size=8)
    assert (first.have, other.have) == (4, 0)
    [name] = [path.name for path in (folder / "parts").iterdir()]
    assert str(people.amina.id) not in name
    assert "aaaa" not in name


def test_without_the_token_of_a_phone_nothing_is_taken(phone, key, client, as_, people) -> None:
    path = Sending(phone, key, photo()).path
    for visitor in (client, as_(people.amina)):
        assert visitor.get(path).status_code == 401
        assert visitor.put(f"{path}?at=0&size=1", data=b"1").status_code == 401


def test_a_signal_that_was_taken_back_takes_no_photos_any_more(phone, key, store, look) -> None:
    [made] = look(SIGNALS)
    withdraw(store, store.get_one(Signal, made.id), actor=_actor(store, made.recorded_by))
    store.commit()
    assert Sending(phone, key, photo()).put(0).status_code == 404


def test_a_photo_that_somebody_took_away_does_not_come_back(phone, key, as_, people, look) -> None:
    sending = Sending(phone, key, photo())
    sending.all()
    [made] = look(PHOTOS)
    assert as_(people.bart).post(f"/attachments/{made.id}/remove").status_code == 303
    assert sending.ask().json["done"] is True
    assert sending.put(0).status_code == 201
    assert look(PHOTOS) == []


def test_the_same_photo_sent_by_eight_hands_at_once_is_one(phone, key, folder, look) -> None:
    sending = Sending(phone, key, LARGE)
    done, gate = [], threading.Barrier(8)

    def hand() -> None:
        client, at, tries = phone.app.test_client(), 0, 0
        gate.wait()
        while tries < 100:
            tries += 1
            path = f"{sending.path}?at={at}&size={len(sending.sealed)}"
            response = client.put(path, data=sending.sealed[at : at + PIECE], headers=phone.bearer)
            if response.status_code == 201:
                done.append(response.json["done"])
                return
            assert response.status_code in {202, 409}, response.text
            at = response.json["have"]

    hands = [threading.Thread(target=hand) for _ in range(8)]
    for each in hands:
        each.start()
    for each in hands:
        each.join()
    assert done == [True] * 8
    assert len(look(PHOTOS)) == 1
    assert len([path for path in folder.iterdir() if path.is_file()]) == 1
    assert list((folder / "parts").iterdir()) == []


def test_no_lock_is_held_while_a_picture_is_opened(phone, key, store, monkeypatch) -> None:
    from signalen.signals.routes import photos as routes  # noqa: PLC0415

    inner = routes.open_sealed

    def slow(*given):
        store.connection()  # somebody else writes: on SQLite this takes the lock of the whole file
        store.rollback()
        return inner(*given)

    monkeypatch.setattr(routes, "open_sealed", slow)
    assert Sending(phone, key, photo()).all().status_code == 201


# Out again


@pytest.fixture
def shown(phone, people, store):
    """A plain photo and a sensitive one of Amina's."""
    vault, folder = (
        phone.app.extensions["signalen.vault"],
        phone.app.extensions["signalen.config"].attachments,
    )
    actor = _actor(store, people.amina.id)
    made = {}
    for name, words in (("plain", WORDS), ("sensitive", SECRET)):
        its = signal(store, vault, actor, text=words)
        made[name] = keep_photo(store, vault, folder, its, sent(), actor=actor)
    store.commit()
    return made


SEES = {"plain": {"amina", "bart", "sofie"}, "sensitive": {"amina", "bart"}}


@pytest.mark.parametrize("kind", SEES)
def test_a_photo_is_shown_to_who_sees_the_signal_and_is_not_there_for_others(
    as_, people, client, shown, kind
) -> None:
    path = f"/attachments/{shown[kind].id}"
    for name in ("amina", "dre", "bart", "sofie", "chloe", "emma", "stijn"):
        visitor = as_(getattr(people, name))
        may = name in SEES[kind]
        assert visitor.get(path).status_code == (200 if may else 404), name
        if not may:
            assert visitor.post(f"{path}/remove").status_code == 404, name
    assert client.get(path).status_code == 303
    assert as_(people.bart).get(f"/attachments/{uuid.uuid4()}").status_code == 404


def test_a_photo_is_a_download_in_which_nothing_runs_and_that_nobody_keeps(as_, people, shown) -> None:
    response = as_(people.bart).get(f"/attachments/{shown['plain'].id}")
    assert response.data == b"the pixels of a picture"
    headers = response.headers
    assert headers["Content-Type"] == "image/webp"
    assert headers["Content-Disposition"] == "attachment; filename=photo-1.webp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_that_a_sensitive_photo_was_read_is_in_the_log_before_it_is_shown(as_, people, shown, look) -> None:
    for kind, count in (("plain", 0), ("sensitive", 1)):
        as_(people.bart).get(f"/attachments/{shown[kind].id}")
        read = look(select(Event).where(Event.verb == SignalVerb.PHOTO_READ.value))
        assert len(read) == count
    assert read[0].actor_id == people.bart.id


def test_when_the_log_cannot_be_written_the_photo_is_not_shown(app, as_, people, shown, monkeypatch) -> None:
    def broken(*_given, **_named):
        raise OSError(28, "No space left on device")

    bart = as_(people.bart)
    monkeypatch.setattr("signalen.signals.photos.events.record", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert bart.get(f"/attachments/{shown['sensitive'].id}").status_code == 500
    assert bart.get(f"/attachments/{shown['plain'].id}").status_code == 200


def test_a_photo_whose_file_is_lost_is_not_there(as_, people, shown, folder) -> None:
    (folder / shown["plain"].name).unlink()
    assert as_(people.bart).get(f"/attachments/{shown['plain'].id}").status_code == 404


def test_the_pages_of_a_signal_show_its_photos_with_a_way_to_take_them_away(
    as_, people, shown, folder
) -> None:
    made = shown["plain"]
    for who, page in ((people.bart, "/desk/signals"), (people.amina, "/mine/signals")):
        html = as_(who).get(f"{page}/{made.signal_id}").text
        assert f'src="/attachments/{made.id}"' in html
        assert f'action="/attachments/{made.id}/remove"' in html
    response = as_(people.amina).post(f"/attachments/{made.id}/remove")
    assert response.location == f"/mine/signals/{made.signal_id}"
    assert not (folder / made.name).exists()
    assert "/attachments/" not in as_(people.bart).get(f"/desk/signals/{made.signal_id}").text


# With the form, without a script


def with_photos(*files: bytes, **fields: str) -> dict:
    return {"text": WORDS, "key": str(uuid.uuid4()), **fields, "photos": files}


def post(visitor, data: dict, path: str = "/capture"):
    """Sends a form as a browser does; written out, since what is large would else lie in a file that nobody closes."""
    line, body = b"--in-between", io.BytesIO()
    files = data.pop("photos", ())
    for name, value in data.items():
        body.write(line + f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for number, content in enumerate(files):
        named = f"IMG_{number}.jpg" if content else ""
        body.write(
            line + f'\r\nContent-Disposition: form-data; name="photos"; filename="{named}"\r\n'.encode()
        )
        body.write(b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
    body.write(line + b"--\r\n")
    return visitor.post(path, data=body.getvalue(), content_type="multipart/form-data; boundary=in-between")


def test_a_browser_without_scripts_sends_photos_with_the_form(as_, people, look) -> None:
    response = post(as_(people.amina), with_photos(photo(), LARGE))
    [made] = look(SIGNALS)
    assert response.location == f"/capture/{made.id}"
    assert sorted(row.width for row in look(PHOTOS)) == [640, 1600]


def test_a_form_without_photos_is_as_it_always_was(as_, people, look) -> None:
    assert post(as_(people.amina), with_photos(b"")).status_code == 303
    assert look(PHOTOS) == []


def test_the_same_form_twice_is_one_signal_with_its_photos_once(as_, people, look) -> None:
    amina, key = as_(people.amina), str(uuid.uuid4())
    for _ in range(2):
        assert post(amina, with_photos(photo(), photo(quality=50), key=key)).status_code == 303
    assert len(look(SIGNALS)) == 1
    assert len(look(PHOTOS)) == 2


REFUSED_IN_A_FORM = {
    "an SVG": ((photo(), SVG), "not-a-picture", {"num": 2}),
    "a polyglot": ((photo() + PDF,), "hides-something", {"num": 1}),
    "a bomb": ((png(12_000, 12_000),), "too-large", {"num": 1}),
    "a HEIC": ((b"\0\0\0\x18ftypheic" + bytes(40),), "heic", {"num": 1}),
    "seven": ((photo(8, 8),) * 7, "too-many-photos", {"most": 6}),
}


@pytest.mark.parametrize("name", REFUSED_IN_A_FORM)
def test_a_refused_photo_is_said_with_its_number_and_the_words_stay(app, as_, people, look, name) -> None:
    files, code, facts = REFUSED_IN_A_FORM[name]
    response = post(as_(people.amina), with_photos(*files))
    assert response.status_code == 422
    assert WORDS in response.text
    with app.test_request_context():
        assert say(code, facts) in unescape(response.text)
    assert look(SIGNALS) == []


def test_a_photo_of_more_than_twelve_megabytes_is_refused_and_said(as_, people, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    response = post(as_(people.amina), with_photos(photo()))
    assert response.status_code == 422
    assert WORDS in response.text


def test_two_large_photos_fit_although_other_forms_take_less(app, as_, people, look) -> None:
    padded = photo() + bytes(3 * 1024 * 1024)
    assert post(as_(people.amina), with_photos(padded, padded + b"\0")).status_code == 303
    assert len(look(PHOTOS)) == 2
    for path in ("/sign-in", "/report"):
        assert post(as_(people.amina), with_photos(padded), path).status_code == 413
    assert post(app.test_client(), with_photos(padded)).status_code in {303, 413}
    assert len(look(PHOTOS)) == 2


def test_photos_of_a_form_never_hold_up_who_writes(as_, people, store, monkeypatch) -> None:
    inner = uploads.open_plain

    def slow(*given) -> Sent:
        store.connection()
        store.rollback()
        return inner(*given)

    monkeypatch.setattr(uploads, "open_plain", slow)
    assert post(as_(people.amina), with_photos(photo())).status_code == 303


def _actor(session, person: uuid.UUID):
    from signalen.people.queries import actor_for_user  # noqa: PLC0415

    return actor_for_user(session, person)

"""What lies on a phone, for whom, and until when: other people see nothing, and what waited is sent for who wrote it."""

from __future__ import annotations

import base64
import io
import json
import os
import re

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from signalen.core.letterbox import Letterbox
from tests.browser.person import open_person
from tests.browser.phone import PHOTO, SEND, Phone, count_photos, new_record, recorded_by, signals_of
from tests.signals.pictures import file_of, photo

pytestmark = pytest.mark.browser
PIECE = 64 * 1024
CANARY = "kanarievogel"
PLACE = "Kanariewijk"
PICTURE = b"CanaryPicture"


@pytest.fixture
def amina(house, browser):
    """Amina with her phone; afterwards no script stumbled and nothing left the house."""
    phone = Phone(house, open_person(browser, house.url, "nl", "phone")).sign_in()
    yield phone
    troubles = phone.troubles()
    phone.person.close()
    assert troubles == []


def add_photo(phone: Phone, key: str, data: bytes, kind: str = "image/jpeg") -> str:
    """Adds a photo to a draft; gives its hash."""
    return phone.page.evaluate(
        "([key, data, type]) => Signalen.outbox.addPhoto(key, Signalen.seal.fromText(data), type)",
        [key, base64.urlsafe_b64encode(data).decode(), kind],
    )


def with_photo(phone: Phone, data: bytes, kind: str = "image/jpeg") -> tuple[str, str]:
    """A record with a photo that may go; gives key and hash."""
    record = new_record("Met een foto erbij.")
    phone.call("keepDraft", record)
    digest = add_photo(phone, record["key"], data, kind)
    phone.call("ready", record)
    return record["key"], digest


def noise(side: int = 225) -> bytes:
    """A picture of three pieces."""
    data = file_of(Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)), "PNG", compress_level=1)
    assert 2 * PIECE < len(data) < 3 * PIECE - 200
    return data


def photos_sent(phone: Phone, key: str, sent: int = 1) -> dict:
    """The record, when so many of its photos are with the server."""
    return phone.page.evaluate(
        "([key, sent]) => Behind.until(key, (found) => found.photos.sent === sent)", [key, sent]
    )


# ---- people ----


def test_the_next_person_sees_nothing_and_what_waited_arrives_for_who_wrote_it(amina) -> None:
    amina.without_network()
    key = amina.ready("Van Amina, en van niemand anders.")
    draft = new_record("Nog niet af, van Amina")
    amina.call("keepDraft", draft)
    amina.person.context.clear_cookies()
    amina.sign_in("dre")
    assert amina.person_here()["name"] == "Dré"
    assert amina.call("list") == []
    for mine in (key, draft["key"]):
        assert amina.call("read", mine) is None
        assert amina.lies(mine)["copy"] is None
        assert amina.call("edit", mine) is None
        assert not amina.call("discard", mine)
    assert (amina.call("waiting")["count"], amina.call("waiting")["others"]) == (0, 1)
    amina.all_gets_through()
    amina.call("sendNow")
    amina.page.evaluate("() => Signalen.queue.flush({ now: true })")
    (signal,) = signals_of(amina.house, key)
    assert recorded_by(amina.house, signal) == "Amina"
    assert signals_of(amina.house, draft["key"]) == []


def test_somebody_else_who_signed_in_elsewhere_closes_the_page_of_the_first(amina) -> None:
    """The cookie is of somebody else now, and no page was left: the next time the server is asked it shows."""
    amina.without_network()
    key = amina.ready("Van Amina")
    token = amina.dump()["people"][0]["token"]
    other = open_person(amina.person.context.browser, amina.house.url, "nl", "phone")
    Phone(amina.house, other).sign_in("dre")
    amina.person.context.clear_cookies()
    amina.person.context.add_cookies(other.context.cookies())
    other.close()
    amina.open()
    assert amina.person_here()["name"] == "Dré"
    assert amina.call("list") == []
    people = {row["token"]: row["lock"] for row in amina.dump()["people"]}
    assert people.pop(token) is None
    assert amina.lies(key)["copy"] is None


def test_after_a_sign_out_nobody_can_open_anything_and_the_writer_gets_the_draft_back(amina) -> None:
    draft = new_record("Een half verhaal.", neighbourhood=PLACE)
    amina.call("keepDraft", draft)
    add_photo(amina, draft["key"], photo())
    amina.sign_out()
    assert amina.person_here() is None
    assert amina.call("list") == []
    lies = amina.dump()
    assert [row["lock"] for row in lies["people"]] == [None]
    assert [row["copy"] for row in lies["records"]] == [None]
    assert [row["view"] for row in lies["photos"]] == [None]
    assert lies["people"][0]["token"]
    assert "Amina" not in json.dumps(lies)
    amina.open("/sign-in")
    assert amina.person_here() is None
    amina.sign_in()
    assert amina.call("read", draft["key"])["fields"] == draft["fields"]
    assert amina.row(draft["key"])["state"] == "draft"


def test_signing_out_in_one_page_closes_the_other(amina) -> None:
    draft = new_record("In twee tabbladen")
    amina.call("keepDraft", draft)
    other = amina.person.context.new_page()
    amina.start(other)
    other.evaluate("() => Signalen.outbox.leave()")
    amina.page.evaluate(
        """() => Signalen.outbox.person && new Promise((done, late) => {
          Signalen.outbox.addEventListener("person", done, { once: true });
          setTimeout(late, 20000);
        })"""
    )
    assert amina.person_here() is None
    assert amina.call("list") == []
    assert amina.code_of("keepDraft", draft) == "nobody"


def test_the_form_that_signs_out_closes_the_phone_before_it_goes(amina) -> None:
    draft = new_record("Nog open")
    amina.call("keepDraft", draft)
    amina.person.go("/account")
    amina.person.press("Sign out")
    expect(amina.page).not_to_have_url(re.compile("/account"))
    amina.open("/sign-in")
    lies = amina.dump()
    assert [(row["lock"], row["here"]) for row in lies["people"]] == [(None, False)]
    assert [row["copy"] for row in lies["records"]] == [None]


def test_without_network_the_phone_opens_for_whom_it_knows(amina) -> None:
    draft = new_record("Zonder net verder")
    amina.call("keepDraft", draft)
    amina.without_network("**/capture/me")
    amina.open()
    here = amina.person_here()
    assert (here["name"], here["signed"]) == ("Amina", False)
    assert amina.call("read", draft["key"])["fields"]["text"] == "Zonder net verder"


# ---- photos ----


def test_a_photo_goes_in_pieces_after_the_words_and_goes_on_where_it_was_cut(amina) -> None:
    data = noise()
    sent: list[str] = []

    def cut(route: Route) -> None:
        at = re.search(r"at=(\d+)", route.request.url)
        if at:
            sent.append(at[1])
        if at and len(sent) == 2:
            route.abort()
        else:
            route.fallback()

    amina.person.context.route(PHOTO, cut)
    key, digest = with_photo(amina, data, "image/png")
    amina.becomes(key, "received")
    (signal,) = signals_of(amina.house, key)
    amina.page.evaluate("() => Signalen.queue.flush()")
    assert sent == ["0", str(PIECE)]
    assert count_photos(amina.house, signal) == 0
    assert amina.row(key)["photos"] == {"total": 1, "sent": 0, "refused": 0}
    amina.call("sendNow")
    assert photos_sent(amina, key)["photos"] == {"total": 1, "sent": 1, "refused": 0}
    assert sent == ["0", str(PIECE), str(PIECE), str(2 * PIECE)]
    assert count_photos(amina.house, signal) == 1
    assert amina.dump()["photos"] == []
    assert digest not in json.dumps(amina.call("photos", key))


def test_a_photo_whose_last_answer_is_lost_is_there_once(amina) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "PUT" or lost:
            route.fallback()
            return
        lost.append(route.request.url)
        assert route.fetch().status == 201
        route.abort()

    amina.person.context.route(PHOTO, lose)
    key, _ = with_photo(amina, photo())
    amina.becomes(key, "received")
    amina.page.evaluate("() => Signalen.queue.flush()")
    amina.call("sendNow")
    photos_sent(amina, key)
    (signal,) = signals_of(amina.house, key)
    assert count_photos(amina.house, signal) == 1
    assert len(lost) == 1


def test_a_photo_that_is_none_is_refused_and_the_others_go(amina) -> None:
    record = new_record("Twee foto's, waarvan één geen foto is.")
    amina.call("keepDraft", record)
    add_photo(amina, record["key"], b"no picture at all")
    add_photo(amina, record["key"], photo())
    amina.call("ready", record)
    row = photos_sent(amina, record["key"])
    amina.page.evaluate("() => Signalen.queue.flush()")
    row = amina.row(record["key"])
    assert row["state"] == "received"
    assert row["photos"] == {"total": 2, "sent": 1, "refused": 1}


def test_a_photo_can_be_seen_and_taken_away_while_it_is_a_draft(amina) -> None:
    record = new_record("Met een foto")
    amina.call("keepDraft", record)
    first, second = (add_photo(amina, record["key"], photo(60 + n, 60)) for n in range(2))
    assert [each["hash"] for each in amina.call("photos", record["key"])] == [first, second]
    assert amina.call("read", record["key"])["photos"] == [first, second]
    url = amina.page.evaluate("async (key) => (await Signalen.outbox.photos(key))[1].url()", record["key"])
    seen = Image.open(io.BytesIO(base64.b64decode(url.partition("base64,")[2] + "==")))
    assert seen.size == (61, 60)
    amina.call("removePhoto", record["key"], first)
    assert amina.call("read", record["key"])["photos"] == [second]
    assert [row["hash"] for row in amina.dump()["photos"]] == [second]


@pytest.mark.parametrize("again", ["copy", "second"])
def test_a_copy_of_what_has_a_closed_photo_leaves_the_first_where_it_is(amina, again) -> None:
    """Since the sign-out nobody can open the photo here, and it belongs to the first key: it is not lost unseen."""
    amina.without_network()
    key, digest = with_photo(amina, photo())
    amina.sign_out()
    answers = {
        "copy": (422, {"error": "refused", "why": "cannot-open"}),
        "second": (409, {"error": "conflict"}),
    }
    amina.answering(*answers[again], only=key)
    amina.sign_in()
    state = amina.becomes(key, "refused", "conflict")["state"]
    copy = amina.call("edit", key, {"copy": True}) if again == "copy" else amina.call("settle", key, "second")
    assert copy["fields"]["text"] == "Met een foto erbij."
    assert copy["photos"] == []
    assert amina.row(copy["key"])["photos"]["total"] == 0
    assert amina.row(key)["state"] == state
    assert [row["hash"] for row in amina.dump()["photos"]] == [digest]


def test_a_new_key_of_the_server_does_not_lose_a_closed_photo(amina, monkeypatch) -> None:
    amina.without_network()
    key, _ = with_photo(amina, photo())
    amina.sign_out()
    amina.sign_in()
    assert amina.row(key)["readable"]
    amina.call("sendNow")
    monkeypatch.setitem(
        amina.house.app.extensions, "signalen.letterbox", Letterbox({"new": b"N" * 32}, "new")
    )
    amina.all_gets_through()
    amina.open()
    amina.call("sendNow")
    amina.becomes(key, "received")
    amina.page.evaluate("() => Signalen.queue.flush()")
    assert amina.row(key)["photos"] == {"total": 1, "sent": 0, "refused": 1}


# ---- what can be read ----


def test_no_word_of_a_record_can_be_read_in_what_the_browser_keeps_in_any_state(amina) -> None:
    words = {
        "text": f"Een {CANARY} in de gang",
        "neighbourhood": PLACE,
        "district": "borgerhout",
        "agreed_how": f"{CANARY}!",
    }
    draft = new_record(**words)
    amina.call("keepDraft", draft)
    add_photo(amina, draft["key"], PICTURE * 50)
    received = amina.ready(**words)
    amina.becomes(received, "received")
    amina.answering(422, {"error": "refused", "why": "cannot-open"})
    amina.becomes(amina.ready(**words), "refused")
    amina.all_gets_through()
    amina.answering(409, {"error": "conflict"})
    amina.becomes(amina.ready(**words), "conflict")
    amina.all_gets_through()
    amina.without_network()
    amina.tried(amina.ready(**words))
    lies = json.dumps(amina.dump())
    secret = (CANARY, PLACE, "borgerhout", PICTURE.decode())
    assert [word for word in secret if word in readable(lies)] == []
    assert '"extractable": false' in lies
    assert lies.count('"state"') >= 5


def test_words_that_were_kept_readable_would_be_found(amina) -> None:
    amina.page.evaluate(
        """async ([text, bytes]) => {
          await Signalen.store.put("facts", { text }, "control");
          await Signalen.store.put("facts", { bytes: new TextEncoder().encode(bytes) }, "another");
          localStorage.setItem("third", btoa(text));
        }""",
        [CANARY, PLACE],
    )
    found = readable(json.dumps(amina.dump()))
    assert CANARY in found
    assert PLACE in found
    assert found.count(CANARY) == 2


def readable(text: str) -> str:
    """What is there, and what everything that looks like base64 says."""
    parts = re.findall(r"[A-Za-z0-9+/_-]{8,}", text)
    whole = (part[: len(part) // 4 * 4].translate(str.maketrans("-_", "+/")) for part in parts)
    return "\n".join([text, *(base64.b64decode(part).decode("latin-1") for part in whole)])


def test_the_file_for_when_nothing_else_helps_holds_what_waits_sealed_and_the_house_takes_it(amina) -> None:
    amina.without_network(SEND)
    key, digest = with_photo(amina, photo())
    amina.call("keepDraft", new_record("Een kladje gaat niet mee"))
    text = amina.page.evaluate("async () => (await Signalen.outbox.exportFile()).text()")
    file = json.loads(text)
    assert file["signalen"] == 1
    assert [envelope["key"] for envelope in file["records"]] == [key]
    assert [(each["key"], each["hash"]) for each in file["photos"]] == [(key, digest)]
    assert "Met een foto" not in readable(text)
    amina.person.go("/capture/import")
    amina.page.locator("input[type=file]").set_input_files(
        {"name": "signalen.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    amina.page.locator("main form button").click()
    amina.page.wait_for_load_state()
    (signal,) = signals_of(amina.house, key)
    assert count_photos(amina.house, signal) == 1
    amina.all_gets_through(SEND)
    amina.open()
    amina.call("sendNow")
    assert amina.becomes(key, "received")["receipt"]["reference"] == signal.reference

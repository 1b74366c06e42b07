"""The box of a phone against the real house: never received without a number, never twice, nothing lost, nobody else's."""

from __future__ import annotations

import time

import pytest

from signalen.core.letterbox import Letterbox
from tests.browser.phone import Phone, new_record, phones_in, recorded_by, signals_of, stop_phones

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(house, browser):
    with phones_in(house, browser) as take:
        yield take


@pytest.fixture
def amina(opened) -> Phone:
    """Amina with her phone."""
    return opened().sign_in()


def one_signal(phone: Phone, key: str):
    """The one signal that the server has under this key."""
    found = signals_of(phone.house, key)
    assert len(found) == 1
    return found[0]


def due_now(phone: Phone, key: str) -> None:
    """The wait of a record is over, and sending is looked at; resolves when that is done."""
    phone.page.evaluate(
        """async (key) => {
          await Signalen.store.change("records", key, (row) => ({ ...row, next: 0 }));
          await Signalen.queue.flush();
        }""",
        key,
    )


def test_what_is_ready_is_received_with_number_and_time_and_its_words_are_gone_from_the_phone(amina) -> None:
    key = amina.ready("De lift van blok B is al weken stuk.")
    row = amina.becomes(key, "received")
    signal = one_signal(amina, key)
    assert row["receipt"]["reference"] == signal.reference
    assert row["receipt"]["id"] == str(signal.id)
    assert row["receipt"]["at"] == signal.received_at.isoformat()
    assert not row["readable"]
    lies = amina.lies(key)
    assert (lies["envelope"], lies["copy"]) == (None, None)
    assert recorded_by(amina.house, signal) == "Amina"


def test_a_draft_is_never_sent_and_a_reload_keeps_it_and_what_was_received(amina) -> None:
    draft = new_record("Nog niet af")
    amina.call("keepDraft", draft)
    key = amina.ready()
    before = amina.becomes(key, "received")
    amina.open()
    assert amina.row(key)["receipt"] == before["receipt"]
    assert amina.row(draft["key"])["state"] == "draft"
    assert amina.call("read", draft["key"])["fields"]["text"] == "Nog niet af"
    assert amina.posts == [key]


def test_what_was_typed_last_is_kept_also_when_sealing_what_came_before_takes_longer(amina) -> None:
    draft = new_record("")
    amina.page.evaluate(
        """(record) => {
          const { seal, outbox } = Signalen;
          const inner = seal.envelope;
          seal.envelope = async (key, whole) => {
            const made = await inner(key, whole);
            if (whole.fields.text === "first") await new Promise((resolve) => setTimeout(resolve, 300));
            return made;
          };
          return Promise.all(["first", "last"].map((text) => outbox.keepDraft({ ...record, fields: { text } })));
        }""",
        draft,
    )
    assert amina.call("read", draft["key"])["fields"]["text"] == "last"


def test_without_network_it_waits_and_goes_by_itself_when_the_network_is_back(amina) -> None:
    amina.person.context.set_offline(True)
    key = amina.ready()
    assert amina.becomes(key, "ready")["receipt"] is None
    assert signals_of(amina.house, key) == []
    amina.person.context.set_offline(False)
    amina.becomes(key, "received")
    one_signal(amina, key)


def test_an_answer_that_is_lost_after_the_server_kept_it_makes_no_second_signal(amina) -> None:
    amina.losing_one_answer()
    key = amina.ready()
    assert amina.tried(key)["receipt"] is None
    first = one_signal(amina, key)
    due_now(amina, key)
    assert amina.becomes(key, "received")["receipt"]["reference"] == first.reference
    assert one_signal(amina, key).id == first.id


def test_a_double_tap_is_one_signal(amina) -> None:
    record = new_record("Twee keer getikt")
    amina.page.evaluate(
        "(record) => Promise.all([Signalen.outbox.ready(record), Signalen.outbox.ready(record), Signalen.outbox.ready(record)])",
        record,
    )
    amina.becomes(record["key"], "received")
    one_signal(amina, record["key"])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<title>Free wifi: sign in here</title>"),
        (200, {"ok": True}),
        (201, {"key": "another", "reference": "S-1", "at": "2026-11-21T09:00:00Z"}),
        (404, ""),
        (500, "<h1>Error</h1>"),
    ],
    ids=[
        "a page of somebody's network",
        "no number",
        "the number of another",
        "a house that is gone",
        "an error",
    ],
)
def test_nothing_but_the_number_of_the_server_counts_as_received(amina, status, body) -> None:
    amina.answering(status, body)
    key = amina.ready()
    amina.page.evaluate("() => Signalen.queue.flush()")
    row = amina.row(key)
    assert (row["state"], row["receipt"]) == ("ready", None)
    assert amina.lies(key)["envelope"]
    amina.all_gets_through()
    amina.call("sendNow")
    amina.becomes(key, "received")


def test_a_page_to_sign_in_never_counts_as_an_answer(amina) -> None:
    amina.answering(303, headers={"Location": f"{amina.house.url}/sign-in"})
    key = amina.ready()
    amina.page.evaluate("() => Signalen.queue.flush()")
    assert amina.row(key)["state"] == "ready"


def test_a_stopped_phone_keeps_everything_until_its_person_signs_in_again(amina) -> None:
    amina.person.context.clear_cookies()
    stop_phones(amina.house)
    key = amina.ready()
    amina.becomes(key, "needs-sign-in")
    amina.open("/sign-in")
    assert amina.row(key)["state"] == "needs-sign-in"
    assert not amina.person_here()["signed"]
    assert amina.call("read", key)["fields"]["text"]
    assert signals_of(amina.house, key) == []
    amina.sign_in()
    amina.becomes(key, "received")
    one_signal(amina, key)


def test_an_expired_sign_in_does_not_keep_anything_from_being_sent(amina) -> None:
    amina.person.context.clear_cookies()
    key = amina.ready()
    amina.becomes(key, "received")
    assert recorded_by(amina.house, one_signal(amina, key)) == "Amina"


def with_other_words(phone: Phone) -> str:
    """A key that the server has with the first words, while the phone has others."""
    phone.losing_one_answer()
    key = phone.ready("De eerste woorden.")
    phone.tried(key)
    record = phone.call("edit", key)
    record["fields"]["text"] = "Andere woorden."
    phone.call("ready", record)
    phone.becomes(key, "conflict")
    return key


def test_the_same_key_with_other_words_is_a_choice_with_both_to_see_and_the_first_can_be_enough(
    amina,
) -> None:
    key = with_other_words(amina)
    first = one_signal(amina, key)
    kept = amina.call("kept", key)
    assert (kept["words"], kept["reference"]) == ("De eerste woorden.", first.reference)
    assert amina.call("read", key)["fields"]["text"] == "Andere woorden."
    amina.call("settle", key, "first")
    assert amina.row(key) is None
    assert one_signal(amina, key).id == first.id


def test_the_other_words_can_go_as_a_second_signal(amina) -> None:
    key = with_other_words(amina)
    second = amina.call("settle", key, "second")
    assert second["key"] != key
    amina.becomes(second["key"], "received")
    assert amina.row(key) is None
    assert one_signal(amina, key).id != one_signal(amina, second["key"]).id


def test_what_is_refused_says_why_and_can_be_sent_as_a_copy(amina) -> None:
    amina.answering(422, {"error": "refused", "why": "cannot-open"})
    key = amina.ready("Geweigerd, om een reden.")
    row = amina.becomes(key, "refused")
    assert row["why"] == "cannot-open"
    due_now(amina, key)
    assert amina.posts == [key]
    amina.all_gets_through()
    copy = amina.call("edit", key, {"copy": True})
    assert copy["key"] != key
    assert copy["fields"]["text"] == "Geweigerd, om een reden."
    assert amina.row(copy["key"])["state"] == "draft"
    amina.call("ready", copy)
    amina.becomes(copy["key"], "received")
    assert signals_of(amina.house, key) == []


def test_the_wait_grows_with_every_try(amina) -> None:
    amina.answering(503)
    key = amina.ready()
    waits = []
    for _ in range(4):
        due_now(amina, key)
        lies = amina.lies(key)
        assert lies["state"] == "ready"
        waits.append(lies["next"] / 1000 - time.time())
    assert waits == sorted(waits)
    assert 3 < waits[0] < waits[-1]
    assert waits[-1] > 30
    amina.all_gets_through()
    amina.call("sendNow")
    amina.becomes(key, "received")


def test_a_server_that_asks_for_time_is_given_it(amina) -> None:
    amina.answering(429, {"error": "wait"}, headers={"Retry-After": "120"})
    first, second = amina.ready(), amina.ready()
    amina.page.evaluate("() => Signalen.queue.flush()")
    assert {amina.row(key)["state"] for key in (first, second)} == {"ready"}
    posts = len(amina.posts)
    amina.page.evaluate("() => Signalen.queue.flush()")
    assert len(amina.posts) == posts
    amina.all_gets_through()
    amina.call("sendNow")
    amina.becomes(first, "received")
    amina.becomes(second, "received")


def test_a_clock_that_was_wrong_holds_nothing_up(amina) -> None:
    """The phone thought it was next year, and waits since then."""
    amina.without_network()
    key = amina.ready()
    amina.tried(key)
    amina.all_gets_through()
    amina.page.evaluate(
        """async (key) => {
          const next = Date.now() + 365 * 24 * 3600 * 1000;
          const [person] = await Signalen.store.all("people");
          await Signalen.store.put("people", { ...person, quiet: next });
          await Signalen.store.change("records", key, (row) => ({ ...row, next }));
          await Signalen.queue.flush();
        }""",
        key,
    )
    assert amina.becomes(key, "received")["receipt"]


@pytest.mark.parametrize("status", [422, 500], ids=["refused", "an error of the server"])
def test_one_bad_record_does_not_hold_up_the_others(amina, status) -> None:
    amina.person.context.set_offline(True)
    bad, *others = [amina.ready(f"Signaal {n}") for n in range(4)]
    amina.answering(status, {"error": "refused", "why": "cannot-open"}, only=bad)
    amina.person.context.set_offline(False)
    for key in others:
        amina.becomes(key, "received")
    assert amina.row(bad)["state"] in {"refused", "ready"}
    assert signals_of(amina.house, bad) == []


def test_two_pages_that_send_at_once_send_each_record_once(amina) -> None:
    amina.person.context.set_offline(True)
    keys = [amina.ready(f"Signaal {n}") for n in range(5)]
    amina.person.context.set_offline(False)
    other = amina.person.context.new_page()
    amina.start(other)
    for page in (amina.page, other):
        page.evaluate("() => { Signalen.outbox.sendNow(); Signalen.outbox.sendNow(); }")
    for key in keys:
        amina.becomes(key, "received")
        one_signal(amina, key)
    assert sorted(amina.posts) == sorted(keys)


def test_fifty_wait_and_the_next_one_stays_a_draft(amina) -> None:
    amina.person.context.set_offline(True)
    amina.page.evaluate(
        """async () => {
          for (let n = 0; n < 50; n += 1) await Signalen.outbox.ready({ key: crypto.randomUUID(), fields: { text: `${n}` } });
        }"""
    )
    more = new_record("De eenenvijftigste")
    amina.call("keepDraft", more)
    assert amina.code_of("ready", more) == "full"
    assert amina.row(more["key"])["state"] == "draft"
    assert amina.call("waiting")["count"] == 50
    first = amina.call("list")[-1]["key"]
    assert amina.call("discard", first)
    assert amina.code_of("ready", more) is None


def test_a_new_key_of_the_server_seals_anew_what_was_sealed_to_the_one_that_is_gone(
    amina, monkeypatch
) -> None:
    amina.without_network()
    key = amina.ready("Verzegeld met de oude sleutel.")
    amina.tried(key)
    monkeypatch.setitem(
        amina.house.app.extensions, "signalen.letterbox", Letterbox({"new": b"N" * 32}, "new")
    )
    amina.all_gets_through()
    amina.open()
    amina.call("sendNow")
    amina.becomes(key, "received")
    one_signal(amina, key)


def test_a_key_that_is_gone_and_cannot_be_replaced_is_said_and_nothing_is_lost(amina, monkeypatch) -> None:
    amina.without_network()
    key = amina.ready()
    amina.sign_out()
    monkeypatch.setitem(
        amina.house.app.extensions, "signalen.letterbox", Letterbox({"new": b"N" * 32}, "new")
    )
    amina.all_gets_through()
    amina.sign_in()
    amina.call("sendNow")
    assert amina.becomes(key, "refused")["why"] == "unknown-key"
    assert amina.lies(key)["envelope"]["kid"] != "new"
    monkeypatch.undo()
    amina.open()
    assert amina.call("read", key)["fields"]["text"]
    amina.call("sendNow")
    amina.becomes(key, "received")

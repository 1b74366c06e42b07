"""What a phone sends is kept once, whatever the network does; nothing comes back but a number."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.letterbox import Letterbox
from signalen.core.models import Event
from signalen.people.directory import stop_user
from signalen.people.models import Device, Membership
from signalen.signals import sending
from signalen.signals.models import Channel, FollowCode, Giver, HearsBack, Signal, SignalText, SignalTheme
from signalen.signals.routes import send
from tests.support.phone import JSON, WORDS, Phone


@pytest.fixture
def phone(app, as_, people) -> Phone:
    """Amina's."""
    return Phone(app, as_(people.amina))


def test_a_record_is_kept_and_answered_with_its_number_and_time(phone, people, store) -> None:
    record = phone.record({"text": WORDS, "theme": ["gezin"], "district": "deurne", "language": "fr"})
    response = phone.send(record)
    made = store.exec(select(Signal)).one()
    assert response.status_code == 201
    assert response.json == {
        "key": record["key"],
        "id": str(made.id),
        "reference": made.reference,
        "at": made.received_at.isoformat(),
        "todos": 0,
        "card": False,
    }
    assert datetime.fromisoformat(response.json["at"]).tzinfo is not None
    assert (made.channel, made.organisation_id, made.recorded_by) == (
        Channel.CAPTURE,
        people.linde.id,
        people.amina.id,
    )
    assert (made.place_code, made.language) == ("deurne", "fr")
    assert store.exec(select(SignalTheme.theme_code)).all() == ["gezin"]
    assert store.exec(select(SignalText.words)).one() == WORDS
    assert store.exec(select(Giver.hears_back, Giver.told_by)).one() == (HearsBack.WORKER, people.amina.id)


def test_the_same_again_gets_the_first_receipt_also_when_the_moment_was_written_anew(phone, store) -> None:
    record = phone.record()
    first = phone.send(record)
    again = phone.send(record | {"made_at": "2026-11-11T00:00:00Z"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert len(store.exec(select(Signal)).all()) == 1


def test_a_changed_default_of_ours_makes_no_conflict_of_a_replay(phone, people, store) -> None:
    """The worker went to another organisation in between: the record is read otherwise, and is the same record."""
    record = phone.record()
    first = phone.send(record)
    role = store.exec(select(Membership).where(Membership.user_id == people.amina.id)).one()
    role.organisation_id = people.kaai.id
    store.add(role)
    store.commit()
    assert phone.send(record).json == first.json


def test_the_same_key_with_other_words_is_a_conflict_that_says_nothing(phone, store) -> None:
    record = phone.record()
    phone.send(record)
    response = phone.send(record | {"fields": {"text": "Iets anders."}})
    assert (response.status_code, response.json) == (409, {"error": "conflict"})
    assert store.exec(select(SignalText.words)).all() == [WORDS]


def test_the_key_of_another_person_is_a_conflict_that_says_nothing(app, as_, phone, people, store) -> None:
    record = phone.record()
    phone.send(record)
    other = Phone(app, as_(people.dre))
    response = other.send(record | {"who": other.who})
    assert (response.status_code, response.json) == (409, {"error": "conflict"})
    assert len(store.exec(select(Signal)).all()) == 1


REFUSED = [
    ("what another person wrote", lambda p: p.seal(p.record(who="0" * 16)), "not-yours"),
    ("no person at all", lambda p: p.seal(p.record(who=None)), "not-yours"),
    ("a list for a person", lambda p: p.seal(p.record(who=[])), "not-yours"),
    ("words that are no envelope", lambda _: "hallo", "cannot-open"),
    ("a list", lambda _: [1, 2], "cannot-open"),
    ("nothing", lambda _: None, "cannot-open"),
    ("no key", lambda p: {k: v for k, v in p.seal(p.record()).items() if k != "key"}, "no-key"),
    ("a key that is none", lambda p: p.seal(p.record(key="17")), "no-key"),
    ("a key that is a list", lambda p: p.seal(p.record()) | {"key": []}, "no-key"),
    ("the key of another record", lambda p: p.seal(p.record()) | {"key": str(uuid.uuid4())}, "cannot-open"),
    ("a changed letter", lambda p: p.seal(p.record()) | {"ct": "A" * 40}, "cannot-open"),
    ("parts of other types", lambda p: p.seal(p.record()) | {"epk": 5, "iv": None}, "cannot-open"),
    ("a lone surrogate", lambda p: p.seal(p.record()) | {"kid": "\ud800"}, "unknown-key"),
    ("another format", lambda p: p.seal(p.record()) | {"v": 2}, "cannot-open"),
    ("the key of another server", lambda p: p.seal(p.record()) | {"kid": "gone"}, "unknown-key"),
]


@pytest.mark.parametrize(
    ("envelope", "why"), [line[1:] for line in REFUSED], ids=[line[0] for line in REFUSED]
)
def test_what_cannot_be_opened_or_is_anothers_is_refused(phone, store, envelope, why) -> None:
    response = phone.post(envelope(phone))
    assert (response.status_code, response.json) == (422, {"error": "refused", "why": why})
    assert store.exec(select(Signal)).all() == []


def test_a_body_that_is_no_json_is_refused_and_one_that_is_too_large_is_not_read(phone) -> None:
    for body, status in (
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b"[" * 100_000, 422),
        (b" " * (send.LONGEST + 1), 413),
    ):
        response = phone.client.post("/capture/send", data=body, headers=phone.bearer)
        assert response.status_code == status
        assert response.is_json


def test_a_record_sealed_for_the_key_before_this_one_arrives(app, phone, store) -> None:
    box = app.extensions["signalen.letterbox"]
    record = phone.record()
    old = Letterbox({"old": bytes([7] * 32)}, "old").seal(record)
    assert phone.post(old).json["why"] == "unknown-key"
    both = Letterbox({"new": bytes([8] * 32), "old": bytes([7] * 32)}, "new")
    app.extensions["signalen.letterbox"] = both
    assert phone.post(old).status_code == 201
    app.extensions["signalen.letterbox"] = box


def stopped(store, people) -> None:
    people.session = store
    stop_user(store, store.get(type(people.amina), people.amina.id), actor=people.actor(people.stijn))


def no_worker_any_more(store, people) -> None:
    role = store.exec(select(Membership).where(Membership.user_id == people.amina.id)).one()
    role.until = clock.now()
    store.add(role)


def revoked(store, _people) -> None:
    device = store.exec(select(Device)).one()
    device.revoked_at = clock.now()
    store.add(device)


@pytest.mark.parametrize("happens", [stopped, no_worker_any_more, revoked], ids=lambda f: f.__name__)
def test_a_phone_sends_no_more_when_its_person_may_not(phone, people, store, happens) -> None:
    happens(store, people)
    store.commit()
    response = phone.send()
    assert (response.status_code, response.json) == (401, {"error": "sign-in"})
    assert response.headers["Cache-Control"] == "no-store"
    assert store.exec(select(Signal)).all() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer é"},
    ],
    ids=str,
)
def test_without_the_token_of_a_phone_there_is_no_sending_not_even_signed_in(phone, headers) -> None:
    envelope = phone.seal(phone.record())
    for client in (phone.client, phone.signed_in):
        response = client.post("/capture/send", json=envelope, headers=headers)
        assert (response.status_code, response.json) == (401, {"error": "sign-in"})


def test_the_token_of_a_phone_opens_nothing_but_the_letterbox(app, phone) -> None:
    phone.send()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if (
            rule.endpoint == "static"
            or getattr(view, "guard", None) is None
            or getattr(view, "by_device", False)
        ):
            continue
        values = {
            name: uuid.uuid4() if "UUID" in type(c).__name__ else 1 for name, c in rule._converters.items()
        }
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            address = rule.build(values, append_unknown=False)[1]
            response = phone.client.open(address, method=method, headers=phone.bearer)
            assert response.status_code == 303, (method, rule.rule)
            assert "/sign-in" in response.location


def test_a_phone_sends_on_when_the_sign_in_is_over(phone, store) -> None:
    assert phone.signed_in.post("/sign-out").status_code == 303
    assert phone.send().status_code == 201


def test_a_code_card_is_never_made_on_the_way_of_the_phone(phone, store) -> None:
    record = phone.record({"text": WORDS, "hears_back": "card"})
    answers = [phone.send(record), phone.send(record)]
    assert [each.json["card"] for each in answers] == [True, True]
    assert store.exec(select(FollowCode)).all() == []
    assert not any(WORDS in each.text for each in answers)


def test_so_many_in_so_short_a_time_must_wait(phone, monkeypatch) -> None:
    monkeypatch.setattr(sending, "MOST_SENT", 2)
    assert [phone.send().status_code for _ in range(3)] == [201, 201, 429]
    assert int(phone.send().headers["Retry-After"]) > 0
    with clock.travel(clock.now() + sending.WITHIN + timedelta(seconds=1)):
        assert phone.send().status_code == 201


def test_a_record_is_kept_in_at_most_twenty_statements(phone, query_count) -> None:
    everything = {
        "text": WORDS,
        "theme": ["gezin", "wonen"],
        "groups": ["gezinnen"],
        "barriers": ["opvang", "wachten"],
        "district": "deurne",
    }
    phone.send()
    query_count()
    assert phone.send(**everything).status_code == 201
    assert len(query_count()) <= 20


def test_who_is_signed_in_is_told_with_the_key_and_what_they_recorded_last(
    app, as_, phone, people, store
) -> None:
    first, second = (
        phone.send(text="Het eerste.", theme=["gezin"]),
        phone.send(district="deurne", sensitive=True),
    )
    Phone(app, as_(people.dre)).send()
    said = phone.signed_in.get("/capture/me", headers=JSON).json
    assert (said["who"], said["name"]) == (phone.who, "Amina")
    assert said["organisations"] == [{"id": str(people.linde.id), "name": "Huis Linde"}]
    assert said["key"] == app.extensions["signalen.letterbox"].public
    assert said["csrf"]
    assert [each["reference"] for each in said["recent"]] == [
        second.json["reference"],
        first.json["reference"],
    ]
    assert [each["sensitive"] for each in said["recent"]] == [True, False]
    assert said["recent"][0]["place"] == "Deurne"
    assert len(said["recent"][1]["themes"]) == 1
    assert "eerste" not in json.dumps(said)


def test_a_script_without_a_sign_in_is_told_so_and_a_page_is_led_to_the_form(client) -> None:
    asked = client.get("/capture/me", headers=JSON)
    assert (asked.status_code, asked.json) == (401, {"error": "sign-in"})
    assert client.get("/capture/me").status_code == 303
    assert (
        client.get("/capture/me", headers={"Accept": "text/html,application/json;q=0.9"}).status_code == 303
    )
    assert client.post("/capture/device", headers=JSON).status_code == 401


def test_a_stale_token_of_a_form_is_said_to_a_script_as_signing_in_again(app, as_, people) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = as_(people.amina)
    assert client.post("/capture/device", headers=JSON).status_code == 401
    token = client.get("/capture/me", headers=JSON).json["csrf"]
    assert client.post("/capture/device", headers=JSON | {"X-CSRFToken": token}).status_code == 201


def test_own_letters_are_opened_and_no_others(app, as_, phone, people) -> None:
    other = Phone(app, as_(people.dre))
    mine, theirs = phone.record(), other.record()
    nobodys = {name: value for name, value in phone.record().items() if name != "who"}
    broken = phone.seal(phone.record()) | {"iv": "AAAA"}
    sent = {
        "envelopes": [phone.seal(mine), phone.seal(theirs), phone.seal(nobodys), broken, "hallo", {"key": 5}]
    }
    opened = phone.signed_in.post("/capture/open", json=sent, headers=JSON).json["opened"]
    assert opened == [
        {"key": mine["key"], "record": mine},
        {"key": theirs["key"], "error": "not-yours"},
        {"key": nobodys["key"], "error": "not-yours"},
        {"key": broken["key"], "error": "cannot-open"},
        {"key": None, "error": "cannot-open"},
        {"key": None, "error": "cannot-open"},
    ]


@pytest.mark.parametrize("sent", [{}, [], {"envelopes": "x"}, {"envelopes": [1] * 51}, None], ids=str)
def test_at_most_fifty_letters_are_opened_at_once(phone, sent) -> None:
    assert phone.signed_in.post("/capture/open", json=sent, headers=JSON).status_code == 422


def test_what_the_server_has_under_a_key_is_shown_to_who_sent_it_only(app, as_, phone, people, store) -> None:
    record = phone.record({"text": WORDS, "sensitive": True})
    receipt = phone.send(record).json
    address = f"/capture/kept/{record['key']}"
    assert phone.signed_in.get(address, headers=JSON).json == {
        "id": receipt["id"],
        "reference": receipt["reference"],
        "at": receipt["at"],
        "words": WORDS,
    }
    reads = select(Event).where(Event.verb == "sensitive-read")
    assert len(store.exec(reads).all()) == 1
    store.close()
    for who in (people.dre, people.bart):
        assert as_(who).get(address, headers=JSON).status_code == 404
    assert phone.signed_in.get(f"/capture/kept/{uuid.uuid4()}", headers=JSON).status_code == 404


def test_the_table_of_devices_knows_the_day_and_no_more(phone, store) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with clock.travel(tomorrow):
        phone.send()
        phone.send()
    device = store.exec(select(Device)).one()
    assert device.seen_on == clock.day_of(tomorrow)
    assert device.token_hash != phone.token.encode()
    assert base64.urlsafe_b64decode(phone.token + "=")

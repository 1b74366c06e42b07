"""The one screen of a worker: words first, the rest suggested, remembered or left out."""

from __future__ import annotations

import re
import uuid
from html import unescape

import pytest
from sqlmodel import select

from signalen.people.queries import actor_for_user
from signalen.signals.models import (
    Channel,
    FollowCode,
    Giver,
    HearsBack,
    Signal,
    SignalTheme,
)
from signalen.signals.queries import find_code
from tests.factories import signal

WORDS = "Drie gezinnen wachten al maanden op kinderopvang."
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]{5}")


def html(response) -> str:
    return response.get_data(as_text=True)


def text_of(response) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html(response)))


def test_words_alone_are_enough(as_, people, store):
    response = as_(people.amina).post("/capture", data={"text": WORDS})
    made = store.exec(select(Signal)).one()
    assert response.location == f"/capture/{made.id}"
    assert (made.channel, made.organisation_id, made.recorded_by) == (
        Channel.CAPTURE,
        people.linde.id,
        people.amina.id,
    )
    assert store.exec(select(Giver.hears_back)).one() == HearsBack.WORKER
    assert store.exec(select(FollowCode)).all() == []


def test_everything_else_is_kept_when_it_is_given(as_, people, store):
    as_(people.amina).post(
        "/capture",
        data={
            "text": WORDS,
            "theme": "gezin",
            "suggested": ["werk", "gezin"],
            "district": "deurne",
            "people": "2-5",
            "groups": ["gezinnen"],
            "barriers": ["opvang", "wachten"],
            "neighbourhood": "Deurne-Noord",
            "happened_on": "2026-01-05",
            "discussed": "no",
            "sensitive": "true",
            "hears_back": "none",
        },
    )
    made = store.exec(select(Signal)).one()
    assert (made.place_code, made.people, made.neighbourhood) == ("deurne", "2-5", "Deurne-Noord")
    assert made.sensitive
    assert made.discussed is False
    assert set(store.exec(select(SignalTheme.theme_code))) == {"gezin", "werk"}


def test_save_and_another_gives_an_empty_screen_that_remembers_where(as_, people):
    client = as_(people.amina)
    response = client.post("/capture", data={"text": WORDS, "district": "deurne", "another": "1"})
    assert response.location == "/capture"
    page = client.get("/capture")
    assert re.search(r"S-\d{4}-\d{5}", text_of(page))
    assert WORDS not in text_of(page)
    assert 'value="deurne" checked' in html(page)


def test_without_a_script_the_suggestion_stands_on_the_receipt_and_is_taken_there(as_, people, store):
    client = as_(people.amina)
    receipt = client.post("/capture", data={"text": WORDS}).location
    assert 'name="suggested" value="gezin"' in html(client.get(receipt))
    client.post(receipt + "/themes", data={"suggested": "gezin"})
    assert list(store.exec(select(SignalTheme.theme_code))) == ["gezin"]
    store.rollback()
    assert 'name="suggested"' not in html(client.get(receipt))


def test_a_card_gives_a_code_that_is_shown_until_it_is_handed_over(as_, people, store):
    client = as_(people.amina)
    receipt = client.post("/capture", data={"text": WORDS, "hears_back": "card", "another": "1"}).location
    page = html(client.get(receipt))
    code = CODE.search(page)[0]
    assert 'class="qr"' in page
    assert find_code(store, code)
    store.rollback()
    client.post(receipt + "/handed-over")
    assert not CODE.search(html(client.get(receipt)))


def test_a_code_is_not_shown_to_a_colleague_on_another_screen(as_, people):
    receipt = as_(people.amina).post("/capture", data={"text": WORDS, "hears_back": "card"}).location
    assert not CODE.search(html(as_(people.amina).get(receipt)))
    assert as_(people.dre).get(receipt).status_code == 404
    assert as_(people.bart).get(receipt).status_code == 404


def test_for_a_resident_it_is_written_how_they_agreed(as_, people, store):
    client = as_(people.amina)
    given = {"text": "Mijn bus komt nooit.", "on_behalf": "true", "hears_back": "card", "quote": "true"}
    refused = client.post("/capture", data=given)
    assert refused.status_code == 422
    assert 'id="e-agreed_how"' in html(refused)
    client.post("/capture", data=given | {"agreed_how": "Zei ja nadat ik het voorlas."})
    made = store.exec(select(Signal)).one()
    assert (made.channel, made.agreed_how) == (Channel.ON_BEHALF, "Zei ja nadat ik het voorlas.")
    assert made.may_quote_at
    assert not made.may_publish_at
    assert made.discussed


@pytest.mark.parametrize("field", ["text", "neighbourhood", "agreed_how"])
def test_the_worker_is_warned_in_place_and_decides(as_, people, store, field):
    client = as_(people.amina)
    given = {"text": WORDS, "on_behalf": "true", "agreed_how": "Zei ja."} | {field: "Bel 0470 12 34 56"}
    warned = client.post("/capture", data=given)
    assert warned.status_code == 422
    assert 'id="found"' in html(warned)
    assert store.exec(select(Signal)).all() == []
    store.rollback()
    assert client.post("/capture", data=given | {"as_it_is": "true"}).status_code == 303


def test_the_same_key_twice_is_one_signal_and_other_words_show_both(as_, people, store):
    client = as_(people.amina)
    given = {"text": WORDS, "key": str(uuid.uuid4())}
    first, second = client.post("/capture", data=given), client.post("/capture", data=given)
    assert first.location == second.location
    conflict = client.post("/capture", data=given | {"text": "Iets heel anders.", "district": "deurne"})
    assert conflict.status_code == 409
    assert WORDS in text_of(conflict)
    assert "Iets heel anders." in text_of(conflict)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html(conflict)))
    assert fields["key"] != given["key"]
    assert fields["district"] == "deurne"
    client.post("/capture", data=fields | {"text": "Iets heel anders."})
    assert len(store.exec(select(Signal)).all()) == 2


def test_a_key_of_somebody_else_shows_nothing_of_theirs(as_, people):
    given = {"text": WORDS, "key": str(uuid.uuid4())}
    as_(people.amina).post("/capture", data=given)
    conflict = as_(people.dre).post("/capture", data=given | {"text": "Iets anders."})
    assert conflict.status_code == 409
    assert WORDS not in text_of(conflict)


def test_a_worker_cannot_record_for_another_organisation(as_, people, store):
    as_(people.amina).post("/capture", data={"text": WORDS, "organisation": str(people.kaai.id)})
    assert store.exec(select(Signal.organisation_id)).one() == people.linde.id


def test_staff_can_write_down_what_came_by_letter(as_, people, store):
    as_(people.bart).post("/capture", data={"text": WORDS, "hears_back": "none"})
    assert store.exec(select(Signal.organisation_id)).one() is None


@pytest.mark.parametrize("who", ["chloe", "emma", "stijn"])
def test_others_have_no_such_screen(as_, people, who):
    client = as_(getattr(people, who))
    assert client.get("/capture").status_code == 404
    assert client.post("/capture", data={"text": WORDS}).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client):
    assert "/sign-in" in client.get("/capture").location


def test_a_sensitive_one_says_so_and_suggests_nothing(as_, people, vault, store):
    amina = actor_for_user(store, people.amina.id)
    made = signal(store, vault, amina, text="Mijn buurvrouw wordt geslagen.", themes=())
    store.commit()
    page = html(as_(people.amina).get(f"/capture/{made.id}"))
    assert 'name="suggested"' not in page
    assert "geslagen" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": WORDS, "theme": "nope"},
        {"text": WORDS, "suggested": "nope"},
        {"text": WORDS, "district": "nope"},
        {"text": WORDS, "hears_back": "contact"},
        {"text": WORDS, "neighbourhood": "x" * 81},
        {"text": WORDS, "key": "1"},
    ],
)
def test_what_is_wrong_is_refused_and_what_was_typed_stays(as_, people, store, wrong):
    response = as_(people.amina).post("/capture", data=wrong)
    assert response.status_code == 422
    assert wrong["text"].strip() in text_of(response)
    assert store.exec(select(Signal)).all() == []


def test_saving_takes_at_most_twenty_statements(as_, people, query_count):
    client = as_(people.amina)
    client.get("/capture")
    query_count()
    client.post(
        "/capture",
        data={
            "text": WORDS,
            "hears_back": "card",
            "theme": "gezin",
            "groups": ["gezinnen", "eenouder", "armoede"],
            "barriers": ["opvang", "wachten"],
        },
    )
    assert len(taken := query_count()) <= 20, taken

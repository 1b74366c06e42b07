"""A resident reports: the four kinds, three pages, a code; without account, script or anything typed in a cookie."""

from __future__ import annotations

import gzip
import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.models import Keep
from signalen.people.models import Setting
from signalen.signals.models import Channel, ContactKind, Giver, HearsBack, Signal, SignalText
from signalen.signals.queries import find_code
from signalen.themes.queries import names

WORDS = "De bus naar het ziekenhuis komt maar één keer per uur."
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]{5}")


def text_of(response) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def walk(client, **answers):
    """All three pages; gives the answer to the last one."""
    assert client.post("/report/words", data={"text": WORDS, "language": "nl"}).location == "/report/about"
    about = {"theme": ["mobiliteit", "gezondheid"], "district": "deurne", "people": "2-5"}
    assert client.post("/report/about", data=about).location == "/report/answer"
    return client.post("/report/answer", data=answers)


def test_the_first_page_sorts_the_four_kinds(client, store):
    page = client.get("/report")
    for _, name in names(store, "nl").kinds():
        assert name in text_of(page)
    assert {"/report/help", "/report/complaint", "/report/words?kind=goed"} <= set(
        re.findall(r'class="choice" href="([^"]+)"', page.get_data(as_text=True))
    )


@pytest.mark.parametrize("language", ["nl", "fr", "en", "ar"])
def test_help_now_shows_at_once_who_helps(client, language):
    client.set_cookie("language", language)
    page = client.get("/report/help").get_data(as_text=True)
    for number in ("112", "1712", "1733", "106", "107", "1813", "116000", "0800 13 500"):
        assert number in page
    assert "<form" not in page.split("<main")[1]
    assert "OCMW" in page or "CPAS" in page


def test_a_platform_can_set_its_own_list_of_who_helps(client, store):
    own = [{"code": "x", "number": "078 15 00 00", "names": {"nl": "Onze lijn"}, "about": {"nl": "Altijd."}}]
    store.add(Setting(name="helplines", value=own))
    store.commit()
    page = client.get("/report/help", headers={"Accept-Language": "ar"}).get_data(as_text=True)
    assert "Onze lijn" in page
    assert 'href="tel:078150000"' in page


def test_a_complaint_is_told_where_it_can_be_made_and_can_be_kept_as_a_signal(client, store):
    page = client.get("/report/complaint").get_data(as_text=True)
    assert "Ombudsdienst" in page
    assert "/report/words?kind=klacht" in page
    client.post("/report/words", data={"text": WORDS, "kind": "klacht"})
    client.post("/report/about", data={})
    client.post("/report/answer", data={})
    assert store.exec(select(Signal.kind)).one() == "klacht"


def test_before_the_first_word_stands_what_we_do_with_it_and_that_this_is_no_emergency_help(client):
    page = client.get("/report/words").get_data(as_text=True)
    before = page.split("<textarea")[0]
    for said in ("/report/notice", "112", "/report/help"):
        assert said in before


def test_three_pages_make_one_signal_with_a_code_that_works(client, store):
    assert walk(client, use="true").location == "/report/receipt"
    shown = client.get("/report/receipt").get_data(as_text=True)
    made = store.exec(select(Signal)).one()
    assert made.reference in shown
    code = find_code(store, CODE.search(shown)[0])
    assert code.giver_id == made.giver_id
    assert (made.channel, made.place_code, made.people) == (Channel.REPORT, "deurne", "2-5")
    assert made.may_use_at
    assert not made.may_publish_at
    assert "<svg" in shown.split('class="qr"')[1]
    assert "style=" not in shown


def test_the_code_stands_in_no_address_header_or_cookie(client):
    response = walk(client)
    receipt = client.get("/report/receipt")
    code = CODE.search(receipt.get_data(as_text=True))[0]
    for sent in (response, receipt):
        assert code not in str(sent.headers)
    assert code not in str(client.get_cookie("signalen").value)


def test_what_was_typed_is_sealed_on_the_server_and_in_no_cookie(client, store):
    response = client.post("/report/words", data={"text": WORDS})
    kept = store.exec(select(Keep)).one()
    assert b"ziekenhuis" not in kept.sealed
    assert "ziekenhuis" not in str(response.headers)
    assert WORDS in text_of(client.get("/report/words"))


def test_going_back_keeps_what_was_chosen(client):
    client.post("/report/words", data={"text": WORDS})
    client.post("/report/about", data={"theme": "wonen", "district": "deurne", "back": "1"})
    assert WORDS in text_of(client.get("/report/words"))
    page = client.get("/report/about").get_data(as_text=True)
    assert 'value="wonen" checked' in page
    assert '<option value="deurne" selected' in page
    client.post("/report/about", data={})
    assert 'value="wonen" checked' not in client.get("/report/about").get_data(as_text=True)


def test_what_was_typed_is_gone_after_a_day(client):
    client.post("/report/words", data={"text": WORDS})
    with clock.travel(clock.now() + timedelta(hours=25)):
        assert client.get("/report/about").location == "/report/words"
        assert client.post("/report/answer", data={}).location == "/report/words"


def test_pages_two_and_three_lead_to_the_first_when_nothing_was_told(client):
    for page in ("/report/about", "/report/answer"):
        assert client.get(page).location == "/report/words"
        assert client.post(page, data={}).location == "/report/words"


def test_the_writer_is_warned_in_place_and_decides(client, store):
    typed = {"text": WORDS + " Bel mevrouw Peeters op 0470 12 34 56."}
    warned = client.post("/report/words", data=typed)
    assert warned.status_code == 422
    assert "0470 12 34 56" in text_of(warned).split("textarea")[0]
    assert store.exec(select(Signal)).all() == []
    store.rollback()
    assert client.post("/report/words", data=typed | {"as_it_is": "true"}).location == "/report/about"
    client.post("/report/about", data={})
    client.post("/report/answer", data={})
    assert store.exec(select(SignalText.words)).one() == typed["text"]


def test_all_fields_at_once_are_one_signal_however_often_they_are_sent(app, store):
    fields = {
        "text": WORDS,
        "language": "nl",
        "theme": "mobiliteit",
        "district": "deurne",
        "groups": ["armoede", "gezinnen", "ouderen"],
        "barriers": ["geld", "vervoer"],
        "people": "6-20",
        "happened_on": "2026-01-05",
        "key": str(uuid.uuid4()),
        "use": "true",
    }
    references = set()
    for client in (app.test_client(), app.test_client()):
        response = client.post("/report", data=fields)
        assert (response.status_code, response.location) == (303, "/report/receipt")
        references.add(re.search(r"S-\d{4}-\d{5}", text_of(client.get("/report/receipt")))[0])
    assert len(references) == 1
    assert len(store.exec(select(Signal)).all()) == 1
    store.rollback()
    other = app.test_client().post("/report", data=fields | {"text": "Iets anders."})
    assert other.status_code == 409
    assert references.pop() in text_of(other)


def test_creating_takes_at_most_twenty_statements(client, query_count):
    client.get("/report")
    query_count()
    client.post(
        "/report",
        data={
            "text": WORDS,
            "theme": "mobiliteit",
            "groups": ["armoede", "gezinnen", "ouderen"],
            "barriers": ["geld", "vervoer"],
            "contact": "rosa@example.org",
        },
    )
    assert len(taken := query_count()) <= 20, taken


def test_pressing_send_twice_shows_the_same_receipt(client, store):
    walk(client)
    first = CODE.search(text_of(client.get("/report/receipt")))[0]
    assert client.post("/report/answer", data={}).location == "/report/receipt"
    assert CODE.search(text_of(client.get("/report/receipt")))[0] == first
    assert len(store.exec(select(Signal)).all()) == 1


def test_after_clearing_the_screen_the_code_is_shown_no_more(client):
    walk(client)
    client.post("/report/forget")
    assert client.get("/report/receipt").location == "/report"


def test_a_receipt_is_shown_for_an_hour(client):
    walk(client)
    with clock.travel(clock.now() + timedelta(minutes=61)):
        assert client.get("/report/receipt").location == "/report"


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("rosa@example.org", ContactKind.EMAIL, "rosa@example.org"),
        ("0470 12 34 56", ContactKind.MOBILE, "+32470123456"),
        ("+33 6 12 34 56 78", ContactKind.MOBILE, "+33612345678"),
    ],
)
def test_one_contact_is_kept_sealed(client, store, vault, typed, kind, kept):
    walk(client, contact=typed)
    giver = store.exec(select(Giver)).one()
    assert (giver.hears_back, giver.contact_kind) == (HearsBack.CONTACT, kind)
    assert vault.open(giver.contact_key, giver.contact_sealed, f"giver:{giver.id}:contact") == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "\u200b \u202e"},
        {"text": "x" * 10_001},
        {"text": WORDS, "language": "klingon"},
        {"text": WORDS, "theme": "nope"},
        {"text": WORDS, "theme": ["wonen", "nope"]},
        {"text": WORDS, "district": "'; drop table signal"},
        {"text": WORDS, "groups": "nope"},
        {"text": WORDS, "barriers": "nope"},
        {"text": WORDS, "people": "3"},
        {"text": WORDS, "happened_on": "2999-01-01"},
        {"text": WORDS, "happened_on": "yesterday"},
        {"text": WORDS, "contact": "not an address"},
        {"text": WORDS, "contact": "rosa@example.org\nBcc: all@example.org"},
        {"text": WORDS, "key": "1"},
        {"text": WORDS, "kind": "hulp"},
    ],
)
def test_what_is_wrong_is_refused_with_a_message_and_nothing_is_kept(client, store, wrong):
    response = client.post("/report", data=wrong)
    assert response.status_code == 422
    assert store.exec(select(Signal)).all() == []


def test_unknown_fields_are_ignored_and_never_written(client, store):
    client.post("/report", data={"text": WORDS, "stage": "closed", "demo": "true", "recorded_by": "x"})
    made = store.exec(select(Signal)).one()
    assert (made.stage, made.demo, made.recorded_by) == ("received", False, None)


def test_markup_in_words_is_text(client):
    client.post("/report/words", data={"text": "<script>alert(1)</script> loopt mis"})
    assert "<script>alert" not in client.get("/report/words").get_data(as_text=True)


def test_the_giver_hears_back_in_the_language_of_the_page(client, store):
    client.set_cookie("language", "ar")
    client.post("/report", data={"text": "Bu otobüs gelmiyor.", "language": "tr"})
    assert store.exec(select(Giver.language)).one() == "ar"
    assert store.exec(select(Signal.language)).one() == "tr"


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_first_visit_is_light(client, language):
    client.set_cookie("language", language)

    def weighs(address: str) -> int:
        with client.get(address) as answer:
            return len(gzip.compress(answer.data, 6))

    page = client.get("/report").get_data(as_text=True)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', page)
    weight = len(gzip.compress(page.encode(), 6))
    weight += sum(map(weighs, sheets))
    assert weight <= 14 * 1024
    assert weight + sum(map(weighs, scripts)) <= 40 * 1024


@pytest.mark.parametrize(
    "page", ["/report", "/report/help", "/report/complaint", "/report/notice", "/report/words"]
)
def test_the_only_script_on_pages_for_residents_is_the_one_to_leave_at_once(client, page):
    scripts = re.findall(r"<script[^>]*>", client.get(page).get_data(as_text=True))
    assert all("leave.js" in script or "listen.js" in script for script in scripts)

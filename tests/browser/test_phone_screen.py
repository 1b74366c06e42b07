"""The screen of the phone in the hands of a worker: quick, honest in each state, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from signalen.signals.models import SignalAgain
from tests.browser.at_screen import (
    NUMBER,
    OTHER,
    SEND,
    WORDS,
    choose_place,
    draft_is_kept,
    enter,
    known,
    phones_of,
    record,
    refusing,
    said,
    save,
    sent_with_other_words,
    signals,
    words_of,
)
from tests.browser.house import House
from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def people(house: House, browser) -> Iterator[Callable[..., Person]]:
    with phones_of(house, browser) as come:
        yield come


@pytest.fixture
def amina(people) -> Person:
    return people()


def kept_drafts(page: Page) -> list[dict]:
    return page.evaluate(
        "() => Signalen.outbox.list().then((all) => all.filter((each) => each.state === 'draft'))"
    )


def test_from_opening_the_app_to_received_are_three_taps_and_the_words(people) -> None:
    amina = people(worker=True)
    page = amina.context.new_page()
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        what.tap()
        taps += 1

    page.goto(amina.origin + "/capture")
    taps += 1  # the icon
    tap(page.locator("#f-text"))
    page.keyboard.type(WORDS)
    tap(page.get_by_role("button", name=amina.say("Save"), exact=True))
    expect(page.locator("#said")).to_contain_text(NUMBER)
    assert taps <= 4
    assert page.locator("input[name=csrf_token]").count() == 0, "this was the screen that the phone keeps"


def test_nothing_is_posted_and_the_screen_is_empty_at_once_for_the_next_one(amina, house) -> None:
    posted: list[str] = []
    amina.page.on("request", lambda each: posted.append(each.url) if each.is_navigation_request() else None)
    before = len(signals(house))
    for words in (WORDS, OTHER, WORDS):
        save(amina, words)
        expect(words_of(amina)).to_have_value("")
        expect(words_of(amina)).to_be_focused()
    expect(record(amina, "received")).to_have_count(3)
    assert posted == []
    assert len(signals(house)) == before + 3


def test_a_second_tap_of_the_same_thumb_does_nothing(amina, house) -> None:
    before = len(signals(house))
    words_of(amina).fill(WORDS)
    amina.button("Save").dblclick()
    expect(record(amina, "received")).to_have_count(1)
    expect(amina.page.locator(".error:visible")).to_have_count(0)
    assert len(signals(house)) == before + 1


def test_place_groups_and_language_are_as_last_time_in_codes_only(amina) -> None:
    words_of(amina).fill(WORDS)
    choose_place(amina, "Deurne")
    amina.open("Choose groups")
    amina.tick("Ouderen")
    amina.open("More, if you have time")
    amina.page.locator("[name=language]").select_option("fr")
    save(amina)
    expect(record(amina, "received")).to_have_count(1)
    for _ in range(2):
        expect(amina.page.locator("[name=district]:checked")).to_have_value("deurne")
        expect(amina.page.locator("[data-picks=district] [data-first] label").first).to_have_text("Deurne")
        expect(amina.page.locator("[name=groups]:checked")).to_have_value("ouderen")
        expect(amina.page.locator("[name=language]")).to_have_value("fr")
        expect(amina.page.locator("[data-as-last]").filter(visible=True)).to_have_count(2)
        amina.page.reload()
        known(amina.page)
    remembered = json.loads(amina.page.evaluate("() => localStorage.getItem('signalen.last')"))
    (last,) = remembered.values()
    assert last["districts"][0] == "deurne"
    assert last == {**last, "groups": ["ouderen"], "language": "fr", "organisation": None}
    assert set(last) == {"districts", "groups", "language", "organisation"}


def test_the_first_time_on_a_phone_the_place_is_what_the_server_knows_of_the_last_time(people) -> None:
    first = people()
    words_of(first).fill(WORDS)
    choose_place(first, "Merksem")
    save(first)
    expect(record(first, "received")).to_have_count(1)
    other_phone = people()
    expect(other_phone.page.locator("[name=district]:checked")).to_have_value("merksem")
    expect(other_phone.page.locator("[data-picks=district] [data-first] label").first).to_have_text("Merksem")


def test_themes_are_suggested_while_typing_and_what_was_taken_stays(amina, house) -> None:
    amina.open("More, if you have time")
    amina.page.locator("[name=language]").select_option("nl")
    words_of(amina).fill("Er is schimmel in de woning.")
    amina.page.locator("label.suggest").filter(has_text="Wonen").click()
    words_of(amina).fill("Er is schimmel in de woning. De bus rijdt niet.")
    expect(amina.page.get_by_role("checkbox", name=re.compile("Wonen"))).to_be_checked()
    expect(amina.page.locator("label.suggest")).to_have_count(2)
    save(amina)
    expect(said(amina)).to_contain_text(NUMBER)
    expect(amina.page.locator("label.suggest")).to_have_count(0)


@pytest.mark.parametrize("end", ["reload", "crash"])
def test_what_was_being_written_is_back_after(people, end) -> None:
    amina = people()
    words_of(amina).fill(WORDS)
    choose_place(amina, "Hoboken")
    draft_is_kept(amina, WORDS)
    if end == "reload":
        words_of(amina).press("End")
        amina.page.keyboard.type(" Nog iets.")
        draft_is_kept(amina, f"{WORDS} Nog iets.")
        amina.page.reload()
        expect(words_of(amina)).to_have_value(f"{WORDS} Nog iets.")
    else:
        amina.page.close(run_before_unload=False)
        amina.page = amina.context.new_page()
        amina.page.goto(amina.origin + "/capture")
        expect(words_of(amina)).to_have_value(WORDS)
    expect(said(amina)).to_have_text(amina.say("What you were writing is back."))
    expect(amina.page.locator("[name=district]:checked")).to_have_value("hoboken")
    save(amina)
    expect(record(amina, "received")).to_have_count(1)
    assert kept_drafts(amina.page) == []


def test_what_one_window_is_writing_does_not_open_in_another(amina) -> None:
    words_of(amina).fill(WORDS)
    draft_is_kept(amina, WORDS)
    other = amina.context.new_page()
    other.goto(amina.origin + "/capture")
    expect(other.locator("#kept li[data-is=draft]")).to_have_count(1)
    expect(other.locator("#f-text")).to_have_value("")
    other.get_by_role("button", name=amina.say("Open"), exact=True).click()
    expect(other.locator("#said")).to_have_text(amina.say("It is open in another window."))


def test_words_that_are_taken_out_leave_no_draft(amina) -> None:
    words_of(amina).fill(WORDS)
    draft_is_kept(amina, WORDS)
    words_of(amina).fill("")
    amina.page.evaluate(
        """() => new Promise((resolve) => {
          const look = () => Signalen.outbox.list().then((all) => all.length || resolve());
          Signalen.outbox.addEventListener("change", look);
          look();
        })"""
    )


def test_without_network_it_waits_and_says_so_until_it_is_received(amina) -> None:
    amina.context.set_offline(True)
    save(amina, WORDS)
    expect(record(amina, "ready")).to_have_count(1)
    expect(said(amina)).to_have_text(amina.say("Kept on this phone. It waits to be sent."))
    expect(amina.page.locator("#line")).to_contain_text("1")
    expect(amina.page.locator("#line [data-icon=off]")).to_be_visible()
    assert not NUMBER.search(amina.page.inner_text("#kept"))
    amina.context.set_offline(False)
    expect(record(amina, "received")).to_have_count(1)
    expect(said(amina)).to_contain_text(NUMBER)
    expect(amina.page.locator("#line")).to_be_hidden()


def test_a_draft_and_what_waits_can_be_opened_and_are_sent_as_changed(amina, house) -> None:
    amina.context.set_offline(True)
    save(amina, WORDS)
    amina.press("Change")
    expect(words_of(amina)).to_have_value(WORDS)
    expect(words_of(amina)).to_be_focused()
    expect(record(amina, "ready")).to_have_count(0)
    before = len(signals(house))
    save(amina, OTHER)
    amina.context.set_offline(False)
    expect(record(amina, "received")).to_have_count(1)
    assert len(signals(house)) == before + 1


def test_throwing_away_is_asked_once_in_place_and_the_focus_is_not_lost(amina) -> None:
    amina.context.set_offline(True)
    for words in (WORDS, OTHER):
        save(amina, words)
        expect(words_of(amina)).to_have_value("")
    first = record(amina, "ready").first
    amina.press("Throw away", within=first)
    expect(amina.button("No, keep it", first)).to_be_focused()
    amina.page.keyboard.press("Enter")
    expect(amina.button("Throw away", first)).to_be_focused()
    amina.page.keyboard.press("Enter")
    amina.press("Yes, throw it away", within=first)
    expect(record(amina, "ready")).to_have_count(1)
    expect(record(amina, "ready")).to_be_focused()
    amina.press("Throw away")
    amina.press("Yes, throw it away")
    expect(words_of(amina)).to_be_focused()
    expect(said(amina)).to_have_text(amina.say("Nothing waits on this phone."))


def test_what_the_server_does_not_take_says_why_and_goes_as_a_copy(amina, house) -> None:
    refusing(amina)
    save(amina, WORDS)
    expect(record(amina, "refused")).to_contain_text(amina.say("The server could not open it."))
    expect(said(amina)).to_have_text(amina.say("A signal was not taken. Look at it below."))
    amina.context.unroute(SEND)
    amina.press("Change it as a copy")
    expect(words_of(amina)).to_have_value(WORDS)
    save(amina)
    expect(record(amina, "received")).to_have_count(1)
    expect(record(amina, "refused")).to_have_count(0)


@pytest.mark.parametrize("choice", ["The first is enough", "Keep mine as a second signal"])
def test_two_records_under_one_key_are_both_shown_and_the_person_chooses(people, house, choice) -> None:
    amina = people()
    before = len(signals(house))
    key = sent_with_other_words(amina)
    row = record(amina, "conflict")
    expect(row).to_contain_text(OTHER)
    expect(row).to_contain_text(WORDS)
    expect(row.locator("[data-first-reference]")).to_have_text(NUMBER)
    amina.press(choice)
    expect(record(amina, "conflict")).to_have_count(0)
    second = choice != "The first is enough"
    expect(record(amina, "received")).to_have_count(int(second))
    now = signals(house)
    assert len(now) == before + 1 + second
    assert key in now


def test_the_same_worry_again_is_one_tap(amina, house) -> None:
    save(amina, WORDS)
    expect(record(amina, "received")).to_have_count(1)
    amina.page.reload()
    known(amina.page)
    again = amina.page.locator("#again button").first
    reference = again.locator("[data-reference]").inner_text()
    before = signals(house)
    again.dblclick()  # two taps of one thumb are one
    expect(record(amina, "received")).to_have_count(2)
    (made,) = (each for key, each in signals(house).items() if key not in before)
    with house.app.extensions["signalen.sessions"].read() as session:
        first = session.exec(select(SignalAgain.again_of).where(SignalAgain.signal_id == made.id)).one()
    assert {each.id: each.reference for each in before.values()}[first] == reference
    words_of(amina).fill("Iets anders")
    expect(amina.page.locator("#again")).to_be_hidden()


def test_nobody_sees_anything_of_the_person_before(amina, house) -> None:
    amina.context.set_offline(True)
    words_of(amina).fill(WORDS)
    choose_place(amina, "Ekeren")
    save(amina)
    expect(record(amina, "ready")).to_have_count(1)
    words_of(amina).fill(OTHER)
    draft_is_kept(amina, OTHER)
    amina.context.set_offline(False)
    amina.context.route(SEND, lambda route: route.abort())
    enter(amina, "dre")
    expect(amina.page.locator("#kept li")).to_have_count(0)
    shown = amina.page.content()
    assert WORDS not in shown
    assert OTHER not in shown
    expect(words_of(amina)).to_have_value("")
    expect(amina.page.locator("[name=district]:checked")).to_have_count(0)
    expect(amina.page.locator("[data-as-last]").filter(visible=True)).to_have_count(0)
    expect(amina.page.locator("#kept [data-others]")).to_contain_text("1")


def test_somebody_else_in_another_window_empties_this_one(amina) -> None:
    words_of(amina).fill(WORDS)
    draft_is_kept(amina, WORDS)
    other = amina.context.new_page()
    other.goto(amina.origin + "/account")
    other.evaluate("() => document.querySelector('form[data-leaves]').requestSubmit()")
    expect(words_of(amina)).to_be_hidden()
    expect(amina.page.locator("h1")).to_have_text(amina.say("Sign in first"))
    assert amina.page.evaluate("() => document.getElementById('f-text').value") == ""
    assert WORDS not in amina.page.content()

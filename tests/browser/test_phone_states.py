"""Every state of the screen of the phone: said, seen, reached by a thumb and by the keyboard, in Dutch and in Arabic."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.at_screen import (
    NUMBER,
    OTHER,
    SEND,
    STATES,
    WORDS,
    conflict,
    enter,
    known,
    needs_sign_in,
    nobody,
    overdue,
    phones_of,
    ready,
    received,
    record,
    refused,
    said,
    save,
    signals,
    words_of,
)
from tests.browser.checks import complaints
from tests.browser.house import House
from tests.browser.person import Person
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

TALL = 48
"""Pixels of what a thumb must hit."""
SMALL = """(tall) => [...document.querySelectorAll("main button, main summary, main label, main select, main a")].filter((each) => {
  const target = each.matches("label") ? (each.querySelector("input") ? each : null) : each;
  const box = target?.getBoundingClientRect();
  return box && box.height > 0 && box.height < tall - 0.5 && !each.closest(".sr, .foot");
}).map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)} ${each.getBoundingClientRect().height}`)"""


@pytest.fixture
def people(house: House, browser) -> Iterator[Callable[..., Person]]:
    with phones_of(house, browser) as come:
        yield come


@pytest.fixture
def amina(people) -> Person:
    return people()


@pytest.mark.parametrize("language", ["nl", "ar"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_is_well_made(people, state, language) -> None:
    person = people(language=language, color_scheme="dark" if language == "ar" else "light")
    if language != "nl":
        person.go(f"/language/{language}?to=/capture")
        known(person.page)
    state(person)
    assert person.page.evaluate(SMALL, TALL) == []
    assert complaints(person.page, language) == []
    assert person.page.evaluate(SMALL, TALL) == []


def test_a_target_that_is_too_small_would_be_seen(amina) -> None:
    amina.page.evaluate("() => (document.querySelector('.save button').style.minHeight = '20px')")
    amina.page.evaluate("() => (document.querySelector('.save button').style.height = '20px')")
    assert any("BUTTON" in each for each in amina.page.evaluate(SMALL, TALL))


def announced(person: Person, message: str, **values: object) -> None:
    expect(said(person)).to_contain_text(person.say(message, **values))
    assert person.page.evaluate("() => document.getElementById('said').getAttribute('role')") == "status"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (ready, "Kept on this phone. It waits to be sent."),
        (needs_sign_in, "Sign in again to send what waits here. Nothing is lost."),
        (refused, "A signal was not taken. Look at it below."),
        (conflict, "This was sent before, with other words. Choose below."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_change_of_state_is_said(amina, state, message) -> None:
    state(amina)
    announced(amina, message)


def test_many_that_are_received_together_are_said_in_one_sentence(amina) -> None:
    amina.context.set_offline(True)
    for _ in range(3):
        save(amina, WORDS)
        expect(words_of(amina)).to_have_value("")
    # Until the last one is there the list is not looked at.
    sentences = amina.page.evaluate_handle(
        """() => {
          const all = [];
          new MutationObserver(() => all.push(document.getElementById("said").textContent)).observe(document.getElementById("said"), { childList: true });
          return all;
        }"""
    )
    amina.context.set_offline(False)
    expect(record(amina, "received")).to_have_count(3)
    assert 1 <= len([each for each in sentences.json_value() if each]) <= 3


def test_received_always_stands_with_its_number_and_its_time(amina) -> None:
    received(amina)
    row = record(amina, "received")
    expect(row.locator("[data-number]")).to_have_text(NUMBER)
    expect(row.locator("[data-detail]")).to_have_text(re.compile(r"\d{2}:\d{2}"))
    card = row.get_by_role("link", name=amina.say("The card with the code"))
    card.click()
    amina.press("Make the card")
    expect(amina.page.locator(".qr svg")).to_be_visible()


def test_who_must_sign_in_again_is_led_there_and_back_and_it_is_sent(amina) -> None:
    needs_sign_in(amina)
    amina.context.unroute(SEND)
    amina.context.unroute("**/capture/device")
    link = record(amina, "needs-sign-in").get_by_role("link", name=amina.say("Sign in"))
    expect(link).to_have_attribute("href", "/sign-in?next=/capture")
    enter(amina, "amina")
    expect(record(amina, "received")).to_have_count(1)


def test_after_a_day_a_banner_offers_to_send_now_and_to_save_a_copy(amina, house) -> None:
    overdue(amina)
    expect(amina.page.locator("#overdue-title")).not_to_contain_text("{time}")
    with amina.page.expect_download() as download:
        amina.press("Save a copy to a file")
    whole = json.loads(download.value.path().read_bytes())
    assert whole["signalen"] == 1
    assert len(whole["records"]) == 1
    assert WORDS not in json.dumps(whole)
    # What the page sends by itself when the network is back does not get through: the button is what sends.
    amina.context.route("**/capture/send", lambda route: route.abort())
    with amina.page.expect_event("requestfailed", lambda request: request.url.endswith("/capture/send")):
        amina.context.set_offline(False)
    amina.context.unroute("**/capture/send")
    amina.press("Send now", within=amina.page.locator("#overdue"))
    expect(record(amina, "received")).to_have_count(1)
    expect(amina.page.locator("#overdue")).to_be_hidden()


def test_a_full_phone_says_so_and_the_words_stay(amina) -> None:
    amina.context.set_offline(True)
    amina.page.evaluate(
        """async (text) => {
          for (let n = 0; n < 50; n += 1)
            await Signalen.outbox.ready({ key: crypto.randomUUID(), organisation: null, again_of: null, overruled: [], fields: { text } });
        }""",
        OTHER,
    )
    save(amina, WORDS)
    expect(amina.page.locator("#full")).to_be_focused()
    expect(amina.page.locator("#full")).to_contain_text("50")
    expect(words_of(amina)).to_have_value(WORDS)


def test_sensitive_words_do_not_stand_in_the_list(amina) -> None:
    amina.context.set_offline(True)
    words_of(amina).fill(WORDS)
    amina.page.locator("#f-sensitive").check()
    save(amina)
    expect(record(amina, "ready")).to_contain_text(amina.say("Sensitive: open it to read"))
    expect(record(amina, "ready")).not_to_contain_text(WORDS)


@pytest.mark.parametrize(
    ("prepare", "field"),
    [
        (lambda person: None, "text"),
        (lambda person: (words_of(person).fill(WORDS), person.open("I report this for a resident"), person.page.locator("#f-on_behalf").check()), "agreed_how"),
        (lambda person: (words_of(person).fill(WORDS), person.open("More, if you have time"), person.page.locator("#f-happened_on").fill("2999-01-01")), "happened_on"),
    ],
    ids=["no words", "not said how they agreed", "a day that is yet to come"],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field(amina, house, prepare, field) -> None:
    before = len(signals(house))
    prepare(amina)
    amina.page.locator("details").evaluate_all("(all) => all.forEach((each) => (each.open = false))")
    save(amina)
    wrong = amina.page.locator(f"[name={field}]")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    about = (wrong.get_attribute("aria-describedby") or "").split()[-1]
    expect(amina.page.locator(f"#{about}")).to_be_visible()
    wrong.fill("2020-01-01" if field == "happened_on" else "Zei ja.")
    expect(amina.page.locator(f"#{about}")).to_be_hidden()
    save(amina)
    expect(record(amina, "received")).to_have_count(1)
    assert len(signals(house)) == before + 1


@pytest.mark.parametrize("missing", ["indexedDB", "crypto.subtle"])
def test_a_browser_that_can_keep_nothing_says_so_and_posts_as_always(people, missing) -> None:
    amina = people(name=None)
    where, name = ("window", missing) if "." not in missing else ("Crypto.prototype", "subtle")
    amina.context.add_init_script(
        f"Object.defineProperty({where}, '{name}', {{ get: () => undefined, configurable: true }})"
    )
    amina.sign_in("amina@example.org", PASSWORD, "/sign-in?next=/capture")
    expect(amina.page.locator("#unable")).to_be_visible()
    assert complaints(amina.page, "nl") == []
    save(amina, WORDS)
    amina.sees("It is kept")


def test_the_shortcut_to_what_waits_leads_the_focus_there(amina) -> None:
    received(amina)
    amina.page.goto(amina.origin + "/capture?waiting")
    expect(amina.page.locator("#kept")).to_be_focused()


def test_the_browser_is_told_to_keep_and_to_check_no_words(amina) -> None:
    expect(amina.page.locator("#capture")).to_have_attribute("autocomplete", "off")
    for field in ("text", "agreed_how", "neighbourhood"):
        expect(amina.page.locator(f"[name={field}]")).to_have_attribute("spellcheck", "false")
        expect(amina.page.locator(f"[name={field}]")).to_have_attribute("autocomplete", "off")


def test_the_whole_list_works_with_the_keyboard_alone(amina) -> None:
    ready(amina)
    page = amina.page
    page.locator("#line [data-look]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#kept")).to_be_focused()
    page.keyboard.press("Tab")
    expect(amina.button("Change")).to_be_focused()
    page.keyboard.press("Enter")
    expect(words_of(amina)).to_be_focused()
    expect(words_of(amina)).to_have_value(WORDS)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_screen_that_the_phone_keeps_is_well_made_with_somebody_and_with_nobody(people, language) -> None:
    amina = people(language=language, worker=True)
    page = amina.page
    page.goto(f"{amina.origin}/language/{language}?to=/capture")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(words_of(amina)).to_be_visible()
    expect(page.locator("#rooms [data-name]")).to_have_text("Amina")
    assert page.locator("input[name=csrf_token]").count() == 0
    assert complaints(page, language) == []
    nobody(amina)
    expect(page.locator("#rooms")).to_be_hidden()
    assert complaints(page, language) == []
    amina.context.set_offline(True)
    page.reload()
    expect(page.locator("#nobody [data-off]")).to_be_visible()
    expect(words_of(amina)).to_be_hidden()
    assert complaints(page, language) == []


def test_what_points_at_a_person_stops_the_first_tap_and_the_person_decides(amina, house) -> None:
    before = len(signals(house))
    save(amina, "Mevrouw Peeters wacht al drie jaar op een woning.")
    panel = amina.page.locator("#personal [data-panel]")
    expect(panel).to_be_visible()
    expect(panel.locator("h2")).to_be_focused()
    assert complaints(amina.page, "nl") == []
    assert len(signals(house)) == before
    amina.press("Keep it as it is")
    expect(amina.button("Save")).to_be_focused()
    amina.page.keyboard.press("Enter")
    expect(record(amina, "received")).to_have_count(1)
    expect(panel).to_be_hidden()
    expect(amina.page.locator("[name=as_it_is], [name=overruled]")).to_have_count(0)
    assert len(signals(house)) == before + 1

"""Every state of the screen of the phone: said, seen, reached by a thumb and by the keyboard, in Dutch and in Arabic."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.checks import complaints
from tests.browser.house import House
from tests.browser.person import Person, open_person
from tests.browser.test_phone_screen import (
    NUMBER,
    OTHER,
    SEND,
    WORDS,
    answering,
    enter,
    known,
    record,
    refusing,
    said,
    save,
    sent_with_other_words,
    signals,
    words_of,
)
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

TALL = 48
"""Pixels of what a thumb must hit."""
DAYS_AGO = 3 * 24 * 3600 * 1000
SMALL = """(tall) => [...document.querySelectorAll("main button, main summary, main label, main select, main a")].filter((each) => {
  const target = each.matches("label") ? (each.querySelector("input") ? each : null) : each;
  const box = target?.getBoundingClientRect();
  return box && box.height > 0 && box.height < tall - 0.5 && !each.closest(".sr, .foot");
}).map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)} ${each.getBoundingClientRect().height}`)"""


@pytest.fixture
def phones(house: House, browser) -> Iterator[Callable[..., Person]]:
    """Phones of workers; what the tests let fail may fail, nothing else."""
    opened: list[Person] = []

    def take(language: str = "nl", *, name: str | None = "amina", **options: object) -> Person:
        options.setdefault("service_workers", "block")
        person = open_person(browser, house.url, language, "phone", **options)
        opened.append(person)
        if name:
            enter(person, name)
        return person

    yield take
    troubles = [
        each for person in opened for each in person.troubles if "Failed to load resource" not in each
    ]
    for person in opened:
        person.close()
    assert troubles == []


@pytest.fixture
def amina(phones) -> Person:
    return phones()


def drafted(person: Person) -> None:
    """Two drafts: one in the form, one in the list."""
    person.context.set_offline(True)
    for words in (WORDS, OTHER):
        save(person, words)
        expect(words_of(person)).to_have_value("")
    for words in (OTHER, WORDS):
        person.press("Change", within=record(person, "ready").first)
        expect(words_of(person)).to_have_value(words)
    expect(record(person, "draft")).to_have_count(1)


def ready(person: Person) -> None:
    person.context.set_offline(True)
    save(person, WORDS)
    expect(record(person, "ready")).to_have_count(1)


def sending(person: Person) -> None:
    """The server does not answer."""
    person.context.route(SEND, lambda _route: None)
    save(person, WORDS)
    expect(record(person, "sending")).to_have_count(1)


def received(person: Person) -> None:
    words_of(person).fill(WORDS)
    person.tick("A card with a code")
    save(person)
    expect(record(person, "received")).to_have_count(1)


def needs_sign_in(person: Person) -> None:
    answering(person, 401, {"error": "sign-in"})
    person.context.route("**/capture/device", lambda route: route.abort())
    save(person, WORDS)
    expect(record(person, "needs-sign-in")).to_have_count(1)


def refused(person: Person) -> None:
    refusing(person)
    save(person, WORDS)
    expect(record(person, "refused")).to_have_count(1)


def conflict(person: Person) -> None:
    sent_with_other_words(person)


def asked(person: Person) -> None:
    ready(person)
    person.press("Throw away")


def overdue(person: Person) -> None:
    ready(person)
    make_old(person)
    expect(person.page.locator("#overdue")).to_be_visible()


def incomplete(person: Person) -> None:
    person.press("Save")
    expect(person.page.locator("#e-text")).to_be_visible()


def everything_open(person: Person) -> None:
    words_of(person).fill("Er is schimmel in de woning. De huur is te hoog, en de bus rijdt niet.")
    person.page.evaluate(
        "() => document.querySelectorAll('#capture details').forEach((each) => (each.open = true))"
    )


def nobody(person: Person) -> None:
    person.context.clear_cookies()
    person.page.evaluate("() => Signalen.outbox.leave()")
    expect(person.page.locator("#nobody")).to_be_visible()


STATES = (
    drafted,
    ready,
    sending,
    received,
    needs_sign_in,
    refused,
    conflict,
    asked,
    overdue,
    incomplete,
    everything_open,
    nobody,
)


def make_old(person: Person) -> None:
    """What waits here has waited for days."""
    person.page.evaluate(
        """async (ago) => {
          const { store } = Signalen;
          for (const { key } of await store.all("records"))
            await store.change("records", key, (row) => ({ ...row, ready_at: Date.now() - ago }));
          store.changed();
        }""",
        DAYS_AGO,
    )


@pytest.mark.parametrize("language", ["nl", "ar"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_is_well_made(phones, state, language) -> None:
    person = phones(language, color_scheme="dark" if language == "ar" else "light")
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
    amina.context.set_offline(False)
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
def test_a_browser_that_can_keep_nothing_says_so_and_posts_as_always(phones, missing) -> None:
    amina = phones(name=None)
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

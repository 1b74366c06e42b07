"""A worker at the screen of the phone, and how the screen comes to stand in each of its states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from signalen.signals.models import Signal
from tests.browser.house import House
from tests.browser.person import Person, open_person
from tests.factories import PASSWORD

WORDS = "Drie gezinnen wachten al een jaar op een sociale woning."
OTHER = "De lift van de blok is al weken stuk."
SEND = "**/capture/send"
NUMBER = re.compile(r"S-\d{4}-\d{5}")
DAYS_AGO = 3 * 24 * 3600 * 1000


@contextmanager
def phones_of(house: House, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Hands out people with a phone at the screen; afterwards no script stumbled. What is asked for without network may fail.

    `name=None`: not signed in yet. `worker`: with what opens the screen without network.
    """
    opened: list[Person] = []

    def come(
        name: str | None = "amina", language: str = "nl", *, worker: bool = False, **options: Any
    ) -> Person:
        kept = "allow" if worker else "block"
        person = open_person(browser, house.url, language, "phone", service_workers=kept, **options)
        opened.append(person)
        if name:
            enter(person, name)
        if worker:
            person.page.evaluate("() => navigator.serviceWorker.ready")
        return person

    yield come
    troubles = [
        each for person in opened for each in person.troubles if "Failed to load resource" not in each
    ]
    for person in opened:
        person.close()
    assert troubles == []


def enter(person: Person, name: str) -> None:
    person.sign_in(f"{name}@example.org", PASSWORD, "/sign-in?next=/capture")
    known(person.page)
    expect(words_of(person)).to_be_visible()


def signals(house: House) -> dict[str, Signal]:
    with house.app.extensions["signalen.sessions"].read() as session:
        return {str(each.key): each for each in session.exec(select(Signal)).all()}


def known(page: Page) -> None:
    """The page is loaded, and its scripts know who is here."""
    page.wait_for_load_state()
    page.evaluate("() => Signalen.outbox.start()")


def words_of(person: Person) -> Locator:
    return person.page.locator("#f-text")


def said(person: Person) -> Locator:
    return person.page.locator("#said")


def record(person: Person, state: str) -> Locator:
    """The records in the list that stand there with this state."""
    return person.page.locator(f"#kept li[data-is={state}]")


def save(person: Person, words: str | None = None) -> None:
    if words is not None:
        words_of(person).fill(words)
    person.press("Save")


def choose_place(person: Person, name: str) -> None:
    """Touches a place; those of last time stand in front of the others."""
    others = person.page.locator("[data-picks=district] details")
    if others.is_visible():
        person.open("Another place")
    person.tick(name)


def draft_is_kept(person: Person, words: str) -> None:
    """Waits until what is written lies on the phone."""
    person.page.evaluate(
        """(words) => new Promise((resolve) => {
          const look = async () => {
            for (const { key } of await Signalen.outbox.list())
              if ((await Signalen.outbox.read(key))?.fields.text === words) return resolve();
            Signalen.outbox.addEventListener("change", look, { once: true });
          };
          look();
        })""",
        words,
    )


def answering(person: Person, status: int, body: object) -> None:
    person.context.route(SEND, lambda route: route.fulfill(status=status, json=body))


def refusing(person: Person) -> None:
    answering(person, 422, {"error": "refused", "why": "cannot-open"})


def sent_with_other_words(person: Person) -> str:
    """What the phone has was sent under its key before, with other words, by the hands of the same person."""
    person.context.route(SEND, lambda route: route.abort())
    save(person, WORDS)
    expect(record(person, "ready")).to_have_count(1)
    key = person.page.evaluate("() => Signalen.outbox.list().then(([each]) => each.key)")
    token = person.page.context.request.get(person.origin + "/capture/me").json()["csrf"]
    form = {"key": key, "text": OTHER, "csrf_token": token}
    assert person.page.context.request.post(person.origin + "/capture", form=form).ok
    person.context.unroute(SEND)
    person.page.evaluate("() => Signalen.outbox.sendNow()")
    expect(record(person, "conflict")).to_have_count(1)
    return str(key)


def drafted(person: Person) -> None:
    """Two drafts: one in the form, one in the list."""
    person.context.set_offline(True)
    for words in (WORDS, OTHER):
        save(person, words)
        expect(words_of(person)).to_have_value("")
    expect(record(person, "ready")).to_have_count(2)
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

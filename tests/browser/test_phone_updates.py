"""What waits on a phone survives a new build and a new form: the page is replaced, the box is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from signalen.themes.queries import forget_names
from tests.browser.house import House
from tests.browser.street import PHONE, SEND, WRITE, records, send_all, settled, sign_in, signals_in
from tests.support.server import ROOT

CHANGED = "phone/queue.js"
pytestmark = pytest.mark.browser

REPLACED = """async (before) => {
  const registration = await navigator.serviceWorker.getRegistration("/capture");
  await registration.update();
  const old = async () => (await caches.keys()).some((name) => name.startsWith("signalen-") && name !== "signalen-choice" && before.includes(name));
  while (await old()) await new Promise((resolve) => setTimeout(resolve, 20));
  return caches.keys();
}"""
# What earlier pages left: sealed by the same scripts, in a row that knows nothing of what came later.
LEFT_BEHIND = """async (forms) => {
  const { seal, store } = Signalen;
  const key = (await store.get("facts", "key")) || JSON.parse(document.getElementById("phone-data").textContent).key;
  const { who } = Signalen.outbox.person;
  for (const made of forms) {
    const record = { ...made, key: crypto.randomUUID(), ...(made.form > 1 ? { who } : {}) };
    const made_at = "2026-01-05T09:30:00.000Z";
    await store.put("records", { key: record.key, who, state: "ready", made_at, envelope: await seal.envelope(key, record) });
  }
}"""
FIELDS = {
    "language": "nl",
    "theme": ["wonen"],
    "groups": [],
    "barriers": [],
    "people": "2-5",
    "sensitive": False,
    "happened_on": "2026-01-04",
}
FORMS = [
    {"form": 1, "text": "Van de eerste vorm.", **FIELDS},
    {
        "form": 2,
        "made_at": "2026-01-05T09:30:00Z",
        "organisation": None,
        "fields": {"text": "Van de tweede vorm.", **FIELDS, "kind": "signaal", "hears_back": "worker"},
    },
]


@pytest.fixture
def phone(browser: Browser):
    context = browser.new_context(**PHONE)
    yield context
    context.close()


def another_build(house: House) -> None:
    """A new version is put on the server: one script has changed, and with it every shell."""
    known, inner = house.app.jinja_env.globals["static"], house.app.wsgi_app
    house.app.jinja_env.globals["static"] = lambda name: known(name) + ("2" if name == CHANGED else "")
    forget_names()

    def served(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if not (environ["PATH_INFO"].endswith(CHANGED) and environ["QUERY_STRING"].endswith("2")):
            return inner(environ, start)
        text = (ROOT / "signalen/static" / CHANGED).read_bytes() + b"\nself.Signalen.changed = true;\n"
        start("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=31536000")])
        return [text]

    house.app.wsgi_app = served


def test_a_new_build_finds_what_waits_and_an_old_page_goes_on(
    fresh_house: House, phone: BrowserContext
) -> None:
    old = phone.new_page()
    sign_in(old, fresh_house.url)
    phone.route(SEND, lambda route: route.abort())
    for number in range(3):
        old.evaluate(WRITE, [f"Van de oude bladzijde {number}.", 1])
    old.locator("#f-text").fill("Half geschreven op de oude bladzijde")
    before = old.evaluate("() => caches.keys()")
    another_build(fresh_house)
    after = old.evaluate(REPLACED, before)
    assert len(after) == 2
    assert set(after) & set(before) == {"signalen-choice"}

    new = phone.new_page()
    new.goto(f"{fresh_house.url}/capture")
    settled(new)
    assert new.evaluate("() => Signalen.changed") is True
    assert old.evaluate("() => Signalen.changed") is None
    expect(new.locator("#kept [data-key]:not([data-is=draft])")).to_have_count(3)
    # What is being written in the old page is not touched by the new one, and can be saved there.
    assert new.locator("#f-text").input_value() == ""
    old.evaluate(WRITE, ["Afgewerkt op de oude bladzijde.", 1])
    new.evaluate(WRITE, ["Van de nieuwe bladzijde.", 1])
    assert len(records(new)) == 5
    phone.unroute(SEND)
    old.evaluate("() => Signalen.outbox.sendNow().then(() => true)")
    assert {record["state"] for record in send_all(new)} == {"received"}
    expect(new.locator("#kept [data-is=received]")).to_have_count(5)
    expect(old.locator("#kept [data-is=received]")).to_have_count(5)
    arrived = signals_in(fresh_house.app)
    assert len(arrived) == len({key for key, *_rest in arrived}) == 5
    assert {words for _key, _number, words, _email in arrived} == {
        *(f"Van de oude bladzijde {number}." for number in range(3)),
        "Afgewerkt op de oude bladzijde.",
        "Van de nieuwe bladzijde.",
    }


def test_what_the_first_two_forms_left_in_the_box_arrives_with_nothing_to_look_at(
    house: House, phone: BrowserContext
) -> None:
    page = phone.new_page()
    sign_in(page, house.url)
    page.evaluate(LEFT_BEHIND, FORMS)
    page.reload()
    settled(page)
    assert {record["state"] for record in send_all(page)} == {"received"}
    receipts = page.evaluate(
        "async () => (await Signalen.store.all('records')).map(({ receipt }) => receipt.todos)"
    )
    assert receipts == [0, 0]
    assert {words for _key, _number, words, _email in signals_in(house.app)} == {
        "Van de eerste vorm.",
        "Van de tweede vorm.",
    }


def test_a_form_that_comes_after_this_one_arrives_too_and_somebody_looks_at_it(
    house: House, phone: BrowserContext
) -> None:
    page = phone.new_page()
    sign_in(page, house.url)
    later = {"form": 9, "fields": {"text": "Van een latere vorm.", "mood": "good"}}
    page.evaluate(LEFT_BEHIND, [later])
    assert {record["state"] for record in send_all(page)} == {"received"}
    receipts = page.evaluate(
        "async () => (await Signalen.store.all('records')).map(({ receipt }) => receipt.todos)"
    )
    assert len(receipts) == 1
    assert receipts[0] > 0
    assert "Van een latere vorm." in [words for _key, _number, words, _email in signals_in(house.app)]

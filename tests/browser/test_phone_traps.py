"""What goes wrong around a phone: pages closed too early, old windows, later versions, a browser that wakes the worker."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.phone import SEND, Phone, new_record, phones_in, signals_of

pytestmark = pytest.mark.browser
RECEIVED = """(key) => new Promise((resolve, reject) => {
  const { store } = Signalen;
  const look = async () => (await store.get("records", key)).state === "received" && resolve("received");
  store.events.addEventListener("change", look);
  setTimeout(() => reject(new Error("nobody sent it")), 20000);
  look();
})"""


@pytest.fixture
def opened(house, browser):
    with phones_in(house, browser) as take:
        yield take


@pytest.fixture
def amina(opened) -> Phone:
    return opened().sign_in()


def mark(phone: Phone, name: str) -> None:
    phone.page.evaluate("(name) => Signalen.store.mark(name)", name)


def test_a_sign_out_whose_page_was_closed_too_early_is_finished_at_the_next_start(amina) -> None:
    draft = new_record("Drie gezinnen wachten.")
    amina.call("keepDraft", draft)
    mark(amina, "leaving")
    amina.without_network("**/capture/me")
    amina.open()
    assert amina.person_here() is None
    assert amina.lies(draft["key"])["copy"] is None
    assert [row["lock"] for row in amina.dump()["people"]] == [None]
    amina.all_gets_through("**/capture/me")
    amina.open()
    assert amina.call("read", draft["key"])["fields"] == draft["fields"]


def test_when_somebody_may_have_signed_in_nothing_is_shown_before_the_server_says_who(amina) -> None:
    amina.call("keepDraft", new_record("Drie gezinnen wachten."))
    mark(amina, "asked")
    amina.without_network("**/capture/me")
    amina.open()
    assert (amina.person_here(), amina.call("list")) == (None, [])
    amina.all_gets_through("**/capture/me")
    amina.person.context.clear_cookies()
    amina.open("/sign-in")
    assert amina.person_here()["name"] == "Amina"
    assert [row["readable"] for row in amina.call("list")] == [True]


def test_the_form_to_sign_in_says_that_somebody_may_have_come(amina) -> None:
    amina.person.context.clear_cookies()
    amina.person.go("/sign-in")
    amina.page.evaluate(
        "() => document.querySelector('form[data-comes]').addEventListener('submit', (event) => event.preventDefault())"
    )
    amina.person.fill("E-mail address", "dre@example.org")
    amina.person.fill("Password", "not sent")
    amina.person.press("Sign in")
    assert amina.page.evaluate("() => Signalen.store.marked('asked')")


def test_what_a_page_was_sending_when_it_died_is_sent_by_the_next(amina) -> None:
    amina.without_network()
    key = amina.ready()
    amina.becomes(key, "ready")
    amina.page.evaluate(
        "(key) => Signalen.store.change('records', key, (row) => ({ ...row, state: 'sending', next: 0 }))",
        key,
    )
    amina.all_gets_through()
    amina.open()
    amina.becomes(key, "received")
    assert len(signals_of(amina.house, key)) == 1


def test_a_record_of_the_first_form_that_an_old_page_kept_is_sent_as_it_is(amina) -> None:
    key = str(uuid.uuid4())
    record = {"key": key, "text": "Drie gezinnen wachten.", "language": "nl", "people": "2-5"}
    envelope = amina.house.app.extensions["signalen.letterbox"].seal(record)
    row = {
        "key": key,
        "who": amina.person_here()["who"],
        "state": "ready",
        "made_at": "2026-10-01T10:00:00Z",
        "envelope": envelope,
    }
    amina.page.evaluate("(row) => Signalen.store.put('records', row)", row)
    amina.call("sendNow")
    assert amina.becomes(key, "received")["receipt"]["reference"]
    assert len(signals_of(amina.house, key)) == 1


def test_an_old_page_lets_a_later_version_of_the_database_in_says_so_and_goes_on_sending(amina) -> None:
    amina.page.evaluate(
        "() => { self.said = new Promise((resolve) => Signalen.outbox.addEventListener('outdated', () => resolve('outdated'))); }"
    )
    later = amina.person.context.new_page()
    later.goto(amina.house.url + "/mine")
    version = later.evaluate(
        """() => new Promise((resolve, reject) => {
          const asked = indexedDB.open("signalen", 2);
          asked.onupgradeneeded = () => asked.result.createObjectStore("more");
          asked.onsuccess = () => { resolve(asked.result.version); asked.result.close(); };
          asked.onerror = () => reject(asked.error);
          asked.onblocked = () => reject(new Error("blocked"));
        })"""
    )
    assert version == 2
    assert amina.page.evaluate("() => self.said") == "outdated"
    key = amina.ready()
    amina.becomes(key, "received")
    amina.open()
    assert amina.row(key)["state"] == "received"


def test_the_browser_wakes_the_worker_which_sends_with_every_page_of_it_closed(amina) -> None:
    page, context = amina.page, amina.person.context
    page.goto(amina.house.url + "/capture")
    expect(page.locator("#f-text")).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready")
    page.route(SEND, lambda route: route.abort())
    record = new_record("Drie gezinnen wachten.")
    page.evaluate("(record) => Signalen.outbox.ready(record)", record)
    other = context.new_page()
    other.goto(amina.house.url + "/mine")
    for name in ("idb", "store"):
        other.add_script_tag(url=f"/static/phone/{name}.js")
    waker = context.new_cdp_session(other)
    found: list[str] = []
    waker.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(each["registrationId"] for each in said["registrations"]),
    )
    waker.send("ServiceWorker.enable")
    for _ in range(600):  # what the browser tells arrives while the page draws
        if found:
            break
        other.evaluate("() => new Promise(requestAnimationFrame)")
    page.close()
    sync = {"origin": amina.house.url, "registrationId": found[0], "tag": "send", "lastChance": False}
    waker.send("ServiceWorker.dispatchSyncEvent", sync)
    assert other.evaluate(RECEIVED, record["key"]) == "received"
    assert len(signals_of(amina.house, record["key"])) == 1

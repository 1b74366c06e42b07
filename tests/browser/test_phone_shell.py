"""The worker of /capture: opens the screen without network, keeps nobody's page, and lets go of what is old."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from signalen.themes.models import CodeKind, Name
from signalen.themes.queries import forget_names
from tests.browser.person import open_person
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found[`${name} ${new URL(request.url).pathname}`] = await (await cache.match(request)).text();
  }
  return found;
}"""
UPDATED = """async (before) => {
  const registration = await navigator.serviceWorker.getRegistration("/capture");
  // The browser may have looked for a new worker by itself: what counts is which cache is there.
  for (let tries = 0; tries < 50; tries += 1) {
    await registration.update();
    const now = await caches.keys();
    if (now.length === before.length && now.some((name) => !before.includes(name))) return now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return null;
}"""
REFUSED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/capture");
  const found = new Promise((resolve) => registration.addEventListener("updatefound", () => resolve(registration.installing), { once: true }));
  for (let tries = 0; tries < 10; tries += 1) {
    await registration.update().catch(() => {});
    const worker = await Promise.race([found, new Promise((resolve) => setTimeout(resolve, 1000, null))]);
    if (!worker) continue;
    while (!["activated", "redundant"].includes(worker.state)) await new Promise((resolve) => setTimeout(resolve, 50));
    return worker.state;
  }
  return "no worker";
}"""


@pytest.fixture
def people(browser):
    """Opens people with a phone, whatever the house; what is asked for without network may fail."""
    opened = []

    def come(origin: str, language: str = "nl"):
        opened.append(open_person(browser, origin, language, "phone"))
        return opened[-1]

    yield come
    troubles = [
        each for person in opened for each in person.troubles if "Failed to load resource" not in each
    ]
    for person in opened:
        person.close()
    assert troubles == []


def with_worker(person):
    """Signs in, opens the screen, and waits until its worker is there."""
    person.sign_in("amina@example.org", PASSWORD, "/sign-in?next=/capture")
    person.page.evaluate("() => navigator.serviceWorker.ready")
    expect(person.page.locator("#f-text")).to_be_visible()
    return person


@pytest.fixture
def amina(house, people):
    return with_worker(people(house.url))


def without_network(person) -> None:
    person.context.set_offline(True)
    assert not person.page.evaluate("() => fetch('/healthz').then(() => true, () => false)")


def test_the_screen_opens_without_network_for_whom_the_phone_knows(amina) -> None:
    without_network(amina)
    amina.page.goto(amina.origin + "/capture?waiting")
    expect(amina.page.locator("#f-text")).to_be_visible()
    assert amina.page.evaluate("() => Signalen.outbox.person.name") == "Amina"
    assert amina.page.locator("input[name=csrf_token]").count() == 0


def test_what_the_worker_keeps_is_nobodys_and_complete(amina) -> None:
    kept = amina.page.evaluate(KEPT)
    assert {name.split("/")[1] for name in kept} == {"capture", "static"}
    places = {name.split(" ")[1] for name in kept}
    assert {
        "/capture/shell/ar",
        "/capture/offline/nl",
        "/capture/manifest/fr",
        "/static/phone/personal-data.json",
    } <= places
    assert "/capture" not in places
    assert "/capture/me" not in places
    pages = {name: text for name, text in kept.items() if "/capture/" in name}
    assert [name for name, text in pages.items() if "Amina" in text or "csrf_token" in text] == []


def test_a_page_that_needs_the_network_says_so_without_it(amina) -> None:
    without_network(amina)
    amina.page.goto(amina.origin + "/capture/import")
    amina.sees("No network")
    amina.follow("New signal")
    expect(amina.page.locator("#f-text")).to_be_visible()


def test_the_worker_answers_no_part_of_a_page_and_nothing_that_it_did_not_list(amina) -> None:
    without_network(amina)
    asks = "([address, headers]) => fetch(address, { headers }).then((answer) => answer.status, () => 'no network')"
    for address, headers in (
        ("/capture", {"HX-Request": "true"}),
        ("/capture", {}),
        ("/capture/me", {}),
        ("/static/house.css", {}),
    ):
        assert amina.page.evaluate(asks, [address, headers]) == "no network"
    script = amina.page.locator("script[src*='queue.js']").get_attribute("src")
    assert amina.page.evaluate(asks, [script, {}]) == 200


def test_another_language_is_chosen_without_network(amina) -> None:
    without_network(amina)
    amina.page.locator("details.tongue summary").click()
    amina.page.locator("a[hreflang=ar]").click()
    expect(amina.page.locator("html")).to_have_attribute("dir", "rtl")
    amina.page.reload()
    expect(amina.page.locator("html")).to_have_attribute("lang", "ar")


def test_text_of_another_app_comes_into_the_form_and_into_no_address(amina) -> None:
    page = amina.page
    page.evaluate(
        """() => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: "/capture/share", enctype: "multipart/form-data" });
          for (const [name, value] of [["title", "Brief"], ["text", "Drie gezinnen wachten"]]) form.append(Object.assign(document.createElement("input"), { name, value }));
          document.body.append(form);
          form.submit();
        }"""
    )
    expect(page.locator("#f-text")).to_have_value("Brief\nDrie gezinnen wachten")
    assert page.url == amina.origin + "/capture"
    assert page.evaluate("() => Signalen.store.get('facts', 'shared')") is None


def test_a_new_build_replaces_the_cache_and_leaves_what_waits(fresh_house, people) -> None:
    amina = with_worker(people(fresh_house.url))
    without_network(amina)
    amina.page.evaluate(
        "() => Signalen.outbox.ready({ key: crypto.randomUUID(), fields: { text: 'Drie gezinnen wachten' } })"
    )
    before = amina.page.evaluate("() => caches.keys()")
    with fresh_house.app.extensions["signalen.sessions"].write() as session:
        name = session.exec(select(Name).where(Name.kind == CodeKind.THEME, Name.language == "nl")).first()
        name.name = "Een ander woord"
        session.add(name)
        session.commit()
    forget_names()
    amina.context.route("**/capture/send", lambda route: route.abort())
    amina.context.set_offline(False)
    after = amina.page.evaluate(UPDATED, before)
    assert after is not None
    assert len(after) == len(before) == 2
    assert set(after) & set(before) == {"signalen-choice"}
    amina.context.unroute("**/capture/send")
    amina.page.reload()
    assert "Een ander woord" in amina.page.content()
    amina.page.evaluate("() => Signalen.outbox.sendNow()")
    expect(amina.page.locator("#kept [data-is=received]")).to_have_count(1)


def test_a_worker_takes_in_no_page_of_another_build(fresh_house, people) -> None:
    amina = with_worker(people(fresh_house.url))
    kept = amina.page.evaluate("() => caches.keys()")
    inner = fresh_house.app.wsgi_app

    def mixed(environ, start):
        def other(status, headers, info=None):
            changed = [(name, "0" * 16 if name == "Signalen-Build" else value) for name, value in headers]
            return start(status, changed, info)

        return inner(environ, other if environ["PATH_INFO"] == "/capture/shell/fr" else start)

    fresh_house.app.wsgi_app = mixed
    with fresh_house.app.extensions["signalen.sessions"].write() as session:
        name = session.exec(select(Name).where(Name.kind == CodeKind.THEME, Name.language == "nl")).first()
        name.name = "Nog een ander woord"
        session.add(name)
        session.commit()
    forget_names()
    assert amina.page.evaluate(REFUSED) == "redundant"
    without_network(amina)
    amina.page.goto(amina.origin + "/capture")
    expect(amina.page.locator("#f-text")).to_be_visible()
    assert amina.page.evaluate("() => caches.keys()") == kept
    assert "Nog een ander woord" not in amina.page.content()


def test_who_signs_out_leaves_a_screen_that_knows_nobody(amina) -> None:
    page = amina.page
    page.goto(amina.origin + "/account")
    amina.press("Sign out")
    expect(page).to_have_url(re.compile(r"/(sign-in)?$"))
    page.goto(amina.origin + "/capture")
    expect(page.locator("#nobody")).to_be_visible()
    assert page.evaluate("() => Signalen.outbox.person") is None
    assert (
        page.evaluate(
            "async () => (await Signalen.store.all('people')).filter((row) => row.lock || row.about)"
        )
        == []
    )

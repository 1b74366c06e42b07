"""What happens on the street: the network goes, the server goes, the browser goes. Each signal arrives once, and none is lost.

The plan of each storm is drawn from a seed, so that a storm that broke something comes back.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Route, expect

from tests.browser.street import (
    AMINA,
    DRE,
    HURRY,
    PHONE,
    SEND,
    WRITE,
    Phones,
    figure,
    kill_browser,
    profile,
    records,
    send_all,
    serve_phones,
    settled,
    sign_in,
)

pytestmark = pytest.mark.browser

# A phone takes fifty that wait; whoever has almost that many looks for network.
ALMOST_FULL, FEW = 40, 10
SIGNALS = 200
KILLS = 5
LATER = f"(args) => {{ self.job = ({WRITE})(args); self.job.catch(() => {{}}); }}"
TAP_AND_GO = """(words) => {
  const form = document.getElementById("capture");
  form.elements.text.value = words;
  form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
  form.querySelector(".sticky button").click();
  setTimeout(() => location.reload(), 3 * Math.random() ** 2 * 20);
}"""
# A phone that makes another key for every try, and one that throws away what it sends before the answer came.
OTHER_KEY = """() => {
  const { seal, outbox } = Signalen;
  const { key: server } = JSON.parse(document.getElementById("phone-data").textContent);
  const inner = self.fetch;
  self.fetch = async (address, how) => {
    if (!String(address).endsWith("/send")) return inner(address, how);
    const { key } = JSON.parse(how.body);
    const other = { ...(await outbox.read(key)), key: crypto.randomUUID() };
    const body = JSON.stringify(await seal.envelope(server, other));
    const answer = await inner(address, { ...how, body });
    return new Response(JSON.stringify({ ...(await answer.json()), key }), { status: answer.status });
  };
}"""
# As in Safari and Firefox: nobody wakes the worker, whose queue is whole.
NO_SYNC = "() => Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })"
GONE_BEFORE = """() => {
  const inner = self.fetch;
  self.fetch = async (address, how) => {
    if (String(address).endsWith("/send")) await Signalen.store.forget(JSON.parse(how.body).key);
    return inner(address, how);
  };
}"""


@dataclass
class Line:
    """The line between phone and server. `odds`: what becomes of a request, and how often."""

    phones: Phones
    chance: random.Random
    odds: dict[str, int]
    calm: bool = False
    off: bool = False
    met: Counter[str] = field(default_factory=Counter)

    def __call__(self, route: Route) -> None:
        outcome = "through"
        if not self.calm and not self.off:
            outcome = self.chance.choices(list(self.odds), list(self.odds.values()))[0]
        if outcome == "killed" and self.met[outcome] == KILLS:
            outcome = "lost"
        self.met["off" if self.off else outcome] += 1
        # A page that is reloaded takes its requests with it.
        with suppress(Error):
            getattr(self, outcome)(route)

    def through(self, route: Route) -> None:
        route.continue_()

    def cut(self, route: Route) -> None:
        """Nothing reaches the server."""
        route.abort("connectionreset")

    def lost(self, route: Route) -> None:
        """The server keeps it; its answer never comes."""
        with suppress(Error):
            route.fetch()
        route.abort("connectionreset")

    def late(self, route: Route) -> None:
        """The server keeps it, and says nothing until the phone stops listening."""
        with suppress(Error):
            route.fetch()

    def busy(self, route: Route) -> None:
        route.fulfill(status=503, body="<h1>Busy</h1>")

    def killed(self, route: Route) -> None:
        """The server dies with this request in its hands, before or after it is kept."""
        route.continue_()
        self.phones.kill()


@dataclass
class Storm:
    """Signals written on a phone with two pages while everything goes wrong."""

    phones: Phones
    context: BrowserContext
    pages: list[Page]
    line: Line
    met: Counter[str] = field(default_factory=Counter)
    start: Thread | None = None

    @property
    def chance(self) -> random.Random:
        return self.line.chance

    def write(self, page: Page, words: str) -> list[str]:
        """One signal, or two at once, typed and saved; now and then with two taps, or with a page that reloads under the thumb."""
        written, what = (
            [words],
            self.chance.choices(
                ["once", "double", "reload-before", "reload-during", "both"], [60, 15, 5, 8, 12]
            )[0],
        )
        self.met[what] += 1
        match what:
            case "reload-before":
                page.locator("#f-text").fill(words)
                self.reload(page)
                self.save_what_stands_there(page, words)
            case "reload-during":
                before = self.kept(page)
                with page.expect_navigation():
                    page.evaluate(TAP_AND_GO, words)
                settled(page)
                if self.kept(page) == before:
                    self.save_what_stands_there(page, words)
            case "both":
                # The other page writes at the same moment.
                other = self.pages[1 - self.pages.index(page)]
                written.append(f"{words} Dezelfde tel.")
                other.evaluate(LATER, [written[-1], 1])
                page.evaluate(WRITE, [words, 1])
                other.evaluate("() => self.job")
            case _:
                page.evaluate(WRITE, [words, 2 if what == "double" else 1])
        return written

    def save_what_stands_there(self, page: Page, words: str) -> None:
        """What the screen brought back is saved under its own key; what it did not is typed again, as a person would."""
        self.met["retyped"] += page.locator("#f-text").input_value() != words
        page.evaluate(WRITE, [words, 1])

    def kept(self, page: Page) -> int:
        return sum(record["state"] != "draft" for record in records(page))

    def reload(self, page: Page) -> None:
        page.reload()
        settled(page)

    def weather(self) -> None:
        """The network comes and goes; a server that died is started again while people go on writing."""
        if self.chance.random() < (0.3 if self.line.off else 0.06):
            self.line.off = not self.line.off
            self.context.set_offline(self.line.off)
        if (
            self.phones.server is None
            and not (self.start and self.start.is_alive())
            and self.chance.random() < 0.3
        ):
            self.met["restarts"] += 1
            self.start = Thread(target=self.phones.start)
            self.start.start()
        if self.chance.random() < 0.3:
            self.chance.choice(self.pages).evaluate("() => { Signalen.outbox.sendNow(); }")

        if sum(record["state"] != "received" for record in records(self.pages[0])) > ALMOST_FULL:
            self.met["walks"] += 1
            while sum(record["state"] != "received" for record in records(self.pages[0])) > FEW:
                self.find_network()
                self.pages[0].evaluate("() => Signalen.outbox.sendNow().then(() => true)")

    def find_network(self) -> None:
        """There is network, and a server behind it."""
        self.line.off = False
        self.context.set_offline(offline=False)
        if self.start:
            self.start.join()
        if self.phones.server is None:
            self.phones.start()

    def rest(self) -> list[dict]:
        """It is over. What the phone then says of everything on it."""
        self.line.calm = True
        self.find_network()
        return send_all(self.pages[0])


@pytest.fixture(scope="module")
def phones(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with serve_phones(sqlite_template, tmp_path_factory.mktemp("phones")) as running:
        yield running


def two_pages(browser: Browser, phones: Phones, email: str = AMINA) -> tuple[BrowserContext, list[Page]]:
    """One phone with two pages of the screen."""
    context = browser.new_context(**PHONE)
    context.add_init_script(HURRY)
    pages = [context.new_page(), context.new_page()]
    sign_in(pages[0], phones.url, email)
    pages[1].goto(f"{phones.url}/capture")
    settled(pages[1])
    return context, pages


def arrived(phones: Phones, email: str) -> dict[str, tuple[str, str]]:
    """What the database holds of one person: number and words by key, and no key twice."""
    rows = [(key, (number, words)) for key, number, words, of in phones.signals() if of == email]
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_two_hundred_signals_through_a_storm_arrive_once_each(phones, browser: Browser) -> None:
    context, pages = two_pages(browser, phones)
    odds = {"through": 58, "cut": 12, "lost": 14, "late": 4, "busy": 6, "killed": 6}
    storm = Storm(phones, context, pages, Line(phones, random.Random(20261121), odds))
    context.route(SEND, storm.line)
    written: list[str] = []
    began = time.monotonic()
    while len(written) < SIGNALS - 1:
        written += storm.write(storm.chance.choice(pages), f"Melding {len(written) + 1:03} van de straat.")
        storm.weather()
    if len(written) < SIGNALS:
        pages[0].evaluate(WRITE, ["De laatste melding.", 1])
        written.append("De laatste melding.")
    on_the_phone = storm.rest()
    shown = pages[0].locator("#kept [data-is=received]").first
    expect(shown).to_contain_text("S-2026-")
    context.close()
    figure(f"{time.monotonic() - began:.0f} s; requests {dict(storm.line.met)}; thumbs {dict(storm.met)}")

    kept = arrived(phones, AMINA)
    assert sorted(words for _number, words in kept.values()) == sorted(written)
    assert len(kept) == SIGNALS
    assert {record["state"] for record in on_the_phone} == {"received"}
    assert {record["key"]: record["reference"] for record in on_the_phone} == {
        key: number for key, (number, _words) in kept.items()
    }
    # The storm was one: each kind of fault was met.
    assert all(storm.line.met[fault] for fault in (*odds, "off")), storm.line.met
    assert storm.line.met["killed"] == KILLS
    assert all(storm.met[what] for what in ("double", "reload-before", "reload-during", "both"))


@pytest.mark.parametrize(
    ("fault", "broken"),
    [("lost", OTHER_KEY), ("cut", GONE_BEFORE)],
    ids=["another key per try", "gone before"],
)
def test_a_broken_queue_does_not_come_through_the_same_storm(
    phones, browser: Browser, fault: str, broken: str
) -> None:
    context, pages = two_pages(browser, phones, DRE)
    before = arrived(phones, DRE)
    line = Line(phones, random.Random(7), {"through": 60, fault: 40})
    context.route(SEND, line)
    for page in pages:
        page.evaluate(NO_SYNC)
        page.evaluate(broken)
    for number in range(20):
        pages[number % 2].evaluate(WRITE, [f"Melding {number} door een kapotte bus.", 1])
    line.calm = True
    send_all(pages[0])
    context.close()
    new = Counter(words for key, (_number, words) in arrived(phones, DRE).items() if key not in before)
    assert line.met[fault]
    if fault == "lost":
        assert max(new.values()) > 1  # duplicates
    else:
        assert len(new) < 20  # loss


@dataclass
class Hand:
    """Kills the browser while the `nth` sealed record is on its way, before or after the server has it."""

    folder: Path
    nth: int
    late: bool
    asked: int = 0
    done: bool = False

    def __call__(self, route: Route) -> None:
        self.asked += 1
        if self.done:
            return
        with suppress(Error):
            if self.asked == self.nth and self.late:
                route.fetch()
            else:
                route.continue_()
        if self.asked == self.nth:
            self.done = True
            kill_browser(self.folder)


def test_fifty_signals_wait_and_the_browser_is_killed_twenty_times_in_mid_send(
    phones, playwright: Playwright, tmp_path: Path
) -> None:
    before = arrived(phones, DRE)
    chance = random.Random(50)
    began = time.monotonic()
    with profile(playwright, tmp_path) as context:
        page = context.pages[0]
        sign_in(page, phones.url, DRE)
        context.route(SEND, lambda route: route.abort())
        for number in range(50):
            page.evaluate(WRITE, [f"Melding {number} van wie wacht.", 1])
        assert len(records(page)) == 50
    # All that can have arrived by then is less than what there is, so that each kill finds something on its way.
    turns = [1] * 13 + [2] * 7
    chance.shuffle(turns)
    for nth in turns:
        hand = Hand(tmp_path, nth, late=chance.random() < 0.5)
        with profile(playwright, tmp_path) as context:
            context.route(SEND, hand)
            with context.expect_event("close"), suppress(Error):
                page = context.pages[0]
                page.goto(f"{phones.url}/capture")
                settled(page)
                page.evaluate("() => { Signalen.outbox.sendNow(); }")
        assert hand.done
    killed_at = len(arrived(phones, DRE)) - len(before)
    with profile(playwright, tmp_path) as context:
        page = context.pages[0]
        page.goto(f"{phones.url}/capture")
        settled(page)
        on_the_phone = send_all(page)
    figure(f"{time.monotonic() - began:.0f} s; {killed_at} had arrived at the last kill")
    new = {key: each for key, each in arrived(phones, DRE).items() if key not in before}
    assert sorted(words for _number, words in new.values()) == sorted(
        f"Melding {number} van wie wacht." for number in range(50)
    )
    assert {record["state"] for record in on_the_phone} == {"received"}
    assert {record["key"]: record["reference"] for record in on_the_phone} == {
        key: number for key, (number, _words) in new.items()
    }
    assert 0 < killed_at < 50

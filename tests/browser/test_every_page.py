"""Every page of the demo, as each role finds it by its links: axe, 320 px, language, no request that leaves, no error."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Error, Response, expect
from werkzeug.exceptions import HTTPException

from signalen.app import create_app
from signalen.core.permissions import GRANTS, Role
from tests.browser.checks import complaints
from tests.browser.house import House
from tests.browser.person import Person
from tests.conftest import settings
from tests.factories import PASSWORD
from tests.support.chromium import axe
from tests.support.demo import Demo

pytestmark = pytest.mark.browser

SAMPLES = 2
"""Pages of one address pattern that are looked at: the first two, for a pattern with filters the first of each."""

FIRST_PAGES = {
    None: ("/", "/report", "/follow", "/board", "/toetsen", "/sign-in", "/forgotten"),
    Role.STAFF: ("/desk", "/account"),
    Role.WORKER: ("/capture", "/capture/import", "/mine", "/mine/news", "/account"),
    Role.CITY: ("/city", "/account"),
    Role.PANEL: ("/panel", "/account"),
    Role.STEWARD: ("/house", "/account"),
}
NO_PAGE = {
    "static": "files",
    "language.choose": "leads back at once",
    "people.health": "for machines",
    "people.choose_password": "needs a link from a mail",
    "feedback.feed": "for news readers",
    "rights.download": "a file",
    "letters.poster": "a paper",
    "phone.me": "for the scripts of the phone",
    "phone.kept": "for the scripts of the phone",
    "photos.show": "files",
    "photos.arrived": "for the scripts of the phone",
    "shell.empty": "the screen of the phone before it knows who is there: in the tests of the phone",
    "shell.offline": "without network: in the tests of the phone",
    "shell.manifest": "for the browser",
    "shell.worker": "for the browser",
}
"""What no reader finds by following links, and why."""
ELSEWHERE = {
    "follow.tell": "behind a code, below",
    "rights.kept": "behind a code, where a resident is alone",
    "rights.ask_to_erase": "behind a code, below",
    "lost_codes.index": "while somebody asks for a code",
    "report.about": "after the words, below",
    "report.answer": "after the words, below",
    "report.receipt": "after sending, below",
    "capture.done": "after saving, below",
    "agenda.minutes": "on the day of a consultation: in the whole round",
    "panel.text": "while a text waits for readers: in the whole round",
    "tell.index": "staff have a page of their own for this; workers have it in their bar",
    "tell.read_text": "while there is one member of staff",
}
"""Pages that the demo does not lead to on every day, and where they are looked at."""


@dataclass
class Walk:
    """One reader going through all links, page by page."""

    person: Person
    app: Flask
    language: str
    endpoints: frozenset[str]
    seen: Counter[tuple[str, frozenset[str]]] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def endpoint(self, path: str) -> str | None:
        """The endpoint that answers a GET of this path; None when it is none of ours."""
        try:
            return str(self.app.url_map.bind("localhost").match(path, method="GET")[0])
        except HTTPException:
            return None

    def go_through(self, first: tuple[str, ...]) -> None:
        """Visits everything that can be reached from the first pages."""
        queue, known = deque(first), set(first)
        while queue:
            for link in self.visit(queue.popleft()):
                if link not in known:
                    known.add(link)
                    queue.append(link)

    def visit(self, address: str) -> list[str]:
        """Looks at one page; gives the addresses that it links to."""
        parts = urlsplit(address)
        endpoint = self.endpoint(parts.path)
        if endpoint is None or endpoint in NO_PAGE or endpoint not in self.endpoints:
            return []
        filters = frozenset(parse_qs(parts.query, keep_blank_values=True))
        kind = (endpoint, filters)
        if self.seen[kind] >= (1 if filters else SAMPLES):
            return []
        self.seen[kind] += 1
        self.reached.add(endpoint)
        self.person.page.set_viewport_size({"width": 1280, "height": 800})
        answer = self._open(address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return []
        if answer.status != 200:
            self.found.append(f"{address}: answered {answer.status}")
        # Where it led in the end: a first page may send the reader on.
        links = self.person.page.eval_on_selector_all(
            "a[href]",
            "all => all.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)",
        )
        self.found += [f"{address}: {said}" for said in complaints(self.person.page, self.language)]
        return list(links)

    def _open(self, address: str) -> Response | None:
        try:
            return self.person.page.goto(self.person.origin + address)
        except Error as error:
            if "Download is starting" in error.message:
                return None
            raise


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The addresses of the app; nobody asks it for a page."""
    app = create_app(settings("sqlite://", tmp_path_factory.mktemp("routes")))
    yield app
    app.extensions["signalen.sessions"].engine.dispose()


def pages_for(app: Flask, role: Role | None) -> frozenset[str]:
    """The pages that are meant for a role, or for everyone."""
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGE:
            continue
        guard = vars(app.view_functions[rule.endpoint])["guard"]
        if (guard is None) if role is None else (guard is not None and GRANTS[role] & set(guard)):
            found.add(rule.endpoint)
    return frozenset(found)


def come_in(
    somebody: Callable[..., Person], demo: Demo, role: Role | None, language: str, **options: object
) -> Person:
    """Someone of the demo with this role, reading in this language."""
    person: Person = somebody(demo.url, language, **options)
    if role:
        user = demo.user(role)
        person.sign_in(user["email"], user["password"])
        person.go(f"/language/{language}?to=/account")
    return person


@pytest.mark.parametrize(
    ("role", "language"),
    [
        (None, "nl"),
        (None, "ar"),
        *((role, "nl") for role in (Role.STAFF, Role.WORKER, Role.CITY, Role.PANEL, Role.STEWARD)),
        (Role.PANEL, "ar"),
    ],
    ids=lambda value: value or "everyone",
)
def test_every_page_is_well_made(
    somebody: Callable[..., Person], demo: Demo, routes: Flask, role: Role | None, language: str
) -> None:
    walk = Walk(come_in(somebody, demo, role, language), routes, language, pages_for(routes, role))
    walk.go_through(FIRST_PAGES[role])
    assert not walk.found, "\n".join(walk.found)
    assert walk.endpoints - walk.reached <= ELSEWHERE.keys()


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_every_step_of_a_story_is_well_made(
    somebody: Callable[..., Person], demo: Demo, language: str
) -> None:
    """The page behind a code, for one signal at each stage that the demo has."""
    at_stage = {code["stage"]: code["code"] for code in reversed(demo.codes)}
    assert {"received", "asked", "told"} <= at_stage.keys()
    found: list[str] = []
    reader = somebody(demo.url, language)
    for stage, code in sorted(at_stage.items()):
        reader.go(f"/language/{language}?to=/follow")
        reader.fill("Your code", code)
        reader.press("Show me what happens")
        expect(reader.page).to_have_url(f"{demo.url}/follow/story")
        found += [f"{stage}: {said}" for said in complaints(reader.page, language)]
    for path in ("/follow/kept", "/follow/kept/erase"):
        reader.go(path)
        found += [f"{path}: {said}" for said in complaints(reader.page, language)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_every_step_of_reporting_is_well_made(
    somebody: Callable[..., Person], house: House, language: str
) -> None:
    found: list[str] = []
    rosa = somebody(house.url, language)

    def look(name: str) -> None:
        found.extend(f"{name}: {said}" for said in complaints(rosa.page, language))

    rosa.go("/report/words?kind=signaal")
    rosa.fill("Tell it in your own words", "Bel mij op 0470 12 34 56.")
    rosa.press("Next")
    rosa.sees("Can someone be recognised by this?")
    look("warned")
    rosa.press("Keep it as it is")
    rosa.sees("About what, and where?")
    rosa.open("More, if you want")
    look("about")
    rosa.press("Next")
    rosa.sees("What may we do with it?")
    rosa.tick("By mail or text message")
    rosa.fill("Mail address or mobile number", "no address")
    rosa.press("Send")
    rosa.sees("Look at this first:")
    look("refused")
    rosa.tick("Only with my code")
    rosa.press("Send")
    rosa.sees("We have it")
    look("receipt")
    rosa.page.goto(house.url + "/nothing-here")
    look("not here")
    rosa.errors.clear()  # a page that is not here answers 404, and the console says so
    assert not found, "\n".join(found)


def test_a_captured_signal_and_its_card_are_well_made(somebody: Callable[..., Person], house: House) -> None:
    amina = somebody(house.url, "nl")
    amina.sign_in("amina@example.org", PASSWORD)
    amina.page.locator("#f-text").fill("Drie gezinnen wachten op een sociale woning.")
    amina.tick("A card with a code")
    amina.press("Save")
    amina.follow("The card with the code")
    amina.sees("It is kept")
    assert complaints(amina.page, "nl") == []
    amina.press("Make the card")
    expect(amina.page.locator(".qr svg")).to_be_visible()
    assert complaints(amina.page, "nl") == []


DARK = (
    (None, ("/", "/report", "/report/words", "/board", "/toetsen")),
    (Role.STAFF, ("/desk", "/desk/signals", "/desk/dossiers", "/desk/answers", "/desk/feedback")),
    (Role.WORKER, ("/capture", "/mine")),
    (Role.CITY, ("/city",)),
)


@pytest.mark.parametrize(
    ("role", "pages"), DARK, ids=lambda value: str(value) if isinstance(value, Role) else ""
)
def test_the_main_pages_can_be_read_in_the_dark(
    somebody: Callable[..., Person], demo: Demo, role: Role | None, pages: tuple[str, ...]
) -> None:
    person = come_in(somebody, demo, role, "nl", color_scheme="dark")
    found: list[str] = []
    for address in pages:
        person.go(address)
        found += [f"{address}: {said}" for said in axe(person.page)]
        deeper = person.page.locator(f"main a[href^='{address.rstrip('/')}/']").filter(visible=True)
        if address != "/" and deeper.count():
            deeper.first.click()
            person.page.wait_for_load_state()
            found += [f"{person.page.url}: {said}" for said in axe(person.page)]
    assert not found, "\n".join(found)

"""Every page of the demo, as each role finds it by its links: axe, 320 px, language, no request that leaves, no error."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Error, Response
from werkzeug.exceptions import HTTPException

from signalen.app import create_app
from signalen.core.permissions import GRANTS, Role
from tests.browser.checks import complaints
from tests.browser.person import Person
from tests.conftest import settings
from tests.support.demo import Demo

pytestmark = pytest.mark.browser

SAMPLES = 2
"""Pages of one address pattern that are looked at: the first two, for a pattern with filters the first of each."""

FIRST_PAGES = {
    None: ("/", "/report", "/follow", "/board", "/toetsen", "/sign-in", "/forgotten"),
    Role.STAFF: ("/desk", "/account"),
    Role.WORKER: ("/capture", "/mine", "/account"),
    Role.CITY: ("/city", "/account"),
    Role.PANEL: ("/panel", "/account"),
    Role.STEWARD: ("/house", "/account"),
}
NO_PAGE = {
    "static": "files",
    "language.choose": "leads back at once",
    "people.health": "for machines",
    "people.choose_password": "needs a link from a mail",
}
"""What no reader finds by following links, and why."""


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


def come_in(somebody: Callable[..., Person], demo: Demo, role: Role | None, language: str) -> Person:
    """Someone of the demo with this role, reading in this language."""
    person: Person = somebody(demo.url, language)
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


def test_the_routes_of_the_app_can_be_read(routes: Flask, tmp_path: Path) -> None:
    assert "people.sign_in" in pages_for(routes, None)

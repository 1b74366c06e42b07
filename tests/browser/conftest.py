"""Houses and people for the browser tests. What a page must never do is checked for every person at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.house import House, serve_house
from tests.browser.person import Person, open_person
from tests.support.demo import Demo, serve_demo


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A platform with the cast and nothing in it, shared by the tests of a module."""
    with serve_house(sqlite_template, tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def fresh_house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    """A platform for one test."""
    with serve_house(sqlite_template, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo on the real server, for tests that look and change nothing but what looking changes."""
    with serve_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Callable[..., Person]]:
    """`somebody(origin, "ar", "phone")`: a person with a browser; afterwards nobody's page did what none may do."""
    opened: list[Person] = []

    def come(make: Callable[..., Person], *args: object, **options: object) -> Person:
        opened.append(make(*args, **options))
        return opened[-1]

    yield partial(come, partial(open_person, browser))
    troubles = [trouble for person in opened for trouble in person.troubles]
    for person in opened:
        person.close()
    assert troubles == []

"""Session-wide fixtures: one cluster and one browser for a whole run, started when the first test asks.

Load with `-p tests.support.fixtures`; Playwright allows only one `sync_playwright()` at a time in a process.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.support import chromium, postgres


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL cluster of this run's own; databases in it are the business of the tests."""
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers, for tests that need one of their own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without a window; contexts are the business of the tests."""
    with chromium.launch(playwright) as started:
        yield started

"""A pytest plugin: how many tests ran on SQLite, on PostgreSQL and in the browser; no silent skips.

A skipped test makes the run fail. With `--all-engines` a run without tests on one of the three fails as well.
Load it with `-p tests.support.figures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

PLACE = "place"
PLACES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "browser": "the browser"}


class Figures:
    """Counts the tests that really ran, by the engine in their parameters or their browser marker."""

    def __init__(self, *, all_engines: bool) -> None:
        self.all_engines = all_engines
        self.ran: Counter[str] = Counter()
        self.skipped: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            # A property of the test, because the counting process may be another one than the running process.
            item.user_properties.extend((PLACE, place) for place in sorted(_places(item)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)
        elif report.when == "call":
            self.ran["all"] += 1
            self.ran.update(str(value) for name, value in report.user_properties if name == PLACE)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self.complaints():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        parts = [
            f"{self.ran[place]} {'in' if place == 'browser' else 'on'} {name}"
            for place, name in PLACES.items()
        ]
        terminalreporter.write_line(f"{self.ran['all']} tests ran: {', '.join(parts)}.", bold=True)
        for complaint in self.complaints():
            terminalreporter.write_line(complaint, red=True)

    def complaints(self) -> list[str]:
        """What makes a run without failures fail all the same."""
        said = [f"Skipped, which counts as a failure here: {nodeid}" for nodeid in self.skipped]
        if self.all_engines:
            said += [f"No test ran on {name}." for place, name in PLACES.items() if not self.ran[place]]
        return said


def _places(item: pytest.Item) -> Iterator[str]:
    if item.get_closest_marker("browser"):
        yield "browser"
    callspec = getattr(item, "callspec", None)
    if callspec is not None:
        yield from PLACES.keys() & set(callspec.id.split("-"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--all-engines`."""
    parser.addoption(
        "--all-engines", action="store_true", help="fail unless tests ran on all engines and in a browser"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.pluginmanager.register(Figures(all_engines=config.getoption("--all-engines")), "signalen-figures")

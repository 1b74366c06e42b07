"""The browser of the tests: the system's Chromium, told to talk to nobody but the server under test.

`python -m tests.support.chromium` prints where it is, or exits 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_IT = "Chromium is needed: apt-get install chromium, or set SIGNALEN_CHROMIUM to its program."
# Quiet: nothing that phones home, nothing that needs a graphics card or a large /dev/shm.
FLAGS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
)


class ChromiumMissingError(RuntimeError):
    """No Chromium on this machine; the message says how to get it."""


def find() -> Path:
    """The program of Chromium: SIGNALEN_CHROMIUM, then the PATH, then what Playwright fetched.

    Raises ChromiumMissingError.
    """
    if named := os.environ.get("SIGNALEN_CHROMIUM"):
        candidates = [Path(named)]
    else:
        candidates = [Path(found) for found in map(shutil.which, NAMES) if found]
        fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
        candidates += sorted(fetched.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate
    raise ChromiumMissingError(HOW_TO_GET_IT)


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start Chromium. `options` are those of Playwright's `launch`; the sandbox is off only for root."""
    flags = [*FLAGS, *options.pop("args", [])]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=find(), args=flags, **options)


@cache
def _axe_source() -> str:
    return (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands: a line per violation and element; empty is good.

    The script comes in over the debugging protocol, so the page's own content security policy stays as it is.
    """
    page.evaluate(f"() => {{ {_axe_source()}\n }}")
    violations = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{violation['id']}: {violation['help']} — {' '.join(map(str, node['target']))}"
        for violation in violations
        for node in violation["nodes"]
    ]


def requests_leaving(context: BrowserContext, origin: str) -> list[str]:
    """A list that grows with the address of every request of this context to anywhere but `origin`."""
    left: list[str] = []

    def note(request: Request) -> None:
        inside = request.url == origin or request.url.startswith((origin + "/", "data:", "blob:"))
        if not inside:
            left.append(request.url)

    context.on("request", note)
    return left


if __name__ == "__main__":
    try:
        print(find())
    except ChromiumMissingError as missing:
        sys.exit(str(missing))

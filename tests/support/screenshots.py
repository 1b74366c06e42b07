"""`make screenshots`: the main pages of the demo on phone and desktop, light and dark, into build/screenshots/.

The demo is loaded into a database of its own, so that nobody's trial installation is changed. One file per page,
screen and scheme: `follow-ar-phone-dark.png`. With arguments only the named pages are taken.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.chromium import launch
from tests.support.server import ROOT, live_server

FOLDER = ROOT / "build" / "screenshots"
SCREENS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """A page to take: who looks at it, where to begin, and which link to follow from there (a pattern of its address)."""

    name: str
    path: str
    role: str = ""
    link: str = ""
    language: str = "nl"
    code_at: str = ""
    """A follow code whose signal stands at this stage is typed in."""


SHOTS = (
    Shot("home", "/"),
    Shot("home-ar", "/", language="ar"),
    Shot("report", "/report"),
    Shot("report-ar", "/report", language="ar"),
    Shot("follow", "/follow", code_at="told"),
    Shot("follow-ar", "/follow", language="ar", code_at="told"),
    Shot("board", "/board"),
    Shot("board-dossier", "/board", link=r"/board/[\w-]+$"),
    Shot("toets-public", "/toetsen", link=r"/toets/[\w-]+$"),
    Shot("sign-in", "/sign-in"),
    Shot("capture", "/capture", role="worker"),
    Shot("mine", "/mine", role="worker"),
    Shot("desk", "/desk", role="staff"),
    Shot("signals", "/desk/signals", role="staff"),
    Shot("signal", "/desk/signals", role="staff", link=r"/desk/signals/[0-9a-f-]{36}$"),
    Shot("dossiers", "/desk/dossiers", role="staff"),
    Shot("dossier", "/desk/dossiers", role="staff", link=r"/desk/dossiers/[0-9a-f-]{36}$"),
    Shot("agenda", "/desk/consultations", role="staff", link=r"/desk/consultations/[0-9a-f-]{36}$"),
    Shot("toets", "/desk/decisions", role="staff", link=r"/desk/decisions/[0-9a-f-]{36}$"),
    Shot("city", "/city", role="city"),
    Shot("panel", "/panel", role="panel"),
    Shot("house", "/house", role="steward"),
)


def main(wanted: list[str]) -> int:
    """Take the shots; returns how many failed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="signalen-shots-") as name:
        settings = {"SIGNALEN_INSTANCE": name, "SIGNALEN_DATABASE_URL": f"sqlite:///{name}/signalen.db"}
        _flask(settings, "migrate")
        demo = json.loads(_flask(settings, "demo", "--json"))
        log = Path(name) / "log"
        with (
            live_server(settings, log) as server,
            sync_playwright() as playwright,
            launch(playwright) as browser,
        ):
            failed = [
                each.name
                for each in SHOTS
                if not wanted or each.name in wanted
                if not _take(browser, server.url, each, demo)
            ]
    if failed:
        print(f"Not taken: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _take(browser: Browser, url: str, shot: Shot, demo: dict[str, Any]) -> bool:
    for context, suffix in _contexts(browser, url):
        with context:
            page = context.new_page()
            try:
                _reach(page, shot, demo)
            except LookupError as error:
                print(f"{shot.name}: {error}", file=sys.stderr)
                return False
            page.screenshot(path=FOLDER / f"{shot.name}-{suffix}.png", full_page=True)
    print(shot.name)
    return True


def _contexts(browser: Browser, url: str) -> Iterator[tuple[BrowserContext, str]]:
    for screen, size in SCREENS.items():
        for scheme in SCHEMES:
            yield browser.new_context(base_url=url, viewport=size, color_scheme=scheme), f"{screen}-{scheme}"


def _reach(page: Page, shot: Shot, demo: dict[str, Any]) -> None:
    if shot.role:
        user = next(each for each in demo["users"] if each["role"] == shot.role)
        page.goto("/sign-in")
        page.fill("[name=email]", user["email"])
        page.fill("[name=password]", user["password"])
        page.click("main form button")
    if shot.language != "nl":
        page.goto(f"/language/{shot.language}")
    _open(page, shot.path)
    if shot.code_at:
        codes = [each for each in demo["codes"] if each["stage"] == shot.code_at] or demo["codes"]
        in_language = [each for each in codes if each["language"] == shot.language] or codes
        page.fill("[name=code]", in_language[0]["code"])
        page.click("main form button")
    if shot.link:
        links = page.eval_on_selector_all("main a[href]", "all => all.map(each => each.getAttribute('href'))")
        found = next((href for href in links if re.search(shot.link, href)), None)
        if found is None:
            message = f"no link like {shot.link} on {shot.path}"
            raise LookupError(message)
        _open(page, found)


def _open(page: Page, path: str) -> None:
    answer = page.goto(path)
    if answer is None or not answer.ok:
        message = f"{path} answered {answer.status if answer else 'nothing'}"
        raise LookupError(message)


def _flask(settings: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

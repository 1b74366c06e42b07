"""`make screenshots`: the main pages of the demo on phone and desktop, light and dark, into build/screenshots/.

The demo is loaded into a database of its own, so that nobody's trial installation is changed. One file per page,
screen and scheme: `follow-ar-phone-dark.png`. With arguments only the named pages are taken; `phone` takes the screen of
the phone in each of its states, `readme` the two pictures of the README into docs/pictures/.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.at_screen import STATES, known
from tests.browser.person import open_person
from tests.support.chromium import launch
from tests.support.demo import Demo, serve_demo
from tests.support.server import ROOT

FOLDER = ROOT / "build" / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
SCREENS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
SCHEMES = ("light", "dark")
ITEM = "[0-9a-f-]{36}$"


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
    *(
        Shot(f"{name}{'-ar' if language == 'ar' else ''}", path, "", link, language, code_at)
        for name, path, link, code_at in (
            ("home", "/", "", ""),
            ("report", "/report", "", ""),
            ("report-words", "/report/words?kind=signaal", "", ""),
            ("help", "/report/help", "", ""),
            ("follow-code", "/follow", "", ""),
            ("follow", "/follow", "", "told"),
            ("follow-asked", "/follow", "", "asked"),
            ("board", "/board", "", ""),
            ("board-entry", "/board", r"/board/[\w-]+$", ""),
            ("toets-public", "/toetsen", r"/toets/[\w-]+$", ""),
        )
        for language in ("nl", "ar")
    ),
    Shot("sign-in", "/sign-in"),
    Shot("capture", "/capture", "worker"),
    Shot("mine", "/mine", "worker"),
    Shot("tell", "/mine/tell", "worker"),
    Shot("desk", "/desk", "staff"),
    Shot("signals", "/desk/signals", "staff"),
    Shot("signal", "/desk/signals", "staff", f"/desk/signals/{ITEM}"),
    Shot("dossiers", "/desk/dossiers", "staff"),
    Shot("dossier", "/desk/dossiers", "staff", f"/desk/dossiers/{ITEM}"),
    Shot("consultations", "/desk/consultations", "staff"),
    Shot("agenda", "/desk/consultations", "staff", f"/desk/consultations/{ITEM}"),
    Shot("answers", "/desk/answers", "staff"),
    Shot("telling", "/desk/feedback", "staff"),
    Shot("telling-text", "/desk/feedback", "staff", f"/desk/feedback/{ITEM}"),
    Shot("toets", "/desk/decisions", "staff", f"/desk/decisions/{ITEM}"),
    Shot("city", "/city", "city"),
    Shot("city-ask", "/city", "city", f"/city/asks/{ITEM}"),
    Shot("panel", "/panel", "panel"),
    Shot("panel-ar", "/panel", "panel", language="ar"),
    Shot("house", "/house", "steward"),
)


def main(wanted: Sequence[str]) -> int:
    """Take the shots; returns how many failed."""
    failed = []
    with (
        tempfile.TemporaryDirectory(prefix="signalen-shots-") as name,
        serve_demo(Path(name)) as demo,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        for each in SHOTS:
            if not wanted or each.name in wanted:
                try:
                    _take(browser, each, demo)
                    print(each.name)
                except LookupError as error:
                    failed.append(f"{each.name}: {error}")
        if not wanted or "phone" in wanted:
            _states(browser, demo)
        if not wanted or "readme" in wanted:
            _pictures(browser, demo)
    for line in failed:
        print(line, file=sys.stderr)
    return len(failed)


def _take(browser: Browser, shot: Shot, demo: Demo) -> None:
    """One page, reached once, seen on every screen and in every scheme."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with browser.new_context(base_url=demo.url, locale=shot.language) as context:
        page = context.new_page()
        _reach(page, shot, demo)
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            # As tall as the page: what sticks to the edge of a screen then stands where it belongs.
            tall = page.evaluate("() => document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=FOLDER / f"{shot.name}-{screen}-{scheme}.png", full_page=True)


def _states(browser: Browser, demo: Demo) -> None:
    """The screen of the phone in each state: light, dark and right to left."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    user = demo.user("worker")
    for state in STATES:
        for language, scheme in (("nl", "light"), ("nl", "dark"), ("ar", "light")):
            person = open_person(
                browser, demo.url, language, "phone", color_scheme=scheme, service_workers="block"
            )
            person.sign_in(user["email"], user["password"], f"/language/{language}?to=/sign-in?next=/capture")
            known(person.page)
            state(person)
            _tall(person.page, SCREENS["phone"]["width"])
            name = f"phone-{state.__name__.replace('_', '-')}-{language}-{scheme}"
            person.page.screenshot(path=FOLDER / f"{name}.png")
            print(name)
            person.close()


def _tall(page: Page, width: int) -> None:
    """As tall as the page: what sticks to the edge of a screen then stands where it belongs."""
    tall = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(844, tall)})


def _pictures(browser: Browser, demo: Demo) -> None:
    """What the README shows: what one screen shows, no more."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    shots = {shot.name: shot for shot in SHOTS}
    for name, screen, scale in (("follow", "phone", 2), ("agenda", "desktop", 1)):
        with browser.new_context(
            base_url=demo.url, locale="nl", viewport=SCREENS[screen], device_scale_factor=scale
        ) as context:
            page = context.new_page()
            _reach(page, shots[name], demo)
            page.screenshot(path=PICTURES / f"{name}.png")


def _reach(page: Page, shot: Shot, demo: Demo) -> None:
    if shot.role:
        user = demo.user(shot.role)
        page.goto("/sign-in")
        page.fill("[name=email]", user["email"])
        page.fill("[name=password]", user["password"])
        page.click("main form button")
    page.goto(f"/language/{shot.language}?to=/report")
    _open(page, shot.path)
    if shot.code_at:
        codes = [each for each in demo.codes if each["stage"] == shot.code_at] or demo.codes
        in_language = [each for each in codes if each["language"] == shot.language] or codes
        page.fill("[name=code]", in_language[0]["code"])
        page.click("main form button")
        page.wait_for_url("**/follow/story")
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

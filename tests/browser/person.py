"""A person with a browser: does what people do, by the words on the screen, and notes what no page may do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from signalen.web.locale import catalogue
from tests.support.chromium import requests_leaving

SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
PATIENCE = 10_000
"""Milliseconds until a locator gives up: two cores are shared by the server, the browser and this process."""


def words(language: str, message: str, /, **values: Any) -> str:
    """A message of the interface in a language, as the pages say it."""
    text = catalogue(language).gettext(message)
    return text % values if values else text


@dataclass
class Person:
    """One browser context with one page. `troubles` must be empty at the end."""

    context: BrowserContext
    origin: str
    language: str
    page: Page = field(init=False)
    left: list[str] = field(init=False)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = requests_leaving(self.context, self.origin)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", lambda said: said.type == "error" and self._note(said.text))
        self.page.on("pageerror", lambda error: self._note(str(error)))

    def _note(self, text: str) -> None:
        # A refused form answers 422: Chromium says so on its console, and that is what it should do.
        if "status of 422" not in text:
            self.errors.append(f"{self.page.url}: {text}")

    @property
    def troubles(self) -> list[str]:
        """Requests that left the origin and errors on the console, refusals of the content policy among them."""
        return [*self.left, *self.errors]

    def say(self, message: str, /, **values: Any) -> str:
        """A message in this person's language."""
        return words(self.language, message, **values)

    def go(self, path: str) -> None:
        """Opens a page of the site and finds it well."""
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def sign_in(self, email: str, password: str, path: str = "/sign-in") -> None:
        """Signs in through the form; `path`: the page that was asked for."""
        self.go(path)
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/sign-in"))

    def part(self, heading: str) -> Locator:
        """The part of the page under this heading."""
        title = self.page.get_by_role("heading", level=2, name=self.say(heading), exact=True)
        return self.page.locator("main section, main form, main .card").filter(has=title).last

    def open(self, summary: str, *, within: Locator | None = None) -> Locator:
        """Unfolds what is behind these words, when it is folded."""
        folded = (
            (within or self.page.locator("main"))
            .locator("details")
            .filter(has=self.page.locator("summary").get_by_text(self.say(summary), exact=True))
        )
        if folded.get_attribute("open") is None:
            folded.locator("summary").first.click()
        return folded

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field with this label."""
        return (within or self.page.locator("main")).get_by_label(self.say(label), exact=True)

    def fill(self, label: str, value: str, *, within: Locator | None = None) -> None:
        """Types into the field with this label."""
        self.field(label, within).fill(value)

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Chooses an option of a list by the words it shows."""
        self.field(label, within).select_option(label=option)

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """Ticks a box or a chip by touching its words."""
        (within or self.page.locator("main")).locator("label").filter(
            has_text=re.compile(f"^\\s*{re.escape(self.say(label))}\\s*$")
        ).click()

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """The button with this name."""
        return (within or self.page.locator("main")).get_by_role("button", name=self.say(name), exact=True)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Presses the button with this name."""
        self.button(name, within).click()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follows the link with this name."""
        (within or self.page.locator("main")).get_by_role("link", name=self.say(name), exact=True).click()

    def sees(self, message: str, /, **values: Any) -> None:
        """A sentence of the interface stands on the page."""
        self.reads(self.say(message, **values))

    def reads(self, text: str) -> None:
        """These words stand on the page, for eyes."""
        expect(self.page.locator("main").get_by_text(text).filter(visible=True).first).to_be_visible()

    def close(self) -> None:
        """Puts the browser away; says what went wrong."""
        self.context.close()


def open_person(
    browser: Browser,
    origin: str,
    language: str,
    size: str = "desktop",
    *,
    scripts: bool = True,
    **options: Any,
) -> Person:
    """Someone with a phone or a desktop whose browser asks for `language`. `options` as for `new_context`."""
    context = browser.new_context(
        **{**SIZES[size], "locale": language, "java_script_enabled": scripts, **options}
    )
    return Person(context, origin, language)

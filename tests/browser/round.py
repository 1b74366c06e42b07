"""The people of a whole round, and what they hand to each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from signalen.core.db import Sessions
from signalen.themes.queries import Names, names
from tests.browser.checks import complaints
from tests.browser.house import House
from tests.browser.person import Person
from tests.factories import PASSWORD

WORRY_AR = "مكتب البلدية لا يستقبل أحداً بدون موعد، والموعد يُحجز على الإنترنت فقط. أنا لا أعرف كيف أفعل ذلك."
WORRY_NL = (
    "Het loket werkt alleen nog op afspraak, en een afspraak maak je online. Oudere mensen geven het op."
)
SUMMARY = "Kan geen afspraak aan het loket maken, omdat het alleen online kan."
TITLE = "Het loket is er alleen op afspraak"
MEASURE = "Open het loket elke voormiddag ook voor wie geen afspraak heeft."
SYNTHESIS = (
    "Het loket werkt alleen op afspraak, en een afspraak kan alleen online. Wie dat niet kan, haakt af."
)


class Round:
    """The house, its people, and what they hand to each other."""

    def __init__(self, house: House, somebody: Callable[..., Person], *, scripts: bool) -> None:
        self.house, self.scripts = house, scripts

        def come(language: str, size: str) -> Person:
            return somebody(house.url, language, size, scripts=scripts)

        self.rosa: Person = come("ar", "phone")
        self.amina: Person = come("nl", "phone")
        self.bart: Person = come("nl", "desktop")
        self.sofie: Person = come("nl", "desktop")
        self.chloe: Person = come("nl", "desktop")
        self.emma: Person = come("ar", "phone")
        self.code = ""
        self.references: list[str] = []
        self.dossier = ""

    def all(self) -> tuple[Person, ...]:
        """Everyone with a browser."""
        return self.rosa, self.amina, self.bart, self.sofie, self.chloe, self.emma

    def look(self, person: Person) -> None:
        """A page to which the demo does not lead every day is looked at here, as every page is."""
        size = person.page.viewport_size
        if self.scripts and size:
            assert complaints(person.page, person.language) == []
            person.page.set_viewport_size(size)

    def names(self, language: str) -> Names:
        """The words of the vocabulary."""
        maker: Sessions = self.house.app.extensions["signalen.sessions"]
        with maker.read() as session:
            return names(session, language)

    def day(self, today: date) -> None:
        """It is another day."""
        self.house.travel_to = today

    def at(self, name: str, path: str) -> Person:
        """Someone of the cast opens a page, and signs in when the last time was too long ago."""
        person: Person = getattr(self, name)
        person.go(path)
        if "/sign-in" in person.page.url:
            person.sign_in(f"{name}@example.org", PASSWORD, path)
        return person

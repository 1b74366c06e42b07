"""A phone in the hands of a person of the cast: a page of the house with the scripts of the engine, and no screen.

What the scripts offer is called by name; nothing waits by the clock: the page says when a record came to a state.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route
from sqlmodel import Session, col, select

from signalen.core.permissions import SYSTEM
from signalen.people.devices import revoke_devices
from signalen.people.models import User
from signalen.signals.models import Attachment, Signal
from tests.browser.house import House
from tests.browser.person import Person, open_person
from tests.factories import PASSWORD

SCRIPTS = ("idb", "seal", "store", "queue", "here", "outbox")
SEND = "**/capture/send"
PHOTO = "**/capture/send/*/photos/**"
HOME = "/mine"
"""A page for who is signed in, which none of these scripts belongs to."""
BEHIND = """() => {
  const { outbox, store } = Signalen;
  const row = async (key) => (await outbox.list()).find((each) => each.key === key) || null;
  // Resolves to the row of a record when it is as `fits` says; looks whenever something changed.
  const until = (key, fits) => new Promise((resolve, reject) => {
    const late = setTimeout(async () => reject(new Error(`waited for ${key}: ${JSON.stringify(await row(key))}`)), 25000);
    const look = async () => {
      const found = await row(key);
      if (!found || !fits(found)) return;
      clearTimeout(late);
      store.events.removeEventListener("change", look);
      outbox.removeEventListener("change", look);
      resolve(found);
    };
    store.events.addEventListener("change", look);
    outbox.addEventListener("change", look);
    look();
  });
  const plain = (value) => {
    if (value instanceof CryptoKey) return { key: value.type, extractable: value.extractable };
    if (value instanceof ArrayBuffer) return plain(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), (b) => String.fromCharCode(b)).join("");
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
    return value;
  };
  const dump = async () => {
    const db = await store.open();
    const found = { localStorage: { ...localStorage }, sessionStorage: { ...sessionStorage } };
    for (const name of db.objectStoreNames) found[name] = plain(await db.getAll(name));
    return found;
  };
  self.Behind = { row, until, dump, states: (key, states) => until(key, (found) => states.includes(found.state)) };
}"""


def new_record(text: str, **fields: Any) -> dict[str, Any]:
    """What the screen makes of what was typed."""
    return {"key": str(uuid.uuid4()), "organisation": None, "again_of": None, "overruled": [], "fields": {"text": text, "language": "nl"} | fields}  # fmt: skip


@dataclass
class Phone:
    """A browser with the engine in it. `posts` counts the sealed records that left it, by key."""

    house: House
    person: Person
    posts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        def note(request: Any) -> None:
            if request.method == "POST" and request.url.endswith("/capture/send"):
                self.posts.append(request.post_data_json["key"])

        self.person.context.on("request", note)

    @property
    def page(self) -> Page:
        return self.person.page

    def sign_in(self, name: str = "amina") -> Phone:
        """Signs in through the form, which closes what was there before, and starts the engine."""
        self.person.sign_in(f"{name}@example.org", PASSWORD, HOME)
        return self.open()

    def sign_out(self) -> None:
        """Leaves as the screen does before it signs out; the cookie goes."""
        self.call("leave")
        self.person.context.clear_cookies()

    def open(self, path: str = HOME) -> Phone:
        """Opens a page and starts the engine in it."""
        return self.start(self.page, path)

    def start(self, page: Page, path: str = HOME) -> Phone:
        page.goto(self.house.url + path)
        for name in SCRIPTS:
            page.add_script_tag(url=f"/static/phone/{name}.js")
        page.evaluate(BEHIND)
        page.evaluate("(data) => Signalen.outbox.start(data)", self.data)
        return self

    @property
    def data(self) -> dict[str, Any]:
        """What the page tells the scripts."""
        return {"lang": "nl", "form": 3, "key": self.house.app.extensions["signalen.letterbox"].public}

    def call(self, name: str, *given: Any) -> Any:
        """Calls what the box offers."""
        return self.page.evaluate("([name, given]) => Signalen.outbox[name](...given)", [name, list(given)])

    def ready(self, text: str = "Drie gezinnen wachten op opvang.", **fields: Any) -> str:
        """Writes a record and says that it may go; gives its key."""
        record = new_record(text, **fields)
        self.call("keepDraft", record)
        self.call("ready", record)
        return str(record["key"])

    def becomes(self, key: str, *states: str) -> dict[str, Any]:
        """The record in the list, when it has come to one of these states."""
        return self.page.evaluate("([key, states]) => Behind.states(key, states)", [key, list(states)])

    def tried(self, key: str) -> dict[str, Any]:
        """The record in the list, when it was sent for nothing and waits for another try."""
        return self.page.evaluate(
            "(key) => Behind.until(key, (found) => found.state === 'ready' && found.tries > 0)", key
        )

    def row(self, key: str) -> dict[str, Any] | None:
        """The record as it stands in the list of the person who is here."""
        return self.page.evaluate("(key) => Behind.row(key)", key)

    def lies(self, key: str) -> dict[str, Any] | None:
        """The record as it lies in the database, whoever's it is; bytes as text."""
        return next((row for row in self.dump()["records"] if row["key"] == key), None)

    def dump(self) -> dict[str, Any]:
        """All that the browser keeps for scripts."""
        return self.page.evaluate("() => Behind.dump()")

    def code_of(self, name: str, *given: Any) -> str | None:
        """The code of the trouble that this call runs into; None when it does not."""
        return self.page.evaluate(
            "([name, given]) => Signalen.outbox[name](...given).then(() => null, (error) => error.code || String(error))",
            [name, list(given)],
        )

    def person_here(self) -> dict[str, Any] | None:
        return self.page.evaluate("() => Signalen.outbox.person")

    def answering(self, status: int, body: Any = None, *, only: str | None = None, headers: dict[str, str] | None = None, pattern: str = SEND) -> None:  # fmt: skip
        """The server answers this to what is sent, and never sees it; `only`: to the record with this key."""

        def answer(route: Route) -> None:
            if only is not None and (route.request.post_data_json or {}).get("key") != only:
                route.fallback()
            elif body is None or isinstance(body, str):
                route.fulfill(status=status, body=body or "", headers=headers, content_type="text/html")
            else:
                route.fulfill(status=status, json=body, headers=headers)

        self.person.context.route(pattern, answer)

    def without_network(self, pattern: str = SEND) -> None:
        """Nothing gets through."""
        self.person.context.route(pattern, lambda route: route.abort())

    def losing_one_answer(self, pattern: str = SEND) -> None:
        """The next request arrives and is done; its answer is lost. Playwright asks in the browser's place."""

        def lose(route: Route) -> None:
            assert route.fetch().ok
            route.abort()

        self.person.context.route(pattern, lose, times=1)

    def all_gets_through(self, pattern: str = SEND) -> None:
        self.person.context.unroute(pattern)

    def troubles(self) -> list[str]:
        """What went wrong in the page, apart from answers that these tests ask for."""
        return [each for each in self.person.troubles if "Failed to load resource" not in each]


def signals_of(house: House, key: str) -> list[Signal]:
    """The signals that the server has under this key."""
    with house.app.extensions["signalen.sessions"].read() as session:
        return list(session.exec(select(Signal).where(Signal.key == uuid.UUID(key))).all())


def recorded_by(house: House, signal: Signal) -> str:
    with house.app.extensions["signalen.sessions"].read() as session:
        return session.get_one(User, signal.recorded_by).name


def count_photos(house: House, signal: Signal) -> int:
    with house.app.extensions["signalen.sessions"].read() as session:
        query = sa.select(sa.func.count()).where(col(Attachment.signal_id) == signal.id)
        return int(session.connection().execute(query).scalar_one())


def stop_phones(house: House, name: str = "Amina") -> None:
    """All phones of a person are stopped, as their desk does."""
    with house.app.extensions["signalen.sessions"].write() as session:
        revoke_devices(session, _named(session, name), actor=SYSTEM)
        session.commit()


def _named(session: Session, name: str) -> User:
    return session.exec(select(User).where(User.name == name)).one()


@contextmanager
def phones_in(house: House, browser: Browser) -> Iterator[Callable[[], Phone]]:
    """Phones with nobody signed in; afterwards no script stumbled and nothing left the house."""
    phones: list[Phone] = []

    def take() -> Phone:
        phones.append(Phone(house, open_person(browser, house.url, "nl", "phone")))
        return phones[-1]

    yield take
    troubles = [trouble for phone in phones for trouble in phone.troubles()]
    for phone in phones:
        phone.person.close()
    assert troubles == []

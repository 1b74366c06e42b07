"""A phone in the hand of a base worker: the real screen in Chromium, the real server in a process that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlmodel import select

from signalen.people.models import User
from signalen.signals.models import Signal, SignalText
from signalen.signals.sealing import words_in
from tests.browser.house import furnish
from tests.browser.person import PATIENCE, SIZES
from tests.conftest import environment
from tests.factories import PASSWORD
from tests.support import chromium
from tests.support.server import Server, start_server

AMINA, DRE = "amina@example.org", "dre@example.org"
SEND = "**/capture/send"
PHONE: dict[str, Any] = {**SIZES["phone"], "locale": "nl-BE"}
# The clock of the queue runs faster, so that a time-out takes no part of a minute: the same code stops the same request.
HURRY = """(() => {
  const inner = self.setTimeout;
  self.setTimeout = (work, wait, ...more) => inner(work, wait === 20000 ? 300 : wait, ...more);
})();"""
# Types and taps as a thumb does, then waits until the screen says that it is kept. Rejects with what the screen says.
WRITE = """async ([words, taps]) => {
  const form = document.getElementById("capture");
  const text = form.elements.text;
  const full = document.getElementById("full");
  full.hidden = true;
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  const save = form.querySelector(".sticky button");
  for (let tap = 0; tap < taps; tap += 1) save.click();
  for (let left = 2000; text.value === words; left -= 1) {
    if (!full.hidden) throw new Error(full.textContent);
    if (!left) throw new Error("nothing happened");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!full.hidden) throw new Error(full.textContent);
}"""
# Every record on this phone, whoever wrote it: key, state, and the number that the server gave.
RECORDS = """async () => (await Signalen.store.all("records")).map(({ key, state, receipt, photos }) => (
  { key, state, reference: receipt?.reference ?? null, at: receipt?.at ?? null, photos: photos ?? [] }))"""


@dataclass
class Phones:
    """A platform whose server is a process of its own: stopped and started on the same port and database."""

    app: Flask
    folder: Path
    settings: dict[str, str]
    place: socket.socket
    """Bound and not listening: nobody else takes the port while the server is down, and it refuses whoever calls."""
    server: Server | None = None

    @property
    def port(self) -> int:
        return int(self.place.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts the server, on the port that it had before."""
        self.server = start_server(self.settings, self.folder / "server.log", port=self.port, own_group=True)

    def kill(self) -> None:
        """As when the power goes: no process of the server finishes anything."""
        if self.server is not None:
            os.killpg(self.server.process.pid, signal.SIGKILL)
            self.server.process.wait()
            self.server = None
            while _answers(self.port):  # a worker that was killed is gone a moment later
                pass

    def signals(self) -> list[tuple[str, str, str, str]]:
        """What the database holds, as `signals_in` says it."""
        return signals_in(self.app)


def signals_in(app: Flask) -> list[tuple[str, str, str, str]]:
    """Of each signal in the database: key, number, words, and the address of who recorded it."""
    with app.extensions["signalen.sessions"].read() as session:
        rows = session.exec(
            select(Signal, SignalText, User)
            .join(SignalText, SignalText.signal_id == Signal.id)
            .join(User, User.id == Signal.recorded_by)
        ).all()
        vault = app.extensions["signalen.vault"]
        return [(str(s.key), s.reference, words_in(vault, t), u.email) for s, t, u in rows]


@contextmanager
def serve_phones(template: Path, folder: Path) -> Iterator[Phones]:
    """A platform of its own with the cast, on the real server."""
    app = furnish(template, folder)
    # Chromium opens connections ahead, and one of those would hold a worker without threads.
    own = {"GUNICORN_CMD_ARGS": "--worker-class gthread --threads 4 --log-level warning"}
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", 0))
        phones = Phones(app, folder, environment(f"sqlite:///{folder}/signalen.db", folder) | own, place)
        phones.start()
        try:
            yield phones
        finally:
            phones.kill()
            app.extensions["signalen.sessions"].engine.dispose()


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def sign_in(page: Page, origin: str, email: str = AMINA) -> None:
    """Signs in and waits until the phone knows who is here, and the worker has the screen."""
    page.goto(f"{origin}/sign-in?next=/capture")
    page.locator("#f-email").fill(email)
    page.locator("#f-password").fill(PASSWORD)
    page.locator("form.card button").click()
    page.wait_for_url(f"{origin}/capture")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("#f-text")).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """The screen is open for somebody, and what was being written stands in it."""
    page.locator("#capture:not([hidden])").wait_for()
    page.evaluate(
        """async () => {
          while (!self.Signalen?.outbox?.person) await new Promise((resolve) => setTimeout(resolve, 5));
        }"""
    )


def records(page: Page) -> list[dict[str, Any]]:
    """Every record on this phone."""
    return page.evaluate(RECORDS)


def send_all(page: Page, rounds: int = 40) -> list[dict[str, Any]]:
    """Sends until nothing waits any more, as a person who keeps pressing "send now"; the records as they are then."""
    for _ in range(rounds):
        page.evaluate("() => Signalen.outbox.sendNow().then(() => true)")
        now = records(page)
        if all(record["state"] == "received" for record in now):
            break
    return now


@contextmanager
def profile(playwright: Playwright, folder: Path, **options: Any) -> Iterator[BrowserContext]:
    """Chromium with a profile that stays on disk; it may be killed inside."""
    flags = [*chromium.FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium.find(), args=flags, **{**PHONE, **options}
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def kill_browser(folder: Path) -> None:
    """Kills all processes of the browser that has this profile open, in the middle of what they do."""
    lock = str((folder / "SingletonLock").readlink())
    os.killpg(os.getpgid(int(lock.rpartition("-")[2])), signal.SIGKILL)


def figure(words: str) -> None:
    """A figure for who runs the tests with `-s`."""
    sys.stdout.write(f"\n{words}\n")

"""Speed and memory of the whole application beside a bare one, in one run: `make bench`.

Each engine gets a database with many synthetic signals and a copy of it for the bare application. Bursts on the two
applications alternate, and medians are printed, so that a machine that slows down slows both. Everything stays on
loopback. The bare one comes in two ways (`bare.py`): the targets hold against the ordinary one, and what is reached
against the hardest one is said beside it. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import event

from bench.load import KEY, Figures, burst, get, post
from bench.visitor import Visitor, csrf_token, sign_in
from signalen.app import create_app
from signalen.cli import alembic_config
from signalen.config import load
from signalen.core import clock
from signalen.core.db import Sessions, create_engine
from signalen.core.permissions import SYSTEM, Role
from signalen.core.vault import Vault
from signalen.desk.generate import generate
from signalen.people.models import Membership, Organisation, User
from signalen.people.operations import set_password
from signalen.signals.models import ReferenceCounter
from signalen.themes.operations import load_vocabulary
from tests.support.postgres import cluster
from tests.support.server import Server, live_server

WORKERS = 2
PASSWORD = "only for measuring, on loopback"
LEAST_RATIO = 0.5
MOST_STATEMENTS = {"create": 20, "list": 8}
MOST_MEMORY_MB = 150
BARE = {
    "ordinary": {"create": "/create", "list": "/list"},
    "hardest": {"create": "/create/core", "list": "/list/columns"},
}
"""The ways of the bare application, with their addresses."""
TARGET, OURS = "ordinary", "ours"
LIST = "/desk/signals"
SIGNAL: dict[str, str | list[str]] = {
    "text": "In onze straat staan drie huizen leeg. Mensen zoeken al maanden een woning en vinden niets.",
    "language": "nl",
    "theme": "wonen",
    "district": "deurne",
    "groups": ["armoede", "gezinnen", "ouderen"],
    "barriers": ["wachten", "geld"],
    "people": "2-5",
    "hears_back": "card",
    "key": KEY,
}


@dataclass
class Measured:
    """One action on one engine: the bursts on each side, and the statements of one request of ours."""

    engine: str
    action: str
    bursts: dict[str, list[Figures]]
    statements: int
    memory_mb: float

    def median(self, side: str, name: str) -> float:
        """The figure of this name in the middle burst on this side."""
        return float(statistics.median(getattr(each, name) for each in self.bursts[side]))

    def ratio(self, way: str) -> float:
        """Requests per second of ours as a share of those of the bare one, built in this way."""
        return self.median(OURS, "per_second") / self.median(way, "per_second")

    def missed(self) -> Iterator[str]:
        """The targets this misses."""
        if (ratio := self.ratio(TARGET)) < LEAST_RATIO:
            yield f"{self.engine} {self.action}: ratio {ratio:.2f}, wanted at least {LEAST_RATIO}"
        if self.statements > (most := MOST_STATEMENTS[self.action]):
            yield f"{self.engine} {self.action}: {self.statements} statements, wanted at most {most}"
        if self.memory_mb >= MOST_MEMORY_MB:
            yield f"{self.engine}: a worker takes {self.memory_mb:.0f} MB, wanted below {MOST_MEMORY_MB}"


def main() -> int:
    """Measure, print, and say what is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--signals", type=int, default=100_000, help="how many synthetic signals stand in the database"
    )
    parser.add_argument("--seconds", type=float, default=4, help="length of one burst")
    parser.add_argument("--rounds", type=int, default=3, help="bursts per application and action")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), action="append")
    options = parser.parse_args()
    results: list[Measured] = []
    for engine in options.engine or ("sqlite", "postgres"):
        with (
            tempfile.TemporaryDirectory(prefix="signalen-bench-") as name,
            _database(engine, Path(name)) as (url, copy),
        ):
            _fill(url, Path(name), options.signals)
            results += _measure(
                engine, url, copy(), Path(name), seconds=options.seconds, rounds=options.rounds
            )
    _print(results, options.signals)
    missed = list(dict.fromkeys(line for each in results for line in each.missed()))
    print("\n".join(missed) or "All targets are met.")
    return 1 if missed else 0


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """The address of an empty database, and what makes a copy of it later and gives the copy's address."""
    if engine == "sqlite":
        ours, bare = folder / "ours.db", folder / "bare.db"
        yield f"sqlite:///{ours}", lambda: f"sqlite:///{shutil.copy(ours, bare)}"
    else:
        with cluster(durable=True) as running:
            yield running.create_database("ours"), lambda: running.create_database("bare", template="ours")


def _settings(url: str, folder: Path) -> dict[str, str]:
    return {"SIGNALEN_DATABASE_URL": url, "SIGNALEN_INSTANCE": str(folder)}


def _fill(url: str, folder: Path, signals: int) -> None:
    """Migrate, load the vocabulary, add the two people who sign in, and generate."""
    command.upgrade(alembic_config(url), "head")
    config = load(_settings(url, folder))
    engine = create_engine(url)
    maker = Sessions(engine)
    with maker.write() as session:
        load_vocabulary(session, actor=SYSTEM)
        organisation = Organisation(name="Meetorganisatie")
        session.add(organisation)
        session.flush()
        for role, belongs in ((Role.WORKER, organisation.id), (Role.STAFF, None)):
            user = User(email=f"{role}@bench.invalid", name=role.capitalize(), created_at=clock.now())
            session.add(user)
            session.flush()
            session.add(Membership(user_id=user.id, role=role, organisation_id=belongs, since=clock.now()))
            set_password(session, user, PASSWORD, actor=SYSTEM)
        session.add(ReferenceCounter(series="B", year=clock.today().year, last=0))  # the bare one counts here
        session.commit()
    for done in generate(maker, Vault(config.vault_keys, config.vault_current), signals, seed=1):
        print(f"\r{engine.dialect.name}: {done} of {signals} signals", end="", file=sys.stderr)
    print(file=sys.stderr)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "PRAGMA wal_checkpoint(TRUNCATE)" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
        )
    engine.dispose()


def _measure(
    engine: str, url: str, bare_url: str, folder: Path, *, seconds: float, rounds: int
) -> list[Measured]:
    settings, bare_settings = _settings(url, folder), _settings(bare_url, folder)
    found = {
        action: Measured(engine, action, {side: [] for side in (*BARE, OURS)}, count, 0)
        for action, count in _statements(settings).items()
    }
    with (
        live_server(settings, folder / "ours.log", workers=WORKERS) as ours,
        live_server(
            bare_settings, folder / "bare.log", workers=WORKERS, target="bench.bare:app", probe="/list"
        ) as bare,
    ):
        requests = _requests(ours, bare)
        turns = [(action, side, *sent) for action, sides in requests.items() for side, sent in sides.items()]
        try:
            for _action, _side, server, request, expect in turns:
                # Warms up: templates, statements and pages of the database.
                burst(server.url, request, expect=expect, seconds=1)
            for _ in range(rounds):
                for action, side, server, request, expect in turns:
                    shown = burst(server.url, request, expect=expect, seconds=seconds)
                    found[action].bursts[side].append(shown)
        except RuntimeError as error:
            for name in ("ours", "bare"):
                error.add_note(f"{name}: {(folder / f'{name}.log').read_text(errors='replace')[-2000:]}")
            raise
        for each in found.values():
            each.memory_mb = max(map(_memory_mb, _children(ours.process.pid)))
    return list(found.values())


def _requests(ours: Server, bare: Server) -> dict[str, dict[str, tuple[Server, bytes, int]]]:
    """What is sent to each application per action, and the status that must come back."""
    worker, staff = Visitor(ours.url), Visitor(ours.url)
    sign_in(worker, "worker@bench.invalid", PASSWORD)
    sign_in(staff, "staff@bench.invalid", PASSWORD)
    form: dict[str, str | list[str]] = {**SIGNAL, "csrf_token": csrf_token(worker.text("/capture"))}
    requests = {
        "create": {OURS: (ours, post(f"{ours.url}/capture", form, cookie=worker.cookie), 303)},
        "list": {OURS: (ours, get(f"{ours.url}{LIST}", cookie=staff.cookie), 200)},
    }
    for way, paths in BARE.items():
        requests["create"][way] = (bare, post(f"{bare.url}{paths['create']}", SIGNAL), 303)
        requests["list"][way] = (bare, get(f"{bare.url}{paths['list']}"), 200)
    return requests


def _statements(settings: dict[str, str]) -> dict[str, int]:
    """Statements of one create and of one list, signed in, counted where the driver gets them."""
    app = create_app(load(settings))
    engine = app.extensions["signalen.sessions"].engine
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    counts = {}
    for action, person, path, form in (
        ("create", "worker", "/capture", SIGNAL),
        ("list", "staff", LIST, None),
    ):
        client = app.test_client()
        sign_in(_Inside(client), f"{person}@bench.invalid", PASSWORD)
        token = csrf_token(client.get(path).text)
        # Twice: the first request of a process also loads the names of codes.
        for _ in range(2):
            seen.clear()
            data = {**form, "key": str(uuid.uuid4()), "csrf_token": token} if form else None
            answer = client.post(path, data=data) if data else client.get(path)
            if answer.status_code not in {200, 303}:
                message = f"{path} answered {answer.status_code}: {answer.text[:1500]}"
                raise RuntimeError(message)
        counts[action] = sum(not statement.startswith("BEGIN") for statement in seen)
    engine.dispose()
    return counts


class _Inside:
    """A test client that reads like a visitor."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def text(self, path: str, form: dict[str, str] | None = None) -> str:
        return (self._client.get(path) if form is None else self._client.post(path, data=form)).text


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory_mb(pid: int) -> float:
    """Resident memory, shared pages included."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def _print(results: list[Measured], signals: int) -> None:
    print(f"{signals} signals, {WORKERS} workers, {os.cpu_count()} cores; medians; times in ms")
    columns = f"{'req/s':>7} {'p50':>7} {'p95':>7} {'ours is':>8} {'statements':>11} {'a worker':>9}"
    print(f"{'':>8} {'':>6} {'':>13} {columns}")
    for each in results:
        for side, name in {**{way: f"bare {way}" for way in BARE}, OURS: OURS}.items():
            figures = f"{each.median(side, 'per_second'):7.0f} {each.median(side, 'p50') * 1000:7.2f}"
            figures += f" {each.median(side, 'p95') * 1000:7.2f}"
            more = (
                f" {'':>8} {each.statements:>11} {each.memory_mb:>6.0f} MB"
                if side == OURS
                else f" {each.ratio(side):>8.2f}"
            )
            print(f"{each.engine:>8} {each.action:>6} {name:>13} {figures}{more}")
    for each in results:
        for way in BARE:
            if way != TARGET and (ratio := each.ratio(way)) < LEAST_RATIO:
                print(
                    f"{each.engine} {each.action}: {ratio:.2f} of the {way} bare one; no target, but good to know."
                )


if __name__ == "__main__":
    sys.exit(main())

"""Databases, the app and the cast. Operations run on both engines; pages on SQLite unless `--all-engines`."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import Session

from signalen.app import create_app
from signalen.cli import alembic_config
from signalen.config import Config, load
from signalen.core import clock
from signalen.core.db import Sessions, create_engine
from signalen.core.letterbox import Letterbox
from signalen.core.permissions import SYSTEM
from signalen.core.vault import Vault
from signalen.people.operations import start_sign_in
from signalen.themes.operations import load_vocabulary
from tests.factories import Cast, add_cast

pytest_plugins = ("tests.support.fixtures",)
VAULT_KEY = "test:" + "A" * 43 + "="
PHONE_KEY = "phone:" + "B" * 43 + "="


def environment(url: str, folder: Path) -> dict[str, str]:
    """Settings of a test platform, as a process of its own finds them."""
    return {
        "SIGNALEN_DATABASE_URL": url,
        "SIGNALEN_INSTANCE": str(folder),
        "SIGNALEN_SECRET_KEY": "a secret key for tests, long enough to pass",
        "SIGNALEN_VAULT_KEYS": VAULT_KEY,
        "SIGNALEN_PHONE_KEYS": PHONE_KEY,
    }


def settings(url: str, folder: Path) -> Config:
    """Settings of a test app: nothing from the environment of the person who runs the tests."""
    return load(environment(url, folder))


def _prepare(url: str) -> None:
    """Migrates and loads the vocabulary: what every installation has before the first person comes."""
    command.upgrade(alembic_config(url), "head")
    engine = create_engine(url)
    with Sessions(engine).write() as session:
        load_vocabulary(session, actor=SYSTEM)
        session.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    _prepare(f"sqlite:///{path}")
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster) -> str:
    postgres_cluster.create_database("signalen_template")
    _prepare(postgres_cluster.url("signalen_template"))
    return "signalen_template"


@contextmanager
def _database(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[str]:
    if kind == "sqlite":
        path = tmp_path / "signalen.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    cluster = request.getfixturevalue("postgres_cluster")
    name = f"t{uuid.uuid4().hex[:12]}"
    cluster.create_database(name, template=request.getfixturevalue("postgres_template"))
    try:
        yield cluster.url(name)
    finally:
        cluster.drop_database(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the vocabulary in it, on each engine."""
    with _database(request, request.param, tmp_path) as url:
        yield url


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    config = settings("sqlite://", tmp_path)
    return Vault(config.vault_keys, config.vault_current)


@pytest.fixture
def letterbox(tmp_path: Path) -> Letterbox:
    config = settings("sqlite://", tmp_path)
    return Letterbox(config.phone_keys, config.phone_current)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A writing session on each engine, for tests of operations and queries."""
    engine = create_engine(database_url)
    with Sessions(engine).write() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def cast(session: Session) -> Cast:
    """Amina, Bart and the others, in the database of `session`."""
    return add_cast(session)


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The app on SQLite, with the cast in it (`app.extensions["cast"]`)."""
    with _database(request, "sqlite", tmp_path) as url:
        made = create_app(settings(url, tmp_path))
        made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        with made.extensions["signalen.sessions"].write() as opened:
            made.extensions["cast"] = add_cast(opened)
            opened.commit()
        yield made
        made.extensions["signalen.sessions"].engine.dispose()


@pytest.fixture
def people(app: Flask) -> Cast:
    """The cast of `app`."""
    return app.extensions["cast"]


@pytest.fixture
def store(app: Flask) -> Iterator[Session]:
    """A writing session on the database of `app`; commit to let the app see it, and before the app writes."""
    with app.extensions["signalen.sessions"].write() as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[..., FlaskClient]:
    """`as_(people.amina)`: a client signed in as that person."""

    def sign_in(user) -> FlaskClient:
        with app.extensions["signalen.sessions"].write() as opened:
            token = start_sign_in(opened, user)
            opened.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def query_count(app: Flask) -> Callable[[], list[str]]:
    """Statements since the last call: `query_count(); client.get(...); assert len(query_count()) <= 8`."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(app.extensions["signalen.sessions"].engine, "before_cursor_execute", note)

    def take() -> list[str]:
        taken = seen.copy()
        seen.clear()
        return taken

    return take


@pytest.fixture
def frozen() -> Iterator[datetime]:
    """The clock stands still on a Tuesday in November."""
    moment = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
    with clock.travel(moment):
        yield moment

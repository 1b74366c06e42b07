"""A platform served from this process, so that a test can move its clock."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlmodel import Session, select

from signalen.app import create_app
from signalen.core import clock
from signalen.core.permissions import SYSTEM
from signalen.people.models import User
from signalen.people.operations import set_password
from tests.conftest import settings
from tests.factories import PASSWORD, Cast, add_cast
from tests.support.server import serve_in_thread


@dataclass
class House:
    """A running platform with the cast in it. `travel_to` sets its clock; None is the real one."""

    url: str
    app: Flask
    travel_to: date | datetime | None = None

    def command(self, *words: str) -> str:
        """Runs a command of the platform (`reminders run`) at the time it is in the house."""
        with clock.travel(self.travel_to or clock.now()):
            result = self.app.test_cli_runner().invoke(args=list(words))
        assert result.exit_code == 0, result.output
        return str(result.output)


def furnish(template: Path, folder: Path) -> Flask:
    """A platform with the cast in it, that nobody serves yet."""
    shutil.copy(template, folder / "signalen.db")
    app = create_app(settings(f"sqlite:///{folder}/signalen.db", folder))
    with app.extensions["signalen.sessions"].write() as session:
        _with_passwords(session, add_cast(session))
        session.commit()
    return app


@contextmanager
def serve_house(template: Path, folder: Path) -> Iterator[House]:
    """A platform of its own with the cast, who all have the password of the tests."""
    app = furnish(template, folder)
    house = House("", app)
    inner = app.wsgi_app

    def travelling(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if house.travel_to is None:
            return inner(environ, start)
        with clock.travel(house.travel_to):
            return inner(environ, start)

    app.wsgi_app = travelling
    with serve_in_thread(app) as url:
        house.url = url
        yield house
    app.extensions["signalen.sessions"].engine.dispose()


def _with_passwords(session: Session, cast: Cast) -> None:
    first = cast.amina
    set_password(session, first, PASSWORD, actor=SYSTEM)
    for user in session.exec(select(User)):
        # One slow hash is enough for all; a browser takes no accents in the address of a mail.
        user.password_hash = first.password_hash
        user.email = unicodedata.normalize("NFD", user.email).encode("ascii", "ignore").decode()
        session.add(user)

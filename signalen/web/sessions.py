"""One database session per request: committed once when it went well, rolled back otherwise."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlmodel import Session

from signalen.core.db import Sessions
from signalen.core.letterbox import Letterbox
from signalen.core.vault import Vault

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def sessions() -> Sessions:
    """The maker of sessions of this app."""
    return cast("Sessions", current_app.extensions["signalen.sessions"])


def vault() -> Vault:
    """What seals and opens."""
    return cast("Vault", current_app.extensions["signalen.vault"])


def letterbox() -> Letterbox:
    """What opens what phones have sealed."""
    return cast("Letterbox", current_app.extensions["signalen.letterbox"])


def db() -> Session:
    """The session of this request. A reading request cannot take the write lock, a writing one takes it first."""
    if "db" not in g:
        view = current_app.view_functions.get(request.endpoint or "")
        writes = request.method not in READING or getattr(view, "writes", False)
        g.db = sessions().write() if writes else sessions().read()
        g.db_writes = writes
    return cast("Session", g.db)


def let_go() -> None:
    """Keeps what was done so far and lets go of the lock, before slow work that the database has no part in.

    What comes after is another transaction: look again at what matters.
    """
    if "db" in g:
        g.db.commit()


def keep_on_refusal() -> None:
    """Commits this request even if it answers with a refusal: a wrong try must be remembered."""
    g.keep = True


def init_sessions(app: Flask, maker: Sessions, keys: Vault, box: Letterbox) -> None:
    """Gives the app its database, vault and letterbox."""
    app.extensions["signalen.sessions"] = maker
    app.extensions["signalen.vault"] = keys
    app.extensions["signalen.letterbox"] = box

    @app.after_request
    def finish(response: Response) -> Response:
        session = g.get("db")
        if session is not None and g.db_writes and (response.status_code < 400 or g.get("keep")):
            session.commit()
        return response

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        session = g.pop("db", None)
        if session is not None:
            session.close()

"""When all else fails a phone makes a file of what waits, and its person brings that in: the same letters by another way."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from signalen.core.errors import Conflict, DomainError
from signalen.core.letterbox import from_text
from signalen.core.permissions import Permission
from signalen.core.vault import CannotOpen
from signalen.signals.photos import keep_photo, known_photo, open_sealed, was_removed
from signalen.signals.pieces import LARGEST_SENT
from signalen.signals.routes.phone import bp
from signalen.signals.routes.photos import album
from signalen.signals.routes.send import LONGEST, Refused, open_envelope, take
from signalen.signals.sending import too_many_sent
from signalen.signals.visible import recorded_under
from signalen.web.fragments import page
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import lazy
from signalen.web.security import csrf
from signalen.web.sessions import db, let_go, letterbox, vault

__all__ = ["bp"]  # the pages here hang on the blueprint of the phone
LARGEST = 72 * 1024 * 1024
"""Bytes: the fifty megabytes that a phone holds, as text."""
MOST_RECORDS, MOST_PHOTOS = 200, 400
MOST_MARKS = 10_000
"""Of the commas and brackets in a file; a full one has some three thousand. Read as JSON, millions take the memory of the server."""
VERSION = 1
WHY = {
    "not-yours": lazy("Somebody else wrote this. Only they can bring it in."),
    "unknown-key": lazy("It was made for another server, or too long ago."),
    "cannot-open": lazy("It cannot be opened."),
    "no-key": lazy("It cannot be opened."),
    "conflict": lazy("This was sent before with other words. The first words are kept."),
    "not-a-picture": lazy("A photo that cannot be read."),
    "no-signal": lazy("A photo of a signal that is not here."),
    "not-kept": lazy("It could not be kept. Try again later."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one part of the file. `why` is empty for what is here now; `fresh`: it came just now."""

    reference: str
    fresh: bool = False
    why: str = ""
    photo: bool = False


@bp.get("/capture/import")
@requires(Permission.SIGNAL_RECORD)
def bring() -> Response:
    """The form for the file."""
    return _page()


@bp.post("/capture/import")
@requires(Permission.SIGNAL_RECORD)
def bring_in() -> Response:
    """Takes in what this person wrote, each part for itself: what is here already is not taken twice."""
    let_go()  # reading a large file must not keep others from writing
    request.max_content_length = LARGEST
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        return _page(_("This file is too large."), 413)
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    records, photos = _parts(_read(file.stream.read()) if file else None)
    if records is None:
        return _page(_("This is not a file that a phone made here."), 422)
    opened = [_open(envelope) for envelope in records]
    if too_many_sent(db(), current_actor()):
        return _page(_("That was much in a short time. Try again in ten minutes."), 429)
    lines = [_keep(each) for each in opened]
    lines += _photos(photos)
    return _page(lines=lines)


csrf.exempt(bring_in)  # the view asks for the token itself: before that the file is too large to be read


def _read(data: bytes) -> Any:
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MOST_MARKS:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _parts(sent: Any) -> tuple[list[Any] | None, list[Any]]:
    if not isinstance(sent, dict) or sent.get("signalen") != VERSION:
        return None, []
    records, photos = sent.get("records", []), sent.get("photos", [])
    if not isinstance(records, list) or not isinstance(photos, list):
        return None, []
    too_many = len(records) > MOST_RECORDS or len(photos) > MOST_PHOTOS
    return (None, []) if too_many else (records, photos)


def _open(envelope: Any) -> tuple[uuid.UUID, dict[str, Any]] | str:
    if isinstance(envelope, dict) and len(str(envelope.get("ct", ""))) > LONGEST:
        return "cannot-open"  # as much as a phone could send
    try:
        return open_envelope(envelope, current_actor())
    except Refused as refused:
        return refused.why


def _keep(opened: tuple[uuid.UUID, dict[str, Any]] | str) -> Line:
    if isinstance(opened, str):
        return Line("", why=opened)
    try:
        with db().begin_nested():
            arrived = take(*opened, current_actor())
    except Conflict:
        return Line("", why="conflict")
    except SQLAlchemyError:
        current_app.logger.exception("a record of a file could not be kept")
        return Line("", why="not-kept")
    return Line(arrived.signal.reference, fresh=arrived.fresh)


def _photos(photos: list[Any]) -> Iterator[Line]:
    for photo in photos:
        let_go()  # opening a picture takes long
        yield _photo(photo) if isinstance(photo, dict) else Line("", why="cannot-open", photo=True)


def _photo(photo: dict[str, Any]) -> Line:
    try:
        key, sealed = uuid.UUID(photo.get("key")), from_text(photo["sealed"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Line("", why="cannot-open", photo=True)
    digest = hashlib.sha256(sealed)
    if digest.hexdigest() != photo.get("hash") or len(sealed) > LARGEST_SENT:
        return Line("", why="cannot-open", photo=True)
    actor = current_actor()
    signal = recorded_under(db(), key, actor=actor)
    if signal is None:
        return Line("", why="no-signal", photo=True)
    known = known_photo(db(), signal, digest.digest()) or was_removed(db(), signal, digest.digest())
    if known:
        return Line(signal.reference, photo=True)
    let_go()
    try:
        developed = open_sealed(letterbox(), sealed, key)
        with db().begin_nested():
            keep_photo(db(), vault(), album(), signal, developed, actor=actor)
    except (CannotOpen, DomainError):
        return Line(signal.reference, why="not-a-picture", photo=True)
    return Line(signal.reference, fresh=True, photo=True)


def _page(problem: str = "", status: int = 200, *, lines: list[Line] | None = None) -> Response:
    return page("signals/phone_import.html", status, problem=problem, lines=lines, why=WHY)

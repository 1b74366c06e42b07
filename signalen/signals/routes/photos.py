"""Photos over the wire: in by pieces from a phone, out to who may see the signal, as a download that nothing runs in."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, abort, current_app, make_response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from signalen.core.db import after_commit
from signalen.core.permissions import Actor, Permission, may
from signalen.core.vault import CannotOpen
from signalen.signals.darkroom import PictureRefused
from signalen.signals.models import Attachment, Signal
from signalen.signals.photos import (
    MOST,
    PhotoGone,
    PhotoRow,
    Sent,
    TooManyPhotos,
    find_photo,
    keep_photo,
    known_photo,
    may_remove,
    open_sealed,
    photo_bytes,
    photos_of,
    remove_photo,
    was_removed,
)
from signalen.signals.pieces import LARGEST_SENT, NoRoom, Pieces, WrongPlace
from signalen.signals.routes.scripts import answer, refuse
from signalen.signals.visible import recorded_under
from signalen.signals.workflow import SILENT
from signalen.web.fragments import see
from signalen.web.guards import by_device, current_actor, device_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db, let_go, letterbox, sessions, vault

bp = Blueprint("photos", __name__)
PIECE = 64 * 1024
WAIT = 3600
"""Seconds, for who has too much under way."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ENDINGS = {"image/webp": "webp", "image/jpeg": "jpg"}


def album() -> Path:
    """The folder of the photos, outside the web root."""
    return cast("Path", current_app.extensions["signalen.config"].attachments)


@bp.get("/capture/send/<uuid:key>/photos/<digest>")
@by_device
def arrived(key: uuid.UUID, digest: str) -> Response:
    """How much of a photo is here, so that a phone goes on where it stopped."""
    signal, actor = _recorded_here(key, digest), device_actor()
    known = _settled(signal, digest)
    have = Pieces(vault(), album(), actor.user_id, key, digest).have
    return answer({"have": known.size if isinstance(known, Attachment) else have, "done": known is not None})


@bp.put("/capture/send/<uuid:key>/photos/<digest>")
@by_device
def add(key: uuid.UUID, digest: str) -> Response:
    """One piece of a photo. With the last one it is opened, made anew and kept."""
    signal, actor = _recorded_here(key, digest), device_actor()
    at, size = (request.args.get(name, -1, type=int) for name in ("at", "size"))
    if size > LARGEST_SENT:
        return refuse("too-large")
    if _settled(signal, digest) is not None:
        return answer({"have": size, "done": True}, 201)
    if len(photos_of(db(), signal.id)) >= MOST:
        return refuse("too-many")
    let_go()  # a slow line and a large picture must not keep others from writing
    request.max_content_length = PIECE
    try:
        piece = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return answer({"error": "too-large"}, 413)
    # An empty piece only asks for what is whole already: the answer to the last one was lost.
    if at < 0 or size < 1 or at + len(piece) > size or (not piece and at < size):
        return answer({"error": "bad-request"}, 400)
    pieces = Pieces(vault(), album(), actor.user_id, key, digest)
    try:
        whole = pieces.add(piece, at=at, size=size)
    except WrongPlace as wrong:
        return answer({"have": wrong.have}, 409)
    except NoRoom:
        return _later(429)
    if whole is None:
        return answer({"have": at + len(piece)}, 202)
    return _finished(pieces, whole, key, digest, actor)


def _finished(pieces: Pieces, whole: bytes, key: uuid.UUID, digest: str, actor: Actor) -> Response:
    """The whole photo is here: kept with its signal, or refused for good."""
    sent, why = _opened(whole, key, digest)
    if sent is not None:
        signal = _recorded_here(key, digest)  # another transaction: it may have been withdrawn meanwhile
        try:
            keep_photo(db(), vault(), album(), signal, sent, actor=actor)
        except TooManyPhotos:
            why = "too-many"
    if why:
        pieces.drop()
        return refuse(why)
    after_commit(db(), pieces.drop)
    return answer({"have": len(whole), "done": True}, 201)


def _opened(whole: bytes, key: uuid.UUID, digest: str) -> tuple[Sent | None, str]:
    if hashlib.sha256(whole).hexdigest() != digest:
        return None, "hash"
    try:
        return open_sealed(letterbox(), whole, key), ""
    except CannotOpen:
        return None, "cannot-open"
    except PictureRefused as refused:
        return None, "too-large" if refused.code == "too-large" else "not-a-picture"


def _recorded_here(key: uuid.UUID, digest: str) -> Signal:
    """The signal that the person of this phone recorded with this key; of others nothing is known here."""
    signal = recorded_under(db(), key, actor=device_actor())
    if signal is None or signal.stage in SILENT or not _SHA256.fullmatch(digest):
        abort(answer({"error": "not-found"}, 404))
    return signal


def _settled(signal: Signal, digest: str) -> Attachment | bool | None:
    """The photo when it is here already; True when it was and somebody took it away: it does not come back."""
    sent = bytes.fromhex(digest)
    return known_photo(db(), signal, sent) or (was_removed(db(), signal, sent) or None)


def _later(status: int) -> Response:
    response = answer({"error": "wait"}, status)
    response.headers["Retry-After"] = str(WAIT)
    return response


@bp.get("/attachments/<uuid:photo_id>")
@requires(Permission.SIGNAL_READ)
def show(photo_id: uuid.UUID) -> Response:
    """A photo for who may see its signal. Of a sensitive one the reading is in the log before a byte is given."""
    photo, signal = _find(photo_id)
    try:
        if signal.sensitive:
            with sessions().write() as log:
                data = photo_bytes(log, vault(), album(), photo, signal, actor=current_actor())
                log.commit()
        else:
            data = photo_bytes(db(), vault(), album(), photo, signal, actor=current_actor())
    except PhotoGone:
        abort(404)
    number = [row.id for row in photos_of(db(), signal.id)].index(photo.id) + 1
    response = make_response(data)
    response.headers.update(
        {
            "Content-Type": photo.media_type,
            "Content-Disposition": f"attachment; filename=photo-{number}.{_ENDINGS[photo.media_type]}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
    )
    return response


@bp.post("/attachments/<uuid:photo_id>/remove")
@requires(Permission.SIGNAL_CORRECT, Permission.SIGNAL_PLACE)
def remove(photo_id: uuid.UUID) -> Response:
    """Takes a photo away for good."""
    photo, signal = _find(photo_id)
    remove_photo(db(), album(), photo, signal, actor=current_actor())
    notice(_("The photo was removed."))
    page = "inbox.detail" if may(current_actor(), Permission.SIGNAL_PLACE) else "mine.signal"
    return see(url_for(page, signal_id=signal.id))


def _find(photo_id: uuid.UUID) -> tuple[Attachment, Signal]:
    found = find_photo(db(), photo_id, actor=current_actor())
    if found is None:
        abort(404)
    return found


@bp.app_context_processor
def on_pages() -> dict[str, Any]:
    """For `signals/_pictures.html`, on any page about a signal that its reader may see."""

    def pictures(signal: Signal) -> Sequence[PhotoRow]:
        return photos_of(db(), signal.id)

    return {
        "photos_of": pictures,
        "may_remove_photos": lambda signal: may_remove(current_actor(), signal),
    }

"""Photos that come with a form, from a browser without the scripts of the phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request, session
from werkzeug.datastructures import FileStorage

from signalen.core.errors import NotAllowed
from signalen.core.permissions import Actor
from signalen.signals.darkroom import PictureRefused
from signalen.signals.models import Signal
from signalen.signals.photos import MOST, Sent, TooManyPhotos, keep_photo, open_plain, was_removed
from signalen.signals.routes.photos import album, bp
from signalen.web.forms import Form, messages, say
from signalen.web.guards import current_actor
from signalen.web.locale import lazy
from signalen.web.sessions import db, let_go, vault

LARGEST = 12 * 1024 * 1024
"""Bytes of one photo, as a camera makes it."""
WORDS = 1024 * 1024
FIELD = "photos"

messages(
    {
        "not-a-picture": lazy("Photo %(num)s is not a photo that can be read here. JPEG, PNG and WebP can."),
        "heic": lazy(
            "Photo %(num)s is in the HEIC format, which cannot be read here. Save it as JPEG first."
        ),
        "too-large": lazy("Photo %(num)s is too large: at most 12 MB and 40 megapixels."),
        "hides-something": lazy(
            "Photo %(num)s holds another file too, so it is not taken. Make a new photo of it."
        ),
        "too-many-photos": lazy("At most %(most)s photos with one signal."),
        "photo-gone": lazy("This photo is not here any more."),
    }
)


@bp.app_url_value_preprocessor
def room_for_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The form of a worker may be as large as its photos. Said before anything reads it, the check of the token included."""
    if endpoint == "capture.save":
        make_room()
    if endpoint == "report.add_photo":
        request.max_content_length = LARGEST + WORDS


def make_room() -> None:
    """Only for who is signed in."""
    if "_user_id" in session:
        request.max_content_length = MOST * LARGEST + WORDS


def chosen() -> bool:
    """Whether photos came with this form. A browser does not send them again by itself after a refusal."""
    return next(_files(), None) is not None


def opened(form: Form[Any]) -> Sequence[Sent]:
    """The photos of this form, each made anew; what cannot be taken is said in the form."""
    files = list(_files())
    if len(files) > MOST:
        form.refuse(FIELD, say("too-many-photos", {"most": MOST}))
        return ()
    if files:
        let_go()  # pictures take their time
    found = []
    for number, file in enumerate(files, 1):
        try:
            found.append(_opened(file))
        except PictureRefused as refused:
            form.refuse(FIELD, say(refused.code, {"num": number}))
    return found


def keep(signal: Signal, photos: Sequence[Sent], *, actor: Actor | None = None) -> None:
    """Keeps them with their signal. A form that is sent again changes nothing, and brings back nothing."""
    by = actor or current_actor()
    for sent in photos:
        if was_removed(db(), signal, sent.hash):
            continue
        try:
            keep_photo(db(), vault(), album(), signal, sent, actor=by)
        except (TooManyPhotos, NotAllowed):
            break


def _opened(file: FileStorage) -> Sent:
    data = file.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise PictureRefused("too-large")
    return open_plain(vault(), data)


def _files() -> Iterator[FileStorage]:
    """What was chosen; a field left empty sends a file without a name."""
    return (file for file in request.files.getlist(FIELD) if file.filename)

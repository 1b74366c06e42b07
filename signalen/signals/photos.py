"""Photos of signals: each sealed in a file of its own outside the web root, seen by who sees the signal.

The file stands before its row does and goes after it: what is left over by an accident is swept, what a row names is there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.db import after_commit
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.letterbox import Letterbox
from signalen.core.models import Event
from signalen.core.permissions import Actor, ActorKind, Permission, may
from signalen.core.upsert import insert_new
from signalen.core.vault import Vault
from signalen.signals.darkroom import Picture, develop
from signalen.signals.models import Attachment, Signal, SignalVerb
from signalen.signals.rules import may_see
from signalen.signals.visible import find_signal
from signalen.signals.workflow import SILENT

MOST = 6
"""Photos of one signal."""
PARTS = "parts"
"""The folder, below the one of the photos, of what has not arrived whole yet."""
LEFT_OVER = timedelta(days=1)
UNFINISHED = timedelta(days=7)


class TooManyPhotos(DomainError):
    """A signal has its photos."""

    def __init__(self) -> None:
        super().__init__("too-many-photos", most=MOST)


class PhotoGone(DomainError):
    """The row is there and the file is not: a backup without its photos was put back."""

    def __init__(self) -> None:
        super().__init__("photo-gone")


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, opened and made anew. `hash` (32 bytes): the same photo again is known by it."""

    hash: bytes
    picture: Picture


class PhotoRow(NamedTuple):
    """A photo on a page."""

    id: uuid.UUID
    width: int
    height: int


def open_sealed(letterbox: Letterbox, sealed: bytes, key: uuid.UUID) -> Sent:
    """A photo from a phone. Slow, and needs no database. Raises `CannotOpen` and `PictureRefused`."""
    return Sent(hashlib.sha256(sealed).digest(), develop(letterbox.open_photo(sealed, str(key))))


def open_plain(vault: Vault, data: bytes) -> Sent:
    """A photo from a form. Its hash is a keyed one: nobody can ask whether a certain photo was sent."""
    return Sent(vault.fingerprint(hashlib.sha256(data).hexdigest(), "photo.sent"), develop(data))


def keep_photo(
    session: Session, vault: Vault, folder: Path, signal: Signal, sent: Sent, *, actor: Actor
) -> Attachment:
    """Keeps a photo with a signal, once: the same one again is the first one. At most six."""
    _check_adds(actor, signal)
    session.exec(
        select(Signal.id).where(Signal.id == signal.id).with_for_update()
    ).one()  # one photo after another
    known = known_photo(session, signal, sent.hash)
    if known is not None:
        return known
    if len(photos_of(session, signal.id)) >= MOST:
        raise TooManyPhotos
    photo_id, picture = uuid.uuid4(), sent.picture
    sealed = vault.seal_bytes(picture.data, _context(photo_id))
    photo = Attachment(
        id=photo_id,
        signal_id=signal.id,
        sent_hash=sent.hash,
        name=_write(folder, sealed.data),
        key_id=sealed.key_id,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.data),
        added_at=clock.now(),
        added_by=actor.id if actor.kind is ActorKind.USER else None,
    )
    insert_new(session.connection(), Attachment, photo.model_dump(), unique=["signal_id", "sent_hash"])
    events.record(session, SignalVerb.PHOTO_ADDED, signal, actor=actor, photo=str(photo_id))
    return session.get_one(Attachment, photo_id)


def remove_photo(session: Session, folder: Path, photo: Attachment, signal: Signal, *, actor: Actor) -> None:
    """Takes a photo away for good, by staff or the worker's organisation; the file goes when that is kept.

    A phone that sends it once more, because the first receipt never came, does not bring it back: its hash stays in the log.
    """
    if not may_remove(actor, signal):
        raise NotAllowed(Permission.SIGNAL_CORRECT)
    path = folder / photo.name
    facts = {"photo": str(photo.id), "sent": photo.sent_hash.hex()}
    session.delete(photo)
    session.flush()
    events.record(session, SignalVerb.PHOTO_REMOVED, signal, actor=actor, **facts)
    after_commit(session, lambda: path.unlink(missing_ok=True))


def may_remove(actor: Actor, signal: Signal) -> bool:
    """Staff who see the signal, and the organisation that wrote it, at any stage: a face has no business here."""
    return may(actor, Permission.SIGNAL_PLACE, signal) or may(actor, Permission.SIGNAL_CORRECT, signal)


def photo_bytes(
    session: Session, vault: Vault, folder: Path, photo: Attachment, signal: Signal, *, actor: Actor
) -> bytes:
    """The picture itself. Of a sensitive signal the reading is logged: commit before a byte is shown.

    The session must be a writing one for sensitive signals.
    """
    if not may_see(actor, signal):
        raise NotAllowed(Permission.SIGNAL_READ)
    if signal.sensitive:
        events.record(session, SignalVerb.PHOTO_READ, signal, actor=actor, photo=str(photo.id))
    try:
        sealed = (folder / photo.name).read_bytes()
    except FileNotFoundError:
        raise PhotoGone from None
    return vault.open_bytes(photo.key_id, sealed, _context(photo.id))


def find_photo(session: Session, photo_id: uuid.UUID, *, actor: Actor) -> tuple[Attachment, Signal] | None:
    """A photo and its signal, when this person may see that one."""
    photo = session.get(Attachment, photo_id)
    signal = find_signal(session, photo.signal_id, actor=actor) if photo else None
    return (photo, signal) if photo and signal else None


def photos_of(session: Session, signal_id: uuid.UUID) -> list[PhotoRow]:
    """The photos of a signal that the reader may see, the first one first."""
    query = (
        select(Attachment.id, Attachment.width, Attachment.height)
        .where(Attachment.signal_id == signal_id)
        .order_by(col(Attachment.added_at), col(Attachment.id))
    )
    return [PhotoRow(*row) for row in session.exec(query)]


def known_photo(session: Session, signal: Signal, sent_hash: bytes) -> Attachment | None:
    """The photo of this signal that was sent with this hash."""
    return session.exec(
        select(Attachment).where(Attachment.signal_id == signal.id, Attachment.sent_hash == sent_hash)
    ).first()


def was_removed(session: Session, signal: Signal, sent_hash: bytes) -> bool:
    """Whether somebody took this photo away after it came."""
    query = sa.select(col(Event.data)).where(
        col(Event.subject_id) == signal.id, col(Event.verb) == SignalVerb.PHOTO_REMOVED.value
    )
    return any(data.get("sent") == sent_hash.hex() for data in session.connection().execute(query).scalars())


def sweep(session: Session, folder: Path) -> int:
    """Removes files that no row names, and pieces of photos that stopped coming. Says how many."""
    kept = set(session.exec(select(Attachment.name)))
    gone = 0
    for place, age in ((folder, LEFT_OVER), (folder / PARTS, UNFINISHED)):
        before = (clock.now() - age).timestamp()
        for path in place.iterdir() if place.is_dir() else ():
            if path.name not in kept and path.is_file() and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def make_folder(folder: Path) -> None:
    """Makes a folder that only this user can look into."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _check_adds(actor: Actor, signal: Signal) -> None:
    """Who wrote a signal down adds its photos, as long as it is one. Whether they may still read it is another matter."""
    if actor.kind is ActorKind.GIVER:
        own = actor.id is not None and actor.id == signal.giver_id
    else:
        own = actor.kind is ActorKind.SYSTEM or signal.recorded_by == actor.user_id
    if not own or signal.stage in SILENT:
        raise NotAllowed(Permission.SIGNAL_RECORD)


def _context(photo_id: uuid.UUID) -> str:
    return f"attachment:{photo_id}:photo"


def _write(folder: Path, data: bytes) -> str:
    """Writes a file under a random name; whole and on disk, or not at all."""
    make_folder(folder)
    name = secrets.token_hex(16)
    draft = folder / f"{name}.draft"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    holder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(holder)
    finally:
        os.close(holder)
    return name

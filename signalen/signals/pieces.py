"""Photos on their way: what has arrived of each so far, in a file that any process can add to.

What lies here is sealed by the phone; the name says neither whose it is nor of what.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from contextlib import suppress
from pathlib import Path

from signalen.core.vault import Vault
from signalen.signals.photos import PARTS, make_folder

LARGEST_SENT = 2 * 1024 * 1024
"""Bytes of a sealed photo; an honest one has some four hundred thousand."""
MOST_UNFINISHED = 50 * 1024 * 1024
"""Bytes that one person has under way: as much as a phone may hold."""
SMALLEST = 64 * 1024
"""What each photo under way counts for at least: a million files of one byte fill a disk too."""


class WrongPlace(Exception):
    """Another piece is next: the one that begins at `have`."""

    def __init__(self, have: int) -> None:
        super().__init__(have)
        self.have = have


class NoRoom(Exception):
    """Too much of this person is under way already."""


class Pieces:
    """What has arrived of one photo of one person for one signal."""

    def __init__(self, vault: Vault, folder: Path, person: uuid.UUID, key: uuid.UUID, digest: str) -> None:
        self._folder = folder / PARTS
        self._whose = vault.fingerprint(str(person), "photo.parts").hex()[:16]
        what = vault.fingerprint(f"{person}\0{key}\0{digest}", "photo.part").hex()[:32]
        self._path = self._folder / f"{self._whose}-{what}"

    @property
    def have(self) -> int:
        """Bytes so far."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def add(self, data: bytes, *, at: int, size: int) -> bytes | None:
        """Adds a piece; gives the whole when its `size` is reached. Raises `WrongPlace`, `NoRoom` and `OSError` (disk full)."""
        make_folder(self._folder)
        # Asked with each piece: many that were begun small must not all grow.
        if self._others() + max(size, SMALLEST) > MOST_UNFINISHED:
            raise NoRoom
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # between processes too; let go when the file is closed
            have = os.fstat(file.fileno()).st_size
            if at != have:
                raise WrongPlace(have)
            try:
                file.seek(at)
                file.write(data)
                file.flush()
            except OSError:
                file.truncate(have)
                raise
            if at + len(data) < size:
                return None
            file.seek(0)
            return file.read()

    def drop(self) -> None:
        """Forgets what arrived: it is kept, or can never be."""
        self._path.unlink(missing_ok=True)

    def _others(self) -> int:
        """What the other photos of this person take; one that was finished meanwhile takes nothing."""
        found = 0
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.startswith(self._whose) and entry.name != self._path.name:
                    with suppress(FileNotFoundError):
                        found += max(entry.stat().st_size, SMALLEST)
        return found

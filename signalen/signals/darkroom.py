"""Where pictures are opened: in a process of its own, with little memory, little time and no secrets.

What strangers send goes through decoders written in C. A bomb or a crash there ends that process and nothing else, its
memory is given back for certain, and a worker that serves pages never loads the library of pictures at all.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from signalen.core.errors import DomainError

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20
"""Seconds, for a picture that takes a quarter of one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: upright, small, without metadata."""

    data: bytes
    media_type: str
    width: int
    height: int


class PictureRefused(DomainError):
    """Not kept. Codes: `not-a-picture`, `heic`, `too-large` (pixels or bytes), `hides-something`."""


def develop(data: bytes) -> Picture:
    """The picture in `data`, made anew. Raises `PictureRefused`. Hold no lock of the database meanwhile."""
    program = [sys.executable, "-m", "signalen.signals.pictures"]
    surroundings = {"PATH": os.environ.get("PATH", "")}  # the keys of the vault stay here
    with Path(__file__).open("rb") as door:
        # One at a time on this machine: a handful of large photos must not take a handful of times the memory.
        fcntl.flock(door, fcntl.LOCK_EX)
        try:
            done = subprocess.run(  # noqa: S603  # our own program; the picture travels on its input
                program,
                input=data,
                capture_output=True,
                cwd=ROOT,
                env=surroundings,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PictureRefused("too-large") from None
    said, _, made = done.stdout.partition(b"\n")
    words = said.decode("ascii", "replace").split()
    if done.returncode == 0 and words[:1] == ["kept"]:
        return Picture(made, words[1], int(words[2]), int(words[3]))
    raise PictureRefused(words[1] if done.returncode == 0 and words[:1] == ["refused"] else "not-a-picture")

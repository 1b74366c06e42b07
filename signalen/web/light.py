"""Scripts of the phone as they travel: without comments and indents. The files in `static/` stay as they were written."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import rjsmin


def light_copies(scripts: Path, into: Path) -> Path:
    """Writes the scripts of a folder, lighter, into another one and gives that; what others wrote is left as it is.

    Processes that start together write the same, each file at once and whole.
    """
    into.mkdir(parents=True, exist_ok=True)
    for script in sorted(scripts.glob("*.js")):
        light, target = _light(script), into / script.name
        if target.exists() and target.read_bytes() == light:
            continue
        draft = target.with_suffix(f".{os.getpid()}")
        draft.write_bytes(light)
        draft.replace(target)
    return into


@cache
def _light(script: Path) -> bytes:
    text = script.read_text(encoding="utf-8")
    written_by_hand = "\n" in text.strip() or text.startswith("//")
    return (str(rjsmin.jsmin(text)) if written_by_hand else text).encode()

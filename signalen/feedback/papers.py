"""Letters to givers and posters of dossiers, as PDF. Every word comes in as data: nothing that somebody wrote is ever code."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import segno

FOLDER = Path(__file__).parent
ARCS, GAP = 7, 0.06
"""The ring: arcs, and the room between two of them in radians."""
RIVER, EMPTY, GREEN = "#0d5c63", "#e2ddd2", "#23683f"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text under its heading. `lang`: of the words; the heading speaks the language of the page."""

    label: str
    words: str
    lang: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, all words in `lang` unless a part says another. `code`: shown here and nowhere else."""

    lang: str
    address: str
    day: str
    number_label: str
    reference: str
    title: str
    ring: str
    ring_label: str
    intro: str
    notice: str
    parts: Sequence[Part]
    react: str
    how: str
    follow: str
    code: str
    keep: str
    qr: str


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a poster."""

    lang: str
    text_lang: str
    title: str
    line: str
    parts: Sequence[Part]
    more: str
    scan: str


def letters_pdf(letters: Sequence[Letter], *, title: str) -> bytes:
    """All letters in one file, each beginning on a page of its own."""
    return _made("letters", {"title": title, "letters": [asdict(letter) for letter in letters]})


def poster_pdf(sides: Sequence[Side], *, title: str, ring: str, qr: str, address: str, paper: str) -> bytes:
    """One page in one or two languages. `paper`: a4 or a3."""
    data = {
        "title": title,
        "paper": paper,
        "ring": ring,
        "qr": qr,
        "address": address,
        "sides": [asdict(side) for side in sides],
    }
    return _made("poster", data)


def qr_svg(address: str) -> str:
    """An address as a square to scan."""
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(scale=4, border=2, dark="#000", light="#fff"))


def ring_svg(done: int, *, closed: bool) -> str:
    """The ring of the product on paper: seven arcs, filled as far as the signal came; a check when it is closed."""
    arcs = "".join(
        f'<path d="{_arc(n)}" fill="none" stroke="{RIVER if closed or n < done else EMPTY}" stroke-width="11"/>'
        for n in range(ARCS)
    )
    check = (
        f'<path d="M40 62l14 14 28-30" fill="none" stroke="{GREEN}" stroke-width="9" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">{arcs}{check if closed else ""}</svg>'
    )


def _arc(n: int) -> str:
    """The path of an arc, the first one from the top, clockwise."""
    step = 2 * math.pi / ARCS
    ends = (n * step + GAP - math.pi / 2, (n + 1) * step - GAP - math.pi / 2)
    (x1, y1), (x2, y2) = ((60 + 48 * math.cos(a), 60 + 48 * math.sin(a)) for a in ends)
    return f"M{x1:.2f} {y1:.2f}A48 48 0 0 1 {x2:.2f} {y2:.2f}"


def _made(name: str, data: Any) -> bytes:
    import typst

    return typst.compile(
        str(FOLDER / "typst" / f"{name}.typ"),
        root=str(FOLDER / "typst"),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
    )


@cache
def _fonts() -> Any:
    """The fonts of the project and no others: a letter looks the same on every machine."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER / "fonts")]
    )

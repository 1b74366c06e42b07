"""The vocabulary that comes with the project: codes, names and keywords, as they stand in `facts/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from signalen.core.facts import read_facts

from .models import CodeKind

FACTS = Path(__file__).parent / "facts"

FILES: Mapping[CodeKind, str] = {
    CodeKind.THEME: "themes",
    CodeKind.GROUP: "groups",
    CodeKind.BARRIER: "barriers",
    CodeKind.PLACE: "places",
    CodeKind.LEVEL: "levels",
    CodeKind.SIGNAL_KIND: "kinds",
    CodeKind.ANSWER_KIND: "answer_kinds",
    CodeKind.REFUSAL_REASON: "refusal_reasons",
    CodeKind.FRAME: "frames",
}

MUNICIPALITIES: Mapping[str, str] = {"antwerpen": "Antwerpen"}


@cache
def entries(kind: CodeKind) -> tuple[Mapping[str, Any], ...]:
    """The entries of one kind, in their order. Each has `code` and `names` (language → name)."""
    return tuple(read_facts(FACTS / f"{FILES[kind]}.yaml"))


@cache
def order(kind: CodeKind) -> Mapping[str, int]:
    """The place of each code of a kind, from 1."""
    return {entry["code"]: place for place, entry in enumerate(entries(kind), start=1)}


def item_code(frame: str, number: int) -> str:
    """The code under which the names of a frame item stand."""
    return f"{frame}:{number}"


def answer_needs(code: str) -> tuple[str, ...]:
    """What an answer of this kind needs (facts/answer_kinds.yaml); empty for an unknown kind."""
    return next(
        (tuple(entry["needs"]) for entry in entries(CodeKind.ANSWER_KIND) if entry["code"] == code), ()
    )


def is_interim(code: str) -> bool:
    """Whether an answer of this kind leaves the round at *asked*."""
    return any(
        entry["code"] == code and entry.get("interim", False) for entry in entries(CodeKind.ANSWER_KIND)
    )

"""Who helps now, and where a complaint can be made: facts that a platform can replace by its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from signalen.core.facts import read_facts
from signalen.people.queries import setting

_FACTS = Path(__file__).parent / "facts"


@dataclass(frozen=True, slots=True)
class Helpline:
    """One place to turn to. `number` is None where one goes instead of calls."""

    code: str
    number: str | None
    name: str
    about: str

    @property
    def dial(self) -> str:
        """The number for a `tel:` address."""
        return (self.number or "").replace(" ", "")


@cache
def _default(name: str) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = read_facts(_FACTS / f"{name}.yaml")
    return rows


def helplines(
    session: Session, language: str, *, which: str = "helplines", reasons: Collection[str] | None = None
) -> list[Helpline]:
    """The list in a language (Dutch where it has none). `which`: helplines or complaints.

    `reasons`: only the lines for what the words of a signal point at (`signals.sensitivity`).
    """
    rows = setting(session, which) or _default(which)
    if reasons is not None:
        rows = [row for row in rows if set(row.get("for", ())) & set(reasons)]
    return [
        Helpline(
            str(row["code"]),
            str(row["number"]) if row.get("number") else None,
            row["names"].get(language) or row["names"]["nl"],
            row["about"].get(language) or row["about"]["nl"],
        )
        for row in rows
    ]

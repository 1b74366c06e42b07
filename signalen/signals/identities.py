"""Names of people and street addresses in free text, told by the words around them. Word lists stand in `facts/personal_data.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FACTS = Path(__file__).parent / "facts" / "personal_data.yaml"
_WORD = re.compile(r"[^\W_](?:['\u2019\-]?[^\W_])*")
_NUMBERED = re.compile(r"\d{1,4}[a-zA-Z]?\Z")
_LONGEST_NAME = 5
_LONGEST_INTRODUCTION = 4
_MOST_STREET_WORDS = 6
_SHORTEST_STREET = 6


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    small: str
    start: int
    end: int
    gap: str
    """What stands between the word before and this one."""

    @property
    def close(self) -> bool:
        """Only spaces lie before it."""
        return bool(self.gap) and self.gap.isspace() and "\n" not in self.gap

    @property
    def capitalised(self) -> bool:
        """Written as a name is: a capital, and not all capitals (those are organisations)."""
        return self.text[0].isupper() and (not self.text.isupper() or "-" in self.text) and len(self.text) > 1


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Likely names of people: capitalised words after a title, a word for kin or neighbours, or "my name is"."""
    words, place = _words(text), 0
    while place < len(words):
        first = _name_starts(words, place)
        span = _name_at(words, first) if first is not None else None
        if span is None and first is not None and _lists()["introductions_without_capitals"].intersection(
            _before(words, first)
        ):
            span = (first, first + 1)
        if span is None:
            span = _name_before_title(words, place)
        if span is None:
            place += 1
            continue
        yield words[span[0]].start, words[span[1] - 1].end
        place = span[1]


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Streets with a house number, in Dutch, French and English. A street without a number is a place, not an address."""
    words = _words(text)
    place = 0
    while place < len(words):
        span = _dutch_address(words, place) or _french_address(words, place) or _english_address(words, place)
        if span is None:
            place += 1
            continue
        yield words[span[0]].start, words[span[1] - 1].end
        place = span[1]

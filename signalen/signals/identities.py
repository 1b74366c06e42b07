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
_HOUSE_NUMBER = re.compile(r"\d{1,4}[a-zA-Z]?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_LONGEST_NAME = 5
_LONGEST_INTRODUCTION = 3
_LONGEST_STREET = 6
_LETTERS_BEFORE_ENDING = 2

Span = tuple[int, int]


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
        """Only spaces lie before it, on the same line."""
        return self.gap.isspace() and "\n" not in self.gap

    @property
    def bare(self) -> str:
        """Without what is glued to its front by an apostrophe: l'Église, d'Ahmed."""
        return self.text.replace("\u2019", "'").rsplit("'", 1)[-1] if "'" in self.small[:3] else self.text

    @property
    def capitalised(self) -> bool:
        """Written as a name: a capital, more than an initial (X is nobody), and not all capitals (those are organisations)."""
        return self.bare[0].isupper() and len(self.bare) > 1 and not self.bare.isupper()

    def is_in(self, name: str) -> bool:
        """Whether it stands in a word list."""
        return self.small in _lists()[name]


def find_names(text: str) -> Iterator[Span]:
    """Likely names of people: capitalised words after a title, a word for kin or neighbours, or "my name is"."""
    words, place = _words(text), 0
    while place < len(words):
        span = _name_from(words, place)
        if span:
            yield words[span[0]].start, words[span[1] - 1].end
        place = max(span[1], place + 1) if span else place + 1


def find_addresses(text: str) -> Iterator[Span]:
    """Streets with a house number, in Dutch, French and English. A street without a number is a place, not an address."""
    words, place = _words(text), 0
    while place < len(words):
        span = _dutch_address(words, place) or _french_address(words, place) or _english_address(words, place)
        if span:
            yield words[span[0]].start, words[span[1] - 1].end
        place = max(span[1], place + 1) if span else place + 1


def _name_from(words: Sequence[_Word], place: int) -> Span | None:
    """The name that the word at `place` announces, or (Turkish: Ayşe Hanım) closes."""
    word = words[place]
    before = words[place - 1] if place else None
    if (
        word.is_in("titles_after")
        and word.close
        and before
        and before.capitalised
        and not before.is_in("never")
    ):
        return place - 1, place
    if place + 1 == len(words):
        return None
    small = word.small.rsplit("'", 1)[-1]
    if small in _lists()["titles"]:
        return _name_at(words, place + 1, particle_first=True, after_stop=word.is_in("short_titles"))
    if word.text == "M" and words[place + 1].gap.startswith("."):
        return _name_at(words, place + 1, after_stop=True)
    owned = before is not None and before.is_in("owners") and word.is_in("kin_with_owner")
    if small in _lists()["kin"] or owned:
        return _name_at(words, place + 1)
    if _introduces(words, place, "introductions"):
        return _name_at(words, place + 1)
    if _introduces(words, place, "introductions_without_capitals") and words[place + 1].close:
        return place + 1, place + 2
    return None


def _introduces(words: Sequence[_Word], place: int, name: str) -> bool:
    """Whether one of the phrases of a list ends at `place`."""
    phrases = _lists()[name]
    smalls = [word.small for word in words[max(0, place + 1 - _LONGEST_INTRODUCTION) : place + 1]]
    return any(" ".join(smalls[start:]) in phrases for start in range(len(smalls)))


def _name_at(
    words: Sequence[_Word], start: int, *, particle_first: bool = False, after_stop: bool = False
) -> Span | None:
    """A name that starts here: capitalised words, with particles (van den, El) between them."""
    end = None
    for place in range(start, min(start + _LONGEST_NAME, len(words))):
        word = words[place]
        stop_allowed = after_stop and place == start and word.gap.strip() == "." and "\n" not in word.gap
        if not (word.close or stop_allowed):
            break
        if word.capitalised and not word.is_in("never"):
            end = place + 1
            if word.is_in("particles"):
                end = None if end == start + 1 else end
        elif not word.is_in("particles") or (place == start and not particle_first and not word.capitalised):
            break
    return (start, end) if end else None


def _dutch_address(words: Sequence[_Word], place: int) -> Span | None:
    word = words[place]
    if word.is_in("never_streets"):
        return None
    endings = _lists()["street_endings"]
    if word.capitalised:
        endings |= _lists()["street_endings_with_capital"]
    if not any(
        word.small.endswith(end) and len(word.small) >= len(end) + _LETTERS_BEFORE_ENDING for end in endings
    ):
        return None
    end = _house_number(words, place + 1)
    return (place, end) if end else None


def _french_address(words: Sequence[_Word], place: int) -> Span | None:
    """`rue de la Paix 12` and `12, rue de la Paix`; the name needs a capital."""
    if words[place].small not in _lists()["street_words_fr"]:
        return None
    end = None
    for at in range(place + 1, min(place + 1 + _LONGEST_STREET, len(words))):
        stop_of_short = at == place + 1 and words[at].gap.strip() == "."
        if not (words[at].close or stop_of_short):
            break
        if words[at].capitalised:
            end = at + 1
        elif not words[at].is_in("particles_fr"):
            break
    if end is None:
        return None
    number = _house_number(words, end)
    if number:
        return place, number
    in_front = place > 0 and _is_house_number(words[place - 1].text) and words[place].gap.strip() in ("", ",")
    return (place - 1, end) if in_front else None


def _english_address(words: Sequence[_Word], place: int) -> Span | None:
    """`12 Baker Street`."""
    if not _is_house_number(words[place].text):
        return None
    for at in range(place + 1, min(place + 4, len(words))):
        if not words[at].close or not words[at].capitalised:
            return None
        if at > place + 1 and words[at].is_in("street_words_en"):
            return place, at + 1
    return None


def _house_number(words: Sequence[_Word], place: int) -> int | None:
    """Where a house number that stands at `place` ends, box included; None when it is none, or counts something."""
    if place < len(words) and words[place].is_in("number_words"):
        place += 1
    if place >= len(words) or words[place].gap.strip() not in ("", ",", ".", "\u00b0"):
        return None
    if not _is_house_number(words[place].text) or "\n" in words[place].gap:
        return None
    following = words[place + 1] if place + 1 < len(words) else None
    if following and following.close and following.is_in("units"):
        return None
    boxed = (
        following
        and following.is_in("box_words")
        and place + 2 < len(words)
        and words[place + 2].text.isalnum()
    )
    return place + 3 if boxed else place + 1


def _is_house_number(text: str) -> bool:
    return bool(_HOUSE_NUMBER.match(text)) and not _YEAR.match(text)


def _words(text: str) -> list[_Word]:
    words, last = [], 0
    for match in _WORD.finditer(text):
        small = match[0].casefold().replace("\u2019", "'")
        words.append(_Word(match[0], small, match.start(), match.end(), text[last : match.start()]))
        last = match.end()
    return words


@cache
def _lists() -> dict[str, frozenset[str]]:
    facts: dict[str, dict[str, list[str]]] = yaml.safe_load(_FACTS.read_text("utf-8"))
    return {name: frozenset(entries) for group in facts.values() for name, entries in group.items()}

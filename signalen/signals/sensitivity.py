"""Suggests that a signal is sensitive: violence, children at risk, residence status, discrimination.

A suggestion by words and by theme, kept until a named reader lowers it (design.md). It misses what is told without such words:
therefore a giver can ask for one reader, and staff can set it. The words stand in `facts/sensitive_words.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml


class SensitiveReason(StrEnum):
    """Why a signal is shown to named people only."""

    VIOLENCE = "violence"
    CHILDREN = "children"
    RESIDENCE = "residence"
    DISCRIMINATION = "discrimination"


_FACTS = Path(__file__).parent / "facts" / "sensitive_words.yaml"
# Themes that are sensitive whatever the words.
_BY_THEME = {"discriminatie": SensitiveReason.DISCRIMINATION, "verblijf": SensitiveReason.RESIDENCE}
_MOST_WORDS_BETWEEN = 5
_LETTERS_TO_COUNT_EVERYWHERE = 6

# Letters that people type one for the other and that no normal form makes equal.
_ALIKE = str.maketrans(
    {
        "\u0649": "\u064a", "\u06cc": "\u064a",  # Arabic and Persian yeh
        "\u06a9": "\u0643",  # Persian kaf
        "\u0629": "\u0647",  # teh marbuta
        "\u0640": None, "\u200c": None, "\u200d": None, "\u00ad": None,  # tatweel, joiners, soft hyphen
        "\u02bc": "'", "\u2019": "'",
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae", "ß": "ss", "ґ": "г",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


def looks_sensitive(text: str, language: str, themes: Collection[str] = ()) -> frozenset[SensitiveReason]:
    """The reasons to keep a signal for named readers; empty when nothing points that way.

    `language` is what the giver chose (a region is ignored; unknown ones are fine), `themes` are theme codes. Linear in the text.
    """
    reasons = {reason for theme, reason in _BY_THEME.items() if theme in themes}
    language = language.replace("_", "-").split("-")[0].lower()
    line = f" {' '.join(_words(text))} "
    for reason in SensitiveReason:
        own = _patterns().get((language, reason))
        if _everywhere()[reason].search(line) or (own and own.search(line)):
            reasons.add(reason)
    return frozenset(reasons)


def _words(text: str) -> list[str]:
    """Small letters, without accents and vowel signs, with letters that look alike made equal."""
    # Marks go before as well: Python puts a row of them in order in a time that grows with its square.
    parts = unicodedata.normalize("NFKD", _without_marks(text.casefold().translate(_ALIKE)))
    return _WORD.findall(_without_marks(parts).translate(_ALIKE))


def _without_marks(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def _pattern(entry: str) -> str:
    """The expression for one entry of the list, to be looked for in words that each have one space before and after."""
    parts = [part for part in entry.split() if part]
    if len(parts) == 1 and parts[0].startswith("*"):
        inner = re.escape(_plain(parts[0]))
        return inner if parts[0].endswith("*") else f"{inner}(?= )"
    expression = ""
    for part in parts:
        if part == "..":
            # Lazy and bounded: at most five words are walked from each place.
            expression += f"(?: [^ ]+){{0,{_MOST_WORDS_BETWEEN}}}?"
        else:
            words = _words(part)
            expression += "".join(f" {re.escape(word)}" for word in words)
            expression += "[^ ]*" if part.endswith("*") else "(?= )"
    return expression


def _plain(entry: str) -> str:
    return "".join(_words(entry))


def _counts_everywhere(entry: str) -> bool:
    """Short words mean something else in another language, unless their script says which language it is."""
    plain = _plain(entry)
    return len(entry.split()) > 1 or len(plain) >= _LETTERS_TO_COUNT_EVERYWHERE or not plain.isascii()


@cache
def _entries() -> Mapping[str, Mapping[str, list[str]]]:
    entries: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(_FACTS.read_text("utf-8"))
    return entries


@cache
def _patterns() -> dict[tuple[str, SensitiveReason], re.Pattern[str]]:
    """Per language and reason, the words that count in that language only."""
    found = {}
    for language, by_reason in _entries().items():
        for reason in SensitiveReason:
            own = [_pattern(entry) for entry in by_reason[reason] if not _counts_everywhere(entry)]
            if own:
                found[language, reason] = re.compile("|".join(own))
    return found


@cache
def _everywhere() -> dict[SensitiveReason, re.Pattern[str]]:
    """Per reason, the words of all languages that cannot be mistaken."""
    return {
        reason: re.compile(
            "|".join(
                _pattern(entry)
                for by_reason in _entries().values()
                for entry in by_reason[reason]
                if _counts_everywhere(entry)
            )
        )
        for reason in SensitiveReason
    }

"""The one list of patterns and words for the personal-data check. The page reads the same file (static/phone/personal.js)."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "static" / "phone" / "personal-data.json"

_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = {ord(one): other for one, other in zip("ıøłđß", "ioldß", strict=True)} | {
    ord("ß"): "ss",
    ord("æ"): "ae",
    ord("œ"): "oe",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One letter for a word: which shapes it may have, and in which list it stands or how it looks."""

    letter: str
    shapes: str
    words: frozenset[str] | None
    look: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over the letters of words: what stands before, the finding itself, what stands behind."""

    pattern: re.Pattern[str]
    instead: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the words of a text get their letter, and where a finding is."""

    kind: str
    phrases: dict[str, list[tuple[list[str], str]]]
    """By their last word: the words and the letter. Letter x: for all words of the phrase."""
    tags: list[Tag]
    rules: list[Rule]


@dataclass(frozen=True, slots=True)
class Number:
    """A pattern for something with digits, and how it is checked."""

    kind: str
    pattern: re.Pattern[str]
    check: str


@dataclass(frozen=True, slots=True)
class Personal:
    """The whole file, ready for use."""

    signs: dict[int, int]
    word: re.Pattern[str]
    gaps: frozenset[str]
    numbers: list[Number]
    iban: dict[str, int]
    abroad: dict[str, tuple[int, int]]
    no_plates: frozenset[str]
    grammars: list[Grammar]
    titles: dict[str, str]
    instead: dict[str, dict[str, str]]


def fold(word: str) -> str:
    """Small letters without accents."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", word.lower()))
    return bare.translate(_LETTERS)


@cache
def personal() -> Personal:
    """Reads the file, once."""
    data = json.loads(FILE.read_text("utf-8"))
    lists = {name: " ".join(lines).split() for name, lines in data["lists"].items()}

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("{{letter}}", data["letter"]).replace("{{s}}", data["s"]))

    return Personal(
        signs=_signs(data),
        word=compiled("[{{letter}}0-9](?:['-]?[{{letter}}0-9])*"),
        gaps=frozenset(data["gaps"]),
        numbers=[Number(n["kind"], compiled(n["pattern"]), n.get("check", "")) for n in data["numbers"]],
        iban=data["iban"],
        abroad={code: (least, most) for code, (least, most) in data["abroad"].items()},
        no_plates=frozenset(data["no_plates"]),
        grammars=[_grammar(each, lists) for each in data["grammars"]],
        titles={word: neutral for neutral, words in data["titles"].items() for word in words.split()},
        instead=data["instead"],
    )


def _signs(data: dict[str, Any]) -> dict[int, int]:
    """Signs that are written in several ways, one for one, so that places stay true."""
    signs = {zero + n: ord("0") + n for zero in data["zeros"] for n in range(10)}
    for name, plain in (("spaces", " "), ("dashes", "-"), ("quotes", "'"), ("dots", ".")):
        signs |= dict.fromkeys(data[name], ord(plain))
    return signs


def _grammar(data: dict[str, Any], lists: dict[str, list[str]]) -> Grammar:
    phrases: dict[str, list[tuple[list[str], str]]] = {}
    tags = []
    for letter, shapes, name, *look in data["tags"]:
        if shapes:
            words = frozenset(lists[name]) if name else None
            tags.append(Tag(letter, shapes, words, re.compile(look[0]) if look else None))
            continue
        for phrase in lists[name]:
            words_of = phrase.split("_")
            phrases.setdefault(words_of[-1], []).append((words_of, letter))
    rules = []
    for rule in data["rules"]:
        parts = (rule.get("before", ""), rule["name"], rule.get("after", ""))
        groups = "".join(f"({part})" for part in parts)
        rules.append(
            Rule(re.compile(rule.get("context", "") + groups + rule.get("then", "")), rule["instead"])
        )
    return Grammar(data["kind"], phrases, tags, rules)

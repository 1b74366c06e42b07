"""Cutting a text into sentences, words and syllables, in any of the offered languages. Every pass is linear in the text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import pyphen
import yaml

# Combining marks and the zero-width joiners stand inside words of Arabic, Persian and Bengali, though they are no letters.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0981-\u0983\u09bc-\u09cd\u09e2\u09e3\u200c\u200d\u00ad"
)
_WORD = re.compile(rf"[^\W_](?:[.'\u2019\-\u2010\u2011]?[^\W_{_MARKS}]|[{_MARKS}])*")
# In French the apostrophe parts two words: l'aide is an article and a noun.
_WORD_FR = re.compile(rf"[^\W_](?:[.\-\u2010\u2011]?[^\W_{_MARKS}]|[{_MARKS}])*")

_LINES = re.compile(r"\r\n|[\r\n\u2028\u2029]")
_BULLET = re.compile(r"\s*(?:[-*\u2022\u2013\u2014\u25aa\u25cf\u00b7]|\d{1,3}[.)]|[a-z]\))\s")
_LATIN_STOPS = ".!?\u2026"
# Full stops and question marks of Arabic, Urdu, Ethiopic, Armenian, Devanagari and Chinese always end a sentence.
_OTHER_STOPS = "\u061f\u06d4\u1362\u1367\u1368\u0589\u0964\u3002"
_STOP = re.compile(rf"[{_LATIN_STOPS}{_OTHER_STOPS}]+[\"'\u201d\u2019\u00bb)\]]*")
_LOOK_BACK = 24

_FACTS = Path(__file__).parent / "facts" / "abbreviations.yaml"

_VOWEL_GROUPS = re.compile("[aeiouyàáâäæèéêëìíîïòóôöœùúûüÿ]+")
_SILENT_END = {"fr": re.compile("(?<=.)(?:e|es)$"), "en": re.compile("(?<=[^l])e$")}
_OPEN_END = {"nl": re.compile("[ie][oa](?:['\u2019]?s)?$")}
_LONGEST_HYPHENATED = 40
_LETTERS_A_SYLLABLE = 3
_WORDS_REMEMBERED = 20_000


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, in order, without empty ones.

    A blank line, a list item and a line that is followed by a capital end a sentence too. A full stop does not end one inside a
    number or an address, after an abbreviation or an initial, or before a small letter.
    """
    found = (" ".join(sentence.split()) for block in _blocks(text) for sentence in _cut(block))
    return [sentence for sentence in found if words_of(sentence)]


def words_of(text: str, language: str = "") -> list[str]:
    """The words of a text; numbers, dates and web addresses count as one word each, French elisions as two."""
    return (_WORD_FR if language == "fr" else _WORD).findall(text)


def has_syllables(language: str) -> bool:
    """Whether syllables can be counted in a language (not in Arabic, Persian, Turkish, Tigrinya)."""
    return language in pyphen.LANGUAGES


@lru_cache(maxsize=_WORDS_REMEMBERED)
def syllables_in(word: str, language: str) -> int:
    """The number of syllables of a word: at least 1; by the hyphenation patterns of the language, else by its letters.

    Hyphenation never leaves one letter alone (over, école, studio), so a first or last syllable of a single vowel is added.
    """
    word = word.lower()
    if not any(char.isalpha() for char in word):
        return 1
    if len(word) > _LONGEST_HYPHENATED or not has_syllables(language):
        return max(1, round(len(word) / _LETTERS_A_SYLLABLE))
    cuts = _hyphenator(language).positions(word)
    first = word[: cuts[0]] if cuts else word
    if not cuts and language in _SILENT_END:
        first = _SILENT_END[language].sub("", first)
    lonely_vowel = _VOWEL_GROUPS.match(first) is not None and len(_VOWEL_GROUPS.findall(first)) > 1
    open_end = language in _OPEN_END and _OPEN_END[language].search(word) is not None
    return len(cuts) + 1 + lonely_vowel + open_end


@cache
def _hyphenator(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language)


def _blocks(text: str) -> list[str]:
    """The stretches of a text that no sentence crosses; lines that were merely wrapped are joined again."""
    blocks: list[list[str]] = [[]]
    for line in _LINES.split(text):
        start = line.lstrip()[:1]
        bullet = _BULLET.match(line)
        if not start:
            blocks.append([])
        elif bullet or start.isupper():
            blocks.append([line[bullet.end() :] if bullet else line])
        else:
            blocks[-1].append(line)
    return [" ".join(lines) for lines in blocks if lines]


def _cut(block: str) -> list[str]:
    sentences, start = [], 0
    for stop in _STOP.finditer(block):
        if _ends_sentence(block, stop):
            sentences.append(block[start : stop.end()])
            start = stop.end()
    sentences.append(block[start:])
    return sentences


def _ends_sentence(block: str, stop: re.Match[str]) -> bool:
    mark = stop.group()[0]
    if mark in _OTHER_STOPS:
        return True
    following = block[stop.end() : stop.end() + 4]
    if following and not following[0].isspace():
        return False
    following = following.strip(" \"'\u201c\u2018\u00ab([\u00bf\u00a1")
    if following and following[0].islower():
        return False
    if mark != "." or len(stop.group().rstrip("\"'\u201d\u2019\u00bb)]")) > 1:
        return True
    before = block[max(0, stop.start() - _LOOK_BACK) : stop.start()].split()
    word = before[-1].lstrip("([\"'\u201c\u2018\u00ab") if before else ""
    initial = len(word) == 1 and word.isupper()
    return not (initial or word.lower() in _abbreviations())


@cache
def _abbreviations() -> frozenset[str]:
    facts: dict[str, dict[str, list[str]]] = yaml.safe_load(_FACTS.read_text("utf-8"))
    return frozenset(word for words in facts["never_end"].values() for word in words)

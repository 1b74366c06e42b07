"""The tips of the reading check: what in a text can be said more plainly. Word lists stand in `facts/`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from signalen.texts.sentences import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONG_SENTENCE = 15
VERY_LONG_SENTENCE = 20
"""A sentence of more words than this is a tip, and twice as loud above twenty."""

_FACTS = Path(__file__).parent / "facts"
_NO_LIST: frozenset[str] = frozenset()
_PASSIVE_REACH = 6
_ADDRESS_FROM_SENTENCES = 3
_ADDRESS_FROM_WORDS = 25
_SHOUTED = 0.5
_LONGEST_ABBREVIATION = 6
_ROMAN = re.compile(r"[IVXLC]+\Z")
_WORD_ENDINGS = re.compile(r"['\u2019]s?\Z")


class TipKind(StrEnum):
    """What a tip is about; `number` is the words of the sentence, or the syllables of the word."""

    VERY_LONG_SENTENCE = "very-long-sentence"
    LONG_SENTENCE = "long-sentence"
    PLAINER_WORD = "plainer-word"
    LONG_WORD = "long-word"
    PASSIVE = "passive"
    ABBREVIATION = "abbreviation"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True)
class Tip:
    """One thing that could be plainer. `where` quotes the text (empty: the whole text); `suggestion` is in the text's language."""

    kind: TipKind
    where: str
    number: int | None = None
    suggestion: str | None = None


def tips_on_sentence(sentence: str, words: Sequence[str], language: str) -> Iterator[Tip]:
    """The tips on one sentence, given its words."""
    if len(words) > VERY_LONG_SENTENCE:
        yield Tip(TipKind.VERY_LONG_SENTENCE, sentence, len(words))
    elif len(words) > LONG_SENTENCE:
        yield Tip(TipKind.LONG_SENTENCE, sentence, len(words))
    small = [word.casefold() for word in words]
    yield from _plainer_words(words, small, language)
    found = _passive(small, language)
    if found:
        yield Tip(TipKind.PASSIVE, " ".join(words[found]))


def tips_on_text(text: str, words_by_sentence: Sequence[Sequence[str]], language: str) -> Iterator[Tip]:
    """The tips on a text as a whole: abbreviations without explanation, and nobody spoken to."""
    words = [word for words in words_by_sentence for word in words]
    yield from _abbreviations(text, words, language)
    address = _list(language, "address")
    spoken_to = not address or any(word.casefold() in address for word in words)
    if (
        not spoken_to
        and len(words_by_sentence) >= _ADDRESS_FROM_SENTENCES
        and len(words) >= _ADDRESS_FROM_WORDS
    ):
        yield Tip(TipKind.NO_ADDRESS, "")


def _plainer_words(words: Sequence[str], small: Sequence[str], language: str) -> Iterator[Tip]:
    plain, longest = _plain_words(language)
    place = 0
    while place < len(words):
        for size in range(min(longest, len(words) - place), 0, -1):
            say = plain.get(" ".join(small[place : place + size]))
            if say:
                yield Tip(TipKind.PLAINER_WORD, " ".join(words[place : place + size]), suggestion=say)
                place += size - 1
                break
        place += 1


def _abbreviations(text: str, words: Sequence[str], language: str) -> Iterator[Tip]:
    """Words in capitals that stand nowhere beside brackets: `Name In Full (NIF)` or `NIF (name in full)` explains one."""
    written = [word for word in words if word.isalpha()]
    if written and sum(word.isupper() and len(word) > 1 for word in written) > _SHOUTED * len(written):
        return
    known = _list(language, "known_abbreviations")
    for word in dict.fromkeys(_WORD_ENDINGS.sub("", word) for word in words):
        letters = word.replace(".", "")
        capitals = letters.isupper() and 1 < len(letters) <= _LONGEST_ABBREVIATION and letters.isalpha()
        dotted = (
            word.count(".") >= 1 and all(len(part) <= 1 for part in word.split(".")) and letters.isalpha()
        )
        if not (capitals or dotted) or letters.casefold() in known or _ROMAN.match(letters):
            continue
        if f"({word})" not in text and f"{word} (" not in text:
            yield Tip(TipKind.ABBREVIATION, word)


def _passive(small: Sequence[str], language: str) -> slice | None:
    """The stretch of a sentence that is in the passive voice, from its auxiliary to its participle: a simple guess, nl, fr, en."""
    auxiliaries = _passive_list(language, "auxiliaries")
    for place, word in enumerate(small):
        if word in auxiliaries:
            end = (
                _participle_nl(small, place)
                if language == "nl"
                else _participle_after(small, place, language)
            )
            if end is not None:
                return slice(min(place, end), max(place, end) + 1)
    return None


def _participle_nl(small: Sequence[str], place: int) -> int | None:
    """The participle after *worden*, a few words on, or right before it (`gevraagd wordt`)."""
    breaks, never = _passive_list("nl", "breaks"), _passive_list("nl", "never")
    near, far = tuple(_passive_list("nl", "near_prefixes")), _far_prefixes()
    endings = tuple(_passive_list("nl", "endings"))
    if (
        place > 0
        and small[place - 1].startswith(far)
        and small[place - 1].endswith(endings)
        and small[place - 1] not in never
    ):
        return place - 1
    for at in range(place + 1, min(place + 1 + _PASSIVE_REACH, len(small))):
        word = small[at]
        if word in breaks:
            return None
        # Far from its auxiliary, be- and ver- are mostly nouns, unless it was said by whom (*door*).
        prefixes = far + near if at == place + 1 or "door" in small[place:at] else far
        if len(word) > 4 and word.startswith(prefixes) and word.endswith(endings) and word not in never:
            return at
    return None


@cache
def _far_prefixes() -> tuple[str, ...]:
    plain = tuple(_passive_list("nl", "far_prefixes"))
    return plain + tuple(first + "ge" for first in _passive_list("nl", "separable"))


def _participle_after(small: Sequence[str], place: int, language: str) -> int | None:
    """The participle right after a form of *être* or *to be*, adverbs left aside."""
    if place > 0 and small[place - 1] in _passive_list(language, "reflexive"):
        return None
    at = place + 1
    while at < len(small) and small[at] in _passive_list(language, "adverbs") | _passive_list(
        language, "auxiliaries"
    ):
        at += 1
    if at == len(small) or small[at] in _passive_list(language, "never"):
        return None
    ends = small[at].endswith(tuple(_passive_list(language, "endings"))) and len(small[at]) > 3
    return at if ends or small[at] in _passive_list(language, "irregular") else None


@cache
def _facts(name: str) -> dict[str, dict[str, object]]:
    facts: dict[str, dict[str, object]] = yaml.safe_load((_FACTS / name).read_text("utf-8"))
    return facts


@cache
def _list(language: str, name: str) -> frozenset[str]:
    entries = _facts("reading.yaml").get(language, {}).get(name, ())
    return frozenset(entries) if isinstance(entries, list) else _NO_LIST


@cache
def _passive_list(language: str, name: str) -> frozenset[str]:
    passive = _facts("reading.yaml").get(language, {}).get("passive", {})
    return frozenset(passive.get(name, ())) if isinstance(passive, dict) else _NO_LIST


@cache
def _plain_words(language: str) -> tuple[dict[str, str], int]:
    """Phrase to suggestion, and the number of words of the longest phrase."""
    entries = _facts("plain_words.yaml").get(language, ())
    plain: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry, dict):
            plain |= {
                " ".join(words_of(phrase, language)).casefold(): entry["say"]
                for phrase in entry["instead_of"]
            }
    return plain, max((len(phrase.split()) for phrase in plain), default=0)

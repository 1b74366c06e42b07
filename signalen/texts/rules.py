"""The reading check: measures of a public text, a band and tips. Never a level name: a formula knows no reader (issue 1).

Sources of the formulas: Douma 1960 (Dutch), Kandel and Moles 1958 (French), Flesch 1948 (English); LIX: Björnsson 1968.
All count from about 0 (hard) to 100 (easy), except LIX, which counts from about 20 (easy) to 60 (hard).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from signalen.texts.sentences import has_syllables, sentences_of, syllables_in, words_of
from signalen.texts.tips import (
    LONG_SENTENCE,
    VERY_LONG_SENTENCE,
    Tip,
    TipKind,
    tips_on_sentence,
    tips_on_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG_WORD_SYLLABLES = 4
LONG_WORD_LETTERS = 12
LONG_WORD_LETTERS_WITHOUT_SYLLABLES = 9
LIX_LONG_LETTERS = 7
ENOUGH_WORDS = 30
"""Below this number of words a formula says more about chance than about the text; the band then goes by lengths alone."""
MOST_LISTED = 10
_SHOWN_SENTENCES = 3


class Band(StrEnum):
    """What the check says in one word."""

    CLEAR = "clear"
    MOSTLY_CLEAR = "mostly-clear"
    HARD = "hard"


class Formula(StrEnum):
    """By which formula `ReadingCheck.score` was counted."""

    DOUMA = "flesch-douma"
    KANDEL_MOLES = "kandel-moles"
    FLESCH = "flesch"


@dataclass(frozen=True, slots=True)
class LongSentence:
    """A sentence and its number of words."""

    text: str
    words: int


@dataclass(frozen=True, slots=True)
class LongWord:
    """A long word as it stands in the text; syllables is None where they cannot be counted."""

    text: str
    syllables: int | None


@dataclass(frozen=True, slots=True)
class ReadingCheck:
    """What the check found. An empty text has zeros everywhere and nothing hard in it: look at `words` first.

    `average_sentence` in words; `long_word_share` from 0 to 1; `score` by `formula` (nl, fr, en), `lix` where the script has
    letters that it counts; both None for other languages and for an empty text. `longest` are the longest sentences that are too long.
    """

    language: str
    sentences: int
    words: int
    average_sentence: float
    longest: tuple[LongSentence, ...]
    long_words: tuple[LongWord, ...]
    long_word_share: float
    formula: Formula | None
    score: float | None
    lix: float | None
    band: Band
    tips: tuple[Tip, ...]


@dataclass(frozen=True, slots=True)
class _Flesch:
    formula: Formula
    start: float
    per_sentence_word: float
    per_word_syllable: float
    clear_from: float
    hard_below: float


# Set by measuring: the Dutch demo signals, told by people, score 79 on average; pages of policy notes of the field 23 to 54.
_FLESCH = {
    "nl": _Flesch(Formula.DOUMA, 206.84, 0.93, 77.0, clear_from=65, hard_below=50),
    "fr": _Flesch(Formula.KANDEL_MOLES, 207.0, 1.015, 73.6, clear_from=70, hard_below=55),
    "en": _Flesch(Formula.FLESCH, 206.835, 1.015, 84.6, clear_from=70, hard_below=55),
}
_LIX_CLEAR, _LIX_HARD = 40, 52
# Languages that glue words together have long words in the plainest text: there only the length of sentences is judged.
_GLUING = frozenset({"tr", "fi", "hu", "et"})


def read_text(text: str, language: str) -> ReadingCheck:
    """Measures a text in one language (code as in `<html lang>`; a region such as `nl-BE` is ignored)."""
    language = language.replace("_", "-").split("-")[0].lower()
    sentences = sentences_of(text)
    words_by_sentence = [words_of(sentence, language) for sentence in sentences]
    words = [word for words in words_by_sentence for word in words]
    lengths = [len(words) for words in words_by_sentence]
    long_words = _long_words(words_by_sentence, language)
    average = len(words) / len(sentences) if sentences else 0.0
    share = len(long_words) / len(words) if words else 0.0
    flesch = _FLESCH.get(language)
    score = _flesch_score(words, average, language) if words and flesch else None
    lix = _lix(words, average) if words and has_syllables(language) else None
    return ReadingCheck(
        language=language,
        sentences=len(sentences),
        words=len(words),
        average_sentence=round(average, 1),
        longest=_longest(sentences, lengths),
        long_words=tuple(islice(dict.fromkeys(long_words), MOST_LISTED)),
        long_word_share=round(share, 3),
        formula=flesch.formula if flesch and words else None,
        score=score,
        lix=lix,
        band=_band(language, lengths, score, lix),
        tips=_tips(text, sentences, words_by_sentence, long_words, language),
    )


def _flesch_score(words: Sequence[str], average: float, language: str) -> float:
    flesch = _FLESCH[language]
    syllables = sum(syllables_in(word, language) for word in words) / len(words)
    return round(flesch.start - flesch.per_sentence_word * average - flesch.per_word_syllable * syllables, 1)


def _lix(words: Sequence[str], average: float) -> float:
    """Björnsson's index: words per sentence plus the percentage of words of more than six letters."""
    return round(average + 100 * sum(len(word) >= LIX_LONG_LETTERS for word in words) / len(words), 1)


def _longest(sentences: Sequence[str], lengths: Sequence[int]) -> tuple[LongSentence, ...]:
    too_long = [
        LongSentence(text, words)
        for text, words in zip(sentences, lengths, strict=True)
        if words > LONG_SENTENCE
    ]
    return tuple(sorted(too_long, key=lambda sentence: -sentence.words)[:_SHOWN_SENTENCES])


def _long_words(words_by_sentence: Sequence[Sequence[str]], language: str) -> list[LongWord]:
    """The long words of a text, each time they stand there; names are left out, since no plainer word exists for them."""
    counted = has_syllables(language)
    found: list[LongWord] = []
    for words in words_by_sentence:
        for place, word in enumerate(words):
            is_name = place > 0 and word[0].isupper()
            if is_name or not any(char.isalpha() for char in word):
                continue
            syllables = syllables_in(word, language) if counted else None
            if _is_long(word, syllables):
                found.append(LongWord(word, syllables))
    return found


def _is_long(word: str, syllables: int | None) -> bool:
    letters = sum(char.isalpha() for char in word)
    if syllables is None:
        return letters >= LONG_WORD_LETTERS_WITHOUT_SYLLABLES
    return syllables >= LONG_WORD_SYLLABLES or letters >= LONG_WORD_LETTERS


def _band(language: str, lengths: Sequence[int], score: float | None, lix: float | None) -> Band:
    """The worst of what the sentences say and what the words say; a text that is too short for a formula goes by its sentences."""
    words = sum(lengths)
    if not words:
        return Band.CLEAR
    average = words / len(lengths)
    very_long = sum(length > VERY_LONG_SENTENCE for length in lengths)
    bands = [_by_sentences(average, very_long / len(lengths), any_very_long=very_long > 0)]
    flesch = _FLESCH.get(language)
    if words >= ENOUGH_WORDS and score is not None and flesch:
        bands.append(_between(score, clear_from=flesch.clear_from, hard_below=flesch.hard_below))
    elif words >= ENOUGH_WORDS and lix is not None and language not in _GLUING:
        bands.append(_between(-lix, clear_from=-_LIX_CLEAR, hard_below=-_LIX_HARD))
    return max(bands, key=list(Band).index)


def _by_sentences(average: float, share_very_long: float, *, any_very_long: bool) -> Band:
    if average > VERY_LONG_SENTENCE or share_very_long > 1 / 3:
        return Band.HARD
    return Band.MOSTLY_CLEAR if average > LONG_SENTENCE or any_very_long else Band.CLEAR


def _between(value: float, *, clear_from: float, hard_below: float) -> Band:
    if value >= clear_from:
        return Band.CLEAR
    return Band.HARD if value < hard_below else Band.MOSTLY_CLEAR


def _tips(
    text: str,
    sentences: Sequence[str],
    words_by_sentence: Sequence[Sequence[str]],
    long_words: Sequence[LongWord],
    language: str,
) -> tuple[Tip, ...]:
    """Every tip, at most ten of a kind: a writer mends ten things and checks again."""
    tips = [
        tip
        for sentence, words in zip(sentences, words_by_sentence, strict=True)
        for tip in tips_on_sentence(sentence, words, language)
    ]
    tips += [Tip(TipKind.LONG_WORD, word.text, word.syllables) for word in dict.fromkeys(long_words)]
    tips += tips_on_text(text, words_by_sentence, language)
    kept: dict[TipKind, list[Tip]] = {kind: [] for kind in TipKind}
    for tip in dict.fromkeys(tips):
        if len(kept[tip.kind]) < MOST_LISTED:
            kept[tip.kind].append(tip)
    return tuple(tip for kind in TipKind for tip in kept[kind])

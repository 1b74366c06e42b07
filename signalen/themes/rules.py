"""Which themes a text seems to be about, from the words that people really use. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

MOST_SUGGESTED = 3

_TOKEN = re.compile(r"[^\W_]+")
_SHORT = 4  # a keyword of at most so many letters only bends; longer ones may also stand inside a compound
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "nl": ("", "s", "n", "en", "e", "je", "jes", "er", "ers"),
    "fr": ("", "s", "x", "e", "es"),
    "en": ("", "s", "es", "ed", "ing", "er", "ers"),
    "ar": ("", "ه", "ي", "ات", "ين", "ون", "ها", "هم", "نا", "تي"),
}
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_ARABIC_LETTERS = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None})
# Words that only look like compounds: *transport* has no *sport* in it, *groente* is not *groen*.
_NO_COMPOUNDS = frozenset(["transport", "transporten", "transports", "groente", "groenten"])


def suggest_themes(text: str, language: str, keywords: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes of the themes whose keywords stand in the text, best first, at most three.

    `keywords`: per theme, in the order of the vocabulary, its words in `language`. Capitals and accents do not count;
    inflected words do, and in Dutch the parts of a compound. Nothing is suggested when no keyword stands in the text.
    """
    words = [_plain(found) for found in _TOKEN.findall(_plain(text))]
    if language == "ar":
        words = [_without_article(word) for word in words]
    sought = {
        theme: [_TOKEN.findall(_plain(keyword)) for keyword in theirs] for theme, theirs in keywords.items()
    }
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        places[word].append(place)
    best: dict[int, dict[str, int]] = defaultdict(dict)
    for theme, theirs in sought.items():
        for parts in filter(None, theirs):
            for place in _found(parts, words, places, language):
                weight = sum(map(len, parts))
                best[place][theme] = max(best[place].get(theme, 0), weight)
    score: dict[str, int] = defaultdict(int)
    for weights in _once_per_word(best, words):
        heaviest = max(weights.values())
        for theme, weight in weights.items():
            # The longest keyword has the word: *huurcontract* speaks of housing, though *contract* speaks of work.
            score[theme] += 1 if weight == heaviest else 0
    order = list(keywords)
    ranked = sorted(
        (theme for theme in score if score[theme]), key=lambda theme: (-score[theme], order.index(theme))
    )
    return ranked[:MOST_SUGGESTED]


def _once_per_word(best: Mapping[int, dict[str, int]], words: Sequence[str]) -> Iterator[dict[str, int]]:
    """A word said ten times counts once, with its heaviest keyword per theme."""
    merged: dict[str, dict[str, int]] = defaultdict(dict)
    for place, weights in best.items():
        for theme, weight in weights.items():
            merged[words[place]][theme] = max(merged[words[place]].get(theme, 0), weight)
    return iter(merged.values())


def _found(
    parts: Sequence[str], words: Sequence[str], places: Mapping[str, Sequence[int]], language: str
) -> Iterator[int]:
    """The places of the words by which a keyword (of one or more words) stands in the text."""
    for word, starts in places.items():
        if not _matches(word, parts[0], language):
            continue
        for start in starts:
            said = words[start : start + len(parts)]
            if len(said) == len(parts) and all(map(_matches, said, parts, [language] * len(parts))):
                yield from range(start, start + len(parts))


def _matches(word: str, keyword: str, language: str) -> bool:
    if word == keyword:
        return True
    forms = _forms(keyword) if language == "nl" else (keyword,)
    if len(keyword) <= _SHORT:
        endings = _ENDINGS.get(language, ("",))
        return any(word == form + ending for form in forms for ending in endings)
    if word in _NO_COMPOUNDS:
        return False
    if word.startswith(forms):
        return True
    return language == "nl" and len(word) >= len(keyword) + 3 and any(form in word for form in forms)


def _forms(keyword: str) -> tuple[str, ...]:
    """A Dutch word and its stem before *-en*: *afspraak* and *afsprake*, *bus* and *busse*, *brief* and *brieve*."""
    body, last = keyword[:-1], keyword[-1]
    if len(keyword) < 3 or last in "aeiou" or body[-1] not in "aeiou":
        return (keyword,)
    voiced = {"f": "v", "s": "z"}.get(last, last)
    if body[-2] in "aeou" and body[-2] == body[-1]:
        return (keyword, body[:-1] + voiced + "e")
    if body[-2] in "aeiou":
        return (keyword, body + voiced + "e")
    return (keyword, body + last + last + "e")


def _plain(text: str) -> str:
    """Small letters without accents; Arabic letters in their plainest form."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_ARABIC_LETTERS)


def _without_article(word: str) -> str:
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2 + (len(prefix) == 1):
            return word[len(prefix) :]
    return word

"""Names of people and street addresses in free text, told by the words around them.

Each word gets one letter for what it is (a title, a first name, a word with a capital), the signs between words keep theirs, and
the rules are patterns over that row of letters: `mevrouw Peeters` is `TN`. Letters and rules stand in the list that the page reads too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signalen.signals.personal_words import Grammar, Rule, fold, personal

_LONGEST_WORD = 40
_LONGEST_ELISION = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """One place: the words themselves, and the larger part that a neutral word takes the place of."""

    start: int
    end: int
    first: int
    last: int
    instead: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `begin` is behind what is glued to its front: l'amie, d'Ahmed."""

    small: str
    begin: int
    end: int
    shape: str
    gap: str
    """The sign between the word before and this one; empty for spaces."""

    def ways(self) -> Iterator[str]:
        """How it may stand in a list: as it is, without what is glued to its front or back, its first half."""
        small = self.small
        yield small
        glued = small.find("'")
        if 0 < glued <= _LONGEST_ELISION:
            small = small[glued + 1 :]
            yield small
        elif small.endswith("'s"):
            small = small[:-2]
            yield small
        if "-" in small:
            yield small[: small.index("-")]


def words_of(text: str) -> list[Word]:
    """The words of a text whose signs are plain."""
    known = personal()
    found, last = [], 0
    for match in known.word.finditer(text):
        word = match[0]
        gap = _gap(text[last : match.start()], known.gaps)
        last = match.end()
        glued = word.find("'")
        offset = glued + 1 if 0 < glued <= _LONGEST_ELISION else 0
        shape = _shape(word[offset:] or word)
        offset = offset if word[:1] == word[:1].lower() else 0
        found.append(Word(fold(word[:_LONGEST_WORD]), match.start() + offset, last, shape, gap))
    return found


def identities(text: str, words: list[Word], grammar: Grammar, language: str) -> Iterator[Identity]:
    """What the rules of a grammar find, rule by rule; what an earlier rule took is taken."""
    row, places = _row(words, grammar)
    taken = bytearray(len(words))
    for rule in grammar.rules:
        for match in rule.pattern.finditer(row):
            named = [n for n in places[match.end(1) : match.end(2)] if n >= 0]
            whole = [n for n in places[match.start() : match.end()] if n >= 0]
            if not named or any(taken[named[0] : named[-1] + 1]):
                continue
            taken[named[0] : named[-1] + 1] = b"\1" * (named[-1] + 1 - named[0])
            yield _identity(text, words, (named, whole), rule, language)


def _identity(
    text: str, words: list[Word], found: tuple[list[int], list[int]], rule: Rule, language: str
) -> Identity:
    known = personal()
    named, whole = found
    start, end = words[named[0]].begin, words[named[-1]].end
    neutral = known.instead.get(language, known.instead["en"])
    first, last, instead = start, end, neutral.get(rule.instead, neutral["name"])
    if rule.instead == "title":
        first, last = words[whole[0]].begin, words[whole[-1]].end
        around = [way for n in whole if n not in named for way in words[n].ways()]
        instead = next((known.titles[way] for way in around if way in known.titles), neutral["name"])
    elif rule.instead == "keep":
        first = words[whole[0]].begin
        instead = text[first : words[whole[whole.index(named[0]) - 1]].end]
    starts = whole[0] == 0 or words[whole[0]].gap in {"|", ".", "!", "?"}
    if starts and rule.instead in {"title", "name"} and text[first] != text[first].lower():
        instead = instead[:1].upper() + instead[1:]
    return Identity(start, end, first, last, instead)


def _row(words: list[Word], grammar: Grammar) -> tuple[str, list[int]]:
    """The letters of all words with the signs between them, and for each letter which word it is."""
    letters = [""] * len(words)
    _mark_phrases(words, grammar, letters)
    row, places = ["|"], [-1]
    for n, word in enumerate(words):
        if word.gap and n:
            row.append(word.gap)
            places.append(-1)
        row.append(letters[n] or _letter(word, grammar))
        places.append(n)
    return "".join(row), places


def _mark_phrases(words: list[Word], grammar: Grammar, letters: list[str]) -> None:
    for n, word in enumerate(words):
        for phrase, letter in grammar.phrases.get(word.small, ()):
            first = n + 1 - len(phrase)
            if first < 0 or any(words[first + k].small != small for k, small in enumerate(phrase)):
                continue
            if any(each.gap for each in words[first + 1 : n + 1]):
                continue
            if letter == "x":
                letters[first : n + 1] = ["x"] * len(phrase)
            elif not letters[n]:
                letters[n] = letter


def _letter(word: Word, grammar: Grammar) -> str:
    ways = list(word.ways())
    for tag in grammar.tags:
        if word.shape not in tag.shapes:
            continue
        if tag.words is not None and not any(way in tag.words for way in ways):
            continue
        if tag.look is not None and not tag.look.search(ways[0]):
            continue
        return tag.letter
    return "z"


def _shape(word: str) -> str:
    """0 begins with a digit, I one capital, A all capitals, C a capital, l small, o letters that know no capitals."""
    first = word[0]
    if first in "0123456789":
        return "0"
    if len(word) > _LONGEST_WORD:
        return "o"
    if first != first.lower():
        if len(word) == 1:
            return "I"
        return "A" if word == word.upper() else "C"
    return "l" if first != first.upper() else "o"


def _gap(between: str, signs: frozenset[str]) -> str:
    """The sign for what stands between two words: nothing for spaces, ~ for a stop or comma without one."""
    if "\n" in between or "\r" in between:
        return "|"
    if between in {".", ","}:
        return "~"
    bare = between.strip(" ")
    if not bare:
        return "" if between else "_"
    return next((sign for sign in bare if sign in signs), "_")

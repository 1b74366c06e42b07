"""Looks for what points at a person in free text, before it is saved: the writer is warned, in place, and decides (design.md).

A warning, not a wall: it finds the common ways of writing and stays silent when in doubt, because a check that cries too often is
clicked away. Every pass is linear in the text. The page finds the same with the same list (static/phone/personal.js).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from signalen.signals.identities import Identity, identities, words_of
from signalen.signals.personal_words import Number, personal


class PersonalData(StrEnum):
    """What was found."""

    EMAIL = "email"
    BANK_ACCOUNT = "bank-account"
    NATIONAL_NUMBER = "national-number"
    PHONE = "phone"
    ADDRESS = "address"
    NAME = "name"
    PLATE = "plate"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the text: `text[start:end] == quote`. A neutral writing puts `instead` in the place of `text[first:last]`."""

    kind: PersonalData
    start: int
    end: int
    quote: str
    instead: str
    first: int
    last: int
    before: str
    """The words before it in its sentence, and behind it: to show where it stands."""
    after: str


HOME_REGION = "BE"
_CONTEXT = 60
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")


def find_personal_data(text: str, language: str = "nl") -> list[Finding]:
    """Everything that was found, in the order of the text, without overlaps (an account number is not also a phone number).

    `language`: of the neutral words; English for a language that has none.
    """
    known = personal()
    plain = text.translate(known.signs)
    neutral = known.instead.get(language, known.instead["en"])
    found: list[tuple[str, Identity]] = []
    taken: list[Identity] = []
    for number in known.numbers:
        spans = [
            Identity(start, end, start, end, neutral[number.kind]) for start, end in _numbers(plain, number)
        ]
        fresh = _without_overlaps(spans, taken)
        found += ((number.kind, each) for each in fresh)
        taken = sorted(taken + fresh, key=_start)
    words = words_of(plain)
    for grammar in known.grammars:
        spans = sorted(identities(plain, words, grammar, language), key=_start)
        fresh = _without_overlaps(spans, taken)
        found += ((grammar.kind, each) for each in fresh)
        taken = sorted(taken + fresh, key=_start)
    return [_finding(text, kind, each) for kind, each in sorted(found, key=lambda pair: pair[1].start)]


def kinds_in(findings: Iterable[Finding]) -> list[str]:
    """Which kinds were found, each once, without a word of the text: what may stand in a log."""
    return sorted({finding.kind.value for finding in findings})


def is_national_number(digits: str) -> bool:
    """Whether eleven digits are a Belgian national register or BIS number.

    Six digits of birth, three in a row of the day, two check digits: 97 minus the first nine modulo 97, with a 2 before them for
    people born from 2000 on. In a BIS number the month is raised by 20 or 40; an unknown month or day is 0.
    """
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    if int(digits[2:4]) > 52 or month > 12 or day > 31:
        return False
    first, check = digits[:9], int(digits[9:])
    return check in (97 - int(first) % 97, 97 - int("2" + first) % 97)


def is_iban(account: str) -> bool:
    """Whether letters and digits without spaces are an account number: known country, its length, and 1 modulo 97."""
    account = account.upper()
    if personal().iban.get(account[:2]) != len(account):
        return False
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1


def _start(found: Identity) -> int:
    return found.start


def _finding(text: str, kind: str, found: Identity) -> Finding:
    start, end = found.start, found.end
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    stop = _SENTENCE_END.search(after)
    return Finding(
        PersonalData(kind),
        start,
        end,
        text[start:end],
        found.instead,
        found.first,
        found.last,
        before[ends[-1] :] if ends else before,
        after[: stop.start() + 1].rstrip("\n") if stop else after,
    )


def _without_overlaps(spans: Iterable[Identity], taken: list[Identity]) -> list[Identity]:
    """Those that touch none of the taken ones; both in the order of the text."""
    fresh, place, last = [], 0, -1
    for each in spans:
        while place < len(taken) and taken[place].end <= each.start:
            place += 1
        if each.start >= last and (place == len(taken) or each.end <= taken[place].start):
            fresh.append(each)
            last = each.end
    return fresh


def _numbers(text: str, number: Number) -> Iterator[tuple[int, int]]:
    """The places of a pattern with digits that pass their check. A check may say that the end is earlier."""
    check = _CHECKS.get(number.check)
    at = 0
    while match := number.pattern.search(text, at):
        length = check(match[0]) if check else len(match[0])
        if length:
            yield match.start(), match.start() + length
        at = match.start() + length if length else match.start() + 1


def _iban(match: str) -> int:
    """The pattern reads on into the next words; the country says where the number ends."""
    length = personal().iban.get(match[:2].upper(), 0)
    end = _end_of(match, length, str.isalnum)
    return end if end and is_iban("".join(filter(str.isalnum, match[:end]))) else 0


def _account(match: str) -> int:
    """An account number from before 2010: the first ten digits modulo 97, 97 for 0."""
    digits = _digits(match)
    return len(match) if (int(digits[:10]) % 97 or 97) == int(digits[10:]) else 0


def _national(match: str) -> int:
    return len(match) if is_national_number(_digits(match)) else 0


def _no_firm(match: str) -> int:
    """A number of a company is written 0123.456.789 and ends with 97 minus the rest modulo 97."""
    digits = _digits(match)
    dotted = re.fullmatch(r"[0-9]{4}\.[0-9]{3}\.[0-9]{3}", match)
    return 0 if dotted and 97 - int(digits[:8]) % 97 == int(digits[8:]) else len(match)


def _abroad(match: str) -> int:
    """As many digits as numbers of that country have, ending where digits end."""
    known, digits = personal().abroad, _digits(match)
    code = digits.removeprefix("00")
    skipped = len(digits) - len(code)
    least, most = next((known[code[:n]] for n in (1, 2, 3) if code[:n] in known), (9, 13))
    for length in range(min(most, len(code)), least - 1, -1):
        end = _end_of(match, length + skipped, str.isdigit)
        if length and end and not match[end : end + 1].isdigit():
            return end
    return 0


def _no_word(match: str) -> int:
    letters = "".join(filter(str.isalpha, match))
    return 0 if letters in personal().no_plates else len(match)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _end_of(text: str, length: int, counts: Callable[[str], bool]) -> int:
    """Where the first `length` characters that count end; 0 when there are fewer."""
    for place, char in enumerate(text):
        length -= counts(char)
        if length == 0 and counts(char):
            return place + 1
    return 0


_CHECKS = {
    "iban": _iban,
    "account": _account,
    "national": _national,
    "no-firm": _no_firm,
    "abroad": _abroad,
    "no-word": _no_word,
}

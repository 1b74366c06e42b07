"""Looks for what points at a person in free text, before it is saved: the writer is warned, in place, and decides (design.md).

A warning, not a wall: it finds the common ways of writing and stays silent when in doubt, because a check that cries too often is
clicked away. Every pass is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import phonenumbers

from signalen.signals.identities import find_addresses, find_names

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    """One place in the text: `text[start:end] == quote`."""

    kind: PersonalData
    start: int
    end: int
    quote: str


HOME_REGION = "BE"
_MOST_PHONE_TRIES = 500

_LOCAL_PART = re.compile(r"[\w.+%-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_NATIONAL = re.compile(r"(?<!\d)(\d{2})[ ./-]?(\d{2})[ ./-]?(\d{2})[ ./-]{0,3}(\d{3})[ ./-]?(\d{2})(?!\d)")
_IBAN = re.compile(r"(?<![^\W_])([A-Za-z]{2}) ?(\d{2})((?:[ .-]?[A-Za-z0-9]){11,30})")
_DIGIT_RUN = re.compile(r"(?<![\w+])\(?(?:\+|\(\+)?\d[\d ./()\u00a0-]*")
_DIGITS = re.compile(r"\+?\d+")
_PLATE = re.compile(r"(?<![\w-])[1-9]-?[A-Z]{3}-?\d{3}(?![\w-])")
_ISO_DATE = re.compile(
    r"(?:19|20)\d{2}\D(?:0\d|1[0-2])\D[0-3]\d(?:\D.*)?\Z|[0-3]?\d\D(?:0?\d|1[0-2])\D(?:19|20)\d{2}(?:\D.*)?\Z",
    re.DOTALL,
)

# Lengths of account numbers by country (ISO 13616 registry), for the countries people here have accounts in.
_IBAN_LENGTHS = {
    "AD": 24, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "XK": 20,
}  # fmt: skip


def find_personal_data(text: str) -> list[Finding]:
    """Everything that was found, in the order of the text, without overlaps (an account number is not also a phone number)."""
    # Arabic and Persian digits count as digits; one character stays one character, so that places stay true.
    plain = text.translate(_ASCII_DIGITS)
    found: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for kind, spans in (
        (PersonalData.EMAIL, _emails(plain)),
        (PersonalData.BANK_ACCOUNT, _bank_accounts(plain)),
        (PersonalData.NATIONAL_NUMBER, _national_numbers(plain)),
        (PersonalData.PHONE, _phones(plain)),
        (PersonalData.PLATE, (match.span() for match in _PLATE.finditer(plain))),
        (PersonalData.ADDRESS, find_addresses(plain)),
        (PersonalData.NAME, find_names(plain)),
    ):
        fresh = _without_overlaps(spans, taken)
        found += (Finding(kind, start, end, text[start:end]) for start, end in fresh)
        taken = sorted(taken + fresh)
    return sorted(found, key=lambda finding: finding.start)


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
    if _IBAN_LENGTHS.get(account[:2]) != len(account):
        return False
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1


_ASCII_DIGITS = {zero + n: ord("0") + n for zero in (0x0660, 0x06F0, 0x0966, 0x09E6) for n in range(10)}


def _without_overlaps(
    spans: Iterator[tuple[int, int]], taken: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The spans that touch none of the taken ones; both in the order of the text."""
    fresh, place, last = [], 0, -1
    for start, end in spans:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        if start >= last and (place == len(taken) or end <= taken[place][0]):
            fresh.append((start, end))
            last = end
    return fresh


def _emails(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("@")
    while at != -1:
        local = _LOCAL_PART.search(text, max(0, at - 64), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            yield local.start(), domain.end()
        at = text.find("@", at + 1)


def _bank_accounts(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match[1].upper())
        if length is None:
            continue
        # The pattern reads on into the next words; the country says where the number ends.
        account, end = "", match.start()
        while end < match.end() and len(account) < length:
            account += text[end] if text[end].isalnum() else ""
            end += 1
        if is_iban(account):
            yield match.start(), end


def _national_numbers(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _NATIONAL.finditer(text) if is_national_number("".join(match.groups())))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Numbers that are valid in Belgium, or abroad with their country code. After some hundreds of tries it is enough."""
    tries = 0
    for run in _DIGIT_RUN.finditer(text):
        groups = list(_DIGITS.finditer(text, run.start(), run.end()))
        if tries >= _MOST_PHONE_TRIES:
            return
        first = 0
        while first < len(groups) and tries < _MOST_PHONE_TRIES:
            length = 0
            for last in range(first, len(groups)):
                length += len(groups[last][0].lstrip("+"))
                if length > 15:
                    break
                if length < 8 or not groups[first][0].startswith(("+", "0", "4")):
                    continue
                tries += 1
                candidate = text[groups[first].start() : groups[last].end()]
                if _is_phone(candidate):
                    yield groups[first].start(), groups[last].end()
                    first = last
                    break
            first += 1


def _is_phone(candidate: str) -> bool:
    digits = "".join(char for char in candidate if char.isdigit())
    if _ISO_DATE.match(candidate) or (digits[0] == "4" and len(digits) != 9):
        return False
    try:
        number = phonenumbers.parse(candidate, HOME_REGION)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)

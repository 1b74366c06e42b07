"""Cuts plain or Markdown text into headings, list items and paragraphs, without the furniture of pages.

Pure. What a block means in a report is decided in `report.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .mending import ends_sentence, join_lines, starts_lower
from .report_words import (
    CAPTION_WORDS,
    CLOSING_WORDS,
    GROUP_WORDS,
    LEADING_WORDS,
    OPENING_WORDS,
    PROPOSAL_LABELS,
)


class Kind(StrEnum):
    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1-6), a list item (`level` is its indent in columns) or a paragraph (`level` 0).

    `gap` is the number of blank lines before it; `lines` still carry their marks.
    """

    kind: Kind
    lines: tuple[str, ...]
    gap: int
    level: int = 0

    def text(self, known: frozenset[str] = frozenset()) -> str:
        """The block on one line, marks kept."""
        return join_lines(self.lines, known)


_ATX = re.compile(r"^ {0,3}(#{1,6})(?:\s+|(?=[^\s#]))(.*)$")
_ITEM = re.compile(r"^([ \t]*)(?:[-+*•·◦▪■□●○‣⁃–—✓✔➢➤→][ \t]+|o\t|\(?\d{1,3}[.)]\s+|\(?[a-z]\)\s+)(.*)$")
_RULE = re.compile(r"^\s*(?:[-*_=~]\s*){3,}$")
_SETEXT = re.compile(r"^(=+|-{2,})\s*$")
_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-–—|]\s*)?(?:(?:pagina|blz\.?|pag\.|p\.|page)\s*)?\d{1,4}(?:\s*(?:van|/|of|sur|de)\s*\d{1,4})?"
    r"(?:\s*[-–—|])?\s*$",
    re.IGNORECASE,
)
_PAGE_WORD = re.compile(r"^\s*(?:pagina|blz|pag|page|p)\b", re.IGNORECASE)
_CAPTION = re.compile(
    rf"^[\[(*_]*(?:(?:{'|'.join(CAPTION_WORDS)})\b[^:.\n]{{0,12}}[:.©]|©|!\[|\[\^[^\]]{{1,20}}\]:)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^\s*(?:>|\|.*\|\s*$|```|<!--)")
_STRUCTURE = re.compile(
    rf"(?:{'|'.join((*GROUP_WORDS, *OPENING_WORDS, *LEADING_WORDS, *CLOSING_WORDS, *PROPOSAL_LABELS))})\b"
)
_DIGITS = re.compile(r"\d+")
_HEADER_LENGTH = 80
_PAGE_END = "\0"  # cannot come from a text: control characters are gone by now


def cut(text: str) -> list[Block]:
    """The blocks of a text whose characters are mended already, in reading order."""
    parts: list[list[Block]] = []
    for block in _raw_blocks(_without_furniture(text.split("\n"))):
        if block.kind is Kind.PARAGRAPH and _CAPTION.match(block.lines[0].strip()):
            continue
        if parts and block.kind is Kind.PARAGRAPH and _goes_on(parts[-1][0], parts[-1][-1], block):
            parts[-1].append(block)
        else:
            parts.append([block])
    return [
        replace(first, lines=tuple(line for part in (first, *rest) for line in part.lines))
        for first, *rest in parts
    ]


def _goes_on(first: Block, before: Block, after: Block) -> bool:
    """A paragraph that a page broke: what stands before does not end, and what follows starts with a small letter."""
    if first.kind is Kind.HEADING or not starts_lower(after.lines[0]) or starts_lower(first.lines[0]):
        return False
    # A short line without an end may be an item of its own in a list of small letters.
    last = before.lines[-1].rstrip()
    long = len(first.lines) > 1 or len(first.lines[0]) > 40 or last.endswith(("-", ","))
    return long and not ends_sentence(last)


def _raw_blocks(lines: Sequence[str]) -> Iterator[Block]:
    held: list[str] = []
    kind, level, gap, blanks, above = Kind.PARAGRAPH, 0, 0, 0, 0
    for line in lines:
        if line == _PAGE_END:
            above, blanks = max(above, blanks), 0
            continue
        heading, item = _ATX.match(line), _ITEM.match(line)
        underline = _SETEXT.match(line) if len(held) == 1 and kind is Kind.PARAGRAPH else None
        nothing = not line.strip() or bool(underline or _RULE.match(line) or _ASIDE.match(line))
        if held and (nothing or heading or item):
            if underline:
                kind, level = Kind.HEADING, 1 if line[0] == "=" else 2
            yield Block(kind, tuple(held), gap, level)
            held, blanks, above = [], 0, 0
        if nothing:
            blanks += 1
        elif heading:
            yield Block(
                Kind.HEADING, (heading[2].rstrip().rstrip("#").rstrip(),), max(above, blanks), len(heading[1])
            )
            blanks, above = 0, 0
        elif held and not item:
            held.append(line)
        else:
            kind, level, gap = Kind.PARAGRAPH, 0, max(above, blanks)
            held = [line]
            if item:
                kind, level, held = Kind.ITEM, len(item[1].expandtabs(4)), [item[2]]
    if held:
        yield Block(kind, tuple(held), gap, level)


def _without_furniture(lines: Sequence[str]) -> list[str]:
    """Page ends in the place of page numbers and of the running heads that stand beside them on page after page."""
    numbers = {place for place, line in enumerate(lines) if _is_page_number(lines, place)}
    ends = numbers | {place for place, line in enumerate(lines) if "\f" in line}
    beside = Counter(_head(lines[place]) for end in ends for place in _neighbours(lines, end, numbers))
    heads = {head for head, times in beside.items() if head and times >= 3}
    numbered = Counter(_head(line) for line in lines if line.strip()[-1:].isdigit())
    heads |= {head for head, times in numbered.items() if head and times >= 3}
    first = next(
        (place for place, line in enumerate(lines) if line.strip()), 0
    )  # the title, before it repeats
    gone = {place for place, line in enumerate(lines) if _head(line) in heads and place != first} | numbers
    return [_PAGE_END if place in gone else line.replace("\f", "") for place, line in enumerate(lines)]


def _is_page_number(lines: Sequence[str], place: int) -> bool:
    line = lines[place]
    if len(line) > 30 or not _PAGE_NUMBER.match(line):
        return False
    before = lines[place - 1].strip() if place else ""
    after = lines[place + 1].strip("\f ") if place + 1 < len(lines) else ""
    return bool(_PAGE_WORD.match(line)) or not before or not after


def _neighbours(lines: Sequence[str], place: int, numbers: set[int]) -> set[int]:
    """The places of the nearest written line before and after an end of page, at most four lines away."""
    found = {place} if lines[place].strip("\f ") and place not in numbers else set()
    for step in (-1, 1):
        for distance in range(1, 5):
            at = place + step * distance
            if 0 <= at < len(lines) and lines[at].strip() and at not in numbers:
                found.add(at)
                break
    return found


def _head(line: str) -> str:
    """What a running head is recognised by; empty for a line that can be none (long, a list item, a sentence)."""
    line = line.replace("\f", "").strip().casefold()
    if (
        not line
        or len(line) > _HEADER_LENGTH
        or line[0] in "#-*•"
        or ends_sentence(line)
        or _STRUCTURE.match(line)
    ):
        return ""
    return _DIGITS.sub("#", line)

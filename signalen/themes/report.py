"""Reads a working-group report: which groups there were, and what each proposed.

Pure: text in, `Report` out. The form is that of the report of the Staten-Generaal Lokaal sociaal beleid (2020): a
heading per group, running text, a heading that opens the proposals, one proposal per paragraph or list item. The
words that headings use are data in `report_words.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from signalen.core.errors import DomainError

from .blocks import Block, Kind, cut
from .mending import ends_sentence, mend_characters, mostly, starts_lower, vocabulary, without_marks
from .report_words import (
    CLOSING_WORDS,
    GROUP_WORDS,
    INTRODUCING_SUBJECTS,
    LEADING_WORDS,
    OPENING_FORM,
    OPENING_PHRASES,
    OPENING_WORDS,
    POINTING_WORDS,
    PROPOSAL_LABELS,
)


class NotAReport(DomainError):
    """The text is no working-group report. `code`: `empty`, `no-groups` or `no-proposals`; facts: `groups` found."""

    def __init__(self, code: str, *, groups: int = 0) -> None:
        super().__init__(code, groups=groups)


@dataclass(frozen=True, slots=True)
class Group:
    """A working group: its number and title as printed, and its proposals in order, one line each, without marks."""

    number: int
    title: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its title (empty when it has none) and its groups in the order of their numbers."""

    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    number: int
    title: str
    level: int  # of its heading, when that is a Markdown one
    blocks: tuple[Block, ...]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_HEADING_LENGTH = 150
_GROUP = re.compile(
    rf"^(?:{_any_of(GROUP_WORDS)})\s+(?:nr\.?\s*|n°\s*)?(\d{{1,3}})(?:\s*[:.)|–—-]+\s*(.*)|(\s+\S.*))?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(\d{1,3})[.):]?\s+(\S.*)$")
_DOT_LEADER = re.compile(r"\s*(?:\.{3,}|…{2,}|\t)\s*\d{0,4}$")
_OPENING = re.compile(
    rf"^(?:{OPENING_FORM}|{_any_of(OPENING_PHRASES)}"
    rf"|(?:\d{{1,3}}[.)]?\s+)?(?:(?:{_any_of(LEADING_WORDS)})\s+){{0,4}}(?:{_any_of(OPENING_WORDS)}))\b",
    re.IGNORECASE,
)
_LIST_WORD = re.compile(rf"\b(?:{_any_of(OPENING_WORDS)})\b", re.IGNORECASE)
_POINTING = re.compile(rf"\b(?:{_any_of(POINTING_WORDS)})\b", re.IGNORECASE)
_INTRODUCING = re.compile(rf"^(?:{_any_of(INTRODUCING_SUBJECTS)})\b", re.IGNORECASE)
_CLOSING = re.compile(rf"^(?:{_any_of(CLOSING_WORDS)})\b", re.IGNORECASE)
_LABEL = re.compile(
    rf"^(?:(?:{_any_of(PROPOSAL_LABELS)})\s+\d{{1,3}}\s*[:.)–-]|\d{{1,3}}[.)])\s+", re.IGNORECASE
)
_BOLD_LINE = re.compile(r"^\s*(?:\*\*|__)[^*_]+(?:\*\*|__):?\s*$")
_TESTIMONY = re.compile(r"^[\"'“‘„«].*[\"'”’»]\s*[-–—(].{0,80}$")
_SENTENCE = re.compile(r"[.!?]\s+")


def parse_report(text: str) -> Report:
    """The report that a text holds.

    Raises `NotAReport` when there is no heading of a group, or no proposal under any.
    """
    mended = mend_characters(text)
    if not mended.strip():
        raise NotAReport("empty")
    known = vocabulary(mended)
    blocks = cut(mended)
    title, sections = _sections(blocks)
    if not sections:
        raise NotAReport("no-groups")
    groups: dict[int, Group] = {}
    for section in sections:
        group = Group(section.number, section.title, tuple(_entries(section, known)))
        held = groups.get(group.number)
        # A table of contents names each group once more, with nothing under it.
        if held is None or len(group.entries) > len(held.entries):
            groups[group.number] = group
    if not any(group.entries for group in groups.values()):
        raise NotAReport("no-proposals", groups=len(groups))
    return Report(title, tuple(groups[number] for number in sorted(groups)))


def _plain(block: Block, known: frozenset[str] = frozenset()) -> str:
    return without_marks(block.text(known))


def _sections(blocks: Sequence[Block]) -> tuple[str, list[_Section]]:
    """The title before the first group, and the groups as they stand in the text."""
    heads = [(place, head) for place, block in enumerate(blocks) if (head := _group_head(block))]
    if not heads:
        heads = [(place, head) for place, block in enumerate(blocks) if (head := _numbered_head(block))]
    if not heads:
        return "", []
    first = heads[0][0]
    title = next((_plain(block)[:200] for block in blocks[:first] if _plain(block)), "")
    sections: list[_Section] = []
    ends = [place for place, _ in heads[1:]] + [len(blocks)]
    for (place, (number, printed, rest)), end in zip(heads, ends, strict=True):
        body = list(blocks[place + 1 : end])
        if rest:
            body.insert(0, Block(Kind.PARAGRAPH, rest, 0))
        name = printed
        if not name and body and _is_heading_like(body[0]) and not _opens(body[0]):
            name = _plain(body.pop(0))
        last = sections[-1] if sections else None
        if last and last.number == number and name.casefold() in {last.title.casefold(), ""}:
            # The same heading at the top of a next page.
            sections[-1] = _Section(number, last.title, last.level, (*last.blocks, *body))
        else:
            sections.append(_Section(number, name, blocks[place].level, tuple(body)))
    return title, sections


def _group_head(block: Block) -> tuple[int, str, tuple[str, ...]] | None:
    """Number, title and the lines that belong to the text below, when the block is the heading of a group."""
    if block.kind is Kind.ITEM:
        return None
    whole = _plain(block)
    lines, rest = (
        (whole, ()) if len(whole) <= _HEADING_LENGTH else (without_marks(block.lines[0]), block.lines[1:])
    )
    if len(block.lines) > 1 and not rest and _GROUP.match(without_marks(block.lines[1])):
        lines = without_marks(block.lines[0])
    marked = block.kind is Kind.HEADING or bool(_BOLD_LINE.match(block.lines[0]))
    text = _DOT_LEADER.sub("", lines[: _HEADING_LENGTH + 1])
    found = _GROUP.match(text)
    if not found or len(text) > _HEADING_LENGTH or (found[3] and not marked):
        return None
    if not marked and text.endswith((".", ";", ",")):
        return None
    return int(found[1]), (found[2] or found[3] or "").strip(" \"'"), rest


def _numbered_head(block: Block) -> tuple[int, str, tuple[str, ...]] | None:
    """Markdown headings that carry only a number: the groups of a report that has no word for them."""
    found = _NUMBERED.match(_plain(block)) if block.kind is Kind.HEADING else None
    return (int(found[1]), found[2], ()) if found and not _OPENING.match(found[2]) else None


def _is_heading_like(block: Block) -> bool:
    if block.kind is Kind.HEADING:
        return True
    text = _plain(block)
    if block.kind is Kind.ITEM or len(text) > _HEADING_LENGTH or len(text.split()) > 15:
        return False
    return bool(_BOLD_LINE.match(block.lines[0])) or text.endswith(":") or not ends_sentence(text)


def _opens(block: Block) -> bool:
    return _is_heading_like(block) and bool(_OPENING.match(_plain(block)))


def _closes(block: Block) -> bool:
    text = _plain(block)
    return _is_heading_like(block) and len(text.split()) <= 8 and bool(_CLOSING.match(text))


def _entries(section: _Section, known: frozenset[str]) -> list[str]:
    """The proposals of a group, in order, as plain lines."""
    kept: list[Block] = []
    opened, level = False, 0
    for block in section.blocks:
        if _opens(block):
            # Below a heading without marks, a great heading ends the list and a small one stands inside it.
            opened, level = True, block.level if block.kind is Kind.HEADING else section.level or 2
        elif opened and (_closes(block) or (block.kind is Kind.HEADING and block.level <= level)):
            opened = False
        elif opened and block.kind is not Kind.HEADING:
            kept.append(block)
    if not kept and not any(map(_opens, section.blocks)):
        kept = _announced(section)
    return [entry for entry in _read_list(kept, known) if any(map(str.isalpha, entry))]


def _announced(section: _Section) -> list[Block]:
    """The list of a group whose text says "we bundle the ideas here" instead of setting a heading."""
    for place, block in enumerate(section.blocks):
        text = _plain(block)
        last = _SENTENCE.split(text)[-1]
        points = _POINTING.search(last) or text.endswith(":")
        if block.kind is Kind.PARAGRAPH and points and _LIST_WORD.search(text):
            rest = section.blocks[place + 1 :]
            end = next((at for at, later in enumerate(rest) if _closes(later)), len(rest))
            return [later for later in rest[:end] if later.kind is not Kind.HEADING]
    if _LIST_WORD.search(section.title):
        return [block for block in section.blocks if block.kind is Kind.ITEM]
    return []


def _read_list(blocks: Sequence[Block], known: frozenset[str]) -> list[str]:
    items = [block for block in blocks if block.kind is Kind.ITEM]
    first = next((block for block in blocks if not _introduces(block)), None)
    marked = first is not None and first.kind is Kind.ITEM and len(items) * 2 >= len(blocks) - 1
    leading = len(blocks) - len(items)
    after_text = (
        len(items) >= 3 and leading <= 2 and all(block.kind is Kind.ITEM for block in blocks[leading:])
    )
    if marked or after_text:
        return _read_items(blocks, known)
    return _read_paragraphs(blocks, known)


def _introduces(block: Block) -> bool:
    text = _plain(block)
    speaks = _INTRODUCING.match(text) and (_LIST_WORD.search(text) or _POINTING.search(text))
    return block.kind is Kind.PARAGRAPH and (text.endswith(":") or bool(speaks))


def _read_items(blocks: Sequence[Block], known: frozenset[str]) -> list[str]:
    """A list with marks: each outer item is a proposal with its inner items and indented paragraphs.

    Text between the items is running text.
    """
    outer = min(block.level for block in blocks if block.kind is Kind.ITEM)
    entries: list[list[str]] = []
    for block in blocks:
        inner = (
            block.level > outer + 1 if block.kind is Kind.ITEM else block.lines[0].startswith(("  ", "\t"))
        )
        text = _plain(block, known)
        if inner and entries:
            entries[-1].append(text)
        elif block.kind is Kind.ITEM:
            entries.append([_LABEL.sub("", text)])
    return [" ".join(entry) for entry in entries]


def _read_paragraphs(blocks: Sequence[Block], known: frozenset[str]) -> list[str]:
    """A list without marks: each paragraph is a proposal, but for introductions, sub-headings and testimonies."""
    blocks = [block for block in blocks if not _TESTIMONY.match(_plain(block))]
    if blocks and _introduces(blocks[0]):
        blocks = blocks[1:]
    gaps = [after.gap for _, after in pairwise(blocks)]
    wide = sum(gap >= 2 for gap in gaps) * 2 >= len(gaps) > 0
    punctuated = mostly(ends_sentence(block.lines[-1]) for block in blocks)
    entries: list[list[str]] = []
    labelled = False
    for place, block in enumerate(blocks):
        text = _LABEL.sub("", _plain(block, known))
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        close = wide and after is not None and after.gap < 2
        if labelled:
            label = entries[-1][0]
            entries[-1] = [label if ends_sentence(label) else label + ":", text]
            labelled = False
        elif block.kind is Kind.ITEM and entries and entries[-1][-1].endswith((":", ";")):
            entries[-1].append(text)
        elif close and _is_label(text) and (place == 0 or block.gap >= 2):
            # In a list set wide, a few words close above a paragraph are the title of that proposal.
            entries.append([text])
            labelled = True
        elif not _is_subheading(block, text, punctuated=punctuated, wide=wide):
            entries.extend([line] for line in _one_per_line(block, known) or [text])
    return [" ".join(entry) for entry in entries]


def _is_label(text: str) -> bool:
    return len(text.split()) <= 5 and not _SENTENCE.search(text) and not starts_lower(text)


def _is_subheading(block: Block, text: str, *, punctuated: bool, wide: bool) -> bool:
    """A few words that do not end as a sentence, among proposals that do."""
    if block.kind is Kind.ITEM or not punctuated:
        return False
    words = len(text.split())
    if text.endswith(":") or _BOLD_LINE.match(block.lines[0]):
        return words <= 8 and (text.endswith(":") or not ends_sentence(text))
    return not ends_sentence(text) and words <= (3 if wide else 6)


def _one_per_line(block: Block, known: frozenset[str]) -> list[str]:
    """The lines as proposals, when three or more stand under each other and each is a whole sentence."""
    whole = all(ends_sentence(line) and not starts_lower(line) for line in block.lines)
    if len(block.lines) < 3 or not whole:
        return []
    return [_LABEL.sub("", _plain(Block(block.kind, (line,), 0), known)) for line in block.lines]

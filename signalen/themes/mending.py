"""Mends the damage that PDF and word processors leave in text: hyphens, line breaks, marks of bold.

Pure functions over strings. Nothing here knows what a report is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

TERMINAL = ".!?…:;"
_CLOSING = "\"'”’»)]*_"

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u2060\u200e\u200f"), None)
_LOOKALIKES = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2007": " ",
        "\u2011": "-",
        "\u2010": "-",
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\u0085": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x0b": "\n",
    }
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SOFT_HYPHENS = re.compile(r"[\u00ad\u00ac]{2,}")
_SOFT_HYPHEN_IN_WORD = re.compile(r"(?:\u00ad[ \t]*+(?:\n[ \t]*+)?|\u00ac[ \t]*+\n[ \t]*+)(?=\w)")
_SOFT_HYPHEN_AT_END = re.compile(r"[\u00ad\u00ac](?=[ \t]*+\n)")

_WORDS = re.compile(r"\w+(?:-\w+)*")
_BROKEN_IN_LINE = re.compile(r"\b(\w{2,})- (\w{2,})\b")
# After these a hyphen at the end of a line is the speaker's own: "speel- en groenruimte".
_JOINERS = frozenset(["en", "of", "tot", "noch", "als", "dan", "and", "or", "to", "nor", "et", "ou", "ni"])

_TAGS = re.compile(r"</?(?:b|strong|i|em|u|mark|span|br)\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\[\]\s]{1,20}\]")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!'\">|~])")
_STAR_EMPHASIS = re.compile(r"\*(?=[^\s*])([^*\n]*)(?<=[^\s*])\*")
_UNDERSCORE_EMPHASIS = re.compile(r"(?<!\w)_(?=[^\s_])([^_\n]*)(?<=[^\s_])_(?!\w)")
_SPACES = re.compile(r"\s+")


def mend_characters(text: str) -> str:
    """The same text with plain line ends and spaces, no invisible characters, and soft hyphens closed.

    A form feed stays: it tells where a page ends.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LOOKALIKES).translate(_INVISIBLE)
    text = _CONTROL.sub("", text)
    text = _SOFT_HYPHEN_IN_WORD.sub("", _SOFT_HYPHENS.sub("\u00ad", text))
    return _SOFT_HYPHEN_AT_END.sub("-", text).replace("\u00ad", "")


def without_marks(text: str) -> str:
    """The text without Markdown or HTML marks of bold, italics, links and footnotes."""
    text = _TAGS.sub(" " if "<br" in text.lower() else "", text)
    text = _FOOTNOTE_MARK.sub("", _LINK.sub(r"\1", text))
    text = text.replace("**", "").replace("__", "")
    text = _UNDERSCORE_EMPHASIS.sub(r"\1", _STAR_EMPHASIS.sub(r"\1", text))
    return _SPACES.sub(" ", _ESCAPE.sub(r"\1", text)).strip()


def vocabulary(text: str) -> frozenset[str]:
    """All words of a text, compounds with a hyphen whole, lower case: what this document writes as one word."""
    return frozenset(word.casefold() for word in _WORDS.findall(text))


def join_lines(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """One line of text from wrapped lines; a word broken by a hyphen is whole again.

    `known` is the `vocabulary` of the document: where it writes *niet-evidente* elsewhere, that hyphen stays.
    """
    pieces: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        before = pieces[-1] if pieces else ""
        if len(before) > 1 and before.endswith("-") and before[-2].isalnum():
            own, space = _own_hyphen(before, line, known)
            pieces[-1] = before if own else before[:-1]
            pieces.append(" " + line if space else line)
        else:
            pieces.append(" " + line if pieces else line)
    return _BROKEN_IN_LINE.sub(lambda found: _mend_in_line(found, known), "".join(pieces))


def _own_hyphen(before: str, after: str, known: frozenset[str]) -> tuple[bool, bool]:
    """Whether the hyphen at the end of a line is the writer's own, and whether a space follows it."""
    left = (_WORDS.findall(before[:-1].rsplit(None, 1)[-1]) or [""])[-1]
    found = _WORDS.match(after)
    right = found.group() if found else ""
    if right.casefold() in _JOINERS:
        return True, True
    letter = len(left) == 1 or len(right) == 1 or left[-1:].isdigit()  # A-kaart, plan-B, 7-daags
    name = not right[:1].islower()  # Noord-Brabant
    written = f"{left}-{right}".casefold() in known and (left + right).casefold() not in known
    return letter or name or written, False


def _mend_in_line(found: re.Match[str], known: frozenset[str]) -> str:
    left, right = found.groups()
    broken = right.casefold() not in _JOINERS and (left + right).casefold() in known
    return left + right if broken else found.group()


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence or an announcement does, quotes and brackets aside."""
    stripped = text.rstrip().rstrip(_CLOSING)
    return stripped.endswith(tuple(TERMINAL))


def starts_lower(text: str) -> bool:
    """Whether the first letter is a small one: such a paragraph goes on where the page broke it."""
    first = text.lstrip("*_ \"'“‘(")[:1]
    return first.islower()


def mostly(flags: Iterable[bool]) -> bool:
    """Whether at least three fifths of the flags are true (nothing is mostly true of nothing)."""
    seen = list(flags)
    return bool(seen) and sum(seen) * 5 >= len(seen) * 3

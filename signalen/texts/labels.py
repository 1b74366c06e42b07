"""Words for parts, origins and the reading check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signalen.texts.models import TextOrigin, TextPurpose, TextState
from signalen.texts.rules import Band, ReadingCheck
from signalen.texts.tips import Tip, TipKind
from signalen.web.locale import gettext, lazy

ORIGINS = {
    TextOrigin.PERSON: lazy("Written by a person"),
    TextOrigin.MACHINE: lazy("Translated by a machine, not checked yet"),
    TextOrigin.MACHINE_CHECKED: lazy("Translated by a machine, checked by a person"),
}
STATES = {
    TextState.DRAFT: lazy("Draft"),
    TextState.PROPOSED: lazy("Waits for a second person"),
    TextState.APPROVED: lazy("Approved"),
    TextState.REPLACED: lazy("Replaced"),
}
PARTS = {
    "did": lazy("What we did"),
    "answer": lazy("What the city says"),
    "why": lazy("Why (not)"),
    "next": lazy("What now"),
    "title": lazy("Title"),
    "worry": lazy("What goes wrong"),
    "ask": lazy("What we asked"),
    "now": lazy("How it stands"),
    "what": lazy("What is decided"),
    "who": lazy("For whom"),
}
PURPOSES = {
    TextPurpose.FEEDBACK: lazy("An answer for the people who told us something"),
    TextPurpose.BOARD: lazy("A text for the public page"),
    TextPurpose.DECISION: lazy("A text about a decision"),
}
BANDS = {
    Band.CLEAR: lazy("Clear"),
    Band.MOSTLY_CLEAR: lazy("Mostly clear"),
    Band.HARD: lazy("Hard to read"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """The reading check in words."""

    band: Band
    label: str
    words: int
    average: float
    tips: tuple[str, ...]


def check_in_words(check: ReadingCheck) -> Check:
    """A band and tips; no level of any reader."""
    return Check(
        check.band, str(BANDS[check.band]), check.words, check.average_sentence, tuple(tips(check.tips))
    )


def tips(found: Iterable[Tip]) -> Iterable[str]:
    """Each tip as a sentence."""
    for tip in found:
        yield _tip(tip)


def _tip(tip: Tip) -> str:
    values = {"where": tip.where, "number": tip.number, "say": tip.suggestion}
    match tip.kind:
        case TipKind.VERY_LONG_SENTENCE:
            return gettext("Very long sentence (%(number)s words): cut it in two. “%(where)s”", **values)
        case TipKind.LONG_SENTENCE:
            return gettext("Long sentence (%(number)s words): can it be shorter? “%(where)s”", **values)
        case TipKind.PLAINER_WORD:
            return gettext("There is a plainer word for “%(where)s”: “%(say)s”.", **values)
        case TipKind.LONG_WORD:
            return gettext("Long word: “%(where)s”. Is there a shorter one?", **values)
        case TipKind.PASSIVE:
            return gettext("Say who does it: “%(where)s”.", **values)
        case TipKind.ABBREVIATION:
            return gettext("Write in full what “%(where)s” means.", **values)
        case TipKind.NO_ADDRESS:
            return gettext("Speak to the reader: write “you”.")

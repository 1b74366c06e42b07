"""The life of a text version as one table, and the parts that each kind of text has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from signalen.core.errors import MoveRefused
from signalen.texts.models import TextPurpose, TextState

S = TextState
MOVES: Mapping[TextState, frozenset[TextState]] = {
    S.DRAFT: frozenset({S.PROPOSED, S.REPLACED}),
    S.PROPOSED: frozenset({S.APPROVED, S.DRAFT, S.REPLACED}),
    S.APPROVED: frozenset({S.REPLACED}),
    S.REPLACED: frozenset(),
}


def check_move(source: TextState, target: TextState) -> None:
    """Raises `MoveRefused` when the table does not allow this move."""
    if target not in MOVES[source]:
        raise MoveRefused("text", source, target)


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a text. A text without its `needed` parts cannot be proposed."""

    name: str
    needed: bool = True


PARTS: Mapping[TextPurpose, tuple[Part, ...]] = {
    TextPurpose.FEEDBACK: (Part("did"), Part("answer"), Part("why", needed=False), Part("next")),
    TextPurpose.BOARD: (
        Part("title"),
        Part("worry"),
        Part("ask"),
        Part("answer", needed=False),
        Part("now", needed=False),
    ),
    TextPurpose.DECISION: (Part("title"), Part("what"), Part("who"), Part("next", needed=False)),
}
"""In the order in which a reader reads them."""


MOST_WORDS = 150
"""Words of one part (issue "The resident": at most 150 words a part): longer, and people who read little stop."""


def missing_parts(purpose: TextPurpose, parts: Mapping[str, str]) -> list[str]:
    """The needed parts that are still empty."""
    return [part.name for part in PARTS[purpose] if part.needed and not parts.get(part.name, "").strip()]

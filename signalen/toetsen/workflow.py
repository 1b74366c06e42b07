"""The life of a test as one table, total over its states. A closed test stays closed: a new moment is a new test."""

from __future__ import annotations

from collections.abc import Mapping

from signalen.core.errors import MoveRefused
from signalen.toetsen.models import DecisionStage, ToetsState

S = ToetsState
MOVES: Mapping[ToetsState, frozenset[ToetsState]] = {
    S.QUICKSCAN: frozenset({S.OPEN, S.NOT_TESTED}),
    S.OPEN: frozenset({S.CLOSED, S.NOT_TESTED}),
    S.NOT_TESTED: frozenset(),
    S.CLOSED: frozenset(),
}
FINAL = frozenset(state for state, targets in MOVES.items() if not targets)
"""States in which a test is frozen and public."""

STAGES = tuple(DecisionStage)
"""The moments at which a decision is tested, in order; their tests are shown side by side."""


def check_move(source: ToetsState, target: ToetsState) -> None:
    """Raises `MoveRefused` for a move that is not in the table."""
    if target not in MOVES[source]:
        raise MoveRefused("toets", source, target)

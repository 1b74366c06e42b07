"""The lifecycle of a signal as one table (facts/loop.md, "Moves"). Everything that is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping

from signalen.core.errors import MoveRefused
from signalen.signals.models import Stage

S = Stage
MOVES: Mapping[Stage, frozenset[Stage]] = {
    S.RECEIVED: frozenset({S.READ, S.WITHDRAWN, S.REFUSED}),
    S.READ: frozenset({S.BUNDLED, S.HELPED, S.PASSED_ON, S.KEPT, S.WITHDRAWN}),
    S.KEPT: frozenset({S.READ, S.WITHDRAWN}),
    S.BUNDLED: frozenset({S.READ, S.ON_AGENDA, S.ASKED}),
    S.ON_AGENDA: frozenset({S.ASKED, S.BUNDLED}),
    S.ASKED: frozenset({S.ANSWERED}),
    S.ANSWERED: frozenset({S.TOLD, S.ASKED}),
    S.TOLD: frozenset({S.CLOSED, S.BUNDLED}),
    S.CLOSED: frozenset({S.BUNDLED, S.READ}),
    S.HELPED: frozenset({S.BUNDLED, S.READ}),
    S.PASSED_ON: frozenset({S.BUNDLED, S.READ}),
    S.WITHDRAWN: frozenset(),
    S.REFUSED: frozenset(),
}

RING: Mapping[Stage, int] = {
    S.RECEIVED: 1,
    S.READ: 2,
    S.BUNDLED: 3,
    S.ON_AGENDA: 4,
    S.ASKED: 5,
    S.ANSWERED: 6,
    S.TOLD: 7,
    S.CLOSED: 7,
    S.HELPED: 7,
    S.PASSED_ON: 7,
    S.KEPT: 2,
    S.WITHDRAWN: 1,
    S.REFUSED: 1,
}
"""How many of the seven arcs are filled."""

WAYS_OUT = frozenset({S.HELPED, S.PASSED_ON, S.KEPT, S.WITHDRAWN, S.REFUSED})
SILENT = frozenset({S.WITHDRAWN, S.REFUSED})
"""Nothing is asked or told any more."""
ENDED = frozenset({S.CLOSED, S.HELPED, S.PASSED_ON, S.WITHDRAWN, S.REFUSED})


def may_move(source: Stage, target: Stage) -> bool:
    """Whether the table allows this move."""
    return target in MOVES[source]


def check_move(source: Stage, target: Stage) -> None:
    """Raises `MoveRefused` when the table does not allow this move."""
    if target not in MOVES[source]:
        raise MoveRefused("signal", source, target)

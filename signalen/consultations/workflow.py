"""The lifecycles of consultations and commitments, each as one table. What is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping

from signalen.consultations.models import CommitmentState, ConsultationState
from signalen.core.errors import MoveRefused

C = ConsultationState
CONSULTATION_MOVES: Mapping[ConsultationState, frozenset[ConsultationState]] = {
    C.PLANNED: frozenset({C.FROZEN, C.HELD, C.CANCELLED}),
    # The agenda was sent; when something must still be added it is opened again, and everyone sees a new revision.
    C.FROZEN: frozenset({C.PLANNED, C.HELD, C.CANCELLED}),
    C.HELD: frozenset(),
    C.CANCELLED: frozenset(),
}

K = CommitmentState
COMMITMENT_MOVES: Mapping[CommitmentState, frozenset[CommitmentState]] = {
    K.OPEN: frozenset({K.KEPT, K.BROKEN, K.DROPPED}),
    # Kept after all, or given up: that it was late stays in the row (`late_since`).
    K.BROKEN: frozenset({K.KEPT, K.DROPPED}),
    K.KEPT: frozenset(),
    K.DROPPED: frozenset(),
}


def check_consultation_move(source: ConsultationState, target: ConsultationState) -> None:
    """Raises `MoveRefused` when a consultation may not go from `source` to `target`."""
    if target not in CONSULTATION_MOVES[source]:
        raise MoveRefused("consultation", source, target)


def check_commitment_move(source: CommitmentState, target: CommitmentState) -> None:
    """Raises `MoveRefused` when a commitment may not go from `source` to `target`."""
    if target not in COMMITMENT_MOVES[source]:
        raise MoveRefused("commitment", source, target)

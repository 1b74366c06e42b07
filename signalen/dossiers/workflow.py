"""The lifecycles of dossiers and rounds. A dossier moves as its signals do: its table is cut out of theirs, never written twice."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from signalen.core.errors import MoveRefused
from signalen.dossiers.models import RoundState
from signalen.signals.models import Stage
from signalen.signals.workflow import MOVES

DOSSIER_STAGES = frozenset(
    {Stage.BUNDLED, Stage.ON_AGENDA, Stage.ASKED, Stage.ANSWERED, Stage.TOLD, Stage.CLOSED}
)
"""The stages in which a dossier can stand: from bundled on, without the ways out, which are of one signal."""

DOSSIER_MOVES: Mapping[Stage, frozenset[Stage]] = {
    stage: MOVES[stage] & DOSSIER_STAGES if stage in DOSSIER_STAGES else frozenset() for stage in Stage
}

ROUND_MOVES: Mapping[RoundState, frozenset[RoundState]] = {
    RoundState.OPEN: frozenset({RoundState.ASKED}),
    RoundState.ASKED: frozenset({RoundState.ANSWERED, RoundState.UNANSWERED}),
    # The city corrects itself, or answers after all what was declared unanswered: the declaration stays in the row.
    RoundState.ANSWERED: frozenset({RoundState.ASKED}),
    RoundState.UNANSWERED: frozenset({RoundState.ASKED}),
}


class Because(StrEnum):
    """Why a dossier is opened again."""

    COMMITMENT_BROKEN = "commitment-broken"
    GIVERS_SAY_NO = "givers-say-no"
    BY_HAND = "by-hand"


GOES_BACK: Mapping[Because, frozenset[Stage]] = {
    # "closed … → bundled (reopened by … a commitment that was not kept)": what closed on a promise opens with it.
    Because.COMMITMENT_BROKEN: frozenset({Stage.TOLD, Stage.CLOSED}),
    # Who said that it helps, or let the time to react pass, stays finished; who may still react goes on with the dossier.
    # The givers who said no were reopened one by one when they said it.
    Because.GIVERS_SAY_NO: frozenset({Stage.TOLD}),
    Because.BY_HAND: frozenset({Stage.TOLD}),
}
"""Which of its signals a reopened dossier takes back to *bundled* (facts/loop.md, "Moves" and "Two questions to the giver").
A signal that is *answered* stays there: its giver is owed that answer first."""

CATCH_UP: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.BUNDLED: (),
    Stage.ON_AGENDA: (Stage.ON_AGENDA,),
    Stage.ASKED: (Stage.ASKED,),
    Stage.ANSWERED: (Stage.ASKED, Stage.ANSWERED),
    Stage.TOLD: (Stage.ASKED, Stage.ANSWERED),
    Stage.CLOSED: (Stage.ASKED, Stage.ANSWERED),
}
"""The moves of a signal that joins late, after *bundled*: it takes the stage of the dossier. In a dossier that was told it
stops at *answered*, since nobody told this giver yet: "is owed its feedback" (facts/loop.md)."""


def check_dossier_move(source: Stage, target: Stage) -> None:
    """Raises `MoveRefused` when a dossier may not go from `source` to `target`."""
    if target not in DOSSIER_MOVES[source]:
        raise MoveRefused("dossier", source, target)


def check_round_move(source: RoundState, target: RoundState) -> None:
    """Raises `MoveRefused` when a round may not go from `source` to `target`."""
    if target not in ROUND_MOVES[source]:
        raise MoveRefused("round", source, target)

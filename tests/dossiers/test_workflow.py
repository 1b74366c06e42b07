from __future__ import annotations

import pytest

from signalen.core.errors import MoveRefused
from signalen.dossiers.models import RoundState
from signalen.dossiers.workflow import (
    CATCH_UP,
    DOSSIER_MOVES,
    DOSSIER_STAGES,
    GOES_BACK,
    ROUND_MOVES,
    Because,
    check_dossier_move,
    check_round_move,
)
from signalen.signals.models import Stage
from signalen.signals.workflow import MOVES

ALLOWED = {
    (Stage.BUNDLED, Stage.ON_AGENDA),
    (Stage.BUNDLED, Stage.ASKED),
    (Stage.ON_AGENDA, Stage.ASKED),
    (Stage.ON_AGENDA, Stage.BUNDLED),
    (Stage.ASKED, Stage.ANSWERED),
    (Stage.ANSWERED, Stage.TOLD),
    (Stage.ANSWERED, Stage.ASKED),
    (Stage.TOLD, Stage.CLOSED),
    (Stage.TOLD, Stage.BUNDLED),
    (Stage.CLOSED, Stage.BUNDLED),
}
ROUNDS = {
    (RoundState.OPEN, RoundState.ASKED),
    (RoundState.ASKED, RoundState.ANSWERED),
    (RoundState.ASKED, RoundState.UNANSWERED),
    (RoundState.ANSWERED, RoundState.ASKED),
    (RoundState.UNANSWERED, RoundState.ASKED),
}


def test_the_tables_are_total_over_their_states() -> None:
    assert set(DOSSIER_MOVES) == set(Stage)
    assert set(ROUND_MOVES) == set(RoundState)
    assert set(CATCH_UP) == set(DOSSIER_STAGES)
    assert set(GOES_BACK) == set(Because)


@pytest.mark.parametrize("target", list(Stage))
@pytest.mark.parametrize("source", list(Stage))
def test_every_move_of_a_dossier_is_allowed_or_refused_as_the_loop_says(source: Stage, target: Stage) -> None:
    if (source, target) in ALLOWED:
        check_dossier_move(source, target)
        assert target in MOVES[source], "its signals could not follow"
    else:
        with pytest.raises(MoveRefused):
            check_dossier_move(source, target)


@pytest.mark.parametrize("target", list(RoundState))
@pytest.mark.parametrize("source", list(RoundState))
def test_every_move_of_a_round_is_allowed_or_refused(source: RoundState, target: RoundState) -> None:
    if (source, target) in ROUNDS:
        check_round_move(source, target)
    else:
        with pytest.raises(MoveRefused):
            check_round_move(source, target)


@pytest.mark.parametrize("stage", sorted(DOSSIER_STAGES))
def test_a_late_joiner_catches_up_by_moves_of_the_table_only(stage: Stage) -> None:
    before = Stage.BUNDLED
    for step in CATCH_UP[stage]:
        assert step in MOVES[before]
        before = step
    assert before is (Stage.ANSWERED if stage in {Stage.TOLD, Stage.CLOSED} else stage)


@pytest.mark.parametrize("because", list(Because))
def test_a_signal_that_goes_back_with_its_dossier_may_do_so(because: Because) -> None:
    assert all(Stage.BUNDLED in MOVES[stage] for stage in GOES_BACK[because])

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from signalen.consultations import rules
from signalen.consultations.models import AnswerKind, AnswerSource, CommitmentState, ConsultationState
from signalen.consultations.rules import AnswerInput, Need, check_answer
from signalen.consultations.workflow import (
    COMMITMENT_MOVES,
    CONSULTATION_MOVES,
    check_commitment_move,
    check_consultation_move,
)
from signalen.core.errors import DomainError, Missing, MoveRefused

TODAY = date(2026, 11, 10)
FULL = AnswerInput(
    AnswerKind.YES,
    words="We doen dit.",
    what_no="Niet op zaterdag.",
    reason="Daar is geen personeel voor.",
    reason_code="eigen-middelen",
    owner="Dienst Loketten",
    due_on=date(2027, 1, 15),
    why_better="Het helpt meer mensen.",
    year=2027,
    hear_on=date(2027, 2, 1),
    why_missed="Het stond alleen online.",
    own_levers="Wij dringen aan.",
    who="Vlaanderen",
    residents="Met de bewonersgroep.",
    comes_back_on=date(2026, 12, 15),
    source=AnswerSource.LETTER,
    given_by="Chloé",
)


def full(kind: AnswerKind, **values) -> AnswerInput:
    return replace(FULL, kind=kind, **values)


@pytest.mark.parametrize(("source", "target"), list(product(ConsultationState, repeat=2)))
def test_a_consultation_moves_only_as_its_table_says(source, target) -> None:
    if target in CONSULTATION_MOVES[source]:
        check_consultation_move(source, target)
    else:
        with pytest.raises(MoveRefused):
            check_consultation_move(source, target)


@pytest.mark.parametrize(("source", "target"), list(product(CommitmentState, repeat=2)))
def test_a_promise_moves_only_as_its_table_says(source, target) -> None:
    if target in COMMITMENT_MOVES[source]:
        check_commitment_move(source, target)
    else:
        with pytest.raises(MoveRefused):
            check_commitment_move(source, target)


def test_the_tables_are_total() -> None:
    assert set(CONSULTATION_MOVES) == set(ConsultationState)
    assert set(COMMITMENT_MOVES) == set(CommitmentState)
    assert set(rules.NEEDS) == set(rules.OPTIONAL) == set(AnswerKind)


def test_the_moves_are_these_and_no_others() -> None:
    assert {
        "planned": {"frozen", "held", "cancelled"},
        "frozen": {"planned", "held", "cancelled"},
        "held": set(),
        "cancelled": set(),
    } == CONSULTATION_MOVES
    assert {
        "open": {"kept", "broken", "dropped"},
        "broken": {"kept", "dropped"},
        "kept": set(),
        "dropped": set(),
    } == COMMITMENT_MOVES


def test_a_refusal_always_has_a_reason_and_a_promise_an_owner_and_a_date() -> None:
    for kind in (AnswerKind.PARTLY, AnswerKind.NO):
        assert Need.REASON_CODE in rules.NEEDS[kind]
    for kind in (AnswerKind.YES, AnswerKind.PARTLY, AnswerKind.OTHERWISE):
        assert {Need.OWNER, Need.DUE} <= set(rules.NEEDS[kind])
    for kind in rules.COMES_BACK:
        assert Need.COMES_BACK in rules.NEEDS[kind]


@pytest.mark.parametrize("kind", rules.GIVEN)
def test_a_complete_answer_of_each_kind_stands(kind) -> None:
    check_answer(full(kind), before=[], on=TODAY)


@pytest.mark.parametrize(
    ("kind", "need"), [(kind, need) for kind in rules.GIVEN for need in rules.NEEDS[kind]]
)
def test_each_kind_without_one_of_its_needs_is_refused(kind, need) -> None:
    for empty in (None,) if need in {Need.DUE, Need.HEAR_ON, Need.YEAR, Need.COMES_BACK} else ("", "  "):
        with pytest.raises(Missing) as refused:
            check_answer(full(kind, **{need.value: empty}), before=[], on=TODAY)
        assert refused.value.facts["what"] == [need]


@pytest.mark.parametrize("kind", rules.GIVEN)
def test_only_what_a_kind_needs_is_kept(kind) -> None:
    apart = {Need.WORDS, Need.REASON_CODE, Need.COMES_BACK}
    assert set(rules.details(full(kind))) == {need.value for need in rules.NEEDS[kind] if need not in apart}


def test_no_answer_is_declared_and_never_given() -> None:
    with pytest.raises(DomainError, match="none-is-declared"):
        check_answer(full(AnswerKind.NONE), before=[], on=TODAY)


@pytest.mark.parametrize("kind", sorted(rules.COMES_BACK))
def test_the_third_time_that_it_is_put_off_is_refused(kind) -> None:
    check_answer(full(kind), before=[kind], on=TODAY)
    with pytest.raises(DomainError, match="extended-already"):
        check_answer(full(kind), before=[kind, kind], on=TODAY)
    check_answer(full(AnswerKind.NO), before=[kind, kind], on=TODAY)


@pytest.mark.parametrize(
    ("kind", "field"),
    [(AnswerKind.YES, "due_on"), (AnswerKind.PLAN, "hear_on"), (AnswerKind.RESEARCH, "comes_back_on")],
)
def test_a_date_before_the_answer_is_refused(kind, field) -> None:
    with pytest.raises(DomainError, match="date-before-answer"):
        check_answer(full(kind, **{field: TODAY - timedelta(days=1)}), before=[], on=TODAY)
    check_answer(full(kind, **{field: TODAY}), before=[], on=TODAY)


@pytest.mark.parametrize("year", [2025, 2042])
def test_a_plan_is_decided_in_a_year_that_people_live_to_see(year) -> None:
    with pytest.raises(DomainError, match="year-out-of-reach"):
        check_answer(full(AnswerKind.PLAN, year=year), before=[], on=TODAY)


@pytest.mark.parametrize(
    ("state", "today", "late"),
    [
        (CommitmentState.OPEN, TODAY, False),
        (CommitmentState.OPEN, TODAY + timedelta(days=1), True),
        (CommitmentState.BROKEN, TODAY, True),
        (CommitmentState.KEPT, TODAY + timedelta(days=99), False),
        (CommitmentState.DROPPED, TODAY + timedelta(days=99), False),
    ],
)
def test_a_promise_is_late_from_the_day_after(state, today, late) -> None:
    assert rules.commitment_is_late(state, TODAY, today) is late


def test_a_pause_is_given_back_in_working_days() -> None:
    friday, wednesday = date(2026, 11, 13), date(2026, 11, 18)
    assert rules.after_pause(date(2026, 12, 1), friday, wednesday) == date(2026, 12, 4)
    assert rules.after_pause(date(2026, 12, 1), friday, friday) == date(2026, 12, 1)


@for_all(order=st.lists(st.integers(), min_size=1, unique=True), by=st.integers(-3, 3), data=st.data())
def test_moving_a_point_loses_none_and_keeps_the_order_of_the_others(order, by, data) -> None:
    item = data.draw(st.sampled_from(order))
    result = rules.moved(order, item, by)
    assert sorted(result) == sorted(order)
    assert [x for x in result if x != item] == [x for x in order if x != item]

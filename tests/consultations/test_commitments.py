from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from signalen.consultations.models import AgendaItem, Commitment, CommitmentState, ItemOutcome
from signalen.consultations.operations import (
    add_item,
    cancel,
    come_back,
    commit_to,
    drop_commitment,
    finish,
    hold,
    keep_commitment,
    record_answer,
)
from signalen.consultations.queries import commitments, due, items_of
from signalen.core import clock
from signalen.core.due import DueKind
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import Event
from signalen.dossiers.operations import move_dossier
from signalen.dossiers.queries import current_round
from signalen.signals.models import Stage
from tests.consultations.conftest import consultation
from tests.consultations.test_rules import FULL

pytestmark = pytest.mark.usefixtures("frozen")
LATE = FULL.due_on + timedelta(days=1)


@pytest.fixture
def bart(cast):
    return cast.actor(cast.bart)


@pytest.fixture
def promised(session, make_asked, bart):
    """A dossier that was told, with a promise for 15 January."""
    about, ask = make_asked()
    record_answer(session, ask, FULL, actor=bart)
    move_dossier(session, about, Stage.TOLD, due_on=None, actor=bart)
    return about, session.exec(select(Commitment)).one()


def events_of(session, verb: str) -> int:
    return len(session.exec(select(Event).where(Event.verb == verb)).all())


def test_on_its_day_a_promise_is_not_late(session, promised) -> None:
    about, promise = promised
    with clock.travel(FULL.due_on):
        assert come_back(session, FULL.due_on) == []
    assert (about.stage, promise.state) == (Stage.TOLD, CommitmentState.OPEN)


def test_one_day_later_its_dossier_stands_first_on_the_next_consultation_once(
    session, cast, promised, bart
) -> None:
    about, promise = promised
    consultation(session, cast, date(2027, 1, 10))  # before
    full = consultation(session, cast, date(2027, 2, 2))
    later = consultation(session, cast, date(2027, 3, 2))
    add_item(session, full, title="Welkom", actor=bart)
    with clock.travel(LATE):
        assert come_back(session, LATE) == [promise]
        assert come_back(session, LATE) == []
    with clock.travel(LATE + timedelta(days=3)):
        assert come_back(session, clock.today()) == []
    first, second = items_of(session, full.id)
    assert (first.dossier_id, first.because_commitment_id, second.title) == (about.id, promise.id, "Welkom")
    assert (first.position, second.position) == (0, 1)
    assert items_of(session, later.id) == []
    assert (about.stage, about.due_on) == (Stage.ON_AGENDA, full.held_on)
    assert (promise.state, promise.late_since, promise.came_back_on) == (CommitmentState.BROKEN, LATE, LATE)
    assert len(session.exec(select(AgendaItem).where(AgendaItem.dossier_id == about.id)).all()) == 1
    assert events_of(session, "commitment-broken") == events_of(session, "dossier-reopened") == 1


def test_without_a_consultation_it_waits_first_in_line_and_goes_on_the_next_one(
    session, cast, promised
) -> None:
    about, promise = promised
    with clock.travel(LATE):
        come_back(session, LATE)
        come_back(session, LATE)
        assert about.stage is Stage.BUNDLED
        assert about.first_in_line
        made = consultation(session, cast, date(2027, 2, 2))
    (item,) = items_of(session, made.id)
    assert item.because_commitment_id == promise.id
    assert not about.first_in_line


def test_a_frozen_or_other_municipality_is_not_the_next_consultation(session, cast, promised) -> None:
    about, _ = promised
    frozen = consultation(session, cast, date(2027, 2, 2))
    frozen.state = "frozen"
    session.flush()
    with clock.travel(LATE):
        come_back(session, LATE)
    assert about.first_in_line


def test_a_second_broken_promise_does_not_bring_the_same_dossier_twice(session, cast, promised, bart) -> None:
    about, promise = promised
    other = commit_to(
        session,
        dossier_id=about.id,
        answer_id=None,
        body_id=cast.loket.id,
        what="Een folder",
        owner="Dienst Loketten",
        due_on=FULL.due_on,
        actor=bart,
    )
    made = consultation(session, cast, date(2027, 2, 2))
    with clock.travel(LATE):
        assert {commitment.id for commitment in come_back(session, LATE)} == {promise.id, other.id}
    assert len(items_of(session, made.id)) == 1
    assert other.came_back_on == promise.came_back_on == LATE


def test_a_promise_broken_before_the_answer_was_told_comes_back_after_it(
    session, cast, make_asked, bart
) -> None:
    about, ask = make_asked()
    record_answer(session, ask, FULL, actor=bart)
    made = consultation(session, cast, date(2027, 2, 2))
    with clock.travel(LATE):
        come_back(session, LATE)
        assert about.stage is Stage.ANSWERED
        move_dossier(session, about, Stage.TOLD, due_on=None, actor=bart)
        assert come_back(session, LATE) == []
        assert about.stage is Stage.ON_AGENDA
    assert [item.dossier_id for item in items_of(session, made.id)] == [about.id]


def test_the_round_after_a_broken_promise_asks_the_same_again(session, cast, promised, bart) -> None:
    about, _ = promised
    made = consultation(session, cast, date(2027, 2, 2))
    with clock.travel(LATE):
        come_back(session, LATE)
    (item,) = items_of(session, made.id)
    with clock.travel(made.held_on):
        hold(session, made, {item.id: (ItemOutcome.DISCUSSED, "")}, actor=bart)
    assert about.stage is Stage.ASKED
    assert current_round(session, about).number == 2


def test_not_reached_or_cancelled_it_waits_first_in_line(session, cast, promised, bart) -> None:
    about, _ = promised
    made = consultation(session, cast, date(2027, 2, 2))
    with clock.travel(LATE):
        come_back(session, LATE)
        cancel(session, made, actor=bart)
        assert about.first_in_line
        again = consultation(session, cast, date(2027, 3, 2))
    (item,) = items_of(session, again.id)
    with clock.travel(again.held_on):
        hold(session, again, {item.id: (ItemOutcome.NOT_REACHED, "")}, actor=bart)
    assert about.first_in_line


def test_a_kept_promise_needs_proof_and_stays_kept(session, promised, bart) -> None:
    about, promise = promised
    with pytest.raises(Missing):
        keep_commitment(session, promise, "", actor=bart)
    keep_commitment(session, promise, "Het loket is open sinds 4 januari.", actor=bart)
    with clock.travel(LATE):
        assert come_back(session, LATE) == []
    assert about.stage is Stage.TOLD
    with pytest.raises(MoveRefused):
        drop_commitment(session, promise, "Toch niet.", actor=bart)


def test_a_broken_promise_can_be_kept_after_all(session, promised, bart) -> None:
    _, promise = promised
    with clock.travel(LATE):
        come_back(session, LATE)
        keep_commitment(session, promise, "Nu wel.", actor=bart)
    assert (promise.state, promise.late_since) == (CommitmentState.KEPT, LATE)


def test_a_condition_of_a_test_is_late_without_a_dossier(session, cast, bart) -> None:
    made = commit_to(
        session,
        dossier_id=None,
        answer_id=None,
        body_id=cast.loket.id,
        what="Bewoners mee laten beslissen",
        owner="Dienst Loketten",
        due_on=FULL.due_on,
        actor=bart,
    )
    with clock.travel(LATE):
        assert come_back(session, LATE) == [made]
        assert come_back(session, LATE) == []


def test_only_staff_close_promises_and_workers_make_none(session, cast, promised) -> None:
    _, promise = promised
    for who in (cast.amina, cast.chloe, cast.emma):
        with pytest.raises(NotAllowed):
            keep_commitment(session, promise, "Ja.", actor=cast.actor(who))
    with pytest.raises(NotAllowed):
        commit_to(
            session,
            dossier_id=None,
            answer_id=None,
            body_id=None,
            what="x",
            owner="y",
            due_on=LATE,
            actor=cast.actor(cast.amina),
        )


def test_late_is_a_state_that_staff_and_the_body_see(session, cast, promised, bart) -> None:
    chloe = cast.actor(cast.chloe)
    with clock.travel(LATE):
        for who in (bart, chloe):
            assert [row.late(LATE) for row in commitments(session, who)] == [True]
            assert [each.late for each in due(session, who, LATE) if each.kind is DueKind.COMMITMENT] == [
                True
            ]


def test_a_dossier_is_done_only_when_its_promises_are_kept(session, cast, promised, bart) -> None:
    dossier, commitment = promised
    with pytest.raises(DomainError) as error:
        finish(session, dossier, actor=bart)
    assert (error.value.code, error.value.facts["count"]) == ("promises-open", 1)
    keep_commitment(session, commitment, "Gezien op 3 november.", actor=bart)
    finish(session, dossier, actor=bart)
    assert dossier.done_on is not None

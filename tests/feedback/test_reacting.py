"""What givers say of the answer, and what closes the loop."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.dossiers.operations import current_round
from signalen.feedback import operations as feedback
from signalen.feedback.models import DeliveryState, FeedbackState, Helped, Reaction
from signalen.people.models import Setting
from signalen.signals.models import Stage
from signalen.web.guards import giver_actor
from tests.feedback import steps

pytestmark = pytest.mark.usefixtures("frozen")


def open_all(session, given) -> None:
    for signal in given:
        feedback.open_delivery(
            session, steps.delivery_of(session, signal), language="nl", actor=giver_actor(signal.giver_id)
        )


def react(session, vault, signal, helped=None, *, understood=None, words=""):
    return feedback.react(
        session,
        vault,
        steps.delivery_of(session, signal),
        understood=understood,
        helped=helped,
        words=words,
        actor=giver_actor(signal.giver_id),
    )


@pytest.fixture
def told(session, vault, cast):
    """A dossier of sixteen givers who all opened their answer."""
    given = steps.signals(session, vault, cast, 16)
    dossier, round_ = steps.answered(session, cast, given)
    made = steps.delivered(session, cast, round_)
    open_all(session, given)
    return dossier, made, given


def test_yes_closes_that_signal_and_the_last_yes_the_dossier(session, vault, cast) -> None:
    given = steps.signals(session, vault, cast, 2)
    dossier, round_ = steps.answered(session, cast, given)
    steps.delivered(session, cast, round_)
    open_all(session, given)
    react(session, vault, given[0], Helped.YES)
    assert (given[0].stage, dossier.stage) == (Stage.CLOSED, Stage.TOLD)
    react(session, vault, given[1], Helped.YES, understood=True)
    assert (dossier.stage, dossier.done_on) == (Stage.CLOSED, None)


def test_a_little_keeps_the_time_to_react(session, vault, told) -> None:
    _dossier, _made, given = told
    react(session, vault, given[0], Helped.A_LITTLE)
    assert given[0].stage is Stage.TOLD


def test_no_reopens_that_signal_and_from_a_share_on_the_dossier(session, vault, told) -> None:
    dossier, _made, given = told
    react(session, vault, given[0], Helped.NO)
    react(session, vault, given[1], Helped.NO)
    assert given[0].stage is Stage.BUNDLED
    assert (dossier.stage, dossier.contested) == (Stage.TOLD, True)
    react(session, vault, given[2], Helped.NO)
    assert dossier.stage is Stage.TOLD  # three of sixteen are no fifth
    react(session, vault, given[3], Helped.NO)
    assert dossier.stage is Stage.BUNDLED
    assert current_round(session, dossier).number == 2


def test_in_the_demo_one_giver_is_enough_also_while_others_were_not_told(session, vault, cast) -> None:
    session.add(Setting(name="demo", value=True))
    given = steps.signals(session, vault, cast, 3)
    dossier, round_ = steps.answered(session, cast, given)
    steps.delivered(session, cast, round_)
    open_all(session, given[:1])
    react(session, vault, given[0], Helped.NO)
    assert dossier.stage is Stage.BUNDLED
    session.refresh(given[1])
    assert given[1].stage is Stage.ANSWERED  # still owed that answer
    open_all(session, given[1:2])
    assert given[1].stage is Stage.TOLD


def test_only_the_last_word_of_a_giver_counts(session, vault, told, frozen) -> None:
    dossier, _made, given = told
    for number, signal in enumerate(given[:3]):
        with clock.travel(steps.days_later(frozen, number)):
            react(session, vault, signal, Helped.NO)
    with clock.travel(steps.days_later(frozen, 4)):
        react(session, vault, given[0], Helped.YES)
    with clock.travel(steps.days_later(frozen, 5)):
        react(session, vault, given[3], Helped.NO)
    assert dossier.stage is Stage.TOLD


def test_a_text_that_is_not_understood_goes_back_and_comes_again(session, vault, cast, told, frozen) -> None:
    _dossier, made, given = told
    react(session, vault, given[0], understood=False)
    delivery = steps.delivery_of(session, given[0])
    assert (made.state, delivery.reaction_until) == (FeedbackState.WRITING, None)
    with clock.travel(date(2027, 2, 1)):
        feedback.close_due(session, clock.today())
        session.refresh(given[0])
        assert given[0].stage is Stage.TOLD  # no clock runs for who waits for words
        bart = cast.actor(cast.bart)
        feedback.write(session, made, "nl", steps.PARTS | {"answer": "Dinsdag is het open."}, actor=bart)
        feedback.show_to_body(session, made, actor=bart)
        feedback.confirm_faithful(session, made, cast.loket.id, actor=cast.actor(cast.chloe))
        feedback.approve(session, made, actor=cast.actor(cast.sofie))
        assert feedback.deliver(session, made, actor=bart) == 1
        assert steps.delivery_of(session, given[0]).state is DeliveryState.READY
        open_all(session, given[:1])
        assert steps.delivery_of(session, given[0]).reaction_until > date(2027, 2, 1)


def test_the_words_of_a_reaction_are_sealed(session, vault, told) -> None:
    _dossier, _made, given = told
    react(session, vault, given[0], Helped.A_LITTLE, words="Ik raak er niet op dinsdag.")
    kept = session.exec(select(Reaction)).one()
    assert b"dinsdag" not in kept.sealed
    assert vault.open(kept.key_id, kept.sealed, f"reaction:{kept.id}:words") == "Ik raak er niet op dinsdag."


def test_nobody_reacts_for_somebody_else_or_before_being_told(session, vault, cast) -> None:
    given = steps.signals(session, vault, cast, 2)
    _dossier, round_ = steps.answered(session, cast, given)
    steps.delivered(session, cast, round_)
    with pytest.raises(DomainError, match="not-told-yet"):
        react(session, vault, given[0], Helped.YES)
    open_all(session, given)
    delivery = steps.delivery_of(session, given[0])
    for actor in (giver_actor(given[1].giver_id), cast.actor(cast.bart), cast.actor(cast.amina)):
        with pytest.raises(NotAllowed):
            feedback.react(session, vault, delivery, understood=None, helped=Helped.NO, actor=actor)
    with pytest.raises(Missing):
        react(session, vault, given[0])


def test_the_worker_who_told_them_says_what_they_say(session, vault, cast) -> None:
    own = steps.own_signal(session, vault, cast)
    _dossier, round_ = steps.answered(session, cast, [own])
    steps.delivered(session, cast, round_)
    amina = cast.actor(cast.amina)
    delivery = steps.delivery_of(session, own)
    feedback.tell_by_hand(session, delivery, actor=amina)
    feedback.react(session, vault, delivery, understood=True, helped=Helped.YES, actor=amina)
    assert own.stage is Stage.CLOSED


def test_time_closes_what_was_told_and_nothing_else(session, vault, cast) -> None:
    given = steps.signals(session, vault, cast, 3)
    dossier, round_ = steps.answered(session, cast, given)
    steps.delivered(session, cast, round_)
    open_all(session, given[:2])
    until = steps.delivery_of(session, given[0]).reaction_until
    with clock.travel(until):
        assert feedback.close_due(session, clock.today()).closed == 0
    with clock.travel(steps.days_later(until, 1)):
        assert feedback.close_due(session, clock.today()).closed == 2
        assert feedback.close_due(session, clock.today()).closed == 0
    for signal, stage in zip(given, (Stage.CLOSED, Stage.CLOSED, Stage.ANSWERED), strict=True):
        session.refresh(signal)
        assert signal.stage is stage
    assert dossier.stage is Stage.ANSWERED


def test_after_three_years_a_giver_who_never_came_is_closed_as_not_reached(session, vault, cast) -> None:
    given = steps.signals(session, vault, cast, 1)
    dossier, round_ = steps.answered(session, cast, given)
    steps.delivered(session, cast, round_)
    with clock.travel(date(2029, 11, 1)):
        assert feedback.close_due(session, clock.today()).not_reached == 0
    with clock.travel(date(2029, 12, 2)):
        assert feedback.close_due(session, clock.today()).not_reached == 1
    assert steps.delivery_of(session, given[0]).state is DeliveryState.NOT_REACHED
    assert dossier.stage is Stage.CLOSED
    feedback.open_delivery(
        session, steps.delivery_of(session, given[0]), language="nl", actor=giver_actor(given[0].giver_id)
    )
    react(session, vault, given[0], Helped.NO)
    assert given[0].stage is Stage.BUNDLED


def test_a_closed_signal_can_always_be_opened_again_by_its_giver(session, vault, told) -> None:
    _dossier, _made, given = told
    react(session, vault, given[0], Helped.YES)
    react(session, vault, given[0], Helped.NO)
    assert given[0].stage is Stage.BUNDLED

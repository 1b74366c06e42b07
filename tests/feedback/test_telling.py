"""From an answer of the city to every giver: second person, days of the body, deliveries, told or not."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import select

from signalen.core import clock
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import Event, OutboxMessage
from signalen.dossiers.operations import bundle
from signalen.feedback import labels
from signalen.feedback import operations as feedback
from signalen.feedback.models import (
    BoardState,
    Delivery,
    DeliveryState,
    DeliveryWay,
    FeedbackState,
    Flag,
    Helped,
)
from signalen.feedback.queries.telling import tellable, to_tell
from signalen.people.models import Membership
from signalen.signals.intake import Contact
from signalen.signals.models import ContactKind, HearsBack, Stage
from signalen.signals.operations import read_signal
from signalen.texts.operations import approve as approve_version
from signalen.texts.operations import propose, review_by_panel
from signalen.texts.queries import latest
from signalen.web.guards import giver_actor
from tests import factories
from tests.feedback import steps

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def round_(session, vault, cast):
    return steps.answered(session, cast, steps.signals(session, vault, cast))[1]


def test_a_round_is_told_once_and_within_five_working_days(session, cast, round_) -> None:
    bart = cast.actor(cast.bart)
    first = feedback.start_feedback(session, round_, actor=bart)
    assert feedback.start_feedback(session, round_, actor=bart).id == first.id
    # Tuesday 10 November 2026; Wednesday 11 November is a public holiday.
    assert first.due_on == date(2026, 11, 18)


def test_a_round_that_still_runs_is_not_told(session, vault, cast) -> None:
    _dossier, round_ = steps.asked(session, cast, steps.signals(session, vault, cast))
    with pytest.raises(DomainError, match="round-not-ended"):
        feedback.start_feedback(session, round_, actor=cast.actor(cast.bart))


def test_an_unfinished_text_is_not_shown(session, cast, round_) -> None:
    bart = cast.actor(cast.bart)
    made = feedback.start_feedback(session, round_, actor=bart)
    feedback.write(session, made, "nl", {"did": "We vroegen het.", "unknown": "x"}, actor=bart)
    with pytest.raises(Missing) as refused:
        feedback.show_to_body(session, made, actor=bart)
    assert refused.value.facts["what"] == ["answer", "next"]


def test_the_writer_never_approves(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    with pytest.raises(DomainError, match="second-person"):
        feedback.approve(session, made, actor=cast.actor(cast.bart))
    feedback.approve(session, made, actor=cast.actor(cast.sofie))
    assert made.state is FeedbackState.APPROVED


def test_the_panel_may_approve(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    feedback.approve(session, made, actor=cast.actor(cast.emma))
    assert made.state is FeedbackState.APPROVED


def test_a_worker_approves_only_when_there_is_one_staff_member_and_with_a_mandate(
    session, cast, round_
) -> None:
    made = steps.written(session, cast, round_)
    with pytest.raises(DomainError, match="staff-approves"):
        feedback.approve(session, made, actor=cast.actor(cast.dre))
    for membership in session.exec(select(Membership).where(Membership.user_id == cast.sofie.id)):
        membership.until = clock.now()
    for membership in session.exec(select(Membership).where(Membership.user_id == cast.dre.id)):
        membership.may_agree = False
    session.flush()
    with pytest.raises(DomainError, match="needs-mandate-elsewhere"):
        feedback.approve(session, made, actor=cast.actor(cast.dre))
    feedback.approve(session, made, actor=cast.actor(cast.amina))
    assert made.state is FeedbackState.APPROVED


@pytest.mark.parametrize("name", ["chloe", "stijn"])
def test_city_and_steward_never_approve(session, cast, round_, name) -> None:
    made = steps.written(session, cast, round_)
    with pytest.raises(NotAllowed):
        feedback.approve(session, made, actor=cast.actor(getattr(cast, name)))


def test_what_the_panel_finds_unclear_needs_a_reason(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    version = latest(session, made.text_id)["nl"]
    emma = cast.actor(cast.emma)
    with pytest.raises(Missing):
        review_by_panel(session, version, clear=False, retold="", unclear="", actor=emma)
    review_by_panel(session, version, clear=False, retold="", unclear="Wat is personeel?", actor=emma)
    with pytest.raises(DomainError, match="panel-says-unclear"):
        feedback.approve(session, made, actor=cast.actor(cast.sofie))
    feedback.approve(
        session, made, overruled_reason="Het woord staat ook op de deur.", actor=cast.actor(cast.sofie)
    )
    assert version.overruled_reason == "Het woord staat ook op de deur."


def test_the_body_has_two_working_days_before_it_goes_out(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    assert made.body_until == date(2026, 11, 13)
    feedback.approve(session, made, actor=cast.actor(cast.sofie))
    bart = cast.actor(cast.bart)
    with pytest.raises(DomainError, match="body-may-still-flag"):
        feedback.deliver(session, made, actor=bart)
    with clock.travel(date(2026, 11, 16)):
        assert feedback.deliver(session, made, actor=bart) == 2


def test_a_body_that_says_it_is_faithful_makes_nobody_wait(session, cast, round_) -> None:
    made = steps.delivered(session, cast, round_)
    assert made.state is FeedbackState.DELIVERED


def test_a_flag_stops_the_text_until_it_is_settled_and_read_again(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    chloe, sofie = cast.actor(cast.chloe), cast.actor(cast.sofie)
    feedback.approve(session, made, actor=sofie)
    flagged = feedback.flag(session, made, cast.loket.id, "Het is ook op donderdag.", actor=chloe)
    assert made.state is FeedbackState.FLAGGED
    with pytest.raises(MoveRefused):
        feedback.deliver(session, made, actor=cast.actor(cast.bart))
    with pytest.raises(Missing):
        feedback.settle_flag(session, flagged, " ", actor=cast.actor(cast.bart))
    feedback.settle_flag(session, flagged, "In de brief staat alleen dinsdag.", actor=cast.actor(cast.bart))
    assert made.state is FeedbackState.WITH_BODY
    with pytest.raises(DomainError, match="second-person"):
        feedback.approve(session, made, actor=cast.actor(cast.bart))
    feedback.approve(session, made, actor=sofie)
    assert made.state is FeedbackState.APPROVED


def test_a_flag_comes_from_a_body_that_was_asked_and_in_time(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    chloe = cast.actor(cast.chloe)
    with pytest.raises(NotAllowed):
        feedback.flag(session, made, cast.vlaanderen.id, "Nee.", actor=chloe)
    with pytest.raises(NotAllowed):
        feedback.flag(session, made, cast.loket.id, "Nee.", actor=cast.actor(cast.bart))
    with clock.travel(date(2026, 11, 16)), pytest.raises(DomainError, match="flag-too-late"):
        feedback.flag(session, made, cast.loket.id, "Nee.", actor=chloe)
    assert not session.exec(select(Flag)).all()


def test_writing_the_dutch_text_again_takes_back_the_yes(session, cast, round_) -> None:
    made = steps.written(session, cast, round_)
    feedback.approve(session, made, actor=cast.actor(cast.sofie))
    feedback.write(session, made, "nl", steps.PARTS | {"next": "We bellen."}, actor=cast.actor(cast.bart))
    assert made.state is FeedbackState.WRITING
    feedback.show_to_body(session, made, actor=cast.actor(cast.bart))
    feedback.approve(session, made, actor=cast.actor(cast.sofie))
    assert latest(session, made.text_id)["nl"].parts["next"] == "We bellen."


def test_an_older_translation_does_not_outlive_the_dutch_text(session, cast, round_, frozen) -> None:
    bart, sofie = cast.actor(cast.bart), cast.actor(cast.sofie)
    made = steps.written(session, cast, round_)
    version = feedback.write(session, made, "ar", steps.PARTS, actor=bart)
    from_texts = latest(session, made.text_id)
    assert from_texts["ar"].id == version.id
    feedback.approve(session, made, actor=sofie)
    propose(session, version, actor=bart)
    approve_version(session, version, actor=sofie)
    with clock.travel(steps.days_later(frozen, 1)):
        feedback.write(session, made, "nl", steps.PARTS | {"next": "We bellen."}, actor=bart)
        feedback.show_to_body(session, made, actor=bart)
        feedback.approve(session, made, actor=sofie)
    assert "ar" not in latest(session, made.text_id)


def test_every_giver_gets_a_delivery_in_their_way(session, vault, cast) -> None:
    contact = Contact(ContactKind.EMAIL, "rosa@example.org")
    phone = Contact(ContactKind.PHONE, "0470 00 00 00")
    code = steps.signals(session, vault, cast, 1)[0]
    mail = steps.signals(session, vault, cast, 1, hears_back=HearsBack.CONTACT, contact=contact)[0]
    call = steps.signals(session, vault, cast, 1, hears_back=HearsBack.CONTACT, contact=phone)[0]
    told = steps.own_signal(session, vault, cast)
    _dossier, round_ = steps.answered(session, cast, [code, mail, call, told])
    steps.delivered(session, cast, round_)
    ways = {signal.id: steps.delivery_of(session, signal).way for signal in (code, mail, call, told)}
    assert list(ways.values()) == [DeliveryWay.PAGE, DeliveryWay.EMAIL, DeliveryWay.HAND, DeliveryWay.HAND]
    posted = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "giver-answer-ready")).all()
    assert [message.recipient_id for message in posted] == [mail.giver_id]
    assert session.exec(select(Delivery)).all()[0].state is DeliveryState.READY
    session.refresh(code)
    assert code.stage is Stage.ANSWERED  # publishing alone tells nobody


def test_only_what_is_opened_sent_or_said_is_told(session, vault, cast) -> None:
    contact = Contact(ContactKind.EMAIL, "rosa@example.org")
    code = steps.signals(session, vault, cast, 1)[0]
    mail = steps.signals(session, vault, cast, 1, hears_back=HearsBack.CONTACT, contact=contact)[0]
    told = steps.own_signal(session, vault, cast)
    dossier, round_ = steps.answered(session, cast, [code, mail, told])
    steps.delivered(session, cast, round_)
    feedback.open_delivery(
        session, steps.delivery_of(session, code), language="nl", actor=giver_actor(code.giver_id)
    )
    assert code.stage is Stage.TOLD
    assert dossier.stage is Stage.ANSWERED
    feedback.mark_sent(session, steps.delivery_of(session, mail).id)
    feedback.mark_sent(session, steps.delivery_of(session, mail).id)
    session.refresh(mail)
    assert mail.stage is Stage.TOLD
    with pytest.raises(NotAllowed):
        feedback.tell_by_hand(session, steps.delivery_of(session, told), actor=cast.actor(cast.dre))
    feedback.tell_by_hand(session, steps.delivery_of(session, told), actor=cast.actor(cast.amina))
    assert told.stage is Stage.TOLD
    assert dossier.stage is Stage.TOLD
    assert steps.delivery_of(session, told).reaction_until == told.due_on == date(2026, 12, 9)


def test_a_mail_that_bounces_tells_nobody(session, vault, cast) -> None:
    contact = Contact(ContactKind.EMAIL, "rosa@example.org")
    mail = steps.signals(session, vault, cast, 1, hears_back=HearsBack.CONTACT, contact=contact)
    _dossier, round_ = steps.answered(session, cast, mail)
    steps.delivered(session, cast, round_)
    delivery = steps.delivery_of(session, mail[0])
    feedback.mark_bounced(session, delivery.id)
    assert (delivery.state, delivery.way) == (DeliveryState.READY, DeliveryWay.PAGE)
    assert mail[0].stage is Stage.ANSWERED


def test_workers_see_only_their_own_givers_to_tell(session, vault, cast) -> None:
    told = steps.own_signal(session, vault, cast)
    _dossier, round_ = steps.answered(session, cast, [told])
    steps.delivered(session, cast, round_)
    assert session.exec(tellable(cast.actor(cast.amina))).one().signal_id == told.id
    for other in (cast.dre, cast.bart, cast.chloe):
        assert not session.exec(tellable(cast.actor(other))).all()


def test_a_giver_whose_worker_left_is_told_by_a_colleague(session, vault, cast) -> None:
    colleague = factories.user(session, "Nora")
    factories.member(session, colleague, factories.Role.WORKER, organisation_id=cast.linde.id)
    told = steps.own_signal(session, vault, cast)
    _dossier, round_ = steps.answered(session, cast, [told])
    steps.delivered(session, cast, round_)
    assert not session.exec(tellable(cast.actor(colleague))).all()
    cast.amina.active = False
    session.flush()
    assert session.exec(tellable(cast.actor(colleague))).one().signal_id == told.id


def test_a_signal_that_joins_late_is_owed_its_answer(session, vault, cast) -> None:
    given = steps.signals(session, vault, cast)
    dossier, round_ = steps.answered(session, cast, given)
    steps.delivered(session, cast, round_)
    late = steps.signals(session, vault, cast, 1)
    bundle(session, late, dossier, actor=cast.actor(cast.bart))
    assert late[0].stage is Stage.ANSWERED
    assert feedback.catch_up(session) == 1
    assert feedback.catch_up(session) == 0
    assert steps.delivery_of(session, late[0]).state is DeliveryState.READY


def test_who_cannot_be_reached_is_closed_as_such(session, vault, cast) -> None:
    told = steps.own_signal(session, vault, cast)
    _dossier, round_ = steps.answered(session, cast, [told])
    steps.delivered(session, cast, round_)
    delivery = steps.delivery_of(session, told)
    feedback.not_reached(session, delivery, actor=cast.actor(cast.amina))
    assert (delivery.state, told.stage) == (DeliveryState.NOT_REACHED, Stage.CLOSED)


def test_read_signal_of_nobody_is_not_delivered(session, vault, cast) -> None:
    given = steps.signals(session, vault, cast, 1)
    _dossier, round_ = steps.answered(session, cast, given)
    alone = factories.signal(session, vault)
    read_signal(session, alone, actor=cast.actor(cast.bart))
    steps.delivered(session, cast, round_)
    assert steps.delivery_of(session, alone) is None


def test_many_givers_cost_no_more_statements_than_few(session, vault, cast) -> None:
    counts = []
    for number in (2, 12):
        _dossier, round_ = steps.answered(session, cast, steps.signals(session, vault, cast, number))
        made = steps.written(session, cast, round_)
        feedback.confirm_faithful(session, made, cast.loket.id, actor=cast.actor(cast.chloe))
        feedback.approve(session, made, actor=cast.actor(cast.sofie))
        bart = cast.actor(cast.bart)
        session.flush()
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest, seen=seen) -> None:
            seen.append(statement)

        sa.event.listen(session.get_bind(), "before_cursor_execute", note)
        assert feedback.deliver(session, made, actor=bart) == number
        sa.event.remove(session.get_bind(), "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_state_has_a_label() -> None:
    assert set(labels.FEEDBACK_STATES) == set(FeedbackState)
    assert set(labels.DELIVERY_STATES) == set(DeliveryState)
    assert set(labels.WAYS) == set(DeliveryWay)
    assert set(labels.BOARD_STATES) == set(BoardState)
    assert set(labels.HELPED) == set(Helped)
    assert set(labels.HEADLINES) == set(Stage)


def test_a_worker_says_when_and_in_which_language_it_was_told(session, vault, cast, frozen) -> None:
    told = steps.own_signal(session, vault, cast)
    _dossier, round_ = steps.answered(session, cast, [told])
    steps.delivered(session, cast, round_)
    delivery, amina = steps.delivery_of(session, told), cast.actor(cast.amina)
    with clock.travel(steps.days_later(frozen, 5)):
        for day, why in ((date(2026, 11, 16), "told-later"), (date(2026, 11, 9), "told-too-early")):
            with pytest.raises(DomainError) as refused:
                feedback.tell_by_hand(session, delivery, on=day, actor=amina)
            assert refused.value.code == why
            assert delivery.state is DeliveryState.READY
        feedback.tell_by_hand(session, delivery, on=date(2026, 11, 12), language="tr", actor=amina)
    assert (clock.day_of(delivery.state_at), delivery.language) == (date(2026, 11, 12), "tr")
    last = session.exec(select(Event).where(Event.verb == "feedback-told-by-hand")).one()
    assert last.data == {"on": "2026-11-12", "language": "tr"}
    assert told.stage is Stage.TOLD


def test_what_can_be_told_is_what_has_an_approved_text(session, vault, cast) -> None:
    told = steps.own_signal(session, vault, cast, language="tr")
    _dossier, round_ = steps.asked(session, cast, [told])
    amina, dre = cast.actor(cast.amina), cast.actor(cast.dre)
    steps.answer(session, cast, round_)
    assert to_tell(session, amina, [told.id]) == {}
    steps.delivered(session, cast, round_)
    row = to_tell(session, amina, [told.id])[told.id]
    assert (row.giver_language, row.texts) == ("tr", ("nl",))
    assert to_tell(session, dre, [told.id]) == {}
    assert to_tell(session, amina, []) == {}
    feedback.tell_by_hand(session, steps.delivery_of(session, told), actor=amina)
    assert to_tell(session, amina, [told.id]) == {}

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from signalen.consultations.models import (
    AnswerKind,
    AnswerSource,
    Commitment,
    CommitmentState,
)
from signalen.consultations.operations import (
    correct_answer,
    declare_no_answer,
    expire_interim,
    extend,
    record_answer,
    reply_to_city,
)
from signalen.consultations.queries import (
    answers_to,
    ask_page,
    asks_for_city,
    commitments,
    late_asks,
    open_question,
    round_answers,
    visible_asks,
)
from signalen.consultations.rules import AnswerInput
from signalen.core import clock
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.models import OutboxMessage
from signalen.core.permissions import SYSTEM
from signalen.core.workdays import add_working_days
from signalen.dossiers.models import AskWay, RoundState
from signalen.dossiers.operations import add_ask, move_dossier, quote, send_asks
from signalen.dossiers.queries import asks_of, current_round
from signalen.people.models import Body, Level
from signalen.signals.models import Stage
from tests.consultations.conftest import TODAY
from tests.consultations.test_rules import FULL
from tests.factories import dossier

pytestmark = pytest.mark.usefixtures("frozen")
LATER = date(2026, 12, 15)


def by_account(kind: AnswerKind, **values) -> AnswerInput:
    return replace(FULL, kind=kind, source=AnswerSource.ACCOUNT, given_by="", **values)


@pytest.fixture
def bart(cast):
    return cast.actor(cast.bart)


@pytest.fixture
def chloe(cast):
    return cast.actor(cast.chloe)


def kinds_of_mail(session) -> list[str]:
    return sorted(session.exec(select(OutboxMessage.kind)).all())


def test_a_final_answer_of_the_last_ask_makes_the_dossier_answered(session, make_asked, chloe) -> None:
    about, ask = make_asked()
    answer = record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)
    assert ask.final
    assert current_round(session, about).state is RoundState.ANSWERED
    assert (about.stage, about.answered_on, about.due_on) == (
        Stage.ANSWERED,
        TODAY,
        add_working_days(TODAY, 5),
    )
    assert (answer.given_by, answer.source, answer.reason_code) == (
        "Chloé",
        AnswerSource.ACCOUNT,
        "eigen-middelen",
    )
    assert "staff-answered" in kinds_of_mail(session)


def test_an_answer_with_one_ask_still_open_leaves_the_round_asked(session, cast, bart, chloe) -> None:
    about = dossier(session, cast)
    round_ = current_round(session, about)
    add_ask(session, round_, cast.vlaanderen.id, "Betaal mee aan het loket.", actor=bart)
    send_asks(session, round_, AskWay.WRITING, TODAY, actor=bart)
    own, other = (ask for ask, _ in asks_of(session, [round_.id]))
    record_answer(session, own, by_account(AnswerKind.YES), actor=chloe)
    assert about.stage is Stage.ASKED
    record_answer(session, other, replace(FULL, kind=AnswerKind.ELSEWHERE), actor=bart)
    assert about.stage is Stage.ANSWERED
    assert [answer.kind for _, _, answer in round_answers(session, round_.id)] == ["ja", "ander"]


@pytest.mark.parametrize("kind", [AnswerKind.YES, AnswerKind.PARTLY, AnswerKind.OTHERWISE, AnswerKind.PLAN])
def test_what_is_promised_becomes_a_commitment_with_owner_and_date(session, make_asked, chloe, kind) -> None:
    about, ask = make_asked()
    answer = record_answer(session, ask, by_account(kind), actor=chloe)
    (made,) = session.exec(select(Commitment)).all()
    assert (made.dossier_id, made.answer_id, made.body_id) == (about.id, answer.id, ask.body_id)
    assert made.owner == "Dienst Loketten"
    assert made.due_on == (FULL.hear_on if kind is AnswerKind.PLAN else FULL.due_on)


def test_a_bare_yes_promises_what_was_asked(session, make_asked, chloe) -> None:
    _, ask = make_asked()
    record_answer(session, ask, by_account(AnswerKind.YES, words=""), actor=chloe)
    assert session.exec(select(Commitment.what)).one() == ask.measure


@pytest.mark.parametrize("kind", [AnswerKind.RESEARCH, AnswerKind.COUNCIL])
def test_an_interim_answer_leaves_the_round_asked_until_its_own_date(
    session, make_asked, chloe, kind
) -> None:
    about, ask = make_asked()
    record_answer(session, ask, by_account(kind), actor=chloe)
    assert not ask.final
    assert about.stage is Stage.ASKED
    session.refresh(about)
    assert ask.due_on == about.due_on == LATER


def test_a_question_back_stops_the_clock_until_staff_answer(session, make_asked, bart, chloe) -> None:
    about, ask = make_asked()
    promised = ask.due_on
    record_answer(session, ask, by_account(AnswerKind.QUESTION), actor=chloe)
    assert ask.paused_since == TODAY
    assert ask_page(session, chloe, ask.id).question is not None
    with pytest.raises(DomainError, match="question-open"):
        record_answer(session, ask, by_account(AnswerKind.QUESTION), actor=chloe)
    with clock.travel(add_working_days(promised, 5)):
        assert late_asks(session, clock.today(), actor=bart) == []  # its clock stands still
    question = open_question(session, ask.id)
    with clock.travel(add_working_days(TODAY, 3)):
        reply_to_city(session, question, "Het gaat om twee loketten.", actor=bart)
        with pytest.raises(DomainError, match="question-answered"):
            reply_to_city(session, question, "Nog eens.", actor=bart)
    assert ask.paused_since is None
    session.refresh(about)
    assert ask.due_on == about.due_on == add_working_days(promised, 3)
    assert "body-question-answered" in kinds_of_mail(session)


def test_a_final_answer_settles_an_open_question(session, make_asked, chloe) -> None:
    _, ask = make_asked()
    record_answer(session, ask, by_account(AnswerKind.QUESTION), actor=chloe)
    record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)
    assert ask.final
    assert open_question(session, ask.id) is None


def test_we_look_into_it_comes_back_is_extended_once_and_is_then_no_answer(
    session, make_asked, chloe
) -> None:
    about, ask = make_asked()
    record_answer(session, ask, by_account(AnswerKind.RESEARCH), actor=chloe)
    with clock.travel(LATER):
        assert expire_interim(session, LATER) == []
    came = date(2026, 12, 16)
    with clock.travel(came):
        assert expire_interim(session, came) == [ask]
        assert expire_interim(session, came) == []  # once
        extend(session, ask, until=date(2027, 1, 20), why="Het onderzoek loopt nog.", actor=chloe)
        assert ask.extended
        with pytest.raises(DomainError, match="extended-already"):
            extend(session, ask, until=date(2027, 2, 20), why="Nog niet klaar.", actor=chloe)
    over = date(2027, 1, 21)
    with clock.travel(over):
        assert expire_interim(session, over) == [ask]
        assert expire_interim(session, over) == []
    round_ = current_round(session, about)
    assert (round_.state, round_.ended_on, round_.declared_by) == (RoundState.UNANSWERED, over, None)
    assert about.stage is Stage.ANSWERED
    assert about.answered_on is None
    last = answers_to(session, ask.id)[-1]
    assert (last.kind, last.source, last.given_on) == (AnswerKind.NONE, AnswerSource.DECLARED, over)
    assert {"body-no-answer", "staff-no-answer"} <= set(kinds_of_mail(session))


def test_staff_can_extend_once_when_the_body_asks_by_phone(session, make_asked, bart, chloe) -> None:
    _, ask = make_asked()
    with pytest.raises(DomainError, match="nothing-to-extend"):
        extend(session, ask, until=LATER, why="Ze bellen terug.", actor=bart)
    record_answer(session, ask, by_account(AnswerKind.RESEARCH), actor=chloe)
    made = extend(session, ask, until=date(2027, 1, 20), why="Ze bellen terug.", actor=bart)
    assert (made.source, made.details["who"]) == (AnswerSource.SPOKEN, FULL.who)


def test_the_decision_of_the_college_comes_back_on_its_date(session, make_asked, chloe) -> None:
    _, ask = make_asked()
    record_answer(session, ask, by_account(AnswerKind.COUNCIL, words=""), actor=chloe)
    with clock.travel(date(2026, 12, 16)):
        assert expire_interim(session, clock.today()) == [ask]
        assert not ask.final


def test_no_answer_is_declared_only_when_it_is_late(session, make_asked, bart) -> None:
    about, ask = make_asked()
    with pytest.raises(DomainError, match="not-late-yet"):
        declare_no_answer(session, ask, "Er kwam niets.", actor=bart)
    with clock.travel(ask.due_on), pytest.raises(DomainError, match="not-late-yet"):
        declare_no_answer(session, ask, "Er kwam niets.", actor=bart)
    with clock.travel(add_working_days(ask.due_on, 1)):
        with pytest.raises(Missing):
            declare_no_answer(session, ask, " ", actor=bart)
        declare_no_answer(session, ask, "Er kwam niets.", actor=bart)
    round_ = current_round(session, about)
    assert (round_.state, round_.declared_by) == (RoundState.UNANSWERED, bart.id)


def test_a_round_with_one_answer_and_one_silence_is_answered(session, cast, bart, chloe) -> None:
    about = dossier(session, cast)
    round_ = current_round(session, about)
    add_ask(session, round_, cast.vlaanderen.id, "Betaal mee aan het loket.", actor=bart)
    send_asks(session, round_, AskWay.WRITING, TODAY, actor=bart)
    own, other = (ask for ask, _ in asks_of(session, [round_.id]))
    with clock.travel(add_working_days(other.due_on, 1)):
        declare_no_answer(session, other, "Er kwam niets.", actor=bart)
        assert about.stage is Stage.ASKED
        record_answer(session, own, by_account(AnswerKind.NO), actor=chloe)
    assert round_.state is RoundState.ANSWERED


def test_a_body_can_answer_after_all_as_long_as_nobody_was_told(session, make_asked, bart, chloe) -> None:
    about, ask = make_asked()
    with clock.travel(add_working_days(ask.due_on, 1)):
        declare_no_answer(session, ask, "Er kwam niets.", actor=bart)
        record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)
    round_ = current_round(session, about)
    assert round_.state is RoundState.ANSWERED
    assert round_.declared_reason == "Er kwam niets."


def test_a_second_final_answer_is_a_correction(session, make_asked, chloe) -> None:
    _, ask = make_asked()
    record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)
    with pytest.raises(DomainError, match="ask-answered"):
        record_answer(session, ask, by_account(AnswerKind.YES), actor=chloe)


def test_a_correction_keeps_the_old_answer_and_drops_what_it_promised(session, make_asked, chloe) -> None:
    about, ask = make_asked()
    old = record_answer(session, ask, by_account(AnswerKind.YES), actor=chloe)
    new = correct_answer(session, old, by_account(AnswerKind.NO), actor=chloe)
    assert old.replaced_by_id == new.id
    assert answers_to(session, ask.id) == [new]
    assert answers_to(session, ask.id, replaced=True) == [old, new]
    assert session.exec(select(Commitment.state)).all() == [CommitmentState.DROPPED]
    assert about.stage is Stage.ANSWERED
    with pytest.raises(DomainError, match="answer-replaced"):
        correct_answer(session, old, by_account(AnswerKind.NO), actor=chloe)


def test_a_correction_to_we_look_into_it_makes_the_dossier_asked_again(
    session, make_asked, make_signal, chloe
) -> None:
    about, ask = make_asked()
    old = record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)
    correct_answer(session, old, by_account(AnswerKind.RESEARCH), actor=chloe)
    assert not ask.final
    session.refresh(about)
    assert (about.stage, about.due_on) == (Stage.ASKED, LATER)


def test_after_the_givers_were_told_nothing_is_corrected_any_more(session, make_asked, bart, chloe) -> None:
    about, ask = make_asked()
    old = record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)
    move_dossier(session, about, Stage.TOLD, due_on=None, actor=bart)
    with pytest.raises(DomainError, match="ask-closed"):
        correct_answer(session, old, by_account(AnswerKind.YES), actor=chloe)


def test_staff_write_down_a_letter_with_who_and_when(session, make_asked, bart) -> None:
    _, ask = make_asked()
    with clock.travel(date(2026, 11, 20)):
        letter = replace(FULL, kind=AnswerKind.NO, reason_code="geen-reden", given_on=date(2026, 11, 18))
        with pytest.raises(Missing, match="given_by"):
            record_answer(session, ask, replace(letter, given_by=" "), actor=bart)
        for wrong in (date(2026, 11, 9), date(2026, 11, 21)):
            with pytest.raises(DomainError, match="date-not-possible"):
                record_answer(session, ask, replace(letter, given_on=wrong), actor=bart)
        answer = record_answer(session, ask, letter, actor=bart)
    assert (answer.given_by, answer.given_on, answer.recorded_by) == ("Chloé", letter.given_on, bart.id)


def test_an_account_gives_a_reason(session, make_asked, chloe) -> None:
    _, ask = make_asked()
    with pytest.raises(Missing, match="reason_code"):
        record_answer(session, ask, by_account(AnswerKind.NO, reason_code="geen-reden"), actor=chloe)


def test_nobody_answers_for_another_body_or_without_the_right(session, cast, make_asked, bart, chloe) -> None:
    about, ask = make_asked()
    other = Body(name="Dienst Vergunningen", level=Level.CITY, municipality="antwerpen")
    session.add(other)
    session.flush()
    stranger = replace(chloe, bodies=frozenset({other.id}))
    for who in (stranger, bart, *(cast.actor(each) for each in (cast.amina, cast.emma, cast.stijn))):
        with pytest.raises(NotAllowed):
            record_answer(session, ask, by_account(AnswerKind.NO), actor=who)
    with pytest.raises(NotAllowed):  # an account does not record letters
        record_answer(session, ask, replace(FULL, kind=AnswerKind.NO), actor=chloe)
    assert ask_page(session, stranger, ask.id) is None
    assert asks_for_city(session, stranger) == []
    assert [row.id for row in asks_for_city(session, chloe)] == [ask.id]
    for who in (cast.amina, cast.emma, cast.stijn):
        assert session.exec(visible_asks(cast.actor(who))).all() == []
    assert about.stage is Stage.ASKED


def test_an_ask_that_did_not_go_out_is_not_there_for_the_city(session, cast, chloe) -> None:
    about = dossier(session, cast)
    ((ask, _),) = asks_of(session, [current_round(session, about).id])
    assert asks_for_city(session, chloe) == []
    assert ask_page(session, chloe, ask.id) is None
    with pytest.raises(NotAllowed):
        record_answer(session, ask, by_account(AnswerKind.NO), actor=chloe)


def test_the_city_reads_only_quotes_with_a_consent_that_still_holds(
    session, cast, make_signal, bart, chloe
) -> None:
    signal = make_signal(text="Ik stond drie uur in de regen te wachten.", may_quote=True)
    about = dossier(session, cast, signals=[signal])
    quote(session, about, signal, "drie uur in de regen", actor=bart)
    round_ = current_round(session, about)
    send_asks(session, round_, AskWay.WRITING, TODAY, actor=bart)
    ((ask, _),) = asks_of(session, [round_.id])
    page = ask_page(session, chloe, ask.id)
    assert page.quotes == [("drie uur in de regen", "nl")]
    assert page.names == ["Huis Linde"]
    assert page.synthesis == "Het loket werkt alleen op afspraak. Mensen haken af."
    signal.may_quote_at = None
    session.flush()
    assert ask_page(session, chloe, ask.id).quotes == []


def test_commitments_of_another_body_are_not_for_this_account(session, make_asked, cast, bart, chloe) -> None:
    _, ask = make_asked()
    record_answer(session, ask, by_account(AnswerKind.YES), actor=chloe)
    assert len(commitments(session, chloe)) == len(commitments(session, bart)) == 1
    stranger = replace(chloe, bodies=frozenset({cast.vlaanderen.id}))
    assert commitments(session, stranger) == []
    assert commitments(session, cast.actor(cast.amina)) == []
    assert commitments(session, SYSTEM) == commitments(session, bart)

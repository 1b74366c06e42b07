from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import OutboxMessage
from signalen.core.workdays import add_working_days
from signalen.dossiers.models import AskWay, RoundState
from signalen.dossiers.operations import (
    add_ask,
    agree,
    announce_synthesis,
    ask_again,
    bundle,
    comment,
    contest,
    declare_unanswered,
    edit_dossier,
    end_round,
    mark_done,
    mark_not_done,
    move_dossier,
    not_choose,
    open_round,
    quote,
    remove_ask,
    reopen,
    send_asks,
    settle,
    unquote,
    weigh,
    write_synthesis,
)
from signalen.dossiers.queries import (
    announced_version,
    asks_of,
    current_round,
    missing_for_city,
    quotes,
    standing,
    visible_dossiers,
    visible_syntheses,
)
from signalen.dossiers.queries.lists import due, score_of, timeline
from signalen.dossiers.rules import Criterion, KnockOut
from signalen.dossiers.workflow import Because
from signalen.people.models import Setting
from signalen.signals.models import Stage
from signalen.signals.operations import move, reopen_signal, shield
from tests.factories import dossier

TODAY = date(2026, 11, 10)
pytestmark = pytest.mark.usefixtures("frozen")


def ask(session, cast, made, on=TODAY):
    round_ = current_round(session, made)
    send_asks(session, round_, AskWay.WRITING, on, actor=cast.actor(cast.bart))
    return round_


def answer(session, cast, made, on=TODAY):
    round_ = current_round(session, made)
    for one, _body in asks_of(session, [round_.id]):
        one.final = True
    end_round(session, round_, on=on, actor=cast.actor(cast.chloe))
    return round_


def told(session, cast, made, *signals):
    for signal in signals:
        session.refresh(signal)
        move(session, signal, Stage.TOLD, due_on=None, actor=cast.actor(cast.bart))
    settle(session, made, actor=cast.actor(cast.bart))


def test_asks_are_due_by_the_clock_of_the_municipality_of_their_body(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    session.add(Setting(name="clock-answer", municipality="antwerpen", value=20))
    made = dossier(session, cast, signals=[one := make_read()])
    add_ask(session, current_round(session, made), cast.vlaanderen.id, "Maak opvang betaalbaar.", actor=bart)
    round_ = ask(session, cast, made)
    dates = {body.name: each.due_on for each, body in asks_of(session, [round_.id])}
    assert dates == {
        "Dienst Loketten": add_working_days(TODAY, 20),
        "Agentschap Opgroeien": add_working_days(TODAY, 30),
    }
    session.refresh(one)
    assert (made.stage, one.stage, round_.state) == (Stage.ASKED, Stage.ASKED, RoundState.ASKED)
    assert made.due_on == one.due_on == add_working_days(TODAY, 30)
    kinds = [row.kind for row in session.exec(select(OutboxMessage)).all()]
    assert kinds.count("asked") == 2


def test_a_dossier_does_not_go_to_the_city_before_it_is_ready(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[make_read()], ready=False, worry="")
    assert missing_for_city(session, made, TODAY) == ("worry", "measure", "synthesis")
    with pytest.raises(Missing):
        move_dossier(session, made, Stage.ON_AGENDA, due_on=TODAY, actor=bart)
    edit_dossier(session, made, worry="Het loket is dicht.", actor=bart)
    round_ = open_round(session, made, actor=bart)
    with pytest.raises(Missing, match="measure"):
        send_asks(session, round_, AskWay.WRITING, TODAY, actor=bart)
    add_ask(session, round_, cast.loket.id, "Open het loket.", actor=bart)
    version = write_synthesis(session, made, "Het loket is dicht voor wie niet online is.", actor=bart)
    announce_synthesis(session, version, actor=bart)
    assert missing_for_city(session, made, TODAY) == ("agreements",)
    with pytest.raises(Missing):
        send_asks(session, round_, AskWay.WRITING, TODAY, actor=bart)
    assert missing_for_city(session, made, add_working_days(TODAY, 10)) == ()


def test_a_dossier_of_residents_alone_goes_under_the_name_of_the_platform(session, cast, vault) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, ready=False)
    add_ask(session, open_round(session, made, actor=bart), cast.loket.id, "Open het loket.", actor=bart)
    assert missing_for_city(session, made, TODAY) == ("synthesis",)
    version = write_synthesis(session, made, "Het loket is dicht voor wie niet online is.", actor=bart)
    assert missing_for_city(session, made, TODAY) == ()
    assert standing(session, version, TODAY).readiness.platform_name


def test_names_stand_where_a_mandated_person_said_yes(session, cast, make_read) -> None:
    made = dossier(session, cast, signals=[make_read(), make_read(cast.dre)], ready=False)
    bart = cast.actor(cast.bart)
    version = write_synthesis(session, made, "Het loket is dicht voor wie niet online is.", actor=bart)
    announce_synthesis(session, version, actor=bart)
    assert version.deadline_on == add_working_days(TODAY, 10)
    agree(session, version, cast.linde.id, agrees=True, actor=cast.actor(cast.amina))
    now = standing(session, version, TODAY)
    assert (now.agreed, [now.names[org] for org in now.readiness.waiting]) == (
        ["Huis Linde"],
        ["Jeugdhuis Kaai"],
    )
    with pytest.raises(Missing, match="reason"):
        agree(session, version, cast.kaai.id, agrees=False, actor=cast.actor(cast.dre))
    later = standing(session, version, add_working_days(TODAY, 10))
    assert later.readiness.ready
    assert later.agreed == ["Huis Linde"]


def test_an_answer_that_went_to_the_city_with_the_text_cannot_change(session, cast, make_read) -> None:
    """A late yes still gives the name; a no that comes after the text went out takes none away."""
    made = dossier(session, cast, signals=[make_read()])
    version = announced_version(session, made)
    ask(session, cast, made)
    with pytest.raises(DomainError) as error:
        agree(
            session, version, cast.linde.id, agrees=False, reason="Toch niet.", actor=cast.actor(cast.amina)
        )
    assert error.value.code == "went-to-city"


def test_nobody_agrees_or_comments_for_another_organisation(session, cast, make_read) -> None:
    made = dossier(session, cast, signals=[make_read()], ready=False)
    version = write_synthesis(
        session, made, "Het loket is dicht voor wie niet online is.", actor=cast.actor(cast.bart)
    )
    with pytest.raises(DomainError, match="not-announced"):
        comment(session, version, cast.linde.id, "Klopt.", actor=cast.actor(cast.amina))
    announce_synthesis(session, version, actor=cast.actor(cast.bart))
    comment(session, version, cast.linde.id, "Klopt.", actor=cast.actor(cast.amina))
    for organisation in (cast.linde, cast.kaai):
        with pytest.raises(NotAllowed):
            agree(session, version, organisation.id, agrees=True, actor=cast.actor(cast.dre))
        with pytest.raises(NotAllowed):
            comment(session, version, organisation.id, "Klopt.", actor=cast.actor(cast.dre))
    with pytest.raises(NotAllowed):
        agree(session, version, cast.linde.id, agrees=True, actor=cast.actor(cast.bart))


def test_who_joins_after_the_announcement_does_not_hold_it_up(session, cast, make_read) -> None:
    made = dossier(session, cast, signals=[make_read()])
    from_bart = cast.actor(cast.bart)
    with clock.travel(TODAY + timedelta(days=2)):
        bundle(session, [make_read(cast.dre)], made, actor=from_bart)
    assert missing_for_city(session, made, TODAY + timedelta(days=2)) == ()


def test_an_announced_version_is_never_changed(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[make_read()])
    second = write_synthesis(session, made, "Een tweede tekst, na de opmerkingen.", actor=bart)
    assert second.number == 2
    assert write_synthesis(session, made, "Een tweede tekst, beter.", actor=bart) is second
    announce_synthesis(session, second, actor=bart)
    first = next(v for v in session.exec(visible_syntheses(cast.actor(cast.amina))).all() if v.number == 1)
    with pytest.raises(DomainError, match="newer-version"):
        agree(session, first, cast.linde.id, agrees=True, actor=cast.actor(cast.amina))
    with pytest.raises(DomainError, match="already-announced"):
        announce_synthesis(session, second, actor=bart)


def test_scopes_by_role(session, cast, make_read) -> None:
    made = dossier(session, cast, signals=[make_read()])

    def seen(query, who):
        return len(session.exec(query(cast.actor(who))).all())

    for who, dossiers, texts in (
        (cast.bart, 1, 1),
        (cast.sofie, 1, 1),
        (cast.amina, 0, 1),
        (cast.dre, 0, 0),
        (cast.chloe, 0, 0),
        (cast.emma, 0, 0),
        (cast.stijn, 0, 0),
    ):
        assert (seen(visible_dossiers, who), seen(visible_syntheses, who)) == (dossiers, texts), who.name
    write_synthesis(session, made, "Een tweede tekst, nog niet rondgestuurd.", actor=cast.actor(cast.bart))
    assert (seen(visible_syntheses, cast.bart), seen(visible_syntheses, cast.amina)) == (2, 1)


def test_the_round_ends_when_every_ask_is_final_and_the_givers_are_to_be_told(
    session, cast, make_read
) -> None:
    made = dossier(session, cast, signals=[one := make_read()])
    round_ = ask(session, cast, made)
    with pytest.raises(DomainError, match="asks-open"):
        end_round(session, round_, on=TODAY, actor=cast.actor(cast.chloe))
    answer(session, cast, made)
    session.refresh(one)
    assert (made.stage, one.stage, round_.state) == (Stage.ANSWERED, Stage.ANSWERED, RoundState.ANSWERED)
    assert made.answered_on == TODAY
    assert one.due_on == add_working_days(TODAY, 5)
    ask_again(session, round_, actor=cast.actor(cast.bart))
    assert (made.stage, round_.state, made.answered_on) == (Stage.ASKED, RoundState.ASKED, None)


def test_unanswered_is_declared_only_after_the_date_and_is_no_answer(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[make_read()])
    round_ = ask(session, cast, made)
    with pytest.raises(DomainError, match="not-late-yet"):
        declare_unanswered(session, round_, "Geen antwoord.", actor=bart)
    with clock.travel(made.due_on + timedelta(days=1)):
        declare_unanswered(session, round_, "Geen antwoord na twee herinneringen.", actor=bart)
    assert (round_.state, round_.declared_by) == (RoundState.UNANSWERED, cast.bart.id)
    assert (made.stage, made.answered_on) == (Stage.ANSWERED, None)
    with pytest.raises(DomainError, match="not-answered-yet"):
        mark_done(session, made, actor=bart)


def test_the_dossier_follows_its_signals_home(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    one, two = make_read(), make_read()
    made = dossier(session, cast, signals=[one, two])
    ask(session, cast, made)
    answer(session, cast, made)
    session.refresh(one)
    move(session, one, Stage.TOLD, due_on=None, actor=bart)
    assert settle(session, made, actor=bart) is Stage.ANSWERED
    session.refresh(two)
    move(session, two, Stage.TOLD, due_on=None, actor=bart)
    assert settle(session, made, actor=bart) is Stage.TOLD
    move(session, one, Stage.CLOSED, due_on=None, actor=bart)
    assert settle(session, made, actor=bart) is Stage.TOLD
    move(session, two, Stage.CLOSED, due_on=None, actor=bart)
    assert settle(session, made, actor=bart) is Stage.CLOSED


@pytest.mark.parametrize(
    ("because", "closed_one"),
    [(Because.COMMITMENT_BROKEN, Stage.BUNDLED), (Because.GIVERS_SAY_NO, Stage.CLOSED)],
)
def test_what_goes_back_depends_on_why(session, cast, make_read, because, closed_one) -> None:
    bart = cast.actor(cast.bart)
    closed, waiting = make_read(), make_read()
    made = dossier(session, cast, signals=[closed, waiting])
    ask(session, cast, made)
    answer(session, cast, made)
    told(session, cast, made, closed, waiting)
    move(session, closed, Stage.CLOSED, due_on=None, actor=bart)
    assert reopen(session, made, because=because, actor=bart)
    session.refresh(closed)
    session.refresh(waiting)
    assert (made.stage, closed.stage, waiting.stage) == (Stage.BUNDLED, closed_one, Stage.BUNDLED)


def test_the_next_round_starts_with_what_was_asked_before(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[one := make_read()])
    first = ask(session, cast, made)
    answer(session, cast, made)
    told(session, cast, made, one)
    reopen(session, made, because=Because.COMMITMENT_BROKEN, actor=bart)
    second = current_round(session, made)
    assert (second.number, second.state) == (2, RoundState.OPEN)
    assert [a.measure for a, _ in asks_of(session, [second.id])] == [
        a.measure for a, _ in asks_of(session, [first.id])
    ]
    assert missing_for_city(session, made, TODAY) == ()
    move_dossier(session, made, Stage.ON_AGENDA, due_on=TODAY, actor=bart)
    assert not reopen(session, made, because=Because.COMMITMENT_BROKEN, actor=bart)
    assert made.stage is Stage.ON_AGENDA


def test_an_answer_that_nobody_was_told_yet_is_told_first(session, cast, make_read) -> None:
    made = dossier(session, cast, signals=[one := make_read()])
    ask(session, cast, made)
    answer(session, cast, made)
    assert not reopen(session, made, because=Because.COMMITMENT_BROKEN, actor=cast.actor(cast.bart))
    session.refresh(one)
    assert (made.stage, one.stage) == (Stage.ANSWERED, Stage.ANSWERED)


def test_one_no_reopens_one_signal_and_the_dossier_is_contested(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    no, yes = make_read(), make_read()
    made = dossier(session, cast, signals=[no, yes])
    ask(session, cast, made)
    answer(session, cast, made)
    told(session, cast, made, no, yes)
    reopen_signal(session, no, to=Stage.BUNDLED, actor=bart)
    contest(session, made, actor=bart)
    move(session, yes, Stage.CLOSED, due_on=None, actor=bart)
    assert settle(session, made, actor=bart) is Stage.TOLD
    assert made.contested
    mark_done(session, made, actor=bart)
    assert made.done_on == TODAY
    mark_not_done(session, made, actor=bart)
    assert made.done_on is None


def test_not_chosen_is_a_reason_and_no_move(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[one := make_read()])
    with pytest.raises(Missing):
        not_choose(session, made, "  ", actor=bart)
    not_choose(session, made, "De stad beslist hier pas volgend jaar over.", actor=bart)
    session.refresh(one)
    assert (made.stage, made.due_on, one.stage, one.due_on) == (Stage.BUNDLED, None, Stage.BUNDLED, None)
    move_dossier(session, made, Stage.ON_AGENDA, due_on=TODAY, actor=bart)
    with pytest.raises(DomainError, match="choice-was-made"):
        not_choose(session, made, "Toch niet.", actor=bart)


def test_weighing_is_kept_and_can_be_changed(session, cast) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, ready=False)
    weigh(session, made, {Criterion.RECURS: (3, "Elke maand")}, {KnockOut.LEVER: True}, actor=bart)
    weigh(session, made, {Criterion.RECURS: (2, "Minder dan gedacht")}, {KnockOut.LEVER: False}, actor=bart)
    assert score_of(session, made.id) == ({"recurs": (2, "Minder dan gedacht")}, {"lever": False})
    with pytest.raises(ValueError, match="points go from"):
        weigh(session, made, {Criterion.RECURS: (4, "")}, {}, actor=bart)


def test_words_are_copied_only_with_consent_and_only_as_they_stand(session, cast, vault, make_read) -> None:
    bart = cast.actor(cast.bart)
    silent = make_read(text="Het loket was dicht.")
    free = make_read(text="Het loket was dicht en niemand zei waarom.", may_quote=True)
    outside = make_read(text="Het loket was dicht.", may_quote=True)
    made = dossier(session, cast, signals=[silent, free], ready=False)
    for signal, words, code in (
        (silent, "Het loket was dicht.", "quote-without-consent"),
        (outside, "Het loket was dicht.", "quote-not-inside"),
        (free, "Het loket was altijd dicht.", "quote-not-their-words"),
    ):
        with pytest.raises(DomainError, match=code):
            quote(session, made, signal, words, actor=bart)
    kept = quote(session, made, free, "niemand zei  waarom", actor=bart)
    assert [(row.words, row.language) for row in quotes(session, made.id)] == [("niemand zei  waarom", "nl")]
    unquote(session, kept, actor=bart)
    assert quotes(session, made.id) == []
    shield(session, vault, free, actor=bart)
    with pytest.raises(DomainError, match="quote-not-their-words"):
        quote(session, made, free, "niemand zei waarom", actor=bart)


def test_asks_change_only_before_they_go_out(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[make_read()])
    round_ = current_round(session, made)
    extra = add_ask(session, round_, cast.loket.id, "Hang de uren aan de deur.", actor=bart)
    remove_ask(session, extra, actor=bart)
    ask(session, cast, made)
    with pytest.raises(DomainError, match="round-running"):
        add_ask(session, round_, cast.loket.id, "Nog iets.", actor=bart)
    with pytest.raises(DomainError, match="round-running"):
        open_round(session, made, actor=bart)
    with pytest.raises(MoveRefused):
        send_asks(session, round_, AskWay.WRITING, TODAY, actor=bart)


def test_lead_and_second_are_two_people_of_the_staff(session, cast) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, ready=False)
    edit_dossier(session, made, second_id=cast.sofie.id, actor=bart)
    assert made.second_id == cast.sofie.id
    with pytest.raises(DomainError, match="lead-is-second"):
        edit_dossier(session, made, lead_id=cast.sofie.id, actor=bart)
    with pytest.raises(DomainError, match="lead-is-not-staff"):
        edit_dossier(session, made, lead_id=cast.amina.id, actor=bart)


def test_what_is_due_and_what_happened(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, signals=[make_read()])
    kinds = [(row.kind, row.late) for row in due(session, bart, TODAY)]
    assert kinds == [("synthesis", False)]
    later = [(row.kind, row.late) for row in due(session, bart, TODAY + timedelta(days=90))]
    assert later == [("to-choose", True), ("ready-for-agenda", False)]
    assert due(session, cast.actor(cast.amina), TODAY) == []
    assert timeline(session, made.id)[-1].verb == "dossier-opened"
    assert timeline(session, made.id)[-1].who == "Bart"

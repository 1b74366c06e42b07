from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from signalen.consultations.models import Arrangement, ConsultationState, ItemOutcome, Purpose
from signalen.consultations.operations import (
    add_item,
    cancel,
    edit,
    edit_item,
    freeze,
    hold,
    move_item,
    note_said,
    open_again,
    remove_item,
)
from signalen.consultations.queries import agenda, candidates, items_of, visible_consultations
from signalen.core import clock
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import OutboxMessage
from signalen.core.workdays import add_working_days
from signalen.dossiers.models import AskWay, RoundState
from signalen.dossiers.operations import weigh
from signalen.dossiers.queries import asks_of, current_round
from signalen.dossiers.rules import Criterion, KnockOut
from signalen.signals.models import Stage
from tests.consultations.conftest import TODAY, consultation
from tests.factories import dossier

pytestmark = pytest.mark.usefixtures("frozen")
DAY = date(2026, 12, 8)


@pytest.fixture
def bart(cast):
    return cast.actor(cast.bart)


def titles(session, made) -> list[str]:
    return [item.title for item in items_of(session, made.id)]


def test_a_dossier_on_an_agenda_and_its_signals_are_due_on_its_day(session, cast, make_signal, bart) -> None:
    signal = make_signal()
    about = dossier(session, cast, signals=[signal])
    made = consultation(session, cast)
    item = add_item(session, made, dossier=about, brought_by="Huis Linde", actor=bart)
    assert item.title == about.title
    assert (about.stage, about.due_on) == (Stage.ON_AGENDA, DAY)
    session.refresh(signal)
    assert (signal.stage, signal.due_on) == (Stage.ON_AGENDA, DAY)


def test_a_dossier_that_is_not_ready_stays_off_the_agenda(session, cast, bart) -> None:
    about = dossier(session, cast, ready=False)
    made = consultation(session, cast)
    with pytest.raises(Missing):
        add_item(session, made, dossier=about, actor=bart)


def test_a_dossier_stands_on_one_agenda_at_most(session, cast, bart) -> None:
    about = dossier(session, cast)
    add_item(session, consultation(session, cast), dossier=about, actor=bart)
    other = consultation(session, cast, date(2026, 12, 15))
    with pytest.raises(MoveRefused):
        add_item(session, other, dossier=about, actor=bart)


def test_points_are_moved_edited_and_removed(session, cast, bart) -> None:
    made = consultation(session, cast)
    about = dossier(session, cast)
    first, second, third = (
        add_item(session, made, title="Welkom", purpose=Purpose.INFORM, minutes=5, actor=bart),
        add_item(session, made, dossier=about, minutes=60, actor=bart),
        add_item(session, made, title="Varia", minutes=70, actor=bart),
    )
    assert agenda(session, made).minutes == 135
    assert agenda(session, made).left == -15
    move_item(session, third, by=-1, actor=bart)
    assert titles(session, made) == ["Welkom", "Varia", about.title]
    move_item(session, first, by=-1, actor=bart)  # it is first already
    edit_item(session, third, title="Wat nog", purpose=Purpose.ADVISE, minutes=20, brought_by="", actor=bart)
    remove_item(session, second, actor=bart)
    assert titles(session, made) == ["Welkom", "Wat nog"]
    assert about.stage is Stage.BUNDLED
    assert about.due_on == add_working_days(TODAY, 40)


def test_a_frozen_agenda_takes_nothing_until_it_is_opened_again(session, cast, bart) -> None:
    made = consultation(session, cast)
    item = add_item(session, made, title="Welkom", actor=bart)
    freeze(session, made, actor=bart)
    for refused in (
        lambda: add_item(session, made, title="Nog iets", actor=bart),
        lambda: move_item(session, item, by=1, actor=bart),
        lambda: remove_item(session, item, actor=bart),
    ):
        with pytest.raises(DomainError, match="agenda-closed"):
            refused()
    open_again(session, made, actor=bart)
    add_item(session, made, title="Nog iets", actor=bart)


def test_each_change_is_a_new_revision_for_calendars(session, cast, bart) -> None:
    made = consultation(session, cast)
    seen = [made.revision]
    add_item(session, made, title="Welkom", actor=bart)
    seen.append(made.revision)
    freeze(session, made, actor=bart)
    seen.append(made.revision)
    assert seen == sorted(set(seen))


def test_another_day_moves_the_date_of_its_dossiers(session, cast, make_signal, bart) -> None:
    signal = make_signal()
    about = dossier(session, cast, signals=[signal])
    made = consultation(session, cast)
    add_item(session, made, dossier=about, actor=bart)
    new_day = date(2026, 12, 15)
    edit(
        session,
        made,
        title=made.title,
        held_on=new_day,
        starts="10:00",
        minutes=90,
        arrangements=[Arrangement.CHILDCARE, Arrangement.INTERPRETER],
        actor=bart,
    )
    session.refresh(signal)
    session.refresh(about)
    assert about.due_on == signal.due_on == new_day
    assert made.arrangements == ["interpreter", "childcare"]


def test_a_cancelled_consultation_gives_its_dossiers_back(session, cast, bart) -> None:
    about = dossier(session, cast)
    made = consultation(session, cast)
    add_item(session, made, dossier=about, actor=bart)
    cancel(session, made, actor=bart)
    assert about.stage is Stage.BUNDLED
    assert made.state is ConsultationState.CANCELLED
    with pytest.raises(MoveRefused):
        cancel(session, made, actor=bart)


def test_what_was_discussed_is_asked_and_what_was_not_reached_is_bundled(
    session, cast, make_signal, bart
) -> None:
    signal = make_signal()
    talked, skipped = dossier(session, cast, signals=[signal]), dossier(session, cast, title="Nachtopvang")
    made = consultation(session, cast)
    one = add_item(session, made, dossier=talked, actor=bart)
    two = add_item(session, made, dossier=skipped, actor=bart)
    said = {one.id: (ItemOutcome.DISCUSSED, "De stad bekijkt het."), two.id: (ItemOutcome.NOT_REACHED, "")}
    with pytest.raises(DomainError, match="not-held-yet"):
        hold(session, made, said, actor=bart)
    with clock.travel(DAY):
        with pytest.raises(Missing, match="outcome"):
            hold(session, made, {one.id: said[one.id]}, actor=bart)
        hold(session, made, said, actor=bart)
    round_ = current_round(session, talked)
    ((ask, _body),) = asks_of(session, [round_.id])
    assert round_.state is RoundState.ASKED
    assert (ask.way, ask.asked_on, ask.due_on) == (AskWay.CONSULTATION, DAY, add_working_days(DAY, 30))
    session.refresh(signal)
    assert signal.stage is Stage.ASKED
    assert skipped.stage is Stage.BUNDLED
    assert (one.said, two.outcome) == ("De stad bekijkt het.", ItemOutcome.NOT_REACHED)
    mails = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "asked")).all()
    assert len(mails) == 1
    note_said(session, one, "De stad antwoordt tegen januari.", actor=bart)
    assert one.said == "De stad antwoordt tegen januari."


def test_candidates_come_first_in_line_then_eligible_then_by_score(session, cast, bart) -> None:
    low, high, no, line = (dossier(session, cast, title=title) for title in ("laag", "hoog", "neen", "eerst"))
    yes = dict.fromkeys(KnockOut, True)
    weigh(session, low, {Criterion.RECURS: (1, "")}, yes, actor=bart)
    weigh(session, high, {Criterion.RECURS: (3, "")}, yes, actor=bart)
    weigh(session, no, {Criterion.RECURS: (3, "")}, yes | {KnockOut.LEVER: False}, actor=bart)
    line.first_in_line = True
    session.flush()
    made = consultation(session, cast, date(2026, 11, 9))  # in the past: what waits in line is not put on it
    found = candidates(session, made, TODAY)
    assert [each.dossier.title for each in found] == ["eerst", "hoog", "laag", "neen"]
    assert found[3].score.failed == (KnockOut.LEVER,)
    assert all(each.missing == () for each in found)


def test_what_waits_first_in_line_stands_on_the_next_consultation_at_once(session, cast) -> None:
    waiting = dossier(session, cast, ready=False)  # what comes back by itself is not held up
    waiting.first_in_line = True
    session.flush()
    made = consultation(session, cast)
    assert titles(session, made) == [waiting.title]
    assert not waiting.first_in_line


def test_only_staff_make_agendas_and_only_staff_and_city_see_them(session, cast) -> None:
    made = consultation(session, cast)
    for who in (cast.amina, cast.chloe, cast.emma, cast.stijn):
        with pytest.raises(NotAllowed):
            add_item(session, made, title="Van mij", actor=cast.actor(who))
    sees = {
        name: session.exec(visible_consultations(cast.actor(getattr(cast, name)))).all() == [made]
        for name in ("amina", "bart", "chloe", "emma", "stijn")
    }
    assert sees == {"amina": False, "bart": True, "chloe": True, "emma": False, "stijn": False}

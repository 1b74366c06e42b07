"""A test on the agenda of a consultation."""

from __future__ import annotations

from datetime import date

import pytest

from signalen.consultations.models import Purpose
from signalen.consultations.operations import cancel, plan_consultation
from signalen.consultations.queries import items_of
from signalen.core.errors import DomainError
from signalen.people.directory import add_municipality
from signalen.toetsen import agenda
from tests.toetsen.test_toets_operations import open_test

DAY = date(2027, 3, 9)


def meeting(cast, day: date = DAY, town: str = "antwerpen"):
    return plan_consultation(
        cast.session,
        municipality=town,
        title="Overleg stad en platform",
        held_on=day,
        starts="14:00",
        minutes=120,
        actor=cast.actor(cast.bart),
    )


@pytest.mark.usefixtures("frozen")
def test_a_test_stands_on_one_agenda_at_a_time_and_can_be_taken_off(session, cast) -> None:
    bart = cast.actor(cast.bart)
    subject, toets = open_test(cast)
    first, second = meeting(cast), meeting(cast, date(2027, 4, 6))
    item = agenda.put_on_agenda(session, toets, subject, first, minutes=35, actor=bart)
    assert (item.title, item.purpose, item.minutes) == (
        f"Participatietoets: {subject.title}",
        Purpose.ADVISE,
        35,
    )
    assert agenda.tests_on(session, first.id) == {item.id: agenda.AgendaTest(toets.id, toets.state, None)}
    with pytest.raises(DomainError, match="toets-on-agenda"):
        agenda.put_on_agenda(session, toets, subject, second, actor=bart)
    agenda.take_off_agenda(session, toets, actor=bart)
    assert items_of(session, first.id) == []
    assert agenda.last_point(session, toets) is None
    agenda.put_on_agenda(session, toets, subject, second, actor=bart)
    cancel(session, second, actor=bart)
    assert agenda.last_point(session, toets) is None
    agenda.put_on_agenda(session, toets, subject, first, actor=bart)


@pytest.mark.usefixtures("frozen")
def test_a_test_stays_with_its_own_municipality(session, cast) -> None:
    subject, toets = open_test(cast)
    add_municipality(session, "elders", "Elders")
    with pytest.raises(DomainError, match="toets-other-municipality"):
        agenda.put_on_agenda(
            session, toets, subject, meeting(cast, town="elders"), actor=cast.actor(cast.bart)
        )


@pytest.mark.usefixtures("frozen")
def test_staff_put_a_test_on_an_agenda_and_find_it_from_there(as_, people, store) -> None:
    people.session = store
    _subject, toets = open_test(people)
    where = meeting(people)
    key, there = toets.id, f"/desk/consultations/{where.id}"
    store.commit()
    bart = as_(people.bart)
    here = f"/desk/decisions/toetsen/{key}"
    assert "Overleg stad en platform" in bart.get(here).text
    wrong = bart.post(f"{here}/agenda", data={"consultation_id": "", "minutes": "20"})
    assert (wrong.status_code, wrong.location) == (303, here)
    sent = {"consultation_id": str(where.id), "minutes": "25", "brought_by": "Bart"}
    done = bart.post(f"{here}/agenda", data=sent)
    assert (done.status_code, done.location) == (303, f"{there}#points")
    page = bart.get(there).text
    assert f'href="{here}"' in page
    assert f'action="{here}/agenda/remove"' in page
    assert there in bart.get(here).text
    assert bart.post(f"{here}/agenda/remove").location == f"{there}#points"
    assert f'href="{here}"' not in bart.get(there).text
    assert as_(people.amina).post(f"{here}/agenda", data=sent).status_code == 404

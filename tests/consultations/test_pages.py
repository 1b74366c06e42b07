"""Pages of staff and of the city, over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from icalendar import Calendar
from sqlmodel import select

from signalen.consultations.models import Answer, AnswerKind, Commitment, Consultation
from signalen.consultations.operations import add_item, commit_to, record_answer
from signalen.consultations.queries import items_of
from signalen.core import clock
from signalen.dossiers.models import Ask, Dossier
from signalen.dossiers.operations import quote
from signalen.people.models import Body, Level
from signalen.signals.models import Stage
from tests.consultations.conftest import TODAY, asked, consultation, read_one
from tests.consultations.test_rules import FULL
from tests.factories import dossier

pytestmark = pytest.mark.usefixtures("frozen")
CANARIES = ("kanarievogel", "zeemeeuwtje")
DAY = date(2026, 12, 8)


@pytest.fixture
def world(app, store, people, vault):
    """A dossier that was asked, with a quote, and one on an agenda. Signals carry words that the city must never meet."""
    people.session = store
    bart = people.actor(people.bart)
    first = read_one(
        store,
        people,
        vault,
        text="Ik stond drie uur in de regen. Mijn buurvrouw kanarievogel ook.",
        may_quote=True,
    )
    second = read_one(store, people, vault, text="Het zeemeeuwtje van de trap.")
    about = dossier(store, people, signals=[first])
    quote(store, about, first, "drie uur in de regen", actor=bart)
    ask = asked(store, people, about)
    other = dossier(store, people, title="Nachtopvang", signals=[second])
    meeting = consultation(store, people)
    add_item(store, meeting, dossier=other, actor=bart)
    made = {"ask": ask.id, "dossier": about.id, "other": other.id, "meeting": meeting.id}
    store.commit()
    return made


def fields(**values) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


PARTLY = fields(
    kind="deels",
    words="We doen de helft.",
    what_no="Niet op zaterdag.",
    reason="Er is te weinig personeel.",
    reason_code="eigen-middelen",
    owner="Dienst Loketten",
    due_on="2027-01-15",
)


def test_the_city_answers_in_two_steps_and_reads_it_back(as_, people, world, store) -> None:
    chloe = as_(people.chloe)
    page = chloe.get("/city").text
    assert "Loket alleen op afspraak" in page
    here = f"/city/asks/{world['ask']}"
    page = chloe.get(here).text
    for words in ("Open het loket elke voormiddag", "Mensen haken af", "drie uur in de regen", "Huis Linde"):
        assert words in page
    assert chloe.get(f"{here}/answer?kind=deels").status_code == 200
    answered = chloe.post(f"{here}/answer", data=PARTLY)
    assert (answered.status_code, answered.location) == (303, here)
    assert "Niet op zaterdag." in chloe.get(here).text
    assert "We doen de helft." in chloe.get("/city").text
    store.expire_all()
    assert store.get(Dossier, world["dossier"]).stage is Stage.ANSWERED
    assert store.exec(select(Commitment.owner)).one() == "Dienst Loketten"


@pytest.mark.parametrize("gone", ["what_no", "reason", "reason_code", "owner", "due_on", "words"])
def test_what_a_kind_needs_is_asked_beside_its_field_and_nothing_typed_is_lost(
    as_, people, world, gone
) -> None:
    chloe = as_(people.chloe)
    here = f"/city/asks/{world['ask']}/answer"
    page = chloe.post(here, data={**PARTLY, gone: ""})
    assert page.status_code == 422
    assert f'id="e-{gone}"' in page.text
    kept = "Niet op zaterdag." if gone != "what_no" else "We doen de helft."
    assert kept in page.text


def test_an_answer_is_corrected_as_long_as_nobody_was_told(as_, people, world, store) -> None:
    chloe = as_(people.chloe)
    here = f"/city/asks/{world['ask']}"
    chloe.post(f"{here}/answer", data=PARTLY)
    (old,) = store.exec(select(Answer)).all()
    store.commit()
    assert "We doen de helft." in chloe.get(f"{here}/answer?kind=deels&instead={old.id}").text
    assert chloe.post(f"{here}/answer", data=PARTLY).status_code == 422  # a second answer is a correction
    fixed = chloe.post(f"{here}/answer", data={**PARTLY, "what_no": "Niet op maandag.", "instead": old.id})
    assert fixed.status_code == 303
    page = chloe.get(here).text
    assert "Niet op maandag." in page
    assert "Niet op zaterdag." in page


def test_a_city_account_meets_no_word_of_any_signal(as_, people, world, store) -> None:
    chloe = as_(people.chloe)
    here = f"/city/asks/{world['ask']}"
    addresses = ["/city", here, *(f"{here}/answer?kind={kind.value}" for kind in AnswerKind)]
    pages = [chloe.get(address, follow_redirects=True).text for address in addresses]
    pages.append(chloe.post(f"{here}/answer", data={"kind": "nee"}).text)
    chloe.post(f"{here}/answer", data=PARTLY)
    pages += [chloe.get(address).text for address in ("/city", here)]
    assert all("Loket alleen op afspraak" in page for page in pages)
    for page in pages:
        for hidden in (*CANARIES, "S-2026-", "buurvrouw", "Amina"):
            assert hidden not in page


def test_what_is_not_theirs_is_not_there(as_, people, world, store) -> None:
    other = Body(name="Dienst Vergunningen", level=Level.CITY, municipality="antwerpen")
    store.add(other)
    store.flush()
    theirs = store.get(Ask, world["ask"])
    theirs.body_id = other.id
    store.commit()
    chloe = as_(people.chloe)
    here = f"/city/asks/{world['ask']}"
    assert chloe.get(here).status_code == 404
    assert chloe.get(f"{here}/answer?kind=nee").status_code == 404
    assert chloe.post(f"{here}/answer", data=PARTLY).status_code == 404
    assert "Loket alleen op afspraak" not in chloe.get("/city").text


@pytest.mark.parametrize("who", ["amina", "chloe", "emma", "stijn"])
def test_pages_of_the_desk_are_for_staff(as_, people, world, who) -> None:
    client = as_(getattr(people, who))
    at = f"/desk/consultations/{world['meeting']}"
    for address in ("/desk/consultations", at, f"{at}/print", f"{at}/agenda.ics", f"{at}/minutes"):
        assert client.get(address).status_code == 404
    for address in ("/desk/answers", f"/desk/answers/{world['ask']}"):
        assert client.get(address).status_code == 404
    assert client.post(f"{at}/cancel").status_code == 404


@pytest.mark.parametrize("who", ["amina", "bart", "emma", "stijn"])
def test_pages_of_the_city_are_for_the_city(as_, people, world, who) -> None:
    client = as_(getattr(people, who))
    assert client.get("/city").status_code == 404
    assert client.post(f"/city/asks/{world['ask']}/answer", data=PARTLY).status_code == 404


def test_an_agenda_is_built_by_hand_without_scripts(as_, people, world, store) -> None:
    bart = as_(people.bart)
    planned = bart.post(
        "/desk/consultations/new",
        data={
            **fields(
                title="Overleg winter",
                municipality="antwerpen",
                held_on="2026-12-15",
                starts="14:00",
                minutes=60,
            ),
            "arrangements": ["interpreter", "childcare"],
        },
    )
    assert planned.status_code == 303
    at = planned.location
    made = store.exec(select(Consultation).where(Consultation.title == "Overleg winter")).one()
    store.commit()
    for title, minutes in (("Welkom", 10), ("Varia", 55)):
        sent = fields(title=title, minutes=minutes, purpose="inform")
        assert bart.post(f"{at}/items", data=sent).status_code == 303
    page = bart.get(at).text
    assert page.index("Welkom") < page.index("Varia")
    assert "65" in page
    assert 'class="clock late"' in page  # five minutes too many
    last = items_of(store, made.id)[1]
    store.commit()
    bart.post(f"{at}/items/{last.id}/move", data={"to": "up"})
    page = bart.get(f"{at}/print").text
    assert page.index("Varia") < page.index("Welkom")
    bart.post(f"{at}/items/{last.id}", data=fields(title="Wat nog", minutes=5, purpose="advise"))
    assert "Wat nog" in bart.get(at).text
    bart.post(f"{at}/items/{last.id}/remove")
    assert "Wat nog" not in bart.get(at).text
    assert bart.post(f"{at}/items", data=fields(title="", minutes=5)).status_code == 422


def test_a_form_with_mistakes_keeps_what_was_typed(as_, people, world) -> None:
    bart = as_(people.bart)
    sent = fields(title="Overleg winter", municipality="gent", held_on="morgen", starts="2 uur", minutes=5)
    page = bart.post("/desk/consultations/new", data=sent)
    assert page.status_code == 422
    for name in ("municipality", "held_on", "starts", "minutes"):
        assert f'id="e-{name}"' in page.text
    assert "Overleg winter" in page.text


def test_the_meeting_is_written_up_and_its_questions_go_out(as_, people, world, store) -> None:
    bart = as_(people.bart)
    at = f"/desk/consultations/{world['meeting']}"
    (item,) = items_of(store, world["meeting"])
    store.commit()
    with clock.travel(DAY):
        bart = as_(people.bart)
        assert bart.get(f"{at}/minutes").status_code == 200
        refused = bart.post(f"{at}/minutes", data={f"said-{item.id}": "De stad bekijkt het."})
        assert refused.status_code == 422
        assert "De stad bekijkt het." in refused.text
        sent = {f"outcome-{item.id}": "discussed", f"said-{item.id}": "De stad bekijkt het."}
        assert bart.post(f"{at}/minutes", data=sent).status_code == 303
        page = bart.get(at).text
        assert "De stad bekijkt het." in page
        promise = fields(
            what="Een folder", owner="Dienst Loketten", due_on="2027-02-01", body_id=people.loket.id
        )
        assert bart.post(f"{at}/items/{item.id}/promise", data=promise).status_code == 303
        assert "Een folder" in bart.get("/desk/answers").text
    store.expire_all()
    assert store.get(Dossier, world["other"]).stage is Stage.ASKED


def test_a_calendar_takes_the_agenda_and_each_change_of_it(as_, people, world) -> None:
    bart = as_(people.bart)
    at = f"/desk/consultations/{world['meeting']}"

    def entry():
        response = bart.get(f"{at}/agenda.ics")
        assert response.mimetype == "text/calendar"
        (event,) = Calendar.from_ical(response.text).walk("VEVENT")
        return event

    before = entry()
    start = before["DTSTART"]
    assert (start.dt.isoformat(), start.params["TZID"]) == ("2026-12-08T14:00:00+01:00", "Europe/Brussels")
    assert before["DTEND"].dt - start.dt == timedelta(hours=2)
    assert "Nachtopvang" in before["DESCRIPTION"]
    bart.post(f"{at}/items", data=fields(title="Varia", minutes=5))
    after = entry()
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    bart.post(f"{at}/cancel")
    assert entry()["STATUS"] == "CANCELLED"


def test_staff_write_down_a_letter_and_reply_to_a_question(as_, people, world, store) -> None:
    bart, chloe = as_(people.bart), as_(people.chloe)
    here = f"/desk/answers/{world['ask']}"
    chloe.post(f"/city/asks/{world['ask']}/answer", data=fields(kind="vraag", words="Welk loket?"))
    assert "Welk loket?" in bart.get("/desk/answers").text
    assert bart.post(f"{here}/reply", data={"reply": ""}).status_code == 422
    assert bart.post(f"{here}/reply", data={"reply": "Dat van Deurne."}).status_code == 303
    assert "Dat van Deurne." in chloe.get(f"/city/asks/{world['ask']}").text
    assert bart.get(f"{here}/record?kind=nee").status_code == 200
    letter = fields(kind="nee", words="Geen geld.", reason_code="geen-reden", source="letter", given_on=TODAY)
    refused = bart.post(f"{here}/record", data=letter)
    assert refused.status_code == 422
    assert 'id="e-given_by"' in refused.text
    assert bart.post(f"{here}/record", data={**letter, "given_by": "De schepen"}).status_code == 303
    assert "De schepen" in bart.get(here).text


def test_silence_is_declared_on_the_page_once_it_is_late(as_, people, world, store) -> None:
    here = f"/desk/answers/{world['ask']}"
    bart = as_(people.bart)
    assert "/declare" not in bart.get(here).text
    with clock.travel(date(2027, 1, 20)):
        bart = as_(people.bart)
        assert "/declare" in bart.get(here).text
        done = bart.post(f"{here}/declare", data={"reason": "Drie keer gebeld."})
        assert done.status_code == 303
        assert "Drie keer gebeld." in bart.get(here).text


def test_a_promise_is_closed_with_what_shows_it(as_, people, world, store) -> None:
    bart = as_(people.bart)
    made = commit_to(
        store,
        dossier_id=world["dossier"],
        answer_id=None,
        body_id=people.loket.id,
        what="Een folder",
        owner="Dienst Loketten",
        due_on=DAY,
        actor=people.actor(people.bart),
    )
    store.commit()
    here = f"/desk/promises/{made.id}"
    assert bart.post(here, data={"proof": "Gezien."}).status_code == 422
    assert bart.post(here, data={"proof": "", "how": "keep"}).status_code == 422
    assert bart.post(here, data={"proof": "Gezien aan het loket.", "how": "keep"}).status_code == 303
    assert "Gezien aan het loket." in bart.get(here).text
    assert "Gezien aan het loket." in as_(people.chloe).get("/city").text


def test_lists_cost_the_same_however_long_they_are(as_, people, world, store, query_count, vault) -> None:
    chloe, bart = as_(people.chloe), as_(people.bart)

    def cost() -> list[int]:
        found = []
        for client, address in ((chloe, "/city"), (bart, "/desk/answers"), (bart, "/desk/consultations")):
            client.get(address)
            query_count()
            assert client.get(address).status_code == 200
            found.append(len(query_count()))
        return found

    before = cost()
    for number in range(4):
        about = dossier(store, people, title=f"Nog een vraag {number}")
        ask = asked(store, people, about)
        if number % 2:
            record_answer(store, ask, FULL, actor=people.actor(people.bart))
        consultation(store, people, DAY + timedelta(days=number + 1))
    store.commit()
    assert cost() == before
    assert max(before) <= 12


def test_an_address_that_is_no_kind_goes_back_to_the_choice(as_, people, world) -> None:
    chloe = as_(people.chloe)
    here = f"/city/asks/{world['ask']}"
    for kind in ("geen", "misschien", ""):
        response = chloe.get(f"{here}/answer?{urlencode({'kind': kind})}")
        assert (response.status_code, response.location) == (303, here)
    assert chloe.post(f"{here}/answer", data={"kind": "geen", "words": "x"}).status_code == 404


def test_a_dossier_shows_what_the_city_said_and_promised_in_each_round(as_, people, world, store) -> None:
    bart = as_(people.bart)
    ask = store.get_one(Ask, world["ask"])
    record_answer(store, ask, FULL, actor=people.actor(people.bart))
    commit_to(
        store,
        dossier_id=world["dossier"],
        answer_id=None,
        body_id=ask.body_id,
        what="Een tweede loket",
        owner="Dienst Loketten",
        due_on=TODAY + timedelta(days=40),
        actor=people.actor(people.bart),
    )
    store.commit()
    page = bart.get(f"/desk/dossiers/{world['dossier']}").text
    asks, promises = page.split('id="asks"')[1].split('id="promises"')
    assert FULL.words in asks
    assert "Een tweede loket" in promises
    assert "Een tweede loket" not in bart.get(f"/desk/dossiers/{world['other']}").text


def test_a_dossier_finds_the_agendas_that_are_open_for_it(as_, people, world, store) -> None:
    bart = as_(people.bart)
    ready = dossier(store, people, title="Klaar voor het overleg")
    later = consultation(store, people, DAY + timedelta(days=30), title="Overleg in januari")
    ready_id, later_id = ready.id, later.id
    store.commit()
    here = f"/desk/consultations?dossier={ready_id}"
    assert here in bart.get(f"/desk/dossiers/{ready_id}").text
    assert f'action="/desk/consultations/{later_id}/items"' in bart.get(here).text
    sent = {"dossier_id": str(ready_id), "purpose": "decide", "minutes": "20"}
    assert bart.post(f"/desk/consultations/{later_id}/items", data=sent).status_code == 303
    assert "Klaar voor het overleg" in bart.get(f"/desk/consultations/{later_id}").text
    assert bart.get("/desk/consultations?dossier=nergens").status_code == 404
    assert bart.get(f"/desk/consultations?dossier={later_id}").status_code == 404

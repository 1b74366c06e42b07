"""The pages of staff, city, panel and workers, walked over HTTP."""

from __future__ import annotations

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.models import Event
from signalen.dossiers.operations import bundle
from signalen.feedback import operations
from signalen.feedback.models import BoardEntry, BoardState, Feedback, FeedbackState, Flag, Helped
from signalen.feedback.operations import refresh_totals
from signalen.people.models import Membership
from signalen.signals import operations as protect
from signalen.signals.models import Signal, Stage
from signalen.texts.models import TextVersion
from signalen.web.guards import giver_actor
from tests.feedback import steps

BOARD = {
    "title": "Een loket dat open is",
    "worry": "Het loket is bijna altijd dicht.",
    "ask": "Open het loket elke dag.",
    "do": "propose",
}


@pytest.fixture
def vault(app):
    return app.extensions["signalen.vault"]


@pytest.fixture
def answered(store, people, vault):
    """Two residents and a giver of Amina got an answer that nobody told yet."""
    people.session = store
    given = [*steps.signals(store, vault, people, 2), steps.own_signal(store, vault, people)]
    dossier, round_ = steps.answered(store, people, given)
    store.commit()
    return given, dossier, round_


def rows(store, statement) -> list:
    """What the app wrote; the lock is given back, so that the app can write again."""
    found = store.exec(statement.execution_options(populate_existing=True)).all()
    store.commit()
    return found


def feedback_of(store) -> Feedback:
    return rows(store, select(Feedback))[0]


def start(client, round_) -> str:
    response = client.post("/desk/feedback", data={"round": str(round_.id)})
    assert response.status_code == 303
    return response.headers["Location"]


def test_from_an_answer_to_every_giver(as_, client, store, people, answered) -> None:
    given, dossier, round_ = answered
    bart, sofie, chloe, emma = (as_(p) for p in (people.bart, people.sofie, people.chloe, people.emma))
    assert dossier.title in bart.get("/desk/feedback").get_data(as_text=True)
    here = start(bart, round_)
    assert bart.post(here, data={"did": "We vroegen het.", "do": "show"}).status_code == 422
    assert bart.post(here, data=steps.PARTS | {"do": "save"}).status_code == 303
    assert "Dinsdag" not in chloe.get("/city/texts").get_data(as_text=True)
    assert bart.post(here, data=steps.PARTS | {"do": "show"}).status_code == 303
    assert feedback_of(store).state is FeedbackState.WITH_BODY

    texts = chloe.get("/city/texts").get_data(as_text=True)
    assert dossier.title in texts
    city = here.replace("/desk/feedback/", "/city/texts/")
    page = chloe.get(city).get_data(as_text=True)
    assert steps.PARTS["answer"] in page
    assert given[0].reference not in page
    assert chloe.post(city + "/faithful", data={"body": str(people.loket.id)}).status_code == 303

    version = rows(store, select(TextVersion))[0]
    panel = f"/panel/texts/{version.id}"
    assert panel in emma.get("/panel").get_data(as_text=True)
    assert emma.post(panel + "/approve").status_code == 404  # read first
    assert emma.post(panel, data={"clear": "no"}).status_code == 422
    assert emma.post(panel, data={"clear": "yes", "retold": "Dinsdag is het open."}).status_code == 303
    assert "Dinsdag is het open." in bart.get(here).get_data(as_text=True)

    assert bart.post(here + "/approve").status_code == 422
    assert emma.post(panel + "/approve").status_code == 303
    assert feedback_of(store).state is FeedbackState.APPROVED
    assert sofie.post(here + "/deliver").status_code == 303
    assert "3" in bart.get("/desk/feedback").get_data(as_text=True)

    amina = as_(people.amina)
    assert given[2].reference in amina.get("/mine/tell").get_data(as_text=True)
    delivery = steps.delivery_of(store, given[2])
    store.commit()
    assert as_(people.dre).post(f"/mine/tell/{delivery.id}").status_code == 404
    assert amina.post(f"/mine/tell/{delivery.id}").status_code == 303
    sent = amina.post(f"/mine/tell/{delivery.id}/react", data={"helped": "yes", "understood": "yes"})
    assert sent.status_code == 303
    assert rows(store, select(Signal).where(Signal.id == given[2].id))[0].stage is Stage.CLOSED


def test_the_check_beside_the_text_saves_nothing_and_is_a_fragment(as_, store, people, answered) -> None:
    bart = as_(people.bart)
    here = start(bart, answered[2])
    hard = {"answer": "De implementatie wordt door het bestuur in overweging genomen. Bel 0470 12 34 56."}
    part = bart.post("/desk/feedback/check", data=hard, headers={"HX-Request": "true"})
    text = part.get_data(as_text=True)
    assert text.strip().startswith('<section id="check"')
    assert "0470 12 34 56" in text
    whole = bart.post(here, data=hard | {"do": "check"})
    assert "implementatie" in whole.get_data(as_text=True)
    assert rows(store, select(TextVersion)) == []


def test_a_remark_of_the_city_is_settled_where_everyone_reads_it(as_, store, people, answered) -> None:
    bart, chloe = as_(people.bart), as_(people.chloe)
    here = start(bart, answered[2])
    bart.post(here, data=steps.PARTS | {"do": "show"})
    city = here.replace("/desk/feedback/", "/city/texts/")
    body = {"body": str(people.loket.id)}
    assert chloe.post(city + "/flag", data=body).status_code == 422
    assert chloe.post(city + "/flag", data=body | {"words": "Ook op donderdag."}).status_code == 303
    assert "Ook op donderdag." in bart.get(here).get_data(as_text=True)
    flagged = rows(store, select(Flag))[0]
    assert bart.post(here + "/settle", data={"flag": str(flagged.id)}).status_code == 422
    how = {"flag": str(flagged.id), "how": "In de brief staat alleen dinsdag."}
    assert bart.post(here + "/settle", data=how).status_code == 303
    assert "In de brief staat alleen dinsdag." in chloe.get(city).get_data(as_text=True)


def test_another_body_sees_nothing_of_it(as_, store, people, answered) -> None:
    bart = as_(people.bart)
    here = start(bart, answered[2])
    bart.post(here, data=steps.PARTS | {"do": "show"})
    for membership in store.exec(select(Membership).where(Membership.user_id == people.chloe.id)):
        membership.body_id = people.vlaanderen.id
    store.commit()
    chloe = as_(people.chloe)
    city = here.replace("/desk/feedback/", "/city/texts/")
    assert chloe.get(city).status_code == 404
    assert chloe.post(city + "/flag", data={"body": str(people.loket.id), "words": "x"}).status_code == 404
    assert answered[1].title not in chloe.get("/city/texts").get_data(as_text=True)


@pytest.mark.parametrize("name", ["amina", "chloe", "emma", "stijn"])
def test_the_desk_is_for_staff(as_, people, answered, name) -> None:
    visitor = as_(getattr(people, name))
    for path in ("/desk/feedback", "/desk/feedback/board", "/desk/feedback/by-hand"):
        assert visitor.get(path).status_code == 404


def test_a_translation_says_where_it_comes_from_and_needs_a_second_person(
    as_, store, people, answered
) -> None:
    bart, sofie = as_(people.bart), as_(people.sofie)
    here = start(bart, answered[2])
    bart.post(here, data=steps.PARTS | {"do": "save"})
    assert bart.get(here + "/xx").status_code == 404
    sent = bart.post(here + "/fr", data=steps.PARTS | {"origin": "machine", "do": "propose"})
    assert sent.status_code == 303
    version = rows(store, select(TextVersion).where(TextVersion.language == "fr"))[0]
    path = f"/desk/feedback/versions/{version.id}/approve"
    assert bart.post(path).status_code == 409
    assert sofie.post(path).status_code == 303
    assert rows(store, select(TextVersion).where(TextVersion.id == version.id))[0].origin == "machine-checked"


def test_the_board_shows_what_a_second_person_published_and_nothing_else(
    as_, client, store, people, answered
) -> None:
    _given, dossier, _round = answered
    bart, sofie = as_(people.bart), as_(people.sofie)
    path = f"/desk/feedback/board/{dossier.id}"
    client.set_cookie("language", "nl")
    assert client.get(f"/board/{dossier.public_id}").status_code == 404
    assert bart.post(path, data={"do": "propose"}).status_code == 422
    assert bart.post(path, data=BOARD).status_code == 303
    assert client.get(f"/board/{dossier.public_id}").status_code == 404
    assert bart.post(path + "/publish").status_code == 422
    assert sofie.post(path + "/publish").status_code == 303
    page = client.get(f"/board/{dossier.public_id}").get_data(as_text=True)
    assert BOARD["title"] in page
    assert "enkele signalen" in page  # three are a few
    assert "Het loket is dicht" not in page
    for public in ("/", "/board"):
        assert BOARD["title"] in client.get(public).get_data(as_text=True)
    assert bart.post(path, data=BOARD | {"title": "Nieuwe titel"}).status_code == 303
    assert "Nieuwe titel" not in client.get("/board").get_data(as_text=True)
    assert sofie.post(path + "/withdraw").status_code == 303
    assert client.get(f"/board/{dossier.public_id}").status_code == 404
    assert rows(store, select(BoardEntry))[0].state is BoardState.WITHDRAWN


def test_a_total_that_grows_by_one_does_not_show(as_, client, store, people, vault, answered) -> None:
    _given, dossier, _round = answered
    bart = people.actor(people.bart)
    bundle(store, steps.signals(store, vault, people, 3), dossier, actor=bart)
    store.commit()
    path = f"/desk/feedback/board/{dossier.id}"
    as_(people.bart).post(path, data=BOARD)
    as_(people.sofie).post(path + "/publish")
    client.set_cookie("language", "nl")
    assert "6 signalen" in client.get("/board").get_data(as_text=True)
    for more, shown in ((1, "6 signalen"), (4, "11 signalen")):
        store.expire_all()
        bundle(store, steps.signals(store, vault, people, more), dossier, actor=bart)
        refresh_totals(store)
        store.commit()
        assert shown in client.get("/board").get_data(as_text=True)


def test_the_board_costs_few_statements_however_long_it_is(
    as_, client, people, query_count, answered
) -> None:
    path = f"/desk/feedback/board/{answered[1].id}"
    as_(people.bart).post(path, data=BOARD)
    as_(people.sofie).post(path + "/publish")
    client.get("/board")
    query_count()
    client.get("/board")
    assert len(query_count()) <= 11


def test_with_one_member_of_staff_another_organisation_approves(as_, store, people, answered) -> None:
    bart = as_(people.bart)
    here = start(bart, answered[2])
    bart.post(here, data=steps.PARTS | {"do": "show"})
    path = here.replace("/desk/feedback/", "/mine/texts/")
    dre = as_(people.dre)
    assert dre.get(path).status_code == 404
    for membership in store.exec(select(Membership).where(Membership.user_id == people.sofie.id)):
        membership.until = clock.now()
    store.commit()
    assert steps.PARTS["answer"] in dre.get(path).get_data(as_text=True)
    assert dre.post(path).status_code == 303
    assert feedback_of(store).state is FeedbackState.APPROVED


def test_staff_read_what_givers_say_and_the_reading_of_a_sensitive_one_is_logged(
    app, as_, client, store, people, vault
) -> None:
    people.session = store
    given = [*steps.signals(store, vault, people, 1), *steps.signals(store, vault, people, 1, sensitive=True)]
    protect.release(
        store, vault, given[1], "Iemand raakt niet binnen.", "nl", actor=people.actor(people.bart)
    )
    _dossier, round_ = steps.answered(store, people, given)
    made = steps.delivered(store, people, round_)
    for signal in given:
        actor, delivery = giver_actor(signal.giver_id), steps.delivery_of(store, signal)
        operations.open_delivery(store, delivery, language="nl", actor=actor)
        operations.react(
            store,
            vault,
            delivery,
            understood=None,
            helped=Helped.A_LITTLE,
            words=f"Niet op dinsdag ({signal.sensitive}).",
            actor=actor,
        )
    store.commit()
    path = f"/desk/feedback/{made.id}/reactions"
    assert "/reactions" in as_(people.sofie).get(f"/desk/feedback/{made.id}").get_data(as_text=True)
    for_sofie = as_(people.sofie).get(path).get_data(as_text=True)
    assert "Niet op dinsdag (False)." in for_sofie
    assert "Niet op dinsdag (True)." not in for_sofie
    assert "Niet op dinsdag (True)." in as_(people.bart).get(path).get_data(as_text=True)
    logged = [event for event in rows(store, select(Event)) if event.verb == "sensitive-read"]
    assert [(event.actor_id, event.subject_id) for event in logged][-1] == (people.bart.id, given[1].id)


def test_a_day_that_cannot_be_is_refused_in_place_and_a_second_tap_changes_nothing(
    as_, store, people, vault
) -> None:
    people.session = store
    told = steps.own_signal(store, vault, people)
    _dossier, round_ = steps.answered(store, people, [told])
    steps.delivered(store, people, round_)
    here = f"/mine/tell/{steps.delivery_of(store, told).id}"
    store.commit()
    amina = as_(people.amina)
    refused = amina.post(here, data={"on": "2999-01-01", "language": "fr"})
    assert refused.status_code == 422
    assert 'value="2999-01-01"' in refused.text
    assert '<option value="fr" lang="fr" selected>' in refused.text
    assert amina.post(here, data={"language": "xx"}).status_code == 422
    place = f"/mine?show=own&after={told.id}#s-{told.id}"
    for _tap in range(2):
        assert amina.post(here, data={"language": "fr", "to": place}).headers["Location"] == place
    for elsewhere in ("//evil.example", "/mine?x=%0a", "https://evil.example/mine", "/mine\nX"):
        assert amina.post(here, data={"to": elsewhere}).headers["Location"] == "/mine/tell"
    assert steps.delivery_of(store, told).language == "fr"

"""A lost code: asked by who knows the person, decided by somebody else, and the old one dies with the yes."""

from __future__ import annotations

import pytest

from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import SYSTEM
from signalen.signals import lost_codes
from signalen.signals.models import HearsBack
from signalen.signals.operations import issue_code
from signalen.signals.queries import find_code
from tests import factories


@pytest.fixture
def own(session, vault, cast):
    """A signal that Amina wrote down, with a card that was lost."""
    signal = factories.signal(session, vault, cast.actor(cast.amina), hears_back=HearsBack.CARD)
    return signal, issue_code(session, signal.giver_id, actor=SYSTEM)


def test_the_old_code_dies_and_the_worker_makes_one_new_card(session, cast, own) -> None:
    signal, old = own
    amina = cast.actor(cast.amina)
    asked = lost_codes.ask_new_code(session, signal, actor=amina)
    assert lost_codes.ask_new_code(session, signal, actor=amina).id == asked.id
    assert find_code(session, old.display) is not None
    assert not lost_codes.waits_for_new_card(session, signal, amina)
    lost_codes.settle_request(session, asked, given=True, actor=cast.actor(cast.bart))
    assert find_code(session, old.display) is None
    new = lost_codes.new_code_for(session, signal, actor=amina)
    assert find_code(session, new.display).giver_id == signal.giver_id
    with pytest.raises(NotAllowed):
        lost_codes.new_code_for(session, signal, actor=amina)


def test_refused_nothing_changes_and_nobody_decides_twice(session, cast, own) -> None:
    signal, old = own
    amina, bart = cast.actor(cast.amina), cast.actor(cast.bart)
    asked = lost_codes.ask_new_code(session, signal, actor=amina)
    lost_codes.settle_request(session, asked, given=False, actor=bart)
    assert find_code(session, old.display) is not None
    assert not lost_codes.waits_for_new_card(session, signal, amina)
    with pytest.raises(DomainError, match="request-settled"):
        lost_codes.settle_request(session, asked, given=True, actor=bart)
    assert lost_codes.ask_new_code(session, signal, actor=amina).id != asked.id


@pytest.mark.parametrize("who", ["dre", "chloe", "emma", "stijn", "bart"])
def test_only_who_knows_the_person_asks(session, cast, own, who) -> None:
    with pytest.raises(NotAllowed):
        lost_codes.ask_new_code(session, own[0], actor=cast.actor(getattr(cast, who)))


@pytest.mark.parametrize("who", ["amina", "dre", "chloe", "emma", "stijn"])
def test_only_staff_decide(session, cast, own, who) -> None:
    asked = lost_codes.ask_new_code(session, own[0], actor=cast.actor(cast.amina))
    with pytest.raises(NotAllowed):
        lost_codes.settle_request(session, asked, given=True, actor=cast.actor(getattr(cast, who)))


def test_nobody_says_yes_to_their_own_request(session, vault, cast) -> None:
    factories.member(session, cast.bart, "worker", organisation_id=cast.linde.id)
    bart = cast.actor(cast.bart)
    signal = factories.signal(session, vault, bart)
    asked = lost_codes.ask_new_code(session, signal, actor=bart)
    with pytest.raises(DomainError, match="second-person"):
        lost_codes.settle_request(session, asked, given=True, actor=bart)


def test_over_the_pages_from_asking_to_the_new_card(app, as_, people, store, client) -> None:
    people.session = store
    vault = app.extensions["signalen.vault"]
    signal = factories.signal(store, vault, people.actor(people.amina), hears_back=HearsBack.CARD)
    old = issue_code(store, signal.giver_id, actor=SYSTEM)
    store.commit()
    amina, bart = as_(people.amina), as_(people.bart)
    page = f"/mine/signals/{signal.id}"
    assert f"{page}/lost-code" in amina.get(page).text
    assert as_(people.dre).post(f"{page}/lost-code").status_code == 404
    assert amina.post(f"{page}/new-card").status_code == 404
    assert amina.post(f"{page}/lost-code").status_code == 303
    assert "Verloren codes" in bart.get("/desk").text
    asked = bart.get("/desk/codes").text
    assert signal.reference in asked
    assert amina.get("/desk/codes").status_code == 404
    address = asked.split('action="/desk/codes/')[1].split('"')[0]
    assert bart.post(f"/desk/codes/{address}", data={"do": "give"}).status_code == 303
    assert "Niemand vraagt" in bart.get("/desk/codes").text
    assert client.post("/follow", data={"code": old.display}).status_code == 422
    shown = amina.post(f"{page}/new-card")
    card = amina.get(shown.location).text
    code = card.split('translate="no">')[1].split("<")[0]
    assert client.post("/follow", data={"code": code}).status_code == 303

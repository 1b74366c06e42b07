"""How a resident hears back: the code alone, mail or text message, a letter, or a worker of an organisation."""

from __future__ import annotations

import uuid

import pytest
from sqlmodel import select

from signalen.feedback.queries.telling import own_rows, staff_rows
from signalen.signals.giver_models import ToldThrough
from signalen.signals.intake import Contact
from signalen.signals.models import ContactKind, Giver, HearsBack, Signal
from signalen.signals.sealing import contact_context
from tests import factories
from tests.feedback import steps

ADDRESS = "Rosa Peeters\nLange Straat 1\n2060 Antwerpen"


@pytest.fixture
def keys(app):
    """The vault of the app; `vault` is the one of a session without an app."""
    return app.extensions["signalen.vault"]


@pytest.fixture
def at_the_end(client):
    """A resident on the third page."""
    client.post(
        "/report/words",
        data={"text": "Het loket is altijd dicht.", "language": "nl", "key": str(uuid.uuid4())},
    )
    client.post("/report/about", data={})
    return client


def given(store, vault) -> tuple[HearsBack, ContactKind | None, str | None]:
    giver = store.exec(select(Giver)).one()
    words = (
        vault.open(giver.contact_key, giver.contact_sealed, contact_context(giver.id))
        if giver.contact_sealed
        else None
    )
    store.commit()
    return giver.hears_back, giver.contact_kind, words


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, (HearsBack.CODE, None, None)),
        ({"hear": "code", "contact": "half an addr", "address": "x"}, (HearsBack.CODE, None, None)),
        ({"contact": "rosa@example.org"}, (HearsBack.CONTACT, ContactKind.EMAIL, "rosa@example.org")),
        (
            {"hear": "contact", "contact": "0470123456"},
            (HearsBack.CONTACT, ContactKind.MOBILE, "+32470123456"),
        ),
        (
            {"hear": "contact", "contact": "03 221 13 33"},
            (HearsBack.CONTACT, ContactKind.PHONE, "+3232211333"),
        ),
        ({"hear": "letter", "address": ADDRESS}, (HearsBack.CONTACT, ContactKind.ADDRESS, ADDRESS)),
    ],
)
def test_each_way_keeps_what_it_needs_sealed_and_nothing_else(at_the_end, store, keys, fields, kept) -> None:
    assert at_the_end.post("/report/answer", data=fields).location == "/report/receipt"
    assert given(store, keys) == kept
    assert "code" in at_the_end.get("/report/receipt").text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"hear": "contact"}, "contact"),
        ({"hear": "contact", "contact": "no address"}, "contact"),
        ({"hear": "letter", "address": "  "}, "address"),
        ({"hear": "letter", "address": "x" * 301}, "address"),
        ({"hear": "worker"}, "organisation"),
        ({"hear": "worker", "organisation": str(uuid.uuid4())}, "organisation"),
        ({"hear": "pigeon"}, "hear"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field_and_nothing_is_lost(
    at_the_end, store, fields, wrong
) -> None:
    answer = at_the_end.post("/report/answer", data={**fields, "with_help": "true"})
    assert answer.status_code == 422
    assert f'href="#f-{wrong}"' in answer.text
    if "contact" in fields:
        assert f'value="{fields["contact"]}"' in answer.text
    assert store.exec(select(Signal)).all() == []
    store.rollback()


def test_help_in_writing_is_kept_and_staff_see_it(at_the_end, as_, store, people) -> None:
    at_the_end.post("/report/answer", data={"with_help": "true"})
    signal = store.exec(select(Signal)).one()
    store.commit()
    assert signal.with_help
    assert "Geschreven met hulp" in as_(people.bart).get(f"/desk/signals/{signal.id}").text


def test_a_worker_of_the_chosen_organisation_tells_it_and_does_not_read_the_words(
    session, vault, cast
) -> None:
    chosen, other = steps.signals(
        session, vault, cast, 2, hears_back=HearsBack.WORKER, told_through=cast.linde.id
    )
    other.sensitive = True
    session.add(other)
    _dossier, round_ = steps.answered(session, cast, [chosen])
    steps.delivered(session, cast, round_)
    (row,) = own_rows(session, cast.actor(cast.amina))
    assert row.reference == chosen.reference
    assert row.words is None
    assert own_rows(session, cast.actor(cast.dre)) == []
    assert staff_rows(session, cast.actor(cast.bart)) == []


def test_a_sensitive_one_stays_with_staff_who_may_read_it(session, vault, cast) -> None:
    (signal,) = steps.signals(
        session, vault, cast, 1, hears_back=HearsBack.WORKER, told_through=cast.linde.id
    )
    _dossier, round_ = steps.answered(session, cast, [signal])
    steps.delivered(session, cast, round_)
    signal.sensitive = True
    session.add(signal)
    session.flush()
    assert own_rows(session, cast.actor(cast.amina)) == []
    assert [row.reference for row in staff_rows(session, cast.actor(cast.bart))] == [signal.reference]
    assert staff_rows(session, cast.actor(cast.sofie)) == []


def test_the_choice_of_an_organisation_is_kept_apart_from_the_signal(at_the_end, store, people) -> None:
    answer = at_the_end.post("/report/answer", data={"hear": "worker", "organisation": str(people.linde.id)})
    assert answer.location == "/report/receipt"
    signal, told = store.exec(select(Signal)).one(), store.exec(select(ToldThrough)).one()
    store.commit()
    assert signal.organisation_id is None
    assert (told.giver_id, told.organisation_id) == (signal.giver_id, people.linde.id)


def test_a_form_sent_twice_is_one_signal_also_with_help_and_a_worker(session, vault, cast) -> None:
    values = {
        "key": uuid.uuid4(),
        "hears_back": HearsBack.WORKER,
        "told_through": cast.linde.id,
        "with_help": True,
    }
    first = factories.signal(session, vault, **values)
    again = factories.signal(session, vault, **values)
    assert first.id == again.id


def test_an_address_is_a_contact_like_any_other(session, vault) -> None:
    signal = factories.signal(
        session, vault, hears_back=HearsBack.CONTACT, contact=Contact(ContactKind.ADDRESS, ADDRESS)
    )
    giver = session.exec(select(Giver).where(Giver.id == signal.giver_id)).one()
    assert ADDRESS.encode() not in giver.contact_sealed

from __future__ import annotations

import pytest
from sqlmodel import select

from signalen.core.models import OutboxMessage
from signalen.dossiers.mails import MAILS
from signalen.dossiers.models import AskWay, Dossier, Quote, SynthesisVersion
from signalen.dossiers.operations import announce_synthesis, quote, send_asks, write_synthesis
from signalen.dossiers.queries import asks_of, current_round, leading_dossier, total
from signalen.signals.models import Channel, Signal, Stage
from signalen.signals.operations import read_signal
from signalen.web.mail import render
from tests import factories

LIST_STATEMENTS = 8


@pytest.fixture
def vault(app):
    return app.extensions["signalen.vault"]


@pytest.fixture
def cast(store, people):
    people.session = store
    return people


@pytest.fixture
def read_one(store, cast, vault):
    def make(who=None, **values) -> Signal:
        made = factories.signal(
            store, vault, cast.actor(who or cast.amina), channel=Channel.CAPTURE, **values
        )
        read_signal(store, made, actor=cast.actor(cast.bart))
        return made

    return make


@pytest.fixture
def made(store, cast, read_one):
    one = read_one(text="Het loket was dicht en niemand zei waarom.", may_quote=True, language="nl")
    dossier = factories.dossier(store, cast, signals=[one, read_one(cast.dre)])
    quote(store, dossier, one, "niemand zei waarom", actor=cast.actor(cast.bart))
    store.commit()
    return dossier


def words(response) -> str:
    return response.get_data(as_text=True)


def test_the_page_of_a_dossier_shows_what_it_stands_on(made, as_, people) -> None:
    page = as_(people.bart).get(f"/desk/dossiers/{made.id}")
    assert page.status_code == 200
    for expected in ("Huis Linde", "Jeugdhuis Kaai", "niemand zei waarom", "Dienst Loketten", "Borgerhout"):
        assert expected in words(page)
    for part in ("signals", "edit", "score"):
        assert as_(people.bart).get(f"/desk/dossiers/{made.id}/{part}").status_code == 200


@pytest.mark.parametrize("who", ["amina", "chloe", "emma", "stijn"])
def test_only_staff_see_the_dossiers(made, as_, people, who) -> None:
    visitor = as_(getattr(people, who))
    for address in ("/desk", "/desk/signals", "/desk/dossiers", f"/desk/dossiers/{made.id}"):
        assert visitor.get(address).status_code == 404
    assert visitor.post(f"/desk/dossiers/{made.id}/asks/send").status_code == 404


def test_lists_stay_within_eight_statements(made, as_, people, query_count, read_one, store) -> None:
    for _ in range(25):
        read_one()
    store.commit()
    visitor = as_(people.bart)
    for address in ("/desk/signals", "/desk/signals?theme=mobiliteit&text=bus&stage=read", "/desk/dossiers"):
        assert visitor.get(address).status_code == 200
        query_count()
        page = visitor.get(address)
        assert page.status_code == 200
        statements = query_count()
        assert len(statements) <= LIST_STATEMENTS, statements
    assert "after=" in words(visitor.get("/desk/signals"))


def test_a_filter_of_the_list_gives_a_part_of_the_page(made, as_, people) -> None:
    part = as_(people.bart).get("/desk/signals?text=loket", headers={"HX-Request": "true"})
    assert words(part).startswith('<div id="rows">')
    assert "<html" not in words(part)
    assert "niemand zei waarom" in words(part)
    assert "bus naar het ziekenhuis" not in words(part)


def test_reading_a_signal_marks_it_read(as_, people, cast, store, vault) -> None:
    one = factories.signal(store, vault, cast.actor(cast.amina))
    store.commit()
    page = as_(people.sofie).get(f"/desk/signals/{one.id}")
    assert page.status_code == 200
    assert "bus naar het ziekenhuis" in words(page)
    store.refresh(one)
    assert one.stage is Stage.READ


def test_a_sensitive_signal_is_not_there_for_who_is_no_named_reader(as_, people, cast, store, vault) -> None:
    one = factories.signal(store, vault, cast.actor(cast.amina), text="Hij slaat haar.", sensitive=True)
    store.commit()
    assert as_(people.sofie).get(f"/desk/signals/{one.id}").status_code == 404
    assert one.reference not in words(as_(people.sofie).get("/desk/signals"))
    assert "Hij slaat" not in words(as_(people.bart).get("/desk/signals"))
    page = as_(people.bart).get(f"/desk/signals/{one.id}")
    assert "Hij slaat" in words(page)
    sent = as_(people.bart).post(
        f"/desk/signals/{one.id}/release",
        data={"safe_line": "Iemand is thuis niet veilig.", "language": "nl"},
    )
    assert sent.status_code == 303
    done = as_(people.bart).post(
        "/desk/dossiers/bundle", data={"signals": str(one.id), "title": "Veilig thuis"}
    )
    assert done.status_code == 303
    other = store.exec(select(Dossier).where(Dossier.title == "Veilig thuis")).one()
    store.commit()
    page = as_(people.sofie).get(f"/desk/dossiers/{other.id}/signals")
    assert "Iemand is thuis niet veilig." in words(page)
    assert one.reference not in words(page)


def test_what_was_ticked_goes_in_a_new_dossier_about_the_same(as_, people, read_one, store) -> None:
    one, two = read_one(), read_one()
    store.commit()
    sent = as_(people.bart).post(
        "/desk/dossiers/bundle", data={"signals": [str(one.id), str(two.id)], "title": "De bus"}
    )
    assert sent.status_code == 303
    made = store.exec(select(Dossier).where(Dossier.title == "De bus")).one()
    assert total(store, made) == 2
    assert made.municipality == "antwerpen"
    assert sent.headers["Location"].endswith(f"/desk/dossiers/{made.id}")


def test_an_unread_signal_is_refused_with_words_and_nothing_is_kept(as_, people, cast, store, vault) -> None:
    one = factories.signal(store, vault, cast.actor(cast.amina))
    store.commit()
    visitor = as_(people.bart)
    visitor.post("/desk/dossiers/bundle", data={"signals": str(one.id), "title": "De bus"})
    assert one.reference in words(visitor.get("/desk/signals"))
    assert store.exec(select(Dossier).where(Dossier.title == "De bus")).first() is None


def test_spam_is_refused_only_before_it_is_read(as_, people, cast, store, vault, read_one) -> None:
    fresh, seen = factories.signal(store, vault, cast.actor(cast.amina)), read_one()
    store.commit()
    data = {"reason": "Reclame"}
    as_(people.bart).post("/desk/signals/spam", data=data | {"signals": str(fresh.id)})
    as_(people.bart).post("/desk/signals/spam", data=data | {"signals": str(seen.id)})
    store.refresh(fresh)
    store.refresh(seen)
    assert (fresh.stage, seen.stage) == (Stage.REFUSED, Stage.READ)


def test_staff_place_ask_translate_pause_and_lead_out(as_, people, read_one, store) -> None:
    one = read_one(language="ar")
    store.commit()
    visitor, address = as_(people.bart), f"/desk/signals/{one.id}"
    for part, data in (
        ("place", {"themes": ["wonen", "taal"], "groups": ["ouderen"], "place": "hoboken"}),
        ("text", {"kind": "translation", "language": "nl", "words": "De bus komt niet."}),
        ("question", {"language": "ar", "words": "Welke bus is het?"}),
        ("pause", {"reason": "We wachten op de giver."}),
        ("resume", {}),
        ("way-out", {"to": "helped", "reason": "Er rijdt nu een belbus.", "language": "ar"}),
    ):
        sent = visitor.post(f"{address}/{part}", data=data)
        assert sent.status_code == 303, (part, words(sent)[-2000:])
    page = words(visitor.get(address))
    for expected in ("De bus komt niet.", "Welke bus is het?", "Er rijdt nu een belbus."):
        assert expected in page
    store.refresh(one)
    assert (one.stage, one.place_code) == (Stage.HELPED, "hoboken")


def test_what_was_typed_stays_when_a_form_is_not_right(as_, people, read_one, store) -> None:
    one = read_one()
    store.commit()
    sent = as_(people.bart).post(
        f"/desk/signals/{one.id}/way-out",
        data={"to": "passed-on", "reason": "Naar het CLB.", "language": "nl"},
    )
    assert sent.status_code == 422
    assert "Naar het CLB." in words(sent)


def test_a_dossier_goes_from_its_first_words_to_the_city_through_the_pages(
    as_, people, store, cast, read_one
) -> None:
    one = read_one()
    store.commit()
    visitor = as_(people.bart)
    sent = visitor.post(
        "/desk/dossiers", data={"title": "De bus", "worry": "Te weinig bussen.", "municipality": "antwerpen"}
    )
    address = sent.headers["Location"]
    dossier_id = address.rsplit("/", 1)[1]
    visitor.post("/desk/dossiers/bundle", data={"signals": str(one.id), "into": dossier_id})
    refused = visitor.post(f"{address}/asks/send")
    assert refused.status_code == 422
    form = {
        "title": "De bus",
        "worry": "Te weinig bussen.",
        "themes": ["mobiliteit"],
        "lead_id": str(cast.bart.id),
        "second_id": str(cast.sofie.id),
    }
    assert visitor.post(f"{address}/edit", data=form).status_code == 303
    score = {"ko-structural": "yes", "points-recurs": "3", "why-recurs": "Elke week"}
    assert visitor.post(f"{address}/score", data=score).status_code == 303
    visitor.post(
        f"{address}/asks", data={"body_id": str(cast.loket.id), "measure": "Laat de bus vaker rijden."}
    )
    visitor.post(f"{address}/synthesis", data={"body": "Er rijden te weinig bussen naar het ziekenhuis."})
    version = store.exec(select(SynthesisVersion)).one()
    store.commit()
    visitor.post(f"{address}/synthesis/{version.id}/announce")
    amina = as_(people.amina)
    assert "De bus" in words(amina.get("/mine"))
    assert as_(people.dre).get(f"/mine/syntheses/{version.id}").status_code == 404
    own = {"organisation_id": str(cast.linde.id)}
    assert (
        amina.post(f"/mine/syntheses/{version.id}/comment", data=own | {"words": "Klopt."}).status_code == 303
    )
    assert (
        amina.post(f"/mine/syntheses/{version.id}/agree", data=own | {"agrees": "false"}).status_code == 422
    )
    assert amina.post(f"/mine/syntheses/{version.id}/agree", data=own | {"agrees": "true"}).status_code == 303
    assert visitor.post(f"{address}/asks/send").status_code == 303
    page = words(visitor.get(address))
    for expected in ("Klopt.", "Laat de bus vaker rijden.", "Elke week", "Sofie"):
        assert expected in page
    store.refresh(one)
    assert one.stage is Stage.ASKED


def test_an_old_address_leads_to_the_dossier_it_became(as_, people, cast, store, made) -> None:
    other = factories.dossier(store, cast, title="Loket dicht", ready=False)
    store.commit()
    sent = as_(people.bart).post(f"/desk/dossiers/{other.id}/merge", data={"into": str(made.id)})
    assert sent.status_code == 303
    moved = as_(people.bart).get(f"/desk/dossiers/{other.id}")
    assert moved.status_code == 301
    assert moved.headers["Location"].endswith(f"/desk/dossiers/{made.id}")


def test_signals_are_split_off_and_taken_out_on_the_page(as_, people, cast, store, read_one) -> None:
    one, two = read_one(), read_one()
    made = factories.dossier(store, cast, signals=[one, two], ready=False)
    store.commit()
    visitor, address = as_(people.bart), f"/desk/dossiers/{made.id}/take-out"
    visitor.post(address, data={"signals": str(one.id), "do": "take-out", "reason": "Iets anders."})
    sent = visitor.post(address, data={"signals": str(two.id), "do": "split", "title": "Een andere zorg"})
    other = store.exec(select(Dossier).where(Dossier.title == "Een andere zorg")).one()
    assert sent.headers["Location"].endswith(str(other.id))
    assert leading_dossier(store, two.id).id == other.id
    store.refresh(one)
    assert one.stage is Stage.READ


def test_a_worker_sees_what_became_of_own_signals_and_nothing_of_others(
    as_, people, cast, store, made, read_one
) -> None:
    own, foreign = read_one(text="Van Linde zelf."), read_one(people.dre, text="Van Kaai zelf.")
    store.commit()
    amina = as_(people.amina)
    assert "Van Linde zelf." in words(amina.get("/mine"))
    assert "Van Kaai zelf." not in words(amina.get("/mine"))
    assert amina.get(f"/mine/signals/{own.id}").status_code == 200
    assert amina.get(f"/mine/signals/{foreign.id}").status_code == 404
    assert amina.post(f"/mine/signals/{foreign.id}/correct", data={"words": "Anders."}).status_code == 404
    assert amina.post(f"/mine/signals/{own.id}/correct", data={"words": "Beter gezegd."}).status_code == 303
    assert "Beter gezegd." in words(amina.get(f"/mine/signals/{own.id}"))
    as_(people.bart).post(f"/desk/signals/{own.id}/question", data={"language": "nl", "words": "Hoe vaak?"})
    assert own.reference in words(amina.get("/mine"))
    assert amina.post(f"/mine/signals/{own.id}/reply", data={"words": "Elke week."}).status_code == 303
    assert "Elke week." in words(as_(people.bart).get(f"/desk/signals/{own.id}"))
    bundled = store.exec(select(Quote)).one().signal_id
    store.commit()
    refused = amina.post(f"/mine/signals/{bundled}/correct", data={"words": "Anders."})
    assert refused.status_code == 422


def test_the_list_of_mine_stays_within_twelve_statements(
    as_, people, read_one, store, made, query_count
) -> None:
    for _ in range(12):
        read_one()
    store.commit()
    amina = as_(people.amina)
    amina.get("/mine")
    query_count()
    assert amina.get("/mine").status_code == 200
    assert len(query_count()) <= LIST_STATEMENTS + 2


def test_today_shows_what_waits_and_what_is_late(as_, people, cast, store, vault, made) -> None:
    unread = factories.signal(store, vault, cast.actor(cast.amina), text="Nog niemand las dit.")
    secret = factories.signal(store, vault, cast.actor(cast.amina), text="Hij slaat haar.", sensitive=True)
    store.commit()
    page = words(as_(people.bart).get("/desk"))
    assert "Nog niemand las dit." in page
    assert "Hij slaat" not in page
    assert str(secret.id) in page
    assert str(secret.id) not in words(as_(people.sofie).get("/desk"))
    assert str(unread.id) in words(as_(people.sofie).get("/desk"))


def test_a_commented_version_is_replaced_by_the_next_number(as_, people, cast, store, made) -> None:
    second = write_synthesis(store, made, "Een tweede tekst, na de opmerkingen.", actor=cast.actor(cast.bart))
    announce_synthesis(store, second, actor=cast.actor(cast.bart))
    store.commit()
    page = words(as_(people.amina).get("/mine"))
    assert str(second.id) in page
    assert page.count("/mine/syntheses/") == 1
    assert current_round(store, made).number == 1


def test_a_shielded_signal_leaves_the_sight_of_who_shields_it(as_, people, read_one, store) -> None:
    one = read_one()
    store.commit()
    sent = as_(people.sofie).post(f"/desk/signals/{one.id}/shield")
    assert sent.headers["Location"].endswith("/desk/signals")
    assert as_(people.sofie).get(f"/desk/signals/{one.id}").status_code == 404
    assert as_(people.bart).post(f"/desk/signals/{one.id}/unshield").status_code == 303
    assert as_(people.sofie).get(f"/desk/signals/{one.id}").status_code == 200


def test_a_body_and_a_mandated_worker_get_a_mail_in_their_language(app, store, cast, vault, made) -> None:
    round_ = current_round(store, made)
    send_asks(store, round_, AskWay.WRITING, made.opened_at.date(), actor=cast.actor(cast.bart))
    waiting = {row.kind: row for row in store.exec(select(OutboxMessage)).all()}
    letters = {}
    for kind, build in MAILS.items():
        context = build(store, vault, waiting[kind].params)
        assert context is not None
        letters[kind] = render(app, kind, "to@example.org", "nl", context)
    assert "Loket alleen op afspraak" in letters["asked"].subject
    assert "Open het loket elke voormiddag" in letters["asked"].body
    assert "/mine/syntheses/" in letters["synthesis-announced"].body
    (ask, _body) = asks_of(store, [round_.id])[0]
    ask.final = True
    store.flush()
    assert MAILS["asked"](store, vault, waiting["asked"].params) is None

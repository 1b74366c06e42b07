"""What is new for a worker: what the bell counts, what the page says, and who hears nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from signalen.consultations.operations import record_answer
from signalen.core import clock
from signalen.core.models import Event
from signalen.core.permissions import Role
from signalen.desk.news import SPAN, NewsKind, bell, hears_news, news
from signalen.dossiers.operations import (
    agree,
    announce_synthesis,
    bundle,
    open_dossier,
    write_synthesis,
)
from signalen.dossiers.queries import asks_of
from signalen.feedback import operations as feedback
from signalen.people.news import look_at_news
from signalen.signals.models import Channel
from signalen.signals.operations import ask_giver, giver_writes, read_signal, shield, withdraw
from tests import factories
from tests.consultations.test_rules import FULL
from tests.feedback import steps

pytestmark = pytest.mark.usefixtures("frozen")
CANARY = "waterhoentjeqx"


def kinds(session, actor) -> list[str]:
    return sorted(row.kind.value for row in news(session, actor))


def amina_records(session, vault, cast, **values):
    return factories.signal(session, vault, cast.actor(cast.amina), **values)


def test_only_workers_have_a_bell(session, cast) -> None:
    heard = {
        name: hears_news(cast.actor(getattr(cast, name)))
        for name in ("amina", "dre", "bart", "chloe", "emma", "stijn")
    }
    assert heard == {"amina": True, "dre": True, "bart": False, "chloe": False, "emma": False, "stijn": False}


def test_a_question_is_new_until_it_is_answered(session, vault, cast) -> None:
    mine, amina, bart = amina_records(session, vault, cast), cast.actor(cast.amina), cast.actor(cast.bart)
    assert bell(session, amina).count == 0
    ask_giver(session, vault, mine, CANARY, "nl", actor=bart)
    row = news(session, amina)[0]
    assert (row.kind, row.about, row.label) == (NewsKind.QUESTION, mine.id, mine.reference)
    assert bell(session, amina).count == 1
    assert bell(session, cast.actor(cast.dre)).count == 0
    with clock.travel(clock.now() + timedelta(hours=1)):
        giver_writes(session, vault, mine, "Ja.", "nl", actor=amina)
        assert news(session, amina) == []


def test_what_a_resident_is_asked_is_not_for_the_worker_who_wrote_it_down(session, vault, cast) -> None:
    theirs = amina_records(session, vault, cast, channel=Channel.ON_BEHALF, agreed_how="gezegd")
    ask_giver(session, vault, theirs, "Wanneer?", "nl", actor=cast.actor(cast.bart))
    assert news(session, cast.actor(cast.amina)) == []


def test_where_own_signals_went_is_new_and_what_one_did_oneself_is_not(session, vault, cast) -> None:
    mine, amina = amina_records(session, vault, cast), cast.actor(cast.amina)
    read_signal(session, mine, actor=cast.actor(cast.bart))
    assert [(row.kind, row.code) for row in news(session, amina)] == [(NewsKind.MOVED, "read")]
    colleague = factories.user(session, "Nadia")
    factories.member(session, colleague, Role.WORKER, organisation_id=cast.linde.id)
    assert news(session, cast.actor(colleague)) == []
    _dossier, round_ = steps.answered(session, cast, [mine])
    assert kinds(session, amina) == ["answer", "moved"]
    steps.delivered(session, cast, round_)
    assert kinds(session, amina) == ["answer", "moved", "to-tell"]
    feedback.tell_by_hand(session, steps.delivery_of(session, mine), actor=amina)
    assert kinds(session, amina) == ["answer"]
    assert kinds(session, cast.actor(cast.dre)) == []


def test_a_giver_who_takes_it_back_is_news(session, vault, cast) -> None:
    mine = amina_records(session, vault, cast)
    withdraw(session, mine, actor=cast.actor(cast.bart))
    assert [row.code for row in news(session, cast.actor(cast.amina))] == ["withdrawn"]


def test_a_text_is_new_for_the_organisation_until_it_answers(session, vault, cast) -> None:
    bart, amina = cast.actor(cast.bart), cast.actor(cast.amina)
    mine = amina_records(session, vault, cast)
    read_signal(session, mine, actor=bart)
    dossier = open_dossier(session, title="Loket", lead_id=cast.bart.id, municipality="antwerpen", actor=bart)
    bundle(session, [mine], dossier, actor=bart)
    version = write_synthesis(session, dossier, "Het loket is dicht.", actor=bart)
    assert kinds(session, amina) == ["moved"]
    announce_synthesis(session, version, actor=bart)
    row = next(row for row in news(session, amina) if row.kind is NewsKind.TEXT)
    assert (row.about, row.label) == (version.id, "Loket")
    assert kinds(session, cast.actor(cast.dre)) == []
    agree(session, version, cast.linde.id, agrees=True, actor=amina)
    assert kinds(session, amina) == ["moved"]


def test_answers_and_promises_about_dossiers_of_own_signals_are_new(session, vault, cast) -> None:
    mine, bart, amina = amina_records(session, vault, cast), cast.actor(cast.bart), cast.actor(cast.amina)
    read_signal(session, mine, actor=bart)
    dossier, round_ = steps.asked(session, cast, [mine])
    ask, _body = asks_of(session, [round_.id])[0]
    record_answer(session, ask, FULL, actor=bart)
    found = [row for row in news(session, amina) if row.kind in {NewsKind.ANSWER, NewsKind.PROMISE}]
    assert {row.kind for row in found} == {NewsKind.ANSWER, NewsKind.PROMISE}
    assert {(row.about, row.label) for row in found} == {(dossier.id, dossier.title)}
    assert news(session, cast.actor(cast.dre)) == []


def test_looking_makes_it_seen_and_what_comes_after_is_new(session, vault, cast, frozen) -> None:
    mine, amina = amina_records(session, vault, cast), cast.actor(cast.amina)
    read_signal(session, mine, actor=cast.actor(cast.bart))
    assert bell(session, amina) == (bell(session, amina))
    assert bell(session, amina).since == frozen - SPAN
    with clock.travel(frozen + timedelta(minutes=1)):
        look_at_news(session, actor=amina)
        assert bell(session, amina).count == 0
        assert bell(session, amina).since == frozen + timedelta(minutes=1)
    with clock.travel(frozen + timedelta(hours=1)):
        ask_giver(session, vault, mine, "Wanneer?", "nl", actor=cast.actor(cast.bart))
        assert bell(session, amina).count == 1
        assert len(news(session, amina)) == 2
    with clock.travel(frozen + timedelta(hours=2)):
        look_at_news(session, actor=amina)
    seen = session.exec(select(Event.subject_id).where(Event.verb == "news-seen")).all()
    assert list(seen) == [cast.amina.id] * 2
    with clock.travel(frozen + SPAN + timedelta(days=1)):
        assert news(session, amina) == []


def test_a_sensitive_signal_is_counted_for_who_recorded_it_and_for_no_colleague(session, vault, cast) -> None:
    nadia = factories.user(session, "Nadia")
    factories.member(session, nadia, Role.WORKER, organisation_id=cast.linde.id, may_agree=True)
    mine, bart = amina_records(session, vault, cast), cast.actor(cast.bart)
    read_signal(session, mine, actor=bart)
    ask_giver(session, vault, mine, "Wanneer?", "nl", actor=bart)
    assert kinds(session, cast.actor(nadia)) == ["question"]
    shield(session, vault, mine, actor=bart)
    assert kinds(session, cast.actor(nadia)) == []
    assert kinds(session, cast.actor(cast.amina)) == ["moved", "question"]


def test_pages_of_news_follow_each_other_without_a_gap(session, vault, cast, frozen) -> None:
    bart, amina = cast.actor(cast.bart), cast.actor(cast.amina)
    for minute in range(5):
        with clock.travel(frozen + timedelta(minutes=minute // 2)):
            read_signal(session, amina_records(session, vault, cast), actor=bart)
    whole, walked, after = news(session, amina), [], None
    while part := news(session, amina, after=after, limit=2):
        walked += part
        after = (part[-1].at, part[-1].about)
    assert walked == whole
    assert len(whole) == 5


@pytest.fixture
def vault_of(app):
    return app.extensions["signalen.vault"]


def test_the_page_says_it_without_a_word_of_a_signal_and_opening_it_marks_it_seen(
    as_, people, store, vault_of, query_count
) -> None:
    people.session = store
    bart = people.actor(people.bart)
    for number in range(3):
        mine = amina_records(store, vault_of, people, text=f"{CANARY} {number}")
        read_signal(store, mine, actor=bart)
    ask_giver(store, vault_of, mine, f"{CANARY}?", "nl", actor=bart)
    store.commit()
    with clock.travel(clock.now() + timedelta(minutes=1)):
        amina = as_(people.amina)
        home = amina.get("/mine").text
        assert '<strong aria-hidden="true">4</strong>' in home
        page = amina.get("/mine/news").text
        assert CANARY not in page
        assert mine.reference in page
        assert 'class="bell"' in page
        assert '<strong aria-hidden="true">' not in page
        query_count()
        again = amina.get("/mine/news").text
        assert len([each for each in query_count() if not each.startswith(("PRAGMA", "COMMIT"))]) <= 4
        assert again.count('class="clock"') == 0
        assert page.count('class="clock"') == 2
        for bad in (
            "?before=x&id=1",
            "?before=99999999999999999999&id=1",
            f"?before=1&id={mine.id}",
            "?since=-1",
        ):
            assert amina.get(f"/mine/news{bad}").status_code == 200
    for nobody in (people.bart, people.chloe, people.emma, people.stijn):
        assert as_(nobody).get("/mine/news").status_code == 404
    assert mine.reference not in as_(people.dre).get("/mine/news").text


def test_the_bell_costs_one_statement_for_workers_and_none_for_staff(as_, people, query_count) -> None:
    amina, bart = as_(people.amina), as_(people.bart)
    for person, address, bells in ((amina, "/account", 1), (bart, "/account", 0), (bart, "/desk/signals", 0)):
        person.get(address)
        query_count()
        person.get(address)
        assert sum("news_choice.seen_at" in statement for statement in query_count()) == bells

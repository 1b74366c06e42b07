"""The list of a worker: own signals and those of the organisation, what is new, "I told them" and "same worry again" in place."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.permissions import Role
from signalen.desk.mine import Happened, happened, times_again
from signalen.dossiers.operations import reopen, take_out
from signalen.dossiers.workflow import Because
from signalen.feedback import operations as feedback
from signalen.feedback.models import DeliveryState
from signalen.signals.models import HearsBack, Signal, SignalAgain
from signalen.signals.operations import ask_giver, correct, read_signal, shield
from tests import factories
from tests.feedback import steps

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def pages_vault(app):
    return app.extensions["signalen.vault"]


@pytest.fixture
def nadia(store, people):
    """A colleague of Amina."""
    people.session = store
    made = factories.user(store, "Nadia")
    factories.member(store, made, Role.WORKER, organisation_id=people.linde.id)
    store.commit()
    store.refresh(made)
    store.expunge(made)
    return made


def rows(page: str) -> list[str]:
    return re.findall(r'id="s-([0-9a-f-]{36})"', page)


def test_own_signals_and_those_of_the_organisation_page_by_page(
    as_, people, store, nadia, pages_vault
) -> None:
    amina = people.actor(people.amina)
    own = [factories.signal(store, pages_vault, amina) for _ in range(23)]
    other = factories.signal(store, pages_vault, people.actor(nadia))
    foreign = factories.signal(store, pages_vault, people.actor(people.dre))
    # Within a millisecond ids stand in no order of their own: the newest is the one with the highest.
    newest = str(max(each.id for each in (*own, other)))
    theirs, own = str(foreign.id), sorted((str(each.id) for each in own), reverse=True)
    store.commit()
    reader = as_(people.amina)
    first = reader.get("/mine").text
    assert rows(first)[0] == newest
    assert len(rows(first)) == 20
    page, walked = reader.get("/mine?show=own").text, []
    while True:
        walked += rows(page)
        more = re.search(r'href="(\?show=own&amp;after=[0-9a-f-]+)"', page)
        if not more:
            break
        page = reader.get("/mine" + more.group(1).replace("&amp;", "&")).text
    assert walked == own
    assert theirs not in first
    for odd in ("?show=everything", "?in=nothing", "?after=nothing", f"?in={uuid.uuid4()}"):
        assert reader.get(f"/mine{odd}").status_code == 200


def test_the_list_takes_few_statements_however_long_it_is(
    as_, people, store, pages_vault, query_count
) -> None:
    people.session = store
    mine = [steps.own_signal(store, pages_vault, people) for _ in range(12)]
    _dossier, round_ = steps.answered(store, people, mine)
    steps.delivered(store, people, round_)
    ask_giver(store, pages_vault, mine[0], "Wanneer?", "nl", actor=people.actor(people.bart))
    store.commit()
    amina = as_(people.amina)
    amina.get("/mine")
    query_count()
    page = amina.get("/mine").text
    statements = query_count()
    assert len(rows(page)) == 12
    assert len(statements) <= 8, statements


def test_i_told_them_stands_on_the_row_and_leads_back_to_it(as_, people, store, nadia, pages_vault) -> None:
    mine = steps.own_signal(store, pages_vault, people, language="tr")
    quiet = steps.own_signal(store, pages_vault, people, hears_back=HearsBack.NONE)
    steps.own_signal(store, pages_vault, people)
    _dossier, round_ = steps.answered(store, people, [mine, quiet])
    steps.delivered(store, people, round_)
    delivery, mine_id, quiet_id = steps.delivery_of(store, mine).id, str(mine.id), str(quiet.id)
    store.commit()
    amina = as_(people.amina)
    page = amina.get("/mine?show=tell").text
    assert set(rows(page)) == {mine_id, quiet_id}
    form = page[page.index(f'id="s-{mine_id}"') :].split("</article>")[0]
    assert f'action="/mine/tell/{delivery}"' in form
    assert 'name="on" value="2026-11-10"' in form
    assert '<option value="tr" lang="tr" selected>' in form
    place = re.search(r'name="to" value="([^"]+)"', form).group(1)
    assert place == f"/mine?show=tell#s-{mine_id}"
    # A colleague sees the signal, and has nobody to tell.
    assert 'action="/mine/tell/' not in as_(nadia).get("/mine").text
    sent = amina.post(f"/mine/tell/{delivery}", data={"on": "2026-11-10", "language": "tr", "to": place})
    assert (sent.status_code, sent.headers["Location"]) == (303, place)
    assert rows(amina.get("/mine?show=tell").text) == [quiet_id]
    told = steps.delivery_of(store, mine)
    assert (told.state, told.language) == (DeliveryState.TOLD_BY_HAND, "tr")


def test_what_is_new_is_said_in_words_and_looking_takes_the_mark_away(
    as_, people, store, pages_vault, frozen
) -> None:
    people.session = store
    mine = steps.own_signal(store, pages_vault, people)
    ask_giver(store, pages_vault, mine, "Wanneer?", "nl", actor=people.actor(people.bart))
    store.commit()
    amina = as_(people.amina)
    row = amina.get("/mine").text.split("<article")[1].split("</article>")[0]
    assert row.count('class="clock') == 2
    with clock.travel(frozen + timedelta(minutes=1)):
        amina.get("/mine/news")
        row = amina.get("/mine").text.split("<article")[1].split("</article>")[0]
        assert row.count('class="clock') == 1  # the question is still there to answer


def test_the_same_worry_again_is_one_tap_on_own_rows_and_on_the_page(
    as_, people, store, nadia, pages_vault
) -> None:
    mine = factories.signal(store, pages_vault, people.actor(people.amina)).id
    store.commit()
    amina = as_(people.amina)
    page = amina.get("/mine").text
    assert page.count(f'action="/capture/again/{mine}"') == 1
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page).group(1)
    assert f"/capture/again/{mine}" not in as_(nadia).get("/mine").text
    for _tap in range(2):
        assert amina.post(f"/capture/again/{mine}", data={"key": key}).status_code == 303
    assert store.exec(select(SignalAgain.again_of)).all() == [mine]
    store.rollback()
    assert f'action="/capture/again/{mine}"' in amina.get(f"/mine/signals/{mine}").text
    assert times_again(store, people.actor(people.amina), mine) == 1


def test_a_sensitive_repeat_is_counted_for_nobody_who_may_not_read_it(session, vault, cast) -> None:
    nadia = factories.user(session, "Nadia")
    factories.member(session, nadia, Role.WORKER, organisation_id=cast.linde.id)
    first = factories.signal(session, vault, cast.actor(cast.amina))
    second = factories.signal(session, vault, cast.actor(cast.amina))
    session.add(SignalAgain(signal_id=second.id, again_of=first.id))
    session.flush()
    assert times_again(session, cast.actor(nadia), first.id) == 1
    shield(session, vault, second, actor=cast.actor(cast.bart))
    assert times_again(session, cast.actor(nadia), first.id) == 0
    assert times_again(session, cast.actor(cast.amina), first.id) == 1
    assert times_again(session, cast.actor(cast.dre), first.id) == 0


def codes(session, signal: Signal, *, messages: bool = True) -> list[str]:
    return [each.code for each in happened(session, signal, messages=messages)]


def test_the_story_says_each_step_once_also_when_others_join_later(session, vault, cast, frozen) -> None:
    bart, amina = cast.actor(cast.bart), cast.actor(cast.amina)
    mine = factories.signal(session, vault, amina)
    assert happened(session, mine, messages=True) == [Happened(clock.day_of(frozen), "received")]
    correct(session, vault, mine, "Andere woorden.", actor=amina)
    with clock.travel(frozen + timedelta(days=1)):
        read_signal(session, mine, actor=bart)
        ask_giver(session, vault, mine, "Wanneer?", "nl", actor=bart)
    with clock.travel(frozen + timedelta(days=2)):
        dossier, round_ = steps.asked(session, cast, [mine])
    begin = ["received", "corrected", "read", "asked-you", "bundled", "asked"]
    assert codes(session, mine) == begin
    assert codes(session, mine, messages=False) == [code for code in begin if code != "asked-you"]
    with clock.travel(frozen + timedelta(days=3)):
        late = steps.own_signal(session, vault, cast)
        factories.bundle(session, [late], dossier, actor=bart)
        assert codes(session, late)[:3] == ["received", "read", "bundled"]
        assert codes(session, mine) == begin
        steps.answer(session, cast, round_)
    assert codes(session, mine) == [*begin, "answered"]
    assert [each.on.day for each in happened(session, mine, messages=True)] == [10, 10, 11, 11, 12, 12, 13]


def test_what_was_taken_out_or_opened_again_ends_where_the_signal_stands(
    session, vault, cast, frozen
) -> None:
    bart = cast.actor(cast.bart)
    mine, stays = steps.own_signal(session, vault, cast), steps.own_signal(session, vault, cast)
    dossier = factories.dossier(session, cast, signals=[mine, stays], ready=False)
    with clock.travel(frozen + timedelta(days=1)):
        take_out(session, dossier, [mine], reason="elders", actor=bart)
    assert codes(session, mine)[-1] in {"read", "received"}
    assert codes(session, stays) == ["received", "read", "bundled"]
    with clock.travel(frozen + timedelta(days=2)):
        told = steps.own_signal(session, vault, cast)
        asked, round_ = steps.answered(session, cast, [told])
        steps.delivered(session, cast, round_)
        feedback.tell_by_hand(session, steps.delivery_of(session, told), actor=cast.actor(cast.amina))
    assert codes(session, told)[-2:] == ["answered", "told"]
    with clock.travel(frozen + timedelta(days=3)):
        assert reopen(session, asked, because=Because.BY_HAND, actor=bart)
    session.refresh(told)
    assert codes(session, told)[-1] == told.stage


def test_another_organisation_finds_nothing_of_it(as_, people, store, pages_vault) -> None:
    people.session = store
    mine = steps.own_signal(store, pages_vault, people)
    _dossier, round_ = steps.answered(store, people, [mine])
    steps.delivered(store, people, round_)
    dossier_id, delivery = _dossier.id, steps.delivery_of(store, mine).id
    store.commit()
    dre = as_(people.dre)
    for address in ("/mine", "/mine?show=own", "/mine?show=tell", f"/mine?in={dossier_id}", "/mine/news"):
        page = dre.get(address)
        assert page.status_code == 200
        assert mine.reference not in page.text
    assert dre.get(f"/mine/signals/{mine.id}").status_code == 404
    assert dre.post(f"/mine/tell/{delivery}", data={"on": "2026-11-10"}).status_code == 404
    assert dre.post(f"/capture/again/{mine.id}").status_code == 404

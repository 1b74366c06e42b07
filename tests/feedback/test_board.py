"""The public board: by theme, district and standing; districts only where five say so; a feed; page by page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
import segno

from signalen.core import clock
from signalen.core.errors import DomainError
from signalen.dossiers.models import Dossier, DossierTheme
from signalen.feedback.models import BoardPlace
from signalen.feedback.operations import propose_board, publish_board, withdraw_board
from signalen.feedback.queries.board import Standing, Wanted, board_rows, offered, standings
from tests import factories
from tests.feedback import steps

PARTS = {"title": "Een loket dat open is", "worry": "Het loket is dicht.", "ask": "Open het elke dag."}
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = date(2026, 11, 10)


def board(session, vault, cast, number: int = 5, *, publish: bool = True, **values) -> tuple[Dossier, object]:
    """A dossier of so many signals from Borgerhout, on the board."""
    dossier = factories.dossier(session, cast, signals=steps.signals(session, vault, cast, number), **values)
    entry = propose_board(session, dossier, PARTS, actor=cast.actor(cast.bart))
    if publish:
        publish_board(session, entry, actor=cast.actor(cast.sofie))
    return dossier, entry


def found(session, **wanted) -> list[str]:
    return [row.public_id for row in board_rows(session, clock.today(), "nl", wanted=Wanted(**wanted))]


def test_a_district_is_shown_when_five_say_so_and_a_second_person_published_it(session, vault, cast) -> None:
    dossier, entry = board(session, vault, cast, 5)
    bart, sofie = cast.actor(cast.bart), cast.actor(cast.sofie)
    propose_board(session, dossier, PARTS, places=["borgerhout"], actor=bart)
    assert board_rows(session, DAY, "nl")[0].places == ()
    with pytest.raises(DomainError, match="second-person"):
        publish_board(session, entry, actor=bart)
    publish_board(session, entry, actor=sofie)
    assert board_rows(session, DAY, "nl")[0].places == ["borgerhout"]
    assert found(session, place="borgerhout") == [dossier.public_id]
    assert found(session, place="deurne") == []
    assert offered(session) == (frozenset(), frozenset({"borgerhout"}))


@pytest.mark.parametrize("number", [1, 4])
def test_a_district_of_fewer_than_five_is_never_named(session, vault, cast, number) -> None:
    dossier, _entry = board(session, vault, cast, number)
    with pytest.raises(DomainError, match="too-few-there"):
        propose_board(session, dossier, PARTS, places=["borgerhout"], actor=cast.actor(cast.bart))


def test_a_district_that_is_no_longer_named_goes_at_once(session, vault, cast) -> None:
    dossier, entry = board(session, vault, cast, 5)
    bart = cast.actor(cast.bart)
    propose_board(session, dossier, PARTS, places=["borgerhout"], actor=bart)
    publish_board(session, entry, actor=cast.actor(cast.sofie))
    propose_board(session, dossier, PARTS, actor=bart)
    assert session.get(BoardPlace, (entry.id, "borgerhout")) is None


def test_the_board_is_searched_by_theme_and_by_how_a_dossier_stands(session, vault, cast) -> None:
    with clock.travel(clock.noon(DAY)):
        open_, _ = board(session, vault, cast)
        session.add(DossierTheme(dossier_id=open_.id, theme_code="wonen"))
        asked, _round = steps.asked(session, cast, steps.signals(session, vault, cast))
        done, _round = steps.answered(session, cast, steps.signals(session, vault, cast))
        for dossier in (asked, done):
            entry = propose_board(session, dossier, PARTS, actor=cast.actor(cast.bart))
            publish_board(session, entry, actor=cast.actor(cast.sofie))
        assert found(session, theme="wonen") == [open_.public_id]
        assert found(session, standing=Standing.ASKED) == [asked.public_id]
        assert found(session, standing=Standing.ANSWERED) == [done.public_id]
        assert found(session, standing=Standing.LATE) == []
        assert standings(session, DAY, Wanted()) == {
            Standing.ASKED: 1,
            Standing.ANSWERED: 1,
            Standing.LATE: 0,
            Standing.CHANGED: 0,
        }
    with clock.travel(clock.noon(DAY + timedelta(days=90))):
        late = board_rows(session, clock.today(), "nl", wanted=Wanted(standing=Standing.LATE))
        assert [row.public_id for row in late] == [asked.public_id]
        assert all(row.late for row in late)
        assert standings(session, clock.today(), Wanted(theme="wonen"))[Standing.LATE] == 0


def test_pages_follow_each_other_without_a_gap_or_a_repeat(session, vault, cast) -> None:
    made = {board(session, vault, cast, 1)[0].public_id for _ in range(5)}
    seen: list[str] = []
    after = ""
    while rows := board_rows(session, DAY, "nl", limit=2, after=after):
        seen += [row.public_id for row in rows]
        after = rows[-1].public_id
    assert len(seen) == len(made)
    assert set(seen) == made


@pytest.fixture
def shown(app, store, people):
    """Two dossiers on the board: one about housing in Borgerhout, one taken off again."""
    people.session = store
    vault = app.extensions["signalen.vault"]
    dossier, entry = board(store, vault, people, 5, publish=False)
    propose_board(store, dossier, PARTS, places=["borgerhout"], actor=people.actor(people.bart))
    publish_board(store, entry, actor=people.actor(people.sofie))
    store.add(DossierTheme(dossier_id=dossier.id, theme_code="wonen"))
    gone, taken_off = board(store, vault, people, 1)
    withdraw_board(store, taken_off, actor=people.actor(people.sofie))
    store.commit()
    return dossier, gone


def test_the_feed_of_a_theme_and_district_holds_what_the_page_holds(client, shown) -> None:
    dossier, gone = shown
    page = client.get("/board?theme=wonen&district=borgerhout").get_data(as_text=True)
    address = re.search(r'href="(/board\.atom[^"]*)"', page)[1].replace("&amp;", "&")
    assert "theme=wonen" in address
    assert "district=borgerhout" in address
    answer = client.get(address)
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.get_data(as_text=True))
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [PARTS["title"]]
    assert dossier.public_id in entries[0].findtext(f"{ATOM}id")
    assert gone.public_id not in answer.get_data(as_text=True)
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith(address)
    other = ET.fromstring(client.get("/board.atom?district=deurne").get_data(as_text=True))
    assert other.findall(f"{ATOM}entry") == []


def test_what_nobody_can_choose_is_left_out_of_the_search(client, shown) -> None:
    answer = client.get("/board?theme=%3Cscript%3E&district=x&standing=y&after=nothing")
    assert answer.status_code == 200
    assert PARTS["title"] in answer.get_data(as_text=True)
    assert "%3Cscript" not in answer.get_data(as_text=True)


def test_an_entry_is_shared_with_a_square_that_holds_its_address(app, client, shown) -> None:
    dossier, _gone = shown
    page = client.get(f"/board/{dossier.public_id}").get_data(as_text=True)
    address = f"{app.extensions['signalen.config'].public_url}/board/{dossier.public_id}"
    assert address in page
    path = re.search(
        r' d="([^"]+)"', segno.make(address, error="m", micro=False).svg_inline(scale=1, border=3)
    )[1]
    assert path in page


def test_staff_choose_districts_on_the_page_of_the_text(as_, people, shown) -> None:
    dossier, gone = shown
    bart = as_(people.bart)
    assert 'value="borgerhout" checked' in bart.get(f"/desk/feedback/board/{dossier.id}").get_data(
        as_text=True
    )
    assert 'name="places"' not in bart.get(f"/desk/feedback/board/{gone.id}").get_data(as_text=True)
    answer = bart.post(
        f"/desk/feedback/board/{gone.id}", data={**PARTS, "places": "borgerhout", "do": "propose"}
    )
    assert answer.status_code == 422
    assert "minder dan vijf" in answer.get_data(as_text=True)


def test_the_page_of_languages_says_plainly_that_nobody_checked_them(client) -> None:
    page = client.get("/languages").get_data(as_text=True)
    assert page.count("Nog niet nagelezen door iemand die ermee opgroeide") >= 4
    assert "العربية" in page

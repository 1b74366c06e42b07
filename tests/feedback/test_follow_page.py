"""The follow page over HTTP: codes in, stories out, and nothing else."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.models import Event
from signalen.core.permissions import SYSTEM
from signalen.dossiers.models import Dossier
from signalen.feedback.models import Delivery, DeliveryState, Feedback
from signalen.feedback.operations.writing import text_of
from signalen.feedback.queries.story import newest_delivery
from signalen.signals.models import FollowCode, HearsBack, Signal, Stage
from signalen.signals.operations import ask_giver, issue_code
from signalen.texts.models import TextOrigin
from signalen.texts.operations import approve, propose, write_version
from tests.feedback import steps

ARABIC = {
    "did": "طلبنا من البلدية أن تفتح المكتب كل يوم.",
    "answer": "تفتح البلدية المكتب يوم الثلاثاء.",
    "why": "لا يوجد ما يكفي من الموظفين.",
    "next": "ننظر في الأمر في الشهر المقبل.",
}


@pytest.fixture
def vault(app):
    return app.extensions["signalen.vault"]


@pytest.fixture
def world(store, people, vault):
    """A resident's signal that was answered and delivered, with its code; the cast bound to `store`."""
    people.session = store
    given = steps.signals(store, vault, people, 2, answer_language="ar")
    dossier, round_ = steps.answered(store, people, given)
    steps.delivered(store, people, round_)
    code = issue_code(store, given[0].giver_id, actor=SYSTEM)
    store.commit()
    return given, dossier, code


def open_story(client, code, language="nl"):
    client.set_cookie("language", language)
    response = client.post("/follow", data={"code": code.display})
    assert response.status_code == 303, response.get_data(as_text=True)
    assert code.secret not in response.headers["Location"]
    return client.get(response.headers["Location"])


def test_a_code_opens_the_story_and_opening_is_being_told(client, store, world) -> None:
    given, _dossier, code = world
    page = open_story(client, code)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "De stad opent het loket op dinsdag." in text
    assert "Het loket is dicht (0)." in text
    assert code.secret not in text
    store.expire_all()
    assert store.get(Signal, given[0].id).stage is Stage.TOLD
    assert newest_delivery(store, given[0].id).state is DeliveryState.OPENED
    assert newest_delivery(store, given[1].id).state is DeliveryState.READY
    assert page.headers["Cache-Control"] == "no-store"


def test_codes_are_read_as_they_are_spoken(client, world) -> None:
    code = world[2].display.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert client.post("/follow", data={"code": code}).status_code == 303


def test_wrong_unknown_called_back_and_foreign_codes_look_the_same(client, store, world) -> None:
    given, _dossier, code = world
    demo = issue_code(store, given[1].giver_id, actor=SYSTEM, demo=True)
    revoked = issue_code(store, given[1].giver_id, actor=SYSTEM)
    row = store.exec(select(FollowCode).where(FollowCode.locator == revoked.locator)).one()
    row.revoked_at = clock.now()
    store.commit()
    swapped = code.display[:-6] + ("2222-" if "2222" not in code.display else "3333-") + code.display[-5:]
    bodies = set()
    for typed, address in (
        ("no code at all", "203.0.113.1"),
        (swapped, "203.0.113.1"),
        (revoked.display, "203.0.113.1"),
        (demo.display, "203.0.113.1"),
    ):
        response = client.post("/follow", data={"code": typed}, environ_base={"REMOTE_ADDR": address})
        assert response.status_code == 422
        assert "follow" not in (client.get_cookie("signalen").value if client.get_cookie("signalen") else "")
        bodies.add(response.get_data(as_text=True).replace(html.escape(typed), ""))
    assert len(bodies) == 1
    assert client.post("/follow", data={"code": demo.display}).status_code == 303  # on the machine itself


def test_ten_wrong_tries_an_hour_and_then_a_while_nothing(app, client, world) -> None:
    code = world[2]
    here = {"REMOTE_ADDR": "203.0.113.7"}
    with clock.travel(clock.now()):
        for _ in range(10):
            assert client.post("/follow", data={"code": "wrong"}, environ_base=here).status_code == 422
        stopped = client.post("/follow", data={"code": code.display}, environ_base=here)
        assert stopped.status_code == 429
        assert stopped.headers["Retry-After"] == "3600"
        other = app.test_client().post(
            "/follow", data={"code": code.display}, environ_base={"REMOTE_ADDR": "203.0.113.8"}
        )
        assert other.status_code == 303
    with clock.travel(clock.now() + timedelta(minutes=61)):
        assert client.post("/follow", data={"code": code.display}, environ_base=here).status_code == 303


def test_without_a_code_there_is_no_story(client) -> None:
    for path in ("/follow/react", "/follow/reply", "/follow/withdraw"):
        assert client.post(path).headers["Location"] == "/follow"
    assert client.get("/follow/story").headers["Location"] == "/follow"


def test_the_story_closes_by_hand(client, world) -> None:
    open_story(client, world[2])
    assert client.post("/follow/done").headers["Location"] == "/follow"
    assert client.get("/follow/story").status_code == 303


def test_a_code_that_is_called_back_closes_the_story(client, store, world) -> None:
    code = world[2]
    open_story(client, code)
    row = store.exec(select(FollowCode).where(FollowCode.locator == code.locator)).one()
    row.revoked_at = clock.now()
    store.commit()
    assert client.get("/follow/story").status_code == 303


def test_no_reopens_and_says_thank_you(client, store, world) -> None:
    given, dossier, code = world
    open_story(client, code)
    assert client.post("/follow/react", data={}).status_code == 422
    sent = client.post("/follow/react", data={"helped": "no", "words": "Ik werk op dinsdag."})
    assert sent.status_code == 303
    text = client.get("/follow/story").get_data(as_text=True)
    assert "We bekijken het opnieuw" in text
    store.expire_all()
    assert store.get(Signal, given[0].id).stage is Stage.BUNDLED
    assert store.get(Dossier, dossier.id).contested
    assert not any("dinsdag" in str(event.data) for event in store.exec(select(Event)))


def test_a_giver_answers_a_question_of_staff(client, store, people, vault, world) -> None:
    given, _dossier, code = world
    ask_giver(store, vault, given[0], "Was het op een weekdag?", "nl", actor=people.actor(people.bart))
    store.commit()
    assert "Was het op een weekdag?" in open_story(client, code).get_data(as_text=True)
    assert client.post("/follow/reply", data={"words": ""}).status_code == 422
    assert client.post("/follow/reply", data={"words": "Ja, op maandag."}).status_code == 303
    assert "Ja, op maandag." in client.get("/follow/story").get_data(as_text=True)


def test_a_sensitive_signal_tells_its_own_giver_everything(client, store, people, vault) -> None:
    people.session = store
    signal = steps.signals(store, vault, people, 1, sensitive=True)[0]
    code = issue_code(store, signal.giver_id, actor=SYSTEM)
    store.commit()
    assert "Het loket is dicht (0)." in open_story(client, code).get_data(as_text=True)


def latin_outside_marked_text(page: str) -> list[str]:
    """Latin words of a page that do not stand in an element with a language of its own."""
    body = page.split("<main", 1)[1].split(">", 1)[1].split("</main>", 1)[0]
    body = re.sub(r"<(script|style|svg).*?</\1>", "", body, flags=re.DOTALL)
    while (
        shorter := re.sub(
            r'<(\w+)[^>]*\blang="(?!ar")[^"]*"[^>]*>(?:(?!<\1\b).)*?</\1>', "", body, flags=re.DOTALL
        )
    ) != body:
        body = shorter
    return re.findall(r"[A-Za-z]{3,}", html.unescape(re.sub(r"<[^>]+>|[SD]-\d{4}-\d+", " ", body)))


def test_an_arabic_giver_reads_arabic_only(client, store, people, world) -> None:
    given, _dossier, code = world
    made = store.exec(select(Feedback)).one()
    version = write_version(
        store, text_of(store, made), "ar", ARABIC, origin=TextOrigin.MACHINE, actor=people.actor(people.bart)
    )
    propose(store, version, actor=people.actor(people.bart))
    approve(store, version, actor=people.actor(people.emma))
    store.exec(select(Signal).where(Signal.id == given[0].id)).one()
    store.commit()
    page = open_story(client, code, "ar").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in page
    assert ARABIC["answer"] in page
    assert "ترجمته آلة وراجعه شخص" in page
    assert latin_outside_marked_text(page) == []
    store.expire_all()
    assert store.exec(select(Delivery).where(Delivery.signal_id == given[0].id)).one().language == "ar"


def test_without_an_arabic_version_the_dutch_one_is_shown_and_said_so(client, world) -> None:
    page = open_story(client, world[2], "ar").get_data(as_text=True)
    assert "De stad opent het loket op dinsdag." in page
    assert latin_outside_marked_text(page) == []


def test_the_giver_chooses_no_language_and_gets_their_own(client, world) -> None:
    response = client.post("/follow", data={"code": world[2].display}, headers={"Accept-Language": "nl"})
    assert any("language=ar" in cookie for cookie in response.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("language", ["nl", "fr", "en", "ar"])
def test_every_stage_has_its_words(client, store, people, vault, language) -> None:
    people.session = store
    signal = steps.signals(store, vault, people, 1, hears_back=HearsBack.CODE)[0]
    code = issue_code(store, signal.giver_id, actor=SYSTEM)
    for stage in Stage:
        signal.stage = stage
        store.add(signal)
        store.commit()
        page = open_story(client, code, language)
        assert page.status_code == 200
        assert page.get_data(as_text=True).count("<h1") == 1

"""A public text in languages: who waits for which, where the words come from, the original one tap away, and no part too long."""

from __future__ import annotations

import pytest

from signalen.core.errors import DomainError
from signalen.core.permissions import SYSTEM
from signalen.feedback import operations as feedback
from signalen.feedback.queries.languages import readers_of
from signalen.signals.operations import issue_code, withdraw
from signalen.texts import operations as texts
from signalen.texts.models import TextOrigin
from signalen.texts.queries import latest
from signalen.texts.workflow import MOST_WORDS
from signalen.web.guards import giver_actor
from tests.feedback import steps

ARABIC = {"did": "سألنا البلدية.", "answer": "تفتح البلدية المكتب يوم الثلاثاء.", "next": "ننظر في فبراير."}


def test_languages_that_givers_wait_for_stand_first_with_how_many(session, vault, cast) -> None:
    given = [
        *steps.signals(session, vault, cast, 2, answer_language="tr"),
        *steps.signals(session, vault, cast, 3, answer_language="ar"),
        *steps.signals(session, vault, cast, 1, answer_language="nl"),
        *steps.signals(session, vault, cast, 1, answer_language="ti"),
    ]
    gone = steps.signals(session, vault, cast, 1, answer_language="pl")
    withdraw(session, gone[0], actor=giver_actor(gone[0].giver_id))
    dossier, _round = steps.asked(session, cast, given)
    found = readers_of(session, dossier.id, ("nl", "fr", "ar"), {"ar"})
    assert [(each.language, each.givers, each.missing) for each in found] == [
        ("tr", 2, True),
        ("ti", 1, True),
        ("ar", 3, False),
        ("fr", 0, True),
    ]


@pytest.mark.parametrize(("number", "fits"), [(MOST_WORDS, True), (MOST_WORDS + 1, False)])
def test_a_part_of_more_than_a_hundred_and_fifty_words_cannot_be_proposed(
    session, vault, cast, number, fits
) -> None:
    _dossier, round_ = steps.answered(session, cast, steps.signals(session, vault, cast))
    bart = cast.actor(cast.bart)
    made = feedback.start_feedback(session, round_, actor=bart)
    feedback.write(session, made, "nl", steps.PARTS | {"answer": "woord " * number}, actor=bart)
    if fits:
        feedback.show_to_body(session, made, actor=bart)
        return
    with pytest.raises(DomainError, match="part-too-long") as refused:
        feedback.show_to_body(session, made, actor=bart)
    assert refused.value.facts == {"part": "answer", "words": number, "most": MOST_WORDS}


@pytest.fixture
def told(app, client, store, people):
    """A giver who reads Arabic, with a version that a machine made and a person checked."""
    people.session = store
    vault = app.extensions["signalen.vault"]
    (signal,) = steps.signals(store, vault, people, 1, answer_language="ar")
    _dossier, round_ = steps.answered(store, people, [signal])
    made = steps.written(store, people, round_)
    bart, sofie = people.actor(people.bart), people.actor(people.sofie)
    version = feedback.write(store, made, "ar", ARABIC, origin=TextOrigin.MACHINE, actor=bart)
    texts.propose(store, version, actor=bart)
    texts.approve(store, latest(store, made.text_id)["ar"], actor=sofie)
    feedback.confirm_faithful(store, made, people.loket.id, actor=people.actor(people.chloe))
    feedback.approve(store, made, actor=sofie)
    feedback.deliver(store, made, actor=bart)
    code = issue_code(store, signal.giver_id, actor=SYSTEM)
    store.commit()
    client.post("/follow", data={"code": code.display})
    return made


def test_the_reader_sees_where_the_words_come_from_and_finds_the_original_one_tap_away(client, told) -> None:
    page = client.get("/follow/story").text
    assert ARABIC["answer"] in page
    assert "ترجمته آلة" in page or "آلة" in page
    assert 'href="/follow/story?in=nl"' in page
    original = client.get("/follow/story?in=nl").text
    assert steps.PARTS["answer"] in original
    assert f'lang="nl" dir="auto">{steps.PARTS["answer"]}' in original
    assert 'lang="ar" dir="rtl"' in original.split("<head>")[0]
    assert 'href="/follow/story"' in original


def test_staff_see_who_waits_and_write_in_any_language_that_people_tell_in(as_, people, told) -> None:
    bart = as_(people.bart)
    assert "1 mens leest deze taal" in bart.get(f"/desk/feedback/{told.id}").text
    assert bart.get(f"/desk/feedback/{told.id}/ti").status_code == 200
    for unknown in ("nl", "xx"):
        assert bart.get(f"/desk/feedback/{told.id}/{unknown}").status_code == 404


def test_a_long_part_is_said_by_its_name_and_what_was_typed_stays(as_, people, told) -> None:
    bart = as_(people.bart)
    long = "woord " * (MOST_WORDS + 1)
    answer = bart.post(
        f"/desk/feedback/{told.id}/fr",
        data={**steps.PARTS, "answer": long, "language": "fr", "do": "propose"},
    )
    assert answer.status_code == 422
    assert f"{MOST_WORDS + 1} woorden" in answer.text
    assert long.strip() in answer.text

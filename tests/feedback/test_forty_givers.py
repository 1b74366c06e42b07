"""Forty people in nine languages, who hear back in five ways: each gets one delivery, in the right language and form."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import timedelta
from itertools import cycle, islice

import pypdfium2
import pytest
import zxingcpp
from sqlmodel import select

from signalen.core import clock
from signalen.core.models import OutboxMessage, OutboxState
from signalen.core.permissions import SYSTEM
from signalen.feedback import operations as feedback
from signalen.feedback.models import Delivery, DeliveryState, DeliveryWay
from signalen.feedback.operations.letters import post_letters, print_letters
from signalen.feedback.queries.letters import waiting_letters
from signalen.signals.intake import Contact
from signalen.signals.models import ContactKind, FollowCode, Giver, HearsBack, Signal, Stage
from signalen.signals.operations import issue_code
from signalen.signals.queries import find_code
from signalen.texts import operations as texts
from signalen.texts.queries import latest
from signalen.web.guards import giver_actor
from tests.feedback import steps

GIVERS = 40
LANGUAGES = ("nl", "fr", "en", "ar", "tr", "fa", "ru", "pl", "ti")
WRITTEN = {
    "fr": "La ville ouvre le guichet le mardi.",
    "ar": "تفتح البلدية المكتب يوم الثلاثاء.",
    "fa": "شهرداری دفتر را سه‌شنبه‌ها باز می‌کند.",
    "ru": "Город открывает окно по вторникам.",
    "tr": "Belediye gişeyi salı günü açıyor.",
}
"""The answer in the languages that have a version beside Dutch; the others get the Dutch one and are told so."""
WAYS = ("code", "email", "sms", "letter", "worker")
FORM = {
    "code": DeliveryWay.PAGE,
    "email": DeliveryWay.EMAIL,
    "sms": DeliveryWay.SMS,
    "letter": DeliveryWay.LETTER,
    "worker": DeliveryWay.HAND,
}
SCALE = 3
"""Pictures of pages: 216 dots an inch, as a cheap printer."""


def contact(way: str, n: int) -> Contact | None:
    return {
        "email": Contact(ContactKind.EMAIL, f"rosa{n}@example.org"),
        "sms": Contact(ContactKind.MOBILE, f"+3247012{n:04d}"),
        "letter": Contact(ContactKind.ADDRESS, f"Rosa {n}\nLange Straat {n}\n2060 Antwerpen"),
    }.get(way)


def forty(session, vault, cast) -> list[tuple[Signal, tuple[str, str]]]:
    """So many residents, each with a language and a way: every pair of both comes up."""
    made = []
    for n, (language, way) in enumerate(
        islice(zip(cycle(LANGUAGES), cycle(WAYS), strict=False), GIVERS), start=1
    ):
        (signal,) = steps.signals(
            session,
            vault,
            cast,
            1,
            answer_language=language,
            hears_back=HearsBack.WORKER
            if way == "worker"
            else HearsBack.CONTACT
            if contact(way, n)
            else HearsBack.CODE,
            contact=contact(way, n),
            told_through=cast.linde.id if way == "worker" else None,
        )
        made.append((signal, (language, way)))
    return made


def told(session, cast, given) -> object:
    """The answer was approved in Dutch and in five other languages, and delivered."""
    _dossier, round_ = steps.answered(session, cast, [signal for signal, _ in given])
    bart, sofie = cast.actor(cast.bart), cast.actor(cast.sofie)
    made = steps.written(session, cast, round_)
    for language, words in WRITTEN.items():
        parts = {"did": words, "answer": words, "next": words}
        texts.propose(session, feedback.write(session, made, language, parts, actor=bart), actor=bart)
        texts.approve(session, latest(session, made.text_id)[language], actor=sofie)
    feedback.confirm_faithful(session, made, cast.loket.id, actor=cast.actor(cast.chloe))
    feedback.approve(session, made, actor=sofie)
    feedback.deliver(session, made, actor=bart)
    return made


def test_each_gets_one_delivery_in_the_right_language_and_form(session, vault, cast) -> None:
    given = forty(session, vault, cast)
    assert len({pair for _, pair in given}) == GIVERS
    made = told(session, cast, given)
    deliveries = {d.signal_id: d for d in session.exec(select(Delivery))}
    assert len(deliveries) == GIVERS == len(session.exec(select(Delivery)).all())
    for signal, (language, way) in given:
        delivery = deliveries[signal.id]
        assert delivery.way is FORM[way]
        assert delivery.language == (language if language in WRITTEN else "nl")
        assert delivery.state is DeliveryState.READY
    posted = session.exec(select(OutboxMessage)).all()
    mailed = Counter(row.recipient_id for row in posted if row.kind == "giver-answer-ready")
    assert set(mailed) == {s.giver_id for s, (_, way) in given if way in {"email", "sms"}}
    assert set(mailed.values()) == {1}
    assert feedback.catch_up(session) == 0
    feedback.bulk.post_mails(session, made, latest(session, made.text_id)["nl"])
    assert len(session.exec(select(OutboxMessage)).all()) == len(posted)
    assert len(session.exec(select(Delivery)).all()) == GIVERS


def test_printing_gives_each_letter_a_code_of_its_own_and_a_second_print_calls_the_first_back(
    session, vault, cast
) -> None:
    given = forty(session, vault, cast)
    told(session, cast, given)
    bart = cast.actor(cast.bart)
    first = print_letters(session, actor=bart)
    assert {row.signal.id for row, _ in first} == {s.id for s, (_, way) in given if way == "letter"}
    assert all(find_code(session, code.display).giver_id == row.giver_id for row, code in first)
    mine = issue_code(session, first[0][0].giver_id, actor=SYSTEM)
    with clock.travel(clock.now() + timedelta(minutes=5)):
        again = print_letters(session, actor=bart)
        assert [find_code(session, code.display) for _, code in first] == [None] * len(first)
        assert all(find_code(session, code.display) for _, code in again)
        assert find_code(session, mine.display) is not None


def test_a_letter_is_told_when_it_is_posted_and_not_before(session, vault, cast) -> None:
    given = forty(session, vault, cast)
    told(session, cast, given)
    bart = cast.actor(cast.bart)
    letters = [row.signal for row, _ in print_letters(session, actor=bart)]
    assert {signal.stage for signal in letters} == {Stage.ANSWERED}
    last = max(row.printed_at for row in waiting_letters(session, bart))
    assert post_letters(session, last - timedelta(seconds=1), actor=bart) < len(letters)
    post_letters(session, last, actor=bart)
    for signal in letters:
        session.refresh(signal)
    assert {signal.stage for signal in letters} == {Stage.TOLD}
    assert waiting_letters(session, bart) == []
    assert post_letters(session, last, actor=bart) == 0


def test_letters_of_sensitive_signals_are_printed_by_a_named_reader_only(session, vault, cast) -> None:
    (signal,) = steps.signals(
        session, vault, cast, 1, hears_back=HearsBack.CONTACT, contact=contact("letter", 1)
    )
    told(session, cast, [(signal, ("nl", "letter"))])
    signal.sensitive = True
    session.add(signal)
    session.flush()
    assert print_letters(session, actor=cast.actor(cast.sofie)) == []
    assert len(print_letters(session, actor=cast.actor(cast.bart))) == 1


@pytest.fixture
def world(app, store, people):
    """Forty who were told, in the database of the app."""
    people.session = store
    given = forty(store, app.extensions["signalen.vault"], people)
    told(store, people, given)
    store.commit()
    return given


def pages_of(pdf: bytes) -> list[tuple[str, list[str]]]:
    """Of each page its text, and what the squares on a picture of it say."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    found = []
    for page in document:
        picture = page.render(scale=SCALE).to_pil().convert("L")
        squares = [square.text for square in zxingcpp.read_barcodes(picture)]
        found.append((page.get_textpage().get_text_range(), squares))
    document.close()
    return found


def test_the_letters_are_one_file_whose_squares_open_the_story_of_their_reader(
    as_, app, people, store, world
) -> None:
    bart = as_(people.bart)
    assert "8 mensen wachten op een brief" in bart.get("/desk/feedback/letters").text
    answer = bart.post("/desk/feedback/letters/print")
    assert answer.mimetype == "application/pdf"
    pages = pages_of(answer.data)
    wanted = {s.reference: language for s, (language, way) in world if way == "letter"}
    store.commit()  # gives the lock back
    assert len(pages) == len(wanted) == 8
    codes = {}
    for text, squares in pages:
        # In a page that runs from right to left the text of a PDF gives back the pieces of a number in another order.
        (reference,) = [each for each in wanted if each[-5:] in text]
        (address,) = squares
        follow, _, code = address.partition("#")
        assert follow == f"{app.extensions['signalen.config'].public_url}/follow"
        assert code in text
        codes[reference] = code
        assert "Lange Straat" in text
        assert "Het loket is dicht" not in text
    for reference, language in wanted.items():
        visitor = app.test_client()
        assert visitor.post("/follow", data={"code": codes[reference]}).status_code == 303
        story = visitor.get("/follow/story").text
        assert reference in story
        expected = WRITTEN.get(language, steps.PARTS["answer"])
        assert expected in story


def test_a_letter_without_a_version_in_its_language_says_so_in_that_language(app, people, as_, world) -> None:
    pages = pages_of(as_(people.bart).post("/desk/feedback/letters/print").data)
    english = next(s.reference for s, pair in world if pair == ("en", "letter"))
    (text,) = [text.replace("\r\n", " ") for text, _ in pages if english in text]
    assert "Here it is in Dutch" in text
    assert steps.PARTS["answer"] in text


def test_only_who_may_deliver_prints_and_posts(as_, people, world) -> None:
    for who in (people.amina, people.chloe, people.emma, people.stijn):
        assert as_(who).get("/desk/feedback/letters").status_code == 404
        assert as_(who).post("/desk/feedback/letters/print").status_code == 404
    bart = as_(people.bart)
    assert bart.post("/desk/feedback/letters/posted", data={"printed": "yesterday"}).status_code == 404
    bart.post("/desk/feedback/letters/print")
    page = bart.get("/desk/feedback/letters").text
    printed = page.split('name="printed" value="')[1].split('"')[0]
    assert bart.post("/desk/feedback/letters/posted", data={"printed": printed}).status_code == 303
    assert "0 mensen" in bart.get("/desk/feedback/letters").text


def test_text_messages_and_mails_go_out_once_each_and_say_nothing_of_the_answer(
    app, store, world, tmp_path
) -> None:
    runner = app.test_cli_runner()
    for _ in range(2):
        runner.invoke(args=["outbox", "deliver"])
    texted = [json.loads(path.read_text()) for path in (tmp_path / "sms").glob("*.json")]
    mailed = list((tmp_path / "mail").glob("*.eml"))
    assert len(texted) == len(mailed) == 8
    assert len({each["to"] for each in texted}) == 8
    said = " ".join(each["text"] for each in texted) + " ".join(path.read_text() for path in mailed)
    assert not any(words in said for words in (*WRITTEN.values(), *steps.PARTS.values()))
    sent = store.exec(
        select(Delivery).where(Delivery.state == DeliveryState.SENT).execution_options(populate_existing=True)
    ).all()
    waiting = store.exec(select(OutboxMessage).where(OutboxMessage.state == OutboxState.WAITING)).all()
    store.commit()
    assert len(sent) == 16
    assert waiting == []


def test_nobody_is_forgotten_when_the_one_who_waits_erases(session, vault, cast, tmp_path) -> None:
    from signalen.desk.forgetting import erase  # noqa: PLC0415

    (signal,) = steps.signals(
        session, vault, cast, 1, hears_back=HearsBack.CONTACT, contact=contact("letter", 1)
    )
    told(session, cast, [(signal, ("nl", "letter"))])
    erase(session, tmp_path, signal, actor=giver_actor(signal.giver_id))
    assert waiting_letters(session, cast.actor(cast.bart)) == []
    assert session.exec(select(FollowCode).where(FollowCode.giver_id == signal.giver_id)).all() == []
    assert session.exec(select(Giver).where(Giver.id == signal.giver_id)).one().contact_sealed is None

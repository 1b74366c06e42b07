"""Two people at the same moment, on each engine: nothing is counted twice, and nothing is left hanging between them."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from signalen.consultations.models import AnswerKind
from signalen.consultations.operations import record_answer
from signalen.consultations.rules import AnswerInput
from signalen.core import clock
from signalen.core.db import Sessions, create_engine
from signalen.core.errors import DomainError
from signalen.core.models import Event
from signalen.core.permissions import NOBODY
from signalen.dossiers.models import Ask, AskWay, Dossier, Round, RoundState
from signalen.dossiers.operations import add_ask, open_round, send_asks
from signalen.dossiers.queries import asks_of
from signalen.people.queries import actor_for_user
from signalen.signals.intake import Intake
from signalen.signals.models import (
    Channel,
    Giver,
    HearsBack,
    Signal,
    SignalText,
    SignalVerb,
    Stage,
    Todo,
)
from signalen.signals.operations import record_signal
from signalen.signals.sending import known_to, record_sent
from signalen.themes.queries import names
from tests import factories
from tests.feedback import steps

AT_ONCE, REPLAYS = 8, 100
PATIENCE = 1.0
"""Seconds in which the second one gets as far as it can before the first one is done."""
NO = AnswerInput(AnswerKind.NO, words="Neen.", reason="Er is geen geld.", reason_code="eigen-middelen")


@pytest.fixture
def sessions(database_url):
    engine = create_engine(database_url)
    yield Sessions(engine)
    engine.dispose()


def sent(sessions, vault, keys: list[uuid.UUID]) -> list[str]:
    """The references with which so many submissions at the same moment are answered."""
    start = threading.Barrier(len(keys))

    def send(key: uuid.UUID) -> str:
        start.wait()
        with sessions.write() as session:
            given = Intake(
                key=key,
                text="Het loket is dicht.",
                language="nl",
                hears_back=HearsBack.CODE,
                channel=Channel.REPORT,
            )
            receipt = record_signal(session, vault, given, actor=NOBODY)
            session.commit()
            return receipt.signal.reference

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(send, keys))


def test_the_same_key_is_one_signal(sessions, vault) -> None:
    references = sent(sessions, vault, [uuid.uuid4()] * AT_ONCE)
    assert len(set(references)) == 1
    with sessions.read() as session:
        assert len(session.exec(select(Signal)).all()) == 1
        assert len(session.exec(select(Event).where(Event.verb == SignalVerb.RECEIVED)).all()) == 1


def test_a_hundred_replays_of_a_phone_at_once_are_one_signal(sessions, vault) -> None:
    with sessions.write() as session:
        cast = factories.add_cast(session)
        amina = cast.actor(cast.amina)
        known = known_to(names(session, "nl"), amina)
        session.commit()
    key, start = uuid.uuid4(), threading.Barrier(REPLAYS)
    record = {"form": 3, "fields": {"text": "Het loket is dicht.", "theme": ["gezin", "vliegen"]}}

    def send(_turn: int) -> tuple[str, int, bool]:
        start.wait()
        with sessions.write() as session:
            arrived = record_sent(session, vault, key, record, known, actor=amina)
            session.commit()
            return arrived.signal.reference, arrived.todos, arrived.fresh

    with ThreadPoolExecutor(REPLAYS) as pool:
        answers = list(pool.map(send, range(REPLAYS)))
    assert len({answer[:2] for answer in answers}) == 1
    assert [fresh for _, _, fresh in answers].count(True) == 1
    with sessions.read() as session:
        for table in (Signal, Giver, SignalText, Todo):
            assert len(session.exec(select(table)).all()) == 1, table
        assert len(session.exec(select(Event).where(Event.verb == SignalVerb.RECEIVED)).all()) == 1


def test_different_keys_get_different_references(sessions, vault) -> None:
    assert len(set(sent(sessions, vault, [uuid.uuid4() for _ in range(AT_ONCE)]))) == AT_ONCE


@pytest.fixture
def two_asks(session, cast, vault):
    """A round with two asks; gives the dossier, the asks and who answers them."""
    jef = factories.user(session, "Jef")
    factories.member(session, jef, "city", body_id=cast.vlaanderen.id)
    bart = cast.actor(cast.bart)
    about = factories.dossier(session, cast, signals=steps.signals(session, vault, cast))
    round_ = open_round(session, about, actor=bart)
    add_ask(session, round_, cast.vlaanderen.id, "Maak er middelen voor vrij.", actor=bart)
    send_asks(session, round_, AskWay.WRITING, clock.today(), actor=bart)
    who = {cast.loket.id: cast.chloe.id, cast.vlaanderen.id: jef.id}
    found = [(ask.id, who[ask.body_id]) for ask, _ in asks_of(session, [round_.id])]
    session.commit()
    return about.id, found


def answer_together(sessions, tries) -> list[str]:
    """The second one answers while the first one has not finished; what each of them is told."""
    first_done, second_said = threading.Event(), threading.Event()

    def answer(session, ask_id, user_id) -> str:
        ask = session.get_one(Ask, ask_id)
        try:
            record_answer(session, ask, NO, actor=actor_for_user(session, user_id))
        except DomainError as refused:
            return refused.code
        return "kept"

    def second() -> str:
        with sessions.write() as session:
            said = answer(session, *tries[1])
            second_said.set()
            first_done.wait()
            session.commit()
            return said

    with ThreadPoolExecutor(1) as pool, sessions.write() as session:
        said = answer(session, *tries[0])
        other = pool.submit(second)
        second_said.wait(PATIENCE)
        session.commit()
        first_done.set()
        return [said, other.result()]


def test_the_last_two_answers_at_the_same_moment_end_the_round(sessions, two_asks) -> None:
    dossier_id, tries = two_asks
    assert answer_together(sessions, tries) == ["kept", "kept"]
    with sessions.read() as session:
        about = session.get_one(Dossier, dossier_id)
        assert about.stage is Stage.ANSWERED
        rounds = session.exec(select(Round).where(Round.dossier_id == dossier_id)).all()
        assert [each.state for each in rounds] == [RoundState.ANSWERED]


def test_one_question_is_answered_once(sessions, two_asks) -> None:
    _, tries = two_asks
    assert answer_together(sessions, [tries[0], tries[0]]) == ["kept", "ask-answered"]

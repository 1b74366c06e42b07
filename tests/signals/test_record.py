"""Taking in: kept exactly once, sealed where it must be, and quick."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import select

from signalen.core.db import Sessions, create_engine
from signalen.core.errors import Conflict, DomainError, NotAllowed
from signalen.core.models import Event
from signalen.core.permissions import NOBODY
from signalen.signals.models import (
    Channel,
    ContactKind,
    FollowCode,
    Giver,
    HearsBack,
    Signal,
    SignalGroup,
    SignalText,
    Stage,
)
from signalen.signals.operations import Contact, Intake, follow, record_signal
from signalen.signals.queries import find_code, words_of
from tests.factories import signal


def intake(**values) -> Intake:
    given = {
        "key": uuid.uuid4(),
        "text": "De wachtlijst is te lang.",
        "language": "nl",
        "channel": Channel.REPORT,
    }
    return Intake(**(given | values))


def test_a_signal_is_kept_with_words_codes_giver_and_one_event(session, vault):
    receipt = record_signal(
        session,
        vault,
        intake(themes=("wonen",), groups=("armoede", "gezinnen", "armoede"), barriers=("geld",)),
        actor=NOBODY,
    )
    made = receipt.signal
    assert receipt.fresh
    assert made.stage is Stage.RECEIVED
    assert made.reference.startswith("S-")
    assert made.due_on is not None
    assert len(session.exec(select(SignalGroup)).all()) == 2
    logged = session.exec(select(Event).where(Event.subject_id == made.id)).all()
    assert [e.verb for e in logged] == ["signal-received"]
    assert logged[0].actor_id == made.giver_id
    assert find_code(session, receipt.code.display).giver_id == made.giver_id


def test_the_object_that_comes_back_can_be_changed_and_is_written(session, vault):
    made = signal(session, vault)
    made.neighbourhood = "Laar"
    session.add(made)
    session.flush()
    kept = session.connection().execute(sa.select(Signal.neighbourhood).where(Signal.id == made.id))
    assert kept.scalar_one() == "Laar"


def test_references_count_up_without_a_gap(session, vault):
    numbers = [int(signal(session, vault).reference[-5:]) for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_the_same_key_and_content_is_one_signal_with_a_new_code(session, vault):
    given = intake()
    first = record_signal(session, vault, given, actor=NOBODY)
    second = record_signal(session, vault, given, actor=NOBODY)
    assert not second.fresh
    assert second.signal.id == first.signal.id
    assert find_code(session, second.code.display)
    assert find_code(session, first.code.display)
    assert len(session.exec(select(Signal)).all()) == 1
    assert len(session.exec(select(Giver)).all()) == 1


def test_a_replay_after_following_gets_no_further_code(session, vault):
    given = intake()
    first = record_signal(session, vault, given, actor=NOBODY)
    follow(session, find_code(session, first.code.display), actor=NOBODY)
    assert record_signal(session, vault, given, actor=NOBODY).code is None


def test_the_same_key_with_other_words_is_a_conflict(session, vault):
    given = intake()
    record_signal(session, vault, given, actor=NOBODY)
    with pytest.raises(Conflict):
        record_signal(session, vault, intake(key=given.key, text="Iets anders."), actor=NOBODY)


def test_a_key_of_somebody_else_is_a_conflict_and_shows_nothing(session, vault, cast):
    given = intake(channel=Channel.CAPTURE, hears_back=HearsBack.NONE, organisation_id=cast.linde.id)
    record_signal(session, vault, given, actor=cast.actor(cast.amina))
    other = intake(
        key=given.key, channel=Channel.CAPTURE, hears_back=HearsBack.NONE, organisation_id=cast.kaai.id
    )
    with pytest.raises(Conflict):
        record_signal(session, vault, other, actor=cast.actor(cast.dre))


def test_a_contact_is_sealed_from_the_first_day(session, vault):
    given = intake(hears_back=HearsBack.CONTACT, contact=Contact(ContactKind.EMAIL, "rosa@example.org"))
    made = record_signal(session, vault, given, actor=NOBODY).signal
    giver = session.get(Giver, made.giver_id)
    assert b"rosa" not in giver.contact_sealed
    assert (
        vault.open(giver.contact_key, giver.contact_sealed, f"giver:{giver.id}:contact") == "rosa@example.org"
    )


@pytest.mark.parametrize(
    "values",
    [
        {"text": "Mijn man slaat mij en ik ben bang."},
        {"text": "Zij mocht niet binnen.", "themes": ("discriminatie",)},
        {"text": "De lamp is stuk.", "sensitive": True},
    ],
)
def test_words_of_a_sensitive_signal_are_sealed(session, vault, values):
    made = record_signal(session, vault, intake(**values), actor=NOBODY).signal
    text = session.exec(select(SignalText)).one()
    assert made.sensitive
    assert text.words is None
    assert text.sealed
    assert made.sensitive_asked is values.get("sensitive", False)


def test_only_the_hash_of_a_code_is_kept(session, vault):
    code = record_signal(session, vault, intake(), actor=NOBODY).code
    kept = session.exec(select(FollowCode)).one()
    assert code.secret.encode() not in kept.secret_hash
    assert kept.locator == code.locator


def test_a_worker_records_for_the_own_organisation_only(session, vault, cast):
    with pytest.raises(NotAllowed):
        signal(session, vault, cast.actor(cast.amina), organisation_id=cast.kaai.id)


def test_city_panel_and_steward_record_nothing(session, vault, cast):
    for who in ("chloe", "emma", "stijn"):
        with pytest.raises(NotAllowed):
            signal(session, vault, cast.actor(getattr(cast, who)), channel=Channel.CAPTURE)


def test_a_worker_cannot_report_for_a_resident_without_saying_how_they_agreed(session, vault, cast):
    with pytest.raises(DomainError):
        signal(session, vault, cast.actor(cast.amina), channel=Channel.ON_BEHALF, hears_back=HearsBack.CARD)


def test_words_that_say_nothing_are_refused(session, vault):
    for text in ("", "   ", "\u200b\u200e\u202e", "…?!"):
        with pytest.raises(DomainError):
            record_signal(session, vault, intake(text=text), actor=NOBODY)


def test_consents_are_dated_and_a_later_one_holds_the_earlier(session, vault):
    made = record_signal(session, vault, intake(may_publish=True), actor=NOBODY).signal
    assert made.may_use_at
    assert made.may_quote_at
    assert made.may_publish_at
    bare = record_signal(session, vault, intake(), actor=NOBODY).signal
    assert bare.may_use_at is None


def test_recording_takes_few_statements(session, vault, cast):
    seen: list[str] = []
    actor = cast.actor(cast.amina)
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    signal(
        session,
        vault,
        actor,
        hears_back=HearsBack.CARD,
        groups=("armoede", "gezinnen", "jongeren"),
        barriers=("geld", "wachten"),
    )
    assert len(seen) <= 11, seen


def test_words_come_back_as_they_were_given(session, vault):
    made = signal(session, vault, text="  Ligne un\n\u202eخط\u202c 🚌 ", language="fr")
    assert [
        w.words for w in words_of(session, vault, made, actor=NOBODY.__class__(NOBODY.kind, made.giver_id))
    ] == ["  Ligne un\n\u202eخط\u202c 🚌 "]


def test_many_replays_at_the_same_moment_are_one_signal(database_url, vault):
    given, start = intake(hears_back=HearsBack.CODE), threading.Barrier(6)

    def send(_) -> tuple[str, str]:
        engine = create_engine(database_url)
        try:
            start.wait()
            with Sessions(engine).write() as session:
                receipt = record_signal(session, vault, given, actor=NOBODY)
                session.commit()
                return receipt.signal.reference, receipt.code.display
        finally:
            engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(send, range(6)))
    engine = create_engine(database_url)
    with Sessions(engine).read() as session:
        assert len(session.exec(select(Signal)).all()) == 1
        assert len(session.exec(select(Giver)).all()) == 1
        assert len(session.exec(select(SignalText)).all()) == 1
        assert all(find_code(session, code) for _, code in receipts)
    engine.dispose()
    assert len({reference for reference, _ in receipts}) == 1

"""What a giver may do with the code alone: see it, change it, and have it erased until no byte is left."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from signalen.core.errors import NotAllowed
from signalen.core.models import Event, OutboxMessage
from signalen.core.permissions import NOBODY, SYSTEM
from signalen.desk.forgetting import erase
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import bundle, quote
from signalen.dossiers.queries import total
from signalen.feedback import operations as feedback
from signalen.feedback.models import BoardEntry, Delivery, DeliveryState, Helped
from signalen.signals import giver_rights
from signalen.signals.darkroom import Picture
from signalen.signals.giver_models import CodeRequest, ToldThrough
from signalen.signals.intake import Contact
from signalen.signals.models import (
    ContactKind,
    FollowCode,
    Giver,
    HearsBack,
    Message,
    Signal,
    SignalVerb,
    Stage,
    TextKind,
)
from signalen.signals.operations import (
    add_text,
    ask_giver,
    giver_writes,
    issue_code,
    pause_clock,
    read_signal,
)
from signalen.signals.photos import Sent, keep_photo
from signalen.signals.sealing import contact_context, message_context
from signalen.tables import metadata
from signalen.web.guards import giver_actor
from tests import factories
from tests.feedback import steps

CANARIES = {
    "words": "roodborstqx",
    "translation": "zwaluwqx",
    "summary": "reigerqx",
    "question": "merelqx",
    "reply": "koolmeesqx",
    "reaction": "spreeuwqx",
    "contact": "gruttoqx@example.org",
    "quote": "roodborstqx is dicht",
    "way out": "kievitqx",
    "pause": "wulpqx",
    "neighbourhood": "ooievaarqx",
    "agreed": "goudvinkqx",
    "why bundled": "kwikstaartqx",
    "photo": "pimpelmeesqx",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def told(session, vault, cast, folder) -> Signal:
    """A resident's signal with a canary in every place that can hold words, told and reacted to, beside four others."""
    bart = cast.actor(cast.bart)
    signal = factories.signal(
        session,
        vault,
        text=f"Het loket {CANARIES['words']} is dicht.",
        contact=Contact(ContactKind.EMAIL, CANARIES["contact"]),
        hears_back=HearsBack.CONTACT,
        neighbourhood=CANARIES["neighbourhood"],
        agreed_how=CANARIES["agreed"],
        may_quote=True,
        may_publish=True,
    )
    read_signal(session, signal, actor=bart)
    pause_clock(session, signal, reason=CANARIES["pause"], actor=bart)
    add_text(session, vault, signal, TextKind.TRANSLATION, CANARIES["translation"], language="en", actor=bart)
    add_text(session, vault, signal, TextKind.SUMMARY, CANARIES["summary"], language="nl", actor=bart)
    ask_giver(session, vault, signal, CANARIES["question"], "nl", actor=bart)
    giver = giver_actor(signal.giver_id)
    giver_writes(session, vault, signal, CANARIES["reply"], "nl", actor=giver)
    picture = Picture(CANARIES["photo"].encode(), "image/webp", 8, 6)
    keep_photo(session, vault, folder, signal, Sent(hashlib.sha256(b"x").digest(), picture), actor=SYSTEM)
    others = steps.signals(session, vault, cast, 4)
    dossier = factories.dossier(session, cast, signals=others)
    bundle(session, [signal], dossier, reason=CANARIES["why bundled"], actor=bart)
    quote(session, dossier, signal, CANARIES["quote"], actor=bart)
    session.flush()
    return signal


def dossier_of(session) -> Dossier:
    return session.exec(select(Dossier)).one()


def everything(session, vault, folder: Path) -> str:
    """All that is kept, opened where it is sealed: a row that still holds a word, in the clear or under the key, shows it."""
    found: list[str] = []
    for table in metadata.sorted_tables:
        for row in session.execute(sa.select(table)).mappings():
            found += [str(value) for value in row.values() if isinstance(value, str | dict | list)]
            found += [value.decode("utf-8", "ignore") for value in row.values() if isinstance(value, bytes)]
    found += [str(signal_words(session, vault))]
    found += [path.read_bytes().decode("utf-8", "ignore") for path in folder.rglob("*") if path.is_file()]
    return "\n".join(found)


def signal_words(session, vault) -> list[str]:
    """What the vault still opens: contacts and messages."""
    opened = [
        vault.open(giver.contact_key, giver.contact_sealed, contact_context(giver.id))
        for giver in session.exec(select(Giver))
        if giver.contact_sealed
    ]
    return opened + [
        vault.open(message.key_id, message.sealed, message_context(message.id))
        for message in session.exec(select(Message))
    ]


def test_nothing_that_was_said_is_left_after_erasing_and_the_counts_stay(
    session, vault, cast, folder, told
) -> None:
    before = everything(session, vault, folder)
    kept = (
        "words",
        "translation",
        "summary",
        "question",
        "reply",
        "contact",
        "quote",
        "pause",
        "neighbourhood",
    )
    assert [name for name in (*kept, "agreed", "why bundled") if CANARIES[name] not in before] == []
    assert len(list(folder.iterdir())) == 1
    dossier = dossier_of(session)
    assert total(session, dossier) == 5
    themes = session.execute(sa.text("SELECT count(*) FROM signal_theme")).scalar_one()
    erase(session, folder, told, actor=giver_actor(told.giver_id))
    session.commit()
    after = everything(session, vault, folder)
    assert [name for name, word in CANARIES.items() if word in after] == []
    assert list(folder.iterdir()) == []
    assert total(session, dossier) == 5
    assert session.execute(sa.text("SELECT count(*) FROM signal_theme")).scalar_one() == themes
    assert told.erased_at is not None
    assert told.stage is Stage.BUNDLED


def test_erasing_is_one_event_that_holds_the_id_and_nothing_else(session, folder, told) -> None:
    erase(session, folder, told, actor=giver_actor(told.giver_id))
    erase(session, folder, told, actor=giver_actor(told.giver_id))
    (event,) = session.exec(select(Event).where(Event.verb == SignalVerb.ERASED)).all()
    assert event.subject_id == told.id
    assert event.data == {}


@pytest.mark.parametrize("who", ["bart", "amina", "chloe", "stijn"])
def test_nobody_erases_for_somebody_else(session, vault, cast, folder, told, who) -> None:
    with pytest.raises(NotAllowed):
        erase(session, folder, told, actor=cast.actor(getattr(cast, who)))
    other = factories.signal(session, vault)
    for actor in (giver_actor(other.giver_id), NOBODY):
        with pytest.raises(NotAllowed):
            erase(session, folder, told, actor=actor)


@pytest.mark.parametrize(
    ("stage", "becomes"), [(Stage.RECEIVED, Stage.WITHDRAWN), (Stage.READ, Stage.WITHDRAWN)]
)
def test_a_signal_that_stood_alone_is_withdrawn_with_it(session, vault, cast, folder, stage, becomes) -> None:
    signal = factories.signal(session, vault)
    if stage is Stage.READ:
        read_signal(session, signal, actor=cast.actor(cast.bart))
    erase(session, folder, signal, actor=giver_actor(signal.giver_id))
    assert signal.stage is becomes


def test_a_signal_that_travels_on_is_told_to_nobody_and_holds_nothing_up(
    session, vault, cast, folder
) -> None:
    gone, stays = steps.signals(session, vault, cast, 2)
    _dossier, round_ = steps.asked(session, cast, [gone, stays])
    erase(session, folder, gone, actor=giver_actor(gone.giver_id))
    steps.answer(session, cast, round_)
    steps.delivered(session, cast, round_)
    deliveries = session.exec(select(Delivery)).all()
    assert [delivery.signal_id for delivery in deliveries] == [stays.id]
    session.refresh(gone)
    assert gone.stage is Stage.CLOSED
    feedback.open_delivery(session, deliveries[0], language="nl", actor=giver_actor(stays.giver_id))
    assert dossier_of(session).stage is Stage.TOLD


def test_the_last_one_who_waited_lets_the_dossier_go_on(session, vault, cast, folder) -> None:
    (gone,) = steps.signals(session, vault, cast, 1)
    _dossier, round_ = steps.answered(session, cast, [gone])
    steps.delivered(session, cast, round_)
    erase(session, folder, gone, actor=giver_actor(gone.giver_id))
    assert gone.stage is Stage.CLOSED
    assert dossier_of(session).stage is Stage.CLOSED
    assert session.exec(select(Delivery)).one().state is DeliveryState.NOT_REACHED


def test_words_about_an_answer_go_and_the_yes_or_no_stays(session, vault, cast, folder) -> None:
    (signal,) = steps.signals(session, vault, cast, 1)
    _dossier, round_ = steps.answered(session, cast, [signal])
    steps.delivered(session, cast, round_)
    delivery, giver = steps.delivery_of(session, signal), giver_actor(signal.giver_id)
    feedback.open_delivery(session, delivery, language="nl", actor=giver)
    feedback.react(
        session,
        vault,
        delivery,
        understood=True,
        helped=Helped.A_LITTLE,
        words=CANARIES["reaction"],
        actor=giver,
    )
    erase(session, folder, signal, actor=giver)
    row = session.execute(sa.text("SELECT helped, sealed, key_id FROM reaction")).one()
    assert tuple(row) == ("a-little", None, None)


def test_codes_requests_and_whoever_would_tell_it_go_too(session, vault, cast, folder, told) -> None:
    issue_code(session, told.giver_id, actor=SYSTEM)
    session.add(ToldThrough(giver_id=told.giver_id, organisation_id=cast.linde.id))
    session.add(CodeRequest(signal_id=told.id, asked_by=cast.amina.id, asked_at=told.received_at))
    session.flush()
    erase(session, folder, told, actor=giver_actor(told.giver_id))
    for table in (FollowCode, ToldThrough, CodeRequest):
        rows = session.exec(select(table)).all()
        assert [row for row in rows if getattr(row, "giver_id", told.giver_id) == told.giver_id] == []
    waiting = session.exec(select(OutboxMessage).where(OutboxMessage.recipient_id == told.giver_id)).all()
    assert waiting == []


def test_the_board_says_the_same_after_erasing(session, vault, cast, folder, told) -> None:
    dossier = dossier_of(session)
    parts = {"title": "Loket", "worry": "Dicht.", "ask": "Open het."}
    entry = feedback.propose_board(session, dossier, parts, actor=cast.actor(cast.bart))
    feedback.publish_board(session, entry, actor=cast.actor(cast.sofie))
    shown = entry.shown_total
    erase(session, folder, told, actor=giver_actor(told.giver_id))
    feedback.refresh_totals(session)
    assert session.exec(select(BoardEntry)).one().shown_total == shown == 5


@pytest.fixture
def followed(app, client, store, people):
    """A resident who typed the code; gives the signal."""
    people.session = store
    vault = app.extensions["signalen.vault"]
    signal = factories.signal(
        store,
        vault,
        text=f"Het loket {CANARIES['words']} is dicht.",
        contact=Contact(ContactKind.EMAIL, CANARIES["contact"]),
        hears_back=HearsBack.CONTACT,
    )
    code = issue_code(store, signal.giver_id, actor=SYSTEM)
    store.commit()
    assert client.post("/follow", data={"code": code.display}).status_code == 303
    return signal, code


def fresh(store, signal: Signal) -> Signal:
    found = store.exec(
        select(Signal).where(Signal.id == signal.id).execution_options(populate_existing=True)
    ).one()
    store.commit()
    return found


def test_everything_that_is_kept_is_shown_the_address_masked_and_given_along_whole(client, followed) -> None:
    page = client.get("/follow/kept").text
    assert "g…@example.org" in page
    assert CANARIES["contact"] not in page
    answer = client.get("/follow/kept/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    kept = json.loads(answer.text)
    assert CANARIES["contact"] in kept.values()
    assert any(CANARIES["words"] in value for value in kept.values())
    assert str(followed[0].id) not in answer.text


def test_an_address_is_changed_and_removed_and_a_bad_one_is_said_in_place(
    app, client, store, followed
) -> None:
    signal, _code = followed
    vault = app.extensions["signalen.vault"]
    bad = client.post("/follow/kept/contact", data={"contact": "no address"})
    assert bad.status_code == 422
    assert 'value="no address"' in bad.text
    assert client.post("/follow/kept/contact", data={"contact": "0470 12 34 56"}).status_code == 303
    assert left_now(store, vault, signal) == Contact(ContactKind.MOBILE, "+32470123456")
    assert client.post("/follow/kept/contact/remove").status_code == 303
    assert left_now(store, vault, signal) is None


def left_now(store, vault, signal: Signal) -> Contact | None:
    store.expire_all()
    left = giver_rights.contact_of(store, vault, signal)
    store.commit()
    return left


def test_consents_are_changed_and_carry_their_day(client, store, followed) -> None:
    signal, _code = followed
    client.post("/follow/kept/consents", data={"publish": "true"})
    said = fresh(store, signal)
    assert said.may_use_at and said.may_quote_at and said.may_publish_at  # noqa: PT018
    client.post("/follow/kept/consents", data={"use": "true"})
    said = fresh(store, signal)
    assert said.may_use_at is not None
    assert (said.may_quote_at, said.may_publish_at) == (None, None)


def test_words_are_changed_until_something_is_built_on_them(client, store, people, followed) -> None:
    signal, _code = followed
    assert client.post("/follow/kept/words", data={"text": "Andere woorden."}).status_code == 303
    assert "Andere woorden." in client.get("/follow/story").text
    again = fresh(store, signal)
    read_signal(store, again, actor=people.actor(people.bart))
    factories.dossier(store, people, signals=[again], ready=False)
    store.commit()
    assert client.post("/follow/kept/words", data={"text": "Te laat."}).status_code == 422


@pytest.mark.parametrize("path", ["", "/file", "/erase"])
def test_without_a_code_there_is_nothing_to_see(client, path) -> None:
    assert client.get(f"/follow/kept{path}").headers["Location"] == "/follow"


def test_after_erasing_over_http_no_byte_of_a_word_is_left_on_the_disk(
    app, client, store, followed, tmp_path, caplog
) -> None:
    caplog.set_level(logging.DEBUG)
    signal, code = followed
    client.post("/follow/reply", data={"words": CANARIES["reply"]})
    words = [CANARIES["words"], CANARIES["words"].encode().hex()]
    assert any(word.encode() in bytes_of(app, tmp_path) for word in words)
    refused = client.post("/follow/kept/erase", data={})
    assert refused.status_code == 422
    assert fresh(store, signal).erased_at is None
    assert client.post("/follow/kept/erase", data={"sure": "true"}).status_code == 303
    left = bytes_of(app, tmp_path)
    assert [word for word in words if word.encode() in left] == []
    assert not any(CANARIES["words"] in record.getMessage() for record in caplog.records)
    assert client.get("/follow/story").headers["Location"] == "/follow"
    assert client.post("/follow", data={"code": code.display}).status_code == 422
    store.expire_all()
    assert fresh(store, signal).erased_at is not None


def bytes_of(app, folder: Path) -> bytes:
    """Every byte of every file of this installation, the log of the database written back first."""
    url = app.extensions["signalen.config"].database_url
    with sqlite3.connect(sa.make_url(url).database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_staff_see_that_a_signal_was_erased_and_nothing_else_of_it(
    as_, app, store, people, client, followed
) -> None:
    signal, _code = followed
    client.post("/follow/kept/erase", data={"sure": "true"})
    bart = as_(people.bart)
    for path in (f"/desk/signals/{signal.id}", "/desk/signals", "/desk"):
        answer = bart.get(path)
        assert answer.status_code == 200
        assert CANARIES["words"] not in answer.text
    assert "liet het wissen" in bart.get(f"/desk/signals/{signal.id}").text

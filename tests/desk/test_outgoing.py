"""The outbox: each message once, in its reader's language, patient with a broken server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from signalen.core import clock, outbox
from signalen.core.db import Sessions, create_engine
from signalen.core.models import OutboxMessage, OutboxState, RecipientKind
from signalen.desk.outgoing import PATIENCE, Refused, TryLater, deliver
from signalen.people.links import send_link
from signalen.people.models import LinkPurpose
from signalen.web.mail import CannotSend, Letter, render, send
from tests.conftest import settings


@pytest.fixture
def sessions(database_url):
    engine = create_engine(database_url)
    yield Sessions(engine)
    engine.dispose()


@pytest.fixture
def waiting(session, cast):
    """One message for Amina."""
    outbox.post(session, "user-reset", RecipientKind.USER, cast.amina.id, link="x")
    session.commit()
    return session


def state(session) -> OutboxMessage:
    session.expire_all()
    found = session.exec(select(OutboxMessage)).one()
    session.rollback()
    return found


def test_a_message_is_sent_once_however_often_the_command_runs(waiting, sessions, vault, cast) -> None:
    seen = []

    def post(message, reader, _session) -> bool:
        seen.append((message.kind, reader.address, reader.language))
        return True

    told = []
    hooks = {"user-reset": lambda _session, params: told.append(params)}
    for _ in range(2):
        deliver(sessions, vault, post, sent=hooks, refused={})
    assert seen == [("user-reset", cast.amina.email, "nl")]
    assert told == [{"link": "x"}]
    assert state(waiting).state is OutboxState.SENT


def test_a_broken_server_is_tried_again_later_and_given_up_in_the_end(waiting, sessions, vault) -> None:
    refused = []

    def post(*_args) -> bool:
        raise TryLater("down")

    now = clock.now()
    days = PATIENCE.days + 1
    for n in range(days):
        with clock.travel(now + timedelta(days=n, minutes=1)):
            done = deliver(
                sessions, vault, post, sent={}, refused={"user-reset": lambda *_: refused.append(1)}
            )
            assert (done.waiting, done.failed) == ((1, 0) if n < days - 1 else (0, 1))
            assert deliver(sessions, vault, post, sent={}, refused={}).waiting == 0
    assert state(waiting).state is OutboxState.FAILED
    assert refused == [1]


def test_a_server_that_is_down_for_a_day_is_asked_every_hour_and_loses_nothing(
    waiting, sessions, vault
) -> None:
    start, tries = clock.now(), []

    def down(*_args) -> bool:
        tries.append(clock.now())
        raise TryLater("down")

    for minute in range(0, 24 * 60, 5):
        with clock.travel(start + timedelta(minutes=minute)):
            deliver(sessions, vault, down, sent={}, refused={})
    assert 24 <= len(tries) <= 40
    with clock.travel(start + timedelta(hours=25)):
        assert deliver(sessions, vault, lambda *_: True, sent={}, refused={}).sent == 1


def test_an_address_that_does_not_exist_is_told_to_the_room_at_once(waiting, sessions, vault) -> None:
    refused = []

    def post(*_args) -> bool:
        raise Refused("no such person")

    deliver(sessions, vault, post, sent={}, refused={"user-reset": lambda *_: refused.append(1)})
    assert refused == [1]


def test_a_run_that_was_killed_is_taken_over(waiting, sessions, vault) -> None:
    row = waiting.exec(select(OutboxMessage)).one()
    row.state, row.claimed_at = OutboxState.CLAIMED, clock.now()
    waiting.add(row)
    waiting.commit()
    assert deliver(sessions, vault, lambda *_: True, sent={}, refused={}).sent == 0
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert deliver(sessions, vault, lambda *_: True, sent={}, refused={}).sent == 1


def test_the_same_key_twice_is_one_message(session, cast) -> None:
    assert outbox.post(session, "x", RecipientKind.USER, cast.amina.id, unique_key="once")
    assert not outbox.post(session, "x", RecipientKind.USER, cast.amina.id, unique_key="once")


def test_without_mail_settings_the_command_writes_to_a_folder_and_says_so(
    app, people, store, tmp_path
) -> None:
    send_link(store, store.merge(people.amina), LinkPurpose.INVITATION)
    store.commit()
    result = app.test_cli_runner().invoke(args=["outbox", "deliver"])
    assert "sent 1" in result.output
    assert str(tmp_path / "mail") in result.output
    mail = next((tmp_path / "mail").glob("*.eml")).read_text()
    assert "Subject: Je bent uitgenodigd voor Signalen" in mail
    assert "/link/" in mail


def test_a_mail_speaks_the_language_of_its_reader(app) -> None:
    context = {"name": "Amina", "token": "abc", "until": clock.now()}
    subjects = {
        code: render(app, "user-invitation", "a@example.org", code, context).subject
        for code in ("nl", "fr", "en")
    }
    assert len(set(subjects.values())) == 3
    assert render(app, "user-invitation", "a@example.org", "uk", context).subject == subjects["nl"]


def test_line_breaks_in_a_header_are_refused(tmp_path) -> None:
    config = settings("sqlite://", tmp_path)
    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        send(config, Letter("a@example.org\nBcc: b@example.org", "x", "y"))


def test_a_server_that_is_not_there_is_worth_another_try(tmp_path) -> None:
    config = replace(settings("sqlite://", tmp_path), mail_url="smtp://127.0.0.1:1")
    with pytest.raises(CannotSend) as error:
        send(config, Letter("a@example.org", "x", "y"))
    assert not error.value.final

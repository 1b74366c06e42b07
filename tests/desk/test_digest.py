"""The mail with what is new: to whom, when, and what stands in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.models import OutboxMessage
from signalen.core.permissions import Role
from signalen.desk import mails
from signalen.desk.digest import Period, period, post_digests
from signalen.desk.reminders import run
from signalen.people.models import Digest
from signalen.people.news import choose_digest, digest_of, look_at_news
from signalen.signals.operations import ask_giver, read_signal, shield
from signalen.web import mail
from tests import factories

pytestmark = pytest.mark.usefixtures("frozen")
TUESDAY, WEDNESDAY, MONDAY = date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 16)
CANARY = "zanglijsterqx"


@pytest.fixture
def asked(session, cast, vault):
    """On Tuesday staff ask Amina something about a signal of hers, after reading it."""
    made = factories.signal(session, vault, cast.actor(cast.amina), text=f"{CANARY} woont te klein.")
    read_signal(session, made, actor=cast.actor(cast.bart))
    ask_giver(session, vault, made, f"{CANARY}?", "nl", actor=cast.actor(cast.bart))
    return made


def digests(session) -> list[tuple]:
    rows = session.exec(
        select(OutboxMessage.recipient_id, OutboxMessage.params).where(OutboxMessage.kind == "user-digest")
    )
    return [(who, params["until"]) for who, params in rows]


@pytest.mark.parametrize(
    ("digest", "today", "expected"),
    [
        (Digest.NEVER, TUESDAY, None),
        (Digest.DAILY, TUESDAY, (date(2026, 11, 9), TUESDAY)),
        (Digest.WEEKLY, date(2026, 11, 15), (date(2026, 11, 2), date(2026, 11, 9))),
        (Digest.WEEKLY, MONDAY, (date(2026, 11, 9), MONDAY)),
        (Digest.WEEKLY, MONDAY + timedelta(days=1), (date(2026, 11, 9), MONDAY)),
    ],
)
def test_a_mail_is_about_yesterday_or_about_the_week_before_monday(digest, today, expected) -> None:
    assert period(digest, today) == (Period(*expected) if expected else None)


def test_every_monday_unless_somebody_chose_otherwise(session, cast, asked) -> None:
    assert digest_of(session, cast.amina.id) is Digest.WEEKLY
    for number in range(6):
        assert post_digests(session, WEDNESDAY + timedelta(days=number - 1)) == 0
    assert post_digests(session, MONDAY) == 1
    for number in range(7):
        assert post_digests(session, MONDAY + timedelta(days=number)) == 0
    assert post_digests(session, MONDAY + timedelta(days=7)) == 0  # nothing came since
    assert digests(session) == [(cast.amina.id, "2026-11-16")]


def test_a_monday_that_was_missed_is_made_up_for(session, cast, asked) -> None:
    assert post_digests(session, MONDAY + timedelta(days=2)) == 1
    assert digests(session) == [(cast.amina.id, "2026-11-16")]


def test_every_day_or_never_when_that_was_chosen(session, cast, asked) -> None:
    amina = cast.actor(cast.amina)
    choose_digest(session, cast.amina, Digest.NEVER, actor=amina)
    assert post_digests(session, WEDNESDAY) + post_digests(session, MONDAY) == 0
    choose_digest(session, cast.amina, Digest.DAILY, actor=amina)
    assert [post_digests(session, day) for day in (TUESDAY, WEDNESDAY, WEDNESDAY, date(2026, 11, 12))] == [
        0,
        1,
        0,
        0,
    ]


def test_who_looked_gets_no_mail_and_a_mail_that_waits_is_not_sent_after_looking(
    session, cast, vault, asked, frozen
) -> None:
    assert post_digests(session, MONDAY) == 1
    params = session.exec(select(OutboxMessage.params).where(OutboxMessage.kind == "user-digest")).one()
    assert mails.digest(session, vault, params) == {"counts": {"question": 1, "moved": 1}}
    with clock.travel(frozen + timedelta(hours=1)):
        look_at_news(session, actor=cast.actor(cast.amina))
    assert mails.digest(session, vault, params) is None
    choose_digest(session, cast.amina, Digest.DAILY, actor=cast.actor(cast.amina))
    assert post_digests(session, WEDNESDAY) == 0


def test_who_may_not_read_a_sensitive_signal_does_not_hear_that_it_is_there(
    session, cast, vault, asked
) -> None:
    nadia = factories.user(session, "Nadia")
    factories.member(session, nadia, Role.WORKER, organisation_id=cast.linde.id)
    assert post_digests(session, MONDAY) == 2
    message = session.exec(select(OutboxMessage.params).where(OutboxMessage.recipient_id == nadia.id)).one()
    assert mails.digest(session, vault, message) == {"counts": {"question": 1}}
    shield(session, vault, asked, actor=cast.actor(cast.bart))
    assert mails.digest(session, vault, message) is None
    cast.amina.active = False
    session.flush()
    assert post_digests(session, MONDAY + timedelta(days=7)) == 0


def test_the_daily_round_posts_it_once(session, cast, asked) -> None:
    assert run(session, MONDAY).mails >= 1
    assert run(session, MONDAY).mails == 0
    assert len(digests(session)) == 1


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_mail_counts_and_says_where_and_holds_no_word_of_a_signal(app, language) -> None:
    counts = {"question": 2, "to-tell": 1, "moved": 3, "text": 1, "answer": 1, "promise": 1}
    letter = mail.render(app, "user-digest", "amina@example.org", language, {"counts": counts})
    assert "/mine/news" in letter.body
    assert "/account" in letter.body
    assert letter.body.count("\n- ") == 6
    assert "- 2 " in letter.body
    assert "- 3 " in letter.body
    assert not any(character.isdigit() for character in letter.subject)
    few = mail.render(app, "user-digest", "amina@example.org", language, {"counts": {"question": 1}})
    assert few.body.count("\n- ") == 1


def test_the_account_page_offers_the_choice_to_workers(as_, people, store) -> None:
    people.session = store
    amina = as_(people.amina)
    assert '<option value="weekly" selected>' in amina.get("/account").text
    sent = amina.post("/account", data={"name": "Amina", "language": "nl", "digest": "daily"})
    assert sent.status_code == 303
    assert digest_of(store, people.amina.id) is Digest.DAILY
    store.rollback()
    assert (
        amina.post("/account", data={"name": "Amina", "language": "nl", "digest": "hourly"}).status_code
        == 422
    )
    assert 'name="digest"' not in as_(people.bart).get("/account").text


def test_nothing_of_the_signal_stands_in_what_is_posted(session, cast, asked) -> None:
    post_digests(session, MONDAY)
    message = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "user-digest")).one()
    kept = f"{message.params} {message.unique_key}"
    assert CANARY not in kept
    assert asked.reference not in kept
    assert isinstance(message.created_at, datetime)

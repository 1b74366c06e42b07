"""What time does by itself: once a day, and harmless when it runs again."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from sqlmodel import select

from signalen.consultations.models import AgendaItem, AnswerKind, Commitment
from signalen.consultations.operations import record_answer
from signalen.consultations.rules import AnswerInput
from signalen.core import clock
from signalen.core.models import Event, OutboxMessage, RecipientKind
from signalen.core.workdays import add_working_days
from signalen.desk.reminders import run
from signalen.dossiers.models import Dossier
from signalen.dossiers.operations import (
    announce_synthesis,
    bundle,
    move_dossier,
    open_dossier,
    write_synthesis,
)
from signalen.signals.models import Stage
from signalen.signals.operations import shield
from signalen.web import mail
from tests import factories
from tests.consultations.conftest import asked, consultation, read_one
from tests.consultations.test_rules import FULL

pytestmark = pytest.mark.usefixtures("frozen")
TODAY = date(2026, 11, 10)


@pytest.fixture
def about(session, cast, vault):
    return factories.dossier(session, cast, signals=[read_one(session, cast, vault)])


@pytest.fixture
def ask(session, cast, about):
    return asked(session, cast, about)


def mails(session) -> list[tuple[str, str]]:
    rows = session.exec(select(OutboxMessage.kind, OutboxMessage.recipient_kind)).all()
    return sorted((kind, who.value) for kind, who in rows if kind not in {"asked", "synthesis-announced"})


def counts(session) -> tuple[int, int]:
    return (
        len(session.exec(select(Event.seq)).all()),
        len(session.exec(select(OutboxMessage.id)).all()),
    )


def test_a_body_is_told_five_working_days_before_and_when_it_is_late(session, ask) -> None:
    run(session, add_working_days(ask.due_on, -6))
    assert mails(session) == []
    run(session, add_working_days(ask.due_on, -5))
    run(session, ask.due_on)
    assert mails(session) == [("body-ask-soon", RecipientKind.BODY)]
    run(session, ask.due_on + timedelta(days=1))
    assert mails(session) == [
        ("body-ask-late", RecipientKind.BODY),
        ("body-ask-soon", RecipientKind.BODY),
        ("staff-ask-late", RecipientKind.USER),
    ]


def test_running_again_on_any_day_changes_nothing(session, cast, about, ask, vault) -> None:
    record_answer(session, ask, FULL, actor=cast.actor(cast.bart))
    move_dossier(session, about, Stage.TOLD, due_on=None, actor=cast.actor(cast.bart))
    factories.signal(session, vault, cast.actor(cast.amina))
    consultation(session, cast, date(2027, 2, 2))
    for day in (TODAY, FULL.due_on, FULL.due_on + timedelta(days=1), date(2027, 1, 20)):
        run(session, day)
        before = counts(session)
        run(session, day)
        assert counts(session) == before


def test_a_promise_one_day_late_puts_its_dossier_on_the_next_consultation_once(
    session, cast, about, ask
) -> None:
    record_answer(session, ask, FULL, actor=cast.actor(cast.bart))
    move_dossier(session, about, Stage.TOLD, due_on=None, actor=cast.actor(cast.bart))
    made = consultation(session, cast, date(2027, 2, 2))
    late = FULL.due_on + timedelta(days=1)
    assert run(session, FULL.due_on).broken == 0
    assert run(session, late).broken == 1
    assert run(session, late).broken == 0
    assert run(session, late + timedelta(days=1)).broken == 0
    (item,) = session.exec(select(AgendaItem)).all()
    promise = session.exec(select(Commitment)).one()
    assert (item.consultation_id, item.dossier_id, item.because_commitment_id) == (
        made.id,
        about.id,
        promise.id,
    )
    assert about.stage is Stage.ON_AGENDA
    assert {"body-promise-late", "body-promise-soon", "staff-promise-late"} <= {
        kind for kind, _ in mails(session)
    }


def test_a_paused_ask_is_not_chased_and_a_new_date_is_told_anew(session, cast, ask) -> None:
    bart = cast.actor(cast.bart)
    run(session, ask.due_on)
    later = AnswerInput(
        AnswerKind.RESEARCH,
        words="We kijken.",
        who="Dienst Loketten",
        residents="met het bewonerspanel",
        comes_back_on=date(2027, 1, 15),
        source=FULL.source,
        given_by="Chloé",
    )
    with clock.travel(ask.due_on):
        record_answer(session, ask, later, actor=bart)
    run(session, date(2027, 1, 15))
    soon = [mail for mail in mails(session) if mail[0] == "body-ask-soon"]
    assert len(soon) == 2
    with clock.travel(date(2027, 1, 15)):
        record_answer(
            session,
            ask,
            AnswerInput(AnswerKind.QUESTION, words="Welk loket?", source=FULL.source, given_by="Chloé"),
            actor=bart,
        )
    run(session, date(2027, 2, 15))
    assert "body-ask-late" not in {kind for kind, _ in mails(session)}


def test_staff_hear_once_a_week_of_signals_that_wait_and_only_of_those_they_may_see(
    session, cast, vault
) -> None:
    hidden = factories.signal(session, vault, cast.actor(cast.amina))
    shield(session, vault, hidden, actor=cast.actor(cast.bart))
    monday = date(2026, 11, 23)
    run(session, monday)
    run(session, monday + timedelta(days=2))
    told = session.exec(
        select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "staff-readings-late")
    ).all()
    assert told == [cast.bart.id]
    run(session, monday + timedelta(days=7))
    assert [kind for kind, _ in mails(session)].count("staff-readings-late") == 2


def test_an_answer_that_was_not_told_in_time_is_asked_of_its_staff(session, cast, about, ask) -> None:
    record_answer(session, ask, FULL, actor=cast.actor(cast.bart))
    session.refresh(about)
    run(session, about.due_on)
    assert "staff-tell-late" not in {kind for kind, _ in mails(session)}
    run(session, about.due_on + timedelta(days=1))
    assert "staff-tell-late" in {kind for kind, _ in mails(session)}


def test_an_organisation_hears_before_its_time_to_agree_is_over(session, cast, vault) -> None:
    bart = cast.actor(cast.bart)
    signal = read_one(session, cast, vault)
    made = open_dossier(session, title="Nachtopvang", municipality="antwerpen", worry="x", actor=bart)
    bundle(session, [signal], made, actor=bart)
    version = write_synthesis(session, made, "Er is te weinig nachtopvang in de winter.", actor=bart)
    announce_synthesis(session, version, actor=bart)
    for day in (add_working_days(version.deadline_on, -4), add_working_days(version.deadline_on, -3)):
        run(session, day)
    run(session, version.deadline_on)
    told = session.exec(
        select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "worker-synthesis-soon")
    ).all()
    assert told == [cast.amina.id]


def test_every_mail_it_sends_can_be_written_in_each_language(app, store, people) -> None:
    """Renders whatever the runs of a winter put in the outbox, with the builders and templates that send it."""
    session, cast, vault = store, people, app.extensions["signalen.vault"]
    cast.session = session
    ask = asked(session, cast, factories.dossier(session, cast, signals=[read_one(session, cast, vault)]))
    record_answer(
        session,
        ask,
        AnswerInput(AnswerKind.QUESTION, words="Welk loket?", source=FULL.source, given_by="Chloé"),
        actor=cast.actor(cast.bart),
    )
    factories.signal(session, vault, cast.actor(cast.amina))
    registry = app.extensions["signalen.mails"]
    second = asked(session, cast, factories.dossier(session, cast, title="Nachtopvang"))
    third = asked(session, cast, factories.dossier(session, cast, title="Brieven"))
    record_answer(session, third, FULL, actor=cast.actor(cast.bart))
    seen = set()
    for day in (add_working_days(second.due_on, -2), FULL.due_on, date(2027, 1, 20)):
        run(session, day)
        for message in session.exec(select(OutboxMessage)):
            with clock.travel(day):
                context = registry.mails[message.kind](session, vault, message.params)
            if context is None:
                continue
            for language in ("nl", "fr", "en"):
                with app.test_request_context():
                    letter = mail.render(app, message.kind, "a@example.org", language, context)
                assert letter.subject
                assert "regen" not in letter.body
                assert "ziekenhuis" not in letter.body
            seen.add(message.kind)
    assert {
        "body-ask-soon",
        "body-ask-late",
        "staff-ask-late",
        "staff-answered",
        "staff-promise-late",
    } <= seen
    assert {"body-promise-late", "staff-readings-late", "staff-tell-late"} <= seen


def test_the_command_runs_for_another_day(app, store, people, vault) -> None:
    people.session = store
    ask = asked(store, people, factories.dossier(store, people))
    store.commit()
    late = (ask.due_on + timedelta(days=1)).isoformat()
    runner = app.test_cli_runner()
    for expected in ("mails 2", "mails 0"):
        result = runner.invoke(args=["reminders", "run", "--today", late])
        assert result.exit_code == 0, result.output
        assert expected in result.output
    assert store.get(Dossier, store.exec(select(Dossier.id)).one()).stage is Stage.ASKED


def test_pieces_of_photos_that_never_became_whole_go_with_the_daily_run(app) -> None:
    parts = app.extensions["signalen.config"].attachments / "parts"
    parts.mkdir(parents=True)
    for name, days in (("old", 8), ("new", 1)):
        (parts / name).write_bytes(b"a piece")
        at = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(parts / name, (at, at))
    result = app.test_cli_runner().invoke(args=["reminders", "run"])
    assert "left-over files 1" in result.output
    assert [path.name for path in parts.iterdir()] == ["new"]

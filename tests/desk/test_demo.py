"""The demo: loaded once through the operations, on days around the one on which it is loaded."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from signalen.consultations.models import (
    AgendaItem,
    Commitment,
    CommitmentState,
    Consultation,
    ConsultationState,
)
from signalen.core import clock
from signalen.core.db import Sessions, create_engine
from signalen.core.errors import DomainError
from signalen.core.models import Event, OutboxMessage, OutboxState
from signalen.core.vault import Vault
from signalen.core.workdays import is_working_day
from signalen.desk.demo.cast import users
from signalen.desk.demo.codes import codes
from signalen.desk.demo.facts import facts
from signalen.desk.demo.load import load
from signalen.desk.demo.signals import signal_keys
from signalen.desk.demo.timeline import Days, tell
from signalen.dossiers.models import Agreement, Ask, Dossier, DossierRecommendation
from signalen.dossiers.queries import announced_version, current_round, missing_for_city, standing
from signalen.feedback.models import BoardEntry, BoardState, Helped, Reaction
from signalen.feedback.queries.board import board_rows
from signalen.people.models import Organisation, User
from signalen.people.operations import password_fits
from signalen.people.queries import is_demo
from signalen.signals.models import Message, Signal, SignalText, Stage, TextKind
from signalen.signals.queries import find_code
from signalen.themes.models import Recommendation
from signalen.toetsen.models import Toets, ToetsState
from tests.conftest import settings
from tests.factories import signal

MORNING = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
STAGES = {
    Stage.RECEIVED: 6,
    Stage.READ: 19,
    Stage.BUNDLED: 7,
    Stage.ON_AGENDA: 3,
    Stage.ASKED: 3,
    Stage.TOLD: 3,
    Stage.CLOSED: 3,
    Stage.HELPED: 1,
    Stage.PASSED_ON: 3,
    Stage.KEPT: 5,
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Vault:
    config = settings("sqlite://", tmp_path_factory.mktemp("keys"))
    return Vault(config.vault_keys, config.vault_current)


@pytest.fixture(scope="module")
def loaded(sqlite_template, keys, tmp_path_factory):
    """A database with the demo in it, loaded on a Tuesday morning; not to be changed."""
    path = tmp_path_factory.mktemp("demo") / "signalen.db"
    shutil.copy(sqlite_template, path)
    sessions = Sessions(create_engine(f"sqlite:///{path}"))
    with clock.travel(MORNING), sessions.write() as session:
        load(session, keys)
        session.commit()
    yield sessions
    sessions.engine.dispose()


@pytest.fixture
def demo(loaded):
    """The loaded demo, on the day it was loaded."""
    with clock.travel(MORNING), loaded.read() as session:
        yield session


def dossier(session: Session, title: str) -> Dossier:
    return session.exec(select(Dossier).where(col(Dossier.title).startswith(title))).one()


def stages(session: Session) -> Counter[Stage]:
    return Counter(session.exec(select(Signal.stage).where(Signal.demo)).all())


def test_the_signals_stand_in_every_part_of_the_ring_on_both_engines(session, vault):
    assert load(session, vault) is True
    assert stages(session) == STAGES
    assert is_demo(session)
    found = codes(session, vault, signal_keys())
    assert load(session, vault) is False
    session.flush()
    assert stages(session) == STAGES
    assert codes(session, vault, signal_keys()) == found
    assert all(find_code(session, row["code"]) is not None for row in found)


def test_invented_signals_never_stand_beside_real_ones(session, vault):
    signal(session, vault)
    with pytest.raises(DomainError, match="real-signals"):
        load(session, vault)


def test_the_command_prints_the_same_sign_ins_and_codes_every_time(app):
    first = app.test_cli_runner().invoke(args=["demo", "--json"])
    assert first.exit_code == 0, first.output
    found = json.loads(first.stdout)
    assert set(found) == {"users", "codes"}
    assert {tuple(row) for row in found["users"]} == {("email", "password", "role", "name", "organisation")}
    assert {tuple(row) for row in found["codes"]} == {("reference", "code", "language", "stage")}
    assert {row["role"] for row in found["users"]} == {"worker", "staff", "city", "panel", "steward"}
    assert len({row["organisation"] for row in found["users"] if row["role"] == "worker"}) >= 2
    assert app.test_cli_runner().invoke(args=["demo", "--json"]).stdout == first.stdout
    words = app.test_cli_runner().invoke(args=["demo"])
    assert found["users"][0]["password"] in words.stdout


def test_the_command_says_so_when_there_are_real_signals(app, store, vault):
    signal(store, vault)
    store.commit()
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "real signals" in result.output


def test_everyone_signs_in_with_the_password_that_is_printed(demo, keys):
    people = {user.email: user for user in demo.exec(select(User).where(User.demo))}
    for row in users(demo, keys)[:2]:
        assert len(row["password"]) >= 12
        assert password_fits(people[row["email"]], row["password"])


def test_each_code_opens_the_signal_it_is_printed_with(demo, keys):
    for row in codes(demo, keys, signal_keys()):
        kept = find_code(demo, row["code"])
        assert kept is not None
        assert kept.demo
        opened = demo.exec(select(Signal).where(Signal.giver_id == kept.giver_id)).one()
        assert (opened.reference, opened.stage) == (row["reference"], row["stage"])


def test_with_other_keys_no_code_is_printed(demo):
    assert codes(demo, Vault({"other": b"b" * 32}, "other"), signal_keys()) == []


def test_a_told_answer_waits_for_readers_of_french_and_arabic(demo, keys):
    told = {row["language"] for row in codes(demo, keys, signal_keys()) if row["stage"] == Stage.TOLD}
    assert {"fr", "ar"} <= told


def test_real_organisations_stand_in_the_directory_and_the_invented_ones_act(demo):
    kept = demo.exec(select(Organisation)).all()
    assert sum(each.directory_only for each in kept) == 46
    acting = {each.id for each in kept if each.demo and not each.directory_only}
    brought = set(demo.exec(select(Signal.organisation_id).where(col(Signal.organisation_id).is_not(None))))
    assert brought == acting


def test_childcare_is_answered_and_told_and_its_promise_runs(demo):
    told = dossier(demo, "Noodplaatsen")
    assert (told.stage, told.done_on) == (Stage.TOLD, None)
    assert told.answered_on is not None
    promises = demo.exec(select(Commitment).where(Commitment.dossier_id == told.id)).all()
    assert [each.state for each in promises] == [CommitmentState.OPEN] * 2
    assert all(each.due_on > clock.today() for each in promises)
    assert Helped.A_LITTLE in demo.exec(select(Reaction.helped)).all()


def test_school_debts_came_back_because_of_a_broken_promise_and_the_answer_is_late(demo):
    late = dossier(demo, "Schoolschulden")
    assert late.stage is Stage.ASKED
    round_ = current_round(demo, late)
    assert round_.number == 2
    ask = demo.exec(select(Ask).where(Ask.round_id == round_.id)).one()
    assert ask.due_on < clock.today()
    promise = demo.exec(select(Commitment).where(Commitment.dossier_id == late.id)).one()
    assert promise.state is CommitmentState.BROKEN
    item = demo.exec(select(AgendaItem).where(AgendaItem.dossier_id == late.id)).one()
    assert (item.because_commitment_id, item.position) == (promise.id, 0)


def test_the_bus_stands_on_next_weeks_agenda(demo):
    bus = dossier(demo, "De bus")
    coming = demo.exec(select(Consultation).where(Consultation.state == ConsultationState.PLANNED)).one()
    assert (bus.stage, bus.due_on) == (Stage.ON_AGENDA, coming.held_on)
    assert coming.held_on.isocalendar().week == (clock.today().isocalendar().week + 1)
    assert coming.arrangements == ["interpreter", "childcare", "plain-papers"]


def test_the_desk_dossier_asks_for_agreement_and_one_organisation_is_silent(demo):
    desk = dossier(demo, "Het loket")
    assert desk.stage is Stage.BUNDLED
    version = announced_version(demo, desk)
    now = standing(demo, version, clock.today())
    assert now.agreed == ["Huis Linde"]
    assert [now.names[org] for org in now.readiness.waiting] == ["Jeugdhuis Kaai"]
    assert missing_for_city(demo, desk, clock.today()) == ("agreements",)
    assert len(demo.exec(select(Agreement).where(Agreement.version_id == version.id)).all()) == 1


def test_the_letters_are_closed_and_done(demo):
    done = dossier(demo, "Brieven")
    assert done.stage is Stage.CLOSED
    assert done.done_on is not None


def test_the_board_shows_four_dossiers_in_four_languages(demo):
    states = demo.exec(select(BoardEntry.state)).all()
    assert list(states) == [BoardState.PUBLISHED] * 4
    for language in ("nl", "fr", "en", "ar"):
        rows = board_rows(demo, clock.today(), language)
        assert {row.text.language for row in rows} == {language}
        assert not any("{" in words for row in rows for words in row.text.parts.values())
    assert sum(row.late for row in rows) == 1


def test_two_shielded_signals_were_released_with_a_safe_line(demo):
    sensitive = demo.exec(select(Signal).where(Signal.sensitive)).all()
    assert len(sensitive) == 7
    assert sum(each.released_at is not None for each in sensitive) == 2
    ids = [each.id for each in sensitive]
    texts = demo.exec(select(SignalText).where(col(SignalText.signal_id).in_(ids))).all()
    assert all((text.words is not None) == (text.kind is TextKind.SAFE_LINE) for text in texts)


def test_what_staff_read_in_another_language_has_a_dutch_summary(demo):
    read = demo.exec(select(Signal).where(Signal.stage != Stage.RECEIVED, Signal.language != "nl")).all()
    summaries = demo.exec(select(SignalText.signal_id).where(SignalText.kind == TextKind.SUMMARY)).all()
    assert {each.id for each in read} == set(summaries)
    assert len(demo.exec(select(Message)).all()) == 1


def test_what_was_asked_before_stands_beside_the_dossiers(demo):
    linked = select(DossierRecommendation.recommendation_id)
    years = demo.exec(select(Recommendation.year).where(col(Recommendation.id).in_(linked))).all()
    assert {2008, 2017, 2018, 2020} <= set(years)


def test_one_decision_has_a_finished_test_and_one_a_half_done_one(demo):
    tests = demo.exec(select(Toets)).all()
    assert Counter(each.state for each in tests) == {ToetsState.CLOSED: 1, ToetsState.OPEN: 1}
    assert all(each.frozen is not None for each in tests if each.state is ToetsState.CLOSED)


def test_the_mails_of_those_months_do_not_wait_any_more(demo):
    assert set(demo.exec(select(OutboxMessage.state)).all()) == {OutboxState.SENT}


@pytest.mark.parametrize(
    "day",
    [date(2027, 1, 1), date(2027, 5, 9), date(2028, 2, 29)],
    ids=["a public holiday", "a Sunday", "a leap day"],
)
def test_the_demo_never_grows_old(sqlite_template, keys, tmp_path, day):
    path = tmp_path / "signalen.db"
    shutil.copy(sqlite_template, path)
    sessions = Sessions(create_engine(f"sqlite:///{path}"))
    with clock.travel(day), sessions.write() as session:
        load(session, keys)
        events = session.exec(select(Event.at).where(col(Event.subject_type) != "vocabulary")).all()
        rooms = [at for at in events if at <= clock.now()]
        assert stages(session) == STAGES
        assert rooms[1:] == sorted(rooms[1:])
        due = session.exec(select(Signal.due_on).where(col(Signal.due_on).is_not(None))).all()
        assert all(is_working_day(each) for each in due)
        late = session.exec(select(Signal.stage).where(col(Signal.due_on) < day)).all()
        assert set(late) == {Stage.ASKED}
        held, coming = session.exec(select(Consultation.held_on).order_by(col(Consultation.held_on))).all()
        assert held < day < coming
        assert is_working_day(coming)
    sessions.engine.dispose()


def test_a_day_of_the_story_is_a_working_day_and_next_week_is_next_week():
    sunday = Days(datetime(2026, 11, 22, 23, 30, tzinfo=UTC))  # Monday already, in Brussels
    assert sunday.today == date(2026, 11, 23)
    assert sunday.next_week() == date(2026, 12, 1)
    assert sunday.day(-1) == date(2026, 11, 20)
    with pytest.raises(ValueError, match="today"):
        sunday.day(0)
    with pytest.raises(ValueError, match="has passed"):
        sunday.at(1)


def test_stories_are_told_in_the_order_of_time():
    days, seen = Days(MORNING), []

    def story(name, *ago):
        for each in ago:
            yield days.at(-each)
            seen.append((name, clock.today()))

    tell([story("long", 9, 2), story("short", 5, 1)])
    assert [name for name, _ in seen] == ["long", "short", "long", "short"]
    assert [day for _, day in seen] == [days.day(-each) for each in (9, 5, 2, 1)]
    with pytest.raises(ValueError, match="never back"):
        tell([story("back", 2, 3)])


def test_every_fact_of_a_signal_has_its_fate():
    assert set(facts("fates")) == set(range(1, len(facts("signals")) + 1))
    assert all(
        ("by" in facts("fates")[n]) == (each["who"] == "w") for n, each in enumerate(facts("signals"), 1)
    )

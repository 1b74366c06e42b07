"""The lifecycle of a signal, move by move: what the table of facts/loop.md allows, and everything else."""

from __future__ import annotations

from functools import partial
from itertools import product

import pytest
import sqlalchemy as sa
from sqlmodel import select

from signalen.core import clock
from signalen.core.errors import DomainError, Missing, MoveRefused, NotAllowed
from signalen.core.models import Event, OutboxMessage
from signalen.core.permissions import SYSTEM, Actor, ActorKind
from signalen.core.workdays import add_working_days
from signalen.signals.models import ClockPause, ContactKind, HearsBack, Signal, Stage, WayOut
from signalen.signals.moves import REOPENS
from signalen.signals.operations import (
    Contact,
    Placement,
    accept_themes,
    lead_out,
    move,
    move_many,
    pause_clock,
    place,
    read_signal,
    reopen_signal,
    resume_clock,
    wake,
    withdraw,
)
from signalen.signals.queries import belongings, way_out
from signalen.signals.workflow import MOVES, RING, WAYS_OUT, check_move, may_move
from tests.factories import signal

S = Stage
# Written down once more, from the table in facts/loop.md and not from the code.
ALLOWED = {
    (S.RECEIVED, S.READ),
    (S.RECEIVED, S.WITHDRAWN),
    (S.RECEIVED, S.REFUSED),
    (S.READ, S.BUNDLED),
    (S.READ, S.HELPED),
    (S.READ, S.PASSED_ON),
    (S.READ, S.KEPT),
    (S.READ, S.WITHDRAWN),
    (S.KEPT, S.READ),
    (S.KEPT, S.WITHDRAWN),
    (S.BUNDLED, S.READ),
    (S.BUNDLED, S.ON_AGENDA),
    (S.BUNDLED, S.ASKED),
    (S.ON_AGENDA, S.ASKED),
    (S.ON_AGENDA, S.BUNDLED),
    (S.ASKED, S.ANSWERED),
    (S.ANSWERED, S.TOLD),
    (S.ANSWERED, S.ASKED),
    (S.TOLD, S.CLOSED),
    (S.TOLD, S.BUNDLED),
    (S.CLOSED, S.BUNDLED),
    (S.CLOSED, S.READ),
    (S.HELPED, S.BUNDLED),
    (S.HELPED, S.READ),
    (S.PASSED_ON, S.BUNDLED),
    (S.PASSED_ON, S.READ),
}


def verbs(session, about) -> list[str]:
    return list(session.exec(select(Event.verb).where(Event.subject_id == about.id).order_by(Event.seq)))


def at(session, vault, stage: Stage, **values) -> Signal:
    """A signal that stands in a stage, however it came there."""
    made = signal(session, vault, **values)
    made.stage = stage
    session.add(made)
    session.flush()
    return made


def test_the_table_is_total_and_every_stage_has_its_arcs():
    assert set(MOVES) == set(RING) == set(Stage)


@pytest.mark.parametrize(("source", "target"), list(product(Stage, Stage)))
def test_a_signal_goes_where_the_table_says_and_nowhere_else(source, target):

    assert may_move(source, target) == ((source, target) in ALLOWED)
    if (source, target) in ALLOWED:
        check_move(source, target)
    else:
        with pytest.raises(MoveRefused):
            check_move(source, target)


def test_every_move_of_the_table_is_done_or_refused_in_the_database(session, vault):
    made = signal(session, vault)
    for source, target in product(Stage, Stage):
        made.stage = source
        session.add(made)
        session.flush()
        if (source, target) in ALLOWED:
            move(session, made, target, due_on=None, actor=SYSTEM)
            assert made.stage is target
        else:
            with pytest.raises(MoveRefused):
                move(session, made, target, due_on=None, actor=SYSTEM)
            assert made.stage is source


def test_many_move_with_one_statement_and_one_event_and_others_stay(session, vault, cast):
    ready = [at(session, vault, S.READ) for _ in range(3)]
    stays = at(session, vault, S.WITHDRAWN)
    ids = sa.select(Signal.id).where(Signal.id.in_([*(s.id for s in ready), stays.id]))
    day = clock.today()
    moved = move_many(session, ids, S.BUNDLED, due_on=day, about=cast.linde, actor=cast.actor(cast.bart))
    assert moved == 3
    assert {s.stage for s in ready} == {S.BUNDLED}
    assert {s.due_on for s in ready} == {day}
    assert stays.stage is S.WITHDRAWN
    events = session.exec(select(Event).where(Event.subject_id == cast.linde.id)).all()
    assert [(e.verb, e.data) for e in events] == [("signals-moved", {"to": "bundled", "signals": 3})]


def test_reading_starts_the_clock_to_a_place(session, vault, cast, frozen):
    made = signal(session, vault)
    read_signal(session, made, actor=cast.actor(cast.bart))
    assert made.stage is S.READ
    assert made.due_on == add_working_days(clock.today(), 20)
    assert made.stage_since == frozen
    assert verbs(session, made)[-1] == "signal-read"


def test_placing_replaces_what_stood_there_and_reads_what_was_only_received(session, vault, cast):
    made = signal(session, vault)
    place(
        session,
        made,
        Placement(themes=("wonen", "wonen"), groups=("armoede",), barriers=("geld",), place="deurne"),
        actor=cast.actor(cast.bart),
    )
    found = belongings(session, made)
    assert found.themes == ("wonen",)
    assert found.groups == ("armoede",)
    assert found.barriers == ("geld",)
    assert made.place_code == "deurne"
    assert verbs(session, made)[-2:] == ["signal-read", "signal-placed"]


def test_only_staff_reads_places_and_leads_out(session, vault, cast):
    for who in ("amina", "dre", "chloe", "emma", "stijn"):
        made = signal(session, vault, cast.actor(cast.amina))
        actor = cast.actor(getattr(cast, who))
        for change in (
            partial(read_signal, session, made),
            partial(place, session, made, Placement()),
            partial(lead_out, session, made, S.REFUSED, reason="x", language="nl"),
            partial(pause_clock, session, made, reason="x"),
        ):
            with pytest.raises(NotAllowed):
                change(actor=actor)


def test_a_way_out_has_a_reason_that_the_giver_can_read(session, vault, cast):
    for to in sorted(WAYS_OUT - {S.WITHDRAWN, S.REFUSED}):
        made = at(session, vault, S.READ)
        lead_out(
            session, made, to, reason="Daarom.", language="nl", passed_to="CAW", actor=cast.actor(cast.bart)
        )
        assert made.stage is to
        assert made.due_on is None
        kept = way_out(session, made)
        assert kept.reason == "Daarom."
        assert kept.passed_to == ("CAW" if to is S.PASSED_ON else None)
        logged = session.exec(select(Event).where(Event.subject_id == made.id)).all()[-1]
        assert logged.data == {"to": to.value}  # the reason stands in a row that can be erased


def test_a_way_out_without_reason_or_without_whom_is_refused(session, vault, cast):
    made = at(session, vault, S.READ)
    with pytest.raises(Missing):
        lead_out(session, made, S.HELPED, reason="", language="nl", actor=cast.actor(cast.bart))
    with pytest.raises(Missing):
        lead_out(session, made, S.PASSED_ON, reason="Daarom.", language="nl", actor=cast.actor(cast.bart))
    assert made.stage is S.READ


def test_a_giver_with_a_mail_address_gets_one_mail_and_others_read_it_with_their_code(session, vault, cast):
    contact = Contact(ContactKind.EMAIL, "rosa@example.org")
    by_mail = at(session, vault, S.READ, hears_back=HearsBack.CONTACT, contact=contact)
    by_code = at(session, vault, S.READ)
    for made in (by_mail, by_code):
        lead_out(session, made, S.HELPED, reason="Daarom.", language="nl", actor=cast.actor(cast.bart))
    assert [m.recipient_id for m in session.exec(select(OutboxMessage))] == [by_mail.giver_id]


def test_what_was_kept_as_evidence_can_wake(session, vault, cast):
    made = at(session, vault, S.KEPT)
    wake(session, made, actor=cast.actor(cast.bart))
    assert made.stage is S.READ
    assert made.due_on is not None
    with pytest.raises(MoveRefused):
        wake(session, made, actor=cast.actor(cast.bart))


def test_a_giver_takes_back_the_own_signal_and_no_other(session, vault):
    mine, other = signal(session, vault), signal(session, vault)
    giver = Actor(ActorKind.GIVER, mine.giver_id)
    withdraw(session, mine, actor=giver)
    assert mine.stage is S.WITHDRAWN
    with pytest.raises(NotAllowed):
        withdraw(session, other, actor=giver)


def test_a_giver_opens_again_what_was_told_or_ended(session, vault):
    for stage in REOPENS:
        made = at(session, vault, stage)
        reopen_signal(session, made, to=S.BUNDLED, actor=Actor(ActorKind.GIVER, made.giver_id))
        assert made.stage is S.BUNDLED
        assert made.due_on is not None
        assert verbs(session, made)[-1] == "signal-reopened"


def test_what_is_still_on_its_way_or_gone_is_not_opened_again(session, vault):
    for stage in set(S) - REOPENS:
        made = at(session, vault, stage)
        for to in (S.BUNDLED, S.READ):
            with pytest.raises(MoveRefused):
                reopen_signal(session, made, to=to, actor=SYSTEM)


def test_a_pause_moves_the_date_by_the_working_days_that_did_not_count(session, vault, cast, frozen):
    made = signal(session, vault)
    due = made.due_on
    bart = cast.actor(cast.bart)
    pause_clock(session, made, reason="De gever is ziek.", actor=bart)
    with pytest.raises(DomainError):
        pause_clock(session, made, reason="Nog eens.", actor=bart)
    with clock.travel(add_working_days(clock.today(), 3)):
        resume_clock(session, made, actor=bart)
        assert session.exec(select(ClockPause)).one().until == clock.today()
    assert made.due_on == add_working_days(due, 3)
    with pytest.raises(DomainError):
        resume_clock(session, made, actor=bart)


def test_a_move_ends_a_pause(session, vault, cast):
    made = signal(session, vault)
    bart = cast.actor(cast.bart)
    pause_clock(session, made, reason="De gever is ziek.", actor=bart)
    read_signal(session, made, actor=bart)
    assert not made.paused
    assert session.exec(select(ClockPause)).one().until is not None


def test_the_worker_who_brought_it_can_say_what_it_is_about_until_it_is_bundled(session, vault, cast):
    amina = cast.actor(cast.amina)
    made = signal(session, vault, amina, themes=())
    accept_themes(session, made, ("gezin", "werk"), actor=amina)
    assert belongings(session, made).themes == ("gezin", "werk")
    made.stage = S.BUNDLED
    with pytest.raises(DomainError):
        accept_themes(session, made, ("wonen",), actor=amina)
    with pytest.raises(NotAllowed):
        accept_themes(session, made, ("wonen",), actor=cast.actor(cast.dre))


def test_every_way_out_is_kept_once(session, vault, cast):
    made = at(session, vault, S.RECEIVED)
    lead_out(session, made, S.REFUSED, reason="Reclame.", language="nl", actor=cast.actor(cast.bart))
    assert len(session.exec(select(WayOut)).all()) == 1
    assert session.exec(select(OutboxMessage)).all() == []

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import select

from signalen.core import clock
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.models import Event
from signalen.dossiers.models import AskWay, Dossier, DossierSignal, DossierVerb
from signalen.dossiers.operations import (
    bundle,
    end_round,
    merge,
    move_dossier,
    send_asks,
    settle,
    split,
    take_out,
)
from signalen.dossiers.queries import (
    asks_of,
    current_round,
    dossiers_of,
    evidence,
    leading_dossier,
    owed,
    resolve,
    total,
)
from signalen.signals.models import SignalVerb, Stage
from signalen.signals.operations import lead_out, move, release, shield, withdraw
from tests.factories import dossier


def count(session, verb) -> int:
    return session.exec(select(sa.func.count()).select_from(Event).where(Event.verb == verb)).one()


def answer_all(session, made, *, on, actor) -> None:
    round_ = current_round(session, made)
    for ask, _body in asks_of(session, [round_.id]):
        ask.final = True
    end_round(session, round_, on=on, actor=actor)


def test_bundling_moves_what_was_read_and_gives_it_the_clock_of_the_dossier(session, cast, make_read) -> None:
    signals = [make_read(), make_read(cast.dre)]
    made = dossier(session, cast, signals=signals, ready=False)
    assert [signal.stage for signal in signals] == [Stage.BUNDLED, Stage.BUNDLED]
    assert {signal.due_on for signal in signals} == {made.due_on}
    assert leading_dossier(session, signals[0].id) is made
    assert count(session, DossierVerb.BUNDLED) == 1
    assert count(session, SignalVerb.MOVED) == 1


def test_a_second_dossier_cites_what_another_one_leads(session, cast, make_read) -> None:
    one = make_read()
    first = dossier(session, cast, signals=[one], ready=False)
    second = dossier(session, cast, ready=False)
    done = bundle(session, [one], second, actor=cast.actor(cast.bart))
    assert (done.led, done.cited) == (0, 1)
    assert leading_dossier(session, one.id) is first
    assert [(d.id, leads) for d, leads in dossiers_of(session, one.id)] == [
        (first.id, True),
        (second.id, False),
    ]
    assert total(session, second) == 1


def test_the_database_keeps_one_leading_dossier_per_signal(session, cast, make_read) -> None:
    one = make_read()
    dossier(session, cast, signals=[one], ready=False)
    other = dossier(session, cast, ready=False)
    session.add(DossierSignal(dossier_id=other.id, signal_id=one.id, since=clock.now()))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_putting_it_in_twice_changes_nothing(session, cast, make_read) -> None:
    one = make_read()
    made = dossier(session, cast, signals=[one], ready=False)
    assert bundle(session, [one], made, actor=cast.actor(cast.bart)).led == 0
    assert count(session, DossierVerb.BUNDLED) == 1


def test_unread_withdrawn_and_unreleased_signals_are_refused(session, cast, vault, make_read) -> None:
    bart = cast.actor(cast.bart)
    made = dossier(session, cast, ready=False)
    unread, gone, secret = make_read(), make_read(), make_read()
    unread.stage = Stage.RECEIVED
    withdraw(session, gone, actor=bart)
    shield(session, vault, secret, actor=bart)
    for signal, code in ((unread, "bundle-unread"), (gone, "bundle-gone"), (secret, "bundle-sensitive")):
        with pytest.raises(DomainError) as refused:
            bundle(session, [signal], made, actor=bart)
        assert refused.value.code == code
    release(session, vault, secret, "Iemand durft niet naar het loket.", "nl", actor=bart)
    assert bundle(session, [secret], made, actor=bart).led == 1


def test_a_sensitive_signal_counts_only_when_it_is_released(session, cast, vault, make_read) -> None:
    bart = cast.actor(cast.bart)
    one, two = make_read(), make_read()
    made = dossier(session, cast, signals=[one, two], ready=False)
    shield(session, vault, two, actor=bart)
    assert evidence(session, made).total == 1
    release(session, vault, two, "Iemand durft niet naar het loket.", "nl", actor=bart)
    assert evidence(session, made).total == 2


def test_what_was_helped_counts_and_its_person_does_not_wait_again(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    helped = make_read()
    lead_out(session, helped, Stage.HELPED, reason="De school vond een plaats.", language="nl", actor=bart)
    made = dossier(session, cast, signals=[helped], ready=False)
    assert helped.stage is Stage.HELPED
    assert total(session, made) == 1
    assert leading_dossier(session, helped.id) is None


def test_what_was_kept_is_woken_by_similar_ones(session, cast, make_read) -> None:
    kept = make_read()
    lead_out(session, kept, Stage.KEPT, reason="Nog alleen dit.", language="nl", actor=cast.actor(cast.bart))
    made = dossier(session, cast, signals=[kept], ready=False)
    assert kept.stage is Stage.BUNDLED
    assert leading_dossier(session, kept.id) is made


def test_who_joins_late_takes_the_stage_of_the_dossier(session, cast, make_read) -> None:
    bart, today = cast.actor(cast.bart), clock.today()
    made = dossier(session, cast, signals=[make_read()])
    send_asks(session, current_round(session, made), AskWay.WRITING, today, actor=bart)
    late = make_read()
    bundle(session, [late], made, actor=bart)
    assert (late.stage, late.due_on) == (Stage.ASKED, made.due_on)


def test_who_joins_after_the_telling_is_owed_the_answer(session, cast, make_read) -> None:
    bart, today = cast.actor(cast.bart), clock.today()
    first = make_read()
    made = dossier(session, cast, signals=[first])
    send_asks(session, current_round(session, made), AskWay.WRITING, today, actor=bart)
    answer_all(session, made, on=today, actor=bart)
    move(session, first, Stage.TOLD, due_on=today, actor=bart)
    assert settle(session, made, actor=bart) is Stage.TOLD
    late = make_read()
    bundle(session, [late], made, actor=bart)
    assert late.stage is Stage.ANSWERED
    assert session.exec(owed(made.id)).all() == [late.id]
    assert made.stage is Stage.TOLD


def test_taking_out_gives_the_signal_back_to_the_desk_with_a_new_clock(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    one = make_read()
    made = dossier(session, cast, signals=[one, make_read()], ready=False)
    assert take_out(session, made, [one], reason="Gaat over iets anders.", actor=bart) == 1
    assert one.stage is Stage.READ
    assert one.due_on is not None
    assert leading_dossier(session, one.id) is None
    assert total(session, made) == 1
    bundle(session, [one], made, actor=bart)
    assert one.stage is Stage.BUNDLED


def test_what_went_to_the_city_is_not_taken_out(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    one = make_read()
    made = dossier(session, cast, signals=[one])
    move_dossier(session, made, Stage.ON_AGENDA, due_on=clock.today(), actor=bart)
    session.refresh(one)
    with pytest.raises(DomainError, match="take-out-too-late"):
        take_out(session, made, [one], reason="Te laat.", actor=bart)


def test_merging_keeps_the_old_address_and_the_givers(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    shared, own = make_read(), make_read()
    source = dossier(session, cast, title="Loket dicht", signals=[shared, own], ready=False)
    target = dossier(session, cast, ready=False)
    bundle(session, [shared], target, actor=bart)
    merge(session, source, target, actor=bart)
    assert resolve(session, source.id) is target
    assert leading_dossier(session, shared.id) is target
    assert leading_dossier(session, own.id) is target
    assert total(session, target) == 2
    third = dossier(session, cast, ready=False)
    merge(session, target, third, actor=bart)
    assert resolve(session, source.id) is third
    with pytest.raises(DomainError, match="dossier-merged"):
        bundle(session, [own], source, actor=bart)


def test_merging_into_a_dossier_that_was_asked_lets_the_signals_catch_up(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    source = dossier(session, cast, signals=[one := make_read()], ready=False)
    target = dossier(session, cast, signals=[make_read()])
    send_asks(session, current_round(session, target), AskWay.WRITING, clock.today(), actor=bart)
    merge(session, source, target, actor=bart)
    session.refresh(one)
    assert one.stage is Stage.ASKED
    with pytest.raises(DomainError, match="merge-too-late"):
        merge(session, target, dossier(session, cast, ready=False), actor=bart)


def test_splitting_leaves_the_first_one_its_address_and_the_rest(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    goes, stays = make_read(), make_read()
    made = dossier(session, cast, signals=[goes, stays], ready=False)
    other = split(session, made, [goes], title="Iets anders", actor=bart)
    assert leading_dossier(session, goes.id) is other
    assert leading_dossier(session, stays.id) is made
    assert (other.stage, goes.stage) == (Stage.BUNDLED, Stage.BUNDLED)
    assert resolve(session, made.id) is made


def test_ten_thousand_signals_move_with_one_statement_and_one_event(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    signals = [make_read() for _ in range(30)]
    made = dossier(session, cast, signals=signals)
    before = count(session, SignalVerb.MOVED)
    seen = []
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *call: seen.append(call[2]))
    moved = move_dossier(session, made, Stage.ON_AGENDA, due_on=clock.today(), actor=bart)
    assert moved == 30
    assert len([line for line in seen if line.startswith("UPDATE signal ")]) == 1
    assert count(session, SignalVerb.MOVED) - before == 1
    session.refresh(signals[29])
    assert signals[29].stage is Stage.ON_AGENDA


def test_a_worker_bundles_nothing(session, cast, make_read) -> None:
    made = dossier(session, cast, ready=False)
    with pytest.raises(NotAllowed):
        bundle(session, [make_read()], made, actor=cast.actor(cast.amina))
    assert session.get(Dossier, made.id) is made

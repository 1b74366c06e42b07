"""Synthetic load looks like the real thing, on both engines, and can be added to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, select

from signalen.core.db import Sessions, create_engine
from signalen.core.models import Event
from signalen.core.vault import Vault
from signalen.desk.generate import generate
from signalen.dossiers.models import DossierSignal
from signalen.signals.models import FollowCode, Giver, Signal, SignalText, Stage


def run(url: str, vault: Vault, count: int, *, seed: int = 1) -> None:
    engine = create_engine(url)
    try:
        assert list(generate(Sessions(engine), vault, count, seed=seed)) == [count]
    finally:
        engine.dispose()


def count(session: Session, table: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table))


def test_each_signal_has_a_giver_words_and_a_past(session: Session, database_url: str, vault: Vault) -> None:
    session.rollback()
    run(database_url, vault, 300)
    signals = session.exec(select(Signal)).all()
    assert len(signals) == count(session, Giver) == count(session, SignalText) == 300
    assert len({signal.reference for signal in signals}) == 300
    assert count(session, FollowCode) > 100
    assert count(session, Event) >= 300
    bundled = {signal.id for signal in signals if signal.stage is Stage.BUNDLED}
    assert bundled == set(session.exec(select(DossierSignal.signal_id)).all())


def test_words_of_sensitive_signals_are_sealed(session: Session, database_url: str, vault: Vault) -> None:
    session.rollback()
    run(database_url, vault, 300)
    rows = session.exec(select(Signal.sensitive, SignalText).where(SignalText.signal_id == Signal.id)).all()
    assert {sensitive for sensitive, _ in rows} == {True, False}
    assert all((text.words is None) == sensitive for sensitive, text in rows)


def test_a_second_run_adds_and_goes_on_counting(session: Session, database_url: str, vault: Vault) -> None:
    session.rollback()
    run(database_url, vault, 50)
    run(database_url, vault, 50, seed=2)
    assert count(session, Signal) == 100

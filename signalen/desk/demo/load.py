"""Loads the demo: every story from its first day until today, in one transaction."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock
from signalen.core.errors import DomainError
from signalen.core.models import OutboxMessage, OutboxState
from signalen.core.permissions import SYSTEM
from signalen.core.vault import Vault
from signalen.desk.demo.cast import make_cast
from signalen.desk.demo.consultations import coming_story, held_story
from signalen.desk.demo.dossiers import bus, childcare, desks, letters, school_debts
from signalen.desk.demo.facts import facts
from signalen.desk.demo.library import load_recommendations, prepare
from signalen.desk.demo.scene import Scene
from signalen.desk.demo.signals import signal_story
from signalen.desk.demo.timeline import Days, Story, tell
from signalen.desk.demo.toets import finished_story, half_story
from signalen.people.directory import set_setting
from signalen.people.queries import is_demo
from signalen.signals.models import Signal

REAL_SIGNALS = "real-signals"
OPENS = -186
"""Working days before today on which the installation of the demo began: some nine months."""


def load(session: Session, vault: Vault) -> bool:
    """Loads the demo when it is not here yet; whether it did.

    Raises `DomainError(REAL_SIGNALS)` where people brought signals that are no demo: invented ones never stand beside those.
    """
    if is_demo(session):
        return False
    if session.exec(select(Signal.id).where(~col(Signal.demo)).limit(1)).first() is not None:
        raise DomainError(REAL_SIGNALS)
    scene = Scene(session, vault, Days(clock.now()))
    with clock.travel(scene.days.at(OPENS)):
        prepare(session)
        set_setting(session, "demo", value=True, actor=SYSTEM)
        load_recommendations(session)
        make_cast(scene)
    tell(_stories(scene))
    _mails_went(session)
    return True


def _stories(scene: Scene) -> list[Story]:
    return [
        *(signal_story(scene, number) for number in range(1, len(facts("signals")) + 1)),
        held_story(scene),
        coming_story(scene),
        letters(scene),
        school_debts(scene),
        childcare(scene),
        bus(scene),
        desks(scene),
        finished_story(scene),
        half_story(scene),
    ]


def _mails_went(session: Session) -> None:
    """The mails of these months are history: nobody should get them on the first `outbox deliver`."""
    session.flush()
    session.connection().execute(
        sa.update(OutboxMessage)
        .where(col(OutboxMessage.state) == OutboxState.WAITING)
        .values(state=OutboxState.SENT)
    )

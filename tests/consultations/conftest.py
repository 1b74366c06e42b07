from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from signalen.consultations.models import Consultation
from signalen.consultations.operations import plan_consultation
from signalen.core import clock
from signalen.core.vault import Vault
from signalen.dossiers.models import Ask, AskWay, Dossier
from signalen.dossiers.operations import send_asks
from signalen.dossiers.queries import asks_of, current_round
from signalen.signals.models import Channel, Signal
from signalen.signals.operations import read_signal
from tests import factories
from tests.factories import Cast

TODAY = date(2026, 11, 10)


def read_one(session: Session, cast: Cast, vault: Vault, **values) -> Signal:
    """A signal of Huis Linde that Bart has read."""
    made = factories.signal(
        session,
        vault,
        cast.actor(cast.amina),
        channel=Channel.CAPTURE,
        organisation_id=cast.linde.id,
        **values,
    )
    read_signal(session, made, actor=cast.actor(cast.bart))
    return made


def consultation(session: Session, cast: Cast, on: date = date(2026, 12, 8), **values) -> Consultation:
    """Planned by Bart, two hours with the city."""
    given = {
        "municipality": "antwerpen",
        "title": "Overleg stad en platform",
        "starts": "14:00",
        "minutes": 120,
        "place": "Sociaal centrum De Wilg",
    } | values
    return plan_consultation(session, held_on=on, actor=cast.actor(cast.bart), **given)


def asked(session: Session, cast: Cast, made: Dossier, on: date | None = None) -> Ask:
    """The one ask of a dossier, sent in writing."""
    round_ = current_round(session, made)
    send_asks(session, round_, AskWay.WRITING, on or clock.today(), actor=cast.actor(cast.bart))
    return asks_of(session, [round_.id])[0][0]


@pytest.fixture
def make_signal(session: Session, cast: Cast, vault: Vault) -> Callable[..., Signal]:
    return lambda **values: read_one(session, cast, vault, **values)


@pytest.fixture
def make_asked(session: Session, cast: Cast, make_signal) -> Callable[..., tuple[Dossier, Ask]]:
    """A dossier with one signal, whose ask is with the desk service."""

    def make(**values) -> tuple[Dossier, Ask]:
        made = factories.dossier(session, cast, signals=[make_signal()], **values)
        return made, asked(session, cast, made)

    return make

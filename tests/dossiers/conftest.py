from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from signalen.core.vault import Vault
from signalen.signals.models import Channel, Signal
from signalen.signals.operations import read_signal
from tests import factories
from tests.factories import Cast


@pytest.fixture
def make_read(session: Session, cast: Cast, vault: Vault) -> Callable[..., Signal]:
    """Signals of Huis Linde (or of `who`) that Bart has read."""

    def make(who=None, **values) -> Signal:
        worker = who or cast.amina
        organisation = cast.kaai if worker is cast.dre else cast.linde
        made = factories.signal(
            session,
            vault,
            cast.actor(worker),
            channel=Channel.CAPTURE,
            organisation_id=organisation.id,
            **values,
        )
        read_signal(session, made, actor=cast.actor(cast.bart))
        return made

    return make

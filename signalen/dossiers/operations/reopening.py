"""A dossier that is open again: a promise that was not kept, givers who say that it does not help."""

from __future__ import annotations

from sqlmodel import Session

from signalen.core import clock, events
from signalen.core.permissions import Actor
from signalen.dossiers.models import Dossier, DossierVerb
from signalen.dossiers.operations.dossier import check_live, take_along
from signalen.dossiers.operations.rounds import open_round
from signalen.dossiers.workflow import GOES_BACK, Because
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.signals.models import Stage


def reopen(session: Session, dossier: Dossier, *, because: Because | str, actor: Actor) -> bool:
    """Opens a told or closed dossier again: *bundled*, with a new clock, and with the signals that `GOES_BACK` names.

    Its next round is open, with the asks of the last one, so that it can go to the city again as it is.
    True when it is *bundled* now, and can go on an agenda. A dossier that is on its way to the city, or whose answer was not
    told yet, is open already: nothing changes, and the answer is False. It is not *done* any more.
    """
    why = Because(because)
    check_live(dossier)
    dossier.done_on = None
    if dossier.stage not in {Stage.TOLD, Stage.CLOSED}:
        session.flush()
        return dossier.stage is Stage.BUNDLED
    due_on = clocks.due(session, ClockName.CHOOSE, clock.today(), municipality=dossier.municipality)
    dossier.stage, dossier.stage_since, dossier.due_on = Stage.BUNDLED, clock.now(), due_on
    dossier.not_chosen_reason = None
    session.flush()
    events.record(session, DossierVerb.REOPENED, dossier, actor=actor, because=why)
    take_along(session, dossier, GOES_BACK[why], Stage.BUNDLED, due_on=due_on, actor=actor)
    open_round(session, dossier, actor=actor)
    return True


def contest(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """A giver says that the answer does not help: the dossier carries that mark until the city answers again."""
    if dossier.contested:
        return
    dossier.contested = True
    session.flush()
    events.record(session, DossierVerb.CONTESTED, dossier, actor=actor)


def put_first_in_line(session: Session, dossier: Dossier, *, actor: Actor) -> None:
    """There is no consultation to come back on: the dossier waits first for the next one (facts/loop.md)."""
    if dossier.first_in_line:
        return
    dossier.first_in_line = True
    session.flush()
    events.record(session, DossierVerb.EDITED, dossier, actor=actor, fields=["first_in_line"])

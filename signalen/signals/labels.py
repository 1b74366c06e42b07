"""Words for the states of signals, and the ring."""

from __future__ import annotations

from dataclasses import dataclass

from signalen.signals.models import Channel, HearsBack, People, Stage
from signalen.signals.privacy import PersonalData
from signalen.signals.workflow import RING
from signalen.web.forms import messages
from signalen.web.locale import gettext, lazy

STAGES = {
    Stage.RECEIVED: lazy("Received"),
    Stage.READ: lazy("Read"),
    Stage.BUNDLED: lazy("Put together"),
    Stage.ON_AGENDA: lazy("On the agenda"),
    Stage.ASKED: lazy("Asked"),
    Stage.ANSWERED: lazy("Answer received"),
    Stage.TOLD: lazy("Told to you"),
    Stage.CLOSED: lazy("Finished"),
    Stage.HELPED: lazy("Helped directly"),
    Stage.PASSED_ON: lazy("Passed on"),
    Stage.KEPT: lazy("Kept as evidence"),
    Stage.WITHDRAWN: lazy("Withdrawn"),
    Stage.REFUSED: lazy("Refused as spam"),
}
PEOPLE = {People.ONE: lazy("1 person"), People.FEW: "2–5", People.SOME: "6–20", People.MANY: lazy("more")}
CHANNELS = {
    Channel.CAPTURE: lazy("By a worker"),
    Channel.REPORT: lazy("By a resident"),
    Channel.ON_BEHALF: lazy("By a worker, for a resident"),
    Channel.IMPORT: lazy("Imported"),
}
HEARS_BACK = {
    HearsBack.CODE: lazy("With the code"),
    HearsBack.CONTACT: lazy("By the contact they left"),
    HearsBack.WORKER: lazy("The worker tells them"),
    HearsBack.CARD: lazy("With a card that the worker gave"),
    HearsBack.NONE: lazy("Not needed"),
}
PERSONAL_DATA = {
    PersonalData.EMAIL: lazy("a mail address"),
    PersonalData.BANK_ACCOUNT: lazy("a bank account number"),
    PersonalData.NATIONAL_NUMBER: lazy("a national register number"),
    PersonalData.PHONE: lazy("a phone number"),
    PersonalData.ADDRESS: lazy("an address"),
    PersonalData.NAME: lazy("a name"),
    PersonalData.PLATE: lazy("a number plate"),
}
messages(
    {
        "future-date": lazy("This date has yet to come. When did it happen?"),
        "too-many-codes": lazy("This is too much. Choose at most %(most)s."),
        "contact": lazy("Fill in a mail address or a phone number. Or leave it empty."),
        "key-used": lazy(
            "This form was sent before with other words. That signal is kept as %(reference)s. What you changed was not sent."
        ),
    }
)


@dataclass(frozen=True)
class Ring:
    """What the ring shows: filled arcs, late or not, closed or not, and the stage in words."""

    done: int
    late: bool
    closed: bool
    label: str


def ring(stage: Stage, *, late: bool = False) -> Ring:
    """The ring of a signal or dossier in this stage."""
    done = RING[stage]
    words = str(STAGES[stage])
    label = gettext("Step %(done)s of 7: %(stage)s", done=done, stage=words)
    if late:
        label = gettext("Step %(done)s of 7: %(stage)s. The next step is late.", done=done, stage=words)
    return Ring(done, late, stage in {Stage.CLOSED, Stage.HELPED, Stage.PASSED_ON}, label)

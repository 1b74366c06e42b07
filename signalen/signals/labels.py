"""Words for the states of signals, and the ring."""

from __future__ import annotations

from dataclasses import dataclass

from signalen.signals.forms import Hear
from signalen.signals.models import Channel, HearsBack, People, Stage, TodoKind
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
HEARS = {
    Hear.CODE: lazy("Only with my code"),
    Hear.CONTACT: lazy("By mail or text message"),
    Hear.LETTER: lazy("By letter"),
    Hear.WORKER: lazy("A worker tells me"),
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
TODOS = {
    TodoKind.NO_WORDS: lazy("There are no words in it. Ask the person who sent it what happened."),
    TodoKind.TOO_LONG: lazy("It is longer than the form allows."),
    TodoKind.NOT_AGREED: lazy(
        "It was given for a resident, and does not say how they agreed. Ask this first."
    ),
    TodoKind.UNKNOWN_VALUE: lazy("What was filled in is not known here."),
    TodoKind.UNKNOWN_FORM: lazy(
        "It was made with a form that is not known here. Look whether something is missing."
    ),
    TodoKind.PERSONAL_DATA: lazy("Maybe someone can be recognised by this, and nobody has looked at it yet."),
}
"""What is to be looked at in a signal from a phone."""
FIELDS = {
    "text": lazy("Words"),
    "language": lazy("The language of the words"),
    "theme": lazy("What is it about?"),
    "suggested": lazy("What is it about?"),
    "district": lazy("Where?"),
    "neighbourhood": lazy("Neighbourhood"),
    "groups": lazy("Who has this problem?"),
    "barriers": lazy("What stood in the way?"),
    "people": lazy("How many people have this problem?"),
    "sensitive": lazy("Sensitive: only named people may read this"),
    "happened_on": lazy("When did it happen?"),
    "kind": lazy("What is it?"),
    "discussed": lazy("Did you talk about this with them?"),
    "hears_back": lazy("How do they hear what happens?"),
    "on_behalf": lazy("I report this for a resident"),
    "agreed_how": lazy("How did they agree?"),
    "quote": lazy("They agree that a sentence goes to the city, without their name"),
    "publish": lazy("They agree that a sentence is made public, without their name"),
    "as_it_is": lazy("Keep it as it is"),
    "organisation": lazy("For which organisation?"),
    "again_of": lazy("The same worry again"),
    "fields": lazy("All that was filled in"),
}
"""The fields of the form of a phone, as its screen names them."""
messages(
    {
        "future-date": lazy("This date has yet to come. When did it happen?"),
        "too-many-codes": lazy("This is too much. Choose at most %(most)s."),
        "contact": lazy("Fill in a mail address or a phone number."),
        "request-settled": lazy("Somebody else decided this already."),
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

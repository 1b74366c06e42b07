"""Words for what waits, and for texts of signals."""

from __future__ import annotations

from signalen.core.due import DueKind
from signalen.signals.labels import STAGES
from signalen.signals.models import Stage, TextKind
from signalen.web.locale import lazy

DUE_KINDS = {
    DueKind.UNREAD: lazy("Unread signals"),
    DueKind.SENSITIVE: lazy("Sensitive signals, for you to read"),
    DueKind.TO_PLACE: lazy("Read, and not in a dossier yet"),
    DueKind.GIVER_WROTE: lazy("Givers wrote back"),
    DueKind.TO_LOOK_AT: lazy("From a phone, and something is to be looked at"),
    DueKind.TO_CHOOSE: lazy("A choice about the agenda is late"),
    DueKind.READY_FOR_AGENDA: lazy("Ready for the agenda"),
    DueKind.SYNTHESIS: lazy("Syntheses waiting for organisations"),
    DueKind.CONSULTATION: lazy("Consultations"),
    DueKind.ASK: lazy("Questions the city has not answered"),
    DueKind.CITY_QUESTION: lazy("The city asks us something"),
    DueKind.COMMITMENT: lazy("Promises of the city"),
    DueKind.FIRST_IN_LINE: lazy("First in line for a consultation"),
    DueKind.TO_TELL: lazy("Answers to tell"),
    DueKind.FLAGGED: lazy("The city says that a text is not faithful"),
    DueKind.TO_APPROVE: lazy("Texts to approve"),
    DueKind.NOT_REACHED: lazy("Givers who were not reached"),
    DueKind.BOARD: lazy("The public board"),
    DueKind.TOETS: lazy("Tests"),
    DueKind.CODE_ASKED: lazy("Lost codes"),
    DueKind.OTHER: lazy("Other things"),
}
TEXT_KINDS = {
    TextKind.ORIGINAL: lazy("In their words"),
    TextKind.TRANSLATION: lazy("Translation by staff"),
    TextKind.SUMMARY: lazy("Summary by staff"),
    TextKind.SAFE_LINE: lazy("Safe line: what others may read"),
}
HAPPENINGS = {
    **{stage.value: words for stage, words in STAGES.items()},
    "corrected": lazy("The words were corrected"),
    "reopened": lazy("Opened again"),
    "asked-you": lazy("Staff asked something"),
    "you-wrote": lazy("You wrote to the staff"),
}
"""What happened to a signal, as its worker reads it (`desk.mine.Happened`)."""
WAYS_OUT = {
    Stage.HELPED: lazy("Helped directly: the problem of this person was solved"),
    Stage.PASSED_ON: lazy("Passed on to somebody who can do more"),
    Stage.KEPT: lazy("Kept as evidence, until similar ones come"),
}
"""Ways out that staff can choose once they have read a signal, with what each means."""

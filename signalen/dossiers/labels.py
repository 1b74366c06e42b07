"""Words for dossiers: questions, criteria, rounds, what is missing, what happened."""

from __future__ import annotations

from signalen.dossiers.models import AskWay, DossierVerb, RoundState
from signalen.dossiers.rules import Criterion, KnockOut
from signalen.dossiers.workflow import Because
from signalen.web.locale import lazy

KNOCK_OUTS = {
    KnockOut.STRUCTURAL: lazy(
        "Is it structural? It comes back, goes beyond one person, and one organisation cannot solve it."
    ),
    KnockOut.LEVER: lazy("Does somebody whom we can ask hold a lever?"),
    KnockOut.GIVERS_AGREE: lazy("Do those who gave the signals agree that it goes to the city?"),
}
KNOCK_OUTS_SHORT = {
    KnockOut.STRUCTURAL: lazy("structural"),
    KnockOut.LEVER: lazy("somebody holds a lever"),
    KnockOut.GIVERS_AGREE: lazy("givers agree"),
}
KNOCKED_OUT = {
    KnockOut.STRUCTURAL: lazy("It is not structural."),
    KnockOut.LEVER: lazy("Nobody whom we can ask holds a lever."),
    KnockOut.GIVERS_AGREE: lazy("The givers do not agree that it goes to the city."),
}
CRITERIA = {
    Criterion.RECURS: lazy("It comes back"),
    Criterion.MANY_OR_SEVERE: lazy("It affects many people, or a few severely"),
    Criterion.RIGHT_AT_STAKE: lazy("A right is at stake"),
    Criterion.LEVER: lazy("The city has a lever"),
    Criterion.WINDOW_OPEN: lazy("There is a decision coming"),
    Criterion.NOT_ONE_ORGANISATION: lazy("One organisation cannot solve it alone"),
    Criterion.CARRIED_BY_TWO: lazy(
        "Two or more organisations carry it, or a group that only one of them meets"
    ),
    Criterion.NO_ANSWER_BEFORE: lazy("An earlier round got no answer"),
}
ROUNDS = {
    RoundState.OPEN: lazy("Being prepared"),
    RoundState.ASKED: lazy("With the city"),
    RoundState.ANSWERED: lazy("Answered"),
    RoundState.UNANSWERED: lazy("Not answered"),
}
WAYS = {
    AskWay.CONSULTATION: lazy("At a consultation"),
    AskWay.WRITING: lazy("In writing"),
}
BECAUSE = {
    Because.COMMITMENT_BROKEN: lazy("A promise was not kept."),
    Because.GIVERS_SAY_NO: lazy("Givers say that the answer does not help."),
    Because.BY_HAND: lazy("Opened again by hand."),
}
MISSING = {
    "worry": lazy("The worry is not written yet."),
    "measure": lazy("There is no proposed measure yet."),
    "synthesis": lazy("The synthesis was not announced to the organisations yet."),
    "agreements": lazy("Organisations can still say yes or no."),
}
"""What a dossier still needs before it goes to the city (`queries.missing_for_city`)."""
HAPPENED = {
    DossierVerb.OPENED: lazy("Dossier opened"),
    DossierVerb.EDITED: lazy("Changed"),
    DossierVerb.BUNDLED: lazy("Signals put in"),
    DossierVerb.TAKEN_OUT: lazy("Signals taken out"),
    DossierVerb.MERGED: lazy("Merged into another dossier"),
    DossierVerb.SPLIT: lazy("Part of it became another dossier"),
    DossierVerb.MOVED: lazy("The stage changed"),
    DossierVerb.REOPENED: lazy("Opened again"),
    DossierVerb.CONTESTED: lazy("A giver says that the answer does not help"),
    DossierVerb.WEIGHED: lazy("Weighed"),
    DossierVerb.NOT_CHOSEN: lazy("Not chosen for the agenda"),
    DossierVerb.QUOTED: lazy("Words copied with consent"),
    DossierVerb.UNQUOTED: lazy("Copied words removed"),
    DossierVerb.SYNTHESIS_WRITTEN: lazy("Synthesis written"),
    DossierVerb.SYNTHESIS_ANNOUNCED: lazy("Synthesis announced to the organisations"),
    DossierVerb.SYNTHESIS_COMMENTED: lazy("An organisation commented on the synthesis"),
    DossierVerb.SYNTHESIS_AGREED: lazy("An organisation answered about the synthesis"),
    DossierVerb.ROUND_OPENED: lazy("A round was prepared"),
    DossierVerb.ASK_ADDED: lazy("Measure added"),
    DossierVerb.ASK_REMOVED: lazy("Measure removed"),
    DossierVerb.ASKED: lazy("Asked to the city"),
    DossierVerb.ROUND_ANSWERED: lazy("The city answered"),
    DossierVerb.ROUND_UNANSWERED: lazy("Declared unanswered"),
    DossierVerb.DONE: lazy("Done: something changed"),
    DossierVerb.NOT_DONE: lazy("Not done after all"),
}

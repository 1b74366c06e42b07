"""Words for the codes of this room, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from signalen.consultations.models import CommitmentState
from signalen.toetsen.models import DecisionStage, EvidenceKind, Outcome, Perspective, ToetsState
from signalen.toetsen.rules import GapKind
from signalen.web.forms import messages
from signalen.web.locale import lazy

STAGES: Mapping[DecisionStage, Any] = {
    DecisionStage.DRAFT: lazy("A plan, not decided yet"),
    DecisionStage.TAKEN: lazy("Decided"),
    DecisionStage.CARRIED_OUT: lazy("Carried out"),
    DecisionStage.EVALUATION: lazy("Being evaluated"),
}

MOMENTS: Mapping[DecisionStage, Any] = {
    DecisionStage.DRAFT: lazy("Before the decision"),
    DecisionStage.TAKEN: lazy("After the decision"),
    DecisionStage.CARRIED_OUT: lazy("While it is carried out"),
    DecisionStage.EVALUATION: lazy("After the evaluation"),
}
"""When a test was made."""

OUTCOMES: Mapping[Outcome, Any] = {
    Outcome.PASS: lazy("Pass"),
    Outcome.CONDITIONS: lazy("Pass with conditions"),
    Outcome.FAIL: lazy("Fail"),
    Outcome.NOT_TESTED: lazy("Not tested"),
}

PERSPECTIVES: Mapping[Perspective, Any] = {
    Perspective.CITY: lazy("The city"),
    Perspective.PLATFORM: lazy("The organisations"),
    Perspective.PANEL: lazy("The panel"),
}

STATES: Mapping[ToetsState, Any] = {
    ToetsState.QUICKSCAN: lazy("Quickscan done"),
    ToetsState.NOT_TESTED: lazy("Not tested"),
    ToetsState.OPEN: lazy("Being answered"),
    ToetsState.CLOSED: lazy("Finished"),
}

EVIDENCE: Mapping[EvidenceKind, Any] = {
    EvidenceKind.SIGNAL: lazy("A signal"),
    EvidenceKind.DOSSIER: lazy("A dossier"),
    EvidenceKind.DOCUMENT: lazy("A document"),
    EvidenceKind.MEETING: lazy("A meeting"),
    EvidenceKind.GROUND: lazy("A written ground"),
}

GAPS: Mapping[GapKind, Any] = {
    GapKind.UNANSWERED: lazy("No answer yet"),
    GapKind.EVIDENCE: lazy("A 2 or 3 without evidence"),
    GapKind.OUTCOME: lazy("Nobody wrote the outcome yet"),
    GapKind.REASON: lazy("The outcome departs from the worst of the perspectives, and has no reason"),
    GapKind.CONDITION: lazy("A pass with conditions needs at least one condition"),
}

CONDITION_STATES: Mapping[CommitmentState, Any] = {
    CommitmentState.OPEN: lazy("Still to do"),
    CommitmentState.KEPT: lazy("Done"),
    CommitmentState.BROKEN: lazy("Not kept"),
    CommitmentState.DROPPED: lazy("Dropped"),
}

messages(
    {
        "bad-value": lazy("This is no answer to this question."),
        "no-such-question": lazy("This question is not asked of you."),
        "not-an-outcome": lazy("Choose one of these."),
        "departure-needs-reason": lazy("Say why you depart from the worst of the perspectives."),
        "toets-not-open": lazy("This test does not take answers any more."),
        "not-your-answer": lazy("This is an answer of somebody else."),
        "answer-first": lazy("Answer the question first, then say what it leans on."),
        "unknown-reference": lazy("There is nothing with this reference."),
        "evidence-needs-label": lazy("Say in a few words what it is."),
        "toets-on-agenda": lazy("This test stands on an agenda already."),
        "toets-other-municipality": lazy("This decision is of another municipality."),
        "https-only": lazy("Fill in an address that starts with https://"),
    }
)

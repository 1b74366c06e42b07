"""What this room adds to the page of a dossier: the answers to its asks, and its promises."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from signalen.consultations.labels import COMMITMENTS, Line, lines
from signalen.consultations.models import Answer, Commitment
from signalen.consultations.queries import CommitmentRow, commitments
from signalen.consultations.queries.outcomes import answers_about
from signalen.themes.queries import names
from signalen.web.guards import current_actor
from signalen.web.locale import language
from signalen.web.sessions import db


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words: what kind, when, and what it says."""

    kind: str
    given_on: date
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Answers per ask, promises by date, and the words for the state of a promise."""

    said: Mapping[uuid.UUID, Sequence[Said]]
    promises: Sequence[CommitmentRow]
    states: Mapping[Any, Any]


def outcomes_of(dossier_id: uuid.UUID) -> Outcomes:
    """For the template of a dossier, whose own room comes before this one and cannot ask for it."""
    spoken = names(db(), language())

    def say(answer: Answer) -> Said:
        return Said(spoken.answer_kind(answer.kind.value), answer.given_on, lines(answer, spoken))

    said = {
        ask_id: [say(answer) for answer in given] for ask_id, given in answers_about(db(), dossier_id).items()
    }
    promises = commitments(db(), current_actor(), Commitment.dossier_id == dossier_id)
    return Outcomes(said, promises, COMMITMENTS)

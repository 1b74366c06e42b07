"""What the pages of this room share: the blueprint, words, and finding a decision or a test."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, abort

from signalen.toetsen import labels, queries, questionnaires
from signalen.toetsen.models import Decision, Perspective, Toets
from signalen.toetsen.questionnaires import Names
from signalen.web.guards import current_actor
from signalen.web.locale import language, show_date
from signalen.web.sessions import db

bp = Blueprint("toetsen", __name__)


@bp.app_template_filter("day")
def day(value: str) -> str:
    """A date that was kept as text ("2027-03-01"), in words."""
    return show_date(date.fromisoformat(value)) if value else ""


def say(given: Names) -> str:
    """A name in the language of the page."""
    return questionnaires.say(given, language())


def words() -> dict[str, Any]:
    """The words every template of this room needs."""
    return {
        "say": say,
        "moments": labels.MOMENTS,
        "stages": labels.STAGES,
        "states": labels.STATES,
        "outcome_names": labels.OUTCOMES,
        "condition_names": labels.CONDITION_STATES,
        "evidence_names": labels.EVIDENCE,
        "gap_names": labels.GAPS,
    }


def find_decision(decision_id: uuid.UUID) -> Decision:
    """The decision, or 404."""
    return queries.find_decision(db(), current_actor(), decision_id) or abort(404)


def find_toets(toets_id: uuid.UUID, perspective: Perspective) -> tuple[Toets, Decision]:
    """The test and its decision, or 404."""
    return queries.find_toets(db(), current_actor(), toets_id, perspective) or abort(404)

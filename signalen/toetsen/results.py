"""The picture of a test as it stands: computed for an open one, kept for a finished one."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from signalen.core.clock import day_of
from signalen.toetsen import questionnaires, snapshots
from signalen.toetsen.known import known_facts, shown_before
from signalen.toetsen.models import Decision, Toets
from signalen.toetsen.queries import conditions_of, form_of, voices
from signalen.toetsen.subjects import decision_data


def picture(session: Session, toets: Toets, decision: Decision) -> snapshots.Data:
    """The test as data: what was frozen when it is finished, else as it stands now."""
    return toets.frozen if toets.frozen is not None else compose(session, toets, decision, conclusion={})


def compose(
    session: Session,
    toets: Toets,
    decision: Decision,
    *,
    conclusion: Mapping[str, Any],
    shuffle: random.Random | None = None,
) -> snapshots.Data:
    """The test as it stands now. `conclusion`: who concluded and closed it, in names.

    `shuffle` mixes the people, so that the number of a panel member tells nothing about who it is.
    """
    subject = decision_data(session, decision)
    said = voices(session, toets, body=subject["body"])
    if shuffle is not None:
        shuffle.shuffle(said)
    return snapshots.compose(
        form_of(toets),
        questionnaires.raw(toets.questionnaire, toets.questionnaire_version),
        said,
        decision=subject,
        facts=known_facts(session, decision, shown=shown_before(session, decision)),
        conclusion={
            "moment": toets.asked_at_stage.value,
            "started_on": day_of(toets.started_at).isoformat(),
            "outcome": toets.outcome.value if toets.outcome else None,
            "reason": toets.outcome_reason,
            "quickscan": toets.quickscan,
            **conclusion,
        },
        conditions=[
            {
                "words": condition.words,
                "owner": commitment.owner,
                "due_on": commitment.due_on.isoformat(),
                "commitment": str(commitment.id),
                "state": commitment.state.value,
            }
            for condition, commitment in conditions_of(session, toets.id)
        ],
    )

"""What an organisation is asked about: announced syntheses of dossiers that hold its signals."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from signalen.core.permissions import Actor
from signalen.dossiers.models import Agreement, Dossier, SynthesisVersion
from signalen.dossiers.queries.syntheses import visible_syntheses


@dataclass(frozen=True, slots=True)
class SynthesisRow:
    """The last announced version of a dossier; `answers`: how many of my organisations said yes or no."""

    id: uuid.UUID
    title: str
    number: int
    announced_on: date
    deadline_on: date
    answers: int


def syntheses_for(session: Session, actor: Actor, *, limit: int = 20) -> list[SynthesisRow]:
    """The last announced version of each dossier that this person may read, the nearest deadline last. One statement."""
    visible = visible_syntheses(actor).with_only_columns(col(SynthesisVersion.id))
    newer = aliased(SynthesisVersion)
    answers = (
        sa.select(sa.func.count())
        .select_from(Agreement)
        .where(
            col(Agreement.version_id) == col(SynthesisVersion.id),
            col(Agreement.organisation_id).in_(actor.organisations),
        )
        .correlate(SynthesisVersion)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            col(SynthesisVersion.id),
            col(Dossier.title),
            col(SynthesisVersion.number),
            col(SynthesisVersion.announced_on),
            col(SynthesisVersion.deadline_on),
            answers,
        )
        .join(Dossier, col(Dossier.id) == col(SynthesisVersion.dossier_id))
        .where(
            col(SynthesisVersion.id).in_(visible),
            ~sa.exists().where(
                col(newer.dossier_id) == col(SynthesisVersion.dossier_id),
                col(newer.number) > col(SynthesisVersion.number),
                col(newer.announced_on).is_not(None),
            ),
        )
        .order_by(col(SynthesisVersion.deadline_on).desc())
        .limit(limit)
    ).all()
    return [SynthesisRow(*row) for row in rows]

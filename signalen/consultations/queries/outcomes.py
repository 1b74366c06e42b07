"""What the city said and promised about one dossier, over all its rounds."""

from __future__ import annotations

import uuid

from sqlmodel import Session, col, select

from signalen.consultations.models import Answer
from signalen.dossiers.models import Ask, Round


def answers_about(session: Session, dossier_id: uuid.UUID) -> dict[uuid.UUID, list[Answer]]:
    """The answers that stand, per ask, the first one first; those that were corrected are left out. One statement."""
    found = session.exec(
        select(Answer)
        .join(Ask, col(Ask.id) == col(Answer.ask_id))
        .join(Round, col(Round.id) == col(Ask.round_id))
        .where(Round.dossier_id == dossier_id, col(Answer.replaced_by_id).is_(None))
        .order_by(col(Answer.recorded_at), col(Answer.id))
    )
    said: dict[uuid.UUID, list[Answer]] = {}
    for answer in found:
        said.setdefault(answer.ask_id, []).append(answer)
    return said

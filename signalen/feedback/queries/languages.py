"""Which languages the givers of a dossier read, and who of them waits for a version."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.dossiers.queries import leading_ids
from signalen.signals.models import Giver, Signal
from signalen.signals.workflow import SILENT
from signalen.texts.queries import SOURCE


@dataclass(frozen=True, slots=True)
class Readers:
    """A language, and how many givers read it. `missing`: they would get the Dutch text."""

    language: str
    givers: int
    missing: bool


def readers_of(
    session: Session, dossier_id: uuid.UUID, offered: Collection[str], approved: Collection[str]
) -> Sequence[Readers]:
    """Dutch left out: first the languages that givers wait for, the most givers first, then those they have, then what is offered."""
    rows = session.execute(
        sa.select(col(Giver.language), sa.func.count())
        .join(Signal, col(Signal.giver_id) == col(Giver.id))
        .where(
            col(Signal.id).in_(leading_ids(dossier_id)),
            col(Signal.erased_at).is_(None),
            col(Signal.stage).not_in(SILENT),
            col(Giver.language) != SOURCE,
        )
        .group_by(col(Giver.language))
    )
    counted = {str(language): int(number) for language, number in rows}
    known = dict.fromkeys([*counted, *(code for code in offered if code != SOURCE)])
    found = [Readers(code, counted.get(code, 0), code not in approved) for code in known]
    return sorted(found, key=lambda each: (not (each.givers and each.missing), -each.givers))

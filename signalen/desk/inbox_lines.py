"""The lines of the inbox, put into words once: a page shows twenty of them, and every call in its template counts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from signalen.core.due import is_late
from signalen.signals.labels import STAGES, Ring, ring
from signalen.signals.models import Stage
from signalen.signals.queries import SignalRow
from signalen.themes.queries import Names
from signalen.web.locale import gettext as _
from signalen.web.locale import show_date

WAITING = frozenset({Stage.RECEIVED, Stage.READ})
"""Stages whose clock is shown before it has run out: the next step is for the desk."""


@dataclass(frozen=True, slots=True)
class Line:
    """One signal in the list, in the language of the page. `words` is None when they are sealed."""

    id: str
    choose: str
    words: str | None
    language: str
    ring: Ring
    unread: bool
    facts: tuple[str, ...]
    themes: tuple[str, ...]
    sensitive: bool
    paused: bool
    clock: str
    late: bool


def lines(
    rows: Iterable[SignalRow], *, names: Names, organisations: Mapping[uuid.UUID, str], today: date
) -> list[Line]:
    """The lines for these rows; `organisations` gives the name of each that may stand there."""
    stages: dict[Stage, str] = {}
    resident = _("Resident")
    made = []
    for row in rows:
        stage = stages.get(row.stage) or stages.setdefault(row.stage, str(STAGES[row.stage]))
        late = not row.paused and is_late(row.due_on, today)
        place = names.place(row.place_code) if row.place_code else ""
        giver = organisations.get(row.organisation_id, "") if row.organisation_id else resident
        facts = (row.reference, stage, show_date(row.received_at, "short"), place, giver)
        made.append(
            Line(
                id=str(row.id),
                choose=_("Choose %(reference)s", reference=row.reference),
                words=row.words,
                language=row.language,
                ring=ring(row.stage, late=late),
                unread=row.stage is Stage.RECEIVED,
                facts=tuple(fact for fact in facts if fact),
                themes=tuple(map(names.theme, row.themes)),
                sensitive=row.sensitive,
                paused=row.paused,
                clock=_clock(row, late=late),
                late=late,
            )
        )
    return made


def _clock(row: SignalRow, *, late: bool) -> str:
    if row.due_on is None or not (late or row.stage in WAITING):
        return ""
    day = show_date(row.due_on, "short")
    return _("Late since %(day)s", day=day) if late else _("Before %(day)s", day=day)

"""What waits for the staff, asked of every room and put in piles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.consultations.queries.due import due as consultations_due
from signalen.core.due import Due, DueKind
from signalen.core.permissions import Actor
from signalen.dossiers.queries.lists import due as dossiers_due
from signalen.feedback.queries.work import due as feedback_due
from signalen.signals.lost_codes import due as codes_due
from signalen.signals.models import Signal, Stage
from signalen.signals.queries import due as signals_due
from signalen.signals.queries import seen_by
from signalen.signals.todos import due as todos_due
from signalen.toetsen.queries import due as toetsen_due

Room = Callable[[Session, Actor, date], list[Due]]
ROOMS: tuple[Room, ...] = (
    signals_due,
    todos_due,
    codes_due,
    dossiers_due,
    consultations_due,
    feedback_due,
    toetsen_due,
)
"""Every room that has something to remind of; each gives at most so many that a page can hold them."""
SHOWN = 6
ORDER: Sequence[DueKind] = (
    DueKind.SENSITIVE,
    DueKind.UNREAD,
    DueKind.GIVER_WROTE,
    DueKind.CODE_ASKED,
    DueKind.TO_LOOK_AT,
    DueKind.CITY_QUESTION,
    DueKind.TO_TELL,
    DueKind.FLAGGED,
    DueKind.TO_APPROVE,
    DueKind.ASK,
    DueKind.COMMITMENT,
    DueKind.FIRST_IN_LINE,
    DueKind.TO_CHOOSE,
    DueKind.READY_FOR_AGENDA,
    DueKind.CONSULTATION,
    DueKind.SYNTHESIS,
    DueKind.TO_PLACE,
    DueKind.NOT_REACHED,
    DueKind.BOARD,
    DueKind.TOETS,
    DueKind.OTHER,
)
"""People first, promises next, then what can wait a day."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind: how many, how many of them late, and the ones to show, the latest first."""

    kind: DueKind
    count: int
    late: int
    rows: Sequence[Due]


def piles(session: Session, actor: Actor, today: date) -> list[Pile]:
    """Everything that waits for this person, most pressing kind first; kinds with nothing are left out."""
    found: dict[DueKind, list[Due]] = defaultdict(list)
    for room in ROOMS:
        for one in room(session, actor, today):
            found[one.kind].append(one)
    counts = _signal_counts(session, actor, today) if found.keys() & SIGNAL_KINDS else {}
    made = []
    for kind in ORDER:
        rows = sorted(found.get(kind, ()), key=lambda row: (not row.late, row.due_on or date.max))
        if rows:
            count, late = counts.get(kind, (len(rows), sum(row.late for row in rows)))
            made.append(Pile(kind, count, late, rows[:SHOWN]))
    return made


SIGNAL_KINDS = frozenset({DueKind.UNREAD, DueKind.SENSITIVE, DueKind.TO_PLACE})


def _signal_counts(session: Session, actor: Actor, today: date) -> dict[DueKind, tuple[int, int]]:
    """All of them and the late ones, by kind: there can be more signals than a page holds. One statement."""
    late = sa.func.sum(sa.case((col(Signal.due_on) < today, 1), else_=0))
    rows = session.execute(
        sa.select(col(Signal.stage), col(Signal.sensitive), sa.func.count(), late)
        .where(
            seen_by(actor),
            col(Signal.stage).in_([Stage.RECEIVED, Stage.READ]),
            ~col(Signal.paused),
        )
        .group_by(col(Signal.stage), col(Signal.sensitive))
    ).all()
    counts: dict[DueKind, tuple[int, int]] = {}
    for stage, sensitive, number, late_ones in rows:
        plain = DueKind.UNREAD if stage is Stage.RECEIVED else DueKind.TO_PLACE
        kind = DueKind.SENSITIVE if sensitive else plain
        before = counts.get(kind, (0, 0))
        counts[kind] = (before[0] + number, before[1] + int(late_ones or 0))
    return counts

"""The stage and the cast of synthetic load: what signals need before they can be made, and how rows are written."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlmodel import Session, SQLModel, select

from signalen.core import clock
from signalen.core.ids import new_id, public_id
from signalen.core.models import Event
from signalen.core.permissions import SYSTEM, ActorKind, Role
from signalen.core.workdays import add_working_days
from signalen.dossiers.models import Dossier, DossierTheme, DossierVerb
from signalen.people.clocks import DEFAULTS, ClockName
from signalen.people.models import Membership, Municipality, Organisation, User
from signalen.signals.codes import reference
from signalen.signals.models import ReferenceCounter, SignalVerb, Stage
from signalen.themes.models import Barrier, Group, Place, Theme
from signalen.themes.operations import load_vocabulary

ORGANISATIONS, WORKERS, STAFF = 20, 60, 2
SIGNALS_PER_DOSSIER, MOST_DOSSIERS = 500, 200
NAMESPACE = uuid.UUID("5f0c3f52-6c1e-4f0e-9a55-73a1c1e5a001")

Rows = dict[type[SQLModel], list[dict[str, Any]]]


@dataclass(frozen=True)
class Vocabulary:
    """The codes to choose from, as they stand in the database."""

    themes: Sequence[str]
    groups: Sequence[str]
    barriers: Sequence[str]
    places: Sequence[str]
    municipality: str

    @classmethod
    def load(cls, session: Session) -> Vocabulary:
        """Read the active codes; those of the project are brought in first, so that an empty database will do."""
        load_vocabulary(session, actor=SYSTEM)
        themes, groups, barriers, places = (
            sorted(session.exec(select(table.code).where(table.active)).all())
            for table in (Theme, Group, Barrier, Place)
        )
        return cls(themes, groups, barriers, places, session.exec(select(Municipality.code)).first() or "")


@dataclass(frozen=True)
class Cast:
    """The invented organisations and people; none of them can sign in."""

    workers: Sequence[tuple[uuid.UUID, uuid.UUID]]
    """Pairs of a person and their organisation."""
    staff: Sequence[uuid.UUID]


def make_cast(session: Session, now: datetime) -> Cast:
    """The invented organisations and people, made when they are not there yet."""
    rows: Rows = defaultdict(list)
    known = set(session.exec(select(User.id)).all())
    organisations = [uuid.uuid5(NAMESPACE, f"organisation-{n}") for n in range(ORGANISATIONS)]
    workers = [uuid.uuid5(NAMESPACE, f"worker-{n}") for n in range(WORKERS)]
    staff = [uuid.uuid5(NAMESPACE, f"staff-{n}") for n in range(STAFF)]
    pairs = [(worker, organisations[n % ORGANISATIONS]) for n, worker in enumerate(workers)]
    if workers[0] not in known:
        rows[Organisation] = [
            {
                "id": each,
                "name": f"Proeforganisatie {n}",
                "directory_only": False,
                "active": True,
                "demo": True,
            }
            for n, each in enumerate(organisations, 1)
        ]
        people: list[tuple[uuid.UUID, uuid.UUID | None, Role, str]] = [
            (*pair, Role.WORKER, f"worker-{n}") for n, pair in enumerate(pairs, 1)
        ]
        people += [(each, None, Role.STAFF, f"staff-{n}") for n, each in enumerate(staff, 1)]
        rows[User] = [
            {
                "id": person,
                "email": f"{name}@synthetic.invalid",
                "name": name,
                "language": "nl",
                "active": True,
                "demo": True,
                "created_at": now,
            }
            for person, _, _, name in people
        ]
        rows[Membership] = [
            {
                "id": new_id(),
                "user_id": person,
                "role": role,
                "organisation_id": organisation,
                "may_agree": False,
                "may_read_sensitive": False,
                "since": now,
            }
            for person, organisation, role, _ in people
        ]
        write_rows(session, rows)
    return Cast(pairs, staff)


def make_dossiers(
    session: Session, count: int, vocabulary: Vocabulary, cast: Cast, now: datetime
) -> Mapping[str, Sequence[uuid.UUID]]:
    """New dossiers for `count` signals, at least one per theme; returns their ids per theme."""
    wanted = max(len(vocabulary.themes), min(MOST_DOSSIERS, count // SIGNALS_PER_DOSSIER))
    numbers, year = last_numbers(session, "D"), clock.day_of(now).year
    rows: Rows = defaultdict(list)
    made: dict[str, list[uuid.UUID]] = defaultdict(list)
    for n in range(wanted):
        theme, dossier = vocabulary.themes[n % len(vocabulary.themes)], new_id()
        numbers[year] = numbers.get(year, 0) + 1
        made[theme].append(dossier)
        rows[Dossier].append(
            {
                "id": dossier,
                "public_id": public_id(),
                "reference": reference(year, numbers[year], series="D"),
                "title": f"Proefdossier {numbers[year]}: {theme}",
                "worry": "Een verzonnen zorg, om mee te meten.",
                "evidence": "",
                "why_probe": "",
                "municipality": vocabulary.municipality,
                "stage": Stage.BUNDLED,
                "stage_since": now,
                "due_on": due_on(clock.day_of(now), DEFAULTS[ClockName.CHOOSE]),
                "lead_id": cast.staff[0],
                "second_id": cast.staff[-1],
                "contested": False,
                "first_in_line": False,
                "opened_at": now,
                "opened_by": cast.staff[0],
                "demo": True,
            }
        )
        rows[DossierTheme].append({"dossier_id": dossier, "theme_code": theme})
        rows[Event].append(
            event_row(DossierVerb.OPENED, "dossier", dossier, now, (ActorKind.USER, cast.staff[0]))
        )
    keep_numbers(session, "D", numbers)
    write_rows(session, rows)
    return made


def event_row(
    verb: SignalVerb | DossierVerb,
    subject: str,
    subject_id: uuid.UUID,
    at: datetime,
    by: tuple[ActorKind, uuid.UUID],
    **data: int | str,
) -> dict[str, Any]:
    """The row of an event that happened in the past; `data` as in `events.record`."""
    kind, actor = by
    return {
        "at": at,
        "actor_kind": kind,
        "actor_id": actor,
        "verb": verb.value,
        "subject_type": subject,
        "subject_id": subject_id,
        "data": data,
    }


def last_numbers(session: Session, series: str) -> dict[int, int]:
    """The last number given out per year, locked until the end of the transaction."""
    query = select(ReferenceCounter.year, ReferenceCounter.last).where(ReferenceCounter.series == series)
    return dict(session.exec(query.with_for_update()).all())


def keep_numbers(session: Session, series: str, numbers: Mapping[int, int]) -> None:
    """Remember the last number given out per year."""
    for year, last in numbers.items():
        session.merge(ReferenceCounter(series=series, year=year, last=last))
    session.flush()


def write_rows(session: Session, rows: Rows) -> None:
    """Insert all rows, a table at a time, those that others point to first; all rows of a table have the same keys."""
    connection = session.connection()
    for table in SQLModel.metadata.sorted_tables:
        for model, values in rows.items():
            if model.__tablename__ == table.name and values:
                if connection.dialect.name == "postgresql":
                    _copy(connection, table, values)
                else:
                    connection.execute(sa.insert(table), values)


def _copy(connection: sa.Connection, table: sa.Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Write rows with PostgreSQL's COPY, three times as fast as one INSERT per row."""
    columns = [table.columns[name] for name in values[0]]
    processors = [
        column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns
    ]
    prepare = connection.dialect.identifier_preparer
    names = ", ".join(prepare.quote(column.name) for column in columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {prepare.quote(table.name)} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(
                [
                    process(value) if process else value
                    for process, value in zip(processors, row.values(), strict=True)
                ]
            )


@cache
def due_on(start: date, days: int) -> date:
    """As `add_working_days`, remembered: many signals share a day."""
    return add_working_days(start, days)


@cache
def sentences() -> dict[str, Any]:
    """Openings, worries per theme and closes, per language."""
    path = Path(__file__).parent / "facts" / "generated_words.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found

"""What can be chosen around the list: organisations and open dossiers, in one statement, since each takes as long."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from signalen.core.permissions import Actor
from signalen.dossiers.queries.lists import open_dossiers
from signalen.people.queries import ACTIVE_ORGANISATIONS

Choices = tuple[tuple[uuid.UUID, str], ...]


def choices(session: Session, actor: Actor, *, dossiers: int) -> tuple[Choices, Choices]:
    """The active organisations by name, and the newest open dossiers that this person may see."""
    rows = session.connection().execute(_statement(actor, dossiers)).all()
    known = tuple((key, name) for is_dossier, key, name in rows if not is_dossier)
    found = sorted(((key, name) for is_dossier, key, name in rows if is_dossier), reverse=True)
    return known, tuple(found)


@lru_cache(maxsize=64)
def _statement(actor: Actor, dossiers: int) -> sa.CompoundSelect[*tuple[Any, ...]]:
    newest, known = open_dossiers(actor, (), dossiers).subquery(), ACTIVE_ORGANISATIONS.subquery()
    return sa.union_all(
        sa.select(sa.literal_column("0").label("is_dossier"), known.c.id, known.c.name.label("name")),
        sa.select(sa.literal_column("1"), newest.c.id, newest.c.name),
    ).order_by("name")

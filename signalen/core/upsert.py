"""Inserts that may meet a row that is already there: the same words on both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(
    connection: sa.Connection, table: type, values: Mapping[str, Any], *, unique: Sequence[str]
) -> bool:
    """Inserts a row unless one with the same `unique` columns stands already; says whether it did."""
    statement = (
        _insert(connection, table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=unique)
        .returning(sa.literal(1))
    )
    return connection.execute(statement).first() is not None


def next_number(connection: sa.Connection, table: type, *, counted: str, **key: Any) -> int:
    """Raises the counter in the row with this key by one (it starts at 1) and gives it: one statement."""
    column = table.__table__.c[counted]  # type: ignore[attr-defined]  # SQLModel hides __table__
    statement = (
        _insert(connection, table)
        .values(**key, **{counted: 1})
        .on_conflict_do_update(index_elements=list(key), set_={counted: column + 1})
        .returning(column)
    )
    return int(connection.execute(statement).scalar_one())


def _insert(connection: sa.Connection, table: type) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)

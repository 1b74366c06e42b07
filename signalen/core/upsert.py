"""Inserts on the shortest way, and those that may meet a row that is already there: the same words on both engines.

Statements are made once per table and kept; values travel as parameters only. On a hot path that halves the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_rows(connection: sa.Connection, table: type, rows: Row | Sequence[Row]) -> None:
    """Inserts one row, or several of the same columns, in one statement; nothing for an empty list."""
    if rows:
        connection.execute(_plain(table), rows)


def insert_new(connection: sa.Connection, table: type, values: Row, *, unique: Sequence[str]) -> bool:
    """Inserts a row unless one with the same `unique` columns stands already; says whether it did."""
    statement = _unless_known(connection.dialect.name, table, tuple(unique))
    return connection.execute(statement, values).first() is not None


def next_number(connection: sa.Connection, table: type, *, counted: str, **key: Any) -> int:
    """Raises the counter in the row with this key by one (it starts at 1) and gives it: one statement."""
    statement = _counting(connection.dialect.name, table, counted, tuple(key))
    return int(connection.execute(statement, {**key, counted: 1}).scalar_one())


def _table(table: type) -> sa.Table:
    return table.__table__  # type: ignore[attr-defined,no-any-return]  # SQLModel hides __table__


@cache
def _plain(table: type) -> sa.Insert:
    return sa.insert(_table(table))


@cache
def _unless_known(dialect: str, table: type, unique: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table).on_conflict_do_nothing(index_elements=unique)
    return statement.returning(sa.literal_column("1"))


@cache
def _counting(dialect: str, table: type, counted: str, key: tuple[str, ...]) -> Any:
    column = _table(table).c[counted]
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(index_elements=key, set_={counted: column + 1}).returning(column)


def _insert(dialect: str, table: type) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(_table(table))

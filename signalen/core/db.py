"""The database: engine, types, constraint names. SQLite by default, PostgreSQL when one machine is not enough."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.engine.interfaces import DBAPIConnection, ExecutionContext
from sqlalchemy.orm import QueryableAttribute
from sqlmodel import Session, SQLModel

E = TypeVar("E", bound=StrEnum)

# Named constraints, so that a migration can drop what another one made on either engine.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

WRITES = "signalen_writes"
"""Execution option: this session will write, so SQLite takes its lock at BEGIN (deferred ones fail under load)."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment, stored in UTC. Refuses naive datetimes; gives back aware ones on both engines."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return (
            value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)
        )

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_enum(enum: type[E]) -> sa.Enum:
    """An enum column that stores the member's *value* and keeps it with a CHECK on both engines."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in enum.__name__).lstrip("_")
    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=max(40, *(len(m.value) for m in enum)),
        values_callable=lambda members: [m.value for m in members],
    )


def json_column() -> sa.types.TypeEngine[Any]:
    """JSON on SQLite, JSONB on PostgreSQL."""
    return sa.JSON().with_variant(JSONB(), "postgresql")


def rel(attribute: Any) -> QueryableAttribute[Any]:
    """Tells the type checker that a relationship attribute is one: `selectinload(rel(Dossier.asks))`."""
    return cast("QueryableAttribute[Any]", attribute)


def create_engine(url: str) -> Engine:
    """An engine for `url`; a bare `postgresql://` means psycopg 3."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=5)
    engine = sa.create_engine(parsed, connect_args={"check_same_thread": False, "timeout": 15})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    raw = cast("sqlite3.Connection", connection)
    raw.isolation_level = None  # BEGIN is ours (see _begin_sqlite): the driver would defer it
    # secure_delete: what is erased leaves no words behind in the free pages of the file.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "secure_delete=ON",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _refuse_to_write(
    _connection: Connection,
    _cursor: object,
    _statement: str,
    _parameters: object,
    context: ExecutionContext | None,
    _many: bool,  # noqa: FBT001  # what the event gives
) -> None:
    if isinstance(context, DefaultExecutionContext) and (
        context.isinsert or context.isupdate or context.isdelete
    ):
        raise RuntimeError("a session that only reads was asked to write")


class Sessions:
    """Makes sessions: one per request or command, for reading or for writing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        # On PostgreSQL a transaction adds nothing to reading, since each statement there sees what is committed anyway;
        # it takes a trip to begin and one to roll back, after which the driver forgets every prepared statement.
        alone = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**alone)
        event.listen(self._reader, "before_cursor_execute", _refuse_to_write)

    def read(self) -> Session:
        """A session that only reads; a write raises RuntimeError."""
        return Session(self._reader, expire_on_commit=False, autoflush=True)

    def write(self) -> Session:
        """A session that may write; on SQLite it holds the write lock from its first statement."""
        return Session(self._writer, expire_on_commit=False, autoflush=True)


def after_commit(session: Session, do: Callable[[], None]) -> None:
    """Does what cannot be taken back (a file goes) once this transaction is kept, and never when it is rolled back."""
    waiting = [do]

    def kept(of: Session) -> None:
        if waiting and not of.in_nested_transaction():  # a savepoint can still be rolled back with the rest
            waiting.pop()()

    event.listen(session, "after_commit", kept)
    event.listen(session, "after_rollback", lambda _session: waiting.clear())


__all__ = [
    "WRITES",
    "Sessions",
    "UtcDateTime",
    "after_commit",
    "create_engine",
    "json_column",
    "rel",
    "stored_enum",
]

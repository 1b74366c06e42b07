"""Sessions: one that only reads cannot write, holds nothing open on PostgreSQL, and sees what others have committed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlmodel import col, select

from signalen.core.db import Sessions, create_engine
from signalen.people.models import Organisation

NAME = Organisation(name="Het Huis").model_dump()
WRITES = (
    sa.insert(Organisation).values(NAME),
    sa.update(Organisation).values(name="Het Dorp"),
    sa.delete(Organisation),
)


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    engine = create_engine(database_url)
    yield Sessions(engine)
    engine.dispose()


@pytest.mark.parametrize("statement", WRITES, ids=("insert", "update", "delete"))
def test_a_session_that_only_reads_refuses_to_write(sessions, statement) -> None:
    with sessions.read() as session, pytest.raises(RuntimeError, match="only reads"):
        session.execute(statement)
    with sessions.write() as session:
        session.execute(statement)


def test_what_is_added_to_a_session_that_only_reads_is_refused_at_its_flush(sessions) -> None:
    with sessions.read() as session:
        session.add(Organisation(name="Het Huis"))
        with pytest.raises(RuntimeError, match="only reads"):
            session.flush()


def test_reading_opens_no_transaction_on_postgresql(sessions) -> None:
    if sessions.engine.dialect.name == "sqlite":
        return
    with sessions.read() as session:
        session.exec(select(Organisation)).all()
        driver = session.connection().connection.driver_connection
        assert driver.info.transaction_status is TransactionStatus.IDLE
    with sessions.write() as session:
        session.exec(select(Organisation)).all()
        driver = session.connection().connection.driver_connection
        assert driver.info.transaction_status is TransactionStatus.INTRANS


def test_the_next_reading_sees_what_was_written_in_between(sessions) -> None:
    names = select(Organisation.name).where(col(Organisation.name) == "Het Huis")
    with sessions.read() as session:
        assert not session.exec(names).all()
    with sessions.write() as session:
        session.add(Organisation(name="Het Huis"))
        session.commit()
    with sessions.read() as session:
        assert session.exec(names).all() == ["Het Huis"]

"""Migrations: up, down and up again on both engines, equal to the models, with the guards of the event log."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import DBAPIError

from signalen.cli import alembic_config
from signalen.core import events
from signalen.core.db import Sessions, create_engine
from signalen.core.permissions import SYSTEM
from signalen.people.models import PeopleVerb
from signalen.tables import metadata
from tests.factories import add_cast


def test_the_migrations_make_what_the_models_say(database_url) -> None:
    command.check(alembic_config(database_url))


def test_down_and_up_again_with_data_in_it(database_url) -> None:
    engine = create_engine(database_url)
    with Sessions(engine).write() as session:
        add_cast(session)
        session.commit()
    config = alembic_config(database_url)
    engine.dispose()
    command.downgrade(config, "base")
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config, "head")
    command.check(config)
    engine.dispose()


def test_every_constraint_has_a_name() -> None:
    nameless = [str(c) for table in metadata.tables.values() for c in table.constraints if c.name is None]
    assert nameless == []


@pytest.mark.parametrize("statement", ["UPDATE event SET verb = 'x'", "DELETE FROM event"])
def test_nobody_changes_or_removes_an_event(session, cast, statement) -> None:
    events.record(session, PeopleVerb.USER_CHANGED, cast.amina, actor=SYSTEM)
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.connection().execute(sa.text(statement))
    session.rollback()

"""Runs the migrations on one database, given by `signalen.cli.alembic_config` or by SIGNALEN_DATABASE_URL."""

from alembic import context

from signalen.config import load
from signalen.core.db import create_engine
from signalen.tables import metadata


def run() -> None:
    """Runs them on a live connection: every migration here needs to see the database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run_on(given)
        return
    engine = create_engine(context.config.attributes.get("database_url") or load().database_url)
    with engine.connect() as connection:
        _run_on(connection)
        connection.commit()
    engine.dispose()


def _run_on(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()

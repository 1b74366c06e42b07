"""The commands: `flask --app wsgi …`."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask, current_app
from flask.cli import with_appcontext

from signalen.config import ROOT, Config
from signalen.desk.commands import outbox_group, reminders_command
from signalen.desk.demo.commands import demo_command
from signalen.desk.generate import generate_command
from signalen.people.commands import steward_command
from signalen.themes.commands import directory_command, import_report_command, vocabulary_command


def alembic_config(database_url: str) -> AlembicConfig:
    """The migrations of this project for one database."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["database_url"] = database_url
    return config


@click.command("migrate")
@click.option("--to", default="head", help="Revision to go to.")
@with_appcontext
def migrate_command(to: str) -> None:
    """Brings the database to the newest form."""
    settings: Config = current_app.extensions["signalen.config"]
    command.upgrade(alembic_config(settings.database_url), to)


COMMANDS: tuple[click.Command, ...] = (
    migrate_command,
    vocabulary_command,
    directory_command,
    steward_command,
    import_report_command,
    outbox_group,
    reminders_command,
    generate_command,
    demo_command,
)


def init_cli(app: Flask) -> None:
    """Adds the commands to `flask --app wsgi`."""
    for each in COMMANDS:
        app.cli.add_command(each)

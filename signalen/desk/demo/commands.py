"""The command of the demo, registered in `signalen/cli.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from flask.cli import with_appcontext

from signalen.core.errors import DomainError
from signalen.desk.demo.cast import users
from signalen.desk.demo.codes import codes
from signalen.desk.demo.load import REAL_SIGNALS, load
from signalen.desk.demo.signals import signal_keys
from signalen.web.sessions import sessions, vault

Row = dict[str, str]


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins and codes as JSON.")
@with_appcontext
def demo_command(*, as_json: bool) -> None:
    """Loads the demo once and prints how to sign in. Passwords and codes work on this machine only."""
    keys = vault()
    with sessions().write() as session:
        try:
            fresh = load(session, keys)
        except DomainError as error:
            if error.code != REAL_SIGNALS:
                raise
            raise click.ClickException(
                "there are real signals in this database; the demo is for an empty one."
            ) from error
        session.commit()
    with sessions().read() as session:
        found = {"users": users(session, keys), "codes": codes(session, keys, signal_keys())}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    click.echo("The demo is loaded." if fresh else "The demo was loaded before.")
    click.echo("\nSign in at /sign-in:")
    _table(found["users"], ("role", "email", "password", "name", "organisation"))
    click.echo("\nFollow a signal at /follow (one code per stage and language; all of them with --json):")
    seen: dict[tuple[str, str], Row] = {}
    for row in found["codes"]:
        seen.setdefault((row["stage"], row["language"]), row)
    _table(list(seen.values()), ("stage", "language", "reference", "code"))


def _table(rows: Sequence[Row], columns: Sequence[str]) -> None:
    widths = {column: max((len(row[column]) for row in rows), default=0) for column in columns}
    for row in rows:
        click.echo("  " + "  ".join(row[column].ljust(widths[column]) for column in columns).rstrip())

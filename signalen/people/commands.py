"""Commands of this room, registered in `signalen/cli.py`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from signalen.config import Config
from signalen.core.errors import DomainError
from signalen.core.permissions import SYSTEM, Role
from signalen.people.directory import add_membership, invite
from signalen.web.sessions import sessions


@click.command("steward")
@click.argument("email")
@click.option("--name", required=True, help="The name of the person.")
@click.option("--language", default="nl", help="The language of the mail and of the pages.")
@with_appcontext
def steward_command(email: str, name: str, language: str) -> None:
    """Invites a first steward, who can invite everyone else at /house. The link goes out with `outbox deliver`."""
    config: Config = current_app.extensions["signalen.config"]
    address = email.strip().lower()
    if "@" not in address or not name.strip():
        raise click.UsageError("An e-mail address and a name are needed.")
    if language not in config.house_languages:
        raise click.UsageError(f"Choose one of these languages: {', '.join(config.house_languages)}.")
    with sessions().write() as session:
        try:
            made = invite(session, address, name.strip(), language=language, actor=SYSTEM)
        except DomainError as error:
            raise click.UsageError("There is somebody with this address already.") from error
        add_membership(session, made, Role.STEWARD, actor=SYSTEM)
        session.commit()
    click.echo(f"The invitation for {address} is in the outbox: run `outbox deliver`.")

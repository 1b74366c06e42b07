"""Commands that look over all rooms: sending mail."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlmodel import Session

from signalen.config import Config
from signalen.core.models import OutboxMessage
from signalen.desk import outgoing
from signalen.web import mail
from signalen.web.sessions import sessions, vault


@click.group("outbox")
def outbox_group() -> None:
    """Outgoing messages."""


@outbox_group.command("deliver")
@with_appcontext
def deliver_command() -> None:
    """Sends what waits. Run it every minute."""
    config: Config = current_app.extensions["signalen.config"]
    registry = current_app.extensions["signalen.mails"]
    app, keys = current_app, vault()

    def post(message: OutboxMessage, reader: outgoing.Recipient, session: Session) -> bool:
        context = registry.mails[message.kind](session, keys, message.params)
        if context is None:
            return False
        letter = mail.render(app, message.kind, reader.address, reader.language, context)
        try:
            mail.send(config, letter)
        except mail.CannotSend as error:
            raise (outgoing.Refused if error.final else outgoing.TryLater)(str(error)) from error
        return True

    done = outgoing.deliver(sessions(), keys, post, sent=registry.sent, refused=registry.refused)
    click.echo(
        f"sent {done.sent}, waiting {done.waiting}, nothing to send {done.dropped}, failed {done.failed}"
    )
    if not config.mail_url:
        click.echo(f"no mail server is set (SIGNALEN_MAIL_URL): mails are in {config.mail_folder}")

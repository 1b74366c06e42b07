"""Commands that look over all rooms: sending mail."""

from __future__ import annotations

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlmodel import Session

from signalen.config import Config
from signalen.core import clock
from signalen.core.models import OutboxMessage
from signalen.desk import outgoing, reminders
from signalen.signals.photos import sweep
from signalen.web import mail, sms
from signalen.web.sessions import sessions, vault


@click.group("reminders")
def reminders_command() -> None:
    """What time does by itself."""


@reminders_command.command("run")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to run for; today by default.")
@with_appcontext
def run_command(today: datetime | None) -> None:
    """Late promises come back, interim answers expire, loops close, people are told, pieces of photos that never became whole go. Run it every morning; twice is harmless."""
    with sessions().write() as session:
        ran = reminders.run(session, today.date() if today else clock.today())
        session.commit()
    config: Config = current_app.extensions["signalen.config"]
    with sessions().read() as session:
        swept = sweep(session, config.attachments)
    click.echo(
        f"promises late {ran.broken}, interim answers back {ran.expired}, signals closed {ran.closed}, mails {ran.mails}, left-over files {swept}"
    )


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
        try:
            if reader.by_sms:
                sms.send(config, sms.compose(app, message.kind, reader.address, reader.language, context))
            else:
                mail.send(config, mail.render(app, message.kind, reader.address, reader.language, context))
        except mail.CannotSend as error:
            raise (outgoing.Refused if error.final else outgoing.TryLater)(str(error)) from error
        return True

    done = outgoing.deliver(sessions(), keys, post, sent=registry.sent, refused=registry.refused)
    click.echo(
        f"sent {done.sent}, waiting {done.waiting}, nothing to send {done.dropped}, failed {done.failed}"
    )
    if not config.sms_url and any(config.sms_folder.glob("*.json")):
        click.echo(f"no gateway is set (SIGNALEN_SMS_URL): text messages are in {config.sms_folder}")
    if not config.mail_url:
        click.echo(f"no mail server is set (SIGNALEN_MAIL_URL): mails are in {config.mail_folder}")

"""Mails: rendered in the language of the one who gets them, sent by SMTP or, without mail settings, put in a folder."""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from sqlmodel import Session

from signalen.config import Config
from signalen.core.vault import Vault
from signalen.web.locale import SOURCE, speaking

Builder = Callable[[Session, Vault, Mapping[str, Any]], Mapping[str, Any] | None]
"""From the parameters of a message to the context of its template; None when there is nothing to say any more."""
SECONDS = 20


class CannotSend(Exception):
    """The mail server did not take it; worth another try unless `final`."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


@dataclass(frozen=True)
class Letter:
    """A rendered mail."""

    to: str
    subject: str
    body: str


def render(app: Flask, kind: str, to: str, language: str, context: Mapping[str, Any]) -> Letter:
    """Renders `templates/mail/<kind>.txt` (first line the subject) in `language`, or in Dutch when that is not offered."""
    config: Config = app.extensions["signalen.config"]
    with speaking(language if language in config.languages else SOURCE):
        template = app.jinja_env.get_template(f"mail/{kind.replace('-', '_')}.txt")
        text = template.render(public_url=config.public_url, **context).strip()
    subject, _, body = text.partition("\n")
    return Letter(to, " ".join(subject.split()), body.strip() + "\n")


def send(config: Config, letter: Letter) -> None:
    """Sends by SMTP, or writes a file when no mail server is set. Raises `CannotSend`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = config.mail_from, letter.to, letter.subject
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=urlsplit(config.public_url).hostname)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    if not config.mail_url:
        _write(config.mail_folder, mail)
        return
    url = urlsplit(config.mail_url)
    maker = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with maker(url.hostname or "localhost", url.port or 0, timeout=SECONDS) as server:
            if url.scheme == "smtp+tls":
                server.starttls()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise CannotSend("recipient refused", final=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise CannotSend(type(error).__name__) from error


def _write(folder: Path, mail: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid.uuid4()}.eml").write_bytes(mail.as_bytes())

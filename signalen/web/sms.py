"""Text messages: that there is something to read and where, and nothing of it. Sent through a gateway, or put in a folder."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import Flask

from signalen.config import Config
from signalen.web.locale import SOURCE, speaking
from signalen.web.mail import SECONDS, CannotSend, render

WRONG_NUMBER = frozenset({400, 404, 410, 422})
"""What a gateway answers when this number will never do; anything else is worth another try."""
GSM_PART, UNICODE_PART = 153, 67
"""Characters of one of several parts (3GPP TS 23.038): in the letters of the old alphabet, and in all others."""
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


@dataclass(frozen=True)
class TextMessage:
    """A rendered message. `to`: a number with its country code."""

    to: str
    text: str

    @property
    def parts(self) -> int:
        """How many messages the phone network counts."""
        longest = GSM_PART if GSM.issuperset(self.text) else UNICODE_PART
        return -(-len(self.text) // longest)


class _NoRedirect(HTTPRedirectHandler):
    """A gateway that sends us elsewhere is not the one that was set."""

    def redirect_request(  # noqa: PLR0917  # as the library calls it
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """Nowhere."""


def compose(app: Flask, kind: str, to: str, language: str, context: Mapping[str, Any]) -> TextMessage:
    """The subject of the mail of this kind, and where to read it; in `language`, or in Dutch when that is not offered."""
    config: Config = app.extensions["signalen.config"]
    subject = render(app, kind, to, language, context).subject
    with speaking(language if language in config.languages else SOURCE):
        text = app.jinja_env.get_template("mail/giver_sms.txt").render(
            public_url=config.public_url, subject=subject
        )
    return TextMessage(to, " ".join(text.split()))


def send(config: Config, message: TextMessage) -> None:
    """Hands it to the gateway, or writes a file when none is set. Raises `CannotSend`."""
    body = json.dumps({"to": message.to, "text": message.text}, ensure_ascii=False).encode()
    if not config.sms_url:
        config.sms_folder.mkdir(parents=True, exist_ok=True)
        (config.sms_folder / f"{uuid.uuid4()}.json").write_bytes(body)
        return
    headers = {"Content-Type": "application/json"}
    if config.sms_token:
        headers["Authorization"] = f"Bearer {config.sms_token}"
    request = Request(config.sms_url, data=body, headers=headers, method="POST")  # noqa: S310  # checked at the start
    try:
        with build_opener(_NoRedirect).open(request, timeout=SECONDS):
            return
    except HTTPError as error:
        error.close()
        raise CannotSend(f"gateway answered {error.code}", final=error.code in WRONG_NUMBER) from None
    except (URLError, HTTPException, OSError) as error:
        raise CannotSend(type(error).__name__) from error

"""A phone without a browser: what its scripts do, for tests of the server."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

JSON = {"Accept": "application/json"}
WORDS = "Drie gezinnen wachten al maanden op kinderopvang."


@dataclass
class Phone:
    """Added by a person who is signed in; it goes on sending when the sign-in is gone."""

    app: Flask
    signed_in: FlaskClient
    token: str = ""
    who: str = ""
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        made = self.signed_in.post("/capture/device", headers=JSON)
        assert made.status_code == 201, made.text
        self.token, self.who = made.json["token"], made.json["who"]

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def record(self, fields: dict[str, Any] | None = None, **beside: Any) -> dict[str, Any]:
        """A record of the form of now."""
        made = {"form": 3, "key": str(uuid.uuid4()), "who": self.who, "made_at": "2026-11-10T09:30:00Z"}
        return made | {"fields": {"text": WORDS} if fields is None else fields} | beside

    def seal(self, record: dict[str, Any]) -> dict[str, Any]:
        return self.app.extensions["signalen.letterbox"].seal(record)

    def send(self, record: dict[str, Any] | None = None, **fields: Any) -> TestResponse:
        """Seals a record and sends it."""
        record = record or self.record({"text": WORDS, **fields})
        return self.post(self.seal(record))

    def post(self, envelope: Any) -> TestResponse:
        return self.client.post("/capture/send", json=envelope, headers=self.bearer)

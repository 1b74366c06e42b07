"""The letterbox of the phones: what is put in is kept once; nothing comes out but a number."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from signalen.core.errors import Conflict
from signalen.core.letterbox import Letterbox, UnknownKey
from signalen.core.permissions import Actor
from signalen.core.vault import CannotOpen, Vault
from signalen.signals.routes.scripts import answer, refuse, sent_json, who
from signalen.signals.sending import Arrived, known_to, record_sent, too_many_sent
from signalen.themes.queries import names
from signalen.web.guards import by_device, device_actor
from signalen.web.sessions import db, let_go, letterbox, vault

bp = Blueprint("send", __name__)
LONGEST = 256 * 1024
WAIT = 120
"""Seconds."""


class Refused(Exception):
    """An envelope that can never be taken; `why` is for the phone."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@bp.post("/capture/send")
@by_device
def send() -> Response:
    """Keeps a sealed record of the person whose phone this is."""
    let_go()  # a slow line must not keep others from writing
    actor = device_actor()
    try:
        key, record = open_envelope(sent_json(LONGEST), actor)
    except RequestEntityTooLarge:
        return answer({"error": "too-large"}, 413)
    except Refused as refused:
        return refuse(refused.why)
    if too_many_sent(db(), actor):
        response = answer({"error": "wait"}, 429)
        response.headers["Retry-After"] = str(WAIT)
        return response
    try:
        arrived = take(key, record, actor)
    except Conflict:
        return answer({"error": "conflict"}, 409)
    return answer(receipt(arrived), 201 if arrived.fresh else 200)


def open_envelope(envelope: Any, actor: Actor) -> tuple[uuid.UUID, dict[str, Any]]:
    """Key and record of an envelope that this person sealed. Needs no database. Raises `Refused`."""
    if not isinstance(envelope, dict):
        raise Refused("cannot-open")
    try:
        key = uuid.UUID(envelope.get("key"))
    except (TypeError, ValueError, AttributeError):
        raise Refused("no-key") from None
    record = opened(envelope, letterbox())
    if not is_own(record, vault(), actor):
        raise Refused("not-yours")
    return key, record


def take(key: uuid.UUID, record: dict[str, Any], actor: Actor) -> Arrived:
    """Keeps a record, once. Raises `Conflict`."""
    known = known_to(names(db(), actor.language), actor)
    return record_sent(db(), vault(), key, record, known, actor=actor)


def opened(envelope: dict[str, Any], box: Letterbox) -> dict[str, Any]:
    """The record in an envelope. Raises `Refused`."""
    try:
        return box.open(envelope)
    except UnknownKey:
        raise Refused("unknown-key") from None
    except (CannotOpen, RecursionError):
        raise Refused("cannot-open") from None


def is_own(record: dict[str, Any], keys: Vault, actor: Actor) -> bool:
    """Whether this person wrote it. The first versions of the form did not say who: then the phone says it."""
    return "who" not in record or record["who"] == who(keys, actor)


def receipt(arrived: Arrived) -> dict[str, Any]:
    """What the phone may hold of a signal that the server has."""
    signal = arrived.signal
    return {
        "key": str(signal.key),
        "id": str(signal.id),
        "reference": signal.reference,
        "at": signal.received_at.isoformat(),
        "todos": arrived.todos,
        "card": arrived.card,
    }

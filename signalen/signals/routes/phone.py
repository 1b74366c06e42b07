"""What the scripts of the phone ask of a person who is signed in: who I am, a token for this phone, my own words back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.people.devices import add_device, device_name
from signalen.people.queries import organisations
from signalen.signals.queries import signal_of_key, themes_of, words_of
from signalen.signals.reading import recently_recorded
from signalen.signals.routes.scripts import answer, refuse, sent_json, who
from signalen.signals.routes.send import Refused, opened
from signalen.themes.queries import names
from signalen.web.guards import current_actor, requires
from signalen.web.locale import language, show_date
from signalen.web.sessions import db, let_go, letterbox, vault

bp = Blueprint("phone", __name__)
MOST_OPENED = 50
LONGEST = 2 * 1024 * 1024
RECENT = 8


@bp.get("/capture/me")
@requires(Permission.SIGNAL_RECORD)
def me() -> Response:
    """Who is signed in on this phone, what they may choose, and what they recorded last: without a word of it."""
    actor, spoken = current_actor(), names(db(), language())
    rows = recently_recorded(db(), actor, RECENT)
    themes = themes_of(db(), [row.id for row in rows])
    return answer(
        {
            "who": who(vault(), actor),
            "name": actor.name,
            "language": language(),
            "organisations": [
                {"id": str(i), "name": name} for i, name in organisations(db()) if i in actor.organisations
            ],
            "csrf": generate_csrf(),
            "key": letterbox().public,
            "recent": [
                {
                    "id": str(row.id),
                    "reference": row.reference,
                    "themes": [spoken.theme(code) for code in themes.get(row.id, ())],
                    "place": spoken.place(row.place_code) if row.place_code else None,
                    "day": show_date(row.received_at),
                    "sensitive": row.sensitive,
                }
                for row in rows
            ],
        }
    )


@bp.post("/capture/device")
@requires(Permission.SIGNAL_RECORD)
def device() -> Response:
    """A token with which this phone may send for this person, also when the sign-in has run out."""
    actor = current_actor()
    token = add_device(db(), device_name(request.user_agent.string), actor=actor)
    return answer({"token": token, "who": who(vault(), actor)}, 201)


@bp.post("/capture/open")
@requires(Permission.SIGNAL_RECORD)
def open_own() -> Response:
    """Gives a person back what they wrote on this phone before they signed out: their own only."""
    let_go()  # a slow line must not keep others from writing
    try:
        sent = sent_json(LONGEST)
    except RequestEntityTooLarge:
        return answer({"error": "too-large"}, 413)
    envelopes = sent.get("envelopes") if isinstance(sent, dict) else None
    if not isinstance(envelopes, list) or len(envelopes) > MOST_OPENED:
        return refuse("cannot-open")
    return answer({"opened": [_opened(envelope) for envelope in envelopes]})


def _opened(envelope: Any) -> dict[str, Any]:
    key = envelope.get("key") if isinstance(envelope, dict) else None
    try:
        record = opened(envelope, letterbox()) if isinstance(envelope, dict) else None
    except Refused:
        record = None
    if record is None:
        return {"key": key if isinstance(key, str) else None, "error": "cannot-open"}
    if record.get("who") != who(vault(), current_actor()):
        return {"key": key, "error": "not-yours"}
    return {"key": key, "record": record}


@bp.get("/capture/kept/<uuid:key>")
@requires(Permission.SIGNAL_RECORD, writes=True)
def kept(key: uuid.UUID) -> Response:
    """What the server has under a key that this person used; reading a sensitive one stays in the log."""
    actor = current_actor()
    signal = signal_of_key(db(), key, actor=actor)
    if signal is None or signal.recorded_by != actor.id:
        abort(404)
    texts = words_of(db(), vault(), signal, actor=actor)
    return answer(
        {
            "id": str(signal.id),
            "reference": signal.reference,
            "at": signal.received_at.isoformat(),
            "words": texts[0].words if texts else "",
        }
    )

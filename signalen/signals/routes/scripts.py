"""What the scripts of the phone are told and what they tell: JSON, small, and never more than was asked."""

from __future__ import annotations

import json
from typing import Any

from flask import make_response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from signalen.core.permissions import Actor
from signalen.core.vault import Vault


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """JSON that nobody keeps."""
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse(why: str) -> Response:
    """It cannot be taken as it is; sending it again changes nothing."""
    return answer({"error": "refused", "why": why}, 422)


def sent_json(longest: int) -> Any:
    """The body as JSON, None when it is none. Raises `RequestEntityTooLarge` above `longest` bytes."""
    request.max_content_length = longest
    try:
        return json.loads(request.get_data(cache=False))
    except RequestEntityTooLarge:
        raise
    except (ValueError, RecursionError):
        return None


def who(vault: Vault, actor: Actor) -> str:
    """By what a phone knows a person: says nothing to whoever finds it."""
    return vault.fingerprint(str(actor.user_id), "phone.who").hex()[:16]

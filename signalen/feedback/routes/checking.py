"""The reading check beside a text that is being written: measures in words, and what may point at a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.feedback.forms import TextForm
from signalen.signals.privacy import find_personal_data
from signalen.texts.labels import Check, check_in_words
from signalen.texts.models import TextPurpose
from signalen.texts.rules import read_text
from signalen.texts.workflow import PARTS
from signalen.web.forms import read
from signalen.web.fragments import page_or_fragment
from signalen.web.guards import requires

bp = Blueprint("checking", __name__)


@bp.post("/desk/feedback/check")
@requires(Permission.FEEDBACK_WRITE)
def check() -> Response:
    """Checks what is being typed, saving nothing."""
    form = read(TextForm)
    words = form.value if not form.errors else TextForm()
    return page_or_fragment("texts/check.html", "check", **checked(words.parts(), words.language))


def checked(parts: Mapping[str, str], language: str) -> dict[str, Any]:
    """What the check block shows."""
    text = whole(parts)
    return {
        "check": measured(text, language),
        "personal": [finding.quote for finding in find_personal_data(text)][:10],
    }


def measured(text: str, language: str) -> Check:
    """The reading check of a text."""
    return check_in_words(read_text(text, language))


def whole(parts: Mapping[str, str]) -> str:
    """The parts as one text, in the order in which they are read."""
    order = [part.name for purpose in TextPurpose for part in PARTS[purpose]]
    return "\n\n".join(parts[name] for name in dict.fromkeys(order) if parts.get(name))

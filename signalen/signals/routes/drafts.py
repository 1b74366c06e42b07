"""What a visitor typed between two pages, and a code that is shown for an hour: sealed here, a random token there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

import segno
from flask import current_app, session
from werkzeug.datastructures import MultiDict

from signalen.config import Config
from signalen.core import keep
from signalen.web.sessions import db, keep_on_refusal, vault

TOKEN = "draft"  # noqa: S105  # the name of a field
DRAFT_FOR = timedelta(days=1)
SHOWN_FOR = timedelta(hours=1)

Fields = dict[str, list[str]]


def token() -> str:
    """The token of this browser; made when it is first needed."""
    if TOKEN not in session:
        session[TOKEN] = keep.new_token()
    return cast("str", session[TOKEN])


def kept(purpose: str) -> Any:
    """What this browser left here, or None."""
    return keep.get(db(), vault(), session.get(TOKEN), purpose)


def put(purpose: str, value: object, *, for_: timedelta = DRAFT_FOR) -> None:
    """Keeps a value for this browser, also when the page is shown again with a message."""
    keep_on_refusal()
    keep.put(db(), vault(), token(), purpose, value, for_=for_)


def drop(*purposes: str) -> None:
    """Forgets what this browser left here."""
    keep.drop(db(), session.get(TOKEN), *purposes)


def merged(draft: Mapping[str, Sequence[str]], form: MultiDict[str, str], names: Sequence[str]) -> Fields:
    """The draft with these fields of the form in place of what it had; a box that is no longer ticked is gone."""
    fields = {name: list(values) for name, values in draft.items() if name not in names}
    return fields | {name: form.getlist(name) for name in names if name in form}


def as_form(fields: Mapping[str, Sequence[str]]) -> MultiDict[str, str]:
    """A draft as if it had just been sent."""
    return MultiDict([(name, value) for name, values in fields.items() for value in values])


def follow_url() -> str:
    """Where a code is filled in, as it is printed."""
    config: Config = current_app.extensions["signalen.config"]
    return f"{config.public_url}/follow"


def qr(code: str) -> str:
    """The follow address with the code in its fragment, which no browser sends in a request line; as inline SVG."""
    drawn = segno.make(f"{follow_url()}#{code}", error="m", micro=False)
    return drawn.svg_inline(
        scale=1, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
    )

"""The first page, and the languages that it speaks."""

from __future__ import annotations

from email.utils import parseaddr

from flask import Blueprint, current_app, g
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.core import clock
from signalen.feedback.queries.board import board_rows
from signalen.feedback.routes.board import words
from signalen.web.fragments import page
from signalen.web.guards import public
from signalen.web.languages import was_checked
from signalen.web.locale import language
from signalen.web.sessions import db

bp = Blueprint("desk", __name__)
SHOWN = 3
"""How many dossiers of the board stand on the first page."""


@bp.get("/")
@public
def home() -> Response:
    """Two big choices; below, what the city was asked and answered."""
    return page("desk/home.html", rows=board_rows(db(), clock.today(), language(), limit=SHOWN), **words())


@bp.get("/languages")
@public
def languages() -> Response:
    """Which languages there are, and plainly whether somebody who grew up with each has read it; asks for help."""
    settings: Config = current_app.extensions["signalen.config"]
    address = parseaddr(settings.mail_from)[1]
    return page(
        "public/languages.html",
        spoken=[(code, was_checked(code)) for code in g.all_languages],
        write_to="" if address.endswith("@localhost") else address,
    )

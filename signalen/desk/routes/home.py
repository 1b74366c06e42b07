"""The first page."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.feedback.queries.board import board_rows
from signalen.feedback.routes.board import words
from signalen.web.fragments import page
from signalen.web.guards import public
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

"""The follow page and the public board."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.web.fragments import page
from signalen.web.guards import public

bp = Blueprint("feedback", __name__)


@bp.get("/board")
@public
def board() -> Response:
    """Dossiers in plain words."""
    return page("desk/home.html")

"""The first page."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.web.fragments import page
from signalen.web.guards import public

bp = Blueprint("desk", __name__)


@bp.get("/")
@public
def home() -> Response:
    """Two big choices; below, what the city was asked and answered."""
    return page("desk/home.html")

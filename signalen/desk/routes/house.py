"""People, organisations, bodies, languages, clocks."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.web.fragments import page
from signalen.web.guards import requires

bp = Blueprint("house", __name__)


@bp.get("/house")
@requires(Permission.HOUSE_KEEP)
def index() -> Response:
    """People, organisations, bodies, languages, clocks."""
    return page("desk/home.html")

"""Questions to a body."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.web.fragments import page
from signalen.web.guards import requires

bp = Blueprint("city", __name__)


@bp.get("/city")
@requires(Permission.ASK_ANSWER)
def index() -> Response:
    """Questions to a body."""
    return page("desk/home.html")

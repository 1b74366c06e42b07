"""What needs the staff today."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.web.fragments import page
from signalen.web.guards import requires

bp = Blueprint("today", __name__)


@bp.get("/desk")
@requires(Permission.SIGNAL_PLACE)
def index() -> Response:
    """What needs the staff today."""
    return page("desk/home.html")

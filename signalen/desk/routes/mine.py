"""What became of the signals of my organisation."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.web.fragments import page
from signalen.web.guards import requires

bp = Blueprint("mine", __name__)


@bp.get("/mine")
@requires(Permission.SYNTHESIS_COMMENT)
def index() -> Response:
    """What became of the signals of my organisation."""
    return page("desk/home.html")

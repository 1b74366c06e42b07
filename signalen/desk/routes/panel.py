"""Texts to read and tests to answer."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.web.fragments import page
from signalen.web.guards import requires

bp = Blueprint("panel", __name__)


@bp.get("/panel")
@requires(Permission.TOETS_ANSWER_PANEL)
def index() -> Response:
    """Texts to read and tests to answer."""
    return page("desk/home.html")

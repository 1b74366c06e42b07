"""What needs the staff today."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.permissions import Permission
from signalen.desk.labels import DUE_KINDS
from signalen.desk.waiting import piles
from signalen.web.fragments import page
from signalen.web.guards import current_actor, requires
from signalen.web.sessions import db

bp = Blueprint("today", __name__)


@bp.get("/desk")
@requires(Permission.SIGNAL_PLACE)
def index() -> Response:
    """Piles of what waits: a tile each, and the first rows of each."""
    today = clock.today()
    found = piles(db(), current_actor(), today)
    return page(
        "desk/today.html",
        piles=found,
        words=DUE_KINDS,
        today=today,
        late=sum(pile.late for pile in found),
    )

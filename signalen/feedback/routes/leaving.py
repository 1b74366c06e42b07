"""Leaving at any moment: nothing stays on the screen or in this browser, and a harmless page takes the place of ours."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, render_template, session
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.feedback.routes.follow import COOKIE_KEY
from signalen.signals.routes import drafts
from signalen.signals.routes.report import DRAFT, RECEIPT
from signalen.web.guards import public
from signalen.web.security import csrf

bp = Blueprint("leaving", __name__)


@bp.post("/leave")
@public
def leave() -> Response:
    """Drops what was typed, the code on the screen and the open story, and answers with a page that goes elsewhere at once.

    No redirect: the content policy lets a form end on our own pages only. What a browser keeps of where it was is not ours to
    take away; the notice says so.
    """
    drafts.drop(DRAFT, RECEIPT)
    session.pop(COOKIE_KEY, None)
    settings: Config = current_app.extensions["signalen.config"]
    response = make_response(render_template("feedback/public_left.html", elsewhere=settings.exit_url))
    response.headers["Refresh"] = f"0; url={settings.exit_url}"
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


csrf.exempt(
    leave
)  # a token that grew old must not hold anybody here; cookies of ours come with our own pages only

"""Sign in and out, and one's own account."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.web.fragments import page
from signalen.web.guards import public, requires

bp = Blueprint("people", __name__)


@bp.get("/healthz")
@public
def health() -> str:
    """Says that the process lives."""
    return "ok"


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    """The form to sign in."""
    return page("desk/home.html")


@bp.get("/account")
@requires(Permission.ACCOUNT_USE)
def account() -> Response:
    """One's own name, language, password and sign-ins."""
    return page("desk/home.html")

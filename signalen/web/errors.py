"""What a visitor reads when something is not there, not allowed or broken."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from signalen.core.errors import DomainError, NotAllowed
from signalen.web.forms import refusal
from signalen.web.fragments import page
from signalen.web.guards import asks_for_json, sign_in_first
from signalen.web.locale import gettext


def init_errors(app: Flask) -> None:
    """One plain page per kind of failure, in the visitor's language."""

    @app.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> BaseResponse:
        if asks_for_json():
            return sign_in_first()
        return page(
            "errors/message.html",
            400,
            title=gettext("This page was open too long"),
            text=gettext(
                "Go back, load the page again and send it once more. What you typed is still there."
            ),
        )

    @app.errorhandler(NotAllowed)
    def absent(_error: NotAllowed) -> BaseResponse:
        return page("errors/message.html", 404, **_not_found())

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> BaseResponse:
        return page("errors/message.html", 409, title=gettext("This does not work now"), text=refusal(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> BaseResponse | HTTPException:
        code = error.code or 500
        if code < 400:
            return error
        words = {
            404: _not_found(),
            405: _not_found(),
            413: {"title": gettext("This is too much at once"), "text": gettext("Send a shorter text.")},
            429: {
                "title": gettext("Too many tries"),
                "text": gettext("Wait an hour and try again. Or ask the person who gave you the code."),
            },
        }.get(code) or {
            "title": gettext("Something went wrong here"),
            "text": gettext("It is not your fault. Try again in a few minutes."),
        }
        response = page("errors/message.html", code, **words)
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
        return response


def _not_found() -> dict[str, str]:
    return {
        "title": gettext("This page is not here"),
        "text": gettext("Maybe the address is not complete, or the page is not for you."),
    }

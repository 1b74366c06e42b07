"""One door for a whole page and for the part of it that htmx asks for."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, make_response, redirect, render_template, request
from flask_htmx import HTMX
from werkzeug.wrappers import Response as BaseResponse

from signalen.web.forms import option_tags

htmx = HTMX()


def wants_fragment() -> bool:
    """Whether htmx asks for a part: not when it follows a boosted link or restores its history."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_or_fragment(template: str, block: str, status: int = 200, **context: Any) -> BaseResponse:
    """Renders the page, or only the block named `block` (which is also the DOM id it fills)."""
    if wants_fragment():
        current_app.update_template_context(context)
        page = current_app.jinja_env.get_template(template)
        body = "".join(page.blocks[block](page.new_context(context)))
    else:
        body = render_template(template, **context)
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def page(template: str, status: int = 200, **context: Any) -> BaseResponse:
    """A page without parts."""
    return make_response(render_template(template, **context), status)


def see(url: str) -> BaseResponse:
    """After a change: look there (303, so that a reload does not send the form again)."""
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url, 303)


def init_fragments(app: Flask) -> None:
    """Binds Flask-HTMX."""
    htmx.init_app(app)
    app.jinja_env.globals["option_tags"] = option_tags
    app.jinja_env.globals["here"] = lambda: request.full_path.rstrip("?")

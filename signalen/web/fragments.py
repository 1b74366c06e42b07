"""One door for a whole page and for the part of it that htmx asks for."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, make_response, redirect, render_template, request
from flask_htmx import HTMX
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from signalen.web.forms import option_tags
from signalen.web.locale import language

htmx = HTMX()
KEPT = 512
"""Parts of pages that a process keeps."""
PERSONAL = (
    "actor",
    "config",
    "csrf_token",
    "current_user",
    "g",
    "get_flashed_messages",
    "here",
    "may",
    "notices",
    "request",
    "session",
)
"""What a part that is kept cannot ask for: it says the same to everybody who brings the same facts."""


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


def fixed_part(template: str, **facts: Hashable) -> Markup:
    """A part of a page that follows from the language and `facts` alone: drawn once and kept, since most of a page is
    the same for everybody. All that it shows is in its key, so it never grows old and is nobody's in particular.

    `facts`: strings, numbers and tuples of them; never words of a signal or a code, and never Markup, which would equal
    the same string not yet escaped.
    """
    draw = current_app.extensions["signalen.kept"]
    return Markup(draw(template, language(), request.script_root, tuple(facts.items())))  # noqa: S704  # a template


def here() -> str:
    """The address of this page, as a path."""
    return request.full_path.rstrip("?")


def init_fragments(app: Flask) -> None:
    """Binds Flask-HTMX, and what keeps parts of pages."""
    htmx.init_app(app)
    nobodys = dict.fromkeys(PERSONAL)

    def draw(template: str, _language: str, _root: str, facts: tuple[tuple[str, Hashable], ...]) -> str:
        return app.jinja_env.get_template(template).render({**nobodys, **dict(facts)})

    # While templates are being edited nothing is kept.
    app.extensions["signalen.kept"] = draw if app.jinja_env.auto_reload else lru_cache(maxsize=KEPT)(draw)
    app.jinja_env.globals["fixed_part"] = fixed_part

    @lru_cache
    def icon(name: str, size: int = 22) -> Markup:
        return Markup(app.jinja_env.get_template("components/icons.html").module.icon(name, size))  # type: ignore[attr-defined]  # noqa: S704  # a macro

    app.jinja_env.globals["icon"] = icon
    app.jinja_env.globals["option_tags"] = option_tags
    app.jinja_env.globals["here"] = here
    app.jinja_env.globals["here_in_address"] = lambda: quote(here(), safe="!$'()*,/:;?@")

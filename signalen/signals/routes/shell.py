"""What the phone keeps to open without network: the empty screen per language, its scripts, and the worker that hands them out.

A shell is the page of /capture with nobody in it. The worker's text holds the build: a hash of all shells, which name every
style and script with the hash of its content. So a changed word, theme or script is a new build, and nothing else is.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from signalen.core.permissions import NOBODY, Permission
from signalen.signals.routes import capture
from signalen.signals.routes.screen import nobodys_screen
from signalen.web.guards import public, requires
from signalen.web.locale import direction, language, own_name, speaking
from signalen.web.locale import gettext as _
from signalen.web.security import csrf

bp = Blueprint("shell", __name__, url_prefix="/capture")
STATIC = re.compile(r"""["'](/[^"'\s]*?/?static/[^"'\s]+\?v=[0-9a-f]+)["']""")
WORKER_SCRIPTS = ("phone/idb.js", "phone/seal.js", "phone/store.js", "phone/queue.js")
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"), ("icon-mask-512.png", "512x512", "maskable"))  # fmt: skip


@bp.get("/shell/<code>")
@public
def empty(code: str) -> Response:
    """The screen with nobody in it."""
    return make_response(_shell(_offered(code)))


@bp.get("/offline/<code>")
@public
def offline(code: str) -> Response:
    """What a page of /capture that needs the network says without it."""
    return make_response(_alone("signals/phone_offline.html", _offered(code)))


@bp.get("/manifest/<code>")
@public
def manifest(code: str) -> Response:
    """What the phone shows of the installed app."""
    with speaking(_offered(code)):
        home = url_for("capture.new")
        static = current_app.jinja_env.globals["static"]
        told: dict[str, Any] = {
            "id": home,
            "name": _("Signalen: new signal"),
            "short_name": "Signalen",
            "description": _("Write down what goes wrong, also without network."),
            "lang": code,
            "dir": direction(),
            "start_url": home,
            "scope": home,
            "display": "standalone",
            "background_color": "#faf8f4",
            "theme_color": "#0f5c6e",
            "icons": [
                {"src": static(f"phone/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}  # type: ignore[operator]
                for name, sizes, purpose in ICONS
            ],
            "shortcuts": [
                {"name": _("New signal"), "url": home},
                {"name": _("Waiting to send"), "url": f"{home}?waiting"},
            ],
            "share_target": {
                "action": url_for(".share"),
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        }
    response = make_response(json.dumps(told, ensure_ascii=False))
    response.headers["Content-Type"] = "application/manifest+json; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/sw.js")
@public
def worker() -> Response:
    """The worker, with the build and the list of what it keeps."""
    shells = {code: _shell(code) for code in g.all_languages}
    pages = {code: url_for(".empty", code=code) for code in shells}
    offlines = {code: url_for(".offline", code=code) for code in shells}
    static = current_app.jinja_env.globals["static"]
    scripts = [static(name) for name in WORKER_SCRIPTS]  # type: ignore[operator]
    parts = {url for shell in shells.values() for url in STATIC.findall(shell)} | set(scripts)
    files = [*pages.values(), *offlines.values(), *sorted(parts)]
    facts = {
        "home": url_for("capture.new"),
        "share": url_for(".share"),
        "files": files,
        "shells": pages,
        "offline": offlines,
    }
    body = render_template("signals/phone_worker.js", facts=facts, scripts=scripts)
    told = "".join([body, *shells.values(), *(_alone("signals/phone_offline.html", code) for code in shells)])
    build = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    response = make_response(body.replace("~build~", build))
    response.headers.update(
        {
            "Content-Type": "text/javascript; charset=utf-8",
            "Cache-Control": "no-cache",
            "Service-Worker-Allowed": url_for("capture.new"),
        }
    )
    response.add_etag()
    return response.make_conditional(request)


@bp.post("/share")
@requires(Permission.SIGNAL_RECORD)
def share() -> Response:
    """Text from another app, when no worker took it: the form with that text in it. Nothing is kept."""
    return capture.shared(
        "\n".join(filter(None, (request.form.get(name, "").strip() for name in ("title", "text", "url"))))
    )


csrf.exempt(share)  # the phone itself posts here, without a page of ours


def _offered(code: str) -> str:
    if code not in g.all_languages:
        abort(404)
    return code


def _shell(code: str) -> str:
    with speaking(code):
        return _alone("signals/capture.html", code, **nobodys_screen())


def _alone(template: str, code: str, **context: Any) -> str:
    """A page without a trace of who asks for it: no name, no notice, no token; it will be read by others too."""
    with speaking(code):
        return render_template(
            template,
            nobody=True,
            actor=lambda: NOBODY,
            may=lambda *_args: False,
            notices=list,
            here_in_address=lambda: url_for("capture.new"),
            names_of_languages=[(each, own_name(each)) for each in g.all_languages],
            here_language=language(),
            **context,
        )

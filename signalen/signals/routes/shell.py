"""What the phone keeps to open without network: the empty screen per language, its scripts, and the worker that hands them out.

A shell is the page of /capture with nobody in it. The worker's text holds the build: a hash of all shells, which name every
style and script with the hash of its content. So a changed word, theme or script is a new build, and nothing else is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, abort, current_app, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission
from signalen.signals.routes import capture
from signalen.signals.routes.screen import nobodys_screen
from signalen.themes.queries import Names, names
from signalen.web.guards import as_nobody, public, requires
from signalen.web.locale import direction, speaking
from signalen.web.locale import gettext as _
from signalen.web.security import csrf
from signalen.web.sessions import db

bp = Blueprint("shell", __name__, url_prefix="/capture")
STATIC = re.compile(r"""["'](/[^"'\s]*?/?static/[^"'\s]+\?v=[0-9a-f]+)["']""")
WORKER_SCRIPTS = ("phone/idb.js", "phone/seal.js", "phone/store.js", "phone/queue.js")
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-mask-512.png", "512x512", "maskable"),
)
BUILD = "Signalen-Build"
"""Header of what the worker keeps: it takes in nothing of another build, while two versions of the server run."""


@dataclass(frozen=True)
class Build:
    """All that a phone keeps, as it is now: for each address its text, and a hash of everything."""

    names: tuple[Names, ...]
    root: str
    shells: dict[str, str]
    offlines: dict[str, str]
    manifests: dict[str, str]
    worker: str
    hash: str


@bp.get("/shell/<code>")
@public
def empty(code: str) -> Response:
    """The screen with nobody in it."""
    return _kept(_build().shells, code)


@bp.get("/offline/<code>")
@public
def offline(code: str) -> Response:
    """What a page of /capture that needs the network says without it."""
    return _kept(_build().offlines, code)


@bp.get("/manifest/<code>")
@public
def manifest(code: str) -> Response:
    """What the phone shows of the installed app."""
    response = _kept(_build().manifests, code)
    response.headers["Content-Type"] = "application/manifest+json; charset=utf-8"
    return response


@bp.get("/sw.js")
@public
def worker() -> Response:
    """The worker, with the build and the list of what it keeps."""
    response = make_response(_build().worker)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = url_for("capture.new")
    response.add_etag()
    return response.make_conditional(request)


@bp.post("/share")
@requires(Permission.SIGNAL_RECORD)
def share() -> Response:
    """Text from another app, when no worker took it: the form with that text in it. Nothing is kept."""
    given = (request.form.get(name, "").strip() for name in ("title", "text", "url"))
    return capture.shared("\n".join(filter(None, given)))


csrf.exempt(share)  # the phone itself posts here, without a page of ours


def _kept(pages: dict[str, str], code: str) -> Response:
    if code not in pages:
        abort(404)
    response = make_response(pages[code])
    response.headers["Content-Language"] = code
    response.headers["Cache-Control"] = "no-cache"
    response.headers[BUILD] = _build().hash
    return response


def _build() -> Build:
    """Drawn once, and again when the vocabulary was read anew: names are kept for a minute."""
    known: Build | None = current_app.extensions.get("signalen.build")
    spoken = tuple(names(db(), code) for code in g.phone_languages)
    same = known and known.root == request.script_root and all(map(_is, known.names, spoken))
    if known is None or not same or current_app.jinja_env.auto_reload:
        known = current_app.extensions["signalen.build"] = _drawn(spoken)
    return known


def _is(one: Names, other: Names) -> bool:
    return one is other


def _drawn(spoken: tuple[Names, ...]) -> Build:
    """Nobody's pages: no name, no notice, no token in them; they will be read by others than who asks now."""
    as_nobody()
    shells, offlines, manifests = {}, {}, {}
    for code in g.phone_languages:
        with speaking(code):
            shells[code] = _alone("signals/capture.html", **nobodys_screen())
            offlines[code] = _alone("signals/phone_offline.html")
            manifests[code] = json.dumps(_manifest(code), ensure_ascii=False)
    scripts = [_static(name) for name in WORKER_SCRIPTS]
    texts = [*shells.values(), *offlines.values(), *manifests.values()]
    parts = {address for text in texts for address in STATIC.findall(text)}
    addresses = {
        kind: {code: url_for(f".{kind}", code=code) for code in shells}
        for kind in ("empty", "offline", "manifest")
    }
    facts = {
        "home": url_for("capture.new"),
        "share": url_for(".share"),
        "header": BUILD,
        "shells": addresses["empty"],
        "offline": addresses["offline"],
        "pages": [address for kind in addresses.values() for address in kind.values()],
        "files": sorted(parts | set(scripts)),
    }
    text = render_template("signals/phone_worker.js", facts=facts, scripts=scripts)
    digest = hashlib.blake2b("".join([text, *texts]).encode(), digest_size=8).hexdigest()
    worker = text.replace("~build~", digest)
    return Build(spoken, request.script_root, shells, offlines, manifests, worker, digest)


def _alone(template: str, **context: Any) -> str:
    home = url_for("capture.new")
    return render_template(template, nobody=True, notices=list, here_in_address=lambda: home, **context)


def _manifest(code: str) -> dict[str, Any]:
    home = url_for("capture.new")
    return {
        "id": home,
        "name": _("Signalen: new signal"),
        "short_name": "Signalen",
        "description": _("Write down what goes wrong, also without network."),
        "lang": code,
        "dir": direction(),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#fbf9f4",
        "theme_color": "#0d5c63",
        "icons": [
            {"src": _static(f"phone/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
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


def _static(name: str) -> str:
    return cast("Callable[[str], str]", current_app.jinja_env.globals["static"])(name)

"""Who may enter a view: said in one line on each, kept by a test that walks all routes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, overload

from flask import Flask, abort, current_app, g, has_app_context, make_response, redirect, request, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlmodel import Session
from werkzeug.wrappers import Response as BaseResponse

from signalen.core.permissions import NOBODY, Actor, ActorKind, Permission, may
from signalen.web.security import csrf
from signalen.web.sessions import db, sessions

View = TypeVar("View", bound=Callable[..., Any])
LoadActor = Callable[[Session, str], tuple[Actor, bool] | None]
Touch = Callable[[Session, str], None]
LoadDevice = Callable[[Session, str], tuple[Actor, uuid.UUID, bool] | None]
TouchDevice = Callable[[Session, uuid.UUID], None]
PUBLIC_LANGUAGES = frozenset(
    {
        Permission.ACCOUNT_USE,
        Permission.TEXT_REVIEW,
        Permission.TOETS_ANSWER_PANEL,
    }
)
"""Pages for these speak all public languages, those of the phone its own; the others those of the house."""


def _spoken(permissions: set[Permission]) -> str:
    if permissions & PUBLIC_LANGUAGES:
        return "public"
    return "phone" if Permission.SIGNAL_RECORD in permissions else "house"


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """What flask-login carries: the token in the cookie and the actor behind it."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """The rotating token of this sign-in, never the id of the person."""
        return self.token


@overload
def public(view: View) -> View: ...
@overload
def public(*, writes: bool = False) -> Callable[[View], View]: ...
def public(view: View | None = None, *, writes: bool = False) -> Any:
    """Anyone may enter. `writes`: this GET changes something (it marks an answer as opened)."""

    def mark(function: View) -> View:
        function.guard = None  # type: ignore[attr-defined]  # a mark on a function
        function.writes = writes  # type: ignore[attr-defined]
        return function

    return mark(view) if view is not None else mark


def requires(*permissions: Permission, writes: bool = False) -> Callable[[View], View]:
    """Only who holds one of these permissions. Others get 404; who is not signed in is asked to."""

    def mark(function: View) -> View:
        function.guard = permissions  # type: ignore[attr-defined]
        function.writes = writes  # type: ignore[attr-defined]
        function.speaks = _spoken(set(permissions))  # type: ignore[attr-defined]
        return function

    return mark


def by_device(view: View) -> View:
    """Only a phone enters, with `Authorization: Bearer` and the token of a device; anyone else gets 401.

    Cookies and the sign-in count for nothing here, so there is nothing that another site could forge.
    """
    view.guard = ()  # type: ignore[attr-defined]
    view.by_device = True  # type: ignore[attr-defined]
    view.writes = False  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def device_actor() -> Actor:
    """The person whose phone sends this; only in a view that is marked `@by_device`."""
    actor: Actor = g.device_actor
    return actor


def current_actor() -> Actor:
    """Who is behind this request; nobody in particular when not signed in."""
    # Where flask-login keeps whom it loaded: asked many times a page, and its proxy takes ten times as long.
    loaded = g.get("_login_user") if has_app_context() else None
    found: Actor | None = getattr(loaded or current_user, "actor", None)
    return found or NOBODY


def giver_actor(giver_id: uuid.UUID) -> Actor:
    """The giver behind a follow code."""
    return replace(NOBODY, kind=ActorKind.GIVER, id=giver_id)


def init_guards(
    app: Flask, load_actor: LoadActor, touch: Touch, load_device: LoadDevice, touch_device: TouchDevice
) -> None:
    """Guards every request. `load_actor` finds the person behind a token and whether to `touch` the sign-in.

    `load_device` finds the person behind the token of a phone, the phone, and whether to `touch_device` it.
    """
    app.extensions["signalen.devices"] = load_device, touch_device
    manager = LoginManager(app)
    manager.session_protection = None  # the sign-in lives on the server; addresses of phones change
    manager.unauthorized_handler(ask_to_sign_in)

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def load(token: str) -> Visitor | None:
        found = load_actor(db(), token)
        if found is None:
            return None
        actor, stale = found
        if stale and g.db_writes:
            touch(db(), token)
        elif stale:
            with sessions().write() as session:  # this request only reads
                touch(session, token)
                session.commit()
        return Visitor(token, actor)

    app.before_request(guard)
    app.jinja_env.globals.update(
        actor=current_actor, may=lambda p, obj=None: may(current_actor(), Permission(p), obj)
    )
    app.context_processor(lambda: {"Permission": Permission})


def ask_to_sign_in() -> BaseResponse:
    """Leads to the form, and back to where the visitor wanted to be. htmx would show a redirect inside a part of the page."""
    if asks_for_json():
        return sign_in_first()
    target = url_for("people.sign_in", next=request.full_path if request.method == "GET" else None)
    if request.headers.get("HX-Request"):
        response = make_response("", 204)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, 303)


def asks_for_json() -> bool:
    """Whether a script asks, and not a page."""
    return request.accept_mimetypes.best == "application/json"


def sign_in_first() -> BaseResponse:
    """What a script is told that may not enter like this."""
    return _say("sign-in", 401)


def _say(error: str, status: int) -> BaseResponse:
    response = make_response({"error": error}, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def as_nobody() -> None:
    """From here on this request is nobody's in particular, whatever cookie came with it."""
    g._login_user = AnonymousUserMixin()  # noqa: SLF001  # where flask-login keeps whom it loaded


def _enter_by_device() -> BaseResponse | None:
    as_nobody()
    load: LoadDevice
    touch: TouchDevice
    load, touch = current_app.extensions["signalen.devices"]
    given = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    found = load(db(), token) if token else None
    if found is None:
        return sign_in_first()
    g.device_actor, device_id, stale = found
    if stale and g.db_writes:
        touch(db(), device_id)
    return None


def guard() -> BaseResponse | None:
    """Lets in who may; an address that does not exist is 404 by itself."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if vars(view).get("by_device"):
        return _enter_by_device()
    permissions: tuple[Permission, ...] | None = vars(view)["guard"]
    if permissions is None:
        return None
    actor = current_actor()
    if actor.id is None:
        return ask_to_sign_in()
    if not any(may(actor, permission) for permission in permissions):
        if asks_for_json():  # a script must not take the page of a proxy for our word
            return _say("not-found", 404)
        abort(404)
    return None

"""Sign in and out, links by mail, and one's own account."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Blueprint, abort, current_app, request, session, url_for
from flask_login import login_user, logout_user
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.core import attempts
from signalen.core.errors import DomainError
from signalen.core.permissions import Actor, Permission, Role, may
from signalen.people import devices, links, operations
from signalen.people.forms import AccountForm, EmailForm, OwnPasswordForm, PasswordForm, SignInForm
from signalen.people.labels import DIGESTS
from signalen.people.models import SignIn, User
from signalen.people.news import choose_digest, digest_of
from signalen.people.queries import actor_for_user, token_hash
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import Visitor, current_actor, public, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import own_name
from signalen.web.notices import notice
from signalen.web.security import on_loopback
from signalen.web.sessions import db, keep_on_refusal, vault

bp = Blueprint("people", __name__)
TRIES, WITHIN = 5, timedelta(minutes=1)
FIRST_PAGE = (
    (Role.STAFF, "/desk"),
    (Role.CITY, "/city"),
    (Role.WORKER, "/capture"),
    (Role.PANEL, "/panel"),
    (Role.STEWARD, "/house"),
)


@bp.get("/healthz")
@public
def health() -> str:
    """Says that the process lives."""
    return "ok"


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    """The form to sign in."""
    return page("people/sign_in.html", form=Form(), target=request.args.get("next", ""))


@bp.post("/sign-in")
@public
def do_sign_in() -> Response:
    """Checks e-mail and password. Wrong, unknown, stopped and demo-from-outside look the same."""
    form = read(SignInForm)
    target = form.get("next")
    client = attempts.client_hash(vault(), request.remote_addr or "")
    if attempts.too_many(db(), "sign-in", client, limit=TRIES, within=WITHIN):
        response = page("people/sign_in.html", 429, form=form, target=target, wait=True)
        response.headers["Retry-After"] = "60"
        return response
    user = None
    if not form.errors:
        address = form.value.email.lower()
        user = db().exec(select(User).where(User.email == address)).first()
        fits = operations.password_fits(user, form.value.password)
        if not fits or (user and user.demo and not on_loopback()):
            user = None
    if user is None:
        attempts.remember(db(), "sign-in", client)
        keep_on_refusal()
        form.refuse("email", _("E-mail address or password is not right."))
        return page("people/sign_in.html", 422, form=form, target=target)
    token = operations.start_sign_in(db(), user)
    actor = actor_for_user(db(), user.id)
    session.clear()
    login_user(Visitor(token, actor))
    return see(_own_path(target) or first_page(actor))


@bp.post("/sign-out")
@requires(Permission.ACCOUNT_USE)
def sign_out() -> Response:
    """Ends this sign-in, here and on the server."""
    operations.end_sign_in(db(), session.get("_user_id", ""), actor=current_actor())
    logout_user()
    session.clear()
    response = see(url_for("desk.home"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/forgotten")
@public
def forgotten() -> Response:
    """The form to ask for a link."""
    return page("people/forgotten.html", form=Form())


@bp.post("/forgotten")
@public
def do_forgotten() -> Response:
    """Sends a link if the address is known; says the same when it is not."""
    form = read(EmailForm)
    if form.errors:
        return page("people/forgotten.html", 422, form=form)
    client = attempts.client_hash(vault(), request.remote_addr or "")
    if attempts.too_many(db(), "reset", client, limit=TRIES, within=timedelta(hours=1)):
        abort(429)
    attempts.remember(db(), "reset", client)
    links.ask_reset(db(), form.value.email)
    return page("people/forgotten.html", form=form, sent=True)


@bp.get("/link/<token>")
@public
def choose_password(token: str) -> Response:
    """The page behind a link by mail."""
    link = links.find_link(db(), vault(), token)
    return page("people/choose_password.html", 200 if link else 404, form=Form(), link=link)


@bp.post("/link/<token>")
@public
def do_choose_password(token: str) -> Response:
    """Sets the password; then the person signs in with it."""
    form = read(PasswordForm)
    if not form.errors and form.value.password != form.value.again:
        form.refuse("again", _("The two passwords are not the same."))
    link = links.find_link(db(), vault(), token)
    if link is None or form.errors:
        return page("people/choose_password.html", 422 if link else 404, form=form, link=link)
    links.use_link(db(), vault(), token, form.value.password)
    notice(_("Your password is set. Sign in with it."))
    return see(url_for("people.sign_in"))


@bp.get("/account")
@requires(Permission.ACCOUNT_USE)
def account() -> Response:
    """One's own name, language, password and sign-ins."""
    return _account_page()


@bp.post("/account")
@requires(Permission.ACCOUNT_USE)
def save_account() -> Response:
    """Saves name and language."""
    form = read(AccountForm)
    if not form.errors and form.value.language not in _languages():
        form.refuse("language", _("Choose one of these."))
    if form.errors:
        return _account_page(form=form, status=422)
    operations.change_self(
        db(), _me(), name=form.value.name, language=form.value.language, actor=current_actor()
    )
    if form.value.digest:
        choose_digest(db(), _me(), form.value.digest, actor=current_actor())
    notice(_("Saved."))
    response = see(url_for(".account"))
    response.delete_cookie("language")
    return response


@bp.post("/account/password")
@requires(Permission.ACCOUNT_USE)
def change_password() -> Response:
    """A new password; all other sign-ins end."""
    form = read(OwnPasswordForm)
    user = _me()
    if not form.errors and form.value.password != form.value.again:
        form.refuse("again", _("The two passwords are not the same."))
    if not form.errors and not operations.password_fits(user, form.value.current):
        form.refuse("current", _("This is not your password now."))
    if not form.errors:
        try:
            operations.set_password(db(), user, form.value.password, actor=current_actor())
        except DomainError as error:
            form.refuse("password", refusal(error))
    if form.errors:
        return _account_page(password_form=form, status=422)
    login_user(Visitor(operations.start_sign_in(db(), user), actor_for_user(db(), user.id)))
    notice(_("Your password is changed. You are signed out everywhere else."))
    return see(url_for(".account"))


@bp.post("/account/sign-out-everywhere")
@requires(Permission.ACCOUNT_USE)
def sign_out_everywhere() -> Response:
    """Ends every sign-in of this person."""
    operations.sign_out_everywhere(db(), _me(), actor=current_actor())
    logout_user()
    session.clear()
    return see(url_for("people.sign_in"))


@bp.post("/account/devices/<uuid:device_id>/revoke")
@requires(Permission.ACCOUNT_USE)
def revoke_device(device_id: uuid.UUID) -> Response:
    """A phone of this person sends no more."""
    actor = current_actor()
    device = devices.find_device(db(), actor.user_id, device_id, actor)
    if device is None:
        abort(404)
    devices.revoke_device(db(), device, actor=actor)
    notice(_("This phone sends no more. What waits on it goes out when you sign in there again."))
    return see(url_for(".account"))


def first_page(actor: Actor) -> str:
    """Where a person starts after signing in."""
    return next((address for role, address in FIRST_PAGE if role in actor.roles), "/account")


def _own_path(target: str) -> str | None:
    """`target` when it is a path of ours: never another site."""
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target
    return target if safe and target != "/sign-in" else None


def _languages() -> tuple[str, ...]:
    settings: Config = current_app.extensions["signalen.config"]
    return settings.languages if Role.PANEL in current_actor().roles else settings.house_languages


def _me() -> User:
    return db().exec(select(User).where(User.id == current_actor().user_id)).one()


def _account_page(
    *,
    form: Form[AccountForm] | None = None,
    password_form: Form[OwnPasswordForm] | None = None,
    status: int = 200,
) -> Response:
    mine = session.get("_user_id", "")
    rows = db().exec(
        select(SignIn)
        .where(SignIn.user_id == current_actor().user_id, col(SignIn.ended_at).is_(None))
        .order_by(col(SignIn.seen_at).desc())
        .limit(10)
    )
    return page(
        "people/account.html",
        status,
        me=_me(),
        form=form,
        password_form=password_form,
        languages=[(code, own_name(code)) for code in _languages()],
        digest=digest_of(db(), current_actor().user_id),
        digests=list(DIGESTS.items()) if may(current_actor(), Permission.SYNTHESIS_COMMENT) else [],
        sign_ins=[(row, row.token_hash == token_hash(mine)) for row in rows],
        devices=devices.devices_of(db(), current_actor().user_id, current_actor()),
        device_address=lambda device: url_for(".revoke_device", device_id=device.id),
    )

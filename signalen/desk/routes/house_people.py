"""The people of the house: who can sign in, with which roles and mandates."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.core.errors import DomainError
from signalen.core.permissions import Role
from signalen.desk.routes.house import KEEP, bp
from signalen.people import devices, directory
from signalen.people.forms import InviteForm, MembershipForm
from signalen.people.labels import ROLES
from signalen.people.models import Body, Membership, Organisation, User
from signalen.people.queries import organisations
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db

__all__ = ["bp"]  # the pages here hang on the blueprint of the house


@bp.get("/people")
@requires(KEEP)
def people() -> Response:
    """Everyone who can sign in, with roles."""
    return _people_page(Form())


@bp.post("/people")
@requires(KEEP)
def invite() -> Response:
    """Invites a person with a first role."""
    form = read(InviteForm)
    if not form.errors:
        value = form.value
        try:
            with db().begin_nested():
                user = directory.invite(
                    db(), value.email, value.name, language=value.language, actor=current_actor()
                )
                _add_role(user, value)
        except DomainError as error:
            form.refuse(_field(error), refusal(error))
    if form.errors:
        return _people_page(form, 422)
    notice(_("Invited. The link goes by mail."))
    return see(url_for(".people"))


@bp.get("/people/<uuid:user_id>")
@requires(KEEP)
def person(user_id: uuid.UUID) -> Response:
    """One person: roles and mandates."""
    return _person_page(_person(user_id), Form())


@bp.post("/people/<uuid:user_id>/roles")
@requires(KEEP)
def add_role(user_id: uuid.UUID) -> Response:
    """Adds a role with its mandates."""
    user, form = _person(user_id), read(MembershipForm)
    if not form.errors:
        try:
            _add_role(user, form.value)
        except DomainError as error:
            form.refuse(_field(error), refusal(error))
    if form.errors:
        return _person_page(user, form, 422)
    notice(_("Role added."))
    return see(url_for(".person", user_id=user.id))


@bp.post("/people/<uuid:user_id>/roles/<uuid:membership_id>/end")
@requires(KEEP)
def end_role(user_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    """Ends a role."""
    row = (
        db()
        .exec(
            select(Membership).where(
                Membership.id == membership_id, Membership.user_id == user_id, col(Membership.until).is_(None)
            )
        )
        .first()
    )
    if row is None:
        abort(404)
    directory.end_membership(db(), row, actor=current_actor())
    notice(_("Role ended."))
    return see(url_for(".person", user_id=user_id))


@bp.post("/people/<uuid:user_id>/invite")
@requires(KEEP)
def invite_again(user_id: uuid.UUID) -> Response:
    """Sends the invitation once more."""
    directory.invite_again(db(), _person(user_id), actor=current_actor())
    notice(_("Invited. The link goes by mail."))
    return see(url_for(".person", user_id=user_id))


@bp.post("/people/<uuid:user_id>/stop")
@requires(KEEP)
def stop(user_id: uuid.UUID) -> Response:
    """Someone leaves."""
    user = _person(user_id)
    if user.id == current_actor().id:
        abort(404)
    directory.stop_user(db(), user, actor=current_actor())
    notice(_("%(name)s can no longer sign in.", name=user.name))
    return see(url_for(".people"))


@bp.post("/people/<uuid:user_id>/devices/<uuid:device_id>/revoke")
@requires(KEEP)
def revoke_device(user_id: uuid.UUID, device_id: uuid.UUID) -> Response:
    """A phone was lost, or is somebody else's now: it sends no more."""
    device = devices.find_device(db(), user_id, device_id, current_actor())
    if device is None:
        abort(404)
    devices.revoke_device(db(), device, actor=current_actor())
    notice(_("This phone sends no more."))
    return see(url_for(".person", user_id=user_id))


def _field(error: DomainError) -> str:
    fields = {"email-known": "email", "organisation-needed": "organisation", "body-needed": "body"}
    return fields.get(error.code, "role")


def _add_role(user: User, value: InviteForm | MembershipForm) -> None:
    directory.add_membership(
        db(),
        user,
        value.role,
        organisation_id=value.organisation,
        body_id=value.body,
        may_agree=value.may_agree,
        may_read_sensitive=value.may_read_sensitive,
        actor=current_actor(),
    )


def _person(user_id: uuid.UUID) -> User:
    found = db().exec(select(User).where(User.id == user_id)).first()
    if found is None:
        abort(404)
    return found


def _role_choices() -> dict[str, Any]:
    bodies = db().exec(select(Body.id, Body.name).where(Body.active).order_by(Body.name)).all()
    return {
        "roles": [(role.value, ROLES[role]) for role in Role],
        "organisations": organisations(db()),
        "bodies": list(bodies),
    }


def _people_page(form: Form[InviteForm], status: int = 200) -> Response:
    rows = (
        db()
        .exec(
            select(User, Membership, Organisation.name, Body.name)
            .join(
                Membership,
                (col(Membership.user_id) == User.id) & col(Membership.until).is_(None),
                isouter=True,
            )
            .join(Organisation, col(Organisation.id) == Membership.organisation_id, isouter=True)
            .join(Body, col(Body.id) == Membership.body_id, isouter=True)
            .order_by(col(User.active).desc(), User.name)
        )
        .all()
    )
    grouped: dict[uuid.UUID, tuple[User, list[tuple[Membership, str | None]]]] = {}
    for user, membership, organisation_name, body_name in rows:
        entry = grouped.setdefault(user.id, (user, []))
        if membership is not None:
            entry[1].append((membership, organisation_name or body_name))
    return page(
        "house/people.html",
        status,
        people=list(grouped.values()),
        form=form,
        labels=ROLES,
        **_role_choices(),
    )


def _person_page(user: User, form: Form[MembershipForm], status: int = 200) -> Response:
    rows = (
        db()
        .exec(
            select(Membership, Organisation.name, Body.name)
            .join(Organisation, col(Organisation.id) == Membership.organisation_id, isouter=True)
            .join(Body, col(Body.id) == Membership.body_id, isouter=True)
            .where(Membership.user_id == user.id, col(Membership.until).is_(None))
        )
        .all()
    )
    held = [(m, organisation or body) for m, organisation, body in rows]
    return page(
        "house/person.html",
        status,
        person=user,
        held=held,
        form=form,
        labels=ROLES,
        devices=devices.devices_of(db(), user.id, current_actor()),
        device_address=lambda device: url_for(".revoke_device", user_id=user.id, device_id=device.id),
        **_role_choices(),
    )

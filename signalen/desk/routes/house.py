"""The house of the steward: people, organisations, bodies, clocks. No signals here."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.core.errors import DomainError
from signalen.core.permissions import Permission
from signalen.people import directory
from signalen.people.clocks import DEFAULTS, ClockName, days
from signalen.people.forms import BodyForm, OrganisationForm
from signalen.people.labels import CLOCKS
from signalen.people.models import Body, Level, Municipality, Organisation, User
from signalen.themes.expertise import set_expertise
from signalen.themes.models import OrganisationTheme
from signalen.themes.queries import names
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("house", __name__, url_prefix="/house")
KEEP = Permission.HOUSE_KEEP


@bp.get("")
@requires(KEEP)
def index() -> Response:
    """What the platform is made of, in numbers."""
    counts = {
        "people": _count(User, col(User.active)),
        "organisations": _count(Organisation, col(Organisation.active)),
        "bodies": _count(Body, col(Body.active)),
    }
    return page("house/index.html", counts=counts)


@bp.get("/organisations")
@requires(KEEP)
def organisations_list() -> Response:
    """The directory."""
    return _organisations_page(Form())


@bp.post("/organisations")
@requires(KEEP)
def add_organisation() -> Response:
    """A new organisation."""
    form = read(OrganisationForm)
    if not form.errors:
        try:
            made = directory.add_organisation(db(), form.value.name, actor=current_actor())
            set_expertise(db(), made, form.value.themes, actor=current_actor())
        except DomainError as error:
            form.refuse("name", refusal(error))
    if form.errors:
        return _organisations_page(form, 422)
    notice(_("Saved."))
    return see(url_for(".organisations_list"))


@bp.get("/organisations/<uuid:organisation_id>")
@requires(KEEP)
def organisation(organisation_id: uuid.UUID) -> Response:
    """One organisation and what it knows about."""
    return _organisation_page(organisation_id, None)


@bp.post("/organisations/<uuid:organisation_id>")
@requires(KEEP)
def change_organisation(organisation_id: uuid.UUID) -> Response:
    """Changes an organisation."""
    found, form = _organisation(organisation_id), read(OrganisationForm)
    if not form.errors:
        value = form.value
        try:
            directory.change_organisation(
                db(), found, name=value.name, active=value.active, actor=current_actor()
            )
            set_expertise(db(), found, value.themes, actor=current_actor())
        except DomainError as error:
            form.refuse("name", refusal(error))
    if form.errors:
        return _organisation_page(organisation_id, form, 422)
    notice(_("Saved."))
    return see(url_for(".organisations_list"))


@bp.get("/bodies")
@requires(KEEP)
def bodies() -> Response:
    """Who can be asked."""
    return _bodies_page(Form())


@bp.post("/bodies")
@requires(KEEP)
def add_body() -> Response:
    """A new body."""
    form = read(BodyForm)
    if not form.errors:
        value = form.value
        try:
            directory.add_body(
                db(),
                value.name,
                value.level,
                municipality=value.municipality,
                email=value.email,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse("name", refusal(error))
    if form.errors:
        return _bodies_page(form, 422)
    notice(_("Saved."))
    return see(url_for(".bodies"))


@bp.get("/bodies/<uuid:body_id>")
@requires(KEEP)
def body(body_id: uuid.UUID) -> Response:
    """One body."""
    return page("house/body.html", body=_body(body_id), form=None, **_body_choices())


@bp.post("/bodies/<uuid:body_id>")
@requires(KEEP)
def change_body(body_id: uuid.UUID) -> Response:
    """Changes a body."""
    found, form = _body(body_id), read(BodyForm)
    if form.errors:
        return page("house/body.html", 422, body=found, form=form, **_body_choices())
    value = form.value
    directory.change_body(
        db(),
        found,
        name=value.name,
        level=value.level,
        email=value.email,
        active=value.active,
        actor=current_actor(),
    )
    notice(_("Saved."))
    return see(url_for(".bodies"))


@bp.get("/clocks")
@requires(KEEP)
def clocks() -> Response:
    """How many working days each step may take."""
    return _clocks_page({})


@bp.post("/clocks")
@requires(KEEP)
def set_clocks() -> Response:
    """Sets the clocks of the installation, and the city's clock per municipality."""
    errors: dict[str, str] = {}
    wanted: list[tuple[ClockName, str, int]] = []
    for name, town in _clock_fields():
        typed = request.form.get(f"{name}:{town}", "").strip()
        if typed.isdecimal() and 1 <= int(typed) <= 250:
            wanted.append((name, town, int(typed)))
        elif typed or not town:
            errors[f"{name}:{town}"] = _("Fill in a number of working days from 1 to 250.")
    if errors:
        return _clocks_page(errors, 422)
    for name, town, value in wanted:
        if days(db(), name, municipality=town) != value:
            directory.set_setting(db(), name, value, municipality=town, actor=current_actor())
    notice(_("Saved. Dates that were given already stay as they are."))
    return see(url_for(".clocks"))


def _count(table: type[Any], condition: Any) -> int:
    return db().exec(select(sa.func.count()).select_from(table).where(condition)).one()


def _organisation(organisation_id: uuid.UUID) -> Organisation:
    found = db().exec(select(Organisation).where(Organisation.id == organisation_id)).first()
    if found is None:
        abort(404)
    return found


def _body(body_id: uuid.UUID) -> Body:
    found = db().exec(select(Body).where(Body.id == body_id)).first()
    if found is None:
        abort(404)
    return found


def _organisations_page(form: Form[OrganisationForm], status: int = 200) -> Response:
    rows = (
        db()
        .exec(
            select(Organisation).order_by(
                col(Organisation.active).desc(), col(Organisation.directory_only), Organisation.name
            )
        )
        .all()
    )
    return page(
        "house/organisations.html", status, rows=rows, form=form, themes=names(db(), language()).themes()
    )


def _organisation_page(
    organisation_id: uuid.UUID, form: Form[OrganisationForm] | None, status: int = 200
) -> Response:
    known = (
        db()
        .exec(
            select(OrganisationTheme.theme_code).where(OrganisationTheme.organisation_id == organisation_id)
        )
        .all()
    )
    return page(
        "house/organisation.html",
        status,
        organisation=_organisation(organisation_id),
        form=form,
        known=known,
        themes=names(db(), language()).themes(),
    )


def _body_choices() -> dict[str, Any]:
    vocabulary = names(db(), language())
    towns = db().exec(select(Municipality.code, Municipality.name).order_by(Municipality.name)).all()
    return {
        "levels": [(level.value, vocabulary.level(level.value)) for level in Level],
        "municipalities": list(towns),
    }


def _bodies_page(form: Form[BodyForm], status: int = 200) -> Response:
    rows = db().exec(select(Body).order_by(col(Body.active).desc(), Body.name)).all()
    return page(
        "house/bodies.html",
        status,
        rows=rows,
        form=form,
        vocabulary=names(db(), language()),
        **_body_choices(),
    )


def _clock_fields() -> list[tuple[ClockName, str]]:
    towns = db().exec(select(Municipality.code).order_by(Municipality.code)).all()
    return [(name, "") for name in ClockName] + [(ClockName.ANSWER, town) for town in towns]


def _clocks_page(errors: dict[str, str], status: int = 200) -> Response:
    fields = [
        {
            "name": f"{name}:{town}",
            "label": CLOCKS[name],
            "town": town,
            "value": days(db(), name, municipality=town),
            "default": DEFAULTS[name],
        }
        for name, town in _clock_fields()
    ]
    return page("house/clocks.html", status, fields=fields, errors=errors)

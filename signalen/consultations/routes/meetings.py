"""Consultations: the list, planning one, its day, its calendar entry."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, request, url_for
from sqlmodel import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.consultations import operations, queries
from signalen.consultations.forms import ConsultationForm
from signalen.consultations.labels import ARRANGEMENTS, STATES
from signalen.consultations.models import Consultation
from signalen.consultations.papers import calendar_entry
from signalen.consultations.routes.parts import EDIT, consultation_or_404, do
from signalen.core import clock
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import visible_dossiers
from signalen.people.models import Municipality
from signalen.signals.models import Stage
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("consultations", __name__, url_prefix="/desk/consultations")


@bp.get("")
@requires(EDIT)
def index() -> Response:
    """Consultations to come, and those that were held. With `dossier` in the address: which agenda it can go on."""
    actor = current_actor()
    chosen = _dossier(request.args.get("dossier"))
    return page(
        "consultations/list.html",
        coming=queries.upcoming(db(), actor),
        past=queries.past(db(), actor),
        states=STATES,
        towns=dict(_towns()),
        today=clock.today(),
        chosen=chosen,
        agendas=queries.open_for(db(), actor, chosen) if chosen is not None else (),
    )


@bp.get("/new")
@requires(EDIT)
def new() -> Response:
    """A form for a consultation to come."""
    start = MultiDict({"starts": "14:00", "minutes": "120"})
    return _form(Form(start))


@bp.post("/new")
@requires(EDIT)
def plan() -> Response:
    """Plans a consultation."""
    form = _read()
    if form.errors:
        return _form(form, 422)
    made = operations.plan_consultation(db(), **form.value.model_dump(), actor=current_actor())
    notice(_("The consultation is planned. Now put points on its agenda."))
    return see(url_for("agenda.show", consultation_id=made.id))


@bp.get("/<uuid:consultation_id>/edit")
@requires(EDIT)
def edit_form(consultation_id: uuid.UUID) -> Response:
    """The same form, for one that is planned already."""
    found = consultation_or_404(consultation_id)
    start = MultiDict(
        [
            (name, str(getattr(found, name)))
            for name in ConsultationForm.model_fields
            if name != "arrangements"
        ]
    )
    start.setlist("arrangements", found.arrangements)
    return _form(Form(start), consultation=found)


@bp.post("/<uuid:consultation_id>/edit")
@requires(EDIT)
def edit(consultation_id: uuid.UUID) -> Response:
    """Changes day, place, people and arrangements."""
    found, form = consultation_or_404(consultation_id), _read()
    if form.errors:
        return _form(form, 422, consultation=found)
    values = form.value.model_dump(exclude={"municipality"})
    return do(
        lambda: operations.edit(db(), found, **values, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id),
        done=_("Saved."),
    )


@bp.post("/<uuid:consultation_id>/freeze")
@requires(EDIT)
def freeze(consultation_id: uuid.UUID) -> Response:
    """Fixes the agenda."""
    found = consultation_or_404(consultation_id)
    return do(
        lambda: operations.freeze(db(), found, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id),
        done=_("The agenda is fixed. You can send it."),
    )


@bp.post("/<uuid:consultation_id>/open")
@requires(EDIT)
def open_again(consultation_id: uuid.UUID) -> Response:
    """Opens a fixed agenda again."""
    found = consultation_or_404(consultation_id)
    return do(
        lambda: operations.open_again(db(), found, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id),
        done=_("The agenda is open for points again."),
    )


@bp.post("/<uuid:consultation_id>/cancel")
@requires(EDIT)
def cancel(consultation_id: uuid.UUID) -> Response:
    """It does not take place."""
    found = consultation_or_404(consultation_id)
    return do(
        lambda: operations.cancel(db(), found, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id),
        done=_("Cancelled. Its dossiers can go on another agenda."),
    )


@bp.get("/<uuid:consultation_id>/agenda.ics")
@requires(EDIT)
def calendar(consultation_id: uuid.UUID) -> Response:
    """An entry for a calendar."""
    found = consultation_or_404(consultation_id)
    config: Config = current_app.extensions["signalen.config"]
    entry = calendar_entry(
        found,
        queries.items_of(db(), found.id),
        address=config.public_url.rstrip("/") + url_for("agenda.show", consultation_id=found.id),
        stamp=clock.now(),
    )
    response = Response(entry, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="agenda-{found.held_on}.ics"'
    return response


def _dossier(typed: str | None) -> Dossier | None:
    """The dossier that looks for an agenda, when this person may see it; None when it is no longer *bundled*."""
    if typed is None:
        return None
    try:
        key = uuid.UUID(typed)
    except ValueError:
        abort(404)
    found = db().exec(visible_dossiers(current_actor()).where(Dossier.id == key)).first() or abort(404)
    return found if found.stage is Stage.BUNDLED else None


def _read() -> Form[ConsultationForm]:
    form = read(ConsultationForm)
    if "municipality" not in form.errors and request.form.get("municipality") not in dict(_towns()):
        form.refuse("municipality", _("Choose one of these."))
    return form


def _towns() -> list[tuple[str, str]]:
    rows = db().exec(select(Municipality.code, Municipality.name).order_by(Municipality.name)).all()
    return [(code, name) for code, name in rows]


def _form(form: Form[Any], status: int = 200, *, consultation: Consultation | None = None) -> Response:
    return page(
        "consultations/form.html",
        status,
        form=form,
        consultation=consultation,
        towns=_towns(),
        arrangements=list(ARRANGEMENTS.items()),
    )

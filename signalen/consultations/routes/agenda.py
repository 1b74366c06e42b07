"""The agenda of one consultation: its points, its print view, and what was said."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from signalen.consultations import operations, queries
from signalen.consultations.forms import ItemForm, PromiseForm, SaidForm, read_minutes, refuse
from signalen.consultations.labels import ARRANGEMENTS, OUTCOMES, PURPOSES, STATES
from signalen.consultations.models import AgendaItem, Consultation, ConsultationState, ItemOutcome
from signalen.consultations.routes.parts import EDIT, RECORD, consultation_or_404, do
from signalen.core import clock
from signalen.core.errors import DomainError, NotAllowed
from signalen.dossiers.labels import KNOCK_OUTS_SHORT, MISSING
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import visible_dossiers
from signalen.people.models import Municipality
from signalen.signals.labels import ring
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("agenda", __name__, url_prefix="/desk/consultations/<uuid:consultation_id>")
AT = "/items/<uuid:item_id>"


@bp.get("")
@requires(EDIT)
def show(consultation_id: uuid.UUID) -> Response:
    """The agenda: points in order, their time against the time there is, and dossiers that can be added."""
    return _show(consultation_or_404(consultation_id), Form(MultiDict()))


@bp.get("/print")
@requires(EDIT)
def paper(consultation_id: uuid.UUID) -> Response:
    """The agenda on paper."""
    found = consultation_or_404(consultation_id)
    return page(
        "consultations/print.html", consultation=found, agenda=queries.agenda(db(), found), **_words(found)
    )


@bp.post("/items")
@requires(EDIT)
def add(consultation_id: uuid.UUID) -> Response:
    """Puts a dossier or another point on the agenda."""
    found, form = consultation_or_404(consultation_id), read(ItemForm)
    if not form.errors:
        value = form.value
        dossier = None
        if value.dossier_id is not None:
            mine = visible_dossiers(current_actor()).where(Dossier.id == value.dossier_id)
            dossier = db().exec(mine).first() or abort(404)
        try:
            operations.add_item(
                db(),
                found,
                dossier=dossier,
                title=value.title,
                purpose=value.purpose,
                minutes=value.minutes,
                brought_by=value.brought_by,
                actor=current_actor(),
            )
        except NotAllowed:
            raise
        except DomainError as error:
            db().rollback()
            refuse(form, error, field="title")
    if form.errors:
        return _show(consultation_or_404(consultation_id), form, 422)
    return see(url_for("agenda.show", consultation_id=consultation_id) + "#points")


@bp.get(AT)
@requires(EDIT)
def item(consultation_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """A form to change one point."""
    found, point = _item(consultation_id, item_id)
    start = MultiDict(
        {
            "title": point.title,
            "purpose": point.purpose.value,
            "minutes": str(point.minutes),
            "brought_by": point.brought_by,
        }
    )
    return _item_form(found, point, Form(start))


@bp.post(AT)
@requires(EDIT)
def change(consultation_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Changes one point."""
    found, point = _item(consultation_id, item_id)
    form = read(ItemForm)
    if form.errors:
        return _item_form(found, point, form, 422)
    values = form.value.model_dump(exclude={"dossier_id"})
    return do(
        lambda: operations.edit_item(db(), point, **values, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id) + "#points",
    )


@bp.post(AT + "/move")
@requires(EDIT)
def move(consultation_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Moves a point one place up or down."""
    found, point = _item(consultation_id, item_id)
    by = {"up": -1, "down": 1}.get(request.form.get("to", ""), 0)
    return do(
        lambda: operations.move_item(db(), point, by=by, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id) + f"#p-{point.id}",
    )


@bp.post(AT + "/remove")
@requires(EDIT)
def remove(consultation_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Takes a point off the agenda."""
    found, point = _item(consultation_id, item_id)
    return do(
        lambda: operations.remove_item(db(), point, actor=current_actor()),
        url_for("agenda.show", consultation_id=found.id) + "#points",
        done=_("The point is off the agenda."),
    )


@bp.get("/minutes")
@requires(EDIT)
def minutes(consultation_id: uuid.UUID) -> Response:
    """After the meeting: what was said about each point."""
    return _minutes(consultation_or_404(consultation_id), Form(MultiDict()))


@bp.post("/minutes")
@requires(EDIT)
def hold(consultation_id: uuid.UUID) -> Response:
    """Writes up the meeting: questions of what was discussed go to the city."""
    found = consultation_or_404(consultation_id)
    items = queries.items_of(db(), found.id)
    said = read_minutes(request.form, items)
    form: Form[Any] = Form(request.form)
    for point in items:
        if point.id not in said:
            form.refuse(f"outcome-{point.id}", _("Say whether “%(title)s” was discussed.", title=point.title))
    if not form.errors:
        try:
            operations.hold(db(), found, said, actor=current_actor())
        except NotAllowed:
            raise
        except DomainError as error:
            db().rollback()
            refuse(form, error, field="form")
    if form.errors:
        return _minutes(consultation_or_404(consultation_id), form, 422)
    notice(_("Written up. The questions went to the city, each with a date."))
    return see(url_for("agenda.show", consultation_id=consultation_id))


@bp.post(AT + "/said")
@requires(EDIT)
def said(consultation_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Mends what was written down about a point."""
    found, point = _item(consultation_id, item_id)
    form, here = read(SaidForm), url_for("agenda.show", consultation_id=found.id)
    if form.errors:
        notice(form.errors.get("said", ""), "late")
        return see(here)
    words = form.value.said
    return do(lambda: operations.note_said(db(), point, words, actor=current_actor()), here, done=_("Saved."))


@bp.post(AT + "/promise")
@requires(RECORD)
def promise(consultation_id: uuid.UUID, item_id: uuid.UUID) -> Response:
    """Writes down a promise that was made in the meeting."""
    found, point = _item(consultation_id, item_id)
    form, here = read(PromiseForm), url_for("agenda.show", consultation_id=found.id)
    if form.errors:
        notice(_("A promise needs what, who and a date."), "late")
        return see(here)
    value = form.value
    return do(
        lambda: operations.commit_to(
            db(),
            dossier_id=point.dossier_id,
            answer_id=None,
            body_id=value.body_id,
            what=value.what,
            owner=value.owner,
            due_on=value.due_on,
            actor=current_actor(),
        ),
        here,
        done=_("The promise is written down. It comes back by itself when it is late."),
    )


def _item(consultation_id: uuid.UUID, item_id: uuid.UUID) -> tuple[Consultation, AgendaItem]:
    found = consultation_or_404(consultation_id)
    return found, queries.find_item(db(), found, item_id) or abort(404)


def _words(found: Consultation) -> dict[str, Any]:
    town = db().get_one(Municipality, found.municipality)
    return {
        "states": STATES,
        "purposes": PURPOSES,
        "outcomes": OUTCOMES,
        "arrangements": ARRANGEMENTS,
        "ring": ring,
        "town": town.name,
        "today": clock.today(),
    }


def _show(found: Consultation, form: Form[Any], status: int = 200) -> Response:
    session, today = db(), clock.today()
    open_ = found.state is ConsultationState.PLANNED
    agenda = queries.agenda(session, found)
    bodies = {}
    if found.state is ConsultationState.HELD:
        ids = [row.item.dossier_id for row in agenda.rows if row.item.dossier_id]
        bodies = queries.bodies_asked(session, ids)
    return page(
        "consultations/agenda.html",
        status,
        consultation=found,
        agenda=agenda,
        form=form,
        open=open_,
        candidates=queries.candidates(session, found, today) if open_ else [],
        missing=MISSING,
        knock_outs=KNOCK_OUTS_SHORT,
        bodies=bodies,
        **_words(found),
    )


def _item_form(found: Consultation, point: AgendaItem, form: Form[Any], status: int = 200) -> Response:
    return page(
        "consultations/item.html",
        status,
        consultation=found,
        item=point,
        form=form,
        purposes=list(PURPOSES.items()),
    )


def _minutes(found: Consultation, form: Form[Any], status: int = 200) -> Response:
    agenda = queries.agenda(db(), found)
    return page(
        "consultations/minutes.html",
        status,
        consultation=found,
        agenda=agenda,
        form=form,
        discussed=ItemOutcome.DISCUSSED,
        **_words(found),
    )

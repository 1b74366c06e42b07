"""On the way to the city: the synthesis, the measures, sending, declaring unanswered."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.permissions import Permission
from signalen.dossiers import operations, queries
from signalen.dossiers.forms import AskForm, ReasonForm, SynthesisForm
from signalen.dossiers.models import Ask, AskWay, Dossier, Round, SynthesisVersion
from signalen.dossiers.routes.parts import EDIT, change
from signalen.web.forms import read
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.sessions import db

bp = Blueprint("dossier_going", __name__, url_prefix="/desk/dossiers/<uuid:dossier_id>")


@bp.post("/synthesis")
@requires(EDIT)
def write(dossier_id: uuid.UUID) -> Response:
    """Keeps the text: in the version that was not announced yet, or as the next number."""
    form = read(SynthesisForm)
    return change(
        dossier_id,
        lambda d: operations.write_synthesis(db(), d, form.value.body, actor=current_actor()),
        form=form,
        part="synthesis",
        done=_("Saved."),
    )


@bp.post("/synthesis/<uuid:version_id>/announce")
@requires(EDIT)
def announce(dossier_id: uuid.UUID, version_id: uuid.UUID) -> Response:
    """Puts a version before the organisations."""
    version = (
        db()
        .exec(
            select(SynthesisVersion).where(
                SynthesisVersion.id == version_id, SynthesisVersion.dossier_id == dossier_id
            )
        )
        .first()
    )
    if version is None:
        abort(404)
    return change(
        dossier_id,
        lambda _dossier: operations.announce_synthesis(db(), version, actor=current_actor()),
        part="synthesis",
        done=_("Announced. The organisations can comment and agree."),
    )


@bp.post("/asks")
@requires(EDIT)
def add_ask(dossier_id: uuid.UUID) -> Response:
    """One more measure, in the round that is being prepared."""
    form, actor = read(AskForm), current_actor()

    def add(dossier: Dossier) -> None:
        round_ = operations.open_round(db(), dossier, actor=actor)
        operations.add_ask(db(), round_, form.value.body_id, form.value.measure, actor=actor)

    return change(dossier_id, add, form=form, part="asks", done=_("Added."))


@bp.post("/asks/<uuid:ask_id>/remove")
@requires(EDIT)
def remove_ask(dossier_id: uuid.UUID, ask_id: uuid.UUID) -> Response:
    """Takes a measure out."""
    ask = (
        db()
        .exec(
            select(Ask)
            .join(Round, col(Round.id) == col(Ask.round_id))
            .where(Ask.id == ask_id, Round.dossier_id == dossier_id)
        )
        .first()
    )
    if ask is None:
        abort(404)
    return change(
        dossier_id,
        lambda _dossier: operations.remove_ask(db(), ask, actor=current_actor()),
        part="asks",
        done=_("Removed."),
    )


@bp.post("/asks/send")
@requires(Permission.CONSULTATION_EDIT)
def send(dossier_id: uuid.UUID) -> Response:
    """The measures go to the city in writing, today."""

    def send_them(dossier: Dossier) -> None:
        round_ = operations.open_round(db(), dossier, actor=current_actor())
        operations.send_asks(db(), round_, AskWay.WRITING, clock.today(), actor=current_actor())

    return change(dossier_id, send_them, part="asks", done=_("Asked in writing. The clock of the city runs."))


@bp.post("/unanswered")
@requires(Permission.ANSWER_RECORD)
def unanswered(dossier_id: uuid.UUID) -> Response:
    """The city did not answer: said with the date, by name, in public."""
    form = read(ReasonForm)

    def declare(dossier: Dossier) -> None:
        round_ = queries.current_round(db(), dossier)
        if round_ is None:
            abort(404)
        operations.declare_unanswered(db(), round_, form.value.reason, actor=current_actor())

    return change(dossier_id, declare, form=form, part="unanswered", done=_("Declared unanswered."))

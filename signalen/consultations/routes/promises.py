"""Promises of the city: kept, with what shows it, or dropped, with why."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from signalen.consultations import operations, queries
from signalen.consultations.forms import ProofForm
from signalen.consultations.labels import COMMITMENTS
from signalen.consultations.routes.parts import RECORD, do
from signalen.core import clock
from signalen.core.errors import DomainError
from signalen.core.permissions import Permission
from signalen.dossiers.operations import mark_not_done
from signalen.dossiers.routes.parts import find
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("promises", __name__, url_prefix="/desk/promises")


@bp.get("/<uuid:commitment_id>")
@requires(RECORD)
def show(commitment_id: uuid.UUID) -> Response:
    """One promise, and how it ends."""
    return _page(commitment_id, None)


@bp.post("/<uuid:commitment_id>")
@requires(RECORD)
def close(commitment_id: uuid.UUID) -> Response:
    """Kept or dropped; both need words."""
    found = queries.find_commitment(db(), current_actor(), commitment_id) or abort(404)
    how = {"keep": operations.keep_commitment, "drop": operations.drop_commitment}.get(
        request.form.get("how", "")
    )
    form = read(ProofForm)
    if how is None:
        form.refuse("how", _("Choose one of these."))
    if form.errors or how is None:
        return _page(commitment_id, form, 422)
    proof = form.value.proof
    return do(
        lambda: how(db(), found, proof, actor=current_actor()), url_for("answers.index"), done=_("Saved.")
    )


@bp.post("/of/<uuid:dossier_id>/done")
@requires(Permission.DOSSIER_EDIT)
def done(dossier_id: uuid.UUID) -> Response:
    """The dossier is done, or not after all."""
    dossier = find(dossier_id)
    what = operations.finish if request.form.get("done") == "yes" else mark_not_done
    try:
        what(db(), dossier, actor=current_actor())
    except DomainError as error:
        notice(refusal(error), "late")
    else:
        notice(_("Saved."))
    return see(url_for("dossiers.dossier", dossier_id=dossier.id))


def _page(commitment_id: uuid.UUID, form: Form[ProofForm] | None, status: int = 200) -> Response:
    row = queries.commitment_row(db(), current_actor(), commitment_id) or abort(404)
    return page(
        "consultations/promise.html",
        status,
        row=row,
        form=form,
        commitment_states=COMMITMENTS,
        today=clock.today(),
    )

"""The panel: texts to read before they go out, in all public languages; the tests stand in the room of the toetsen."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, g, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core.errors import DomainError
from signalen.core.permissions import Permission
from signalen.feedback import operations as feedback_operations
from signalen.feedback.forms import PanelForm
from signalen.feedback.labels import refused
from signalen.feedback.models import Feedback, FeedbackState
from signalen.texts.labels import ORIGINS, PARTS, PURPOSES
from signalen.texts.models import PublicText, TextPurpose, TextState, TextVersion
from signalen.texts.operations import approve, review_by_panel
from signalen.texts.queries import SOURCE, latest, proposed_version, reading_of, to_read
from signalen.texts.workflow import PARTS as PARTS_OF
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("panel", __name__)


@bp.get("/panel")
@requires(Permission.TOETS_ANSWER_PANEL)
def index() -> Response:
    """Texts to read; a link to the tests."""
    rows = to_read(db(), current_actor(), g.all_languages)
    return page(
        "panel/index.html",
        to_read=[row for row in rows if not row.read_by_me],
        read=[row for row in rows if row.read_by_me],
        purposes=PURPOSES,
    )


@bp.get("/panel/texts/<uuid:version_id>")
@requires(Permission.TEXT_REVIEW)
def text(version_id: uuid.UUID) -> Response:
    """One text: read it, say whether it is clear, tell it in your own words."""
    version, public_text = _load(version_id)
    said = reading_of(db(), version.id, current_actor())
    return _show(version, public_text, said=said)


@bp.post("/panel/texts/<uuid:version_id>")
@requires(Permission.TEXT_REVIEW)
def review(version_id: uuid.UUID) -> Response:
    """Keeps what this reader says."""
    version, public_text = _load(version_id)
    form = read(PanelForm)
    if not form.errors and form.value.clear == "no" and not form.value.unclear:
        form.refuse("unclear", gettext("Say what is not clear. One word is enough."))
    if form.errors:
        return _show(version, public_text, 422, form=form)
    said = form.value
    try:
        review_by_panel(
            db(),
            version,
            clear=said.clear == "yes",
            retold=said.retold,
            unclear=said.unclear,
            actor=current_actor(),
        )
    except DomainError as error:
        form.refuse("clear", refused(error))
        return _show(version, public_text, 422, form=form)
    notice(gettext("Thank you. The writer reads what you said."))
    if said.clear == "yes" and _may_approve(version, public_text):
        return see(url_for("panel.text", version_id=version.id))
    return see(url_for("panel.index"))


@bp.post("/panel/texts/<uuid:version_id>/approve")
@requires(Permission.FEEDBACK_APPROVE)
def say_yes(version_id: uuid.UUID) -> Response:
    """The yes of a second person, by a reader of the panel who found the text clear."""
    version, public_text = _load(version_id)
    if not _may_approve(version, public_text):
        abort(404)
    form: Form[Any] = Form(request.form)
    try:
        if version.language == SOURCE:
            feedback_operations.approve(db(), _feedback(public_text), actor=current_actor())
        else:
            approve(db(), version, actor=current_actor())
    except DomainError as error:
        form.refuse("clear", refused(error))
        return _show(version, public_text, 422, form=form)
    notice(gettext("Thank you. Your yes counts: this text can go to the people."))
    return see(url_for("panel.index"))


def _load(version_id: uuid.UUID) -> tuple[TextVersion, PublicText]:
    found = proposed_version(db(), version_id)
    if found is None or found[0].written_by == current_actor().id:
        abort(404)
    return found


def _feedback(public_text: PublicText) -> Feedback:
    return db().exec(select(Feedback).where(Feedback.text_id == public_text.id)).one()


def _may_approve(version: TextVersion, public_text: PublicText) -> bool:
    """Texts for givers only; the newest version, while it waits, after this reader said that it is clear."""
    if public_text.purpose is not TextPurpose.FEEDBACK or version.state is not TextState.PROPOSED:
        return False
    said = reading_of(db(), version.id, current_actor())
    if said is None or not said.clear:
        return False
    if version.language != SOURCE:
        return True
    waits = _feedback(public_text).state is FeedbackState.WITH_BODY
    return waits and latest(db(), public_text.id)[SOURCE].id == version.id


def _show(
    version: TextVersion,
    public_text: PublicText,
    status: int = 200,
    *,
    said: Any = None,
    form: Form[Any] | None = None,
) -> Response:
    return page(
        "panel/text.html",
        status,
        version=version,
        needed=PARTS_OF[public_text.purpose],
        purpose=PURPOSES[public_text.purpose],
        parts=PARTS,
        origins=ORIGINS,
        said=said,
        may_approve=_may_approve(version, public_text),
        open=version.state is TextState.PROPOSED,
        form=form,
    )

"""The body looks at the plain version of its answer before it goes out: is this what we said?"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.errors import DomainError
from signalen.core.permissions import Permission
from signalen.dossiers.models import Dossier
from signalen.feedback import operations
from signalen.feedback.forms import FaithfulForm, FlagForm
from signalen.feedback.labels import FEEDBACK_STATES, refused
from signalen.feedback.models import Feedback, FeedbackState
from signalen.feedback.queries.rounds import bodies_of, bodies_said, flags_of
from signalen.feedback.queries.work import answers_of, texts_for_body
from signalen.texts.labels import PARTS
from signalen.texts.models import TextPurpose
from signalen.texts.queries import SOURCE, latest
from signalen.texts.workflow import PARTS as PARTS_OF
from signalen.themes.queries import names
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext, language
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("city_texts", __name__)
OPEN = frozenset({FeedbackState.WITH_BODY, FeedbackState.APPROVED, FeedbackState.FLAGGED})


@bp.get("/city/texts")
@requires(Permission.FEEDBACK_FLAG)
def index() -> Response:
    """Plain versions of our answers: those we can still look at, and those that went out."""
    return page(
        "feedback/city_texts.html",
        rows=texts_for_body(db(), current_actor()),
        states=FEEDBACK_STATES,
        today=clock.today(),
    )


@bp.get("/city/texts/<uuid:feedback_id>")
@requires(Permission.FEEDBACK_FLAG)
def text(feedback_id: uuid.UUID) -> Response:
    """The plain version beside our own words."""
    return _show(*_load(feedback_id))


@bp.post("/city/texts/<uuid:feedback_id>/faithful")
@requires(Permission.FEEDBACK_FLAG)
def faithful(feedback_id: uuid.UUID) -> Response:
    """It says what we said."""
    feedback, dossier = _load(feedback_id)
    return _act(
        feedback,
        dossier,
        read(FaithfulForm),
        lambda form: operations.confirm_faithful(db(), feedback, form.value.body, actor=current_actor()),
        gettext("Thank you. It can go to the people."),
    )


@bp.post("/city/texts/<uuid:feedback_id>/flag")
@requires(Permission.FEEDBACK_FLAG)
def flag(feedback_id: uuid.UUID) -> Response:
    """It does not say what we said."""
    feedback, dossier = _load(feedback_id)
    return _act(
        feedback,
        dossier,
        read(FlagForm),
        lambda form: operations.flag(
            db(), feedback, form.value.body, form.value.words, actor=current_actor()
        ),
        gettext("Thank you. It waits until the platform has looked at your remark."),
    )


def _act(feedback: Feedback, dossier: Dossier, form: Form[Any], act: Any, done: str) -> Response:
    if not form.errors:
        try:
            act(form)
        except DomainError as error:
            form.refuse("words", refused(error))
    if form.errors:
        return _show(feedback, dossier, 422, form)
    notice(done)
    return see(url_for("city_texts.text", feedback_id=feedback.id))


def _load(feedback_id: uuid.UUID) -> tuple[Feedback, Dossier]:
    rows = texts_for_body(db(), current_actor())
    found = next((row for row in rows if row[0].id == feedback_id), None)
    if found is None:
        abort(404)
    return found


def _show(feedback: Feedback, dossier: Dossier, status: int = 200, form: Form[Any] | None = None) -> Response:
    actor = current_actor()
    ours = {k: name for k, name in bodies_of(db(), feedback.round_id).items() if k in actor.bodies}
    said = bodies_said(db(), feedback.id)
    return page(
        "feedback/city_text.html",
        status,
        feedback=feedback,
        dossier=dossier,
        version=latest(db(), feedback.text_id).get(SOURCE),
        needed=PARTS_OF[TextPurpose.FEEDBACK],
        parts=PARTS,
        answers=[given for given in answers_of(db(), feedback.round_id) if given.body in ours.values()],
        flags=[(f, name) for f, name in flags_of(db(), feedback.id) if f.body_id in ours],
        ours=ours,
        said={k for k in ours if k in said},
        open=feedback.state in OPEN
        and feedback.body_until is not None
        and clock.today() <= feedback.body_until,
        names=names(db(), language()),
        states=FEEDBACK_STATES,
        form=form,
    )

"""Questions to a body: answered once, each with what its kind of answer needs. A city account meets no word of any signal here."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from signalen.consultations import queries
from signalen.consultations.forms import AnswerForm
from signalen.consultations.labels import COMMITMENTS
from signalen.consultations.models import AnswerKind
from signalen.consultations.queries import AskPage
from signalen.consultations.routes.answers import chosen_kind, fields_for, start_of, take, words_for
from signalen.core import clock
from signalen.core.permissions import Permission
from signalen.signals.labels import ring
from signalen.themes.queries import names
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("city", __name__, url_prefix="/city")
ANSWER = Permission.ASK_ANSWER
AT = "/asks/<uuid:ask_id>"


@bp.get("")
@requires(ANSWER)
def index() -> Response:
    """Questions to us by date, what we promised, what we answered."""
    actor, today = current_actor(), clock.today()
    promises = queries.commitments(db(), actor)
    running = [row for row in promises if row.closed_on is None]
    return page(
        "desk/city.html",
        waiting=queries.asks_for_city(db(), actor),
        running=running,
        closed=[row for row in promises if row.closed_on is not None],
        answered=queries.answered_asks(db(), actor),
        meetings=[each for each in queries.upcoming(db(), actor) if each.held_on >= today],
        kinds=names(db(), language()),
        commitment_states=COMMITMENTS,
        ring=ring,
        today=today,
    )


@bp.get(AT)
@requires(ANSWER)
def ask(ask_id: uuid.UUID) -> Response:
    """One question: what is asked and why, and the kinds of answer."""
    found = _find(ask_id)
    return page("desk/city_ask.html", instead=_instead(found), **words_for(found, by_account=True))


@bp.get(AT + "/answer")
@requires(ANSWER)
def answer_form(ask_id: uuid.UUID) -> Response:
    """The fields of the kind that was chosen."""
    found, kind = _find(ask_id), chosen_kind(request.args.get("kind"))
    if kind is None:
        return see(url_for("city.ask", ask_id=ask_id))
    return _answer_page(found, kind, Form(start_of(found, kind, _instead(found))))


@bp.post(AT + "/answer")
@requires(ANSWER)
def answer(ask_id: uuid.UUID) -> Response:
    """Gives an answer, or corrects the one in `instead`."""
    found, form = _find(ask_id), read(AnswerForm)
    kind = chosen_kind(request.form.get("kind")) or abort(404)
    if not form.errors:
        take(form, found, by_account=True)
    if form.errors:
        return _answer_page(_find(ask_id), kind, form, 422)
    notice(_("Thank you. Your answer is with the platform. You see the plain version before it goes out."))
    return see(url_for("city.ask", ask_id=ask_id))


def _find(ask_id: uuid.UUID) -> AskPage:
    return queries.ask_page(db(), current_actor(), ask_id) or abort(404)


def _instead(found: AskPage) -> str:
    """The answer that is being corrected, when it is one of this question that was not corrected before."""
    wanted = request.values.get("instead", "")
    mine = {str(answer.id) for answer in found.answers if answer.replaced_by_id is None}
    return wanted if wanted in mine else ""


def _answer_page(found: AskPage, kind: AnswerKind, form: Form[Any], status: int = 200) -> Response:
    return page(
        "desk/city_answer.html",
        status,
        form=form,
        instead=_instead(found),
        **fields_for(kind),
        **words_for(found, by_account=True),
    )

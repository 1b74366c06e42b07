"""Questions at the city, seen from the desk: which are open, which are late, and what came by letter or by mouth."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from signalen.consultations import operations, queries
from signalen.consultations.forms import (
    AnswerForm,
    DeclareForm,
    ExtendForm,
    ReplyForm,
    as_input,
    fields_of,
    reasons_for,
    refuse,
)
from signalen.consultations.labels import COMMITMENTS, KIND_HINTS, NEEDED, SOURCES, WORDS, lines
from signalen.consultations.models import AnswerKind, AnswerSource
from signalen.consultations.queries import AskPage
from signalen.consultations.routes.parts import RECORD, do
from signalen.consultations.rules import GIVEN, INTERIM, NEEDS, OPTIONAL, Need
from signalen.core import clock
from signalen.core.errors import DomainError, NotAllowed
from signalen.signals.labels import ring
from signalen.themes.queries import names
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("answers", __name__, url_prefix="/desk/answers")
AT = "/<uuid:ask_id>"
HEARD = (AnswerSource.LETTER, AnswerSource.SPOKEN)


@bp.get("")
@requires(RECORD)
def index() -> Response:
    """Open questions by date, late ones on top; questions of bodies; promises."""
    actor, today = current_actor(), clock.today()
    open_asks = queries.open_asks(db(), actor)
    return page(
        "consultations/answers.html",
        late=[row for row in open_asks if row.late(today)],
        waiting=[row for row in open_asks if not row.late(today)],
        questions=queries.open_questions(db(), actor),
        promises=queries.running_commitments(db(), actor),
        answered=queries.answered_asks(db(), actor, limit=30),
        closed=queries.closed_commitments(db(), actor),
        kinds=names(db(), language()),
        commitment_states=COMMITMENTS,
        ring=ring,
        today=today,
    )


@bp.get(AT)
@requires(RECORD)
def ask(ask_id: uuid.UUID) -> Response:
    """One question: what was asked, what came, and what can be done now."""
    return _page(_find(ask_id))


@bp.get(AT + "/record")
@requires(RECORD)
def record_form(ask_id: uuid.UUID) -> Response:
    """The fields of the kind that was chosen."""
    found, kind = _find(ask_id), chosen_kind(request.args.get("kind"))
    if kind is None:
        return see(url_for("answers.ask", ask_id=ask_id))
    start = start_of(found, kind, request.args.get("instead", ""))
    start["given_on"] = clock.today().isoformat()
    return _record_page(found, kind, Form(start))


@bp.post(AT + "/record")
@requires(RECORD)
def record(ask_id: uuid.UUID) -> Response:
    """Writes down an answer that came by letter or by mouth; `instead` corrects an earlier one."""
    found, form = _find(ask_id), read(AnswerForm)
    kind = chosen_kind(request.form.get("kind")) or abort(404)
    if not form.errors:
        take(form, found, by_account=False)
    if form.errors:
        return _record_page(_find(ask_id), kind, form, 422)
    notice(_("The answer is written down."))
    return see(url_for("answers.ask", ask_id=ask_id))


@bp.post(AT + "/reply")
@requires(RECORD)
def reply(ask_id: uuid.UUID) -> Response:
    """Answers the question of the body."""
    found, form = _find(ask_id), read(ReplyForm)
    question = found.question or abort(404)
    if form.errors:
        return _page(found, form, 422)
    words = form.value.reply
    return do(
        lambda: operations.reply_to_city(db(), question, words, actor=current_actor()),
        url_for("answers.ask", ask_id=ask_id),
        done=_("Sent. Their time runs again from today."),
    )


@bp.post(AT + "/declare")
@requires(RECORD)
def declare(ask_id: uuid.UUID) -> Response:
    """Says in public that no answer came."""
    found, form = _find(ask_id), read(DeclareForm)
    if form.errors:
        return _page(found, form, 422)
    reason = form.value.reason
    return do(
        lambda: operations.declare_no_answer(db(), found.ask, reason, actor=current_actor()),
        url_for("answers.ask", ask_id=ask_id),
        done=_("It is said that no answer came. Everyone who waits will read it."),
    )


@bp.post(AT + "/extend")
@requires(RECORD)
def extend(ask_id: uuid.UUID) -> Response:
    """Gives “we look into it” a later day, once."""
    found, form = _find(ask_id), read(ExtendForm)
    if form.errors:
        return _page(found, form, 422)
    value = form.value
    return do(
        lambda: operations.extend(db(), found.ask, until=value.until, why=value.why, actor=current_actor()),
        url_for("answers.ask", ask_id=ask_id),
        done=_("Extended, once. After that day it is said that no answer came."),
    )


def take(form: Form[AnswerForm], found: AskPage, *, by_account: bool) -> None:
    """Records the answer, or corrects the one in `instead`; a refusal stands beside its field."""
    given = as_input(form.value, by_account=by_account)
    instead = form.get("instead")
    old = next((each for each in found.answers if str(each.id) == instead), None)
    if instead and old is None:
        abort(404)
    try:
        if old is not None:
            operations.correct_answer(db(), old, given, actor=current_actor())
        else:
            operations.record_answer(db(), found.ask, given, actor=current_actor())
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        questions: dict[str, object] = {need.value: label for need, label in NEEDED.items()}
        questions |= {Need.WORDS: WORDS[given.kind], "given_by": _("Who said or signed it?")}
        refuse(form, error, field="form", questions=questions)


def chosen_kind(code: str | None) -> AnswerKind | None:
    """The kind in an address or a form, when it is one that can be given."""
    return next((kind for kind in GIVEN if kind.value == code), None)


def start_of(found: AskPage, kind: AnswerKind, instead: str) -> MultiDict[str, str]:
    """The fields to start from: those of the answer that is corrected, when it stays of the same kind."""
    old = next((each for each in found.answers if str(each.id) == instead and each.kind is kind), None)
    return fields_of(old) if old else MultiDict()


def words_for(found: AskPage, *, by_account: bool) -> dict[str, Any]:
    """What every page about an ask needs to show it."""
    here = names(db(), language())
    return {
        "page": found,
        "ask": found.row,
        "ring": ring(found.row.stage, late=found.row.late(clock.today())),
        "said": [(answer, lines(answer, here)) for answer in found.answers],
        "kind_name": here.answer_kind,
        "final_kinds": [kind for kind in GIVEN if kind not in INTERIM],
        "interim_kinds": [kind for kind in GIVEN if kind in INTERIM],
        "kind_hints": KIND_HINTS,
        "sources": SOURCES,
        "today": clock.today(),
        "reasons": reasons_for(here.reasons(), by_account=by_account),
    }


def fields_for(kind: AnswerKind) -> dict[str, Any]:
    """The fields of a kind, in order, with their questions."""
    needs = [*(need for need in OPTIONAL[kind]), *NEEDS[kind]]
    return {"kind": kind, "needs": needs, "needed": NEEDS[kind], "labels": NEEDED, "words_label": WORDS[kind]}


def _find(ask_id: uuid.UUID) -> AskPage:
    return queries.ask_page(db(), current_actor(), ask_id) or abort(404)


def _page(found: AskPage, form: Form[Any] | None = None, status: int = 200) -> Response:
    kinds = [answer.kind for answer in found.answers if answer.replaced_by_id is None]
    extendable = found.row.open and kinds[-1:] == [AnswerKind.RESEARCH] and not found.row.extended
    return page(
        "consultations/ask.html",
        status,
        form=form,
        extendable=extendable,
        may_declare=found.row.late(clock.today()),
        **words_for(found, by_account=False),
    )


def _record_page(found: AskPage, kind: AnswerKind, form: Form[Any], status: int = 200) -> Response:
    return page(
        "consultations/record.html",
        status,
        form=form,
        instead=request.values.get("instead", ""),
        heard=[(source, SOURCES[source]) for source in HEARD],
        **fields_for(kind),
        **words_for(found, by_account=False),
    )

"""Staff: decisions, the quickscan, where a test stands, its outcome, and closing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from signalen.core.errors import DomainError
from signalen.core.permissions import Permission as P
from signalen.themes.queries import names
from signalen.toetsen import agenda, labels, operations, queries, questionnaires, rules, snapshots, subjects
from signalen.toetsen.forms import (
    CloseForm,
    ConcludeForm,
    ConditionForm,
    DecisionForm,
    SkipForm,
    read_quickscan,
)
from signalen.toetsen.known import known_facts, related_dossiers, shown_before
from signalen.toetsen.models import Decision, Outcome, Perspective, Toets, ToetsState
from signalen.toetsen.operations import DecisionFacts
from signalen.toetsen.results import picture
from signalen.toetsen.routes.base import bp, find_decision, find_toets, words
from signalen.web.forms import Form, read, refusal
from signalen.web.forms import say as message
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language, show_date
from signalen.web.notices import notice
from signalen.web.sessions import db


@bp.get("/desk/decisions")
@requires(P.TOETS_EDIT)
def decisions() -> Response:
    """Every decision with its newest test."""
    return page("toetsen/decisions.html", rows=queries.list_decisions(db(), current_actor()), **words())


@bp.get("/desk/decisions/new")
@requires(P.TOETS_EDIT)
def new_decision() -> Response:
    """An empty form for a decision."""
    return _decision_form(Form(), None)


@bp.post("/desk/decisions/new")
@requires(P.TOETS_EDIT)
def record() -> Response:
    """Writes a decision down."""
    form = _read_decision()
    if form.errors:
        return _decision_form(form, None, 422)
    made = operations.record_decision(db(), _facts(form.value), actor=current_actor())
    return see(url_for(".decision", decision_id=made.id))


@bp.get("/desk/decisions/<uuid:decision_id>")
@requires(P.TOETS_EDIT)
def decision(decision_id: uuid.UUID) -> Response:
    """A decision, what the platform knows about it, and its tests."""
    found, touched = find_decision(decision_id), subjects.touches(db(), decision_id)
    tests = queries.tests_of(db(), found.id)
    return page(
        "toetsen/decision.html",
        d=found,
        data=subjects.decision_data(db(), found),
        tests=tests,
        busy=any(t.state in {ToetsState.QUICKSCAN, ToetsState.OPEN} for t in tests),
        known=known_facts(db(), found, shown=shown_before(db(), found)),
        dossiers=related_dossiers(db(), found, touched),
        **words(),
    )


@bp.get("/desk/decisions/<uuid:decision_id>/change")
@requires(P.TOETS_EDIT)
def edit_decision(decision_id: uuid.UUID) -> Response:
    """The form with what is known now."""
    return _decision_form(None, find_decision(decision_id))


@bp.post("/desk/decisions/<uuid:decision_id>/change")
@requires(P.TOETS_EDIT)
def change(decision_id: uuid.UUID) -> Response:
    """Keeps what changed."""
    found, form = find_decision(decision_id), _read_decision()
    if form.errors:
        return _decision_form(form, found, 422)
    operations.change_decision(db(), found, _facts(form.value), actor=current_actor())
    return see(url_for(".decision", decision_id=found.id))


@bp.get("/desk/decisions/<uuid:decision_id>/quickscan")
@requires(P.TOETS_EDIT)
def quickscan_form(decision_id: uuid.UUID) -> Response:
    """The questions that say whether the full test is needed."""
    return _quickscan(find_decision(decision_id), {}, {})


@bp.post("/desk/decisions/<uuid:decision_id>/quickscan")
@requires(P.TOETS_EDIT)
def quickscan(decision_id: uuid.UUID) -> Response:
    """Keeps the quickscan and shows its result."""
    found = find_decision(decision_id)
    form = questionnaires.load(*operations.PARTICIPATIETOETS)
    answers, lacking = read_quickscan(form.quickscan, request.form)
    if lacking:
        return _quickscan(found, answers, {name: message(code) for name, code in lacking.items()})
    made = operations.quickscan(db(), found, answers, actor=current_actor())
    return see(url_for(".toets", toets_id=made.id))


@bp.get("/desk/decisions/toetsen/<uuid:toets_id>")
@requires(P.TOETS_EDIT)
def toets(toets_id: uuid.UUID) -> Response:
    """Where a test stands: three sides, differences, what is missing."""
    return _toets_page(*find_toets(toets_id, Perspective.PLATFORM))


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/start")
@requires(P.TOETS_EDIT)
def start(toets_id: uuid.UUID) -> Response:
    """Opens the full test."""
    test, _found = find_toets(toets_id, Perspective.PLATFORM)
    operations.start_toets(db(), test, actor=current_actor())
    notice(_("The test is open. The city and the panel see it now."))
    return see(url_for(".toets", toets_id=toets_id))


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/skip")
@requires(P.TOETS_EDIT)
def skip(toets_id: uuid.UUID) -> Response:
    """Publishes that a decision is not tested, and why."""
    test, found = find_toets(toets_id, Perspective.PLATFORM)
    form = read(SkipForm)
    if form.errors:
        return _toets_page(test, found, form, "skip", 422)
    operations.skip_test(db(), test, found, form.value.reason, actor=current_actor())
    return see(url_for(".toets", toets_id=toets_id))


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/outcome")
@requires(P.TOETS_EDIT)
def conclude_toets(toets_id: uuid.UUID) -> Response:
    """Keeps the outcome that a named person writes."""
    test, found = find_toets(toets_id, Perspective.PLATFORM)
    form = read(ConcludeForm)
    if not form.errors:
        try:
            operations.conclude(
                db(), test, found, form.value.outcome, form.value.reason, actor=current_actor()
            )
        except DomainError as error:
            form.refuse("reason", refusal(error))
    if form.errors:
        return _toets_page(test, found, form, "outcome", 422)
    return see(url_for(".toets", toets_id=toets_id))


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/conditions")
@requires(P.TOETS_EDIT)
def condition(toets_id: uuid.UUID) -> Response:
    """Adds a condition, which is a commitment."""
    test, found = find_toets(toets_id, Perspective.PLATFORM)
    form = read(ConditionForm)
    if form.errors:
        return _toets_page(test, found, form, "condition", 422)
    sent = form.value
    operations.add_condition(
        db(), test, found, sent.words, owner=sent.owner, due_on=sent.due_on, actor=current_actor()
    )
    return see(url_for(".toets", toets_id=toets_id))


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/close")
@requires(P.TOETS_EDIT)
def close_toets(toets_id: uuid.UUID) -> Response:
    """Freezes and publishes."""
    test, found = find_toets(toets_id, Perspective.PLATFORM)
    form = read(CloseForm)
    lacking = operations.missing(db(), test, found)
    if lacking and not rules.blocking(lacking) and not form.get("unanswered_reason").strip():
        form.refuse("unanswered_reason", message("missing"))
    if form.errors or rules.blocking(lacking):
        return _toets_page(test, found, form, "close", 422)
    operations.close(db(), test, found, actor=current_actor(), unanswered_reason=form.value.unanswered_reason)
    notice(_("The test is closed and public."))
    return see(url_for(".toets", toets_id=toets_id))


def _read_decision() -> Form[DecisionForm]:
    form = read(DecisionForm)
    if "body_id" not in form.errors and form.get("body_id") not in {
        str(i) for i, _n, _m in subjects.bodies(db())
    }:
        form.refuse("body_id", message("enum"))
    return form


def _facts(sent: DecisionForm) -> DecisionFacts:
    return DecisionFacts(**sent.model_dump(), municipality=subjects.municipality_for(db(), sent.body_id))


def _decision_form(form: Form[DecisionForm] | None, found: Decision | None, status: int = 200) -> Response:
    known = names(db(), language())
    return page(
        "toetsen/decision_form.html",
        status,
        title=_("Change the decision") if found else _("Write down a decision"),
        form=form if form and form.raw else None,
        now=found,
        touched=subjects.touches(db(), found.id) if found else None,
        bodies=[(key, name) for key, name, _m in subjects.bodies(db())],
        stages=[(stage.value, text) for stage, text in labels.STAGES.items()],
        themes=known.themes(),
        groups=known.groups(),
        places=known.places(),
        dossiers=[(key, f"{reference} {title}") for key, reference, title in subjects.open_dossiers(db())],
    )


def _quickscan(found: Decision, answers: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    form = questionnaires.load(*operations.PARTICIPATIETOETS)
    return page(
        "toetsen/quickscan.html",
        422 if errors else 200,
        decision=found,
        form=form,
        answers=answers,
        errors=errors,
        **words(),
    )


def _toets_page(
    test: Toets, found: Decision, sent: Form[Any] | None = None, asked: str = "", status: int = 200
) -> Response:
    is_open = test.state is ToetsState.OPEN
    gaps = operations.missing(db(), test, found) if is_open else ()
    result = picture(db(), test, found) if test.state is not ToetsState.QUICKSCAN else None
    conditions = [c["commitment"] for c in result["conditions"]] if result else []
    return page(
        "toetsen/toets.html",
        status,
        t=test,
        decision=found,
        form=snapshots.questionnaire(result) if result else queries.form_of(test),
        r=result,
        sent=sent,
        asked=asked,
        gaps=[(kind, list(group)) for kind, group in groupby(gaps, key=lambda gap: gap.kind)],
        blocked=bool(rules.blocking(gaps)),
        condition_states=queries.commitment_states(db(), conditions),
        point=agenda.last_point(db(), test),
        coming=agenda.coming_point(db(), test) is not None,
        agendas=[(key, f"{title}, {show_date(day)}") for key, title, day in agenda.open_agendas(db(), found)],
        outcome_choices=[
            (o.value, labels.OUTCOMES[o]) for o in (Outcome.PASS, Outcome.CONDITIONS, Outcome.FAIL)
        ],
        **words(),
    )

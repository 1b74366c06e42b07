"""Answering, one section per page: the same pages for the city, the organisations and the panel."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission as P
from signalen.signals.privacy import find_personal_data
from signalen.toetsen import operations, queries
from signalen.toetsen.forms import AnswerSent, EvidenceSent, SectionSent, read_section
from signalen.toetsen.known import known_facts, shown_before
from signalen.toetsen.models import EvidenceKind, Perspective, Toets
from signalen.toetsen.questionnaires import Questionnaire, QuestionType, Section
from signalen.toetsen.routes.base import bp, find_toets, words
from signalen.toetsen.snapshots import Voice
from signalen.web.forms import say as message
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db

ENDPOINTS = {
    Perspective.CITY: ".city_answers",
    Perspective.PANEL: ".panel_answers",
    Perspective.PLATFORM: ".platform_answers",
}
EVIDENCE_KINDS = {
    Perspective.CITY: (EvidenceKind.DOCUMENT, EvidenceKind.MEETING),
    Perspective.PANEL: (EvidenceKind.MEETING, EvidenceKind.DOCUMENT),
    Perspective.PLATFORM: (
        EvidenceKind.SIGNAL,
        EvidenceKind.DOSSIER,
        EvidenceKind.DOCUMENT,
        EvidenceKind.MEETING,
    ),
}
"""What each side can lean on: only staff can point at signals and dossiers."""


@bp.get("/city/decisions")
@requires(P.TOETS_ANSWER_CITY)
def city_tasks() -> Response:
    """Tests that wait for the city."""
    return _tasks(Perspective.CITY, ".city_answers")


@bp.get("/panel/toetsen")
@requires(P.TOETS_ANSWER_PANEL)
def panel_tasks() -> Response:
    """Tests that wait for a member of the panel."""
    return _tasks(Perspective.PANEL, ".panel_answers")


@bp.get("/city/decisions/<uuid:toets_id>/<int:number>")
@requires(P.TOETS_ANSWER_CITY)
def city_answers(toets_id: uuid.UUID, number: int) -> Response:
    """One section, from the city."""
    return _answer_page(toets_id, number, Perspective.CITY)


@bp.post("/city/decisions/<uuid:toets_id>/<int:number>")
@requires(P.TOETS_ANSWER_CITY)
def city_answer(toets_id: uuid.UUID, number: int) -> Response:
    """Keeps the answers of the city."""
    return _keep_answers(toets_id, number, Perspective.CITY)


@bp.get("/panel/toetsen/<uuid:toets_id>/<int:number>")
@requires(P.TOETS_ANSWER_PANEL)
def panel_answers(toets_id: uuid.UUID, number: int) -> Response:
    """One section, from the panel."""
    return _answer_page(toets_id, number, Perspective.PANEL)


@bp.post("/panel/toetsen/<uuid:toets_id>/<int:number>")
@requires(P.TOETS_ANSWER_PANEL)
def panel_answer(toets_id: uuid.UUID, number: int) -> Response:
    """Keeps the answers of one member of the panel."""
    return _keep_answers(toets_id, number, Perspective.PANEL)


@bp.get("/desk/decisions/toetsen/<uuid:toets_id>/answers/<int:number>")
@requires(P.TOETS_EDIT)
def platform_answers(toets_id: uuid.UUID, number: int) -> Response:
    """One section, from the organisations."""
    return _answer_page(toets_id, number, Perspective.PLATFORM)


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/answers/<int:number>")
@requires(P.TOETS_EDIT)
def platform_answer(toets_id: uuid.UUID, number: int) -> Response:
    """Keeps the answers of the organisations."""
    return _keep_answers(toets_id, number, Perspective.PLATFORM)


def _tasks(perspective: Perspective, endpoint: str) -> Response:
    waiting = queries.tasks(db(), current_actor(), perspective)
    return page("toetsen/panel_tasks.html", tasks=waiting, answer_endpoint=endpoint)


def _section(form: Questionnaire, number: int) -> Section:
    return next((s for s in form.sections if s.number == number), None) or abort(404)


def _answer_page(
    toets_id: uuid.UUID,
    number: int,
    perspective: Perspective,
    sent: SectionSent | None = None,
    found: Sequence[str] = (),
) -> Response:
    test, decision = find_toets(toets_id, perspective)
    form = queries.form_of(test)
    section = _section(form, number)
    kept = queries.own_answers(db(), [test.id], current_actor(), perspective).get(test.id, [])
    proofs = queries.evidence_of(db(), [answer.id for answer in kept])
    given: dict[str, Voice | AnswerSent] = {a.question: queries.voice_of(a, language()) for a in kept}
    answered = {q.group for q in form.questions(perspective) if q.code in given}
    if sent:
        given.update({a.question.code: a for a in sent.answers})
    return page(
        "toetsen/panel_answer.html",
        422 if sent else 200,
        toets=test,
        decision=decision,
        found=found,
        form=form,
        section=section,
        questions=[q for q in section.questions if perspective in q.by],
        given=given,
        proofs={answer.question: proofs[answer.id] for answer in kept if answer.id in proofs},
        typed=request.form if sent else {},
        errors={name: message(code) for name, code in sent.errors.items()} if sent else {},
        done={
            s.number
            for s in form.sections
            if {q.group for q in s.questions if perspective in q.by and q.required} <= answered
        },
        known=known_facts(db(), decision, shown=shown_before(db(), decision)),
        perspective=perspective.value,
        answer_endpoint=ENDPOINTS[perspective],
        evidence_kinds=EVIDENCE_KINDS[perspective],
        **words(),
    )


def _keep_answers(toets_id: uuid.UUID, number: int, perspective: Perspective) -> Response:
    test, decision = find_toets(toets_id, perspective)
    form = queries.form_of(test)
    sent = read_section(_section(form, number), perspective, request.form)
    linked = {a.question.code: _resolve(a.question.code, a.evidence, perspective, sent) for a in sent.answers}
    pointing = [] if request.form.get("as-it-is") else _personal(sent)
    if sent.errors or pointing:
        return _answer_page(toets_id, number, perspective, sent, pointing)
    for a in sent.answers:
        kept = operations.answer(
            db(),
            test,
            decision,
            a.question.code,
            perspective,
            value=a.value,
            not_known=a.not_known,
            ground=a.ground,
            actor=current_actor(),
        )
        if kept and a.evidence:
            label, link, ref = linked[a.question.code]
            operations.add_evidence(
                db(), test, kept, a.evidence.kind, label, uri=link, ref_id=ref, actor=current_actor()
            )
    _drop_evidence(test)
    last = number >= len(form.sections)
    if request.form.get("drop") or any(a.evidence for a in sent.answers):
        return see(url_for(ENDPOINTS[perspective], toets_id=toets_id, number=number))
    if not last:
        return see(url_for(ENDPOINTS[perspective], toets_id=toets_id, number=number + 1))
    notice(_("Thank you. Your answers are kept; you can still change them until the test is closed."))
    if perspective is Perspective.PLATFORM:
        return see(url_for(".toets", toets_id=toets_id))
    return see(url_for(".city_tasks" if perspective is Perspective.CITY else ".panel_tasks"))


def _personal(sent: SectionSent) -> list[str]:
    """What may point at a person in words that will be published; the writer decides."""
    words = [
        text
        for a in sent.answers
        for text in (
            a.value if a.question.type is QuestionType.TEXT else "",
            a.ground,
            a.evidence.label if a.evidence else "",
        )
        if text
    ]
    return list(dict.fromkeys(each.quote for text in words for each in find_personal_data(text)))


def _resolve(
    code: str, typed: EvidenceSent | None, perspective: Perspective, sent: SectionSent
) -> tuple[str, str | None, uuid.UUID | None]:
    """Label, address and id of what was typed as evidence; a refusal when a reference leads nowhere."""
    if typed is None:
        return "", None, None
    if typed.kind not in EVIDENCE_KINDS[perspective]:
        sent.errors[f"ek-{code}"] = "enum"
    elif typed.kind in {EvidenceKind.SIGNAL, EvidenceKind.DOSSIER}:
        found = queries.find_reference(db(), typed.kind, typed.link or typed.label)
        if found is None:
            sent.errors[f"eu-{code}"] = "unknown-reference"
        return (typed.link or typed.label).strip().upper(), None, found
    return typed.label, typed.link or None, None


def _drop_evidence(test: Toets) -> None:
    wanted = request.form.get("drop", type=uuid.UUID)
    found = queries.find_own_evidence(db(), test, current_actor(), wanted) if wanted else None
    if found:
        operations.remove_evidence(db(), test, *found, actor=current_actor())

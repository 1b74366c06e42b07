"""Staff write the answer in plain words, show it, have it approved, and make it ready for every giver."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.errors import DomainError
from signalen.core.permissions import Permission
from signalen.dossiers.models import Dossier, Round
from signalen.feedback import operations
from signalen.feedback.forms import ApproveForm, DeliverForm, SettleForm, TextForm
from signalen.feedback.labels import DELIVERY_STATES, FEEDBACK_STATES, HELPED, refused
from signalen.feedback.models import Feedback, Flag
from signalen.feedback.operations.writing import text_of
from signalen.feedback.queries.facts import facts_of
from signalen.feedback.queries.languages import readers_of
from signalen.feedback.queries.reactions import said_of, words_of_givers
from signalen.feedback.queries.rounds import bodies_waiting, flags_of
from signalen.feedback.queries.work import answers_of, reach_of, rounds_to_tell, told_rounds
from signalen.feedback.routes.checking import checked
from signalen.feedback.routes.translating import by_machine, machine, may_be_written, offered
from signalen.feedback.rules import body_time_over
from signalen.texts import operations as texts
from signalen.texts.labels import ORIGINS, PARTS, STATES
from signalen.texts.models import TextOrigin, TextPurpose, TextState, TextVersion
from signalen.texts.queries import SOURCE, approved, latest, readings
from signalen.texts.workflow import PARTS as PARTS_OF
from signalen.themes.queries import names
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext, language, lazy
from signalen.web.notices import notice
from signalen.web.sessions import db, vault

bp = Blueprint("telling", __name__)
P = Permission


@bp.get("/desk/feedback")
@requires(P.FEEDBACK_WRITE)
def index() -> Response:
    """Rounds to tell, and how far the told ones are."""
    told = told_rounds(db())
    return page(
        "feedback/desk_index.html",
        to_tell=rounds_to_tell(db()),
        told=told,
        reach=reach_of(db(), [feedback.id for feedback, _ in told]),
        states=FEEDBACK_STATES,
        delivery_states=DELIVERY_STATES,
        today=clock.today(),
    )


@bp.post("/desk/feedback")
@requires(P.FEEDBACK_WRITE)
def start() -> Response:
    """Starts the telling of a round."""
    round_ = db().exec(select(Round).where(Round.id == _id(request.form.get("round", "")))).first()
    if round_ is None:
        abort(404)
    made = operations.start_feedback(db(), round_, actor=current_actor())
    return see(url_for("telling.text", feedback_id=made.id))


@bp.get("/desk/feedback/<uuid:feedback_id>")
@requires(P.FEEDBACK_WRITE)
def text(feedback_id: uuid.UUID) -> Response:
    """The plain text of a round, and everything that has to happen before it is told."""
    return _show(_load(feedback_id))


@bp.post("/desk/feedback/<uuid:feedback_id>")
@requires(P.FEEDBACK_WRITE)
def write(feedback_id: uuid.UUID) -> Response:
    """Saves the Dutch text; with *show* it goes to the body and its second reader at once; *check* saves nothing."""
    feedback = _load(feedback_id)
    form = read(TextForm)
    if form.errors or request.form.get("do") == "check":
        return _show(feedback, 422 if form.errors else 200, form=form)
    operations.write(db(), feedback, SOURCE, form.value.parts(), actor=current_actor())
    if request.form.get("do") == "show":
        try:
            operations.show_to_body(db(), feedback, actor=current_actor())
        except DomainError as error:
            form.refuse("did", refused(error))
            return _show(feedback, 422, form=form)
        notice(gettext("The city and a second person can read it now."))
    else:
        notice(gettext("Saved."))
    return see(url_for("telling.text", feedback_id=feedback.id))


@bp.post("/desk/feedback/<uuid:feedback_id>/back")
@requires(P.FEEDBACK_WRITE)
def back(feedback_id: uuid.UUID) -> Response:
    """Back to writing."""
    feedback = _load(feedback_id)
    operations.send_back(db(), feedback, actor=current_actor())
    return see(url_for("telling.text", feedback_id=feedback.id))


@bp.post("/desk/feedback/<uuid:feedback_id>/approve")
@requires(P.FEEDBACK_WRITE)
def approve(feedback_id: uuid.UUID) -> Response:
    """The yes of a second person."""
    feedback = _load(feedback_id)
    return _try(
        feedback,
        lambda form: operations.approve(
            db(), feedback, actor=current_actor(), overruled_reason=form.value.reason
        ),
        read(ApproveForm),
        lazy("Approved."),
    )


@bp.post("/desk/feedback/<uuid:feedback_id>/settle")
@requires(P.FEEDBACK_WRITE)
def settle(feedback_id: uuid.UUID) -> Response:
    """What was done with a remark of the body."""
    feedback = _load(feedback_id)
    form = read(SettleForm)
    if form.errors:
        return _show(feedback, 422, settle=form)
    flagged = (
        db().exec(select(Flag).where(Flag.id == form.value.flag, Flag.feedback_id == feedback.id)).first()
    )
    if flagged is None:
        abort(404)
    operations.settle_flag(db(), flagged, form.value.how, actor=current_actor())
    notice(gettext("Saved. The city can read what you did with its remark."))
    return see(url_for("telling.text", feedback_id=feedback.id))


@bp.post("/desk/feedback/<uuid:feedback_id>/deliver")
@requires(P.FEEDBACK_DELIVER)
def deliver(feedback_id: uuid.UUID) -> Response:
    """Ready for every giver."""
    feedback = _load(feedback_id)
    return _try(
        feedback,
        lambda form: operations.deliver(db(), feedback, everyone=form.value.everyone, actor=current_actor()),
        read(DeliverForm),
        lazy("Every giver can read it now. Who left an address gets a mail."),
    )


@bp.get("/desk/feedback/<uuid:feedback_id>/reactions")
@requires(P.FEEDBACK_WRITE, writes=True)
def reactions(feedback_id: uuid.UUID) -> Response:
    """The words of givers about this answer. Reading those of a sensitive signal is logged, so this GET writes."""
    feedback = _load(feedback_id)
    return page(
        "feedback/desk_reactions.html",
        feedback=feedback,
        title=db().exec(select(Dossier.title).where(Dossier.id == feedback.dossier_id)).one(),
        rows=words_of_givers(db(), vault(), feedback.id, actor=current_actor()),
        helped=HELPED,
    )


@bp.get("/desk/feedback/<uuid:feedback_id>/<lang>")
@requires(P.FEEDBACK_WRITE)
def translation(feedback_id: uuid.UUID, lang: str) -> Response:
    """The text in another language, beside the Dutch one."""
    return _show_translation(_load(feedback_id), lang)


@bp.post("/desk/feedback/<uuid:feedback_id>/<lang>")
@requires(P.FEEDBACK_WRITE)
def translate(feedback_id: uuid.UUID, lang: str) -> Response:
    """Saves a version; with *propose* it waits for a second person."""
    feedback = _load(feedback_id)
    form = read(TextForm)
    if not may_be_written(lang):
        abort(404)
    if form.errors or request.form.get("do") == "check":
        return _show_translation(feedback, lang, 422 if form.errors else 200, form=form)
    version = operations.write(
        db(), feedback, lang, form.value.parts(), origin=form.value.origin, actor=current_actor()
    )
    if request.form.get("do") == "propose":
        try:
            texts.propose(db(), version, actor=current_actor())
        except DomainError as error:
            form.refuse("did", refused(error))
            return _show_translation(feedback, lang, 422, form=form)
    notice(gettext("Saved."))
    return see(url_for("telling.text", feedback_id=feedback.id, _anchor="languages"))


@bp.post("/desk/feedback/<uuid:feedback_id>/<lang>/machine")
@requires(P.FEEDBACK_WRITE)
def translate_by_machine(feedback_id: uuid.UUID, lang: str) -> Response:
    """A first version by a machine: a draft that says so, for a person to read and change."""
    feedback, translator = _load(feedback_id), machine()
    versions = latest(db(), feedback.text_id)
    if translator is None or not may_be_written(lang) or lang in versions or SOURCE not in versions:
        abort(404)
    try:
        parts = by_machine(translator, versions[SOURCE], lang)
    except DomainError as error:
        notice(refused(error), "late")
    else:
        again = _load(feedback_id)
        operations.write(db(), again, lang, parts, origin=TextOrigin.MACHINE, actor=current_actor())
        notice(
            gettext("A machine wrote this. Read every sentence before you show it to a second person."), "due"
        )
    return see(url_for("telling.translation", feedback_id=feedback_id, lang=lang))


@bp.post("/desk/feedback/versions/<uuid:version_id>/approve")
@requires(P.FEEDBACK_WRITE)
def approve_translation(version_id: uuid.UUID) -> Response:
    """A second person says yes to a version in another language."""
    version = db().exec(select(TextVersion).where(TextVersion.id == version_id)).first()
    if version is None or version.language == SOURCE:
        abort(404)
    form = read(ApproveForm)
    reason = form.value.reason if not form.errors else ""
    texts.approve(db(), version, overruled_reason=reason, actor=current_actor())
    notice(gettext("Approved."))
    return see(url_for("telling.index") if (to := request.form.get("to", "")) == "" else _safe(to))


def _safe(to: str) -> str:
    return to if to.startswith("/desk/") else url_for("telling.index")


def _id(text_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(text_id)
    except ValueError:
        abort(404)


def _load(feedback_id: uuid.UUID) -> Feedback:
    found = db().exec(select(Feedback).where(Feedback.id == feedback_id)).first()
    if found is None:
        abort(404)
    return found


def _try(feedback: Feedback, act: Any, form: Form[Any], done: Any) -> Response:
    """Does it, or shows the page again with why not."""
    if not form.errors:
        try:
            act(form)
        except DomainError as error:
            form.refuse("reason", refused(error))
    if form.errors:
        return _show(feedback, 422, step=form)
    notice(str(done))
    return see(url_for("telling.text", feedback_id=feedback.id))


def _show(feedback: Feedback, status: int = 200, **forms: Form[Any]) -> Response:
    dossier = db().exec(select(Dossier).where(Dossier.id == feedback.dossier_id)).one()
    round_ = db().exec(select(Round).where(Round.id == feedback.round_id)).one()
    versions = latest(db(), feedback.text_id)
    out = approved(db(), [feedback.text_id]).get(feedback.text_id, {})
    source = versions.get(SOURCE)
    form = forms.get("form")
    typed = form.value.parts() if form and not form.errors else (dict(source.parts) if source else {})
    waiting = bodies_waiting(db(), feedback)
    return page(
        "feedback/desk_text.html",
        status,
        feedback=feedback,
        dossier=dossier,
        round=round_,
        source=source,
        versions=versions,
        approved=out,
        needed=PARTS_OF[TextPurpose.FEEDBACK],
        answers=answers_of(db(), round_.id),
        facts=facts_of(db(), [dossier], clock.today())[dossier.id],
        names=names(db(), language()),
        parts=PARTS,
        states=FEEDBACK_STATES,
        text_states=STATES,
        origins=ORIGINS,
        delivery_states=DELIVERY_STATES,
        flags=flags_of(db(), feedback.id),
        waiting=waiting,
        body_free=body_time_over(feedback.body_until, clock.today(), waiting_for=len(waiting)),
        said=readings(db(), [version.id for version in versions.values()]),
        reach=reach_of(db(), [feedback.id]).get(feedback.id),
        givers=said_of(db(), feedback.id),
        helped=HELPED,
        readers=readers_of(db(), dossier.id, offered(), out),
        mine=source is not None and source.written_by == current_actor().id,
        form=form,
        step=forms.get("step"),
        settle_form=forms.get("settle"),
        today=clock.today(),
        **checked(typed, SOURCE),
    )


def _show_translation(
    feedback: Feedback, lang: str, status: int = 200, form: Form[TextForm] | None = None
) -> Response:
    if not may_be_written(lang):
        abort(404)
    versions = latest(db(), feedback.text_id)
    version = versions.get(lang)
    typed = form.value.parts() if form and not form.errors else (dict(version.parts) if version else {})
    return page(
        "feedback/desk_translation.html",
        status,
        title=db().exec(select(Dossier.title).where(Dossier.id == feedback.dossier_id)).one(),
        back=url_for("telling.text", feedback_id=feedback.id),
        lang=lang,
        version=version,
        source=versions.get(SOURCE),
        needed=PARTS_OF[text_of(db(), feedback).purpose],
        parts=PARTS,
        origins=[(o, ORIGINS[o]) for o in (TextOrigin.PERSON, TextOrigin.MACHINE)],
        states=STATES,
        waits=version is not None and version.state is TextState.PROPOSED,
        machine=url_for("telling.translate_by_machine", feedback_id=feedback.id, lang=lang)
        if machine() and version is None and SOURCE in versions
        else None,
        form=form,
        **checked(typed, lang),
    )

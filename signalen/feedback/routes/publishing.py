"""What the public reads of a dossier: written by staff, published by a second person of the staff."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.errors import DomainError
from signalen.core.numbers import FEW
from signalen.core.permissions import Permission
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import total
from signalen.feedback import operations
from signalen.feedback.forms import TextForm
from signalen.feedback.labels import BOARD_STATES, refused
from signalen.feedback.models import BoardEntry, BoardState
from signalen.feedback.queries.board import board_work, places_of, places_with_enough
from signalen.feedback.queries.facts import facts_of
from signalen.feedback.queries.languages import readers_of
from signalen.feedback.routes.checking import checked
from signalen.feedback.routes.translating import by_machine, machine, may_be_written, offered
from signalen.texts import operations as texts
from signalen.texts.labels import ORIGINS, PARTS, STATES
from signalen.texts.models import PublicText, TextOrigin, TextPurpose, TextState
from signalen.texts.queries import SOURCE, approved, latest, readings
from signalen.texts.workflow import PARTS as PARTS_OF
from signalen.themes.queries import names
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext, language, own_name
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("publishing", __name__)
P = Permission


@bp.get("/desk/feedback/board")
@requires(P.FEEDBACK_WRITE)
def index() -> Response:
    """What stands on the public page, what waits, what could."""
    return page("feedback/desk_board.html", work=board_work(db()), states=BOARD_STATES)


@bp.get("/desk/feedback/board/<uuid:dossier_id>")
@requires(P.FEEDBACK_WRITE)
def text(dossier_id: uuid.UUID) -> Response:
    """The public words of one dossier."""
    return _show(_load(dossier_id))


@bp.post("/desk/feedback/board/<uuid:dossier_id>")
@requires(P.FEEDBACK_WRITE)
def propose(dossier_id: uuid.UUID) -> Response:
    """Puts the words before a second person."""
    dossier = _load(dossier_id)
    form = read(TextForm)
    if not form.errors and request.form.get("do") != "check":
        try:
            operations.propose_board(
                db(), dossier, form.value.parts(), places=form.list("places"), actor=current_actor()
            )
        except DomainError as error:
            form.refuse("title", refused(error))
        else:
            notice(gettext("A second person can read and publish it now."))
            return see(url_for("publishing.text", dossier_id=dossier.id))
    return _show(dossier, 422 if form.errors else 200, form=form)


@bp.post("/desk/feedback/board/<uuid:dossier_id>/publish")
@requires(P.BOARD_PUBLISH)
def publish(dossier_id: uuid.UUID) -> Response:
    """The yes of a second person."""
    dossier = _load(dossier_id)
    entry = _entry(dossier)
    step: Form[TextForm] = Form()
    try:
        operations.publish_board(db(), entry, actor=current_actor())
    except DomainError as error:
        step.refuse("title", refused(error))
        return _show(dossier, 422, step=step)
    notice(gettext("It stands on the public page now."))
    return see(url_for("publishing.text", dossier_id=dossier.id))


@bp.post("/desk/feedback/board/<uuid:dossier_id>/withdraw")
@requires(P.BOARD_PUBLISH)
def withdraw(dossier_id: uuid.UUID) -> Response:
    """Takes it off the public page."""
    dossier = _load(dossier_id)
    operations.withdraw_board(db(), _entry(dossier), actor=current_actor())
    notice(gettext("It does not stand on the public page any more."))
    return see(url_for("publishing.text", dossier_id=dossier.id))


@bp.get("/desk/feedback/board/<uuid:dossier_id>/<lang>")
@requires(P.FEEDBACK_WRITE)
def translation(dossier_id: uuid.UUID, lang: str) -> Response:
    """The public words in another language, beside the Dutch ones."""
    return _show_translation(_load(dossier_id), lang)


@bp.post("/desk/feedback/board/<uuid:dossier_id>/<lang>")
@requires(P.FEEDBACK_WRITE)
def translate(dossier_id: uuid.UUID, lang: str) -> Response:
    """Saves a version in another language; with *propose* it waits for a second person."""
    dossier = _load(dossier_id)
    if not may_be_written(lang):
        abort(404)
    form = read(TextForm)
    if form.errors or request.form.get("do") == "check":
        return _show_translation(dossier, lang, 422 if form.errors else 200, form=form)
    public_text = db().exec(select(PublicText).where(PublicText.id == _entry(dossier).text_id)).one()
    version = texts.write_version(
        db(), public_text, lang, form.value.parts(), origin=form.value.origin, actor=current_actor()
    )
    if request.form.get("do") == "propose":
        try:
            texts.propose(db(), version, actor=current_actor())
        except DomainError as error:
            form.refuse("title", refused(error))
            return _show_translation(dossier, lang, 422, form=form)
    notice(gettext("Saved."))
    return see(url_for("publishing.text", dossier_id=dossier.id, _anchor="languages"))


@bp.post("/desk/feedback/board/<uuid:dossier_id>/<lang>/machine")
@requires(P.FEEDBACK_WRITE)
def translate_by_machine(dossier_id: uuid.UUID, lang: str) -> Response:
    """A first version by a machine: a draft that says so, for a person to read and change."""
    entry, translator = _entry(_load(dossier_id)), machine()
    versions = latest(db(), entry.text_id)
    if translator is None or not may_be_written(lang) or lang in versions or SOURCE not in versions:
        abort(404)
    text_id = entry.text_id
    try:
        parts = by_machine(translator, versions[SOURCE], lang)
    except DomainError as error:
        notice(refused(error), "late")
    else:
        public_text = db().exec(select(PublicText).where(PublicText.id == text_id)).one()
        texts.write_version(db(), public_text, lang, parts, origin=TextOrigin.MACHINE, actor=current_actor())
        notice(
            gettext("A machine wrote this. Read every sentence before you show it to a second person."), "due"
        )
    return see(url_for("publishing.translation", dossier_id=dossier_id, lang=lang))


def _load(dossier_id: uuid.UUID) -> Dossier:
    dossier = db().exec(select(Dossier).where(Dossier.id == dossier_id)).first()
    if dossier is None:
        abort(404)
    return dossier


def _entry(dossier: Dossier) -> BoardEntry:
    entry = db().exec(select(BoardEntry).where(BoardEntry.dossier_id == dossier.id)).first()
    if entry is None:
        abort(404)
    return entry


def _show(
    dossier: Dossier,
    status: int = 200,
    form: Form[TextForm] | None = None,
    step: Form[TextForm] | None = None,
) -> Response:
    entry = db().exec(select(BoardEntry).where(BoardEntry.dossier_id == dossier.id)).first()
    versions = latest(db(), entry.text_id) if entry else {}
    source = versions.get(SOURCE)
    public = approved(db(), [entry.text_id]).get(entry.text_id, {}) if entry else {}
    counted = total(db(), dossier)
    started = {"title": dossier.title, "worry": dossier.worry}
    values = dict(source.parts) if source else started
    typed = form.value.parts() if form and not form.errors else values
    return page(
        "feedback/desk_board_text.html",
        status,
        dossier=dossier,
        entry=entry,
        source=source,
        versions=versions,
        public=public,
        values=values,
        needed=PARTS_OF[TextPurpose.BOARD],
        parts=PARTS,
        states=BOARD_STATES,
        text_states=STATES,
        said=readings(db(), [version.id for version in versions.values()]),
        facts=facts_of(db(), [dossier], clock.today())[dossier.id],
        names=names(db(), language()),
        few=counted < FEW,
        counted=counted,
        waits=source is not None and source.state is TextState.PROPOSED,
        mine=source is not None and source.written_by == current_actor().id,
        published=entry is not None and entry.state is BoardState.PUBLISHED,
        poster_languages=[(code, own_name(code)) for code in public],
        enough=[(code, names(db(), language()).place(code)) for code, _ in places_with_enough(db(), dossier)],
        places=form.list("places") if form else places_of(db(), entry.id) if entry else [],
        readers=readers_of(db(), dossier.id, offered(), public),
        form=form,
        step=step,
        **checked(typed, SOURCE),
    )


def _show_translation(
    dossier: Dossier, lang: str, status: int = 200, form: Form[TextForm] | None = None
) -> Response:
    if not may_be_written(lang):
        abort(404)
    versions = latest(db(), _entry(dossier).text_id)
    version = versions.get(lang)
    typed = form.value.parts() if form and not form.errors else (dict(version.parts) if version else {})
    return page(
        "feedback/desk_translation.html",
        status,
        title=dossier.title,
        back=url_for("publishing.text", dossier_id=dossier.id),
        lang=lang,
        version=version,
        source=versions.get(SOURCE),
        needed=PARTS_OF[TextPurpose.BOARD],
        parts=PARTS,
        origins=[(o, ORIGINS[o]) for o in (TextOrigin.PERSON, TextOrigin.MACHINE)],
        states=STATES,
        machine=url_for(".translate_by_machine", dossier_id=dossier.id, lang=lang)
        if machine() and version is None and SOURCE in versions
        else None,
        form=form,
        **checked(typed, lang),
    )

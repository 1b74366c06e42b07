"""The list of dossiers, one dossier, its signals, its score and its words."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.due import is_late
from signalen.core.errors import DomainError
from signalen.dossiers import labels, operations, queries
from signalen.dossiers.forms import EditForm, OpenForm, read_weighing, say_no
from signalen.dossiers.models import DossierSignal
from signalen.dossiers.queries.lists import (
    PAGE,
    DossierFilters,
    choices,
    dossier_rows,
    links_of,
    score_of,
    staff,
)
from signalen.dossiers.routes.parts import EDIT, find, show, to
from signalen.dossiers.workflow import DOSSIER_STAGES
from signalen.people.models import Municipality
from signalen.signals.labels import STAGES, ring
from signalen.signals.models import Stage
from signalen.signals.queries import Filters, safe_lines, signal_rows
from signalen.themes.queries import (
    frame_items_for_themes,
    frames_with_items,
    names,
    recommendations_for_themes,
)
from signalen.web.forms import Form, read
from signalen.web.fragments import page, page_or_fragment
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("dossiers", __name__, url_prefix="/desk/dossiers")
IN_ORDER = [stage for stage in Stage if stage in DOSSIER_STAGES]


@bp.get("")
@requires(EDIT)
def index() -> Response:
    """All dossiers, the newest first."""
    return _list(Form())


@bp.post("")
@requires(EDIT)
def open_one() -> Response:
    """A new dossier."""
    form = read(OpenForm)
    if form.errors:
        return _list(form, 422)
    value = form.value
    made = operations.open_dossier(
        db(),
        title=value.title,
        worry=value.worry,
        municipality=value.municipality,
        lead_id=current_actor().user_id,
        actor=current_actor(),
    )
    notice(_("Dossier %(reference)s is open.", reference=made.reference))
    return to(made.id)


def _list(form: Form[OpenForm], status: int = 200) -> Response:
    args, actor = request.args, current_actor()
    stage = args.get("stage", "")
    filters = DossierFilters(
        stage=Stage(stage) if stage in DOSSIER_STAGES else None,
        theme=args.get("theme") or None,
        lead_id=actor.id if args.get("mine") else None,
        text=args.get("text", "").replace("\0", "")[:100],
        closed=stage != "open",
    )
    rows = dossier_rows(db(), actor, filters, after=_key(args.get("after")), limit=PAGE + 1)
    today = clock.today()
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return page_or_fragment(
        "dossiers/list.html",
        "rows",
        status,
        form=form,
        rows=[
            (r, ring(r.stage, late=is_late(r.due_on, today)), is_late(r.due_on, today)) for r in rows[:PAGE]
        ],
        stage_words=STAGES,
        stages=[("open", _("Not closed")), *((s.value, STAGES[s]) for s in IN_ORDER)],
        names=names(db(), language()),
        municipalities=[(m.code, m.name) for m in db().exec(select(Municipality)).all()],
        args=args,
        more=f"?{urlencode({**args.to_dict(), 'after': more})}" if more else None,
    )


def _key(typed: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        return None


@bp.get("/<uuid:dossier_id>")
@requires(EDIT)
def dossier(dossier_id: uuid.UUID) -> Response:
    """One dossier, whole."""
    return show(find(dossier_id))


@bp.get("/<uuid:dossier_id>/signals")
@requires(EDIT)
def signals(dossier_id: uuid.UUID) -> Response:
    """The signals in a dossier, to take out or to split off."""
    found, actor = find(dossier_id), current_actor()
    inside = select(DossierSignal.signal_id).where(
        DossierSignal.dossier_id == found.id, col(DossierSignal.until).is_(None)
    )
    rows = signal_rows(
        db(), actor, Filters(ids=inside), after=_key(request.args.get("after")), limit=PAGE + 1
    )
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    led = set(db().exec(queries.leading_ids(found.id)).all()) if rows else set()
    return page(
        "dossiers/signals.html",
        d=found,
        rows=[(row, ring(row.stage)) for row in rows[:PAGE]],
        led=led,
        safe=safe_lines(db(), inside) if not actor.reads_sensitive else [],
        names=names(db(), language()),
        others=[(i, name) for i, name in choices(db(), actor) if i != found.id],
        bundled=found.stage is Stage.BUNDLED,
        more=url_for(".signals", dossier_id=found.id, after=more) if more else None,
    )


@bp.get("/<uuid:dossier_id>/edit")
@requires(EDIT)
def edit(dossier_id: uuid.UUID) -> Response:
    """The words, people and links of a dossier."""
    return _edit_page(dossier_id, Form())


@bp.post("/<uuid:dossier_id>/edit")
@requires(EDIT)
def save(dossier_id: uuid.UUID) -> Response:
    """Keeps them."""
    form = read(EditForm)
    if form.errors:
        return _edit_page(dossier_id, form, 422)
    value = form.value
    try:
        operations.edit_dossier(
            db(),
            find(dossier_id),
            title=value.title,
            worry=value.worry,
            evidence=value.evidence,
            why_probe=value.why_probe,
            lead_id=value.lead_id,
            second_id=value.second_id,
            themes=value.themes,
            frame_items=value.frame_items,
            recommendations=value.recommendations,
            actor=current_actor(),
        )
    except DomainError as error:
        db().rollback()
        form.refuse("lead_id" if error.code.startswith("lead") else "title", say_no(error))
        return _edit_page(dossier_id, form, 422)
    notice(_("Saved."))
    return to(dossier_id)


def _edit_page(dossier_id: uuid.UUID, form: Form[EditForm], status: int = 200) -> Response:
    found = find(dossier_id)
    links = links_of(db(), found.id)
    suggested = set(frame_items_for_themes(db(), links.themes))
    return page(
        "dossiers/edit.html",
        status,
        d=found,
        form=form,
        links=links,
        names=names(db(), language()),
        staff=staff(db()),
        frames=frames_with_items(db(), language()),
        suggested=suggested,
        earlier=recommendations_for_themes(db(), links.themes, limit=30) if links.themes else [],
    )


@bp.get("/<uuid:dossier_id>/score")
@requires(EDIT)
def weighing(dossier_id: uuid.UUID) -> Response:
    """The knock-out questions and the criteria."""
    found = find(dossier_id)
    points, answers = score_of(db(), found.id)
    return page(
        "dossiers/score.html",
        d=found,
        points=points,
        answers=answers,
        criteria=labels.CRITERIA,
        knock_outs=labels.KNOCK_OUTS,
    )


@bp.post("/<uuid:dossier_id>/score")
@requires(EDIT)
def weigh(dossier_id: uuid.UUID) -> Response:
    """Keeps the points."""
    found = find(dossier_id)
    if found.merged_into_id is not None:
        abort(404)
    points, knock_outs = read_weighing(request.form)
    operations.weigh(db(), found, points, knock_outs, actor=current_actor())
    notice(_("Saved."))
    return to(dossier_id, "score")

"""Putting signals in and out, merging, splitting, choosing, quoting, done."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, abort, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.core.errors import DomainError, NotAllowed
from signalen.dossiers import operations
from signalen.dossiers.forms import BundleForm, MergeForm, QuoteForm, ReasonForm, SelectForm, say_no
from signalen.dossiers.models import Dossier, Quote
from signalen.dossiers.routes.parts import EDIT, change, find, to
from signalen.dossiers.workflow import Because
from signalen.people.models import Municipality
from signalen.signals.models import Signal
from signalen.signals.queries import find_signal, themes_of, visible_signals
from signalen.themes.models import Place
from signalen.web.forms import Form, read
from signalen.web.fragments import see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import ngettext
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("dossier_changes", __name__, url_prefix="/desk/dossiers")


@bp.post("/bundle")
@requires(EDIT)
def bundle() -> Response:
    """Signals that were ticked, into a dossier that exists or a new one."""
    form, actor = read(BundleForm), current_actor()
    back = url_for("inbox.index")
    if form.errors or (form.value.into is None and len(form.value.title) < 3):
        notice(_("Tick at least one signal, and choose a dossier or give a new one a title."), "late")
        return see(back)
    value = form.value
    chosen = _signals(value.signals)
    try:
        into = find(value.into) if value.into else _open(value.title, chosen)
        done = operations.bundle(db(), chosen, into, actor=actor)
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        notice(say_no(error), "late")
        return see(back)
    if done.cited:
        notice(
            ngettext(
                "%(num)s signal is cited: another dossier leads it, or its person does not wait any more.",
                "%(num)s signals are cited: another dossier leads them, or their people do not wait any more.",
                done.cited,
            ),
            "due",
        )
    if done.led:
        notice(ngettext("%(num)s signal was put in.", "%(num)s signals were put in.", done.led))
    return to(into.id)


def _open(title: str, chosen: Sequence[Signal]) -> Dossier:
    """A new dossier about what these signals are about, in the municipality where they are from."""
    places = {signal.place_code for signal in chosen if signal.place_code}
    towns = db().exec(
        select(Municipality.code)
        .join(Place, col(Place.municipality) == col(Municipality.code), isouter=True)
        .order_by(col(Place.code).in_(places).desc(), col(Municipality.code))
        .limit(1)
    )
    themes = Counter(code for codes in themes_of(db(), [s.id for s in chosen]).values() for code in codes)
    return operations.open_dossier(
        db(),
        title=title,
        municipality=towns.one(),
        themes=[code for code, _number in themes.most_common(3)],
        lead_id=current_actor().user_id,
        actor=current_actor(),
    )


def _signals(ids: Sequence[uuid.UUID]) -> Sequence[Signal]:
    found = db().exec(visible_signals(current_actor()).where(col(Signal.id).in_(ids))).all()
    if len(found) < len(set(ids)):
        abort(404)
    return found


@bp.post("/<uuid:dossier_id>/take-out")
@requires(EDIT)
def take_out(dossier_id: uuid.UUID) -> Response:
    """Signals go back to the desk, or become a dossier of their own."""
    form, actor = read(SelectForm), current_actor()
    here = url_for("dossiers.signals", dossier_id=dossier_id)
    splits = request.form.get("do") == "split"
    needed = form.value.title if not form.errors and splits else "" if form.errors else form.value.reason
    if form.errors or len(needed) < 3:
        notice(
            _("Tick at least one signal and give the new dossier a title.")
            if splits
            else _("Tick at least one signal and say why."),
            "late",
        )
        return see(here)
    found, chosen = find(dossier_id), _signals(form.value.signals)
    try:
        if splits:
            made = operations.split(db(), found, chosen, title=form.value.title, actor=actor)
            return to(made.id)
        number = operations.take_out(db(), found, chosen, reason=form.value.reason, actor=actor)
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        notice(say_no(error), "late")
        return see(here)
    notice(ngettext("%(num)s signal was taken out.", "%(num)s signals were taken out.", number))
    return see(here)


@bp.post("/<uuid:dossier_id>/merge")
@requires(EDIT)
def merge(dossier_id: uuid.UUID) -> Response:
    """Two dossiers become one."""
    form = read(MergeForm)
    here = url_for("dossiers.signals", dossier_id=dossier_id)
    if form.errors:
        notice(_("Choose a dossier."), "late")
        return see(here)
    try:
        into = find(form.value.into)
        operations.merge(db(), find(dossier_id), into, actor=current_actor())
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        notice(say_no(error), "late")
        return see(here)
    notice(_("Merged. The old address leads here."))
    return to(into.id)


@bp.post("/<uuid:dossier_id>/not-chosen")
@requires(EDIT)
def not_chosen(dossier_id: uuid.UUID) -> Response:
    """Not for the agenda now, with the reason that givers can read."""
    form = read(ReasonForm)
    return change(
        dossier_id,
        lambda d: operations.not_choose(db(), d, form.value.reason, actor=current_actor()),
        form=form,
        part="not-chosen",
        done=_("Kept. The givers can read the reason."),
    )


@bp.post("/<uuid:dossier_id>/quotes")
@requires(EDIT)
def quote(dossier_id: uuid.UUID) -> Response:
    """Copies words of a signal, with consent."""
    form: Form[QuoteForm] = read(QuoteForm)
    if form.errors:
        return change(dossier_id, lambda _dossier: None, form=form, part="quotes")
    signal = find_signal(db(), form.value.signal_id, actor=current_actor())
    if signal is None:
        abort(404)
    return change(
        dossier_id,
        lambda d: operations.quote(db(), d, signal, form.value.words, actor=current_actor()),
        form=form,
        part="quotes",
        done=_("Copied into the dossier."),
    )


@bp.post("/<uuid:dossier_id>/quotes/<uuid:quote_id>/remove")
@requires(EDIT)
def unquote(dossier_id: uuid.UUID, quote_id: uuid.UUID) -> Response:
    """Removes a copy."""
    made = db().exec(select(Quote).where(Quote.id == quote_id, Quote.dossier_id == dossier_id)).first()
    if made is None:
        abort(404)
    return change(
        dossier_id,
        lambda _dossier: operations.unquote(db(), made, actor=current_actor()),
        part="quotes",
        done=_("Removed."),
    )


@bp.post("/<uuid:dossier_id>/reopen")
@requires(EDIT)
def reopen(dossier_id: uuid.UUID) -> Response:
    """Opened again by hand."""
    return change(
        dossier_id,
        lambda d: operations.reopen(db(), d, because=Because.BY_HAND, actor=current_actor()),
        done=_("The dossier is open again."),
    )

"""Telling by hand: a worker tells the people who know them, staff call who left a number."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, abort, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Permission, Role
from signalen.dossiers.models import Dossier
from signalen.feedback import operations
from signalen.feedback.forms import ApproveForm, ReactForm, ToldForm, YesNo
from signalen.feedback.labels import HELPED, UNDERSTOOD, refused
from signalen.feedback.models import Delivery, DeliveryState, Feedback, FeedbackState
from signalen.feedback.queries.telling import HandRow, own_rows, staff_rows, tellable
from signalen.signals.forms import LANGUAGES
from signalen.signals.sealing import contact_context
from signalen.texts.labels import PARTS
from signalen.texts.models import TextPurpose
from signalen.texts.operations import staff_count
from signalen.texts.queries import SOURCE, approved, latest, pick
from signalen.texts.workflow import PARTS as PARTS_OF
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext, language, own_name
from signalen.web.notices import notice
from signalen.web.sessions import db, vault

bp = Blueprint("tell", __name__)
P = Permission


@bp.get("/mine/tell")
@requires(P.SIGNAL_TELL)
def index() -> Response:
    """Givers who still have to hear it from this person, with the text to read out; and what those who heard it say."""
    return _index()


def _index(form: Form[ToldForm] | None = None, tried: uuid.UUID | None = None) -> Response:
    rows = own_rows(db(), current_actor())
    return page(
        "feedback/mine_tell.html",
        422 if form else 200,
        form=form,
        tried=tried,
        today=clock.today(),
        languages=[(code, own_name(code)) for code in LANGUAGES],
        to_tell=[row for row in rows if row.delivery.state is DeliveryState.READY],
        told=[row for row in rows if row.delivery.state is DeliveryState.TOLD_BY_HAND],
        helped=HELPED.items(),
        understood=UNDERSTOOD.items(),
        to_approve=_to_approve(),
        **_words(rows),
    )


@bp.get("/desk/feedback/by-hand")
@requires(P.FEEDBACK_DELIVER)
def by_hand() -> Response:
    """Givers nobody else tells. Numbers to call are opened here and nowhere else."""
    rows = staff_rows(db(), current_actor())
    return page(
        "feedback/desk_by_hand.html",
        rows=rows,
        contacts={row.delivery.id: _contact(row) for row in rows},
        **_words(rows),
    )


@bp.post("/mine/tell/<uuid:delivery_id>")
@requires(P.SIGNAL_TELL)
def done(delivery_id: uuid.UUID) -> Response:
    """Notes "I told them", or "I cannot reach them"."""
    delivery = _load(delivery_id)
    if request.form.get("do") == "not-reached":
        operations.not_reached(db(), delivery, actor=current_actor())
        notice(gettext("Closed as not reached. With their code they can still read it."), "due")
    elif delivery.state is not DeliveryState.TOLD_BY_HAND:  # a second tap says nothing new
        form = read(ToldForm)
        if form.errors or not _told(delivery, form):
            return _index(form, delivery_id)
        notice(gettext("Thank you for telling them. Tell us what they say of it, if you know."))
    return _back()


def _told(delivery: Delivery, form: Form[ToldForm]) -> bool:
    said = form.value
    try:
        operations.tell_by_hand(db(), delivery, on=said.on, language=said.language, actor=current_actor())
    except NotAllowed:
        raise
    except DomainError as error:
        form.refuse("on", refusal(error))
    return not form.errors


@bp.post("/mine/tell/<uuid:delivery_id>/react")
@requires(P.SIGNAL_TELL)
def react(delivery_id: uuid.UUID) -> Response:
    """What the giver said to who told them."""
    delivery = _load(delivery_id)
    form = read(ReactForm)
    if not form.errors and (form.value.understood or form.value.helped):
        said = form.value
        operations.react(
            db(),
            vault(),
            delivery,
            understood=None if said.understood is None else said.understood is YesNo.YES,
            helped=said.helped,
            words=said.words,
            actor=current_actor(),
        )
        notice(gettext("Thank you. We keep what they said."))
    else:
        notice(gettext("Choose one of the answers first."), "due")
    return _back()


@bp.get("/mine/texts/<uuid:feedback_id>")
@requires(P.FEEDBACK_APPROVE)
def read_text(feedback_id: uuid.UUID) -> Response:
    """A plain text that waits for a second person, when the platform has one member of staff only."""
    return _show_text(_load_text(feedback_id))


@bp.post("/mine/texts/<uuid:feedback_id>")
@requires(P.FEEDBACK_APPROVE)
def approve_text(feedback_id: uuid.UUID) -> Response:
    """The yes of somebody with a mandate of another organisation."""
    feedback = _load_text(feedback_id)
    form = read(ApproveForm)
    try:
        operations.approve(
            db(),
            feedback,
            actor=current_actor(),
            overruled_reason="" if form.errors else form.value.reason,
        )
    except DomainError as error:
        form.refuse("reason", refused(error))
        return _show_text(feedback, 422, form)
    notice(gettext("Approved."))
    return see(url_for("tell.index"))


def _show_text(feedback: Feedback, status: int = 200, form: Form[Any] | None = None) -> Response:
    return page(
        "feedback/mine_text.html",
        status,
        feedback=feedback,
        version=latest(db(), feedback.text_id)[SOURCE],
        needed=PARTS_OF[TextPurpose.FEEDBACK],
        parts=PARTS,
        form=form,
    )


def _load_text(feedback_id: uuid.UUID) -> Feedback:
    """Only while it waits, and only for who may say yes."""
    feedback = db().exec(select(Feedback).where(Feedback.id == feedback_id)).first()
    if feedback is None or feedback.state is not FeedbackState.WITH_BODY:
        abort(404)
    actor = current_actor()
    if not actor.roles & {Role.STAFF, Role.PANEL} and (not actor.agrees_for or staff_count(db()) > 1):
        abort(404)
    return feedback


def _to_approve() -> list[tuple[Feedback, str]]:
    actor = current_actor()
    if Role.STAFF in actor.roles or not actor.agrees_for or staff_count(db()) > 1:
        return []
    rows = (
        db()
        .exec(select(Feedback, Dossier.title).join(Dossier).where(Feedback.state == FeedbackState.WITH_BODY))
        .all()
    )
    return [(feedback, title) for feedback, title in rows]


def _load(delivery_id: uuid.UUID) -> Delivery:
    """A delivery that this person may tell; for staff also those nobody else tells."""
    actor = current_actor()
    found = db().exec(tellable(actor).where(Delivery.id == delivery_id)).first()
    if found is None and Role.STAFF in actor.roles:
        found = next(
            (row.delivery for row in staff_rows(db(), actor) if row.delivery.id == delivery_id), None
        )
    if found is None:
        abort(404)
    return found


PLACE = re.compile(
    r"/mine(/signals/[0-9a-f-]{36}|/news)?(\?[a-z]+=[0-9a-z-]*(&[a-z]+=[0-9a-z-]*)*)?(#s-[0-9a-f-]{36})?"
)
"""Where on their own pages somebody can come from: nothing but names, ids and codes."""


def _back() -> Response:
    place = request.form.get("to", "")
    if PLACE.fullmatch(place):
        return see(place)
    return see(url_for("tell.by_hand" if request.form.get("from") == "desk" else "tell.index"))


def _contact(row: HandRow) -> str:
    if row.contact is None:
        return ""
    key_id, data = row.contact
    return vault().open(key_id, data, contact_context(row.giver_id))


def _words(rows: list[HandRow]) -> dict[str, Any]:
    """The text to read out, per delivery: in the giver's language, else in Dutch."""
    versions = approved(db(), {row.text_id for row in rows})
    return {
        "texts": {
            row.delivery.id: pick(versions.get(row.text_id, {}), row.giver_language, language())
            for row in rows
        },
        "parts": PARTS,
    }

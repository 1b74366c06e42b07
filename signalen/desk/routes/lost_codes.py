"""A lost code: asked by the worker who knows the person, decided by staff, handed over on a new card."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from signalen.core.errors import DomainError
from signalen.core.permissions import Permission
from signalen.feedback.labels import refused
from signalen.signals import lost_codes
from signalen.signals.models import Signal
from signalen.signals.queries import find_signal
from signalen.signals.routes import drafts
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext
from signalen.web.notices import notice
from signalen.web.sessions import db

bp = Blueprint("lost_codes", __name__)
P = Permission


@bp.get("/desk/codes")
@requires(P.SIGNAL_PLACE)
def index() -> Response:
    """Who asks for a new code, and for which signal."""
    rows = lost_codes.requests_to_settle(db(), current_actor())
    return page("desk/lost_codes.html", rows=rows, me=current_actor().id)


@bp.post("/desk/codes/<uuid:request_id>")
@requires(P.SIGNAL_PLACE)
def settle(request_id: uuid.UUID) -> Response:
    """Yes or no. Staff never see the code."""
    found = lost_codes.find_request(db(), request_id, current_actor())
    if found is None:
        abort(404)
    given = request.form.get("do") == "give"
    try:
        lost_codes.settle_request(db(), found, given=given, actor=current_actor())
    except DomainError as error:
        notice(refused(error), "late")
    else:
        said = gettext("The old codes are dead. The worker can make a new card now.")
        notice(said if given else gettext("Refused. The old code still works."))
    return see(url_for(".index"))


@bp.post("/mine/signals/<uuid:signal_id>/lost-code")
@requires(P.SIGNAL_TELL)
def ask(signal_id: uuid.UUID) -> Response:
    """The person lost their code."""
    lost_codes.ask_new_code(db(), _find(signal_id), actor=current_actor())
    notice(gettext("Asked. When the staff say yes, you make a new card here."))
    return see(url_for("mine.signal", signal_id=signal_id))


@bp.post("/mine/signals/<uuid:signal_id>/new-card")
@requires(P.SIGNAL_TELL)
def make_card(signal_id: uuid.UUID) -> Response:
    """The new card, shown for an hour and never again."""
    signal = _find(signal_id)
    if not lost_codes.waits_for_new_card(db(), signal, current_actor()):
        abort(404)
    code = lost_codes.new_code_for(db(), signal, actor=current_actor())
    drafts.put(f"card:{signal.id}", code.display, for_=drafts.SHOWN_FOR)
    return see(url_for("capture.done", signal_id=signal.id))


def _find(signal_id: uuid.UUID) -> Signal:
    signal = find_signal(db(), signal_id, actor=current_actor())
    if signal is None or not lost_codes.knows_giver(db(), signal, current_actor()):
        abort(404)
    return signal

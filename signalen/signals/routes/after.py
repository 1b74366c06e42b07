"""After it is kept: the card for a resident to whom one was promised, and the same worry again with one tap."""

from __future__ import annotations

import uuid

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from signalen.core.errors import Conflict
from signalen.core.permissions import Permission
from signalen.signals.models import Signal
from signalen.signals.operations import issue_code
from signalen.signals.queries import find_signal
from signalen.signals.reading import waits_for_card
from signalen.signals.routes import drafts
from signalen.signals.routes.capture import bp
from signalen.signals.sending import known_to, may_repeat, record_again
from signalen.themes.queries import names
from signalen.web.fragments import see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db, vault

__all__ = ["bp"]  # the pages here hang on the blueprint of the capture


@bp.post("/capture/<uuid:signal_id>/card")
@requires(Permission.SIGNAL_RECORD)
def make_card(signal_id: uuid.UUID) -> Response:
    """Makes the code now that the person is here: what a phone sent never brought one back."""
    signal = _find(signal_id)
    if signal.recorded_by != current_actor().id or not waits_for_card(db(), signal):
        abort(404)
    code = issue_code(db(), signal.giver_id, actor=current_actor(), demo=signal.demo)
    drafts.put(f"card:{signal.id}", code.display, for_=drafts.SHOWN_FOR)
    return see(url_for(".done", signal_id=signal.id))


@bp.post("/capture/again/<uuid:signal_id>")
@requires(Permission.SIGNAL_RECORD)
def again(signal_id: uuid.UUID) -> Response:
    """The same worry again. `key`, when the page made one, lets a second tap be the first one."""
    first, actor = _find(signal_id), current_actor()
    if not may_repeat(actor, first):
        abort(404)
    known = known_to(names(db(), language()), actor)
    try:
        made = record_again(db(), vault(), first, known, key=_key(), actor=actor)
    except Conflict:
        notice(_("This was sent before, for another signal. Nothing was added."), "late")
        return see(url_for(".new"))
    return see(url_for(".done", signal_id=made.signal.id))


def _key() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _find(signal_id: uuid.UUID) -> Signal:
    signal = find_signal(db(), signal_id, actor=current_actor())
    if signal is None:
        abort(404)
    return signal

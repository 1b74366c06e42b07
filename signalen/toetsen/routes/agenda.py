"""Staff: a test on the agenda of a consultation."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, url_for
from werkzeug.wrappers import Response

from signalen.consultations.queries import find_consultation
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Permission as P
from signalen.toetsen import agenda, labels
from signalen.toetsen.forms import AgendaForm
from signalen.toetsen.models import Perspective
from signalen.toetsen.routes.base import bp, find_toets
from signalen.web.forms import read, refusal
from signalen.web.fragments import see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/agenda")
@requires(P.TOETS_EDIT)
def put_on_agenda(toets_id: uuid.UUID) -> Response:
    """Puts the test on an agenda that is open for points."""
    test, found = find_toets(toets_id, Perspective.PLATFORM)
    form, here = read(AgendaForm), url_for(".toets", toets_id=toets_id)
    if form.errors:
        notice(_("Choose a consultation, and between 1 and 300 minutes."), "late")
        return see(here)
    value, actor = form.value, current_actor()
    where = find_consultation(db(), actor, value.consultation_id) or abort(404)
    try:
        agenda.put_on_agenda(
            db(), test, found, where, minutes=value.minutes, brought_by=value.brought_by, actor=actor
        )
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        notice(refusal(error), "late")
        return see(here)
    return see(url_for("agenda.show", consultation_id=value.consultation_id) + "#points")


@bp.post("/desk/decisions/toetsen/<uuid:toets_id>/agenda/remove")
@requires(P.TOETS_EDIT)
def take_off_agenda(toets_id: uuid.UUID) -> Response:
    """Takes the test off the agenda of a consultation that is still to come."""
    test, _found = find_toets(toets_id, Perspective.PLATFORM)
    point = agenda.coming_point(db(), test)
    here = url_for(".toets", toets_id=toets_id)
    if point is None:
        return see(here)
    back = url_for("agenda.show", consultation_id=point[1].id) + "#points"
    try:
        agenda.take_off_agenda(db(), test, actor=current_actor())
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        notice(refusal(error), "late")
        return see(back)
    notice(_("The point is off the agenda."))
    return see(back)


def tests_on(consultation_id: uuid.UUID) -> dict[uuid.UUID, dict[str, Any]]:
    """For the template of an agenda, whose own room comes before this one: where each test leads and what it says now."""
    return {
        item: {
            "page": url_for("toetsen.toets", toets_id=each.toets_id),
            "off": url_for("toetsen.take_off_agenda", toets_id=each.toets_id),
            "state": labels.OUTCOMES[each.outcome] if each.outcome else labels.STATES[each.state],
        }
        for item, each in agenda.tests_on(db(), consultation_id).items()
    }

"""What pages of this room share: finding things that this person may see, and saying no beside the button."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import abort
from werkzeug.wrappers import Response

from signalen.consultations.forms import why_not
from signalen.consultations.models import Consultation
from signalen.consultations.queries import find_consultation
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Permission
from signalen.web.fragments import see
from signalen.web.guards import current_actor
from signalen.web.notices import notice
from signalen.web.sessions import db

EDIT = Permission.CONSULTATION_EDIT
RECORD = Permission.ANSWER_RECORD


def consultation_or_404(consultation_id: uuid.UUID) -> Consultation:
    """The consultation at this address."""
    return find_consultation(db(), current_actor(), consultation_id) or abort(404)


def do(change: Callable[[], object], back: str, *, done: str = "") -> Response:
    """Makes a change and goes back; a refusal is said on the page where it was tried, and nothing was changed."""
    try:
        change()
    except NotAllowed:
        raise
    except DomainError as error:
        db().rollback()
        notice(why_not(error), "late")
        return see(back)
    if done:
        notice(done)
    return see(back)

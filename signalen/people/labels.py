"""Words for roles, clocks and their like."""

from __future__ import annotations

from signalen.core.permissions import Role
from signalen.people.clocks import ClockName
from signalen.people.models import Digest
from signalen.web.locale import lazy

ROLES = {
    Role.WORKER: lazy("Base worker"),
    Role.STAFF: lazy("Platform staff"),
    Role.CITY: lazy("City contact"),
    Role.PANEL: lazy("Experience expert"),
    Role.STEWARD: lazy("Steward"),
}
CLOCKS = {
    ClockName.READ: lazy("Received, until someone has read it"),
    ClockName.PLACE: lazy("Read, until it has a dossier or a way out"),
    ClockName.CHOOSE: lazy("In a dossier, until there is a choice about the agenda"),
    ClockName.ANSWER: lazy("Asked, until the city answers"),
    ClockName.TELL: lazy("Answered, until it is told"),
    ClockName.REACT: lazy("Told, as long as the giver can react"),
    ClockName.AGREE: lazy("Announced, as long as organisations can agree"),
    ClockName.BODY_CHECK: lazy("Plain text shown, as long as the city can say it is not faithful"),
}
DIGESTS = {
    Digest.NEVER: lazy("Never"),
    Digest.DAILY: lazy("Every day that something is new"),
    Digest.WEEKLY: lazy("Every Monday, when something is new"),
}

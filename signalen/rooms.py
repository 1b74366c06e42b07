"""The rooms that have pages, in the order in which a signal walks through them, and what they add to every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, g, request
from sqlmodel import Session

from signalen.consultations import mails as consultations_mails
from signalen.consultations import routes as consultations
from signalen.consultations.routes.outcomes import outcomes_of
from signalen.core.permissions import Actor
from signalen.core.permissions import Permission as P
from signalen.desk import mails as desk_mails
from signalen.desk import routes as desk
from signalen.desk.outgoing import Outcome
from signalen.desk.routes.news import bell
from signalen.dossiers import mails as dossiers_mails
from signalen.dossiers import routes as dossiers
from signalen.feedback import mails as feedback_mails
from signalen.feedback import routes as feedback
from signalen.people import mails as people_mails
from signalen.people import routes as people
from signalen.people.queries import is_demo, sign_in_state
from signalen.signals import mails as signals_mails
from signalen.signals import routes as signals
from signalen.texts import routes as texts
from signalen.toetsen import routes as toetsen
from signalen.toetsen.routes.agenda import tests_on
from signalen.web.guards import current_actor
from signalen.web.locale import language, lazy
from signalen.web.mail import Builder
from signalen.web.sessions import db

BLUEPRINTS = (
    people.bp,
    texts.bp,
    *signals.BLUEPRINTS,
    *dossiers.BLUEPRINTS,
    *consultations.BLUEPRINTS,
    *feedback.BLUEPRINTS,
    toetsen.bp,
    *desk.BLUEPRINTS,
)

NAVIGATION = (
    ("/desk", lazy("Today"), P.SIGNAL_PLACE),
    ("/desk/signals", lazy("Signals"), P.SIGNAL_PLACE),
    ("/desk/dossiers", lazy("Dossiers"), P.DOSSIER_EDIT),
    ("/desk/consultations", lazy("Consultations"), P.CONSULTATION_EDIT),
    ("/desk/answers", lazy("Answers"), P.ANSWER_RECORD),
    ("/desk/feedback", lazy("Telling people"), P.FEEDBACK_WRITE),
    ("/desk/decisions", lazy("Decisions and tests"), P.TOETS_EDIT),
    ("/capture", lazy("New signal"), P.SIGNAL_RECORD),
    ("/mine", lazy("My organisation"), P.SYNTHESIS_COMMENT),
    ("/mine/tell", lazy("To tell people"), P.SYNTHESIS_COMMENT),
    ("/city", lazy("Questions to us"), P.ASK_ANSWER),
    ("/city/texts", lazy("Your answers in plain words"), P.FEEDBACK_FLAG),
    ("/city/decisions", lazy("Decisions"), P.TOETS_ANSWER_CITY),
    ("/panel", lazy("To read"), P.TOETS_ANSWER_PANEL),
    ("/panel/toetsen", lazy("Decisions"), P.TOETS_ANSWER_PANEL),
    ("/house", lazy("House"), P.HOUSE_KEEP),
)
"""Address, name and permission of each room in the bar on top."""


MAILS: Mapping[str, Builder] = {
    **people_mails.MAILS,
    **signals_mails.MAILS,
    **dossiers_mails.MAILS,
    **consultations_mails.MAILS,
    **feedback_mails.MAILS,
    **desk_mails.MAILS,
}
"""What each kind of mail says (`templates/mail/<kind>.txt`)."""
SENT: Mapping[str, Outcome] = {**feedback_mails.SENT}
"""What a room does when the mail server took a mail of this kind."""
REFUSED: Mapping[str, Outcome] = {**feedback_mails.REFUSED}
"""What a room does when a mail of this kind cannot reach its reader."""


def load_actor(session: Session, token: str) -> tuple[Actor, bool] | None:
    """The person behind a sign-in and whether to touch it; with it comes whether this is a demo, which every page says."""
    found = sign_in_state(session, token)
    if found is None:
        return None
    g.demo = found.demo
    return found.actor, found.stale


@dataclass(frozen=True)
class Mails:
    """The mails of all rooms."""

    mails: Mapping[str, Builder]
    sent: Mapping[str, Outcome]
    refused: Mapping[str, Outcome]


def prepare(app: Flask) -> None:
    """What rooms add to every page: the bar, the mark of the demo, and what a later room says on a page of an earlier one."""
    app.extensions["signalen.mails"] = Mails(MAILS, SENT, REFUSED)

    @app.context_processor
    def marks() -> dict[str, object]:
        if "demo" not in g:
            g.demo = is_demo(db())
        return {"demo": g.demo, "rooms": bar, "bell": bell, "outcomes_of": outcomes_of, "tests_on": tests_on}


def bar() -> tuple[tuple[str, str, bool], ...]:
    """The rooms that this reader may enter, and which one they are in: the longest address that the page begins with."""
    path = request.path
    inside = [a for a, _, _ in NAVIGATION if path == a or path.startswith(f"{a}/")]
    here = max(inside, key=len, default=None)
    return _rooms(current_actor().permissions, here, language())


@lru_cache(maxsize=256)
def _rooms(permissions: frozenset[P], here: str | None, _spoken: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (address, str(text), address == here)
        for address, text, permission in NAVIGATION
        if permission in permissions
    )

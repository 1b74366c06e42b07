"""The follow page: a code in, the story so far out. The code travels in a form only, and stands in no address, log or title."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, current_app, g, request, session, url_for
from sqlmodel import select
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.core import attempts, clock
from signalen.core.due import is_late
from signalen.core.errors import DomainError
from signalen.dossiers.queries import leading_dossier
from signalen.feedback import operations
from signalen.feedback.forms import CodeForm, ReactForm, ReplyForm, YesNo
from signalen.feedback.labels import HELPED, UNDERSTOOD, headline, next_step, not_alone
from signalen.feedback.models import DeliveryState, Helped
from signalen.feedback.queries.story import Story, answer_text, newest_delivery, story
from signalen.feedback.workflow import TOLD
from signalen.signals.labels import ring
from signalen.signals.models import FollowCode, Giver, Signal, Stage
from signalen.signals.operations import follow, giver_writes, mark_seen, withdraw
from signalen.signals.queries import find_code
from signalen.signals.workflow import SILENT, may_move
from signalen.texts.labels import ORIGINS, PARTS
from signalen.themes.queries import names
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import giver_actor, public
from signalen.web.locale import COOKIE, SOURCE, YEAR, gettext, language
from signalen.web.notices import notice
from signalen.web.security import on_loopback
from signalen.web.sessions import db, keep_on_refusal, vault

bp = Blueprint("follow", __name__)
SCOPE = "follow-code"
HOUR = timedelta(hours=1)
IDLE = 30 * 60
"""Seconds after which the story closes by itself: the phone may be somebody else's."""
COOKIE_KEY = "follow"


@bp.get("/follow")
@public
def enter() -> Response:
    """Where the code is typed, pasted or scanned."""
    return page("feedback/public_follow.html", form=Form())


@bp.post("/follow")
@public
def look() -> Response:
    """Opens the story when the code is right. Wrong, unknown, called back and not-from-here look the same."""
    client = attempts.client_hash(vault(), request.remote_addr or "")
    config = cast("Config", current_app.extensions["signalen.config"])
    flood = attempts.flooded(db(), SCOPE, limit=config.code_tries_site, within=HOUR)
    # Somebody tries from many places at once: who never was wrong still comes in, at the first try.
    tries = 1 if flood else config.code_tries
    if attempts.too_many(db(), SCOPE, client, limit=tries, within=HOUR):
        raise TooManyRequests(retry_after=int(HOUR.total_seconds()))
    form = read(CodeForm)
    code = find_code(db(), form.value.code) if not form.errors else None
    if code is None or not _works_here(code):
        if not form.errors:
            attempts.remember(db(), SCOPE, client)
            keep_on_refusal()
            form.refuse("code", gettext("We do not find this code. Look at each letter and number again."))
        return page("feedback/public_follow.html", 422, form=form)
    signal = follow(db(), code, actor=giver_actor(code.giver_id))
    session[COOKIE_KEY] = {"code": str(code.id), "at": int(clock.now().timestamp())}
    response = see(url_for("follow.tell"))
    spoken = db().exec(select(Giver.language).where(Giver.id == signal.giver_id)).one()
    if COOKIE not in request.cookies and spoken in g.all_languages:
        response.set_cookie(
            COOKIE, spoken, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


@bp.get("/follow/story")
@public(writes=True)
def tell() -> Response:
    """The story of the signal. Opening it is being told."""
    signal = followed()
    if signal is None:
        return back_to_code()
    _open(signal)
    return _story(signal)


@bp.post("/follow/react")
@public
def react() -> Response:
    """Do you understand it, does it help?"""
    signal = followed()
    if signal is None:
        return back_to_code()
    form = read(ReactForm)
    delivery = newest_delivery(db(), signal.id)
    if delivery is None or delivery.state not in TOLD:
        return see(url_for("follow.tell"))
    if not form.errors and form.value.understood is None and form.value.helped is None:
        form.refuse("helped", gettext("Choose one of these."))
    if form.errors:
        return _story(signal, 422, react=form)
    said = form.value
    operations.react(
        db(),
        vault(),
        delivery,
        understood=None if said.understood is None else said.understood is YesNo.YES,
        helped=said.helped,
        words=said.words,
        actor=giver_actor(signal.giver_id),
    )
    notice(_thanks(said))
    return see(url_for("follow.tell"))


@bp.post("/follow/reply")
@public
def reply() -> Response:
    """Writes to staff: an answer to their question, or something to add."""
    signal = followed()
    if signal is None:
        return back_to_code()
    form = read(ReplyForm)
    if form.errors:
        return _story(signal, 422, reply=form)
    try:
        giver_writes(db(), vault(), signal, form.value.words, language(), actor=giver_actor(signal.giver_id))
    except DomainError as error:
        form.refuse("words", refusal(error))
        return _story(signal, 422, reply=form)
    notice(gettext("We have your message. Someone reads it."))
    return see(url_for("follow.tell"))


@bp.post("/follow/withdraw")
@public
def take_back() -> Response:
    """The giver takes the signal back, as long as it stands alone."""
    signal = followed()
    if signal is None:
        return back_to_code()
    withdraw(db(), signal, actor=giver_actor(signal.giver_id))
    notice(gettext("You took your signal back. Nobody works on it any more."))
    return see(url_for("follow.tell"))


@bp.post("/follow/done")
@public
def done() -> Response:
    """Closes the story on this device."""
    session.pop(COOKIE_KEY, None)
    notice(gettext("Closed. Nobody can read your signal on this device without the code."))
    return see(url_for("follow.enter"))


def _works_here(code: FollowCode) -> bool:
    """Codes of the demo stand in public files: they open nothing but on the machine itself."""
    return not code.demo or on_loopback()


def followed() -> Signal | None:
    """The signal whose code was typed in this browser less than half an hour ago."""
    kept: dict[str, Any] | None = session.get(COOKIE_KEY)
    if not kept or clock.now().timestamp() - kept["at"] > IDLE:
        session.pop(COOKIE_KEY, None)
        return None
    code = db().exec(select(FollowCode).where(FollowCode.id == uuid.UUID(kept["code"]))).first()
    if code is None or code.revoked_at is not None or not _works_here(code):
        session.pop(COOKIE_KEY, None)
        return None
    session[COOKIE_KEY] = {"code": kept["code"], "at": int(clock.now().timestamp())}
    return db().exec(select(Signal).where(Signal.giver_id == code.giver_id)).first()


def back_to_code() -> Response:
    notice(gettext("For your safety this page closed by itself. Type your code again."), "due")
    return see(url_for("follow.enter"))


def _open(signal: Signal) -> None:
    """Marks the answer as opened, and questions as seen; a signal that joined late gets its answer now."""
    actor = giver_actor(signal.giver_id)
    delivery = newest_delivery(db(), signal.id)
    if signal.stage is Stage.ANSWERED and (delivery is None or delivery.state in TOLD):
        dossier = leading_dossier(db(), signal.id)
        if dossier is not None:
            operations.catch_up(db(), dossier_id=dossier.id, actor=actor)
            delivery = newest_delivery(db(), signal.id)
    if delivery is not None and delivery.state is not DeliveryState.OPENED:
        text = answer_text(db(), delivery, *_wishes(signal))
        if text is not None:
            operations.open_delivery(db(), delivery, language=text.language, actor=actor)
    mark_seen(db(), signal, actor=actor)


def _story(signal: Signal, status: int = 200, **forms: Form[Any]) -> Response:
    told = story(db(), vault(), signal, _wishes(signal)[0], actor=giver_actor(signal.giver_id))
    answer, today = told.answer, clock.today()
    late = not signal.paused and is_late(signal.due_on, today)
    return page(
        "feedback/public_story.html",
        status,
        signal=signal,
        story=told,
        answer=answer,
        ring=ring(signal.stage, late=late and signal.stage is not Stage.TOLD),
        headline=headline(
            signal.stage,
            told.facts,
            answered=answer is not None,
            heard=answer is not None and not answer.unanswered,
            contested=told.contested,
        ),
        next_step=next_step(signal, told.facts, late=late),
        not_alone=not_alone,
        names=names(db(), language()),
        may_react=_may_react(told),
        may_write=signal.stage not in SILENT,
        may_take_back=may_move(signal.stage, Stage.WITHDRAWN),
        helped=HELPED.items(),
        understood=UNDERSTOOD.items(),
        react=forms.get("react"),
        reply=forms.get("reply"),
        origins=ORIGINS,
        parts=PARTS,
    )


def _wishes(signal: Signal) -> tuple[str, str]:
    """In which languages the answer is looked for: that of the page, which the reader can change; when it does not speak the
    language of the giver, theirs first.
    """
    spoken = db().exec(select(Giver.language).where(Giver.id == signal.giver_id)).one()
    asked = request.args.get("in")
    if asked == SOURCE:
        return SOURCE, spoken
    return (language(), spoken) if spoken in g.all_languages else (spoken, language())


def _may_react(told: Story) -> bool:
    return (
        told.answer is not None
        and told.answer.delivery.state in TOLD
        and told.signal.stage in {Stage.TOLD, Stage.CLOSED}
    )


def _thanks(said: ReactForm) -> str:
    if said.helped is Helped.NO:
        return gettext("Thank you. We look at it again, and you hear from us here.")
    if said.understood is YesNo.NO:
        return gettext("Thank you. We write it again, more plainly. Come back here in a few days.")
    if said.helped is Helped.YES:
        return gettext("Thank you. We are glad that it helps.")
    return gettext("Thank you. We keep what you said.")

"""Residents report: sorting the kinds, three pages, a code. No account, no script, nothing typed in a cookie."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from signalen.core import attempts
from signalen.core.permissions import NOBODY
from signalen.people.queries import organisations, setting
from signalen.signals.forms import (
    LANGUAGES,
    AboutForm,
    AnswerForm,
    ReportForm,
    WayBack,
    WordsForm,
    check_codes,
    chosen_only,
    way_back,
)
from signalen.signals.helplines import helplines
from signalen.signals.intake import Intake
from signalen.signals.labels import HEARS, PEOPLE, PERSONAL_DATA, ring
from signalen.signals.models import Channel, Signal, SignalKind, Stage
from signalen.signals.operations import record_signal
from signalen.signals.photos import photos_of
from signalen.signals.privacy import find_personal_data
from signalen.signals.routes import drafts, uploads
from signalen.signals.sending import kept_as_it_is
from signalen.signals.sensitivity import looks_sensitive
from signalen.signals.workflow import SILENT
from signalen.themes.queries import Names, names
from signalen.web.forms import Form, read, say
from signalen.web.fragments import page, see
from signalen.web.guards import giver_actor, public
from signalen.web.locale import gettext as _
from signalen.web.locale import language, own_name
from signalen.web.notices import notice
from signalen.web.sessions import db, keep_on_refusal, vault

bp = Blueprint("report", __name__)
DRAFT, RECEIPT = "report", "receipt"
WORDS = ("text", "language", "kind", "as_it_is", "key")
ABOUT = ("theme", "district", "groups", "barriers", "people", "happened_on")
ANSWER = ("use", "quote", "publish", "sensitive", "with_help", "hear", "contact", "address", "organisation")
HELP = "hulp"
PHOTO, PHOTOS_AN_HOUR, HOUR = "photo", 12, timedelta(hours=1)
"""Tries of one client: a public page must not fill the disk."""
MOST_PHOTOS = 3


@bp.get("/report")
@public
def start() -> Response:
    """Sorts what comes in, so that nobody with a need of today waits for policy."""
    return page("signals/public_start.html", names=_names())


@bp.get("/report/help")
@public
def help_now() -> Response:
    """Who helps now; nothing has to be told first."""
    return page("signals/public_help.html", lines=helplines(db(), language()))


@bp.get("/report/complaint")
@public
def complaint() -> Response:
    """Where a complaint can be made; it can be kept as a signal too."""
    places = helplines(db(), language(), which="complaints")
    return page("signals/public_complaint.html", lines=places)


@bp.get("/report/notice")
@public
def privacy_notice() -> Response:
    """What we do with what people tell (GDPR art. 13), in plain words."""
    return page("signals/public_notice.html", controller=setting(db(), "controller"))


@bp.get("/report/words")
@public
def words() -> Response:
    """The first page: what happened."""
    draft = _draft()
    kind = request.args.get("kind", "")
    if kind == HELP:
        return see(url_for(".help_now"))
    if kind in set(SignalKind):
        draft = draft | {"kind": [kind]}
    return _words_page(Form(drafts.as_form(draft)))


@bp.post("/report/words")
@public
def keep_words() -> Response:
    """Keeps the words, once the writer saw what could point at a person in them."""
    form = read(WordsForm)
    if form.errors:
        return _words_page(form, 422)
    drafts.put(DRAFT, drafts.merged(_draft(), form.raw, WORDS))
    if not form.value.as_it_is and find_personal_data(form.value.text):
        return _words_page(form, 422)
    return see(url_for(".about"))


@bp.get("/report/about")
@public
def about() -> Response:
    """The second page: about what and where."""
    draft = _draft()
    if not draft.get("text"):
        return _from_the_start()
    return page("signals/public_about.html", form=Form(drafts.as_form(draft)), **_choices(draft))


@bp.post("/report/about")
@public
def keep_about() -> Response:
    """Keeps what it is about."""
    draft = _draft()
    if not draft.get("text"):
        return _from_the_start()
    form = read(AboutForm)
    check_codes(form, _names())
    if form.errors and "back" not in form.raw:
        return page("signals/public_about.html", 422, form=form, **_choices(draft))
    drafts.put(DRAFT, drafts.merged(draft, form.raw, ABOUT))
    return see(url_for(".words" if "back" in form.raw else ".answer"))


@bp.get("/report/answer")
@public
def answer() -> Response:
    """The third page: may we use it, and how do you hear back."""
    draft = _draft()
    if not draft.get("text"):
        return _from_the_start()
    return _answer_page(Form(drafts.as_form(draft)))


@bp.post("/report/answer")
@public
def send() -> Response:
    """Keeps the signal. Sent twice it is one; without a draft the receipt is shown again, when there is one."""
    draft = _draft()
    if not draft.get("text"):
        return see(url_for(".receipt")) if drafts.kept(RECEIPT) else _from_the_start()
    fields = drafts.merged(draft, request.form, ANSWER)
    if "back" in request.form:
        drafts.put(DRAFT, fields)
        return see(url_for(".about"))
    form = read(AnswerForm, chosen_only(request.form))
    if not form.errors:
        way_back(form, dict(_tellers()))
    if form.errors:
        return _answer_page(form, 422)
    return _record(drafts.as_form(fields))


@bp.post("/report")
@public
def send_all() -> Response:
    """All fields at once: the same as walking the three pages."""
    return _record(request.form)


@bp.get("/report/receipt")
@public
def receipt() -> Response:
    """The reference and the code, for an hour and for this browser only."""
    kept = drafts.kept(RECEIPT)
    if kept is None:
        return see(url_for(".start"))
    return _receipt_page(kept)


def _receipt_page(kept: dict[str, Any], status: int = 200, *, wrong: str = "") -> Response:
    signal = db().exec(select(Signal.id, Signal.stage).where(Signal.reference == kept["reference"])).first()
    return page(
        "signals/public_receipt.html",
        status,
        lines=helplines(db(), language(), reasons=kept.get("reasons", ())),
        may_add=signal is not None and signal[1] not in SILENT,
        photos=len(photos_of(db(), signal[0])) if signal else 0,
        wrong=wrong,
        reference=kept["reference"],
        code=kept["code"],
        contact=kept["contact"],
        due_on=date.fromisoformat(kept["due_on"]) if kept["due_on"] else None,
        ring=ring(Stage.RECEIVED),
        qr=drafts.qr(kept["code"]) if kept["code"] else None,
        follow=drafts.follow_url(),
    )


@bp.post("/report/photo")
@public
def add_photo() -> Response:
    """A photo with what was just told, from the browser that told it and while its receipt stands there."""
    kept = drafts.kept(RECEIPT)
    if kept is None:
        return see(url_for(".start"))
    client = attempts.client_hash(vault(), request.remote_addr or "")
    if attempts.too_many(db(), PHOTO, client, limit=PHOTOS_AN_HOUR, within=HOUR):
        return _receipt_page(kept, 429, wrong=_("That were many photos. Try again in an hour."))
    attempts.remember(db(), PHOTO, client)
    form: Form[Any] = Form()
    photos = uploads.opened(form)
    signal = db().exec(select(Signal).where(Signal.reference == kept["reference"])).one()
    if not photos and not form.errors:
        form.refuse(uploads.FIELD, say("missing"))
    if form.errors:
        keep_on_refusal()
        return _receipt_page(kept, 422, wrong=form.errors[uploads.FIELD])
    if len(photos_of(db(), signal.id)) < MOST_PHOTOS:
        uploads.keep(signal, photos[:1], actor=giver_actor(signal.giver_id))
    return see(url_for(".receipt", _anchor="photo"))


@bp.post("/report/forget")
@public
def forget() -> Response:
    """The giver has the code: nothing stays on this screen."""
    drafts.drop(DRAFT, RECEIPT)
    return see(url_for("desk.home"))


def _record(raw: MultiDict[str, str]) -> Response:
    form = read(ReportForm, chosen_only(raw))
    check_codes(form, _names())
    back = way_back(form, dict(_tellers())) if not form.errors else WayBack()
    if form.errors:
        return _first_wrong(form)
    value = form.value
    found = find_personal_data(value.text)
    if found and not value.as_it_is:
        drafts.put(DRAFT, drafts.merged({}, raw, WORDS + ABOUT + ANSWER))
        return _words_page(form, 422)
    intake = Intake(
        key=value.key,
        text=value.text,
        language=value.language,
        channel=Channel.REPORT,
        kind=value.kind,
        themes=value.theme,
        place=value.district,
        groups=value.groups,
        barriers=value.barriers,
        people=value.people,
        sensitive=value.sensitive,
        happened_on=value.happened_on,
        hears_back=back.hears_back,
        contact=back.contact,
        told_through=back.told_through,
        with_help=value.with_help,
        answer_language=language(),
        may_use=value.use,
        may_quote=value.quote,
        may_publish=value.publish,
    )
    made = record_signal(db(), vault(), intake, actor=NOBODY)
    if found and made.fresh:
        kept_as_it_is(db(), made.signal, found, actor=giver_actor(made.signal.giver_id))
    drafts.drop(DRAFT)
    shown: dict[str, Any] = {
        "reference": made.signal.reference,
        "code": made.code.display if made.code else None,
        "due_on": made.signal.due_on.isoformat() if made.signal.due_on else None,
        "contact": bool(back.contact),
        "reasons": sorted(looks_sensitive(value.text, value.language)),
    }
    drafts.put(RECEIPT, shown, for_=drafts.SHOWN_FOR)
    return see(url_for(".receipt"))


def _first_wrong(form: Form[ReportForm]) -> Response:
    """The page on which the first wrong field stands, with all that was given."""
    if set(form.errors) & set(WORDS):
        return _words_page(form, 422)
    drafts.put(DRAFT, drafts.merged({}, form.raw, WORDS + ABOUT + ANSWER))
    if set(form.errors) & set(ABOUT):
        return page("signals/public_about.html", 422, form=form, **_choices())
    return _answer_page(form, 422)


def _answer_page(form: Form[Any], status: int = 200) -> Response:
    # The words that were typed stand on the page also when they belong to a choice that was not made.
    form.raw = request.form if status != 200 and request.form else form.raw
    return page("signals/public_answer.html", status, form=form, tellers=_tellers(), hears=HEARS)


def _tellers() -> list[tuple[uuid.UUID, str]]:
    return organisations(db(), with_people=True)


def _words_page(form: Form[Any], status: int = 200) -> Response:
    asked = form.get("kind", SignalKind.SIGNAL)
    found = (
        find_personal_data(form.get("text"), form.get("language"))
        if status != 200 and not form.errors
        else []
    )
    return page(
        "signals/public_words.html",
        status,
        form=form,
        kind=SignalKind(asked) if asked in set(SignalKind) else SignalKind.SIGNAL,
        key=form.get("key") or str(uuid.uuid4()),
        found=found,
        labels=PERSONAL_DATA,
        languages=[(code, own_name(code)) for code in LANGUAGES],
        written_in=form.get("language") or language(),
    )


def _choices(draft: drafts.Fields | None = None) -> dict[str, Any]:
    said = drafts.as_form(draft or {})
    reasons = looks_sensitive(said.get("text", ""), said.get("language", ""))
    return {
        "names": _names(),
        "bands": [(band.value, text) for band, text in PEOPLE.items()],
        "lines": helplines(db(), language(), reasons=reasons),
    }


def _names() -> Names:
    return names(db(), language())


def _draft() -> drafts.Fields:
    found: drafts.Fields | None = drafts.kept(DRAFT)
    return found or {}


def _from_the_start() -> Response:
    notice(_("Start here. What you typed before is no longer kept; nothing was sent."), "due")
    return see(url_for(".words"))

"""The phone of a worker: words first, the rest suggested, remembered or left out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from signalen.core.errors import Conflict
from signalen.core.permissions import Permission, may
from signalen.people.queries import organisations
from signalen.signals.forms import CaptureForm, ThemesForm, check_codes
from signalen.signals.intake import Intake, Receipt
from signalen.signals.labels import ring
from signalen.signals.models import Channel, Signal
from signalen.signals.operations import accept_themes, record_signal
from signalen.signals.privacy import find_personal_data
from signalen.signals.queries import find_signal, last_recorded, signal_of_key, themes_of, words_of
from signalen.signals.reading import waits_for_card
from signalen.signals.routes import drafts, uploads
from signalen.signals.routes.screen import nobodys_screen
from signalen.signals.rules import CORRECTABLE
from signalen.signals.sending import kept_as_it_is
from signalen.themes.queries import Names, keywords, names
from signalen.themes.rules import suggest_themes
from signalen.web.forms import Form, read, say
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db, keep_on_refusal, vault

bp = Blueprint("capture", __name__)


@bp.get("/capture")
@requires(Permission.SIGNAL_RECORD)
def new() -> Response:
    """An empty screen, with district and language as last time."""
    return _screen(Form())


@bp.post("/capture")
@requires(Permission.SIGNAL_RECORD)
def save() -> Response:
    """Keeps it. The same key and content again is the same signal; other content shows both."""
    form = read(CaptureForm)
    check_codes(form, _names())
    if not form.errors and form.value.on_behalf and not form.value.agreed_how:
        form.refuse("agreed_how", say("missing"))
    if form.errors:
        return _screen(form, 422)
    value = form.value
    checked = "\n".join(filter(None, (value.text, value.neighbourhood, value.agreed_how)))
    found = find_personal_data(checked, value.language)
    if found and not value.as_it_is:
        return _screen(form, 422, found=found)
    photos = uploads.opened(form)
    if form.errors:
        return _screen(form, 422)
    try:
        made = record_signal(db(), vault(), _intake(value), actor=current_actor())
    except Conflict:
        return _both(form)
    if found and made.fresh:
        kept_as_it_is(db(), made.signal, found, actor=current_actor())
    uploads.keep(made.signal, photos)
    return _saved(made)


@bp.get("/capture/<uuid:signal_id>")
@requires(Permission.SIGNAL_RECORD, writes=True)
def done(signal_id: uuid.UUID) -> Response:
    """It is kept: its number, a suggestion when nothing was chosen, and the card for the resident."""
    signal = _own(signal_id)
    suggestions: list[tuple[str, str]] = []
    if (
        _can_place(signal)
        and not signal.sensitive
        and not signal.erased_at
        and not themes_of(db(), [signal.id])
    ):
        text = words_of(db(), vault(), signal, actor=current_actor())[0]
        suggestions = _suggestions(text.words, text.language, ())
    code: str | None = drafts.kept(f"card:{signal.id}")
    return page(
        "signals/captured.html",
        signal=signal,
        ring=ring(signal.stage),
        suggestions=suggestions,
        code=code,
        promised=code is None and waits_for_card(db(), signal),
        qr=drafts.qr(code) if code else None,
        follow=drafts.follow_url(),
    )


@bp.post("/capture/<uuid:signal_id>/themes")
@requires(Permission.SIGNAL_RECORD)
def take_themes(signal_id: uuid.UUID) -> Response:
    """The suggestion was right."""
    signal = _own(signal_id)
    form = read(ThemesForm)
    check_codes(form, _names())
    if not form.errors and form.value.suggested:
        accept_themes(db(), signal, form.value.suggested, actor=current_actor())
        notice(_("Kept with what it is about."))
    return see(url_for(".done", signal_id=signal.id))


@bp.post("/capture/<uuid:signal_id>/handed-over")
@requires(Permission.SIGNAL_RECORD)
def handed_over(signal_id: uuid.UUID) -> Response:
    """The resident has the card: the code is on this screen no more."""
    drafts.drop(f"card:{signal_id}")
    return see(url_for(".new"))


def _intake(value: CaptureForm) -> Intake:
    actor = current_actor()
    own = sorted(actor.organisations)
    organisation = value.organisation if value.organisation in actor.organisations else None
    spoken = {"yes": True, "no": False, None: None}[value.discussed]
    return Intake(
        key=value.key,
        text=value.text,
        language=value.language,
        channel=Channel.ON_BEHALF if value.on_behalf else Channel.CAPTURE,
        kind=value.kind,
        themes=tuple(dict.fromkeys(value.theme + value.suggested)),
        place=value.district,
        neighbourhood=value.neighbourhood,
        groups=value.groups,
        barriers=value.barriers,
        people=value.people,
        sensitive=value.sensitive,
        happened_on=value.happened_on,
        hears_back=value.hears_back,
        answer_language=value.language,
        discussed=True if value.on_behalf else spoken,
        agreed_how=value.agreed_how if value.on_behalf else None,
        may_use=True,  # the worker's own observation, or what the resident agreed to in `agreed_how`
        may_quote=value.quote,
        may_publish=value.publish,
        organisation_id=organisation or (own[0] if own else None),
    )


def _saved(made: Receipt) -> Response:
    signal = made.signal
    if made.code:
        drafts.put(f"card:{signal.id}", made.code.display, for_=drafts.SHOWN_FOR)
    another = "another" in request.form
    if another and not made.code:
        notice(_("Saved: %(reference)s", reference=signal.reference))
        return see(url_for(".new"))
    return see(url_for(".done", signal_id=signal.id))


def _both(form: Form[CaptureForm]) -> Response:
    """409: what was kept under this key (when it is this worker's own), and what is on the screen now."""
    first = signal_of_key(db(), form.value.key, actor=current_actor())
    mine = first is not None and first.recorded_by == current_actor().id
    kept = words_of(db(), vault(), first, actor=current_actor())[0] if first and mine else None
    if kept:
        keep_on_refusal()  # reading a sensitive one stays in the log
    return page(
        "signals/capture_conflict.html",
        409,
        form=form,
        first=first if mine else None,
        kept=kept,
        key=uuid.uuid4(),
    )


def shared(text: str) -> Response:
    """The screen with a text from another app in it. Nothing is kept."""
    return _screen(Form(MultiDict({"text": text})))


def _screen(form: Form[Any], status: int = 200, **context: Any) -> Response:
    last = last_recorded(db(), current_actor())
    own = current_actor().organisations
    mine = {
        "form": form,
        "key": form.get("key") or str(uuid.uuid4()),
        "last_place": last.place if last else None,
        "last_language": last.language if last else language(),
        "organisations": [(str(i), n) for i, n in organisations(db()) if i in own] if len(own) > 1 else [],
        "photos_let_go": uploads.chosen(),
    }
    return page("signals/capture.html", status, **(nobodys_screen() | mine | context))


def _suggestions(text: str, spoken: str, chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    found = suggest_themes(text, spoken, keywords(db(), spoken))
    return [(code, _names().theme(code)) for code in found if code not in chosen]


def _names() -> Names:
    return names(db(), language())


def _own(signal_id: uuid.UUID) -> Signal:
    """A signal that this person recorded; anything else is not here."""
    signal = find_signal(db(), signal_id, actor=current_actor())
    if signal is None or signal.recorded_by != current_actor().id:
        abort(404)
    return signal


def _can_place(signal: Signal) -> bool:
    return signal.stage in CORRECTABLE and may(current_actor(), Permission.SIGNAL_CORRECT, signal)

"""What we keep of a giver: seen, corrected and erased with the code alone (GDPR art. 15 to 17)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from flask import Blueprint, current_app, make_response, session, url_for
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.core.errors import DomainError
from signalen.desk.forgetting import erase
from signalen.feedback.routes.follow import COOKIE_KEY, back_to_code, followed
from signalen.signals import giver_rights
from signalen.signals.forms import Text, contact, contact_field
from signalen.signals.labels import HEARS_BACK, PEOPLE
from signalen.signals.models import Giver, Signal, TextKind
from signalen.signals.operations import correct
from signalen.signals.photos import photos_of
from signalen.signals.queries import belongings, messages_of, words_of
from signalen.signals.rules import CORRECTABLE
from signalen.themes.queries import names
from signalen.web.forms import Form, Schema, read, refusal
from signalen.web.fragments import page, see
from signalen.web.guards import giver_actor, public
from signalen.web.locale import gettext, language, own_name, show_date
from signalen.web.notices import notice
from signalen.web.sessions import db, vault

bp = Blueprint("rights", __name__, url_prefix="/follow/kept")


class ContactForm(Schema):
    """Another address or number."""

    contact: Annotated[str, Field(max_length=254), AfterValidator(contact_field)]


class ConsentForm(Schema):
    """What may be done with the words."""

    use: bool = False
    quote: bool = False
    publish: bool = False


class WordsForm(Schema):
    """Other words in place of the first ones."""

    text: Text


def _ticked(sure: bool) -> bool:  # noqa: FBT001  # a validator
    if not sure:
        raise PydanticCustomError("tick-first", "")
    return sure


class EraseForm(Schema):
    """Yes, erase it."""

    sure: Annotated[bool, AfterValidator(_ticked), Field(validate_default=True)] = False


@bp.get("")
@public
def kept() -> Response:
    """Everything that is kept of this giver, in plain words."""
    signal = followed()
    return back_to_code() if signal is None else _kept(signal)


@bp.get("/file")
@public
def download() -> Response:
    """The same as a file to take along: names and values as a person reads them."""
    signal = followed()
    if signal is None:
        return back_to_code()
    body = json.dumps(dict(_rows(signal, whole=True)), ensure_ascii=False, indent=2)
    response = make_response(body)
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="signalen.json"'
    return response


@bp.post("/contact")
@public
def change_contact() -> Response:
    """Another address or number for the answer."""
    signal = followed()
    if signal is None:
        return back_to_code()
    form = read(ContactForm)
    if form.errors:
        return _kept(signal, 422, contact_form=form)
    left = contact(form.value.contact)
    giver_rights.change_contact(db(), vault(), signal, left, actor=giver_actor(signal.giver_id))
    notice(gettext("Saved."))
    return see(url_for(".kept"))


@bp.post("/contact/remove")
@public
def remove_contact() -> Response:
    """From now on only the code leads to the answer."""
    signal = followed()
    if signal is None:
        return back_to_code()
    giver_rights.change_contact(db(), vault(), signal, None, actor=giver_actor(signal.giver_id))
    notice(gettext("It is gone. With your code you always see the answer."))
    return see(url_for(".kept"))


@bp.post("/consents")
@public
def change_consents() -> Response:
    """What may be done with the words from now on."""
    signal = followed()
    if signal is None:
        return back_to_code()
    said = read(ConsentForm).value
    giver_rights.change_consents(
        db(),
        signal,
        use=said.use,
        quote=said.quote,
        publish=said.publish,
        actor=giver_actor(signal.giver_id),
    )
    notice(gettext("Saved."))
    return see(url_for(".kept"))


@bp.post("/words")
@public
def change_words() -> Response:
    """Other words, as long as nothing was built on the first ones."""
    signal = followed()
    if signal is None:
        return back_to_code()
    form = read(WordsForm)
    if not form.errors:
        try:
            correct(db(), vault(), signal, form.value.text, actor=giver_actor(signal.giver_id))
        except DomainError as error:
            form.refuse("text", refusal(error))
    if form.errors:
        return _kept(signal, 422, words_form=form)
    notice(gettext("Saved."))
    return see(url_for(".kept"))


@bp.get("/erase")
@public
def ask_to_erase() -> Response:
    """What goes and what stays, before it is done."""
    signal = followed()
    return back_to_code() if signal is None else page("desk/public_erase.html", form=Form(), signal=signal)


@bp.post("/erase")
@public
def do_erase() -> Response:
    """Erased at once; the code opens nothing any more."""
    signal = followed()
    if signal is None:
        return back_to_code()
    form = read(EraseForm)
    if form.errors:
        return page("desk/public_erase.html", 422, form=form, signal=signal)
    settings: Config = current_app.extensions["signalen.config"]
    erase(db(), Path(settings.attachments), signal, actor=giver_actor(signal.giver_id))
    session.pop(COOKIE_KEY, None)
    notice(gettext("It is erased. Your code does not work any more."))
    return see(url_for("follow.enter"))


def _kept(signal: Signal, status: int = 200, **forms: Form[Any]) -> Response:
    texts = words_of(db(), vault(), signal, actor=giver_actor(signal.giver_id))
    return page(
        "desk/public_kept.html",
        status,
        signal=signal,
        rows=list(_rows(signal)),
        left=giver_rights.contact_of(db(), vault(), signal),
        words=next((text for text in texts if text.kind is TextKind.ORIGINAL), None),
        correctable=signal.stage in CORRECTABLE,
        contact_form=forms.get("contact_form"),
        words_form=forms.get("words_form"),
    )


def _rows(signal: Signal, *, whole: bool = False) -> Iterator[tuple[str, str]]:
    """Names and values, in the language of the page. `whole`: for the giver alone, with words and contact in full."""
    actor, known = giver_actor(signal.giver_id), names(db(), language())
    giver = db().exec(select(Giver).where(Giver.id == signal.giver_id)).one()
    mine = belongings(db(), signal)
    yield gettext("Number to talk about it:").rstrip(": "), signal.reference
    yield gettext("Told on"), show_date(signal.received_at)
    if whole:
        for text in words_of(db(), vault(), signal, actor=actor):
            if text.kind is TextKind.ORIGINAL:
                yield gettext("What you told us"), text.words
    yield gettext("The language of your words"), own_name(signal.language)
    about = [known.theme(code) for code in mine.themes]
    for label, value in (
        (gettext("What is it about?"), ", ".join(about)),
        (gettext("In which part of the city?"), known.place(signal.place_code) if signal.place_code else ""),
        (gettext("Who has this problem?"), ", ".join(map(known.group, mine.groups))),
        (gettext("What stood in the way?"), ", ".join(map(known.barrier, mine.barriers))),
        (gettext("How many people have this problem?"), str(PEOPLE[signal.people]) if signal.people else ""),
        (gettext("When did it happen?"), show_date(signal.happened_on) if signal.happened_on else ""),
    ):
        if value:
            yield label, value
    left = giver_rights.contact_of(db(), vault(), signal)
    yield gettext("How do you hear what happens?"), str(HEARS_BACK[giver.hears_back])
    if left is not None:
        yield gettext("Your address or number"), left.value if whole else giver_rights.masked(left)
    for label, at in (
        (gettext("You may use it to ask the city for change"), signal.may_use_at),
        (gettext("You may give a sentence of mine to the city"), signal.may_quote_at),
        (gettext("You may make a sentence of mine public"), signal.may_publish_at),
    ):
        yield label, gettext("Yes, since %(day)s", day=show_date(at)) if at else gettext("No")
    yield gettext("Photos"), str(len(photos_of(db(), signal.id)))
    messages = messages_of(db(), vault(), signal, actor=actor)
    yield gettext("Messages between you and us"), str(len(messages))
    if whole:
        for number, message in enumerate(messages, start=1):
            who = gettext("You, on %(day)s") if message.from_giver else gettext("We, on %(day)s")
            yield f"{number}. {who % {'day': show_date(message.at)}}", message.words

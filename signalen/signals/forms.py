"""What residents and workers fill in. Codes are checked against the vocabulary in `check_codes`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import MultiDict

from signalen.core import clock
from signalen.signals.intake import LONGEST_TEXT, Contact, says_something
from signalen.signals.models import ContactKind, HearsBack, People, SignalKind
from signalen.signals.privacy import HOME_REGION
from signalen.themes.queries import Names
from signalen.web.forms import Form, Schema, messages, say
from signalen.web.locale import lazy

LANGUAGES = (
    *("nl", "fr", "en", "ar", "tr", "es", "pt", "it", "de", "pl", "ro", "bg", "ru", "uk", "sq", "fa", "ps"),
    *("ur", "so", "ti", "am", "sw", "ln", "zh", "hi", "bn", "ne"),
)
"""In which language words may be given; people choose by its own name."""

MOST_CODES = 12
MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})
"""A text message can go there; to a line at home nothing but a voice."""


def _speaks(text: str) -> str:
    if not says_something(text):
        raise PydanticCustomError("missing", "")
    return text


def _past(day: date | None) -> date | None:
    if day and day > clock.today():
        raise PydanticCustomError("future-date", "")
    if day and day.year < clock.today().year - 100:
        raise PydanticCustomError("date_parsing", "")
    return day


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise PydanticCustomError("enum", "")
    return code


def _several(codes: tuple[str, ...]) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(codes))
    if len(once) > MOST_CODES:
        raise PydanticCustomError("too-many-codes", "", {"most": MOST_CODES})
    return once


def contact(text: str) -> Contact:
    """An e-mail address or a phone number (Belgian unless it has a country code), written one way."""
    if "@" in text:
        try:
            return Contact(ContactKind.EMAIL, validate_email(text, check_deliverability=False).normalized)
        except EmailNotValidError:
            raise PydanticCustomError("contact", "") from None
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise PydanticCustomError("contact", "") from None
    if not phonenumbers.is_valid_number(number):
        raise PydanticCustomError("contact", "")
    mobile = phonenumbers.number_type(number) in MOBILE
    kind = ContactKind.MOBILE if mobile else ContactKind.PHONE
    return Contact(kind, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def contact_field(text: str | None) -> str | None:
    """A field for an address or number: as it was typed, when it is one; empty is fine."""
    if text:
        contact(text)
    return text


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_speaks)]
Language = Annotated[str, AfterValidator(_known_language)]
Codes = Annotated[tuple[str, ...], AfterValidator(_several)]
PastDay = Annotated[date | None, AfterValidator(_past)]


class WordsForm(Schema):
    """The first page: what happened. `as_it_is`: the writer saw what was found in it and sends it all the same."""

    text: Text
    language: Language = "nl"
    kind: SignalKind = SignalKind.SIGNAL
    as_it_is: bool = False


class AboutForm(Schema):
    """The second page: about what and where. Nothing is required."""

    theme: Codes = ()
    district: str | None = None
    groups: Codes = ()
    barriers: Codes = ()
    people: People | None = None
    happened_on: PastDay = None


class Hear(StrEnum):
    """How somebody wants to hear back; the code always works beside it."""

    CODE = "code"
    CONTACT = "contact"
    LETTER = "letter"
    WORKER = "worker"


BELONGS = {Hear.CONTACT: "contact", Hear.LETTER: "address", Hear.WORKER: "organisation"}
"""The field of each choice; what stands in the field of another one is not read."""
LONGEST_ADDRESS = 300


class AnswerForm(Schema):
    """The third page: what we may do with the words, and how the giver wants to hear back.

    Without `hear`, a contact that was given is used, as on forms of before.
    """

    use: bool = False
    quote: bool = False
    publish: bool = False
    sensitive: bool = False
    with_help: bool = False
    hear: Hear | None = None
    contact: Annotated[str | None, Field(max_length=254), AfterValidator(contact_field)] = None
    address: Annotated[str | None, Field(max_length=LONGEST_ADDRESS)] = None
    organisation: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where the answer goes."""

    hears_back: HearsBack = HearsBack.CODE
    contact: Contact | None = None
    told_through: uuid.UUID | None = None


def chosen_only(raw: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form without what belongs to choices that were not made: no half address stops somebody who wants a code."""
    if raw.get("hear") not in set(Hear):
        return raw
    mine = BELONGS.get(Hear(raw["hear"]))
    others = set(BELONGS.values()) - {mine}
    return MultiDict([(name, value) for name, value in raw.items(multi=True) if name not in others])


def way_back(form: Form[Any], organisations: Collection[uuid.UUID]) -> WayBack:
    """Where the answer goes, as the form says; what is missing is said beside its field."""
    said = form.value
    hear = said.hear or (Hear.CONTACT if said.contact else Hear.CODE)
    if hear in BELONGS and not getattr(said, BELONGS[hear]):
        form.refuse(BELONGS[hear], say("missing"))
    if hear is Hear.CONTACT and said.contact:
        return WayBack(HearsBack.CONTACT, contact(said.contact))
    if hear is Hear.LETTER and said.address:
        return WayBack(HearsBack.CONTACT, Contact(ContactKind.ADDRESS, said.address))
    if hear is Hear.WORKER and said.organisation:
        if said.organisation not in organisations:
            form.refuse("organisation", say("enum"))
        return WayBack(HearsBack.WORKER, told_through=said.organisation)
    return WayBack()


class ReportForm(WordsForm, AboutForm, AnswerForm):
    """All of it at once. `key` makes sending twice the same as sending once."""

    key: uuid.UUID = Field(default_factory=uuid.uuid4)


class CaptureForm(WordsForm, AboutForm):
    """The one screen of a worker. `suggested`: themes that were offered and taken."""

    key: uuid.UUID = Field(default_factory=uuid.uuid4)
    suggested: Codes = ()
    neighbourhood: Annotated[str | None, Field(max_length=80)] = None
    sensitive: bool = False
    organisation: uuid.UUID | None = None
    discussed: Literal["yes", "no"] | None = None
    hears_back: Literal[HearsBack.WORKER, HearsBack.CARD, HearsBack.NONE] = HearsBack.WORKER
    on_behalf: bool = False
    agreed_how: Annotated[str | None, Field(max_length=300)] = None
    quote: bool = False
    publish: bool = False


class ThemesForm(Schema):
    """Suggested themes that were taken after saving."""

    suggested: Codes = ()


def check_codes(form: Form[Any], names: Names) -> None:
    """Refuses codes that are not offered in the vocabulary."""
    if form.errors:
        return
    for field, offered in (
        ("theme", names.themes()),
        ("suggested", names.themes()),
        ("groups", names.groups()),
        ("barriers", names.barriers()),
        ("district", names.places()),
    ):
        given = getattr(form.value, field, None) or ()
        known = {code for code, _ in offered}
        if not known.issuperset((given,) if isinstance(given, str) else given):
            form.refuse(field, say("enum"))


messages(
    {
        "no-clock-runs": lazy("There is no clock to pause here."),
        "no-pause": lazy("This clock is not paused."),
        "giver-asked-one-reader": lazy(
            "The person who gave this signal asked that only named readers see it. It stays so."
        ),
        "not-sensitive": lazy("This signal is not sensitive: it needs no safe line."),
        "not-for-staff": lazy("This kind of text cannot be added by hand."),
        "too-late-to-correct": lazy("This signal is put together with others. It can no longer be changed."),
        "nobody-listens": lazy(
            "This signal was withdrawn or refused. Nothing can be written about it any more."
        ),
    }
)

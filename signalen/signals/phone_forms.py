"""Reads what a phone sent, of whatever version of the form it was made with. Nothing is refused here.

What cannot be read becomes a to-do for a person, with what was sent in its detail: a phone that lay in a drawer for a year
brings its signals in all the same. Pure: what is known of codes, organisations and the repeated signal is given.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from signalen.signals.forms import LANGUAGES
from signalen.signals.intake import LONGEST_TEXT, Intake, says_something
from signalen.signals.models import Channel, HearsBack, People, SignalKind, TodoKind
from signalen.signals.privacy import PersonalData, find_personal_data

E = TypeVar("E", bound=StrEnum)

FLAT, NESTED, NOW = 1, 2, 3
"""The versions of the form: without `fields`; with them; with `again_of`, `photos` and `overruled` beside them."""
FORMS = frozenset({FLAT, NESTED, NOW})
FIELDS = frozenset(
    {
        *(
            "text",
            "language",
            "theme",
            "suggested",
            "district",
            "neighbourhood",
            "groups",
            "barriers",
            "people",
        ),
        *("sensitive", "happened_on", "kind", "discussed", "hears_back", "on_behalf", "agreed_how", "quote"),
        *("publish", "as_it_is"),
    }
)
BESIDE = frozenset(
    {"form", "key", "who", "made_at", "organisation", "again_of", "photos", "overruled", "fields"}
)
LONGEST = {"neighbourhood": 80, "agreed_how": 300}
DEEPEST = 32
LOOKED_AT = 2 * LONGEST_TEXT
"""Characters of a text in which names and numbers are looked for; of a longer one a person reads the rest all the same."""
YES, NO = frozenset({"true", "on", "1", "yes"}), frozenset({"false", "off", "0", "no", ""})
WAYS = frozenset({HearsBack.WORKER, HearsBack.CARD, HearsBack.NONE})
YEARS = 100


class _Spoken(StrEnum):
    YES = "yes"
    NO = "no"


SPOKEN: Mapping[_Spoken | None, bool] = {_Spoken.YES: True, _Spoken.NO: False}


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One thing that a person must look at. `detail`: what was sent, or the kinds that were found; never kept readable."""

    kind: TodoKind
    field: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the server knows: the codes that are offered, the sender's own organisations (the first is the usual one)."""

    themes: frozenset[str]
    groups: frozenset[str]
    barriers: frozenset[str]
    places: frozenset[str]
    organisations: Sequence[uuid.UUID]
    language: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What the same worry again takes over from the signal that it repeats."""

    id: uuid.UUID
    organisation_id: uuid.UUID | None
    text: str
    language: str
    kind: SignalKind
    themes: tuple[str, ...]
    groups: tuple[str, ...]
    barriers: tuple[str, ...]
    place: str | None
    neighbourhood: str | None
    sensitive: bool
    sensitive_asked: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A record, read. `overruled`: personal data that the writer saw and kept, per kind how often."""

    intake: Intake
    todos: tuple[ToLookAt, ...]
    overruled: Mapping[PersonalData, int]


@dataclass(slots=True)
class _Reader:
    """Takes values out of what was sent, and remembers what it could not take."""

    fields: Mapping[str, Any]
    todos: list[ToLookAt] = field(default_factory=list)

    def unknown(self, name: str, value: object) -> None:
        self.todos.append(ToLookAt(TodoKind.UNKNOWN_VALUE, name, shown(value)))

    def words(self, name: str, longest: int | None = None) -> str:
        """A text; "" when there is none. What the column cannot hold is cut, and stands whole in the to-do."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.unknown(name, value)
            return ""
        text = clean(value).strip()
        if longest is not None and len(text) > longest:
            self.todos.append(ToLookAt(TodoKind.TOO_LONG, name, text))
            text = text[:longest].strip()
        return text

    def yes(self, name: str, *, in_doubt: bool = False) -> bool:
        """Whether a box is ticked."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        said = value.strip().lower() if isinstance(value, str) else None
        if said in YES or said in NO:
            return said in YES
        self.unknown(name, value)
        return in_doubt

    def one_of(self, name: str, offered: type[E], *, but: frozenset[E] | None = None) -> E | None:
        """A choice, or None."""
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str):
            for choice in offered:
                if choice.value == value and (but is None or choice in but):
                    return choice
        self.unknown(name, value)
        return None

    def code(self, name: str, offered: frozenset[str]) -> str | None:
        """A code that is offered, or None."""
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str) and value in offered:
            return value
        self.unknown(name, value)
        return None

    def codes(self, name: str, offered: frozenset[str]) -> tuple[str, ...]:
        """The codes that are offered, each once."""
        value = self.fields.get(name)
        given = value if isinstance(value, list) else [value]
        given = [each for each in given if each not in (None, "")]
        known = dict.fromkeys(each for each in given if isinstance(each, str) and each in offered)
        if others := [each for each in given if not isinstance(each, str) or each not in offered]:
            self.unknown(name, others)
        return tuple(known)

    def day(self, name: str, today: date) -> date | None:
        """A day that has been, in the last hundred years."""
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None or not today.year - YEARS <= day.year or day > today:
            self.unknown(name, value)
            return None
        return day


def read_record(record: Mapping[str, Any], key: uuid.UUID, known: Known, first: First | None) -> Sent:
    """What was sent, as a signal that can be kept, and what a person must look at. Never raises.

    `first`: the signal that `again_of` names, when the sender may repeat it.
    """
    reader = _Reader(_fields(record))
    _look_at_the_form(reader, record)
    repeats = record.get("again_of") is not None
    if repeats and first is None:
        reader.unknown("again_of", record["again_of"])
    language = _language(reader, first.language if first else known.language)
    text = reader.words("text") or (first.text if first else "")
    themes = (*reader.codes("theme", known.themes), *reader.codes("suggested", known.themes))
    groups = reader.codes("groups", known.groups)
    barriers = reader.codes("barriers", known.barriers)
    on_behalf = reader.yes("on_behalf")
    agreed_how = reader.words("agreed_how", LONGEST["agreed_how"]) if on_behalf else ""
    agreed = not on_behalf or says_something(agreed_how)
    if not agreed:
        reader.todos.append(ToLookAt(TodoKind.NOT_AGREED))
    spoken = reader.one_of("discussed", _Spoken)
    neighbourhood = reader.words("neighbourhood", LONGEST["neighbourhood"])
    intake = Intake(
        key=key,
        text=text,
        language=language,
        channel=Channel.ON_BEHALF if on_behalf else Channel.CAPTURE,
        kind=reader.one_of("kind", SignalKind) or (first.kind if first else SignalKind.SIGNAL),
        themes=tuple(dict.fromkeys(themes)) or (first.themes if first else ()),
        place=reader.code("district", known.places) or (first.place if first else None),
        neighbourhood=neighbourhood or (first.neighbourhood if first else None),
        groups=groups or (first.groups if first else ()),
        barriers=barriers or (first.barriers if first else ()),
        people=reader.one_of("people", People),
        sensitive=reader.yes("sensitive", in_doubt=True) or (first is not None and first.sensitive_asked),
        shielded=(first is not None and first.sensitive)
        or len(text) > LOOKED_AT,  # nobody looked at all of it
        happened_on=reader.day("happened_on", known.today),
        hears_back=reader.one_of("hears_back", HearsBack, but=WAYS) or HearsBack.WORKER,
        answer_language=language,
        discussed=True if on_behalf else SPOKEN.get(spoken),
        agreed_how=agreed_how or None,
        may_use=agreed,
        may_quote=agreed and reader.yes("quote"),
        may_publish=agreed and reader.yes("publish"),
        organisation_id=_organisation(reader, record.get("organisation"), known.organisations, first),
    )
    if not says_something(text):
        reader.todos.append(ToLookAt(TodoKind.NO_WORDS))
    if len(text) > LONGEST_TEXT:
        reader.todos.append(ToLookAt(TodoKind.TOO_LONG, "text"))
    written = {"text": text, "neighbourhood": neighbourhood, "agreed_how": agreed_how}
    found = {name: look_for_people(words) for name, words in written.items()}
    if reader.yes("as_it_is"):
        return Sent(intake, tuple(reader.todos), _overruled(record, list(found.values())))
    reader.todos += [
        ToLookAt(TodoKind.PERSONAL_DATA, name, " ".join(kinds)) for name, kinds in found.items() if kinds
    ]
    return Sent(intake, tuple(reader.todos), {})


def look_for_people(text: str) -> Mapping[PersonalData, int]:
    """What points at a person in a text: per kind how often."""
    return Counter(each.kind for each in find_personal_data(text[:LOOKED_AT]))


def repeated(record: Mapping[str, Any]) -> uuid.UUID | None:
    """The signal that this one repeats, as far as it can be read."""
    return _uuid(record.get("again_of"))


def canonical(record: Mapping[str, Any]) -> str:
    """What was sent, the same for the same content: without the moment, which a phone may write anew, and without its photos.

    Those come by themselves and are known by their own hash, which is another one when they were sealed again.
    """
    content = {name: _bounded(value) for name, value in record.items() if name not in {"made_at", "photos"}}
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def shown(value: object) -> str:
    """A value that was not understood, as a person can read it."""
    return clean(value if isinstance(value, str) else json.dumps(_bounded(value), ensure_ascii=False))


def clean(text: str) -> str:
    """Without what a database does not hold (NUL, lone surrogates); line ends become one kind."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")


def _fields(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields, wherever this version keeps them."""
    flat = {name: value for name, value in record.items() if name in FIELDS}
    nested = record.get("fields")
    return flat | nested if isinstance(nested, dict) else flat


def _look_at_the_form(reader: _Reader, record: Mapping[str, Any]) -> None:
    """Of a version that we do not know everything that we do not read is kept for a person."""
    form, fields = record.get("form"), record.get("fields")
    if type(form) is int and form in FORMS:
        if form != FLAT and not isinstance(fields, dict):
            reader.unknown("fields", fields)
        return
    more = {name: value for name, value in reader.fields.items() if name not in FIELDS}
    more |= {name: value for name, value in record.items() if name not in FIELDS | BESIDE}
    detail = {"form": form} | more
    if fields is not None and not isinstance(fields, dict):
        detail["fields"] = fields
    reader.todos.append(ToLookAt(TodoKind.UNKNOWN_FORM, None, shown(detail)))


def _language(reader: _Reader, usual: str) -> str:
    value = reader.fields.get("language")
    if isinstance(value, str) and value in LANGUAGES:
        return value
    if value not in (None, ""):
        reader.unknown("language", value)
    return usual


def _organisation(
    reader: _Reader, value: object, own: Sequence[uuid.UUID], first: First | None
) -> uuid.UUID | None:
    """One of the sender's own; the usual one when none, or another's, was given.

    What repeats a signal stays with its organisation: colleagues elsewhere have no business with those words.
    """
    given = _uuid(value)
    if given in own:
        return given
    if value not in (None, ""):
        reader.unknown("organisation", value)
    if first is not None and first.organisation_id in own:
        return first.organisation_id
    return own[0] if own else None


def _overruled(
    record: Mapping[str, Any], found: Collection[Mapping[PersonalData, int]]
) -> dict[PersonalData, int]:
    """Per kind how often it was kept; kinds that only the phone found count for nothing and are named all the same."""
    value = record.get("overruled")
    given = {each for each in value if isinstance(each, str)} if isinstance(value, list) else set()
    counts = {kind: sum(kinds.get(kind, 0) for kinds in found) for kind in PersonalData}
    return {kind: count for kind, count in counts.items() if count or kind.value in given}


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _bounded(value: Any, depth: int = 0) -> Any:
    """The value without what lies too deep in it for anybody to have typed."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, list):
        return [_bounded(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {str(name): _bounded(each, depth + 1) for name, each in value.items()}
    return value

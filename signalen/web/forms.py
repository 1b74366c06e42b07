"""Reading a form: a pydantic schema in, a value or messages in the reader's language out. What was typed is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_origin

from flask import request
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.datastructures import MultiDict

from signalen.core.errors import DomainError
from signalen.web.locale import gettext, lazy

T = TypeVar("T", bound=BaseModel)


class Schema(BaseModel):
    """The base of all input schemas: never a table, unknown fields are ignored and never written."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)


class Form(Generic[T]):
    """A form as it was sent. `value` is None when there are `errors` (field → message)."""

    def __init__(self, raw: MultiDict[str, str] | None = None, value: T | None = None) -> None:
        self.raw: MultiDict[str, str] = raw if raw is not None else MultiDict()
        self._value = value
        self.errors: dict[str, str] = {}

    @property
    def value(self) -> T:
        """The valid value; only when there are no errors."""
        if self._value is None:
            raise LookupError("a form with errors has no value")
        return self._value

    def accept(self, value: T) -> None:
        """The input is valid: this is what it says."""
        self._value = value

    def get(self, name: str, default: str = "") -> str:
        """What was typed in a field, as it was typed."""
        return self.raw.get(name, default)

    def list(self, name: str) -> Sequence[str]:
        """All values of a field that can have several."""
        return self.raw.getlist(name)

    def refuse(self, name: str, message: str) -> None:
        """Adds a message to a field."""
        self.errors.setdefault(name, message)


MESSAGES: dict[str, Any] = {
    "missing": lazy("Fill this in."),
    "string_too_short": lazy("Fill this in."),
    "string_too_long": lazy("This is too long. At most %(max_length)s characters."),
    "enum": lazy("Choose one of these."),
    "literal_error": lazy("Choose one of these."),
    "bool_parsing": lazy("Choose one of these."),
    "int_parsing": lazy("Fill in a whole number."),
    "greater_than_equal": lazy("This number is too low. At least %(ge)s."),
    "less_than_equal": lazy("This number is too high. At most %(le)s."),
    "date_from_datetime_parsing": lazy("Fill in a date, for example 31-12-2026."),
    "date_parsing": lazy("Fill in a date, for example 31-12-2026."),
    "uuid_parsing": lazy("Choose one of these."),
    "url_parsing": lazy("Fill in an address that starts with https://"),
}
"""Message per kind of error; rooms add their own codes with `messages()`."""


def messages(extra: Mapping[str, Any]) -> None:
    """Adds messages for the error codes of a room (pydantic or `DomainError`)."""
    MESSAGES.update(extra)


def say(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The message for an error code, filled in with its facts."""
    text = str(MESSAGES.get(code) or gettext("This is not right. Look at it again."))
    return text % dict(facts) if facts and "%(" in text else text


def refusal(error: DomainError) -> str:
    """What to tell the person when a rule says no."""
    return say(error.code, error.facts)


def option_tags(
    pairs: Iterable[tuple[object, object]], chosen: object = "", *, languages: bool = False
) -> Markup:
    """The `<option>`s of a select, the chosen one marked; `languages`: each says that it speaks its own language.

    In Python and kept, because the same long lists stand on every page of the desk.
    """
    return _option_tags(tuple((str(code), str(text)) for code, text in pairs), str(chosen), languages)


@lru_cache(maxsize=512)
def _option_tags(pairs: tuple[tuple[str, str], ...], chosen: str, languages: bool) -> Markup:  # noqa: FBT001
    tag = Markup('<option value="{}"{}{}>{}</option>')
    return Markup("").join(
        tag.format(
            code,
            Markup(' lang="{}"').format(code) if languages and code else "",
            Markup(" selected") if code == chosen else "",
            text,
        )
        for code, text in pairs
    )


def read(schema: type[T], source: MultiDict[str, str] | None = None) -> Form[T]:
    """Reads `schema` from the sent form (or from `source`). Empty fields count as not filled in."""
    raw = request.form if source is None else source
    form: Form[T] = Form(raw)
    data: dict[str, Any] = {}
    for name, info in schema.model_fields.items():
        if get_origin(info.annotation) in (list, tuple, frozenset, set):
            data[name] = [v for v in raw.getlist(name) if v != ""]
        elif raw.get(name, "").strip() != "":
            data[name] = _clean(raw[name])
    try:
        form.accept(schema.model_validate(data))
    except ValidationError as error:
        for problem in error.errors():
            field = str(problem["loc"][0]) if problem["loc"] else "form"
            form.refuse(field, say(problem["type"], problem.get("ctx")))
    return form


def _clean(text: str) -> str:
    """Drops what no one types: NUL and lone surrogates; line ends become one kind."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")

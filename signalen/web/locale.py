"""Languages: which one this page speaks, and its words, dates and numbers. Babel directly, nothing between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from gettext import NullTranslations
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.support import LazyProxy, Translations
from flask import Blueprint, Flask, Response, g, redirect, request
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from signalen.core import clock
from signalen.web.guards import current_actor, public
from signalen.web.languages import CATALOGUES, OWN_NAMES, RIGHT_TO_LEFT

SOURCE = "nl"
COOKIE = "language"
YEAR = 365 * 24 * 3600
BRUSSELS = ZoneInfo("Europe/Brussels")
LATIN = re.compile(r"([A-Za-zÀ-ɏ]+(?:[ '’-][A-Za-zÀ-ɏ]+)*)")

_language: ContextVar[str] = ContextVar("language", default=SOURCE)
bp = Blueprint("language", __name__)


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The compiled catalogue of a language."""
    return Translations.load(str(CATALOGUES), [language])


def check_catalogues(languages: Sequence[str]) -> None:
    """A missing catalogue would silently show English: stop the start instead."""
    for language in languages:
        if not (CATALOGUES / language / "LC_MESSAGES" / "messages.mo").exists():
            raise SystemExit(f"no compiled catalogue for '{language}': run 'make setup'")


def language() -> str:
    """The language this page, mail or command speaks."""
    return _language.get()


def direction(of: str | None = None) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if (of or language()) in RIGHT_TO_LEFT else "ltr"


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speaks `chosen` inside the block: mails are written in the recipient's language."""
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, **values: Any) -> str:
    """The message in the current language, with its named placeholders filled in."""
    text = catalogue(language()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The plural form for `n`; `%(num)s` is the number."""
    return catalogue(language()).ngettext(one, many, n) % {"num": n, **values}


@pass_eval_context
def template_gettext(context: EvalContext, message: str, **values: Any) -> str:
    """`_()` of the templates: as Jinja's own, with one call instead of four; it stands a hundred times on a page.

    Values are escaped where the template escapes. A bare percent sign is written twice, as in Jinja's.
    """
    text = catalogue(language()).gettext(message)
    if context.autoescape:
        return Markup(text) % values if "%" in text else Markup(text)  # noqa: S704  # our own catalogue
    return text % values if "%" in text else text


def lazy(message: str) -> Any:
    """A message that is looked up when it is shown. For label tables only: never in events, JSON or enums."""
    return LazyProxy(gettext, message, enable_cache=False)


@lru_cache
def own_name(code: str) -> str:
    """The name of a language in that language."""
    return OWN_NAMES.get(code) or str(Locale.parse(code).get_display_name(code) or code).split(" (")[0]


def language_name(code: str) -> str:
    """The name of a language in the current language."""
    return _name_in(code, language())


@lru_cache
def _name_in(code: str, other: str) -> str:
    return str(Locale.parse(code).get_display_name(other) or code)


def show_date(value: date | datetime, style: str = "long") -> str:
    """A date in words, by the day in Brussels. Digits are Latin in every language."""
    day = value.astimezone(BRUSSELS).date() if isinstance(value, datetime) else value
    pattern = {"long": "d MMMM y", "short": "d MMM", "weekday": "EEEE d MMMM y"}[style]
    if style == "short" and day.year != clock.today().year:
        pattern = "d MMM y"
    return _day_in_words(day, pattern, language())


@lru_cache(maxsize=4096)
def _day_in_words(day: date, pattern: str, spoken: str) -> str:
    """Lists show the same days again and again; Babel takes as long for one as for reading a row."""
    return dates.format_date(day, pattern, locale=spoken)


def show_number(value: float) -> str:
    """A number with the separators of the language, in Latin digits."""
    return numbers.format_decimal(value, locale=language(), numbering_system="latn")


def negotiate(offered: Sequence[str]) -> str:
    """Chosen by hand, else the person's own, else what the browser wishes, else Dutch."""
    for wish in (request.cookies.get(COOKIE), current_actor().language if current_actor().id else None):
        if wish in offered:
            return str(wish)
    return request.accept_languages.best_match(list(offered)) or SOURCE


def keep_names(text: str) -> Markup:
    """A sentence with the names of services in it: in another script they keep their letters, language and direction."""
    if direction() == "ltr":
        return escape(text)
    pieces = LATIN.split(text)
    return Markup("").join(
        Markup('<bdi lang="nl">{}</bdi>').format(piece) if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    )


@bp.get("/language/<code>")
@public
def choose(code: str) -> BaseResponse:
    """Remembers a language and goes back to where the reader was (a path of ours only)."""
    back = request.args.get("to", "/")
    safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) and "\n" not in back else "/"
    response = redirect(safe, 303)
    if code in g.all_languages:
        response.set_cookie(
            COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def init_locale(
    app: Flask, languages: Sequence[str], house_languages: Sequence[str], phone_languages: Sequence[str]
) -> None:
    """Every request speaks one language; templates get the words."""
    check_catalogues((*languages, *house_languages, *phone_languages))
    spoken = {"public": languages, "house": house_languages, "phone": phone_languages}

    @app.before_request
    def speak() -> None:
        view = app.view_functions.get(request.endpoint or "")
        offered = spoken[getattr(view, "speaks", "public")]
        g.all_languages, g.phone_languages, g.languages = languages, phone_languages, offered
        _language.set(negotiate(offered))

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers.setdefault("Content-Language", language())
        response.vary.update(("Cookie", "Accept-Language"))
        return response

    app.register_blueprint(bp)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda message: catalogue(language()).gettext(message),
        lambda one, many, n: catalogue(language()).ngettext(one, many, n),
        newstyle=True,
    )
    env.globals.update(
        _=template_gettext,
        language=language,
        direction=direction,
        own_name=own_name,
        language_name=language_name,
        offered_languages=lambda: g.get("languages", languages),
    )
    env.filters.update(date=show_date, number=show_number, names=keep_names)

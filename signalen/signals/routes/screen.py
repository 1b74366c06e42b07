"""What stands on the screen of a worker whoever it is: the same in the page and in the shell that the phone keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g, url_for

from signalen.signals.forms import LANGUAGES
from signalen.signals.labels import HEARS_BACK, PEOPLE, PERSONAL_DATA
from signalen.signals.models import HearsBack
from signalen.signals.phone_forms import NOW
from signalen.themes.queries import keywords, names
from signalen.web.forms import Form
from signalen.web.locale import language, lazy, ngettext, own_name
from signalen.web.sessions import db, letterbox

WAYS = {
    HearsBack.WORKER: lazy("I tell them myself"),
    HearsBack.CARD: lazy("A card with a code"),
    HearsBack.NONE: HEARS_BACK[HearsBack.NONE],
}
# A number of each kind that a language can have, under the name that the browser gives it (Intl.PluralRules).
_KINDS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


def nobodys_screen() -> dict[str, Any]:
    """The screen with nobody in it: words, themes, places and what its scripts need to know."""
    return {
        "form": Form(),
        "key": "",
        "names": names(db(), language()),
        "bands": [(band.value, text) for band, text in PEOPLE.items()],
        "ways": [(way.value, text) for way, text in WAYS.items()],
        "languages": [(code, own_name(code)) for code in LANGUAGES],
        "last_place": None,
        "last_language": language(),
        "organisations": [],
        "found": [],
        "labels": PERSONAL_DATA,
        "phone": _phone(),
    }


def _phone() -> dict[str, Any]:
    static: Callable[[str], str] = current_app.jinja_env.globals["static"]  # type: ignore[assignment]
    spoken = {code: keywords(db(), code) for code in g.phone_languages}
    return {
        "lang": language(),
        "form": NOW,
        "key": letterbox().public,
        "personal": static("phone/personal-data.json"),
        "keywords": {code: words for code, words in spoken.items() if words},
        "home": url_for("capture.new"),
        "worker": url_for("shell.worker"),
        "counts": {
            "waiting": _counted(
                lambda n: ngettext(
                    "No network. %(num)s signal waits here safely.",
                    "No network. %(num)s signals wait here safely.",
                    n,
                    num="{n}",
                )
            ),
            "going": _counted(
                lambda n: ngettext(
                    "%(num)s signal waits to be sent.", "%(num)s signals wait to be sent.", n, num="{n}"
                )
            ),
            "received": _counted(
                lambda n: ngettext(
                    "%(num)s signal was received.", "%(num)s signals were received.", n, num="{n}"
                )
            ),
            "others": _counted(
                lambda n: ngettext(
                    "%(num)s signal of somebody else waits here, sealed.",
                    "%(num)s signals of somebody else wait here, sealed.",
                    n,
                    num="{n}",
                )
            ),
        },
    }


def _counted(say: Callable[[int], str]) -> dict[str, str]:
    """A sentence in all its plural forms; {n} is the number."""
    return {kind: say(number) for kind, number in _KINDS.items()}

"""A machine makes a first version of a public text: a plug for LibreTranslate's HTTP interface, off unless it is set.

What it gets is a `PublicWords`, which is made of a version of a public text and of nothing else: the words of a signal have no
way in. What it gives is a draft; people read, propose and approve it as any other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from signalen.core.errors import DomainError
from signalen.texts.models import TextVersion

SECONDS = 20
LARGEST = 256 * 1024
"""Bytes of an answer; a part has 150 words."""


class CannotTranslate(DomainError):
    """The translator is down, does not know the language, or answers something that is no translation."""

    def __init__(self, why: str) -> None:
        super().__init__("translator-fails", why=why)


@dataclass(frozen=True, slots=True)
class PublicWords:
    """The parts of a public text in its language."""

    parts: Mapping[str, str]
    language: str

    @classmethod
    def of(cls, version: TextVersion) -> PublicWords:
        """The words of a version."""
        return cls(dict(version.parts), version.language)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917  # as the library calls it
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """Nowhere: words go to the server that was set and to no other."""


@dataclass(frozen=True, slots=True)
class LibreTranslate:
    """A server that speaks LibreTranslate's interface (`POST /translate`)."""

    url: str
    key: str = ""

    def translate(self, words: PublicWords, target: str) -> dict[str, str]:
        """Each part in the other language. Slow: hold no lock meanwhile. Raises `CannotTranslate`."""
        return {name: self._one(text, words.language, target) for name, text in words.parts.items()}

    def _one(self, text: str, source: str, target: str) -> str:
        asked = {"q": text, "source": source, "target": target, "format": "text"}
        if self.key:
            asked["api_key"] = self.key
        request = Request(  # noqa: S310  # http or https, checked at the start
            f"{self.url}/translate",
            data=json.dumps(asked).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            method="POST",
        )
        try:
            with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
                body = answer.read(LARGEST + 1)
        except HTTPError as error:
            error.close()
            raise CannotTranslate(str(error.code)) from None
        except (URLError, HTTPException, OSError) as error:
            raise CannotTranslate(type(error).__name__) from error
        return _text_in(body)


def _text_in(body: bytes) -> str:
    try:
        answer = json.loads(body) if len(body) <= LARGEST else None
    except ValueError:
        answer = None
    text = answer.get("translatedText") if isinstance(answer, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise CannotTranslate("no translation")
    return text

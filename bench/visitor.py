"""A visitor with a cookie jar: signs in as a person would, through the form with its CSRF token."""

from __future__ import annotations

import re
from html import unescape
from http.cookiejar import CookieJar
from typing import Protocol
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

TOKEN = re.compile(r'name="csrf_token"[^>]*\bvalue="([^"]+)"')


class Reader(Protocol):
    """What can ask for a page and send a form; a test client can too."""

    def text(self, path: str, form: dict[str, str] | None = None) -> str: ...


class Visitor:
    """Asks a running server for pages, keeping its cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar))

    def text(self, path: str, form: dict[str, str] | None = None) -> str:
        """The page at `path`, after redirects; with `form`, the answer to sending it."""
        data = urlencode(form).encode() if form is not None else None
        with self._opener.open(self.url + path, data, timeout=30) as answer:
            body: bytes = answer.read()
        return body.decode()

    @property
    def cookie(self) -> str:
        """The cookies as a header's value."""
        return "; ".join(f"{each.name}={each.value}" for each in self.jar)


def csrf_token(page: str) -> str:
    """The token in the first form of a page."""
    found = TOKEN.search(page)
    if found is None:
        message = f"No CSRF token on this page: {page[:500]}"
        raise LookupError(message)
    return unescape(found.group(1))


def sign_in(reader: Reader, email: str, password: str) -> None:
    """Sign in through the form. Raises urllib.error.HTTPError when refused."""
    token = csrf_token(reader.text("/sign-in"))
    reader.text("/sign-in", {"email": email, "password": password, "csrf_token": token})

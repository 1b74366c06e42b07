"""The translator is a plug: it gets public words only, makes drafts only, and may be down, slow or wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from signalen.texts import translating
from signalen.texts.models import TextOrigin, TextState, TextVersion
from signalen.texts.translating import CannotTranslate, LibreTranslate, PublicWords
from tests.feedback import steps

WORDS = PublicWords({"answer": "De stad opent het loket."}, "nl")


@contextmanager
def server(answer, status: int = 200, *, where: str = "", hold: threading.Event | None = None) -> Iterator:
    """A stand-in for LibreTranslate on this machine; gives its address and what it was asked."""
    asked: list[dict] = []

    class Stand(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, **body})
            if hold:
                hold.wait(10)
            said = answer(body) if callable(answer) else answer
            self.send_response(status)
            if where:
                self.send_header("Location", where)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args) -> None:
            """Quiet."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Stand)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}", asked
    finally:
        if hold:
            hold.set()
        made.shutdown()
        made.server_close()
        thread.join()


def echo(body: dict) -> bytes:
    return json.dumps({"translatedText": f"[{body['target']}] {body['q']}"}).encode()


def test_each_part_is_asked_as_the_interface_says(tmp_path) -> None:
    with server(echo) as (url, asked):
        assert LibreTranslate(url, "secret").translate(WORDS, "tr") == {
            "answer": "[tr] De stad opent het loket."
        }
    assert asked == [
        {
            "path": "/translate",
            "q": "De stad opent het loket.",
            "source": "nl",
            "target": "tr",
            "format": "text",
            "api_key": "secret",
        }
    ]


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (b'{"error": "xx is not supported"}', 400, "400"),
        (b"", 503, "503"),
        (b"<html>", 200, "no translation"),
        (b'{"translatedText": ""}', 200, "no translation"),
        (b'{"translatedText": 7}', 200, "no translation"),
        (b'["a list"]', 200, "no translation"),
        (b'{"translatedText": "' + b"x" * translating.LARGEST + b'"}', 200, "no translation"),
    ],
)
def test_an_answer_that_is_no_translation_is_refused(answer, status, why) -> None:
    with server(answer, status) as (url, _asked), pytest.raises(CannotTranslate) as error:
        LibreTranslate(url).translate(WORDS, "tr")
    assert error.value.facts == {"why": why}


def test_a_server_that_hangs_or_is_not_there_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(translating, "SECONDS", 0.2)
    with server(echo, hold=threading.Event()) as (url, _asked), pytest.raises(CannotTranslate):
        LibreTranslate(url).translate(WORDS, "tr")
    with pytest.raises(CannotTranslate):
        LibreTranslate("http://127.0.0.1:1").translate(WORDS, "tr")


def test_words_go_to_no_other_server() -> None:
    with server(echo) as (other, taken), server(b"", 307, where=f"{other}/translate") as (url, _asked):
        with pytest.raises(CannotTranslate):
            LibreTranslate(url).translate(WORDS, "tr")
        assert taken == []


@pytest.fixture
def round_(app, store, people):
    """An answer that Bart wrote in Dutch, about a signal with words of its own."""
    people.session = store
    vault = app.extensions["signalen.vault"]
    _dossier, ended = steps.answered(store, people, steps.signals(store, vault, people))
    made = steps.written(store, people, ended)
    store.commit()
    return made


def plug(app, url: str) -> None:
    app.extensions["signalen.config"] = replace(app.extensions["signalen.config"], translator_url=url)


def test_without_a_setting_there_is_no_button_and_no_such_address(as_, people, round_) -> None:
    bart = as_(people.bart)
    assert "/machine" not in bart.get(f"/desk/feedback/{round_.id}/tr").text
    assert bart.post(f"/desk/feedback/{round_.id}/tr/machine").status_code == 404


def test_a_machine_makes_a_draft_that_says_so_and_gets_the_public_text_only(
    app, as_, people, store, round_
) -> None:
    bart = as_(people.bart)
    with server(echo) as (url, asked):
        plug(app, url)
        assert f"/desk/feedback/{round_.id}/tr/machine" in bart.get(f"/desk/feedback/{round_.id}/tr").text
        assert bart.post(f"/desk/feedback/{round_.id}/tr/machine").status_code == 303
        assert {each["q"] for each in asked} == set(steps.PARTS.values())
    version = store.exec(select(TextVersion).where(TextVersion.language == "tr")).one()
    store.commit()
    assert (version.state, version.origin) == (TextState.DRAFT, TextOrigin.MACHINE)
    assert version.parts["answer"] == f"[tr] {steps.PARTS['answer']}"
    assert bart.post(f"/desk/feedback/{round_.id}/tr/machine").status_code == 404
    assert as_(people.chloe).post(f"/desk/feedback/{round_.id}/fr/machine").status_code == 404


def test_a_translator_that_is_down_costs_a_notice_and_nothing_else(app, as_, people, store, round_) -> None:
    plug(app, "http://127.0.0.1:1")
    bart = as_(people.bart)
    there = bart.post(f"/desk/feedback/{round_.id}/tr/machine")
    assert "De vertaler antwoordde niet goed" in bart.get(there.location).text
    assert store.exec(select(TextVersion).where(TextVersion.language == "tr")).all() == []
    store.rollback()

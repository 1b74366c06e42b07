"""Text messages: short, without a word of the answer, through a gateway that may be down, slow or refuse."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from signalen.web import sms
from signalen.web.languages import PUBLIC
from signalen.web.mail import CannotSend
from tests.conftest import settings

KINDS = {
    "giver-answer-ready": {"reference": "S-2026-00001", "written_in": "nl", "reads": "nl"},
    "giver-question": {"reference": "S-2026-00001"},
    "giver-way-out": {"reference": "S-2026-00001"},
}
MOST_PARTS = 2
MESSAGE = sms.TextMessage("+32470123456", "Signalen: er is een antwoord voor jou.")


@contextmanager
def gateway(status: int, where: str = "") -> Iterator[tuple[str, list[tuple[dict, str | None]]]]:
    """A stand-in on this machine that answers with one status; gives its address and what it was sent."""
    taken: list[tuple[dict, str | None]] = []

    class Stand(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append((body, self.headers["Authorization"]))
            self.send_response(status)
            if where:
                self.send_header("Location", where)
            self.end_headers()

        def log_message(self, *_args) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Stand)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/messages", taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def config(tmp_path):
    return settings("sqlite://", tmp_path)


@pytest.mark.parametrize("language", PUBLIC)
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_fits_in_two_parts_and_says_where_and_nothing_more(app, kind, language) -> None:
    message = sms.compose(app, kind, "+32470123456", language, KINDS[kind])
    assert message.parts <= MOST_PARTS, message.text
    assert message.text.endswith("/follow")
    assert "S-2026-00001" not in message.text


def test_letters_outside_the_old_alphabet_make_shorter_parts() -> None:
    assert sms.TextMessage("", "a" * 153).parts == 1
    assert sms.TextMessage("", "a" * 154).parts == 2
    assert sms.TextMessage("", "ж" * 67).parts == 1
    assert sms.TextMessage("", "ж" * 68).parts == 2


def test_the_gateway_gets_number_and_text_with_its_token(config) -> None:
    with gateway(202) as (address, taken):
        sms.send(replace(config, sms_url=address, sms_token="secret"), MESSAGE)
    assert taken == [({"to": MESSAGE.to, "text": MESSAGE.text}, "Bearer secret")]


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (422, True), (401, False), (429, False), (503, False)]
)
def test_a_wrong_number_is_final_and_everything_else_worth_another_try(config, status, final) -> None:
    with gateway(status) as (address, _taken), pytest.raises(CannotSend) as error:
        sms.send(replace(config, sms_url=address), MESSAGE)
    assert error.value.final is final


def test_a_gateway_that_points_elsewhere_is_not_followed(config) -> None:
    with (
        gateway(202) as (other, taken),
        gateway(307, where=other) as (address, _asked),
        pytest.raises(CannotSend),
    ):
        sms.send(replace(config, sms_url=address, sms_token="secret"), MESSAGE)
    assert taken == []


def test_a_gateway_that_is_not_there_is_worth_another_try(config) -> None:
    with pytest.raises(CannotSend) as error:
        sms.send(replace(config, sms_url="http://127.0.0.1:1/messages"), MESSAGE)
    assert not error.value.final


def test_without_a_gateway_messages_are_files(config) -> None:
    sms.send(config, MESSAGE)
    (file,) = config.sms_folder.glob("*.json")
    assert json.loads(file.read_text()) == {"to": MESSAGE.to, "text": MESSAGE.text}

"""Where a follow code may stand: in the form that is sent, in the picture on the card, and nowhere else."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from signalen.core import clock
from signalen.core.permissions import SYSTEM
from signalen.signals.operations import issue_code
from signalen.signals.routes import drafts
from tests import factories


@pytest.fixture
def code(app, store):
    vault = app.extensions["signalen.vault"]
    made = issue_code(store, factories.signal(store, vault).giver_id, actor=SYSTEM)
    store.commit()
    return made


def test_the_story_closes_after_half_an_hour_of_silence_and_stays_open_while_it_is_read(client, code) -> None:
    start = clock.now()
    with clock.travel(start):
        assert client.post("/follow", data={"code": code.display}).status_code == 303
    for minutes, status in ((20, 200), (45, 200), (76, 303), (77, 303)):
        with clock.travel(start + timedelta(minutes=minutes)):
            assert client.get("/follow/story").status_code == status


def test_a_code_in_an_address_opens_nothing(client, code) -> None:
    assert client.get(f"/follow/story?code={code.display}").headers["Location"] == "/follow"
    assert client.post(f"/follow?code={code.display}").status_code == 422


def test_no_log_title_cookie_or_header_holds_a_code(client, code, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    opened = client.post("/follow", data={"code": code.display})
    story = client.get(opened.headers["Location"])
    assert story.status_code == 200
    seen = f"{opened.headers}{story.headers}{story.text}{client.get_cookie('signalen').value}"
    seen += " ".join(record.getMessage() for record in caplog.records)
    assert code.secret not in seen.replace("-", "")


def test_the_picture_on_the_card_holds_the_code_behind_the_hash_only(app, code, monkeypatch) -> None:
    drawn: list[str] = []
    make = drafts.segno.make
    monkeypatch.setattr(drafts.segno, "make", lambda text, **how: drawn.append(text) or make(text, **how))
    with app.test_request_context():
        assert "<svg" in drafts.qr(code.display)
    before, _, behind = drawn[0].partition("#")
    assert behind == code.display
    assert before.endswith("/follow")

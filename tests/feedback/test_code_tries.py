"""Guessing follow codes: nothing tells one wrong code from another, and nobody has many tries."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.permissions import SYSTEM
from signalen.signals import reading
from signalen.signals.codes import PlainCode
from signalen.signals.models import FollowCode, Signal
from signalen.signals.operations import issue_code, revoke_code
from tests import factories

TRIES = 10
SAMPLES = 400
"""Of each kind, in turns, so that whatever else the machine does meets all kinds alike."""
CLOSE = 0.25
"""Share by which medians may differ: hundreds of times less than what skipping the hash would make of it in the control."""


@pytest.fixture
def codes(app, store) -> dict[str, str]:
    """A right code, and one of each kind that opens nothing."""
    vault = app.extensions["signalen.vault"]
    right, revoked = (
        issue_code(store, factories.signal(store, vault).giver_id, actor=SYSTEM) for _ in range(2)
    )
    row = store.exec(select(FollowCode).where(FollowCode.locator == revoked.locator)).one()
    revoke_code(store, row, actor=SYSTEM)
    store.commit()
    other = "Z" if right.secret[0] != "Z" else "Y"
    return {
        "right": right.display,
        "wrong secret": PlainCode(right.locator, other + right.secret[1:]).display,
        "unknown": PlainCode("ZZZZZ", right.secret).display,
        "revoked": revoked.display,
    }


WRONG = ("wrong secret", "unknown", "revoked")


def test_wrong_unknown_and_revoked_get_the_same_answer_to_the_letter(app, codes) -> None:
    answers = []
    for kind in WRONG:
        answer = app.test_client().post("/follow", data={"code": codes[kind]})
        headers = {name: value for name, value in answer.headers if name not in {"Set-Cookie", "Date"}}
        body = answer.text.replace(codes[kind], "CODE")
        token = body.split('name="csrf_token" value="')[1].split('"')[0]
        answers.append((answer.status_code, headers, body.replace(token, "TOKEN")))
    assert answers[0][0] == 422
    assert answers[1:] == answers[:-1]


def test_each_kind_costs_the_same_statements_and_one_hash(
    app, codes, store, query_count, monkeypatch
) -> None:
    hashed: list[str] = []
    real = reading.matches
    monkeypatch.setattr(reading, "matches", lambda *given: hashed.append("one") or real(*given))
    seen = []
    for kind in WRONG:
        client = app.test_client()
        client.get("/follow")
        hashed.clear()
        query_count()
        client.post("/follow", data={"code": codes[kind]})
        seen.append((query_count(), len(hashed)))
    assert seen[0][1] == 1
    assert seen[1:] == seen[:-1]


def times(look: Callable[[str], object], codes: dict[str, str]) -> dict[str, float]:
    """The median of how long each kind takes, in seconds; asked in turns, in an order that changes."""
    taken: dict[str, list[float]] = {kind: [] for kind in WRONG}
    order = random.Random(7)
    for _ in range(SAMPLES):
        for kind in order.sample(WRONG, len(WRONG)):
            start = time.perf_counter()
            look(codes[kind])
            taken[kind].append(time.perf_counter() - start)
    return {kind: statistics.median(found) for kind, found in taken.items()}


def spread(medians: dict[str, float]) -> float:
    return max(medians.values()) / min(medians.values()) - 1


def test_the_time_an_answer_takes_does_not_say_which_kind_it_was(store, codes) -> None:
    def look(code: str) -> None:
        store.expunge_all()  # as in a request: nothing is remembered
        reading.find_code(store, code)

    medians = times(look, codes)
    assert spread(medians) < CLOSE, medians


def test_a_version_that_skips_work_for_unknown_codes_is_seen_by_that_measure(store, codes) -> None:
    known = codes["unknown"]

    def hasty(code: str) -> None:
        store.expunge_all()
        if code != known:
            reading.find_code(store, code)

    assert spread(times(hasty, codes)) > CLOSE


def test_ten_wrong_tries_an_hour_and_then_not_even_the_right_code_of_this_client(client, codes) -> None:
    start = clock.now()
    with clock.travel(start):
        for _ in range(TRIES):
            assert client.post("/follow", data={"code": codes["unknown"]}).status_code == 422
        for kind in ("unknown", "right"):
            answer = client.post("/follow", data={"code": codes[kind]})
            assert answer.status_code == 429
            assert answer.headers["Retry-After"] == "3600"
        elsewhere = client.post(
            "/follow", data={"code": codes["right"]}, environ_overrides={"REMOTE_ADDR": "::1"}
        )
        assert elsewhere.status_code == 303
    with clock.travel(start + timedelta(minutes=61)):
        assert client.post("/follow", data={"code": codes["right"]}).status_code == 303


def test_above_the_cap_of_the_site_who_never_was_wrong_still_comes_in(app, client, codes) -> None:
    app.extensions["signalen.config"] = replace(app.extensions["signalen.config"], code_tries_site=3)

    def look(address: str, kind: str) -> int:
        return client.post(
            "/follow", data={"code": codes[kind]}, environ_overrides={"REMOTE_ADDR": address}
        ).status_code

    assert [look(f"10.0.0.{n}", "unknown") for n in range(4)] == [422] * 4
    assert [look(f"10.0.0.{n}", "right") for n in range(4)] == [429] * 4
    assert look("10.0.0.9", "right") == 303
    assert [look("10.0.0.8", "unknown"), look("10.0.0.8", "unknown")] == [422, 429]


def test_a_malformed_code_is_a_wrong_try_as_well(client, codes, store) -> None:
    for _ in range(TRIES):
        assert client.post("/follow", data={"code": "nothing like it"}).status_code == 422
    assert client.post("/follow", data={"code": codes["right"]}).status_code == 429
    assert len(store.exec(select(Signal)).all()) == 2
    store.rollback()

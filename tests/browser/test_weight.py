"""What the first visit of a resident costs on a phone with little data."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Response

pytestmark = pytest.mark.browser

KIB = 1024


def test_the_first_visit_of_report_is_light(house, somebody) -> None:
    rosa = somebody(house.url, "nl", "phone")
    answers: list[Response] = []
    rosa.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # playwright marks what it is given
    rosa.go("/report")
    rosa.page.wait_for_load_state("networkidle")
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    pages = sum(
        weights[answer.url]
        for answer in answers
        if answer.headers.get("content-type", "").startswith(("text/html", "text/css"))
    )
    assert pages <= 14 * KIB, weights
    assert sum(weights.values()) <= 40 * KIB, weights

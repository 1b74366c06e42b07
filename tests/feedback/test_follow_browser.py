"""A scanned code stands behind the # of an address: it opens the story and never travels in a request line."""

from __future__ import annotations

import pytest

from signalen.core.permissions import SYSTEM
from signalen.signals.operations import issue_code
from tests.feedback import steps
from tests.support.server import serve_in_thread


@pytest.mark.browser
def test_a_scanned_code_opens_the_story_and_stands_in_no_address(app, store, people, browser) -> None:
    people.session = store
    signal = steps.signals(store, app.extensions["signalen.vault"], people, 1)[0]
    code = issue_code(store, signal.giver_id, actor=SYSTEM)
    store.commit()
    app.config["WTF_CSRF_ENABLED"] = True
    with serve_in_thread(app) as address:
        context = browser.new_context(locale="nl")
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(f"{address}/follow#{code.display}")
        page.wait_for_url("**/follow/story")
        assert "Het loket is dicht (0)." in page.content()
        sent = [url.split("#")[0] for url in asked]
        assert not any(code.secret[:4] in url for url in sent)
        assert "#" not in page.url
        page.go_back()
        assert code.display not in page.content()
        context.close()

"""What a phone keeps of /capture: nobody's, complete, small, and another build when anything in it changes."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from sqlmodel import select

from signalen.signals.routes.shell import BUILD, STATIC
from signalen.themes.models import CodeKind, Name
from signalen.themes.queries import forget_names

LANGUAGES = ("nl", "fr", "en", "ar")
LARGEST = 60 * 1024
"""Bytes, compressed: the screen of one language with its styles and scripts."""
IN_THE_SHELL = re.compile(r'(?:src|href)="(/[^"]*\?v=[0-9a-f]+)"')


def facts_of(client) -> dict:
    text = client.get("/capture/sw.js").text
    return json.loads(re.search(r"^const FACTS = (.*);$", text, re.MULTILINE)[1])


def build_of(client) -> str:
    return re.search(r'^const BUILD = "([0-9a-f]{16})";$', client.get("/capture/sw.js").text, re.MULTILINE)[1]


def weight(client, code: str) -> dict[str, int]:
    """Compressed bytes of the screen and of each style and script it loads, as a proxy would send them."""
    shell = client.get(f"/capture/shell/{code}")
    parts = {f"/capture/shell/{code}": shell.data}
    for address in IN_THE_SHELL.findall(shell.text):
        if ".css" in address or ".js" in address:
            with client.get(address) as answer:
                parts[address] = answer.data
    return {address: len(gzip.compress(data, 9)) for address, data in parts.items()}


def test_the_shell_is_the_same_whoever_asks_for_it(app, client, as_, people) -> None:
    empty = client.get("/capture/shell/nl")
    amina = as_(people.amina)
    amina.set_cookie("language", "fr")
    hers = amina.get("/capture/shell/nl")
    assert hers.data == empty.data
    assert "Set-Cookie" not in empty.headers
    assert hers.headers["Content-Language"] == "nl"


def test_a_shell_that_is_drawn_for_somebody_shows_nobody(app, as_, people) -> None:
    amina = as_(people.amina)
    assert people.amina.name in amina.get("/capture").text
    with amina.session_transaction() as session:
        session["_flashes"] = [("good", "Kept for Amina")]
    shell = amina.get("/capture/shell/nl").text
    for trace in (people.amina.name, "Kept for Amina", "csrf_token"):
        assert trace not in shell
    assert "Kept for Amina" in amina.get("/capture").text


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_is_a_shell_a_manifest_and_a_page_without_network_in_each_language(client, code) -> None:
    for kind in ("shell", "offline"):
        page = client.get(f"/capture/{kind}/{code}")
        assert page.status_code == 200
        assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    told = json.loads(client.get(f"/capture/manifest/{code}").text)
    assert (told["lang"], told["dir"]) == (code, "rtl" if code == "ar" else "ltr")
    assert told["start_url"] == told["scope"] == "/capture"
    assert [each["url"] for each in told["shortcuts"]] == ["/capture", "/capture?waiting"]
    assert told["share_target"]["action"] == "/capture/share"
    assert {each["purpose"] for each in told["icons"]} == {"any", "maskable"}


def test_a_language_that_is_not_offered_has_no_shell(client) -> None:
    assert [client.get(f"/capture/{kind}/xx").status_code for kind in ("shell", "offline", "manifest")] == [
        404
    ] * 3


def test_the_worker_may_speak_for_capture_and_is_asked_for_each_time(client) -> None:
    answer = client.get("/capture/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/capture"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    assert client.get("/capture/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_all_that_the_worker_keeps_is_there_public_and_of_this_build(client) -> None:
    facts, build = facts_of(client), build_of(client)
    for address in facts["pages"]:
        page = client.get(address)
        assert (page.status_code, page.headers[BUILD]) == (200, build), address
    for address in facts["files"]:
        with client.get(address) as file:
            assert file.status_code == 200, address
    assert set(facts["shells"].values()) | set(facts["offline"].values()) < set(facts["pages"])


def test_all_that_a_shell_asks_for_is_kept_and_no_page_of_a_person(client) -> None:
    facts = facts_of(client)
    kept = {*facts["pages"], *facts["files"]}
    for code in LANGUAGES:
        shell = client.get(f"/capture/shell/{code}").text
        wanted = set(STATIC.findall(shell)) | set(re.findall(r'<link rel="manifest" href="([^"]+)"', shell))
        assert any("personal-data.json" in address for address in wanted)
        assert wanted <= kept
    signed_in = re.compile(r"/capture(/me|/import|/device|$)|/mine|/desk")
    assert [address for address in kept if signed_in.match(address)] == []
    assert all(re.match(r"/static/.*\?v=|/capture/(shell|offline|manifest)/", address) for address in kept)


def test_another_word_in_the_vocabulary_is_another_build(app, client, store) -> None:
    before = build_of(client)
    assert build_of(client) == before
    name = store.exec(select(Name).where(Name.kind == CodeKind.THEME, Name.language == "ar")).first()
    name.name = "كلمة أخرى"
    store.add(name)
    store.commit()
    forget_names()
    assert build_of(client) != before
    assert "كلمة أخرى" in client.get("/capture/shell/ar").text


def test_another_script_is_another_build(app, client) -> None:
    before = build_of(client)
    shown = app.jinja_env.globals["static"]
    app.jinja_env.globals["static"] = lambda name: shown(name) + ("0" if name.endswith("queue.js") else "")
    forget_names()
    assert build_of(client) != before


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_screen_weighs_at_most_sixty_kilobytes_compressed(client, code) -> None:
    parts = weight(client, code)
    assert sum("/phone/" in address for address in parts) >= 10
    assert sum(parts.values()) <= LARGEST, parts


def test_text_from_another_app_stands_in_the_form_and_nothing_is_kept(app, as_, people) -> None:
    amina = as_(people.amina)
    given = {"title": "Brief", "text": "Drie gezinnen <wachten>", "url": ""}
    page = amina.post("/capture/share", data=given, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "Brief\nDrie gezinnen &lt;wachten&gt;</textarea>" in page.text


def test_text_from_another_app_is_for_who_records_signals(client, as_, people) -> None:
    assert client.post("/capture/share", data={"text": "x"}).location.endswith("/sign-in")
    assert as_(people.chloe).post("/capture/share", data={"text": "x"}).status_code == 404

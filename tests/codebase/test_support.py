"""The helpers of the tests hold what they promise: a control that they must catch stands beside each."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support.chromium import axe, requests_leaving
from tests.support.postgres import Cluster, PostgresMissingError, cluster, find_programs
from tests.support.server import live_server, serve_in_thread

pytest_plugins = ["pytester"]

STRICT = "default-src 'none'; style-src 'self'; img-src *"
GOOD = (
    '<!doctype html><html lang="nl"><title>Goed</title><main><h1>Goed</h1><p>Alles is goed.</p></main></html>'
)
BAD = GOOD.replace("<p>", '<img src="/x.png"><p>')


@pytest.fixture
def small_app() -> Flask:
    app = Flask("small")
    app.after_request(lambda answer: answer.headers.update({"Content-Security-Policy": STRICT}) or answer)
    app.add_url_rule("/good", view_func=lambda: GOOD, endpoint="good")
    app.add_url_rule("/bad", view_func=lambda: BAD, endpoint="bad")
    app.add_url_rule(
        "/far", view_func=lambda: BAD.replace("/x.png", "http://127.0.0.1:9/x.png"), endpoint="far"
    )
    return app


def connect(running: Cluster, name: str) -> psycopg.Connection:
    return psycopg.connect(running.url(name).replace("+psycopg", ""))


def test_a_cluster_makes_copies_and_drops_databases_and_leaves_nothing() -> None:
    with cluster() as running:
        running.create_database("first")
        with connect(running, "first") as connection:
            connection.execute("CREATE TABLE word AS SELECT 'goed' AS text")
        running.create_database("second", template="first")
        with connect(running, "second") as connection:
            assert connection.execute("SELECT upper(text) FROM word").fetchall() == [("GOED",)]
        running.drop_database("second")
        with pytest.raises(psycopg.OperationalError):
            connect(running, "second")
    assert not running.directory.exists()


def test_without_postgresql_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIGNALEN_POSTGRES_BIN", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(PostgresMissingError, match="apt-get install postgresql"):
        find_programs()


@pytest.mark.browser
def test_axe_sees_a_picture_without_words_under_a_strict_policy(small_app: Flask, browser: Browser) -> None:
    with serve_in_thread(small_app) as url, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{url}/good")
        assert axe(page) == []
        page.goto(f"{url}/bad")
        assert [line.split(":")[0] for line in axe(page)] == ["image-alt"]


@pytest.mark.browser
def test_a_request_to_another_origin_is_noted(small_app: Flask, browser: Browser) -> None:
    with serve_in_thread(small_app) as url, browser.new_context() as context:
        left = requests_leaving(context, url)
        page = context.new_page()
        page.goto(f"{url}/bad")
        assert left == []
        page.goto(f"{url}/far")
        assert left == ["http://127.0.0.1:9/x.png"]


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="no_such_module"),
        live_server({}, tmp_path / "log", target="no_such_module:app"),
    ):
        pass


def test_figures_count_engines_and_refuse_skips(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.parametrize("engine", ["sqlite", "postgres"])
        def test_both(engine): pass
        @pytest.mark.skip
        def test_left_out(): pass
        """
    )
    result = pytester.runpytest_subprocess("-p", "tests.support.figures", "--all-engines")
    result.stdout.fnmatch_lines(
        [
            "2 tests ran: 1 on SQLite, 1 on PostgreSQL, 0 in the browser.",
            "Skipped*left_out",
            "No test ran on the browser.",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED

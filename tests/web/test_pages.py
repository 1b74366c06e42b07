"""What holds for every page: headers, language, direction, errors, the token of forms, what a form keeps."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from signalen.app import create_app
from signalen.core.errors import DomainError
from signalen.web import forms
from signalen.web.locale import gettext, own_name, show_date, show_number, speaking
from signalen.web.security import CSP
from tests.conftest import settings


def test_every_answer_carries_the_headers(client) -> None:
    for address in ("/", "/sign-in", "/nothing-here"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"] == CSP
        assert "unsafe" not in CSP
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_static_files_stay_for_a_year_under_an_address_made_of_their_content(client) -> None:
    page = client.get("/sign-in").text
    address = re.search(r"/static/signalen\.css\?v=[0-9a-f]+", page).group()
    answer = client.get(address)
    assert answer.status_code == 200
    answer.close()
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("wish", "language"), [("fr", "fr"), ("ar-SY,ar;q=0.9", "ar"), ("zh", "nl"), ("en-GB", "en")]
)
def test_the_first_page_speaks_the_language_of_the_browser(client, wish, language) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": wish})
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text
    assert page.headers["Content-Language"] == language


def test_a_language_that_was_chosen_stays(client) -> None:
    assert client.get("/language/ar?to=/sign-in").headers["Location"] == "/sign-in"
    assert 'lang="ar" dir="rtl"' in client.get("/sign-in", headers={"Accept-Language": "nl"}).text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_choosing_a_language_never_leads_to_another_site(client, target) -> None:
    assert client.get("/language/fr", query_string={"to": target}).headers["Location"] == "/"


def test_signed_in_pages_fall_back_to_dutch_when_they_do_not_speak_the_language(as_, people) -> None:
    client = as_(people.bart)
    client.set_cookie("language", "ar")
    assert '<html lang="nl" dir="ltr">' in client.get("/desk").text


def test_every_language_names_itself() -> None:
    assert [own_name(code) for code in ("nl", "fr", "en", "ar")] == [
        "Nederlands",
        "français",
        "English",
        "العربية",
    ]


def test_dates_and_numbers_have_latin_digits_in_arabic() -> None:
    with speaking("ar"):
        assert "2026" in show_date(date(2026, 11, 9))
        assert show_number(1234).replace(",", "").replace(".", "") == "1234"


def test_a_missing_catalogue_stops_the_start(tmp_path) -> None:
    with pytest.raises(SystemExit, match="xx"):
        create_app(replace(settings("sqlite://", tmp_path), languages=("nl", "xx")))


def test_someone_who_is_not_signed_in_is_asked_to_and_comes_back(client) -> None:
    answer = client.get("/desk?stage=read")
    assert answer.headers["Location"] == "/sign-in?next=/desk?stage%3Dread"


def test_htmx_is_told_to_go_to_the_sign_in_page_instead_of_showing_it_in_a_part(client) -> None:
    answer = client.get("/desk", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"].split("?")[0]) == (204, "/sign-in")


def test_a_post_without_the_token_is_refused_in_plain_words(app: Flask, client) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert answer.status_code == 400
    assert "Deze pagina stond te lang open" in answer.text


def test_a_body_that_is_too_big_is_refused(client) -> None:
    assert client.post("/sign-in", data={"email": "x" * 3_000_000}).status_code == 413


def test_what_is_not_there_is_said_in_the_language_of_the_reader(client) -> None:
    page = client.get("/nothing", headers={"Accept-Language": "fr"})
    assert page.status_code == 404
    assert gettext("This page is not here") not in page.text
    with speaking("fr"):
        assert gettext("This page is not here") in unescape(page.text)


class Sample(forms.Schema):
    name: str = "?"
    many: tuple[int, ...] = ()


def test_a_form_reads_several_values_and_keeps_what_was_typed(app) -> None:
    with app.test_request_context():
        form = forms.read(
            Sample, MultiDict([("name", "a\0b\r\nc"), ("many", "1"), ("many", "x"), ("evil", "1")])
        )
        assert form.errors == {"many": gettext("Fill in a whole number.")}
        assert form.list("many") == ["1", "x"]
        good = forms.read(Sample, MultiDict([("name", " a\0b\r\nc "), ("many", "1"), ("evil", "1")]))
        assert (good.value.name, good.value.many) == ("ab\nc", (1,))
        assert not hasattr(good.value, "evil")


def test_a_rule_that_says_no_is_told_in_words_with_its_facts(app) -> None:
    with app.test_request_context():
        text = forms.refusal(DomainError("password-length", shortest=12, longest=128))
        assert "12" in text
        assert "128" in text
        assert forms.refusal(DomainError("never heard of"))

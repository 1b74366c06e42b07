"""Signing in with a phone and a desktop, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_worker_signs_in_on_a_phone_and_out_again(house, somebody, scripts) -> None:
    amina = somebody(house.url, "nl", "phone", scripts=scripts)
    amina.go("/account")
    expect(amina.page).to_have_url(re.compile("/sign-in"))
    amina.fill("E-mail address", "amina@example.org")
    amina.fill("Password", PASSWORD)
    amina.press("Sign in")
    expect(amina.page).to_have_url(house.url + "/account")
    expect(amina.page.get_by_role("heading", level=1)).to_be_visible()
    amina.press("Sign out")
    # The phone closes its box first, and leaves after that: another address in between would stop it.
    expect(amina.page).to_have_url(house.url + "/")
    amina.go("/account")
    expect(amina.page).to_have_url(re.compile("/sign-in"))


def test_a_wrong_password_is_said_beside_the_form_and_the_address_is_kept(house, somebody) -> None:
    chloe = somebody(house.url, "fr")
    chloe.go("/sign-in")
    chloe.fill("E-mail address", "chloe@example.org")
    chloe.fill("Password", "not the password of Chloé")
    chloe.press("Sign in")
    chloe.sees("E-mail address or password is not right.")
    expect(chloe.field("E-mail address")).to_have_value("chloe@example.org")

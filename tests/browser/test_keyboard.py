"""With the keyboard alone: nothing needs a pointer, and the eye can always see where it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Person
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

MANY = 120
"""So many times Tab, and every page is at its end."""

_MARKED = """
element => {
  const shows = at => at && getComputedStyle(at).outlineStyle !== "none" && parseFloat(getComputedStyle(at).outlineWidth) >= 2;
  return shows(element) || shows(element.closest("label"));
}
"""


def tab_to(person: Person, wanted: Locator) -> None:
    """Presses Tab until this element has the focus, and sees that it shows so."""
    expect(wanted).to_have_count(1)
    for _ in range(MANY):
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate(_MARKED), f"no mark on {wanted}"
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def press(person: Person, wanted: Locator, key: str = "Enter") -> None:
    """Goes there with Tab and presses a key."""
    tab_to(person, wanted)
    person.page.keyboard.press(key)


def type_into(person: Person, label: str, text: str) -> None:
    """Goes to a field with Tab and types."""
    tab_to(person, person.field(label))
    person.page.keyboard.type(text)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_first_tab_leads_past_the_frame_to_the_text(house, somebody, language) -> None:
    rosa = somebody(house.url, language)
    rosa.go("/report")
    rosa.page.keyboard.press("Tab")
    skip = rosa.page.get_by_role("link", name=rosa.say("Go to the text"), exact=True)
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    rosa.page.keyboard.press("Enter")
    expect(rosa.page.locator("main")).to_be_focused()


def test_another_language_is_chosen_and_the_reader_stays_on_the_page(house, somebody) -> None:
    rosa = somebody(house.url, "nl", "phone")
    rosa.go("/report/words?kind=goed")
    press(rosa, rosa.page.locator("summary").filter(has_text="Nederlands"))
    press(rosa, rosa.page.get_by_role("link", name="العربية"))
    expect(rosa.page.locator("html")).to_have_attribute("lang", "ar")
    expect(rosa.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(rosa.page).to_have_url(re.compile("/report/words[?]kind=goed"))


def test_a_resident_reports_and_can_go_back_without_losing_a_word(house, somebody) -> None:
    rosa = somebody(house.url, "nl")
    text = "De lift in ons gebouw staat al drie maanden stil."
    rosa.go("/report")
    press(rosa, rosa.page.locator("main").get_by_role("link").first)
    type_into(rosa, "Tell it in your own words", text)
    press(rosa, rosa.button("Next"))
    press(rosa, rosa.page.get_by_role("checkbox", name="Wonen", exact=True), "Space")
    press(rosa, rosa.button("Back"))
    expect(rosa.field("Tell it in your own words")).to_have_value(text)
    press(rosa, rosa.button("Next"))
    expect(rosa.page.get_by_role("checkbox", name="Wonen", exact=True)).to_be_checked()
    press(rosa, rosa.button("Next"))
    press(rosa, rosa.field("You may use it to ask the city for change"), "Space")
    press(rosa, rosa.button("Send"))
    expect(rosa.page.locator(".code")).to_have_text(re.compile(r"^[0-9A-Z-]{20,}$"))
    press(rosa, rosa.button("Ready: clear this screen"))
    expect(rosa.page).to_have_url(house.url + "/")
    rosa.page.go_back()
    expect(rosa.page.locator(".code")).to_have_count(0)


def test_a_worker_captures_a_signal_as_soon_as_the_screen_is_there(house, somebody) -> None:
    amina = somebody(house.url, "nl", "phone")
    amina.sign_in("amina@example.org", PASSWORD)
    expect(amina.page.locator("#f-text")).to_be_focused()
    amina.page.keyboard.type("Drie gezinnen wachten al een jaar op een sociale woning.")
    press(amina, amina.button("Save"))
    expect(amina.page.locator("#said")).to_contain_text("S-")
    expect(amina.page.locator("#f-text")).to_be_focused()
    expect(amina.page.locator("#f-text")).to_have_value("")

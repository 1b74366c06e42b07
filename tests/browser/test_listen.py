"""Reading aloud, with a stand-in for the voices of a device: sentence by sentence, each in its language, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.person import Person

pytestmark = pytest.mark.browser

# What Chromium has without voices of its own; `self.spoken` notes each utterance, `self.finish()` ends the one that is read.
DEVICE = """
(voices) => {
  self.spoken = []; self.cancelled = 0; self.held = false;
  const listeners = [];
  const speech = {
    voices, get paused() { return self.held; },
    getVoices() { return this.voices; },
    speak(utterance) { self.spoken.push([utterance.text, utterance.lang]); self.now = utterance; },
    cancel() { self.cancelled += 1; self.now = null; },
    pause() { self.held = true; }, resume() { self.held = false; },
    addEventListener(_kind, listener) { listeners.push(listener); },
  };
  self.finish = () => { const it = self.now; self.now = null; it?.onend?.(); };
  self.later = (more) => { speech.voices = more; listeners.forEach((listener) => listener()); };
  Object.defineProperty(self, "speechSynthesis", { value: speech });
  self.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}
"""
DUTCH = {"lang": "nl-BE", "name": "Nora", "localService": True}
ENGLISH = {"lang": "en-GB", "name": "Ann", "localService": True}
ARABIC = {"lang": "ar_SA", "name": "Layla", "localService": True}


def opened(somebody: Any, house: House, voices: list[dict[str, Any]], language: str = "nl") -> Page:
    reader: Person = somebody(house.url, language, "phone")
    reader.context.add_init_script(f"({DEVICE})({json.dumps(voices)})")
    reader.go("/report/notice")
    return reader.page


def spoken(page: Page) -> list[list[str]]:
    return page.evaluate("() => self.spoken")


def test_it_reads_sentence_by_sentence_in_order_and_marks_what_it_reads(somebody, house) -> None:
    page = opened(somebody, house, [ENGLISH, DUTCH])
    button = page.get_by_role("button", name="Luister")
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_role("button", name="Stop")).to_have_attribute("aria-pressed", "true")
    first = page.locator("h1").inner_text()
    assert spoken(page) == [[first, "nl-BE"]]
    for _ in range(4):
        page.evaluate("() => self.finish()")
    read = [text for text, _lang in spoken(page)]
    assert len(read) == 5
    whole = " ".join(page.locator("main").inner_text().split())
    places = [whole.find(text) for text in read]
    assert -1 not in places
    assert places == sorted(places)
    assert page.evaluate("() => [...CSS.highlights.get('listening')].map(String)[0].trim()") == read[-1]


def test_it_stops_and_waits_when_asked_and_when_the_page_is_left(somebody, house) -> None:
    page = opened(somebody, house, [DUTCH])
    page.get_by_role("button", name="Luister").click()
    page.get_by_role("button", name="Wacht even").click()
    expect(page.get_by_role("button", name="Lees verder")).to_be_visible()
    page.get_by_role("button", name="Lees verder").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Luister")).to_have_attribute("aria-pressed", "false")
    before = len(spoken(page))
    page.evaluate("() => self.finish()")
    assert len(spoken(page)) == before
    assert page.evaluate("() => CSS.highlights.get('listening').size") == 0


@pytest.mark.parametrize(("language", "voices"), [("nl", []), ("ar", [ENGLISH, DUTCH]), ("fr", [DUTCH])])
def test_without_a_voice_for_the_language_of_the_page_there_is_no_button(
    somebody, house, language, voices
) -> None:
    page = opened(somebody, house, voices, language)
    expect(page.locator("[data-listen]")).to_be_hidden()


def test_a_voice_that_comes_late_brings_the_button(somebody, house) -> None:
    page = opened(somebody, house, [], "ar")
    expect(page.locator("[data-listen]")).to_be_hidden()
    page.evaluate("(voice) => self.later([voice])", ARABIC)
    expect(page.locator("[data-listen]")).to_be_visible()


def test_words_of_another_language_are_read_by_its_voice_or_left_out_and_said(somebody, house) -> None:
    page = opened(somebody, house, [DUTCH])
    page.evaluate(
        "() => document.querySelector('main h2').insertAdjacentHTML('beforebegin', '<p lang=\"ar\">مرحبا بكم.</p>')"
    )
    page.get_by_role("button", name="Luister").click()
    expect(page.locator("[data-listen] [role=status]")).not_to_be_empty()
    page.evaluate("() => self.finish()")
    assert all(lang == "nl-BE" for _text, lang in spoken(page))
    page.get_by_role("button", name="Stop").click()
    page.evaluate("(voices) => self.later(voices)", [DUTCH, ARABIC])
    page.get_by_role("button", name="Luister").click()
    expect(page.locator("[data-listen] [role=status]")).to_be_empty()
    page.evaluate("() => self.finish()")
    assert spoken(page)[-1] == ["مرحبا بكم.", "ar_SA"]


def test_leaving_by_three_presses_of_escape_replaces_the_page(somebody, house) -> None:
    rosa: Person = somebody(house.url, "nl", "phone")
    rosa.go("/report/words?kind=signaal")
    rosa.fill("Tell it in your own words", "Mijn man slaat mij.")
    rosa.page.locator("form.leave").evaluate(
        "(form, to) => { form.dataset.elsewhere = to; }", f"{house.url}/languages"
    )
    for _ in range(3):
        rosa.page.keyboard.press("Escape")
    expect(rosa.page).to_have_url(f"{house.url}/languages")
    rosa.page.go_back()
    expect(rosa.page.locator("#f-text")).to_have_count(0)

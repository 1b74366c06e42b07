"""The page finds what the server finds, and the writer decides."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from signalen.signals.privacy import find_personal_data
from tests.factories import PASSWORD
from tests.support.chromium import axe

pytestmark = pytest.mark.browser

FACTS = Path(__file__).parents[1] / "signals" / "facts"
DEMO = Path(__file__).parents[2] / "signalen/desk/facts/demo_signals.yaml"
HOSTILE = [
    "0",
    "0 ",
    "04 7",
    "+0 ",
    "@",
    "a@",
    "a.a@a.",
    "BE68 ",
    "a",
    "Mevrouw De ",
    "rue de ",
    "12 Baker ",
    "ik heet ",
]
HOSTILE += [
    "(0",
    "\n",
    "Hanım ",
    "\0",
    "\ud800",
    "\udc00a",
    "😀 ",
    "\u200f",
    "\u0301",
    "İ",
    "ß",
    "Ǆ",
    "Σ",
    "1-ABC-12",
    "De ",
    "A-",
]
ODD = "\0\t\r\u00a0\u00ad\u200b\u200e\u200f\u202e\u2066\ufeff\u0301\u0660\u0669\u06f4\ud800\udc00😀👩‍👧İıßŒœΣςǅªºЯяعش'’`´‐–−…°€%~"
SPLIT = 10_000


def texts_of_all_sets() -> list[str]:
    sets = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FACTS.glob("personal_*.yaml"))]
    lines = [line["text"] for each in sets for line in [*each["found"], *each["clean"]]]
    return lines + [signal["text"] for signal in yaml.safe_load(DEMO.read_text("utf-8"))]


def disturbed(lines: list[str]) -> list[str]:
    """The same lines with odd characters put in and capitals changed, and several of them behind each other."""
    chance = random.Random(20260101)
    made = []
    for line in lines:
        chars = list(line)
        for _ in range(chance.randint(1, 4)):
            chars.insert(chance.randint(0, len(chars)), chance.choice(ODD))
        made.append("".join(chars))
        made.append(chance.choice((str.upper, str.lower, str.title, str.swapcase))(line))
    made += [" ".join(chance.sample(lines, 12)) for _ in range(40)]
    return made


def differences(page, texts: list[str]) -> list[tuple[str, object, object]]:
    """Where the page and the server disagree. Texts travel as escapes: half a character has no other way."""
    said = page.evaluate(
        """(sent) => JSON.stringify(JSON.parse(sent).map((text) => {
             const found = Signalen.personal.find(text, "fr");
             if (found.some((each) => text.slice(each.start, each.end) !== each.quote)) return "places";
             return found.map((each) => [each.kind, each.quote, text.slice(each.first, each.last), each.instead]);
           }))""",
        json.dumps(texts),
    )
    wrong = []
    for text, there in zip(texts, json.loads(said), strict=True):
        here = [
            [each.kind.value, each.quote, text[each.first : each.last], each.instead]
            for each in find_personal_data(text, "fr")
        ]
        if here != there:
            wrong.append((text[:200], here, there))
    return wrong


@pytest.fixture
def page(house, somebody):
    """An empty page of the platform with the check in it."""
    amina = somebody(house.url, "nl", "phone")
    amina.go("/sign-in")
    amina.page.add_script_tag(url="/static/phone/personal.js")
    amina.page.evaluate("Signalen.personal.load('/static/phone/personal-data.json')")
    return amina.page


def test_the_page_finds_the_same_as_the_server_in_every_set(page) -> None:
    lines = texts_of_all_sets()
    assert differences(page, lines) == []
    assert any(find_personal_data(line) for line in lines)


def test_the_page_finds_the_same_in_disturbed_and_hostile_texts(page) -> None:
    texts = disturbed(texts_of_all_sets()) + [(piece * SPLIT)[:SPLIT] for piece in HOSTILE]
    assert differences(page, texts) == []


def test_the_comparison_sees_a_difference(page) -> None:
    page.evaluate("() => { Signalen.personal.find = () => []; }")
    assert len(differences(page, ["Mevrouw Peeters", "niemand"])) == 1


def test_hostile_text_is_searched_in_the_page_without_a_stop(page) -> None:
    """A quarter of a million characters each; a pattern that looks back over all of them would not come back."""
    slow = page.evaluate(
        """(pieces) => pieces.filter((piece) => {
             const before = performance.now();
             Signalen.personal.find(piece.repeat(Math.floor(250000 / piece.length)), "nl");
             return performance.now() - before > 20000;
           })""",
        [piece for piece in HOSTILE if piece.isprintable()],
    )
    assert slow == []


def typed(person, words: str, within: str = "#f-text") -> None:
    person.page.locator(within).press_sequentially(words)


@pytest.fixture
def capture(house, somebody):
    """Amina before an empty screen; the check is there."""
    amina = somebody(house.url, "nl", "phone")
    amina.sign_in("amina@example.org", PASSWORD, "/sign-in?next=/capture")
    amina.page.evaluate("() => navigator.serviceWorker.ready")
    expect(amina.page.locator("#f-text")).to_be_visible()
    return amina


def panel(person):
    return person.page.locator("#personal [data-panel]")


def overruled(person) -> list[str]:
    return person.page.evaluate("() => new FormData(document.getElementById('capture')).getAll('overruled')")


def as_it_is(person) -> str | None:
    return person.page.evaluate("() => new FormData(document.getElementById('capture')).get('as_it_is')")


def test_words_are_marked_in_their_sentence_and_replaced_with_the_keyboard(capture) -> None:
    typed(capture, "De lift is stuk. Mevrouw Peeters zit vast. Bel 0470 12 34 56!")
    expect(panel(capture)).to_be_visible()
    assert panel(capture).locator("mark").all_text_contents() == ["Peeters", "0470 12 34 56"]
    assert panel(capture).locator("q").all_text_contents() == [
        "Mevrouw Peeters zit vast.",
        "Bel 0470 12 34 56!",
    ]
    expect(capture.page.locator("#personal [role=status]")).to_contain_text("Peeters")
    buttons = panel(capture).locator("[data-replace]")
    buttons.first.focus()
    capture.page.keyboard.press("Enter")
    expect(capture.page.locator("#f-text")).to_have_value(
        "De lift is stuk. Een vrouw zit vast. Bel 0470 12 34 56!"
    )
    expect(buttons).to_have_count(1)
    expect(buttons.first).to_be_focused()
    capture.page.keyboard.press("Enter")
    expect(capture.page.locator("#f-text")).to_have_value(
        "De lift is stuk. Een vrouw zit vast. Bel [telefoonnummer]!"
    )
    expect(panel(capture)).to_be_hidden()
    assert (as_it_is(capture), overruled(capture)) == (None, [])


def test_saving_waits_until_the_writer_decided_and_what_stays_is_noted_by_kind(capture) -> None:
    typed(capture, "Fatima Benali wacht in de Kerkstraat 12")
    capture.press("Save")
    expect(panel(capture).locator("h2")).to_be_focused()
    expect(capture.page.locator("#f-text")).not_to_have_value("")
    capture.press("Keep it as it is")
    expect(panel(capture)).to_be_hidden()
    assert (as_it_is(capture), sorted(overruled(capture))) == ("true", ["address", "name"])
    typed(capture, " met haar zoon Karim")
    expect(panel(capture).locator("mark")).to_have_text(["Karim"])
    assert as_it_is(capture) is None
    capture.press("Keep it as it is")
    capture.press("Save")
    expect(capture.page.locator("#f-text")).to_have_value("")
    expect(panel(capture)).to_be_hidden()
    assert (as_it_is(capture), overruled(capture)) == (None, [])


def test_a_word_that_is_still_being_composed_is_left_alone(capture) -> None:
    capture.page.clock.install()
    send = """(composing) => {
      const words = document.querySelector("#f-text");
      words.value = "mevrouw Peeters";
      words.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: composing }));
    }"""
    capture.page.evaluate(send, True)
    capture.page.clock.run_for(5000)
    expect(panel(capture)).to_be_hidden()
    capture.page.evaluate(send, False)
    capture.page.clock.run_for(5000)
    expect(panel(capture)).to_be_visible()


def test_the_panel_speaks_the_language_of_the_page_from_right_to_left(house, somebody) -> None:
    amina = somebody(house.url, "ar", "phone")
    amina.sign_in("amina@example.org", PASSWORD)
    amina.go("/capture/shell/ar")
    expect(amina.page.locator("#f-text")).to_be_visible()
    typed(amina, "اسمي فاطمة")
    expect(panel(amina)).to_be_visible()
    assert amina.page.locator("html").get_attribute("dir") == "rtl"
    expect(panel(amina).locator("q")).to_have_attribute("dir", "auto")
    assert axe(amina.page) == []


def test_without_a_script_the_answer_marks_the_words_and_offers_others(house, somebody) -> None:
    rosa = somebody(house.url, "nl", "phone", scripts=False)
    rosa.go("/report/words?kind=signaal")
    rosa.page.locator("textarea").fill("Het is koud. Mevrouw Peeters is ziek.")
    rosa.press("Next")
    expect(rosa.page.locator("#found mark")).to_have_text(["Peeters"])
    expect(rosa.page.locator("#found")).to_contain_text("Een vrouw")

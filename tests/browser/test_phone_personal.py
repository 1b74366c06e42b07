"""The page finds what the server finds, and the writer decides."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml

from signalen.signals.privacy import find_personal_data

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

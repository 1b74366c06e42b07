"""What the phone suggests without network is what the server suggests: the same rules in two languages."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

import signalen.desk
import signalen.themes
from signalen.themes.rules import suggest_themes

pytestmark = pytest.mark.browser


def facts(room, name: str) -> list[dict]:
    return yaml.safe_load((Path(room.__file__).parent / "facts" / name).read_text(encoding="utf-8"))


LANGUAGES = ("nl", "fr", "en", "ar")
KEYWORDS = {
    language: {theme["code"]: theme["keywords"][language] for theme in facts(signalen.themes, "themes.yaml")}
    for language in LANGUAGES
}
DEMO = [signal["text"] for signal in facts(signalen.desk, "demo_signals.yaml")]
TEXTS_PER_LANGUAGE = 300

# Between and around words: what people type, and what takes the two languages apart in folding and in tokens.
BETWEEN = (" ", " ", " ", "  ", ", ", ". ", "\n", "-", "_", "'", "’", "/", "\u00a0", "\u200c", "\u0301 ", "…")
BEFORE = ("", "", "", "on", "her", "sociale", "l'", "d’", "ال", "وال", "بال", "لل", "و", "ب", "ف", "\u0640")
BEHIND = (
    "",
    "",
    "s",
    "en",
    "n",
    "e",
    "je",
    "ers",
    "ing",
    "es",
    "ed",
    "probleem",
    "ات",
    "ها",
    "ين",
    "ة",
    "ى",
    "\u0651",
)
WORDS = (
    *("de", "het", "een", "transport", "groenten", "Straße", "STRASSE", "ﬁnancieel", "İstanbul", "ısı", "ΣΑΣ", "ς"),
    *("œuvre", "Ⅷ", "①", "½", "café", "CAFE\u0301", "ﷺ", "٤٢", "42", "x", "😀", "\U0001d400bus", "ǆ", "ŉ", "ẞ", "ﬄ"),
)  # fmt: skip


def turned(word: str, chance: random.Random) -> str:
    """A word as people write it: in capitals, with an ending, inside another word, with a slip."""
    word = chance.choice(BEFORE) + word + chance.choice(BEHIND)
    how = chance.randrange(6)
    if how == 0:
        return word.upper()
    if how == 1:
        return word.title()
    if how == 2 and len(word) > 3:
        slip = chance.randrange(len(word))
        return word[:slip] + word[slip + 1 :]
    return word


def written(language: str, chance: random.Random) -> str:
    """A text out of keywords of mostly one language and words that stand in none."""
    spoken = language if chance.random() < 0.9 else chance.choice(LANGUAGES)
    known = [keyword for theirs in KEYWORDS[spoken].values() for keyword in theirs]
    said = []
    for _ in range(chance.randrange(1, 25)):
        said.append(turned(chance.choice(known if chance.random() < 0.6 else WORDS), chance))
        said.append(chance.choice(BETWEEN))
    return "".join(said)


def written_texts() -> list[tuple[str, str]]:
    chance = random.Random("the phone and the house")  # the same texts each time
    return [
        (language, written(language, chance)) for language in LANGUAGES for _ in range(TEXTS_PER_LANGUAGE)
    ]


@pytest.fixture
def suggested(house, somebody):
    """Asks the script what it suggests for texts, in one go."""
    amina = somebody(house.url, "nl", "phone")
    amina.go("/sign-in")
    amina.page.add_script_tag(url="/static/phone/themes.js")

    def ask(texts: Sequence[tuple[str, str]], keywords: Mapping[str, object] = KEYWORDS) -> list[list[str]]:
        return amina.page.evaluate(
            "([texts, keywords]) => texts.map(([lang, text]) => Signalen.themes.suggest(text, lang, keywords[lang] || {}))",
            [list(texts), keywords],
        )

    return ask


def differing(texts: Sequence[tuple[str, str]], found: Sequence[Sequence[str]]) -> list[str]:
    """The texts for which the server suggests something else."""
    both = ((*each, list(there), suggest_themes(each[1], each[0], KEYWORDS.get(each[0], {}))) for each, there in zip(texts, found, strict=True))  # fmt: skip
    return [
        f"{lang} {text!r}: phone {there}, house {here}" for lang, text, there, here in both if there != here
    ]


def test_for_every_demo_signal_in_every_language_the_phone_suggests_what_the_house_does(suggested) -> None:
    texts = [(language, text) for text in DEMO for language in (*LANGUAGES, "tr")]
    found = suggested(texts)
    assert differing(texts, found) == []
    assert (
        sum(1 for (language, _), codes in zip(texts, found, strict=True) if language == "nl" and codes) > 30
    )


def test_for_written_texts_with_every_kind_of_word_the_phone_suggests_what_the_house_does(suggested) -> None:
    texts = written_texts()
    found = suggested(texts)
    assert differing(texts, found) == []
    assert sum(1 for codes in found if len(codes) == 3) > 200, "too few texts that suggest something"


def test_a_phone_that_suggests_something_else_would_be_seen() -> None:
    texts = [("nl", "Er is schimmel in de woning.")]
    assert differing(texts, [["werk"]]) == [
        "nl 'Er is schimmel in de woning.': phone ['werk'], house ['wonen']"
    ]


def test_every_letter_there_is_folds_as_it_does_in_the_house(suggested) -> None:
    """The keyword is what Python makes of the letter: the phone finds it only when it makes the same of it."""
    letters = [char for char in map(chr, range(0x20, 0x20000)) if char.isalnum() and not is_one_of_many(char)]
    texts = [(char, f"{char}aaaa") for char in letters]
    keywords = {char: {"wonen": [plain(text)]} for char, text in texts}
    here = [suggest_themes(text, "fr", keywords[char]) for char, text in texts]
    there = suggested(texts, keywords)
    assert [each for each in zip(letters, here, there, strict=True) if each[1] != each[2]] == []
    assert here.count(["wonen"]) > 10_000


def is_one_of_many(char: str) -> bool:
    """A sign of one of the scripts with thousands of them: these have no capitals and no accents."""
    return "\u3400" <= char <= "\ud7ff" or (char >= "\U00012000" and unicodedata.category(char) == "Lo")


def plain(text: str) -> str:
    """Small letters without marks, as the rules of the house have them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))

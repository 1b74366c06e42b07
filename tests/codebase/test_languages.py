"""Every language is whole: sentences, facts, plural forms, its own letters; adding one is one command."""

from __future__ import annotations

import pytest
import yaml
from babel.messages.plurals import get_plural

from signalen.core import facts
from signalen.core.facts import read_facts
from signalen.web import catalogues, fact_words
from signalen.web.languages import CHECKED, NOT_CHECKED, PUBLIC, was_checked

NEW = "de"


@pytest.mark.parametrize("language", PUBLIC)
def test_the_facts_that_people_see_have_words_in_every_language(language: str) -> None:
    assert list(fact_words.facts_problems(language)) == []


@pytest.mark.parametrize("language", PUBLIC)
def test_each_catalogue_says_whether_a_native_reader_checked_it(language: str) -> None:
    head = catalogues.path(language).read_text()[:600]
    assert (f"# {CHECKED}" in head) != (f"# {NOT_CHECKED}" in head)
    assert was_checked(language) == (f"# {CHECKED}" in head)


@pytest.mark.parametrize("language", PUBLIC)
def test_a_catalogue_counts_as_many_plural_forms_as_its_language(language: str) -> None:
    catalogue = catalogues.read(catalogues.path(language), language)
    assert catalogue.num_plurals == get_plural(language).num_plurals


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("ru", "The city has answered you", "still English"),
        ("tr", "The city has answered you", "still English"),
        ("fa", "شهر answer داد", "other letters (answer)"),
        ("uk", "Місто відповіло на loket", "other letters (loket)"),
    ],
)
def test_a_word_of_another_language_is_found(language: str, text: str, why: str) -> None:
    assert why in list(catalogues.leaks(language, text, ["The city has answered you"]))


@pytest.mark.parametrize(
    ("language", "text"),
    [("ar", "افتح ملف PDF من <b>Signalen</b>"), ("bg", "Кодът е %(code)s"), ("es", "La ciudad te respondió")],
)
def test_names_placeholders_and_tags_are_no_leak(language: str, text: str) -> None:
    assert list(catalogues.leaks(language, text, ["Something in English"])) == []


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder of translations in which a language is begun."""
    for module in (facts, fact_words):
        monkeypatch.setattr(module, "TRANSLATIONS", tmp_path)
    monkeypatch.setattr(catalogues, "path", lambda code: tmp_path / code / "LC_MESSAGES" / "messages.po")
    facts.words_of.cache_clear()
    facts.facts_languages.cache_clear()
    yield tmp_path
    facts.words_of.cache_clear()
    facts.facts_languages.cache_clear()


def test_one_command_begins_a_language_with_every_sentence_and_fact_to_fill_in(elsewhere) -> None:
    catalogues.add(NEW)
    begun = catalogues.read(catalogues.path(NEW), NEW)
    assert {str(m.id) for m in begun if m.id} == {str(m.id) for m in catalogues.extract() if m.id}
    assert NOT_CHECKED in catalogues.path(NEW).read_text()[:300]
    asked = yaml.safe_load((elsewhere / NEW / "facts.yaml").read_text())
    assert set(asked) == set(fact_words.seen_facts())
    with pytest.raises(SystemExit, match="is there already"):
        catalogues.add(NEW)


def test_what_a_new_language_lacks_is_said_and_what_it_has_is_used(elsewhere) -> None:
    catalogues.add(NEW)
    file = elsewhere / NEW / "facts.yaml"
    words = yaml.safe_load(file.read_text()) | {
        "themes/wonen": "Wohnen",
        "themes/wonen/keywords": "Miete",
        "no/fact": "x",
    }
    file.write_text(yaml.safe_dump(words))
    problems = list(fact_words.facts_problems(NEW))
    assert f"{NEW}: no words for the fact kinds/signaal" in problems
    assert f"{NEW}: not of the same form as in Dutch: themes/wonen/keywords" in problems
    assert f"{NEW}: no such fact: no/fact" in problems
    assert not any("themes/wonen" in line for line in problems if "no words" in line)
    (path,) = fact_words.ROOMS.glob("*/facts/themes.yaml")
    wonen = next(entry for entry in read_facts(path) if entry["code"] == "wonen")
    assert wonen["names"][NEW] == "Wohnen"
    assert wonen["names"]["nl"] == "Wonen"

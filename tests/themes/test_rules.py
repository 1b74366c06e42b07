from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import signalen.themes
from signalen.themes.rules import suggest_themes

FACTS = yaml.safe_load(
    (Path(signalen.themes.__file__).parent / "facts" / "themes.yaml").read_text(encoding="utf-8")
)
KEYWORDS = {
    language: {theme["code"]: theme["keywords"][language] for theme in FACTS}
    for language in ("nl", "fr", "en", "ar")
}


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [
        ("nl", "Er is schimmel in de sociale huurwoning.", "wonen"),
        ("nl", "HUISBAAS weigert herstelling", "wonen"),
        ("nl", "De budgetmeters zijn leeg in de winter", "energie"),
        ("nl", "Twee afspraken aan het loket", "hulp"),
        ("nl", "Er is veel zwerfafval", "buurt"),
        ("nl", "De bussen rijden niet meer na acht uur", "mobiliteit"),
        ("nl", "Ze is haar itsme kwijt", "digitaal"),
        ("nl", "Zij heeft geen creche gevonden", "gezin"),
        ("nl", "De rekening van het ziekenhuis", "gezondheid"),
        ("fr", "Le propriétaire ne répare pas l'HUMIDITE", "wonen"),
        ("fr", "Les médecins ne prennent plus de patients", "gezondheid"),
        ("fr", "J'attends le CPAS", "hulp"),
        ("en", "My landlord raised the rent", "wonen"),
        ("en", "Nobody at the school spoke to the teachers", "onderwijs"),
        ("ar", "الشقة فيها رطوبة", "wonen"),
        ("ar", "أنتظر موعدًا عند الطبيب", "gezondheid"),
        ("ar", "والمدرسة بعيدة", "onderwijs"),
    ],
)
def test_a_theme_is_suggested_from_the_words_people_use(language: str, text: str, theme: str) -> None:
    assert theme in suggest_themes(text, language, KEYWORDS[language])


@pytest.mark.parametrize(
    ("language", "text", "not_theme"),
    [
        ("nl", "Het transport naar daar", "vrije-tijd"),
        ("nl", "De huisarts luistert", "wonen"),
        ("nl", "Het huurcontract is onduidelijk", "werk"),
        ("nl", "Business is business", "mobiliteit"),
        ("nl", "We kochten groenten", "buurt"),
        ("nl", "Gasten zijn welkom", "energie"),
    ],
)
def test_a_word_inside_another_word_misleads_nobody(language: str, text: str, not_theme: str) -> None:
    assert not_theme not in suggest_themes(text, language, KEYWORDS[language])


def test_the_theme_with_more_words_comes_first_and_at_most_three_come() -> None:
    text = "Schimmel en vocht in de woning, de huisbaas doet niets; de dokter, de school en de bus."
    suggested = suggest_themes(text, "nl", KEYWORDS["nl"])
    assert suggested[0] == "wonen"
    assert len(suggested) == 3


@pytest.mark.parametrize("language", ["nl", "tr", "ar"])
def test_nothing_is_suggested_without_keywords_in_that_language(language: str) -> None:
    assert suggest_themes("Er is schimmel in mijn woning", language, {"wonen": [], "hulp": []}) == []
    assert suggest_themes("Er is schimmel in mijn woning", language, {}) == []


def test_dutch_words_suggest_nothing_among_arabic_keywords() -> None:
    assert suggest_themes("Er is schimmel in mijn woning", "ar", KEYWORDS["ar"]) == []


@given(st.text(max_size=300), st.sampled_from(["nl", "fr", "en", "ar", "tr"]))
def test_any_text_gives_at_most_three_known_codes(text: str, language: str) -> None:
    suggested = suggest_themes(text, language, KEYWORDS.get(language, {}))
    assert len(suggested) == len(set(suggested)) <= 3
    assert set(suggested) <= {theme["code"] for theme in FACTS}

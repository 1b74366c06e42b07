"""The reading measures against sixty texts of our own that were counted by hand, and the list of plainer words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from signalen.texts.rules import read_text
from signalen.texts.sentences import sentences_of, syllables_in, words_of

COUNTED = yaml.safe_load((Path(__file__).parent / "facts/counted_by_hand.yaml").read_text(encoding="utf-8"))
PLAIN = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "signalen/texts/facts/plain_words.yaml").read_text(
        encoding="utf-8"
    )
)


def test_there_are_sixty_texts_in_a_dozen_languages() -> None:
    assert len(COUNTED) >= 60
    assert len({each["lang"] for each in COUNTED}) == 12


@pytest.mark.parametrize("counted", COUNTED, ids=lambda each: each["text"][:30])
def test_sentences_words_and_long_words_are_what_a_person_counted(counted) -> None:
    found = read_text(counted["text"], counted["lang"])
    assert found.sentences == counted["s"], sentences_of(counted["text"])
    assert found.words == counted["w"], words_of(counted["text"], counted["lang"])
    assert len(found.long_words) == counted["l"], found.long_words


@pytest.mark.parametrize(
    "counted", [each for each in COUNTED if "y" in each], ids=lambda each: each["text"][:30]
)
def test_syllables_and_the_score_of_dutch_follow_from_the_counts(counted) -> None:
    words = words_of(counted["text"], "nl")
    syllables = {word: syllables_in(word, "nl") for word in words}
    assert sum(syllables[word] for word in words) == counted["y"], syllables
    score = 206.84 - 0.93 * counted["w"] / counted["s"] - 77.0 * counted["y"] / counted["w"]
    assert read_text(counted["text"], "nl").score == pytest.approx(score, abs=0.06)


def test_the_list_of_plainer_dutch_words_is_long_and_says_nothing_twice() -> None:
    assert len(PLAIN["nl"]) >= 250
    for language, entries in PLAIN.items():
        forms = Counter(form for entry in entries for form in entry["instead_of"])
        assert [form for form, times in forms.items() if times > 1] == [], language
        assert all(form == form.casefold() for form in forms), language


@pytest.mark.parametrize("entry", PLAIN["nl"], ids=lambda entry: entry["instead_of"][0])
def test_every_form_of_the_list_is_found_in_a_sentence_with_its_plainer_word(entry) -> None:
    for form in entry["instead_of"]:
        tips = read_text(f"Wij schrijven {form} in een brief.", "nl").tips
        assert entry["say"] in {tip.suggestion for tip in tips}, form

"""The fixed Dutch texts that residents read are plain: twelve words a sentence on average, none above twenty."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import yaml

from signalen.texts.sentences import sentences_of, words_of
from signalen.web import catalogues

ROOT = Path(__file__).resolve().parents[2]
SEEN = (
    "templates/*/public_*",
    "templates/public/*",
    "templates/desk/home.html",
    "templates/layouts/*",
    "templates/components/*",
    "templates/errors/*",
    "templates/mail/giver_*",
    "signalen/signals/routes/report.py",
    "signalen/feedback/routes/follow.py",
    "signalen/desk/routes/rights.py",
    "signalen/feedback/public_letters.py",
    "signalen/web/errors.py",
)
STAFF = ("templates/toetsen/public_*",)
"""The public page of a test is for who follows a decision; it has a plain summary of its own."""
MEAN, MOST = 12, 20
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def fixed_texts() -> list[str]:
    """Every Dutch sentence of the interface that a resident can meet; a placeholder counts as a word."""
    found = []
    for message in catalogues.read(catalogues.path("nl"), "nl"):
        files = [file for file, _line in message.locations]
        if not message.id or not any(fnmatch(file, pattern) for file in files for pattern in SEEN):
            continue
        if all(fnmatch(file, pattern) for file in files for pattern in STAFF):
            continue
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        found += [PLACEHOLDER.sub("woord", text).replace("%%", "%") for text in strings]
    for name in ("helplines", "complaints"):
        for entry in yaml.safe_load((ROOT / f"signalen/signals/facts/{name}.yaml").read_text()):
            found += [entry["names"]["nl"], entry["about"]["nl"]]
    return found


def lengths(texts: list[str]) -> list[tuple[int, str]]:
    return [
        (len(words_of(sentence, "nl")), sentence)
        for text in texts
        for sentence in sentences_of(re.sub(r"<[^>]+>", "", text))
    ]


def test_no_sentence_that_residents_read_is_longer_than_twenty_words() -> None:
    assert [(number, sentence) for number, sentence in lengths(fixed_texts()) if number > MOST] == []


def test_sentences_that_residents_read_have_twelve_words_at_most_on_average() -> None:
    counted = [number for number, _sentence in lengths(fixed_texts())]
    assert len(counted) > 200
    # Labels of one or two words would hide long sentences: they are left out.
    whole = [number for number in counted if number > 3]
    assert sum(whole) / len(whole) <= MEAN


def test_a_long_sentence_is_seen_by_that_measure() -> None:
    long = "Dit is een zin die met opzet veel te lang is zodat de maat hem zeker en vast nog kan zien ."
    assert lengths([long])[0][0] > MOST - 1

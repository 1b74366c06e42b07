"""Facts that come with the project, and what each language adds to them.

Dutch, French, English and Arabic stand in the fact files themselves. Every other language keeps its words for them in
one file of its own, `translations/<language>/facts.yaml`: from the address of a text to the text, so that a new
language is one folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
INSIDE = frozenset({"nl", "en"})
"""A mapping with these keys holds one text (or one list of words) per language."""
_NAMED = ("code", "n", "number", "value")
_QUIET = frozenset({"names", "text"})
"""Keys that an address leaves out: a thing has one name."""


def read_facts(path: Path) -> Any:
    """The data of a fact file, each text with every language that has words for it."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    added = {language: words_of(language) for language in facts_languages()}
    for address, texts in addresses(data, path.stem):
        for language, words in added.items():
            if address in words:
                texts[language] = words[address]
    return data


def addresses(data: Any, stem: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text of a fact file: its address (`themes/wonen`, `helplines/112/about`) and its words per language."""
    yield from _walk(data, (stem,))


@cache
def words_of(language: str) -> Mapping[str, Any]:
    """What a language brings, by address; empty for one that stands in the fact files."""
    path = TRANSLATIONS / language / "facts.yaml"
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return loaded or {}


@cache
def facts_languages() -> tuple[str, ...]:
    """The languages with a file of their own."""
    return tuple(sorted(path.parent.name for path in TRANSLATIONS.glob("*/facts.yaml")))


def _walk(data: Any, path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(data, dict):
        if data.keys() >= INSIDE:
            yield "/".join(path), data
            return
        for key, value in data.items():
            yield from _walk(value, path if key in _QUIET else (*path, str(key)))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _walk(value, (*path, _name(value, place)))


def _name(value: Any, place: int) -> str:
    """How an entry of a list is called: by its code, else by its place."""
    found = next((value[key] for key in _NAMED if key in value), place) if isinstance(value, dict) else place
    return str(found)

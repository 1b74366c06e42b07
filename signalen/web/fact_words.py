"""The words of a language for the facts: what residents see of them must be there, and nothing that is no fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from signalen.core.facts import TRANSLATIONS, addresses, words_of
from signalen.web.languages import CATALOGUES

ROOMS = CATALOGUES.parent / "signalen"
SEEN = (
    "kinds",
    "themes",
    "places",
    "groups",
    "barriers",
    "levels",
    "answer_kinds",
    "refusal_reasons",
    "helplines",
    "complaints",
    "participatietoets-1",
)
"""Fact files that residents and the panel see: complete in every language."""


@cache
def seen_facts() -> Mapping[str, Mapping[str, Any]]:
    """Every text of those files, by its address, in the languages that stand in the files themselves."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in SEEN:
        (path,) = ROOMS.glob(f"*/facts/{name}.yaml")
        found.update(addresses(yaml.safe_load(path.read_text(encoding="utf-8")), name))
    return found


def facts_problems(language: str) -> Iterator[str]:
    """What a language lacks, has in another form than Dutch, or has for a fact that is not there."""
    own = words_of(language)
    for address, texts in seen_facts().items():
        given = texts.get(language, own.get(address))
        if not given:
            yield f"{language}: no words for the fact {address}"
        elif type(given) is not type(texts["nl"]):
            yield f"{language}: not of the same form as in Dutch: {address}"
    yield from (f"{language}: no such fact: {address}" for address in own if address not in seen_facts())


def begin_facts(language: str) -> Path:
    """A file with every address, the Dutch and English words above it, and nothing filled in."""
    lines = [
        f"# What Signalen's facts are called in this language ({language}); by address, see docs/languages.md.\n"
    ]
    for address, texts in seen_facts().items():
        empty = "[]" if isinstance(texts["nl"], list) else '""'
        lines.append(f"# nl: {texts['nl']}\n# en: {texts['en']}\n{_key(address)}: {empty}\n")
    path = TRANSLATIONS / language / "facts.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _key(address: str) -> str:
    return str(yaml.safe_dump(address, allow_unicode=True, width=1000)).removesuffix("\n...\n").strip()

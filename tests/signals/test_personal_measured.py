"""How much of what points at a person is found, and how often innocent lines are marked: on every set that stands in `facts`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from signalen.signals.privacy import PersonalData, find_personal_data

FACTS = Path(__file__).parent / "facts"
SETS = sorted(FACTS.glob("personal_*.yaml"))
LEAST_FOUND = 0.95
MOST_MARKED = 0.05
SMALLEST = 300


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text("utf-8"))
    return content


def is_found(line: dict[str, Any]) -> bool:
    """Whether a finding touches the words that point at a person."""
    start = line["text"].index(line["words"])
    end = start + len(line["words"])
    findings = find_personal_data(line["text"], line["language"])
    return any(each.start < end and each.end > start for each in findings)


def figures(lines: list[dict[str, Any]], hits: list[bool], *names: str) -> str:
    """Per kind and language: how many of how many."""
    all_of, hit = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for line, yes in zip(lines, hits, strict=True):
        key = tuple(line[name] for name in names)
        all_of[key] += 1
        hit[key] += yes
    rows = [f"{' '.join(key)}: {hit[key]} of {all_of[key]}" for key in sorted(all_of)]
    return "\n".join([f"{sum(hits)} of {len(hits)}", *rows])


def test_the_tuned_set_is_among_the_measured() -> None:
    assert FACTS / "personal_tuned.yaml" in SETS


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_set_is_large_and_of_three_languages_and_its_lines_hold_their_words(path: Path) -> None:
    lines = read(path)
    for part in ("found", "clean"):
        assert len(lines[part]) >= SMALLEST
        assert {line["language"] for line in lines[part]} >= {"nl", "fr", "en"}
    assert {line["kind"] for line in lines["found"]} == {kind.value for kind in PersonalData}
    assert [line for line in lines["found"] if line["words"] not in line["text"]] == []


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_what_points_at_a_person_is_found(path: Path) -> None:
    lines = read(path)["found"]
    hits = [is_found(line) for line in lines]
    missed = "\n".join(line["text"] for line, hit in zip(lines, hits, strict=True) if not hit)
    told = f"found {figures(lines, hits, 'kind', 'language')}\nmissed:\n{missed}"
    assert sum(hits) >= LEAST_FOUND * len(hits), told


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_innocent_lines_are_left_alone(path: Path) -> None:
    lines = read(path)["clean"]
    marks = [[each.quote for each in find_personal_data(line["text"], line["language"])] for line in lines]
    hits = [bool(each) for each in marks]
    wrong = "\n".join(f"{line['text']} {mark}" for line, mark in zip(lines, marks, strict=True) if mark)
    told = f"marked {figures(lines, hits, 'language')}\nmarked in vain:\n{wrong}"
    assert sum(hits) <= MOST_MARKED * len(hits), told

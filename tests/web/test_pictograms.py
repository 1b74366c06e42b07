"""A pictogram for every theme, step and answer: one each, always beside words, hidden from who hears the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from signalen.signals.models import Stage
from signalen.themes.models import CodeKind
from signalen.themes.vocabulary import entries

FILE = Path(__file__).resolve().parents[2] / "templates/components/icons.html"
DRAWN = dict(re.findall(r'"([a-z-]+)": \'([^\']+)\'', FILE.read_text()))
FAMILIES = {
    "themes": [entry["code"] for entry in entries(CodeKind.THEME)],
    "answers": [f"answer-{entry['code']}" for entry in entries(CodeKind.ANSWER_KIND)],
    "steps": [f"stage-{stage.value}" for stage in Stage],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_a_pictogram_of_its_own(family) -> None:
    names = FAMILIES[family]
    assert [name for name in names if name not in DRAWN] == []
    assert len({DRAWN[name] for name in names}) == len(names)


def test_pictograms_are_lines_in_the_colour_of_the_text_and_say_nothing_aloud(app) -> None:
    icon = app.jinja_env.globals["icon"]
    for name in [each for family in FAMILIES.values() for each in family]:
        drawn = str(icon(name))
        assert 'stroke="currentColor"' in drawn
        assert 'aria-hidden="true"' in drawn
        assert not re.search(r"#[0-9a-f]{3}|<text|url\(", drawn)

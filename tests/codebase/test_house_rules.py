"""Habits of the house that a machine can watch."""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from signalen import config
from signalen.web import catalogues
from signalen.web.languages import PUBLIC

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "signalen").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INSIDE = re.compile(
    r"""\sstyle=|<style|<script(?![^>]*\bsrc=)(?! type="application/json")|\son\w+=""", re.IGNORECASE
)
FILLED_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
FLASK_MAY = {"routes", "labels", "web", "app", "cli", "commands", "rooms"}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}


def test_flask_stays_in_the_web_layer() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if not FLASK_MAY & set(path.relative_to(ROOT).with_suffix("").parts)
        and any(name.split(".")[0].startswith("flask") for name in imports(path))
    ]
    assert wrong == []


def test_only_the_clock_reads_the_clock() -> None:
    pattern = re.compile(r"\b(datetime\.now|date\.today|datetime\.utcnow|time\.time)\(")
    wrong = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name not in {"clock.py", "ids.py"} and pattern.search(path.read_text())
    ]
    assert wrong == []


def test_operations_never_commit() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "operations" in path.name and re.search(r"\.(commit|rollback)\(\)", path.read_text())
    ]
    assert wrong == []


def test_no_style_or_script_stands_inside_a_page() -> None:
    wrong = [str(path.relative_to(ROOT)) for path in TEMPLATES if inside(path.read_text())]
    assert wrong == []


def inside(template: str) -> bool:
    """Whether style or script stands in a page; facts for a script may, and what Jinja fills in is not HTML."""
    return bool(INSIDE.search(FILLED_IN.sub("", template)))


def test_style_and_script_inside_a_page_are_found_and_facts_for_a_script_are_not() -> None:
    for bad in (
        '<p style="x">',
        "<style>",
        "<script>x()</script>",
        '<script type="module">',
        "<p onclick=x>",
    ):
        assert inside(bad), bad
    for good in (
        '<script src="/a.js" defer>',
        '<script type="application/json" id="facts">',
        "{{ f(on_news=1) }}",
    ):
        assert not inside(good), good


WITHOUT_TOKEN = {"templates/components/leave.html": "an old token must not hold anybody who wants to leave"}


def test_every_form_that_posts_carries_the_token() -> None:
    wrong = []
    for path in TEMPLATES:
        if str(path.relative_to(ROOT)) in WITHOUT_TOKEN:
            continue
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            if 'method="post"' in form and "csrf" not in form:
                wrong += [str(path.relative_to(ROOT))]
    assert wrong == []


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in [*SOURCES, *TEMPLATES]
        if (n := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_the_readme_has_every_setting_and_no_other() -> None:
    pattern = re.compile(r"SIGNALEN_[A-Z_]+")
    read = set(pattern.findall(Path(config.__file__).read_text()))
    told = set(re.findall(r"^\| `(SIGNALEN_[A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert told == {name for name in read if not name.endswith("_")}


def test_every_label_table_is_complete() -> None:
    """Every enum that has words has a table with words for all its members; smaller tables may stand beside it."""
    full: dict[type[StrEnum], bool] = {}
    for path in (ROOT / "signalen").rglob("*labels.py"):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for table in vars(module).values():
            if isinstance(table, dict) and table and all(isinstance(key, StrEnum) for key in table):
                kinds = {type(key) for key in table}
                if len(kinds) == 1:
                    kind = kinds.pop()
                    full[kind] = full.get(kind, False) or set(kind) == set(table)
    assert full
    assert [kind.__name__ for kind, complete in full.items() if not complete] == []


def test_the_catalogues_are_complete_and_true_to_their_source() -> None:
    template = catalogues.extract()
    assert catalogues.same(template, catalogues.read(catalogues.TEMPLATE)), "run 'make strings'"
    found = [line for language in catalogues.languages() for line in catalogues.problems(language, template)]
    assert found == []
    assert set(catalogues.languages()) >= set(PUBLIC)


def test_the_catalogue_check_finds_what_is_wrong(tmp_path, monkeypatch) -> None:
    source = catalogues.Catalog(locale="nl")
    source.add("Hello %(name)s", locations=[("templates/public/x.html", 0)])
    source.add("<b>Bold</b>", locations=[("templates/public/x.html", 0)])
    source.add("Not there", locations=[("templates/public/x.html", 0)])
    source.add("This was never translated", locations=[("templates/public/x.html", 0)])
    bad = catalogues.Catalog(locale="nl")
    bad.add("Hello %(name)s", "Dag %(naam)s")
    bad.add("<b>Bold</b>", "<i>Vet</i>")
    bad.add("Left over", "Overschot")
    bad.add("Not there", "")
    bad.add("This was never translated", "This was never translated")
    file = tmp_path / "nl.po"
    catalogues.write(bad, file)
    monkeypatch.setattr(catalogues, "path", lambda _language: file)
    found = " ".join(catalogues.problems("nl", source))
    for kind in ("other placeholders", "other tags", "missing", "no longer used", "still English"):
        assert kind in found

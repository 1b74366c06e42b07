"""Every change records an event, and every fragment names a block that is there."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("people", "themes", "texts", "signals", "dossiers", "consultations", "feedback", "toetsen")


def functions() -> dict[str, ast.FunctionDef]:
    """Public and private functions of all rooms by name, with the module in front."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / "signalen" / room).rglob("*.py")):
            if "routes" in path.parts or path.stem in {"routes", "commands"}:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = node
    return found


READING = ("queries", "reading", "visible", "rules")
ASKING = {"check_may", "may", "check_second_person"}


def is_operation(name: str, node: ast.FunctionDef) -> bool:
    """It changes something on behalf of somebody: first a session, and an actor by name."""
    path = Path(name.split(":", maxsplit=1)[0])
    if node.name.startswith(("_", "check_")) or set(READING) & set(path.with_suffix("").parts):
        return False
    takes_session = bool(node.args.args) and node.args.args[0].arg == "session"
    return takes_session and any(argument.arg == "actor" for argument in node.args.kwonlyargs)


def records(node: ast.FunctionDef) -> bool:
    """Whether it records an event itself, or hands the actor to something that does."""
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        name = ast.unparse(call.func)
        if name.endswith("record"):
            return True
        handed = [*call.args, *(keyword.value for keyword in call.keywords)]
        if name not in ASKING and any(isinstance(a, ast.Name) and a.id == "actor" for a in handed):
            return True
    return False


def test_every_operation_records_an_event() -> None:
    silent = [name for name, node in functions().items() if is_operation(name, node) and not records(node)]
    assert silent == []


def test_a_silent_operation_is_found() -> None:
    source = "def sneak(session, thing, *, actor):\n    thing.name = 'x'\n"
    node = ast.parse(source).body[0]
    assert is_operation("signalen/signals/operations.py:sneak", node)
    assert not records(node)


def test_every_fragment_names_a_block_of_its_page() -> None:
    wrong = []
    for path in (ROOT / "signalen").rglob("*.py"):
        for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
            if ast.unparse(call.func).endswith("page_or_fragment") and len(call.args) >= 2:
                template, block = call.args[0], call.args[1]
                if isinstance(template, ast.Constant) and isinstance(block, ast.Constant):
                    text = (ROOT / "templates" / template.value).read_text()
                    if f"block {block.value}" not in text:
                        wrong.append(f"{path.name}: {template.value} has no block {block.value}")
    assert wrong == []

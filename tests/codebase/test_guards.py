"""Every route says who may enter, and the table of roles × routes is what was reviewed."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from flask import Blueprint

from signalen.app import create_app
from signalen.core.permissions import GRANTS, Actor, ActorKind, Permission, Role
from tests.conftest import settings

TABLE = Path(__file__).parent / "routes.txt"
RIGHTS = Path(__file__).parent / "rights.txt"
SAMPLE = {"uuid": str(uuid.UUID(int=1)), "int": "1", "string": "none", "path": "none"}
SHORT = {Role.WORKER: "W", Role.STAFF: "S", Role.CITY: "C", Role.PANEL: "P", Role.STEWARD: "H"}


def views(app):
    """Endpoint, methods, address and view of every route but static files."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods))):
        if rule.endpoint != "static":
            yield rule, sorted(rule.methods - {"HEAD", "OPTIONS"}), app.view_functions[rule.endpoint]


def unguarded(app) -> list[str]:
    """Routes that do not say who may enter."""
    return [rule.rule for rule, _methods, view in views(app) if "guard" not in vars(view)]


def who(view) -> str:
    """Letters of the roles that may enter; `all` for public ones, `device` for the letterbox of the phones."""
    if getattr(view, "by_device", False):
        return "device"
    if view.guard is None:
        return "all"
    return "".join(SHORT[role] for role in Role if GRANTS[role] & set(view.guard))


def test_every_route_says_who_may_enter(app) -> None:
    assert unguarded(app) == []


def test_a_route_that_says_nothing_is_found(tmp_path, sqlite_template) -> None:
    made = create_app(settings(f"sqlite:///{sqlite_template}", tmp_path))
    careless = Blueprint("careless", __name__)
    careless.add_url_rule("/careless", view_func=lambda: "everything", endpoint="everything")
    made.register_blueprint(careless)
    assert unguarded(made) == ["/careless"]


def test_the_table_of_routes_is_the_reviewed_one(app) -> None:
    lines = [f"{'+'.join(methods):9} {rule.rule}  {who(view)}" for rule, methods, view in views(app)]
    assert lines == TABLE.read_text().splitlines(), (
        "look at each change, then write it to tests/codebase/routes.txt"
    )


def test_the_table_of_rights_is_the_reviewed_one() -> None:
    lines = [f"{p.value:24} {''.join(SHORT[r] for r in Role if p in GRANTS[r])}" for p in Permission]
    assert lines == RIGHTS.read_text().splitlines(), (
        "look at each change, then write it to tests/codebase/rights.txt"
    )


def address(rule) -> str:
    """An address of this route, with ids that lead nowhere."""
    values = {name: SAMPLE[converter_name(c)] for name, c in rule._converters.items()}
    return rule.build(values, append_unknown=False)[1]


def converter_name(converter) -> str:
    return {"UUIDConverter": "uuid", "IntegerConverter": "int", "PathConverter": "path"}.get(
        type(converter).__name__, "string"
    )


@pytest.mark.parametrize("role", [None, *Role], ids=lambda r: r.value if r else "nobody")
def test_each_role_enters_its_own_routes_and_no_other(app, people, as_, role) -> None:
    """Nobody is asked to sign in; a role without the permission gets 404; nothing breaks."""
    cast = {
        Role.WORKER: people.amina,
        Role.STAFF: people.bart,
        Role.CITY: people.chloe,
        Role.PANEL: people.emma,
        Role.STEWARD: people.stijn,
    }
    client = as_(cast[role]) if role else app.test_client()
    wrong = []
    for rule, methods, view in views(app):
        if rule.endpoint in {"people.sign_out", "people.sign_out_everywhere"}:
            continue
        for method in methods:
            status = client.open(address(rule), method=method).status_code
            if who(view) == "device":  # a sign-in is not looked at
                if status != 401:
                    wrong.append((method, rule.rule, status))
            elif (
                status >= 500
                or (view.guard is not None and role is None and status != 303)
                or (
                    view.guard is not None
                    and role is not None
                    and SHORT[role] not in who(view)
                    and status != 404
                )
            ):
                wrong.append((method, rule.rule, status))
    assert wrong == []


def test_a_mandate_is_needed_to_read_sensitive_signals_and_to_agree() -> None:
    plain = Actor(ActorKind.USER, uuid.uuid4(), roles=frozenset({Role.STAFF, Role.WORKER}))
    assert not {Permission.SIGNAL_READ_SENSITIVE, Permission.SYNTHESIS_AGREE} & plain.permissions
    organisation = uuid.uuid4()
    named = Actor(
        ActorKind.USER,
        uuid.uuid4(),
        roles=frozenset({Role.STAFF, Role.WORKER}),
        agrees_for=frozenset({organisation}),
        reads_sensitive=True,
    )
    assert {Permission.SIGNAL_READ_SENSITIVE, Permission.SYNTHESIS_AGREE} <= named.permissions

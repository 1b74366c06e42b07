"""What is to be looked at in a signal that a phone sent: shown on the page of the signal, and settled there by staff."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from signalen.core.permissions import Permission, may
from signalen.signals.labels import FIELDS, PERSONAL_DATA, TODOS
from signalen.signals.models import Signal, TodoKind
from signalen.signals.queries import find_signal
from signalen.signals.todos import OpenTodo, find_todo, open_todos, repeats, settle_todo
from signalen.web.fragments import see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.notices import notice
from signalen.web.sessions import db, vault

bp = Blueprint("todos", __name__, url_prefix="/desk/signals")


@bp.post("/<uuid:signal_id>/todos/<uuid:todo_id>/done")
@requires(Permission.SIGNAL_PLACE)
def done(signal_id: uuid.UUID, todo_id: uuid.UUID) -> Response:
    """Staff looked at it; what was sent and not understood goes."""
    signal = find_signal(db(), signal_id, actor=current_actor())
    todo = find_todo(db(), signal, todo_id) if signal else None
    if signal is None or todo is None:
        abort(404)
    settle_todo(db(), todo, signal, actor=current_actor())
    notice(_("Looked at."))
    return see(url_for("inbox.detail", signal_id=signal_id))


@dataclass(frozen=True, slots=True)
class Line:
    """One to-do as `signals/_todos.html` shows it. `address`: where staff settles it."""

    text: str
    field: str
    detail: str
    found: tuple[str, ...]
    address: str


@bp.app_context_processor
def on_pages() -> dict[str, Any]:
    """For `signals/_todos.html`, on any page about a signal that its reader may see and whose words it shows."""
    return {"todos_of": _lines, "again_of": _again}


def _lines(signal: Signal) -> list[Line]:
    actor = current_actor()
    settles = may(actor, Permission.SIGNAL_PLACE, signal)
    return [_line(signal, todo, settles=settles) for todo in open_todos(db(), vault(), signal, actor)]


def _line(signal: Signal, todo: OpenTodo, *, settles: bool) -> Line:
    personal = todo.kind is TodoKind.PERSONAL_DATA
    known = {kind.value: str(text) for kind, text in PERSONAL_DATA.items()}
    return Line(
        text=str(TODOS[todo.kind]),
        field=str(FIELDS[todo.field]) if todo.field else "",
        detail="" if personal else todo.detail,
        found=tuple(known.get(kind, kind) for kind in todo.detail.split()) if personal else (),
        address=url_for("todos.done", signal_id=signal.id, todo_id=todo.id) if settles else "",
    )


def _again(signal: Signal) -> Markup | None:
    """A link to the signal that this one repeats, for who may see that one."""
    first = repeats(db(), signal, current_actor())
    if first is None:
        return None
    staff = may(current_actor(), Permission.SIGNAL_PLACE)
    address = url_for("inbox.detail" if staff else "mine.signal", signal_id=first[0])
    return Markup('<a href="{}"><bdi dir="ltr">{}</bdi></a>').format(address, first[1])

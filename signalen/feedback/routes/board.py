"""The public board: what the city was asked and what it answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import resolve
from signalen.feedback.labels import board_line, signals_in_words
from signalen.feedback.queries.board import BoardRow, board_rows
from signalen.signals.labels import ring
from signalen.texts.labels import ORIGINS, PARTS
from signalen.themes.queries import names
from signalen.web.fragments import page, see
from signalen.web.guards import public
from signalen.web.locale import language
from signalen.web.sessions import db

bp = Blueprint("feedback", __name__)


@bp.get("/board")
@public
def board() -> Response:
    """Dossiers that a second person published, in plain words."""
    rows = board_rows(db(), clock.today(), language())
    return page("feedback/public_board.html", rows=rows, **words())


@bp.get("/board/<public_id>")
@public
def entry(public_id: str) -> Response:
    """One dossier. The address of one that was merged leads to the other."""
    found = board_rows(db(), clock.today(), request.args.get("in", language()), language(), only=public_id)
    if not found:
        return _moved(public_id)
    row = found[0]
    return page("feedback/public_board_entry.html", row=row, today=clock.today(), **words())


def words() -> dict[str, Any]:
    """What the templates of the board need to speak."""
    return {
        "board_line": lambda row: board_line(row.stage, row.facts),
        "ring_of": _ring,
        "total": signals_in_words,
        "names": names(db(), language()),
        "origins": ORIGINS,
        "parts": PARTS,
    }


def _ring(row: BoardRow) -> object:
    return ring(row.stage, late=row.late)


def _moved(public_id: str) -> Response:
    dossier = db().exec(select(Dossier).where(Dossier.public_id == public_id)).first()
    into = resolve(db(), dossier.id) if dossier is not None else None
    if into is None or into.public_id == public_id:
        abort(404)
    if not board_rows(db(), clock.today(), language(), only=into.public_id):
        abort(404)
    return see(url_for("feedback.entry", public_id=into.public_id))

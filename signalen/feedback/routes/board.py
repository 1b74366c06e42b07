"""The public board: what the city was asked and what it answered."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, abort, current_app, make_response, render_template, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.core import clock
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import resolve
from signalen.feedback.labels import STANDINGS, board_line, signals_in_words
from signalen.feedback.queries.board import (
    PAGE,
    BoardRow,
    Standing,
    Wanted,
    board_rows,
    offered,
    standings,
)
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
    """Dossiers that a second person published, in plain words: by theme, district and how they stand."""
    wanted, today = _wanted(), clock.today()
    after = request.args.get("after", "")
    rows = board_rows(db(), today, language(), wanted=wanted, after=after, limit=PAGE + 1)
    themes, places = offered(db())
    known = names(db(), language())
    return page(
        "feedback/public_board.html",
        rows=rows[:PAGE],
        more=rows[PAGE - 1].public_id if len(rows) > PAGE else None,
        later=bool(after),
        wanted=wanted,
        themes=[pair for pair in known.themes() if pair[0] in themes],
        places=[pair for pair in known.places() if pair[0] in places],
        standings=STANDINGS,
        counted=standings(db(), today, wanted),
        address=_address,
        **words(),
    )


@bp.get("/board.atom")
@public
def feed() -> Response:
    """The same as a feed, for who wants to hear of news without coming back (RFC 4287). Times by the day."""
    wanted = _wanted()
    rows = board_rows(db(), clock.today(), language(), wanted=wanted)
    body = render_template(
        "feedback/public_board.atom.xml",
        rows=rows,
        wanted=wanted,
        here=_public(_address(wanted, atom=True)),
        there=_public(_address(wanted)),
        public=_public,
        changed=max((row.moved_on for row in rows), default=clock.today()),
        **words(),
    )
    response = make_response(body)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response


@bp.get("/board/<public_id>")
@public
def entry(public_id: str) -> Response:
    """One dossier. The address of one that was merged leads to the other."""
    found = board_rows(db(), clock.today(), request.args.get("in", language()), language(), only=public_id)
    if not found:
        return _moved(public_id)
    row = found[0]
    address = _public(url_for("feedback.entry", public_id=row.public_id))
    return page(
        "feedback/public_board_entry.html",
        row=row,
        today=clock.today(),
        address=address,
        qr=segno.make(address, error="m", micro=False).svg_inline(
            scale=1, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
        ),
        **words(),
    )


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


def _wanted() -> Wanted:
    """What is looked for, from the address; what nobody can choose is left out."""
    args, known = request.args, names(db(), language())
    asked, theme, place = args.get("standing", ""), args.get("theme", ""), args.get("district", "")
    return Wanted(
        theme if theme in dict(known.themes()) else "",
        place if place in dict(known.places()) else "",
        Standing(asked) if asked in set(Standing) else None,
    )


def _address(wanted: Wanted, *, atom: bool = False, **changed: str | None) -> str:
    """The address of the board with this choice; `changed`: another standing, or the place where a page begins."""
    kept = {"theme": wanted.theme, "district": wanted.place, "standing": wanted.standing or ""} | changed
    given: dict[str, Any] = {name: value for name, value in kept.items() if value}
    return url_for("feedback.feed" if atom else "feedback.board", **given)


def _public(path: str) -> str:
    config: Config = current_app.extensions["signalen.config"]
    return f"{config.public_url}{path}"


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

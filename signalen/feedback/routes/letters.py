"""Letters for who asked for one, all in one file; posters of a dossier for the walls of open houses."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, abort, current_app, make_response, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.config import Config
from signalen.core import clock
from signalen.core.permissions import Permission
from signalen.dossiers.models import Dossier
from signalen.feedback.labels import board_line
from signalen.feedback.models import BoardEntry
from signalen.feedback.operations.letters import post_letters, print_letters
from signalen.feedback.papers import letters_pdf, poster_pdf, qr_svg, ring_svg
from signalen.feedback.public_letters import letter_of, side_of
from signalen.feedback.queries.board import board_rows
from signalen.feedback.queries.letters import waiting_letters
from signalen.signals.labels import ring
from signalen.texts.queries import approved
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import SOURCE, gettext, ngettext
from signalen.web.notices import notice
from signalen.web.sessions import db, vault

bp = Blueprint("letters", __name__)
P = Permission
PAPERS = ("a4", "a3")


@bp.get("/desk/feedback/letters")
@requires(P.FEEDBACK_DELIVER)
def index() -> Response:
    """Who waits for a letter, and what was printed and not yet posted."""
    rows = waiting_letters(db(), current_actor())
    printed = [row.printed_at for row in rows if row.printed_at]
    return page("feedback/desk_letters.html", rows=rows, printed=printed, last=max(printed, default=None))


@bp.post("/desk/feedback/letters/print")
@requires(P.FEEDBACK_DELIVER)
def make() -> Response:
    """All letters as one file. Kept before it is drawn: a print that fails is printed again, with other codes."""
    made = print_letters(db(), actor=current_actor())
    if not made:
        notice(gettext("Nobody waits for a letter."))
        return see(url_for(".index"))
    versions = approved(db(), {row.text_id for row, _ in made})
    keys = vault()
    letters = [letter_of(_settings(), keys, row, code, versions.get(row.text_id, {})) for row, code in made]
    db().commit()
    return _pdf(letters_pdf(letters, title=gettext("Letters")), "signalen-letters.pdf")


@bp.post("/desk/feedback/letters/posted")
@requires(P.FEEDBACK_DELIVER)
def posted() -> Response:
    """They are in the post: told."""
    try:
        printed_at = datetime.fromisoformat(request.form.get("printed", ""))
    except ValueError:
        abort(404)
    if printed_at.tzinfo is None:
        abort(404)
    count = post_letters(db(), printed_at, actor=current_actor())
    notice(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", count))
    return see(url_for(".index"))


@bp.get("/desk/feedback/board/<uuid:dossier_id>/poster")
@requires(P.FEEDBACK_WRITE)
def poster(dossier_id: uuid.UUID) -> Response:
    """A poster of what stands on the board, in one or two of its languages."""
    public_id = db().exec(select(Dossier.public_id).where(Dossier.id == dossier_id)).first()
    entry = db().exec(select(BoardEntry).where(BoardEntry.dossier_id == dossier_id)).first()
    rows = board_rows(db(), clock.today(), SOURCE, only=public_id) if public_id and entry else []
    if not rows or entry is None:
        abort(404)
    versions = approved(db(), [entry.text_id]).get(entry.text_id, {})
    wanted = dict.fromkeys(code for code in request.args.getlist("in") if code in versions)
    paper = request.args.get("paper", "a4")
    row, address = rows[0], f"{_settings().public_url}/board/{rows[0].public_id}"
    shown = ring(row.stage, late=row.late)
    made = poster_pdf(
        [
            side_of(code, versions[code], lambda: board_line(row.stage, row.facts)[1])
            for code in list(wanted)[:2] or [SOURCE]
        ],
        title=row.text.parts["title"],
        ring=ring_svg(shown.done, closed=shown.closed),
        qr=qr_svg(address),
        address=address,
        paper=paper if paper in PAPERS else "a4",
    )
    return _pdf(made, "signalen-poster.pdf")


def _pdf(body: bytes, name: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _settings() -> Config:
    settings: Config = current_app.extensions["signalen.config"]
    return settings

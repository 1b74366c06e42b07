"""What everyone reads: finished tests, as a page and as data."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from flask import Response, abort, make_response
from werkzeug.wrappers import Response as BaseResponse

from signalen.toetsen import queries, snapshots
from signalen.toetsen.models import Decision, Toets
from signalen.toetsen.routes.base import bp, words
from signalen.web.fragments import page
from signalen.web.guards import public
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.sessions import db

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet calculate."""


@bp.get("/toetsen")
@public
def public_list() -> BaseResponse:
    """Finished tests."""
    return page("toetsen/public_list.html", tests=queries.public_tests(db()), **words())


@bp.get("/toets/<public_id>")
@public
def public_toets(public_id: str) -> BaseResponse:
    """One finished test, as it was frozen; only the state of its conditions is of today."""
    test, found, frozen = _published(public_id)
    return page(
        "toetsen/public_toets.html",
        r=frozen,
        form=snapshots.questionnaire(frozen),
        public_id=test.public_id,
        condition_states=queries.commitment_states(db(), [c["commitment"] for c in frozen["conditions"]]),
        others=_others(found),
        **words(),
    )


@bp.get("/toets/<public_id>.json")
@public
def public_json(public_id: str) -> Response:
    """The same as data, under the names of the snapshot."""
    frozen = dict(_published(public_id)[2])
    frozen["conclusion"] = {k: v for k, v in frozen["conclusion"].items() if k != "quickscan"}
    body = json.dumps(frozen, ensure_ascii=False, indent=1)
    return _download(body, "application/json", f"toets-{public_id}.json")


@bp.get("/toets/<public_id>.csv")
@public
def public_csv(public_id: str) -> Response:
    """Every answer as a line, in the language of the reader."""
    frozen = _published(public_id)[2]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Part"), _("Code"), _("Question"), _("Who"), _("Answer"), _("Ground"), _("Pieces of evidence")]
    )
    for line in snapshots.rows(frozen, language()):
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line])
    return _download("\ufeff" + out.getvalue(), "text/csv; charset=utf-8", f"toets-{public_id}.csv")


def _published(public_id: str) -> tuple[Toets, Decision, snapshots.Data]:
    found = queries.published(db(), public_id)
    if found is None or found[0].frozen is None:
        abort(404)
    return found[0], found[1], found[0].frozen


def _others(found: Decision) -> list[dict[str, Any]]:
    finished = [t for t in queries.tests_of(db(), found.id) if t.frozen is not None]
    return (
        [{"public_id": t.public_id, "moment": t.asked_at_stage, "outcome": t.outcome} for t in finished]
        if len(finished) > 1
        else []
    )


def _download(body: str, kind: str, name: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

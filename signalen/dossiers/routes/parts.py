"""What the pages of a dossier share: finding it, and showing it whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.due import is_late
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Permission
from signalen.dossiers import labels, queries
from signalen.dossiers.forms import say_no
from signalen.dossiers.models import Dossier, DossierVerb, RoundState
from signalen.dossiers.queries.lists import links_of, score_of, staff, timeline
from signalen.dossiers.rules import Criterion, KnockOut, score
from signalen.people.models import Body
from signalen.signals.labels import PEOPLE, STAGES, ring
from signalen.signals.models import People, SignalVerb, Stage
from signalen.themes.queries import frames_with_items, names
from signalen.web.forms import Form
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor
from signalen.web.locale import gettext as _
from signalen.web.locale import language
from signalen.web.notices import notice
from signalen.web.sessions import db

EDIT = Permission.DOSSIER_EDIT


def find(dossier_id: uuid.UUID) -> Dossier:
    """The dossier at this address. A merged one sends a reader on to the one it became, and takes no changes."""
    dossier = db().exec(queries.visible_dossiers(current_actor()).where(Dossier.id == dossier_id)).first()
    if dossier is None:
        abort(404)
    if dossier.merged_into_id is not None and request.method == "GET":
        became = queries.resolve(db(), dossier_id)
        if became is not None and request.endpoint is not None:
            abort(redirect(url_for(request.endpoint, dossier_id=became.id), 301))
    return dossier


def to(dossier_id: uuid.UUID, anchor: str | None = None) -> Response:
    """Back to the dossier after a change."""
    return see(url_for("dossiers.dossier", dossier_id=dossier_id, _anchor=anchor))


def change(
    dossier_id: uuid.UUID,
    do: Callable[[Dossier], object],
    *,
    form: Form[Any] | None = None,
    part: str = "",
    done: str | None = None,
) -> Response:
    """Does one thing to a dossier and goes back to its page at `part`. When a rule says no, or the form is not right, nothing
    is kept: the page shows why, and what was typed.
    """
    dossier = find(dossier_id)
    problem = None
    if form is None or not form.errors:
        try:
            do(dossier)
        except NotAllowed:
            raise
        except DomainError as error:
            db().rollback()
            problem = say_no(error)
            dossier = find(dossier_id)
        else:
            if done is not None:
                notice(done)
            return to(dossier.id, part or None)
    return show(dossier, form=form, part=part, problem=problem, status=422)


def show(
    dossier: Dossier,
    *,
    form: Form[Any] | None = None,
    part: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """The page of a dossier. `part`: where `form` belongs, opened; `problem`: why the last thing was refused."""
    session, today = db(), clock.today()
    points, answers = score_of(session, dossier.id)
    versions = queries.versions(session, dossier)
    announced = next((version for version in versions if version.announced_on is not None), None)
    rounds = queries.rounds_of(session, dossier)
    asks = queries.asks_of(session, [round_.id for round_ in rounds])
    people = staff(session)
    evidence = queries.evidence(session, dossier)
    links = links_of(session, dossier.id)
    return page(
        "dossiers/dossier.html",
        status,
        d=dossier,
        form=form,
        part=part,
        problem=problem,
        ring=ring(dossier.stage, late=is_late(dossier.due_on, today)),
        late=is_late(dossier.due_on, today),
        today=today,
        names=names(session, language()),
        people=dict(people),
        evidence=evidence,
        band=lambda code: PEOPLE[People(code)],
        say_name=str,
        quotes=queries.quotes(session, dossier.id),
        links=links,
        frames=_stands_on(links.frame_items),
        score=score(
            {c: points[c][0] for c in Criterion if c in points},
            {k: answers[k] for k in KnockOut if k in answers},
        ),
        points=points,
        criteria=labels.CRITERIA,
        knocked_out=labels.KNOCKED_OUT,
        versions=versions,
        comments=queries.comments_on(session, [version.id for version in versions]),
        standing=queries.standing(session, announced, today) if announced else None,
        missing=queries.missing_for_city(session, dossier, today),
        missing_words=labels.MISSING,
        rounds=rounds,
        asks={round_.id: [(a, b) for a, b in asks if a.round_id == round_.id] for round_ in rounds},
        preparing=next((round_ for round_ in rounds if round_.state is RoundState.OPEN), None),
        round_words=labels.ROUNDS,
        way_words=labels.WAYS,
        bodies=bodies(dossier),
        happened=_happened(dossier),
    )


def bodies(dossier: Dossier) -> list[tuple[uuid.UUID, str]]:
    """Who can be asked about this dossier: its municipality first, then those above it."""
    rows = db().exec(
        select(Body.id, Body.name)
        .where(
            col(Body.active),
            (col(Body.municipality) == dossier.municipality) | col(Body.municipality).is_(None),
        )
        .order_by(col(Body.municipality).is_(None), col(Body.name))
    )
    return [(body, name) for body, name in rows.all()]


def _happened(dossier: Dossier) -> list[tuple[Any, Any]]:
    """Events with their words; a move says where to. Events of other rooms about this dossier have their own pages."""
    words: dict[str, Any] = {verb.value: text for verb, text in labels.HAPPENED.items()}
    told: list[tuple[Any, Any]] = []
    for event in timeline(db(), dossier.id):
        if event.verb in {SignalVerb.MOVED, DossierVerb.MOVED}:
            told.append((event, _("The stage is now: %(stage)s", stage=STAGES[Stage(event.data["to"])])))
        elif event.verb in words:
            told.append((event, words[event.verb]))
    return told


def _stands_on(items: tuple[uuid.UUID, ...]) -> list[tuple[Any, list[Any]]]:
    """The frames with the parts that are chosen, in their order."""
    if not items:
        return []
    chosen = [
        (frame, [item for item in frame.items if item.id in items])
        for frame in frames_with_items(db(), language())
    ]
    return [(frame, parts) for frame, parts in chosen if parts]

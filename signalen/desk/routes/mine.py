"""What became of the signals of my organisation; questions from staff; syntheses to comment and agree."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Permission, may
from signalen.desk.forms import CorrectForm, ReplyForm
from signalen.desk.labels import HAPPENINGS, TEXT_KINDS
from signalen.desk.mine import Show, chosen, facts_of_rows, happened, times_again
from signalen.desk.routes.news import heard
from signalen.dossiers import operations as dossiers
from signalen.dossiers.forms import AgreeForm, CommentForm, say_no
from signalen.dossiers.models import Dossier, SynthesisVersion
from signalen.dossiers.queries import comments_on, leading_dossier, standing, visible_syntheses
from signalen.dossiers.queries.mine import syntheses_for
from signalen.feedback.queries.story import answer_text, newest_delivery
from signalen.feedback.queries.telling import to_tell
from signalen.people.queries import organisations
from signalen.signals import operations
from signalen.signals.forms import LANGUAGES
from signalen.signals.labels import STAGES, ring
from signalen.signals.lost_codes import knows_giver, open_request, waits_for_new_card
from signalen.signals.models import Signal, Stage, TextKind
from signalen.signals.queries import (
    Filters,
    find_signal,
    messages_of,
    signal_rows,
    unanswered_questions,
    way_out,
    words_of,
)
from signalen.signals.rules import CORRECTABLE, may_converse
from signalen.signals.sending import may_repeat
from signalen.texts.labels import ORIGINS, PARTS
from signalen.themes.queries import names
from signalen.web.forms import Form, read
from signalen.web.fragments import page, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language, own_name
from signalen.web.notices import notice
from signalen.web.sessions import db, keep_on_refusal, vault

bp = Blueprint("mine", __name__, url_prefix="/mine")
PAGE = 20
COMMENT = Permission.SYNTHESIS_COMMENT


@bp.get("")
@requires(COMMENT)
def index() -> Response:
    """The signals of my organisation, newest first; above them what is asked of me."""
    session, actor = db(), current_actor()
    asked = request.args.get("show", "")
    show, dossier_id = Show(asked) if asked in set(Show) else Show.ALL, _key(request.args.get("in"))
    filters = Filters(ids=chosen(actor, show, dossier_id))
    rows = signal_rows(session, actor, filters, after=_key(request.args.get("after")), limit=PAGE + 1)
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    ids = [row.id for row in rows[:PAGE]]
    here = {"show": show.value, "in": str(dossier_id or "")}
    here = {name: value for name, value in here.items() if value}
    questions = unanswered_questions(session, actor)
    return page(
        "desk/mine.html",
        rows=[(row, ring(row.stage)) for row in rows[:PAGE]],
        facts=facts_of_rows(session, actor, ids, since=heard().since),
        tell=to_tell(session, actor, ids),
        show=show,
        one_dossier=dossier_id is not None,
        place=_place(here, request.args.get("after")),
        names=names(session, language()),
        stages=STAGES,
        questions=questions,
        questioned={signal_id for signal_id, _reference, _at in questions},
        syntheses=syntheses_for(session, actor),
        organisations=[name for i, name in organisations(session) if i in actor.organisations],
        more=f"?{urlencode({**here, 'after': more})}" if more else None,
        **_telling(),
    )


def _place(here: Mapping[str, str], after: str | None) -> str:
    """Where to come back to after telling: this page of the list."""
    values = {**here, "after": str(_key(after) or "")}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"/mine?{query}" if query else "/mine"


def _telling() -> dict[str, Any]:
    """What the form "I told them" needs, and a key for "the same worry again"."""
    return {
        "today": clock.today(),
        "languages": [(code, own_name(code)) for code in LANGUAGES],
        "new_key": uuid.uuid4,
    }


def _key(typed: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        return None


@bp.get("/signals/<uuid:signal_id>")
@requires(COMMENT, writes=True)
def signal(signal_id: uuid.UUID) -> Response:
    """One signal of my organisation: the words, where it stands, questions, correcting it."""
    found = _find(signal_id)
    response = _show(found)
    if may_converse(current_actor(), found):
        operations.mark_seen(db(), found, actor=current_actor())
    return response


def _find(signal_id: uuid.UUID) -> Signal:
    found = find_signal(db(), signal_id, actor=current_actor())
    if found is None or found.organisation_id not in current_actor().organisations:
        abort(404)
    return found


def _show(
    found: Signal,
    *,
    form: Form[Any] | None = None,
    part: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    session, actor = db(), current_actor()
    if status >= 400:
        keep_on_refusal()  # what was refused is rolled back; that sensitive words were read must stay in the log
    converse = may_converse(actor, found)
    texts = words_of(session, vault(), found, actor=actor)
    dossier = leading_dossier(session, found.id)
    delivery = newest_delivery(session, found.id)
    return page(
        "desk/mine_signal.html",
        status,
        tell=to_tell(session, actor, [found.id]).get(found.id),
        times=times_again(session, actor, found.id),
        repeatable=may_repeat(actor, found),
        happened=happened(session, found, messages=converse),
        happenings=HAPPENINGS,
        place=f"/mine/signals/{found.id}",
        **_telling(),
        s=found,
        knows_giver=knows_giver(session, found, actor) and found.erased_at is None,
        code_asked=open_request(session, found) is not None,
        new_card=waits_for_new_card(session, found, actor),
        form=form,
        part=part,
        problem=problem,
        texts=texts,
        original=next((text.words for text in texts if text.kind is TextKind.ORIGINAL), ""),
        kinds=TEXT_KINDS,
        messages=messages_of(session, vault(), found, actor=actor) if converse else [],
        converse=converse and found.stage not in {Stage.WITHDRAWN, Stage.REFUSED},
        correctable=found.stage in CORRECTABLE and may(actor, Permission.SIGNAL_CORRECT, found),
        ring=ring(found.stage),
        stages=STAGES,
        names=names(session, language()),
        way_out=way_out(session, found),
        dossier=dossier,
        answer=answer_text(session, delivery, language()) if delivery else None,
        parts=PARTS,
        origins=ORIGINS,
    )


def _change(
    signal_id: uuid.UUID, do: Callable[[Signal], object], *, form: Form[Any], part: str, done: str
) -> Response:
    found, problem = _find(signal_id), None
    if not form.errors:
        try:
            do(found)
        except NotAllowed:
            raise
        except DomainError as error:
            db().rollback()
            found, problem = _find(signal_id), say_no(error)
        else:
            notice(done)
            return see(url_for(".signal", signal_id=signal_id))
    return _show(found, form=form, part=part, problem=problem, status=422)


@bp.post("/signals/<uuid:signal_id>/correct")
@requires(Permission.SIGNAL_CORRECT)
def correct(signal_id: uuid.UUID) -> Response:
    """Other words in place of the first ones, until it is put together with others."""
    form = read(CorrectForm)
    return _change(
        signal_id,
        lambda found: operations.correct(db(), vault(), found, form.value.words, actor=current_actor()),
        form=form,
        part="correct",
        done=_("Corrected. The first words are gone."),
    )


@bp.post("/signals/<uuid:signal_id>/reply")
@requires(COMMENT)
def reply(signal_id: uuid.UUID) -> Response:
    """The answer to a question of staff."""
    form = read(ReplyForm)
    return _change(
        signal_id,
        lambda found: operations.giver_writes(
            db(), vault(), found, form.value.words, language(), actor=current_actor()
        ),
        form=form,
        part="reply",
        done=_("Sent to the staff."),
    )


@bp.get("/syntheses/<uuid:version_id>")
@requires(COMMENT)
def synthesis(version_id: uuid.UUID) -> Response:
    """A text for the city, to comment and, with a mandate, to agree."""
    return _synthesis(version_id)


def _version(version_id: uuid.UUID) -> SynthesisVersion:
    query = visible_syntheses(current_actor()).where(SynthesisVersion.id == version_id)
    version = db().exec(query).first()
    if version is None:
        abort(404)
    return version


def _synthesis(
    version_id: uuid.UUID, *, form: Form[Any] | None = None, problem: str | None = None, status: int = 200
) -> Response:
    version, actor = _version(version_id), current_actor()
    now = standing(db(), version, clock.today())
    mine = [(org, name) for org, name in now.names.items() if org in actor.organisations]
    return page(
        "desk/mine_synthesis.html",
        status,
        v=version,
        title=db().exec(select(Dossier.title).where(Dossier.id == version.dossier_id)).one(),
        standing=now,
        mine=mine,
        mandated=[(org, name) for org, name in mine if org in actor.agrees_for],
        comments=comments_on(db(), [version.id]),
        form=form,
        problem=problem,
    )


def _answer(
    version_id: uuid.UUID, form: Form[Any], do: Callable[[SynthesisVersion], object], done: str
) -> Response:
    version, problem = _version(version_id), None
    if not form.errors:
        try:
            do(version)
        except NotAllowed:
            raise
        except DomainError as error:
            db().rollback()
            problem = _("Say why you do not agree.") if error.code == "missing" else say_no(error)
        else:
            notice(done)
            return see(url_for(".synthesis", version_id=version_id))
    return _synthesis(version_id, form=form, problem=problem, status=422)


@bp.post("/syntheses/<uuid:version_id>/comment")
@requires(COMMENT)
def comment(version_id: uuid.UUID) -> Response:
    """What my organisation says about it."""
    form = read(CommentForm)
    return _answer(
        version_id,
        form,
        lambda version: dossiers.comment(
            db(), version, form.value.organisation_id, form.value.words, actor=current_actor()
        ),
        _("Your comment is with the staff."),
    )


@bp.post("/syntheses/<uuid:version_id>/agree")
@requires(Permission.SYNTHESIS_AGREE)
def agree(version_id: uuid.UUID) -> Response:
    """Yes or no of my organisation, with its mandate."""
    form = read(AgreeForm)
    return _answer(
        version_id,
        form,
        lambda version: dossiers.agree(
            db(),
            version,
            form.value.organisation_id,
            agrees=form.value.agrees,
            reason=form.value.reason,
            actor=current_actor(),
        ),
        _("Kept. You can change it until the dossier goes to the city."),
    )

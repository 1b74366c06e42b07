"""The signals of the desk: the list, and one signal with all that staff can do about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, request, url_for
from sqlmodel import col
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.due import is_late
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Permission
from signalen.desk import inbox_choices as around
from signalen.desk import labels
from signalen.desk.forms import (
    PauseForm,
    PlaceForm,
    QuestionForm,
    SafeLineForm,
    SpamForm,
    TextForm,
    WayOutForm,
)
from signalen.desk.inbox_lines import languages, lines, selects
from signalen.dossiers.queries import dossiers_of
from signalen.dossiers.queries.lists import choices, staff
from signalen.people.queries import organisations
from signalen.signals import operations
from signalen.signals.labels import CHANNELS, HEARS_BACK, PEOPLE, STAGES, ring
from signalen.signals.models import Giver, Signal, Stage
from signalen.signals.queries import (
    Filters,
    belongings,
    find_signal,
    messages_of,
    signal_rows,
    visible_signals,
    way_out,
    words_of,
)
from signalen.signals.workflow import MOVES
from signalen.themes.queries import frame_items_for_themes, frames_with_items, names
from signalen.web.forms import Form, read, refusal
from signalen.web.fragments import page, page_or_fragment, see
from signalen.web.guards import current_actor, requires
from signalen.web.locale import gettext as _
from signalen.web.locale import language, language_name, ngettext
from signalen.web.notices import notice
from signalen.web.sessions import db, keep_on_refusal, vault

bp = Blueprint("inbox", __name__, url_prefix="/desk/signals")
PLACE = Permission.SIGNAL_PLACE
PAGE = 20
DOSSIERS = 20
SIMILAR = 6


@bp.get("")
@requires(PLACE)
def index() -> Response:
    """Signals, the newest first, narrowed by what was chosen."""
    args, actor, session = request.args.to_dict(), current_actor(), db()
    named = names(session, language())
    known, dossiers = around.choices(session, actor, dossiers=DOSSIERS)
    rows = signal_rows(session, actor, _filters(args), after=_key(args.get("after")), limit=PAGE + 1)
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return page_or_fragment(
        "signals/inbox.html",
        "rows",
        lines=lines(rows[:PAGE], names=named, organisations=dict(known), today=clock.today()),
        selects=tuple((name, options, args.get(name, "")) for name, options in selects(named, known)),
        dossiers=dossiers,
        address=url_for(".index"),
        args=args,
        more=f"?{urlencode({**args, 'after': more})}" if more else None,
    )


def _filters(args: dict[str, str]) -> Filters:
    stage = args.get("stage", "")
    return Filters(
        stages=(Stage(stage),) if stage in set(Stage) else (),
        theme=args.get("theme") or None,
        place=args.get("district") or None,
        group=args.get("group") or None,
        language=args.get("language") or None,
        organisation_id=_key(args.get("organisation")),
        late_on=clock.today() if args.get("late") else None,
        words=args.get("text", "").replace("\0", "")[:100],
    )


def _key(typed: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        return None


def _late(due_on: Any, paused: bool, today: Any) -> bool:  # noqa: FBT001  # a column of a row
    return not paused and is_late(due_on, today)


@bp.post("/spam")
@requires(PLACE)
def spam() -> Response:
    """Ticked ones that nobody read yet are no signals: refused."""
    form, actor = read(SpamForm), current_actor()
    if form.errors:
        notice(_("Tick at least one signal and say why."), "late")
        return see(url_for(".index"))
    found = db().exec(visible_signals(actor).where(col(Signal.id).in_(form.value.signals))).all()
    try:
        for signal in found:
            operations.lead_out(
                db(), signal, Stage.REFUSED, reason=form.value.reason, language=language(), actor=actor
            )
    except DomainError:
        db().rollback()
        notice(_("Only signals that nobody has read yet can be refused as spam."), "late")
        return see(url_for(".index"))
    notice(ngettext("%(num)s signal was refused.", "%(num)s signals were refused.", len(found)))
    return see(url_for(".index"))


@bp.get("/<uuid:signal_id>")
@requires(PLACE, writes=True)
def detail(signal_id: uuid.UUID) -> Response:
    """One signal. Opening it reads it; of a sensitive one the reading is logged before a word is shown."""
    signal, actor = _find(signal_id), current_actor()
    if signal.stage is Stage.RECEIVED:
        operations.read_signal(db(), signal, actor=actor)
    response = _show(signal)
    operations.mark_seen(db(), signal, actor=actor)
    return response


def _find(signal_id: uuid.UUID) -> Signal:
    signal = find_signal(db(), signal_id, actor=current_actor())
    if signal is None:
        abort(404)
    return signal


def _show(
    signal: Signal,
    *,
    form: Form[Any] | None = None,
    part: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    session, actor, today = db(), current_actor(), clock.today()
    if status >= 400:
        keep_on_refusal()  # what was refused is rolled back; that words were read must stay in the log
    has = belongings(session, signal)
    spoken = names(session, language())
    giver = session.get_one(Giver, signal.giver_id)
    late = _late(signal.due_on, signal.paused, today)
    near = Filters(theme=has.themes[0] if has.themes else None, place=signal.place_code)
    inside = dossiers_of(session, signal.id)
    similar = signal_rows(session, actor, near, limit=SIMILAR) if has.themes or signal.place_code else []
    return page(
        "signals/inbox_signal.html",
        status,
        s=signal,
        form=form,
        part=part,
        problem=problem,
        texts=words_of(session, vault(), signal, actor=actor),
        messages=messages_of(session, vault(), signal, actor=actor),
        has=has,
        giver=giver,
        names=spoken,
        suggested=frame_items_for_themes(session, has.themes),
        frames=frames_with_items(session, language()),
        people=dict(staff(session)),
        organisation=dict(organisations(session)).get(signal.organisation_id)
        if signal.organisation_id
        else None,
        similar=[(row, ring(row.stage)) for row in similar if row.id != signal.id],
        inside=inside,
        dossiers=choices(session, actor, theme_codes=has.themes),
        way_out=way_out(session, signal),
        ring=ring(signal.stage, late=late),
        late=late,
        today=today,
        stages=STAGES,
        channels=CHANNELS,
        hears_back=HEARS_BACK,
        bands=PEOPLE,
        kinds=labels.TEXT_KINDS,
        ways=[(to.value, text) for to, text in labels.WAYS_OUT.items() if to in MOVES[signal.stage]],
        languages=languages(),
        known=current_app.extensions["signalen.config"].house_languages,
        language_name=language_name,
        reader=actor.reads_sensitive,
    )


def _change(
    signal_id: uuid.UUID,
    do: Callable[[Signal], object],
    *,
    form: Form[Any] | None = None,
    part: str = "",
    done: str,
) -> Response:
    """Does one thing to a signal and goes back to it; when a rule says no nothing is kept, and the page says why."""
    signal, problem = _find(signal_id), None
    if form is None or not form.errors:
        try:
            do(signal)
        except NotAllowed:
            raise
        except DomainError as error:
            db().rollback()
            signal, problem = _find(signal_id), refusal(error)
        else:
            notice(done)
            visible = find_signal(db(), signal_id, actor=current_actor())
            return see(url_for(".detail", signal_id=signal_id) if visible else url_for(".index"))
    return _show(signal, form=form, part=part, problem=problem, status=422)


@bp.post("/<uuid:signal_id>/place")
@requires(PLACE)
def place(signal_id: uuid.UUID) -> Response:
    """What it is about, who is affected and where."""
    form = read(PlaceForm)

    def put(signal: Signal) -> None:
        value = form.value
        placement = operations.Placement(
            themes=value.themes,
            frame_items=value.frame_items,
            groups=value.groups,
            barriers=value.barriers,
            place=value.place,
            neighbourhood=value.neighbourhood,
        )
        operations.place(db(), signal, placement, actor=current_actor())

    return _change(signal_id, put, form=form, part="place", done=_("Placed."))


@bp.post("/<uuid:signal_id>/text")
@requires(PLACE)
def text(signal_id: uuid.UUID) -> Response:
    """A translation or summary for those who do not share the language."""
    form = read(TextForm)
    return _change(
        signal_id,
        lambda signal: operations.add_text(
            db(),
            vault(),
            signal,
            form.value.kind,
            form.value.words,
            language=form.value.language,
            actor=current_actor(),
        ),
        form=form,
        part="text",
        done=_("Saved."),
    )


@bp.post("/<uuid:signal_id>/question")
@requires(PLACE)
def question(signal_id: uuid.UUID) -> Response:
    """A question to the giver."""
    form = read(QuestionForm)
    return _change(
        signal_id,
        lambda signal: operations.ask_giver(
            db(), vault(), signal, form.value.words, form.value.language, actor=current_actor()
        ),
        form=form,
        part="question",
        done=_("Asked. The giver sees it on the page of their code."),
    )


@bp.post("/<uuid:signal_id>/way-out")
@requires(PLACE)
def lead_out(signal_id: uuid.UUID) -> Response:
    """Leaves the ring by a way, with a reason that the giver reads."""
    form = read(WayOutForm)
    if not form.errors and form.value.to is Stage.PASSED_ON and not form.value.passed_to:
        form.refuse("passed_to", _("Say to whom."))
    return _change(
        signal_id,
        lambda signal: operations.lead_out(
            db(),
            signal,
            form.value.to,
            reason=form.value.reason,
            language=form.value.language,
            passed_to=form.value.passed_to or None,
            actor=current_actor(),
        ),
        form=form,
        part="way-out",
        done=_("Done. The giver can read the reason."),
    )


@bp.post("/<uuid:signal_id>/wake")
@requires(PLACE)
def wake(signal_id: uuid.UUID) -> Response:
    """Kept as evidence, and on the desk again."""
    return _change(
        signal_id,
        lambda signal: operations.wake(db(), signal, actor=current_actor()),
        done=_("It is on the desk again."),
    )


@bp.post("/<uuid:signal_id>/pause")
@requires(PLACE)
def pause(signal_id: uuid.UUID) -> Response:
    """The clock stands still, with a reason."""
    form = read(PauseForm)
    return _change(
        signal_id,
        lambda signal: operations.pause_clock(db(), signal, reason=form.value.reason, actor=current_actor()),
        form=form,
        part="pause",
        done=_("The clock stands still. The reason is kept."),
    )


@bp.post("/<uuid:signal_id>/resume")
@requires(PLACE)
def resume(signal_id: uuid.UUID) -> Response:
    """The clock runs again."""
    return _change(
        signal_id,
        lambda signal: operations.resume_clock(db(), signal, actor=current_actor()),
        done=_("The clock runs again. The time it stood still does not count."),
    )


@bp.post("/<uuid:signal_id>/shield")
@requires(PLACE)
def shield(signal_id: uuid.UUID) -> Response:
    """Only named readers see it from now on."""
    return _change(
        signal_id,
        lambda signal: operations.shield(db(), vault(), signal, actor=current_actor()),
        done=_("From now on only named readers see it."),
    )


@bp.post("/<uuid:signal_id>/unshield")
@requires(Permission.SIGNAL_READ_SENSITIVE)
def unshield(signal_id: uuid.UUID) -> Response:
    """A named reader says that it is like any other."""
    return _change(
        signal_id,
        lambda signal: operations.unshield(db(), vault(), signal, actor=current_actor()),
        done=_("All staff can see it now."),
    )


@bp.post("/<uuid:signal_id>/release")
@requires(Permission.SIGNAL_READ_SENSITIVE)
def release(signal_id: uuid.UUID) -> Response:
    """A line without identity, with which it counts in a dossier."""
    form = read(SafeLineForm)
    return _change(
        signal_id,
        lambda signal: operations.release(
            db(), vault(), signal, form.value.safe_line, form.value.language, actor=current_actor()
        ),
        form=form,
        part="release",
        done=_("With this line it can go in a dossier and counts."),
    )

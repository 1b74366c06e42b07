"""What is new for a worker since they last looked: questions of staff, answers to tell, where their own signals went, texts to
agree on, what the city answered and promised. Read from what is there; never a word of a signal.

Each branch begins with what happened lately (an index on the time) and only then asks whose it is: the bell stands on every
page of a worker, so it costs one short statement.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from signalen.consultations.models import Answer, Commitment, CommitmentState, ConsultationVerb
from signalen.core import clock
from signalen.core.db import UtcDateTime
from signalen.core.models import Event
from signalen.core.permissions import Actor, Permission, may
from signalen.dossiers.models import (
    Agreement,
    Ask,
    Dossier,
    DossierSignal,
    DossierVerb,
    Round,
    SynthesisVersion,
)
from signalen.dossiers.queries.membership import counts
from signalen.feedback.models import Delivery, DeliveryState
from signalen.feedback.queries.telling import tellable
from signalen.people.models import NewsChoice
from signalen.signals.models import Channel, Message, Signal, Stage
from signalen.signals.visible import seen_by

SPAN = timedelta(days=30)
"""How far back the page goes, and what counts as new for who never looked."""
MOST = 100
"""The bell counts to here and says "99+"."""
PAGE = 30
PROMISES = (
    ConsultationVerb.COMMITTED,
    ConsultationVerb.COMMITMENT_KEPT,
    ConsultationVerb.COMMITMENT_BROKEN,
)


class NewsKind(StrEnum):
    """What can be new."""

    QUESTION = "question"
    TO_TELL = "to-tell"
    MOVED = "moved"
    TEXT = "text"
    ANSWER = "answer"
    PROMISE = "promise"


class News(NamedTuple):
    """One thing that is new. `about`: the id of the signal, the version or the dossier; `label`: its reference or title;
    `code`: the stage of what moved, the state of a promise.
    """

    kind: NewsKind
    at: datetime
    about: uuid.UUID
    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Bell:
    """What the bell says: how many things are new (at most `MOST`), and since when that is counted."""

    count: int
    since: datetime


def hears_news(actor: Actor) -> bool:
    """Workers have a bell; nobody else pays for one."""
    return may(actor, Permission.SYNTHESIS_COMMENT) and bool(actor.organisations)


def bell(session: Session, actor: Actor) -> Bell:
    """How much is new since this person last looked: one statement."""
    floor = clock.now() - SPAN
    found = session.connection().execute(_bell(actor), _times(floor)).one()
    return Bell(int(found.number), max(found.seen_at or floor, floor))


def news(
    session: Session, actor: Actor, *, after: tuple[datetime, uuid.UUID] | None = None, limit: int = PAGE
) -> list[News]:
    """What happened in the last thirty days, the newest first; `after`: the time and id of the last one on the page before."""
    rows = _rows(actor, sa.bindparam("floor", type_=UtcDateTime()))
    query = sa.select(rows).order_by(rows.c.at.desc(), rows.c.about.desc()).limit(limit)
    if after is not None:
        at, about = after
        query = query.where(sa.or_(rows.c.at < at, sa.and_(rows.c.at == at, rows.c.about < about)))
    found = session.connection().execute(query, _times(clock.now() - SPAN))
    return [News(NewsKind(row.kind), row.at, row.about, row.label, row.code) for row in found]


def news_counts(
    session: Session, actor: Actor, *, since: datetime, until: datetime
) -> Mapping[NewsKind, int]:
    """How many things of each kind came between two moments; kinds without any are left out."""
    rows = _rows(actor, sa.bindparam("floor", type_=UtcDateTime()))
    query = sa.select(rows.c.kind, sa.func.count()).where(rows.c.at < until).group_by(rows.c.kind)
    found = session.connection().execute(query, _times(since))
    return {NewsKind(kind): int(number) for kind, number in found}


def _times(floor: datetime) -> dict[str, Any]:
    return {"floor": floor, "floor_day": clock.day_of(floor), "today": clock.today()}


@lru_cache(maxsize=64)
def _bell(actor: Actor) -> sa.Select[Any]:
    """The statement of the bell, kept per person: building it takes longer than running it."""
    seen_at = (
        sa.select(col(NewsChoice.seen_at)).where(col(NewsChoice.user_id) == actor.user_id).scalar_subquery()
    )
    floor = sa.bindparam("floor", type_=UtcDateTime())
    last = sa.case((seen_at > floor, seen_at), else_=floor)
    few = sa.select(_rows(actor, last).c.at).limit(MOST).subquery()
    number = sa.select(sa.func.count()).select_from(few).scalar_subquery()
    return sa.select(number.label("number"), seen_at.label("seen_at"))


def _rows(actor: Actor, since: Any) -> sa.Subquery:
    """Everything that came after `since`, in one list."""
    branches = (_questions, _to_tell, _moved, _texts, _answers, _promises)
    return sa.union_all(*(branch(actor, since) for branch in branches)).subquery("news")


def _branch(kind: Any, at: Any, about: Any, label: Any, code: Any = "") -> sa.Select[Any]:
    return sa.select(
        sa.literal(kind.value, sa.String()).label("kind"),
        at.label("at"),
        about.label("about"),
        label.label("label"),
        (sa.literal(code, sa.String()) if isinstance(code, str) else sa.cast(code, sa.String())).label(
            "code"
        ),
    )


def _checked(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A condition that is asked of rows that were found, and is never a way to find them: without statistics SQLite would begin
    with all signals of the organisation.
    """
    return sa.case((condition, 1), else_=0) == 1


def _ours(actor: Actor) -> sa.ColumnElement[bool]:
    """Signals of the organisations of this person that they may see; who is staff too does not hear of all others here."""
    ours = col(Signal.organisation_id).in_(sorted(actor.organisations))
    return _checked(sa.and_(ours, seen_by(actor)))


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(col(Signal.recorded_by) == actor.user_id, _ours(actor))


def _questions(actor: Actor, since: Any) -> sa.Select[Any]:
    """Questions of staff that nobody of the organisation answered."""
    later = aliased(Message)
    answered = sa.exists().where(
        col(later.signal_id) == col(Message.signal_id),
        col(later.from_giver),
        col(later.at) >= col(Message.at),
    )
    return (
        _branch(NewsKind.QUESTION, col(Message.at), col(Signal.id), col(Signal.reference))
        .select_from(Message)
        .join(Signal, col(Signal.id) == col(Message.signal_id))
        .where(
            col(Message.at) > since,
            ~col(Message.from_giver),
            col(Signal.channel) == Channel.CAPTURE,
            _ours(actor),
            ~answered,
        )
    )


def _to_tell(actor: Actor, since: Any) -> sa.Select[Any]:
    """Answers that stand ready for a giver whom this person tells."""
    columns = _branch(NewsKind.TO_TELL, col(Delivery.state_at), col(Signal.id), col(Signal.reference))
    return (
        tellable(actor)
        .with_only_columns(*columns.selected_columns)
        .where(
            col(Delivery.state) == DeliveryState.READY,
            col(Delivery.state_at) > since,
            _ours(actor),
        )
    )


def _moved(actor: Actor, since: Any) -> sa.Select[Any]:
    """Where own signals went. What this person did by telling is no news to them."""
    by_me = sa.exists().where(col(Delivery.signal_id) == col(Signal.id), col(Delivery.by) == actor.user_id)
    return (
        _branch(
            NewsKind.MOVED,
            col(Signal.stage_since),
            col(Signal.id),
            col(Signal.reference),
            col(Signal.stage),
        )
        .select_from(Signal)
        .where(
            _own(actor),
            col(Signal.stage_since) > since,
            col(Signal.stage) != Stage.RECEIVED,
            sa.or_(col(Signal.stage).not_in([Stage.TOLD, Stage.CLOSED]), ~by_me),
        )
    )


def _texts(actor: Actor, since: Any) -> sa.Select[Any]:
    """Texts for the city that the organisation did not say yes or no to; the last version of each, while it can still be answered."""
    newer = aliased(SynthesisVersion)
    announced = _last_event(col(SynthesisVersion.dossier_id), [DossierVerb.SYNTHESIS_ANNOUNCED])
    announced_at = announced.correlate(SynthesisVersion).scalar_subquery()
    ours = (
        sa.exists()
        .where(
            col(DossierSignal.dossier_id) == col(SynthesisVersion.dossier_id),
            col(Signal.id) == col(DossierSignal.signal_id),
            _checked(sa.and_(col(Signal.organisation_id).in_(sorted(actor.organisations)), counts())),
        )
        .correlate(SynthesisVersion)
    )
    return (
        _branch(
            NewsKind.TEXT,
            sa.type_coerce(announced_at, UtcDateTime()),
            col(SynthesisVersion.id),
            col(Dossier.title),
        )
        .select_from(SynthesisVersion)
        .join(Dossier, col(Dossier.id) == col(SynthesisVersion.dossier_id))
        .where(
            col(SynthesisVersion.announced_on) >= sa.bindparam("floor_day", type_=sa.Date()),
            col(SynthesisVersion.deadline_on) >= sa.bindparam("today", type_=sa.Date()),
            col(Dossier.stage) == Stage.BUNDLED,
            announced_at > since,
            ours,
            ~sa.exists().where(
                col(newer.dossier_id) == col(SynthesisVersion.dossier_id),
                col(newer.number) > col(SynthesisVersion.number),
                col(newer.announced_on).is_not(None),
            ),
            ~sa.exists().where(
                col(Agreement.version_id) == col(SynthesisVersion.id),
                col(Agreement.organisation_id).in_(sorted(actor.organisations)),
            ),
        )
    )


def _dossiers(actor: Actor) -> sa.Select[Any]:
    """Ids of the dossiers that own signals move with."""
    return (
        sa.select(col(DossierSignal.dossier_id))
        .join(Signal, col(Signal.id) == col(DossierSignal.signal_id))
        .where(_own(actor), col(DossierSignal.leading), col(DossierSignal.until).is_(None))
    )


def _answers(actor: Actor, since: Any) -> sa.Select[Any]:
    return (
        _branch(NewsKind.ANSWER, col(Answer.recorded_at), col(Dossier.id), col(Dossier.title))
        .select_from(Answer)
        .join(Ask, col(Ask.id) == col(Answer.ask_id))
        .join(Round, col(Round.id) == col(Ask.round_id))
        .join(Dossier, col(Dossier.id) == col(Round.dossier_id))
        .where(
            col(Answer.recorded_at) > since,
            col(Answer.replaced_by_id).is_(None),
            _checked(col(Dossier.id).in_(_dossiers(actor))),
        )
    )


def _promises(actor: Actor, since: Any) -> sa.Select[Any]:
    """Promises about those dossiers, and how they stand now: made, kept, late."""
    lately = sa.bindparam("floor_day", type_=sa.Date())
    at = _last_event(col(Commitment.id), PROMISES).correlate(Commitment).scalar_subquery()
    return (
        _branch(
            NewsKind.PROMISE,
            sa.type_coerce(at, UtcDateTime()),
            col(Dossier.id),
            col(Dossier.title),
            col(Commitment.state),
        )
        .select_from(Commitment)
        .join(Dossier, col(Dossier.id) == col(Commitment.dossier_id))
        .where(
            sa.or_(
                col(Commitment.created_at) > since,
                col(Commitment.closed_on) >= lately,
                col(Commitment.late_since) >= lately,
            ),
            col(Commitment.state) != CommitmentState.DROPPED,
            at > since,
            _checked(col(Dossier.id).in_(_dossiers(actor))),
        )
    )


def _last_event(subject: Any, verbs: Iterable[StrEnum]) -> sa.Select[Any]:
    """When one of these last happened to a subject."""
    return sa.select(sa.func.max(Event.at)).where(
        col(Event.subject_id) == subject, col(Event.verb).in_([verb.value for verb in verbs])
    )

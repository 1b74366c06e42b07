"""Lists of dossiers: columns only, page by key; what happened to one; what is due."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core.due import Due, DueKind, is_late
from signalen.core.models import Event
from signalen.core.permissions import Actor, Permission, Role, may
from signalen.dossiers.models import (
    Dossier,
    DossierFrameItem,
    DossierRecommendation,
    DossierSignal,
    DossierTheme,
    KnockOutAnswer,
    ScorePoint,
    SynthesisVersion,
)
from signalen.dossiers.queries.membership import counts, visible_dossiers
from signalen.people.models import Membership, User
from signalen.signals.models import Signal, Stage
from signalen.themes.models import Recommendation

PAGE = 20
OPEN = (Stage.BUNDLED, Stage.ON_AGENDA, Stage.ASKED, Stage.ANSWERED, Stage.TOLD)
MOST_DUE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilters:
    """What a list of dossiers is narrowed to. `text` is looked for in reference, title and worry."""

    stage: Stage | None = None
    theme: str | None = None
    lead_id: uuid.UUID | None = None
    text: str = ""
    closed: bool = True


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One line of the list."""

    id: uuid.UUID
    reference: str
    title: str
    stage: Stage
    due_on: date | None
    contested: bool
    first_in_line: bool
    not_chosen: bool
    done_on: date | None
    lead: str | None
    signals: int


def dossier_rows(
    session: Session,
    actor: Actor,
    filters: DossierFilters,
    *,
    after: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[DossierRow]:
    """A page of dossiers, the newest first; `after` is the id of the last one seen. Merged ones are left out. One statement."""
    signals = (
        select(sa.func.count())
        .select_from(DossierSignal)
        .join(Signal, col(Signal.id) == col(DossierSignal.signal_id))
        .where(col(DossierSignal.dossier_id) == col(Dossier.id), counts())
        .correlate(Dossier)
        .scalar_subquery()
    )
    visible = visible_dossiers(actor).with_only_columns(col(Dossier.id))
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            col(Dossier.id),
            col(Dossier.reference),
            col(Dossier.title),
            col(Dossier.stage),
            col(Dossier.due_on),
            col(Dossier.contested),
            col(Dossier.first_in_line),
            col(Dossier.not_chosen_reason).is_not(None),
            col(Dossier.done_on),
            col(User.name),
            signals,
        )
        .join(User, col(User.id) == col(Dossier.lead_id), isouter=True)
        .where(col(Dossier.id).in_(visible), col(Dossier.merged_into_id).is_(None))
    )
    query = _narrow(query, filters)
    if after is not None:
        query = query.where(col(Dossier.id) < after)
    rows = session.execute(query.order_by(col(Dossier.id).desc()).limit(limit)).all()
    return [DossierRow(*row) for row in rows]


def _narrow(query: sa.Select[Any], filters: DossierFilters) -> sa.Select[Any]:
    if filters.stage is not None:
        query = query.where(col(Dossier.stage) == filters.stage)
    elif not filters.closed:
        query = query.where(col(Dossier.stage).in_(OPEN))
    if filters.theme:
        about = select(DossierTheme.dossier_id).where(DossierTheme.theme_code == filters.theme)
        query = query.where(col(Dossier.id).in_(about))
    if filters.lead_id is not None:
        mine = (col(Dossier.lead_id) == filters.lead_id) | (col(Dossier.second_id) == filters.lead_id)
        query = query.where(mine)
    for word in filters.text.split():
        query = query.where(
            col(Dossier.title).icontains(word, autoescape=True)
            | col(Dossier.worry).icontains(word, autoescape=True)
            | col(Dossier.reference).icontains(word, autoescape=True)
        )
    return query


def choices(
    session: Session, actor: Actor, *, theme_codes: Sequence[str] = (), limit: int = 300
) -> list[tuple[uuid.UUID, str]]:
    """Open dossiers to put a signal in: those about its themes first, then the newest. One statement."""
    query = open_dossiers(actor, tuple(theme_codes), limit)
    return [(dossier_id, name) for dossier_id, name in session.connection().execute(query).all()]


_NAME = col(Dossier.reference) + sa.literal_column("' · '") + col(Dossier.title)


@lru_cache(maxsize=64)
def open_dossiers(actor: Actor, theme_codes: tuple[str, ...], limit: int) -> sa.Select[*tuple[Any, ...]]:
    """The statement of `choices`, kept per person: id and name."""
    query: sa.Select[*tuple[Any, ...]] = (
        visible_dossiers(actor)
        .with_only_columns(col(Dossier.id), _NAME.label("name"))
        .where(col(Dossier.merged_into_id).is_(None), sa.or_(*(col(Dossier.stage) == each for each in OPEN)))
    )
    if theme_codes:
        shared = sa.select(sa.func.count()).where(
            col(DossierTheme.dossier_id) == col(Dossier.id), col(DossierTheme.theme_code).in_(theme_codes)
        )
        query = query.order_by(shared.scalar_subquery().desc())
    return query.order_by(col(Dossier.id).desc()).limit(limit)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a dossier: what, by whom (None: the system or a giver), when, with its ids and codes."""

    verb: str
    at: datetime
    who: str | None
    data: Mapping[str, Any]


def timeline(session: Session, dossier_id: uuid.UUID, *, limit: int = 100) -> list[Happened]:
    """What happened to a dossier, the last first."""
    rows = session.exec(
        select(Event.verb, Event.at, User.name, Event.data)
        .join(User, col(User.id) == col(Event.actor_id), isouter=True)
        .where(Event.subject_id == dossier_id)
        .order_by(col(Event.seq).desc())
        .limit(limit)
    ).all()
    return [Happened(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Links:
    """What a dossier stands on: its themes, parts of policy frames, and what was recommended before."""

    themes: tuple[str, ...]
    frame_items: tuple[uuid.UUID, ...]
    recommendations: tuple[Recommendation, ...]

    @property
    def asked_in(self) -> list[int]:
        """The years in which the same was asked before."""
        return sorted({recommendation.year for recommendation in self.recommendations})


def links_of(session: Session, dossier_id: uuid.UUID) -> Links:
    """Three statements."""
    themes = select(DossierTheme.theme_code).where(DossierTheme.dossier_id == dossier_id)
    items = select(DossierFrameItem.frame_item_id).where(DossierFrameItem.dossier_id == dossier_id)
    asked = select(DossierRecommendation.recommendation_id).where(
        DossierRecommendation.dossier_id == dossier_id
    )
    earlier = select(Recommendation).where(col(Recommendation.id).in_(asked))
    return Links(
        tuple(session.exec(themes.order_by(col(DossierTheme.theme_code))).all()),
        tuple(session.exec(items).all()),
        tuple(session.exec(earlier.order_by(col(Recommendation.year), col(Recommendation.id))).all()),
    )


def staff(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Staff of the platform by name: who can lead a dossier."""
    rows = session.exec(
        select(User.id, User.name)
        .where(
            col(User.active),
            col(User.id).in_(
                select(Membership.user_id).where(
                    Membership.role == Role.STAFF, col(Membership.until).is_(None)
                )
            ),
        )
        .order_by(User.name)
    ).all()
    return [(person, name) for person, name in rows]


def score_of(session: Session, dossier_id: uuid.UUID) -> tuple[dict[str, tuple[int, str]], dict[str, bool]]:
    """The points with their reasons, and the answers to the knock-out questions, by code."""
    points = session.exec(select(ScorePoint).where(ScorePoint.dossier_id == dossier_id)).all()
    answers = session.exec(select(KnockOutAnswer).where(KnockOutAnswer.dossier_id == dossier_id)).all()
    return (
        {row.criterion: (row.points, row.why) for row in points},
        {row.question: row.yes for row in answers},
    )


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """Dossiers that wait for the staff: a choice about the agenda that is late, a synthesis that waits or whose term is over."""
    if not may(actor, Permission.DOSSIER_EDIT):
        return []
    rows = session.execute(
        sa.select(col(Dossier.id), col(Dossier.reference), col(Dossier.title), col(Dossier.due_on))
        .where(
            col(Dossier.merged_into_id).is_(None),
            col(Dossier.stage) == Stage.BUNDLED,
            col(Dossier.due_on) < today,
            ~col(Dossier.first_in_line),
        )
        .order_by(col(Dossier.due_on))
        .limit(MOST_DUE)
    ).all()
    found = [
        Due(
            DueKind.TO_CHOOSE,
            title,
            "dossiers.dossier",
            {"dossier_id": str(dossier_id)},
            due_on,
            is_late(due_on, today),
            reference,
        )
        for dossier_id, reference, title, due_on in rows
    ]
    return found + _syntheses_due(session, today)


def _syntheses_due(session: Session, today: date) -> list[Due]:
    """Announced texts of dossiers that did not go to the city yet: waiting, or ready when the term is over."""
    last = (
        select(sa.func.max(SynthesisVersion.number))
        .where(
            col(SynthesisVersion.dossier_id) == col(Dossier.id),
            col(SynthesisVersion.announced_on).is_not(None),
        )
        .correlate(Dossier)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            col(Dossier.id), col(Dossier.reference), col(Dossier.title), col(SynthesisVersion.deadline_on)
        )
        .join(
            SynthesisVersion,
            (col(SynthesisVersion.dossier_id) == col(Dossier.id)) & (col(SynthesisVersion.number) == last),
        )
        .where(
            col(Dossier.merged_into_id).is_(None),
            col(Dossier.stage) == Stage.BUNDLED,
            col(Dossier.not_chosen_reason).is_(None),
        )
        .order_by(col(SynthesisVersion.deadline_on))
        .limit(MOST_DUE)
    ).all()
    return [
        Due(
            DueKind.READY_FOR_AGENDA if deadline is not None and today >= deadline else DueKind.SYNTHESIS,
            title,
            "dossiers.dossier",
            {"dossier_id": str(dossier_id)},
            deadline,
            late=False,
            reference=reference,
        )
        for dossier_id, reference, title, deadline in rows
    ]

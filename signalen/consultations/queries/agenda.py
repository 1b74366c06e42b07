"""Reads of consultations and agendas."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.consultations.models import AgendaItem, Commitment, Consultation, ConsultationState
from signalen.core.permissions import Actor, ActorKind, Permission, may
from signalen.dossiers.models import Ask, Dossier, DossierSignal, KnockOutAnswer, Round, ScorePoint
from signalen.dossiers.queries import missing_for_city
from signalen.dossiers.rules import Criterion, KnockOut, Score, score
from signalen.people.models import Body
from signalen.signals.models import Signal, Stage

MOST_CANDIDATES = 12
"""Dossiers that are offered for an agenda at once: readiness is looked up for each."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One point of an agenda with its dossier, and the promise because of which it came back."""

    item: AgendaItem
    reference: str = ""
    stage: Stage | None = None
    signals: int = 0
    points: int | None = None
    broken_on: date | None = None
    broken_what: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """The points of a consultation and the time they take, in minutes."""

    consultation: Consultation
    rows: Sequence[ItemRow]

    @property
    def minutes(self) -> int:
        """The sum of the minutes of all points."""
        return sum(row.item.minutes for row in self.rows)

    @property
    def left(self) -> int:
        """Minutes that are left; negative when there is too much on it."""
        return self.consultation.minutes - self.minutes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dossier that can go on an agenda, with its advisory score and what it still lacks (codes of `missing_for_city`)."""

    dossier: Dossier
    score: Score
    missing: tuple[str, ...]


def visible_consultations(actor: Actor) -> SelectOfScalar[Consultation]:
    """Staff see all; a city account those with the municipalities of its bodies; nobody else any."""
    query = select(Consultation)
    if actor.kind is ActorKind.SYSTEM or may(actor, Permission.CONSULTATION_EDIT):
        return query
    if not may(actor, Permission.CONSULTATION_READ):
        return query.where(sa.false())
    own = select(Body.municipality).where(col(Body.id).in_(actor.bodies))
    return query.where(col(Consultation.municipality).in_(own))


def find_consultation(session: Session, actor: Actor, consultation_id: uuid.UUID) -> Consultation | None:
    """The consultation, when this person may see it."""
    return session.exec(visible_consultations(actor).where(Consultation.id == consultation_id)).first()


def upcoming(session: Session, actor: Actor) -> Sequence[Consultation]:
    """Consultations that are still to be held, or whose day is over without a word about it; the first one first."""
    return session.exec(
        visible_consultations(actor)
        .where(col(Consultation.state).in_([ConsultationState.PLANNED, ConsultationState.FROZEN]))
        .order_by(col(Consultation.held_on), col(Consultation.starts), col(Consultation.id))
    ).all()


def open_for(session: Session, actor: Actor, dossier: Dossier) -> Sequence[Consultation]:
    """Consultations whose agenda is open for this dossier: those with its own municipality, the first one first."""
    return [
        each
        for each in upcoming(session, actor)
        if each.state is ConsultationState.PLANNED and each.municipality == dossier.municipality
    ]


def past(session: Session, actor: Actor, *, limit: int = 20) -> Sequence[Consultation]:
    """Consultations that were held or cancelled, the last one first."""
    return session.exec(
        visible_consultations(actor)
        .where(col(Consultation.state).in_([ConsultationState.HELD, ConsultationState.CANCELLED]))
        .order_by(col(Consultation.held_on).desc(), col(Consultation.id).desc())
        .limit(limit)
    ).all()


def items_of(session: Session, consultation_id: uuid.UUID) -> list[AgendaItem]:
    """The points of an agenda in order."""
    return list(
        session.exec(
            select(AgendaItem)
            .where(AgendaItem.consultation_id == consultation_id)
            .order_by(col(AgendaItem.position), col(AgendaItem.id))
        )
    )


def find_item(session: Session, consultation: Consultation, item_id: uuid.UUID) -> AgendaItem | None:
    """A point of this agenda."""
    item = session.get(AgendaItem, item_id)
    return item if item is not None and item.consultation_id == consultation.id else None


def agenda(session: Session, consultation: Consultation) -> Agenda:
    """The agenda with what each point is about: one statement, whatever its length. Totals are for the desk."""
    counted = (
        sa.select(sa.func.count())
        .select_from(DossierSignal)
        .join(Signal, col(Signal.id) == col(DossierSignal.signal_id))
        .where(
            col(DossierSignal.dossier_id) == col(Dossier.id),
            col(DossierSignal.until).is_(None),
            col(Signal.stage).not_in((Stage.WITHDRAWN, Stage.REFUSED)),
            ~col(Signal.sensitive) | col(Signal.released_at).is_not(None),
        )
        .correlate(Dossier)
        .scalar_subquery()
    )
    points = (
        sa.select(sa.func.sum(col(ScorePoint.points)))
        .where(col(ScorePoint.dossier_id) == col(Dossier.id))
        .correlate(Dossier)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            AgendaItem,
            col(Dossier.reference),
            col(Dossier.stage),
            counted,
            points,
            col(Commitment.due_on),
            col(Commitment.what),
        )
        .select_from(AgendaItem)
        .join(Dossier, col(Dossier.id) == col(AgendaItem.dossier_id), isouter=True)
        .join(Commitment, col(Commitment.id) == col(AgendaItem.because_commitment_id), isouter=True)
        .where(col(AgendaItem.consultation_id) == consultation.id)
        .order_by(col(AgendaItem.position), col(AgendaItem.id))
    ).all()
    return Agenda(
        consultation,
        [
            ItemRow(item, reference or "", stage, total or 0, given, broken_on, what or "")
            for item, reference, stage, total, given, broken_on, what in rows
        ],
    )


def candidates(session: Session, consultation: Consultation, today: date) -> list[Candidate]:
    """Bundled dossiers of this municipality: first in line first, then those that pass the knock-out questions, then by score.

    Not those for which staff said why not. At most `MOST_CANDIDATES`.
    """
    found = session.exec(
        select(Dossier)
        .where(
            Dossier.municipality == consultation.municipality,
            Dossier.stage == Stage.BUNDLED,
            col(Dossier.merged_into_id).is_(None),
            col(Dossier.not_chosen_reason).is_(None),
        )
        .order_by(col(Dossier.first_in_line).desc(), col(Dossier.id))
    ).all()
    scores = scores_of(session, [dossier.id for dossier in found])
    ranked = sorted(
        found,
        key=lambda d: (not d.first_in_line, not scores[d.id].eligible, -scores[d.id].total, d.reference),
    )
    return [
        Candidate(dossier, scores[dossier.id], missing_for_city(session, dossier, today))
        for dossier in ranked[:MOST_CANDIDATES]
    ]


def scores_of(session: Session, dossier_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Score]:
    """The advisory score of each of these dossiers: two statements."""
    points: dict[uuid.UUID, dict[Criterion, int]] = {each: {} for each in dossier_ids}
    answers: dict[uuid.UUID, dict[KnockOut, bool]] = {each: {} for each in dossier_ids}
    known, asked = set(Criterion), set(KnockOut)
    for point in session.exec(select(ScorePoint).where(col(ScorePoint.dossier_id).in_(dossier_ids))):
        if point.criterion in known:
            points[point.dossier_id][Criterion(point.criterion)] = point.points
    for answer in session.exec(select(KnockOutAnswer).where(col(KnockOutAnswer.dossier_id).in_(dossier_ids))):
        if answer.question in asked:
            answers[answer.dossier_id][KnockOut(answer.question)] = answer.yes
    return {each: score(points[each], answers[each]) for each in dossier_ids}


def bodies_asked(
    session: Session, dossier_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[uuid.UUID, str]]]:
    """Bodies that were ever asked something about each of these dossiers, by name."""
    rows = session.exec(
        select(Round.dossier_id, Body.id, Body.name)
        .join(Ask, col(Ask.round_id) == col(Round.id))
        .join(Body, col(Body.id) == col(Ask.body_id))
        .where(col(Round.dossier_id).in_(dossier_ids))
        .order_by(Body.name)
        .distinct()
    ).all()
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {}
    for dossier_id, body_id, name in rows:
        found.setdefault(dossier_id, []).append((body_id, name))
    return found

"""Reads about decisions and tests. Each starts from what this person may see; absent and not yours are the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import Commitment, CommitmentState
from signalen.core.due import Due, DueKind, is_late
from signalen.core.permissions import Actor, Permission, may, object_rule
from signalen.dossiers.models import Dossier
from signalen.people.models import Body, User
from signalen.signals.models import Signal
from signalen.toetsen import questionnaires, rules
from signalen.toetsen.models import (
    Condition,
    Decision,
    DecisionStage,
    Evidence,
    EvidenceKind,
    Outcome,
    Perspective,
    Toets,
    ToetsAnswer,
    ToetsState,
)
from signalen.toetsen.questionnaires import Questionnaire
from signalen.toetsen.snapshots import Proof, Voice
from signalen.toetsen.workflow import FINAL, STAGES

ANSWERS = {
    Perspective.CITY: Permission.TOETS_ANSWER_CITY,
    Perspective.PLATFORM: Permission.TOETS_EDIT,
    Perspective.PANEL: Permission.TOETS_ANSWER_PANEL,
}
"""Who may answer from which perspective."""


@object_rule(Permission.TOETS_ANSWER_CITY, of=Decision)
def city_answers_for_its_own_bodies(actor: Actor, decision: Decision) -> bool:
    """A city account answers for the body that decides, and for no other."""
    return decision.body_id in actor.bodies


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A line in a list of decisions, with its newest test."""

    id: uuid.UUID
    title: str
    body: str
    stage: DecisionStage
    decided_on: date | None
    toets_id: uuid.UUID | None = None
    public_id: str | None = None
    state: ToetsState | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A test that waits for the answers of one person."""

    toets_id: uuid.UUID
    title: str
    summary: str
    body: str
    answered: int
    questions: int


def visible_decisions(actor: Actor) -> Any:
    """The decisions this person may see: staff all, the city those of its own bodies, others none."""
    query = select(Decision)
    if may(actor, Permission.TOETS_EDIT):
        return query
    return query.where(col(Decision.body_id).in_(actor.bodies) if actor.bodies else sa.false())


def find_decision(session: Session, actor: Actor, decision_id: uuid.UUID) -> Decision | None:
    """One decision, when this person may see it."""
    found: Decision | None = session.exec(visible_decisions(actor).where(Decision.id == decision_id)).first()
    return found


def list_decisions(session: Session, actor: Actor) -> list[DecisionRow]:
    """Decisions, newest first, each with its newest test."""
    if not may(actor, Permission.TOETS_EDIT):
        return []
    newest = (
        select(Toets.decision_id, sa.func.max(Toets.started_at).label("at"))
        .group_by(col(Toets.decision_id))
        .subquery()
    )
    found = session.exec(
        sa.select(
            Decision.id,
            Decision.title,
            Body.name,
            Decision.stage,
            Decision.decided_on,
            Toets.id,
            Toets.public_id,
            Toets.state,
            Toets.outcome,
        )  # type: ignore[call-overload]  # more columns than the overloads know
        .join(Body, col(Body.id) == col(Decision.body_id))
        .join(newest, newest.c.decision_id == col(Decision.id), isouter=True)
        .join(
            Toets,
            (col(Toets.decision_id) == col(Decision.id)) & (col(Toets.started_at) == newest.c.at),
            isouter=True,
        )
        .order_by(col(Decision.created_at).desc(), col(Decision.id))
    ).all()
    seen: dict[uuid.UUID, DecisionRow] = {}
    for row in found:
        seen.setdefault(row[0], DecisionRow(*row))
    return list(seen.values())


def find_toets(
    session: Session, actor: Actor, toets_id: uuid.UUID, perspective: Perspective
) -> tuple[Toets, Decision] | None:
    """A test and its decision, when this person may answer it from this perspective. The panel sees open tests."""
    found = session.exec(
        select(Toets, Decision)
        .join(Decision, col(Decision.id) == col(Toets.decision_id))
        .where(Toets.id == toets_id)
    ).first()
    if found is None or not may(actor, ANSWERS[perspective], found[1]):
        return None
    if perspective is not Perspective.PLATFORM and found[0].state is not ToetsState.OPEN:
        return None
    return found[0], found[1]


def tests_of(session: Session, decision_id: uuid.UUID) -> list[Toets]:
    """The tests of a decision in the order of its moments: before, after, after the evaluation."""
    found = session.exec(
        select(Toets).where(Toets.decision_id == decision_id).order_by(col(Toets.started_at))
    ).all()
    return sorted(found, key=lambda each: STAGES.index(each.asked_at_stage))


def tasks(session: Session, actor: Actor, perspective: Perspective) -> list[Task]:
    """Open tests that wait for this person, the least answered first."""
    if not may(actor, ANSWERS[perspective]):
        return []
    query = (
        select(Toets, Decision, Body.name)
        .join(Decision, col(Decision.id) == col(Toets.decision_id))
        .join(Body, col(Body.id) == col(Decision.body_id))
        .where(Toets.state == ToetsState.OPEN)
        .order_by(col(Toets.started_at))
    )
    if perspective is Perspective.CITY:
        query = query.where(col(Decision.body_id).in_(actor.bodies) if actor.bodies else sa.false())
    found = session.exec(query).all()
    mine = own_answers(session, [toets.id for toets, _, _ in found], actor, perspective)
    listed = []
    for toets, decision, body in found:
        form = form_of(toets)
        givens = [voice_of(answer, "nl").given for answer in mine.get(toets.id, [])]
        done, whole = rules.progress(form, perspective, givens)
        listed.append(Task(toets.id, decision.title, decision.summary, body, done, whole))
    return sorted(listed, key=lambda task: task.answered)


def own_answers(
    session: Session, toetsen: Sequence[uuid.UUID], actor: Actor, perspective: Perspective
) -> dict[uuid.UUID, list[ToetsAnswer]]:
    """What this person answered, per test."""
    kept: dict[uuid.UUID, list[ToetsAnswer]] = {}
    if toetsen and actor.id is not None:
        for answer in session.exec(
            select(ToetsAnswer).where(
                col(ToetsAnswer.toets_id).in_(toetsen),
                ToetsAnswer.perspective == perspective,
                ToetsAnswer.user_id == actor.id,
            )
        ).all():
            kept.setdefault(answer.toets_id, []).append(answer)
    return kept


def find_answer(
    session: Session, toets: Toets, question: str, perspective: Perspective, user_id: uuid.UUID
) -> ToetsAnswer | None:
    """One person's answer to one question."""
    return session.exec(
        select(ToetsAnswer).where(
            ToetsAnswer.toets_id == toets.id,
            ToetsAnswer.question == question,
            ToetsAnswer.perspective == perspective,
            ToetsAnswer.user_id == user_id,
        )
    ).first()


def evidence_of(session: Session, answer_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Evidence]]:
    """The evidence of each answer, oldest first."""
    kept: dict[uuid.UUID, list[Evidence]] = {}
    for proof in session.exec(
        select(Evidence).where(col(Evidence.answer_id).in_(list(answer_ids))).order_by(col(Evidence.at))
    ).all():
        kept.setdefault(proof.answer_id, []).append(proof)
    return kept


def form_of(toets: Toets) -> Questionnaire:
    """The version of the questionnaire a test is made with."""
    return questionnaires.load(toets.questionnaire, toets.questionnaire_version)


def voice_of(answer: ToetsAnswer, language: str, author: str = "", proofs: Iterable[Evidence] = ()) -> Voice:
    """An answer as the rules and the pages see it."""
    return Voice(
        question=answer.question,
        perspective=answer.perspective,
        person=str(answer.user_id),
        language=language,
        author=author,
        value=str(answer.points) if answer.points is not None else (answer.value or ""),
        not_known=answer.not_known,
        ground=answer.ground,
        evidence=tuple(
            Proof(p.kind, "" if p.kind is EvidenceKind.SIGNAL else p.label, p.uri or "") for p in proofs
        ),
    )


def voices(session: Session, toets: Toets, *, body: str) -> list[Voice]:
    """Every answer of a test. The public reads the body behind the city's, and nobody's name."""
    found = session.exec(
        select(ToetsAnswer, User.language)
        .join(User, col(User.id) == col(ToetsAnswer.user_id))
        .where(ToetsAnswer.toets_id == toets.id)
        .order_by(col(ToetsAnswer.user_id), col(ToetsAnswer.question))
    ).all()
    proofs = evidence_of(session, [answer.id for answer, _ in found])
    return [
        voice_of(a, language, body if a.perspective is Perspective.CITY else "", proofs.get(a.id, ()))
        for a, language in found
    ]


def conditions_of(session: Session, toets_id: uuid.UUID) -> list[tuple[Condition, Commitment]]:
    """The conditions of a test, each with the commitment it became."""
    found = session.exec(
        select(Condition, Commitment)
        .join(Commitment, col(Commitment.id) == col(Condition.commitment_id))
        .where(Condition.toets_id == toets_id)
        .order_by(col(Commitment.due_on), col(Condition.id))
    ).all()
    return [(condition, commitment) for condition, commitment in found]


def commitment_states(session: Session, ids: Iterable[str]) -> dict[str, CommitmentState]:
    """How the conditions of a finished test stand today; what was erased is simply not in it."""
    wanted = [uuid.UUID(each) for each in ids]
    found = session.exec(select(Commitment).where(col(Commitment.id).in_(wanted))).all()
    return {str(each.id): each.state for each in found}


def published(session: Session, public_id: str) -> tuple[Toets, Decision] | None:
    """A finished test that everybody may read."""
    return session.exec(
        select(Toets, Decision)
        .join(Decision, col(Decision.id) == col(Toets.decision_id))
        .where(Toets.public_id == public_id, col(Toets.state).in_(FINAL))
    ).first()


def public_tests(session: Session) -> list[DecisionRow]:
    """Finished tests, newest first."""
    found = session.exec(
        sa.select(
            Decision.id,
            Decision.title,
            Body.name,
            Toets.asked_at_stage,
            Decision.decided_on,
            Toets.id,
            Toets.public_id,
            Toets.state,
            Toets.outcome,
        )  # type: ignore[call-overload]  # more columns than the overloads know
        .join(Decision, col(Decision.id) == col(Toets.decision_id))
        .join(Body, col(Body.id) == col(Decision.body_id))
        .where(col(Toets.state).in_(FINAL))
        .order_by(col(Toets.closed_at).desc(), col(Toets.id))
    ).all()
    return [DecisionRow(*row) for row in found]


def find_reference(session: Session, kind: EvidenceKind, reference: str) -> uuid.UUID | None:
    """The signal or dossier with this reference. A sensitive signal is found only after its safe line was released."""
    wanted = reference.strip().upper()
    if kind is EvidenceKind.DOSSIER:
        return session.exec(select(Dossier.id).where(sa.func.upper(Dossier.reference) == wanted)).first()
    if kind is EvidenceKind.SIGNAL:
        return session.exec(
            select(Signal.id).where(
                sa.func.upper(Signal.reference) == wanted,
                sa.or_(~col(Signal.sensitive), col(Signal.released_at).is_not(None)),
            )
        ).first()
    return None


def find_own_evidence(
    session: Session, toets: Toets, actor: Actor, evidence_id: uuid.UUID
) -> tuple[ToetsAnswer, Evidence] | None:
    """A piece of evidence under an answer of this person."""
    found = session.exec(
        select(ToetsAnswer, Evidence)
        .join(Evidence, col(Evidence.answer_id) == col(ToetsAnswer.id))
        .where(Evidence.id == evidence_id, ToetsAnswer.toets_id == toets.id, ToetsAnswer.user_id == actor.id)
    ).first()
    return (found[0], found[1]) if found else None


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """Tests that wait for staff: a quickscan to act on, one that is being answered, an evaluation whose day has come."""
    if not may(actor, Permission.TOETS_EDIT):
        return []
    waiting = session.exec(
        select(Toets.id, Decision.title)
        .join(Decision, col(Decision.id) == col(Toets.decision_id))
        .where(col(Toets.state).not_in(FINAL))
        .order_by(col(Toets.started_at))
    ).all()
    listed = [Due(DueKind.TOETS, title, "toetsen.toets", {"toets_id": str(key)}) for key, title in waiting]
    come = {decision: day for decision, day in evaluations(session) if day <= today}
    titles = session.exec(select(Decision.id, Decision.title).where(col(Decision.id).in_(come))).all()
    return listed + [
        Due(
            DueKind.TOETS,
            title,
            "toetsen.decision",
            {"decision_id": str(key)},
            due_on=come[key],
            late=is_late(come[key], today),
        )
        for key, title in titles
    ]


def evaluations(session: Session) -> list[tuple[uuid.UUID, date]]:
    """Decisions with a promised evaluation day that were not tested again at that moment, and the last such day."""
    again = select(Toets.decision_id).where(Toets.asked_at_stage == DecisionStage.EVALUATION)
    promised = col(Toets.frozen)["evaluation"]["evaluation_on"].as_string()
    found = session.execute(
        sa.select(col(Toets.decision_id), promised)
        .where(Toets.state == ToetsState.CLOSED, col(Toets.decision_id).not_in(again), promised != "")  # type: ignore[arg-type]
        .order_by(col(Toets.closed_at))
    ).all()
    last = {decision: date.fromisoformat(day) for decision, day in found}
    return sorted(last.items(), key=lambda each: each[1])

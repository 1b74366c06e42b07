"""What happens to decisions and tests, one verb each. A finished test changes no more: a new moment is a new test."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from signalen.consultations.operations import commit_to
from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.ids import public_id
from signalen.core.permissions import Actor, Permission, check_may
from signalen.people.models import User
from signalen.toetsen import rules
from signalen.toetsen.models import (
    Condition,
    Decision,
    DecisionDossier,
    DecisionGroup,
    DecisionPlace,
    DecisionStage,
    DecisionTheme,
    Evidence,
    EvidenceKind,
    Outcome,
    Perspective,
    Toets,
    ToetsAnswer,
    ToetsState,
    ToetsVerb,
)
from signalen.toetsen.queries import ANSWERS, conditions_of, find_answer, form_of, voices
from signalen.toetsen.questionnaires import BadValueError, QuestionType
from signalen.toetsen.results import compose
from signalen.toetsen.rules import Gap
from signalen.toetsen.subjects import body_name, touches
from signalen.toetsen.workflow import check_move

PARTICIPATIETOETS = ("participatietoets", 1)
"""Code and version of the questionnaire that new tests are made with."""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What staff write down about a decision. `dossiers`: those that have to do with it."""

    title: str
    summary: str
    body_id: uuid.UUID
    municipality: str
    stage: DecisionStage
    decided_on: date | None = None
    uri: str | None = None
    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    dossiers: tuple[uuid.UUID, ...] = ()


def record_decision(session: Session, facts: DecisionFacts, *, actor: Actor, demo: bool = False) -> Decision:
    """Writes down a decision that can be tested."""
    check_may(actor, Permission.TOETS_EDIT)
    decision = Decision(
        public_id=public_id(),
        title=facts.title,
        summary=facts.summary,
        body_id=facts.body_id,
        municipality=facts.municipality,
        stage=facts.stage,
        decided_on=facts.decided_on,
        uri=facts.uri,
        created_at=clock.now(),
        demo=demo,
    )
    session.add(decision)
    session.flush()
    _link(session, decision, facts)
    events.record(session, ToetsVerb.DECISION_RECORDED, decision, actor=actor, stage=decision.stage)
    return decision


def change_decision(session: Session, decision: Decision, facts: DecisionFacts, *, actor: Actor) -> None:
    """Changes what is known about a decision. Finished tests keep what was known then."""
    check_may(actor, Permission.TOETS_EDIT)
    decision.title, decision.summary = facts.title, facts.summary
    decision.body_id, decision.municipality = facts.body_id, facts.municipality
    decision.stage, decision.decided_on, decision.uri = facts.stage, facts.decided_on, facts.uri
    session.add(decision)
    for table in (DecisionTheme, DecisionGroup, DecisionPlace, DecisionDossier):
        session.connection().execute(sa.delete(table).where(col(table.decision_id) == decision.id))
    _link(session, decision, facts)
    events.record(session, ToetsVerb.DECISION_CHANGED, decision, actor=actor, stage=decision.stage)


def _link(session: Session, decision: Decision, facts: DecisionFacts) -> None:
    rows: list[SQLModel] = [
        *(DecisionTheme(decision_id=decision.id, theme_code=code) for code in dict.fromkeys(facts.themes)),
        *(DecisionGroup(decision_id=decision.id, group_code=code) for code in dict.fromkeys(facts.groups)),
        *(DecisionPlace(decision_id=decision.id, place_code=code) for code in dict.fromkeys(facts.places)),
        *(DecisionDossier(decision_id=decision.id, dossier_id=key) for key in dict.fromkeys(facts.dossiers)),
    ]
    session.add_all(rows)
    session.flush()


def quickscan(session: Session, decision: Decision, answers: Mapping[str, str], *, actor: Actor) -> Toets:
    """Looks whether a decision needs the full test; the answers are kept with the test they begin.

    `answers`: code → "yes", "no", "not_known" or words. Raises `Missing` with the codes that have no answer.
    """
    check_may(actor, Permission.TOETS_EDIT)
    code, version = PARTICIPATIETOETS
    toets = Toets(
        public_id=public_id(),
        decision_id=decision.id,
        questionnaire=code,
        questionnaire_version=version,
        asked_at_stage=decision.stage,
        started_at=clock.now(),
        demo=decision.demo,
    )
    questions = form_of(toets).quickscan
    kept = {q.code: answers.get(q.code, "").strip() for q in questions}
    lacking = [
        q.code
        for q in questions
        if q.type is QuestionType.YES_NO and kept[q.code] not in {"yes", "no", "not_known"}
    ]
    if lacking:
        raise Missing(*lacking)
    result = rules.quickscan_result(questions, kept)
    toets.quickscan = {
        "answers": kept,
        "result": result.value,
        "by": str(actor.user_id),
        "on": clock.today().isoformat(),
    }
    session.add(toets)
    session.flush()
    events.record(session, ToetsVerb.QUICKSCANNED, toets, actor=actor, result=result.value)
    return toets


def start_toets(session: Session, toets: Toets, *, actor: Actor) -> None:
    """Opens the full test for the three perspectives."""
    check_may(actor, Permission.TOETS_EDIT)
    check_move(toets.state, ToetsState.OPEN)
    toets.state = ToetsState.OPEN
    session.add(toets)
    events.record(session, ToetsVerb.STARTED, toets, actor=actor)


def skip_test(session: Session, toets: Toets, decision: Decision, reason: str, *, actor: Actor) -> None:
    """Not tested is an outcome too, with a reason and a name; it is public like every other."""
    check_may(actor, Permission.TOETS_EDIT)
    check_move(toets.state, ToetsState.NOT_TESTED)
    if not reason.strip():
        raise Missing("reason")
    toets.not_tested_reason, toets.not_tested_by = reason.strip(), actor.user_id
    toets.outcome = Outcome.NOT_TESTED
    _freeze(
        session, toets, decision, actor, ToetsState.NOT_TESTED, reason=reason.strip(), concluded_by=actor.name
    )
    events.record(session, ToetsVerb.NOT_TESTED, toets, actor=actor)


def answer(
    session: Session,
    toets: Toets,
    decision: Decision,
    question_code: str,
    perspective: Perspective,
    *,
    value: str = "",
    not_known: bool = False,
    ground: str = "",
    actor: Actor,
) -> ToetsAnswer | None:
    """Keeps one person's answer to one question, in place of an earlier one; empty takes it back (None).

    Raises `DomainError("bad-value")` for what is no answer to this question.
    """
    check_may(actor, ANSWERS[perspective], decision)
    _check_open(toets)
    question = form_of(toets).find(question_code)
    if question is None or perspective not in question.by:
        raise DomainError("no-such-question", question=question_code)
    kept = find_answer(session, toets, question_code, perspective, actor.user_id)
    if not not_known and not value.strip():
        if kept is not None:
            _take_back(session, kept)
            events.record(
                session, ToetsVerb.ANSWERED, toets, actor=actor, question=question_code, taken_back=True
            )
        return None
    try:
        read = "" if not_known else question.read(value)
    except BadValueError as error:
        raise DomainError("bad-value", question=question_code) from error
    scored = question.type is QuestionType.SCALE
    points = int(read) if scored and read else None
    words = read if read and not scored else None
    if kept is None:
        kept = ToetsAnswer(
            toets_id=toets.id,
            question=question_code,
            perspective=perspective,
            user_id=actor.user_id,
            at=clock.now(),
        )
    elif (kept.points, kept.value, kept.not_known, kept.ground) == (points, words, not_known, ground.strip()):
        return kept
    kept.points, kept.value, kept.not_known, kept.ground = points, words, not_known, ground.strip()
    kept.at = clock.now()
    session.add(kept)
    session.flush()
    events.record(
        session, ToetsVerb.ANSWERED, toets, actor=actor, question=question_code, perspective=perspective
    )
    return kept


def _take_back(session: Session, kept: ToetsAnswer) -> None:
    session.connection().execute(sa.delete(Evidence).where(col(Evidence.answer_id) == kept.id))
    session.delete(kept)
    session.flush()


def add_evidence(
    session: Session,
    toets: Toets,
    given: ToetsAnswer,
    kind: EvidenceKind,
    label: str,
    *,
    actor: Actor,
    uri: str | None = None,
    ref_id: uuid.UUID | None = None,
) -> Evidence:
    """Says what an answer leans on. `label` is read by everyone, except for a signal, of which only the kind is shown."""
    _check_open(toets)
    _check_own(given, actor)
    proof = Evidence(
        answer_id=given.id, kind=kind, label=label.strip(), uri=uri or None, ref_id=ref_id, at=clock.now()
    )
    session.add(proof)
    session.flush()
    events.record(session, ToetsVerb.EVIDENCE_ADDED, toets, actor=actor, question=given.question, kind=kind)
    return proof


def remove_evidence(
    session: Session, toets: Toets, given: ToetsAnswer, proof: Evidence, *, actor: Actor
) -> None:
    """Takes evidence away again."""
    _check_open(toets)
    _check_own(given, actor)
    session.delete(proof)
    events.record(
        session, ToetsVerb.EVIDENCE_REMOVED, toets, actor=actor, question=given.question, kind=proof.kind
    )


def conclude(
    session: Session, toets: Toets, decision: Decision, outcome: Outcome, reason: str, *, actor: Actor
) -> None:
    """A named person writes the outcome. One that departs from the worst of the perspectives needs a reason."""
    check_may(actor, Permission.TOETS_EDIT)
    _check_open(toets)
    if outcome is Outcome.NOT_TESTED:
        raise DomainError("not-an-outcome")
    if rules.departs(suggestion(session, toets, decision), outcome) and not reason.strip():
        raise DomainError("departure-needs-reason")
    toets.outcome, toets.outcome_reason, toets.outcome_by = outcome, reason.strip(), actor.user_id
    session.add(toets)
    events.record(session, ToetsVerb.CONCLUDED, toets, actor=actor, outcome=outcome)


def add_condition(
    session: Session, toets: Toets, decision: Decision, words: str, *, owner: str, due_on: date, actor: Actor
) -> Condition:
    """A condition becomes a commitment of the body that decides, with an owner and a date, and runs in the loop.

    Where the decision belongs to one dossier, the promise is that dossier's: a late one opens it again.
    """
    check_may(actor, Permission.TOETS_EDIT)
    _check_open(toets)
    dossiers = touches(session, decision.id).dossiers
    commitment = commit_to(
        session,
        dossier_id=dossiers[0] if len(dossiers) == 1 else None,
        answer_id=None,
        body_id=decision.body_id,
        what=words.strip(),
        owner=owner.strip(),
        due_on=due_on,
        actor=actor,
    )
    condition = Condition(toets_id=toets.id, words=words.strip(), commitment_id=commitment.id)
    session.add(condition)
    session.flush()
    events.record(session, ToetsVerb.CONDITION_ADDED, toets, actor=actor, commitment=str(commitment.id))
    return condition


def close(
    session: Session, toets: Toets, decision: Decision, *, actor: Actor, unanswered_reason: str = ""
) -> None:
    """Freezes the test and makes it public. Raises `Missing` with what still lacks.

    Questions that stayed without answer need `unanswered_reason`, which is published; nothing opens the other gaps.
    """
    check_may(actor, Permission.TOETS_EDIT)
    check_move(toets.state, ToetsState.CLOSED)
    found = missing(session, toets, decision)
    hard = rules.blocking(found)
    if hard:
        raise Missing(*sorted({gap.kind.value for gap in hard}))
    if found and not unanswered_reason.strip():
        raise Missing(rules.GapKind.UNANSWERED.value)
    _freeze(
        session,
        toets,
        decision,
        actor,
        ToetsState.CLOSED,
        concluded_by=_name(session, toets),
        unanswered_reason=unanswered_reason.strip() if found else "",
        unanswered=[[gap.question, gap.perspective.value] for gap in found if gap.perspective],
    )
    events.record(session, ToetsVerb.CLOSED, toets, actor=actor, outcome=toets.outcome)


def suggestion(session: Session, toets: Toets, decision: Decision) -> Outcome:
    """The worst of the perspectives, as the answers stand."""
    said = voices(session, toets, body=body_name(session, decision.body_id))
    return rules.suggested(form_of(toets), [voice.given for voice in said])


def missing(session: Session, toets: Toets, decision: Decision) -> tuple[Gap, ...]:
    """What lacks before the test can be closed."""
    said = voices(session, toets, body=body_name(session, decision.body_id))
    return rules.gaps(
        form_of(toets),
        [voice.given for voice in said],
        outcome=toets.outcome,
        reason=toets.outcome_reason,
        conditions=len(conditions_of(session, toets.id)),
    )


def _freeze(
    session: Session, toets: Toets, decision: Decision, actor: Actor, state: ToetsState, **conclusion: Any
) -> None:
    toets.closed_at, toets.closed_by = clock.now(), actor.user_id
    toets.frozen = compose(
        session,
        toets,
        decision,
        conclusion={"closed_on": clock.today().isoformat(), "closed_by": actor.name, **conclusion},
        shuffle=random.SystemRandom(),
    )
    toets.state = state
    session.add(toets)
    session.flush()


def _check_open(toets: Toets) -> None:
    if toets.state is not ToetsState.OPEN:
        raise DomainError("toets-not-open")


def _check_own(given: ToetsAnswer, actor: Actor) -> None:
    if given.user_id != actor.user_id:
        raise DomainError("not-your-answer")


def _name(session: Session, toets: Toets) -> str:
    return session.exec(select(User.name).where(User.id == toets.outcome_by)).first() or ""

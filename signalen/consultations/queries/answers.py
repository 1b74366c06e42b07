"""Reads of asks, answers and promises. A city account sees what its bodies were asked and nothing of any signal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.consultations.models import (
    Answer,
    AnswerKind,
    CityQuestion,
    Commitment,
    CommitmentState,
)
from signalen.consultations.rules import commitment_is_late
from signalen.core.permissions import Actor, ActorKind, Permission, may, object_rule
from signalen.dossiers.models import Ask, Dossier, Round, RoundState, SynthesisVersion
from signalen.dossiers.queries import quotes, standing
from signalen.people.models import Body
from signalen.signals.models import Stage


@object_rule(Permission.ASK_READ, of=Ask)
@object_rule(Permission.ASK_ANSWER, of=Ask)
def _own_body(actor: Actor, ask: Ask) -> bool:
    """A city account reads and answers what was asked of its own bodies, once it went out."""
    return ask.body_id in actor.bodies and ask.asked_on is not None


@dataclass(frozen=True, slots=True)
class AskRow:
    """An ask in a list: what, of whom, since when and until when."""

    id: uuid.UUID
    measure: str
    body: str
    title: str
    reference: str
    dossier_id: uuid.UUID
    stage: Stage
    asked_on: date
    due_on: date | None
    paused_since: date | None
    extended: bool
    final: bool
    round_state: RoundState
    round_number: int
    last_kind: AnswerKind | None

    @property
    def open(self) -> bool:
        """Whether an answer is still waited for."""
        return not self.final and self.round_state is RoundState.ASKED

    def late(self, today: date) -> bool:
        """Late from the day after its date, unless its clock stands still."""
        return self.open and self.paused_since is None and self.due_on is not None and today > self.due_on


@dataclass(frozen=True, slots=True)
class AskPage:
    """Everything a city account may read about one ask: title, ask, agreed synthesis, names that agreed, consented quotes,
    and what was answered. Never a word of a signal.
    """

    ask: Ask
    row: AskRow
    synthesis: str
    names: Sequence[str]
    quotes: Sequence[tuple[str, str]]
    answers: Sequence[Answer]
    question: CityQuestion | None
    replies: dict[uuid.UUID, CityQuestion]
    last_round: bool

    @property
    def correctable(self) -> bool:
        """Whether its answers can still be corrected: its round is the last one, and the givers were not told."""
        return self.last_round and self.row.stage in {Stage.ASKED, Stage.ANSWERED}

    @property
    def answerable(self) -> bool:
        """Whether an answer can be given: it is open, or none came and nobody was told that yet."""
        none_came = not self.answers or self.answers[-1].kind is AnswerKind.NONE
        return self.row.open or (self.correctable and none_came)


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A promise in a list."""

    id: uuid.UUID
    what: str
    owner: str
    due_on: date
    state: CommitmentState
    proof: str
    closed_on: date | None
    late_since: date | None
    body: str
    title: str
    reference: str
    dossier_id: uuid.UUID | None

    def late(self, today: date) -> bool:
        """Past its date and neither kept nor dropped."""
        return commitment_is_late(self.state, self.due_on, today)


def visible_asks(actor: Actor) -> SelectOfScalar[Ask]:
    """Asks that went out: all of them for staff, those of their bodies for a city account, none for anyone else."""
    query = select(Ask).where(col(Ask.asked_on).is_not(None))
    if actor.kind is ActorKind.SYSTEM or may(actor, Permission.ANSWER_RECORD):
        return query
    if may(actor, Permission.ASK_READ):
        return query.where(col(Ask.body_id).in_(actor.bodies))
    return query.where(sa.false())


def find_ask(session: Session, actor: Actor, ask_id: uuid.UUID) -> Ask | None:
    """The ask, when this person may see it."""
    return session.exec(visible_asks(actor).where(Ask.id == ask_id)).first()


def find_answer(session: Session, actor: Actor, answer_id: uuid.UUID) -> Answer | None:
    """The answer, when this person may see its ask."""
    answer = session.get(Answer, answer_id)
    return answer if answer is not None and find_ask(session, actor, answer.ask_id) else None


def ask_rows(session: Session, actor: Actor, *where: Any, limit: int = 200) -> list[AskRow]:
    """Asks this person may see, by date: one statement."""
    visible = visible_asks(actor).with_only_columns(col(Ask.id))
    last_kind = (
        sa.select(col(Answer.kind))
        .where(col(Answer.ask_id) == col(Ask.id), col(Answer.replaced_by_id).is_(None))
        .order_by(col(Answer.recorded_at).desc(), col(Answer.id).desc())
        .limit(1)
        .correlate(Ask)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            col(Ask.id),
            col(Ask.measure),
            col(Body.name),
            col(Dossier.title),
            col(Dossier.reference),
            col(Dossier.id),
            col(Dossier.stage),
            col(Ask.asked_on),
            col(Ask.due_on),
            col(Ask.paused_since),
            col(Ask.extended),
            col(Ask.final),
            col(Round.state),
            col(Round.number),
            last_kind,
        )
        .join(Round, col(Round.id) == col(Ask.round_id))
        .join(Dossier, col(Dossier.id) == col(Round.dossier_id))
        .join(Body, col(Body.id) == col(Ask.body_id))
        .where(col(Ask.id).in_(visible), *where)
        .order_by(col(Ask.due_on), col(Ask.id))
        .limit(limit)
    ).all()
    return [AskRow(*row) for row in rows]


def open_asks(session: Session, actor: Actor, *, limit: int = 200) -> list[AskRow]:
    """Asks that wait for an answer, the first date first."""
    return ask_rows(session, actor, ~col(Ask.final), col(Round.state) == RoundState.ASKED, limit=limit)


def late_asks(session: Session, today: date, *, actor: Actor) -> list[AskRow]:
    """Open asks past their date whose clock runs."""
    return ask_rows(
        session,
        actor,
        ~col(Ask.final),
        col(Round.state) == RoundState.ASKED,
        col(Ask.paused_since).is_(None),
        col(Ask.due_on) < today,
    )


def answered_asks(session: Session, actor: Actor, *, limit: int = 100) -> list[AskRow]:
    """Asks that are answered, or were declared unanswered; the last one first."""
    rows = ask_rows(session, actor, sa.or_(col(Ask.final), col(Round.state) != RoundState.ASKED), limit=limit)
    return sorted(rows, key=lambda row: row.asked_on, reverse=True)


def asks_for_city(session: Session, actor: Actor) -> list[AskRow]:
    """What a city account still has to answer, by date."""
    return open_asks(session, actor)


def ask_page(session: Session, actor: Actor, ask_id: uuid.UUID) -> AskPage | None:
    """One ask as its body may read it; None when it is not theirs, or not there."""
    rows = ask_rows(session, actor, col(Ask.id) == ask_id)
    if not rows:
        return None
    ask = session.get_one(Ask, ask_id)
    round_ = session.get_one(Round, ask.round_id)
    version = session.get(SynthesisVersion, round_.synthesis_id) if round_.synthesis_id else None
    names: Sequence[str] = ()
    if version is not None and round_.asked_on is not None:
        names = standing(session, version, round_.asked_on).agreed
    later = session.exec(
        select(
            sa.exists().where(col(Round.dossier_id) == round_.dossier_id, col(Round.number) > round_.number)
        )
    ).one()
    given = answers_to(session, ask_id, replaced=True)
    replies = {
        question.answer_id: question
        for question in session.exec(
            select(CityQuestion).where(col(CityQuestion.answer_id).in_([answer.id for answer in given]))
        )
    }
    return AskPage(
        ask,
        rows[0],
        version.body if version else "",
        names,
        consented_quotes(session, rows[0].dossier_id),
        given,
        open_question(session, ask_id),
        replies,
        not later,
    )


def consented_quotes(session: Session, dossier_id: uuid.UUID) -> list[tuple[str, str]]:
    """Words and language of copied quotes that may still be shown: from the copies only, never from a signal."""
    return [(quote.words, quote.language) for quote in quotes(session, dossier_id)]


def answers_to(session: Session, ask_id: uuid.UUID, *, replaced: bool = False) -> Sequence[Answer]:
    """Answers to an ask, the first one first; `replaced`: also those that were corrected."""
    query = select(Answer).where(Answer.ask_id == ask_id)
    if not replaced:
        query = query.where(col(Answer.replaced_by_id).is_(None))
    return session.exec(query.order_by(col(Answer.recorded_at), col(Answer.id))).all()


def round_answers(session: Session, round_id: uuid.UUID) -> list[tuple[Ask, Body, Answer | None]]:
    """The asks of a round with their body and the answer that stands now: what feedback is written from."""
    asks = session.exec(
        select(Ask, Body)
        .join(Body, col(Body.id) == col(Ask.body_id))
        .where(Ask.round_id == round_id)
        .order_by(col(Ask.id))
    ).all()
    standing_now: dict[uuid.UUID, Answer] = {}
    for answer in session.exec(
        select(Answer)
        .where(col(Answer.ask_id).in_([ask.id for ask, _ in asks]), col(Answer.replaced_by_id).is_(None))
        .order_by(col(Answer.recorded_at), col(Answer.id))
    ):
        standing_now[answer.ask_id] = answer
    return [(ask, body, standing_now.get(ask.id)) for ask, body in asks]


def bodies_of_asks(session: Session, ask_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The body of each of these asks."""
    rows = session.exec(select(Ask.id, Ask.body_id).where(col(Ask.id).in_(ask_ids))).all()
    return dict(rows)


def open_question(session: Session, ask_id: uuid.UUID) -> CityQuestion | None:
    """The question of the body that waits for a reply."""
    return session.exec(
        select(CityQuestion)
        .join(Answer, col(Answer.id) == col(CityQuestion.answer_id))
        .where(Answer.ask_id == ask_id, col(CityQuestion.replied_on).is_(None))
        .order_by(col(CityQuestion.asked_on).desc())
        .limit(1)
    ).first()


def open_questions(session: Session, actor: Actor) -> list[tuple[CityQuestion, str, AskRow]]:
    """Questions of bodies that wait for staff, the first one first: with their words and the ask they are about."""
    if not may(actor, Permission.ANSWER_RECORD):
        return []
    found = session.exec(
        select(CityQuestion, Answer.words, Answer.ask_id)
        .join(Answer, col(Answer.id) == col(CityQuestion.answer_id))
        .where(col(CityQuestion.replied_on).is_(None))
        .order_by(col(CityQuestion.asked_on), col(CityQuestion.id))
    ).all()
    rows = {row.id: row for row in ask_rows(session, actor, col(Ask.id).in_([ask for _, _, ask in found]))}
    return [(question, words, rows[ask_id]) for question, words, ask_id in found if ask_id in rows]


def visible_commitments(actor: Actor) -> SelectOfScalar[Commitment]:
    """Promises: all of them for staff, those of their bodies for a city account, none for anyone else."""
    query = select(Commitment)
    if actor.kind is ActorKind.SYSTEM or may(actor, Permission.ANSWER_RECORD):
        return query
    if may(actor, Permission.ASK_READ):
        return query.where(col(Commitment.body_id).in_(actor.bodies))
    return query.where(sa.false())


def find_commitment(session: Session, actor: Actor, commitment_id: uuid.UUID) -> Commitment | None:
    """The promise, when this person may see it."""
    return session.exec(visible_commitments(actor).where(Commitment.id == commitment_id)).first()


def commitments(session: Session, actor: Actor, *where: Any, limit: int = 200) -> list[CommitmentRow]:
    """Promises this person may see, by date: one statement."""
    visible = visible_commitments(actor).with_only_columns(col(Commitment.id))
    rows = session.execute(
        sa.select(
            col(Commitment.id),
            col(Commitment.what),
            col(Commitment.owner),
            col(Commitment.due_on),
            col(Commitment.state),
            col(Commitment.proof),
            col(Commitment.closed_on),
            col(Commitment.late_since),
            sa.func.coalesce(col(Body.name), ""),
            sa.func.coalesce(col(Dossier.title), ""),
            sa.func.coalesce(col(Dossier.reference), ""),
            col(Commitment.dossier_id),
        )
        .select_from(Commitment)
        .join(Body, col(Body.id) == col(Commitment.body_id), isouter=True)
        .join(Dossier, col(Dossier.id) == col(Commitment.dossier_id), isouter=True)
        .where(col(Commitment.id).in_(visible), *where)
        .order_by(col(Commitment.due_on), col(Commitment.id))
        .limit(limit)
    ).all()
    return [CommitmentRow(*row) for row in rows]


def running_commitments(session: Session, actor: Actor, *, limit: int = 200) -> list[CommitmentRow]:
    """Promises that are neither kept nor dropped, the first date first."""
    running = col(Commitment.state).in_([CommitmentState.OPEN, CommitmentState.BROKEN])
    return commitments(session, actor, running, limit=limit)


def closed_commitments(session: Session, actor: Actor, *, limit: int = 30) -> list[CommitmentRow]:
    """Promises that were kept or dropped, the last one first."""
    closed = col(Commitment.state).in_([CommitmentState.KEPT, CommitmentState.DROPPED])
    return commitments(session, actor, closed, limit=limit)[::-1]


def commitment_row(session: Session, actor: Actor, commitment_id: uuid.UUID) -> CommitmentRow | None:
    """One promise as in a list, when this person may see it."""
    return next(iter(commitments(session, actor, col(Commitment.id) == commitment_id)), None)


def commitments_from(session: Session, answer_id: uuid.UUID) -> Sequence[Commitment]:
    """What an answer promised."""
    return session.exec(select(Commitment).where(Commitment.answer_id == answer_id)).all()


def commitments_of(session: Session, dossier_id: uuid.UUID) -> Sequence[Commitment]:
    """All promises of a dossier, by date."""
    return session.exec(
        select(Commitment).where(Commitment.dossier_id == dossier_id).order_by(col(Commitment.due_on))
    ).all()

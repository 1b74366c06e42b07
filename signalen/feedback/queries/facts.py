"""What outsiders may know of dossiers: dates, kinds of answers, promises, one total. A handful of statements for any number."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import (
    AgendaItem,
    Answer,
    AnswerKind,
    Commitment,
    CommitmentState,
    Consultation,
    ConsultationState,
)
from signalen.core.due import is_late
from signalen.core.numbers import few
from signalen.dossiers.models import Ask, Dossier, DossierTheme, Round, RoundState
from signalen.dossiers.queries import total
from signalen.people.models import Body


@dataclass(frozen=True, slots=True)
class AskFact:
    """One ask: to whom, when, and the kind of its last answer."""

    body: str
    measure: str
    asked_on: date | None
    due_on: date | None
    final: bool
    paused: bool
    kind: AnswerKind | None = None
    reason_code: str | None = None
    comes_back_on: date | None = None

    def is_late(self, today: date) -> bool:
        """Late from the day after its date, unless it waits for us."""
        return not self.final and not self.paused and is_late(self.due_on, today)


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """One commitment."""

    what: str
    due_on: date
    state: CommitmentState
    closed_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """How a dossier stands, as far as anyone may know. `shown_total` None is "a few"; `alone`: it is one."""

    dossier_id: uuid.UUID
    asks: Sequence[AskFact] = ()
    promises: Sequence[PromiseFact] = ()
    themes: Sequence[str] = ()
    round_number: int = 0
    asked_on: date | None = None
    due_on: date | None = None
    late_since: date | None = None
    unanswered_on: date | None = None
    discussed_on: date | None = None
    answered_on: date | None = None
    done_on: date | None = None
    contested: bool = False
    not_chosen: str | None = None
    shown_total: int | None = None
    alone: bool = False

    @property
    def broken(self) -> bool:
        """Whether a promise is past its date."""
        return any(promise.late for promise in self.promises)

    @property
    def kinds(self) -> Sequence[AnswerKind]:
        """The kinds of the final answers, each once."""
        return tuple(dict.fromkeys(ask.kind for ask in self.asks if ask.final and ask.kind))


@dataclass
class _Found:
    rounds: dict[uuid.UUID, Round] = field(default_factory=dict)
    asks: dict[uuid.UUID, list[AskFact]] = field(default_factory=lambda: defaultdict(list))
    promises: dict[uuid.UUID, list[PromiseFact]] = field(default_factory=lambda: defaultdict(list))
    themes: dict[uuid.UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    meetings: dict[uuid.UUID, date] = field(default_factory=dict)


def facts_of(
    session: Session,
    dossiers: Collection[Dossier],
    today: date,
    *,
    totals: Mapping[uuid.UUID, int | None] | None = None,
) -> dict[uuid.UUID, DossierFacts]:
    """The facts per dossier, about its last round that was asked. `totals`: as shown before; counted now when not given."""
    ids = [dossier.id for dossier in dossiers]
    if not ids:
        return {}
    found = _Found()
    _rounds(session, ids, found)
    _promises(session, ids, today, found)
    for themed_id, code in session.exec(
        select(DossierTheme.dossier_id, DossierTheme.theme_code).where(col(DossierTheme.dossier_id).in_(ids))
    ):
        found.themes[themed_id].append(code)
    for dossier_id, day in session.exec(
        select(AgendaItem.dossier_id, sa.func.min(Consultation.held_on))
        .join(Consultation, col(Consultation.id) == col(AgendaItem.consultation_id))
        .where(
            col(AgendaItem.dossier_id).in_(ids),
            col(Consultation.state).in_([ConsultationState.PLANNED, ConsultationState.FROZEN]),
        )
        .group_by(col(AgendaItem.dossier_id))
    ):
        if dossier_id is not None:
            found.meetings[dossier_id] = day
    return {d.id: _facts(session, d, today, found, totals) for d in dossiers}


def _facts(
    session: Session,
    dossier: Dossier,
    today: date,
    found: _Found,
    totals: Mapping[uuid.UUID, int | None] | None,
) -> DossierFacts:
    round_ = found.rounds.get(dossier.id)
    asks = found.asks.get(round_.id, []) if round_ else []
    late = [ask.due_on for ask in asks if ask.is_late(today) and ask.due_on]
    due = [ask.due_on for ask in asks if not ask.final and ask.due_on]
    counted = total(session, dossier) if totals is None else None
    shown = few(counted) if counted is not None else (totals or {}).get(dossier.id)
    return DossierFacts(
        dossier.id,
        asks=asks,
        promises=found.promises.get(dossier.id, ()),
        themes=found.themes.get(dossier.id, ()),
        round_number=round_.number if round_ else 0,
        asked_on=round_.asked_on if round_ else None,
        due_on=max(due, default=None),
        late_since=min(late, default=None),
        unanswered_on=round_.ended_on if round_ and round_.state is RoundState.UNANSWERED else None,
        discussed_on=found.meetings.get(dossier.id),
        answered_on=dossier.answered_on,
        done_on=dossier.done_on,
        contested=dossier.contested,
        not_chosen=dossier.not_chosen_reason,
        shown_total=shown,
        alone=counted == 1,
    )


def _rounds(session: Session, ids: Sequence[uuid.UUID], found: _Found) -> None:
    last = (
        select(Round.dossier_id, sa.func.max(Round.number).label("number"))
        .where(col(Round.dossier_id).in_(ids), Round.state != RoundState.OPEN)
        .group_by(col(Round.dossier_id))
        .subquery()
    )
    rounds = session.exec(
        select(Round).join(
            last, sa.and_(last.c.dossier_id == col(Round.dossier_id), last.c.number == col(Round.number))
        )
    ).all()
    found.rounds = {round_.dossier_id: round_ for round_ in rounds}
    found.asks = asks_by_round(session, [round_.id for round_ in rounds])


def asks_by_round(session: Session, round_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AskFact]]:
    """The asks of these rounds with the last answer to each that was not corrected."""
    rows = session.exec(
        select(Ask, Body.name, Answer)
        .join(Body, col(Body.id) == col(Ask.body_id))
        .outerjoin(Answer, (col(Answer.ask_id) == col(Ask.id)) & col(Answer.replaced_by_id).is_(None))
        .where(col(Ask.round_id).in_(round_ids))
        .order_by(col(Ask.id), col(Answer.id))
    ).all()
    facts: dict[uuid.UUID, tuple[uuid.UUID, AskFact]] = {}
    for ask, body, answer in rows:
        facts[ask.id] = (
            ask.round_id,
            AskFact(
                body,
                ask.measure,
                ask.asked_on,
                ask.due_on,
                ask.final,
                ask.paused_since is not None,
                answer.kind if answer else None,
                answer.reason_code if answer else None,
                answer.comes_back_on if answer else None,
            ),
        )
    found: dict[uuid.UUID, list[AskFact]] = defaultdict(list)
    for round_id, fact in facts.values():
        found[round_id].append(fact)
    return found


def _promises(session: Session, ids: Sequence[uuid.UUID], today: date, found: _Found) -> None:
    for promise in session.exec(
        select(Commitment)
        .where(col(Commitment.dossier_id).in_(ids), Commitment.state != CommitmentState.DROPPED)
        .order_by(col(Commitment.due_on))
    ):
        late = promise.state is CommitmentState.BROKEN or (
            promise.state is CommitmentState.OPEN and is_late(promise.due_on, today)
        )
        if promise.dossier_id is not None:
            found.promises[promise.dossier_id].append(
                PromiseFact(promise.what, promise.due_on, promise.state, promise.closed_on, late)
            )

"""Reads for who writes and tells: rounds that wait, how far each is, who got it (counts only)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import Answer, AnswerKind
from signalen.core.due import Due, DueKind, is_late
from signalen.core.permissions import Actor, Permission, may
from signalen.dossiers.models import Ask, Dossier, Round, RoundState
from signalen.feedback.models import (
    BoardEntry,
    BoardState,
    Delivery,
    DeliveryState,
    DeliveryWay,
    Feedback,
    FeedbackState,
)
from signalen.feedback.queries.rounds import bodies_of
from signalen.feedback.queries.telling import tellable
from signalen.people.models import Body
from signalen.texts.models import TextState, TextVersion
from signalen.texts.queries import SOURCE

ENDED = (RoundState.ANSWERED, RoundState.UNANSWERED)


@dataclass(frozen=True, slots=True)
class ToTell:
    """A round that ended, and how far its telling is. `feedback` None: nobody started."""

    round: Round
    dossier: Dossier
    feedback: Feedback | None
    due_on: date | None


def rounds_to_tell(session: Session) -> list[ToTell]:
    """Every ended round whose text is not with its givers, what is due first on top."""
    rows = session.exec(
        select(Round, Dossier, Feedback)
        .join(Dossier, col(Dossier.id) == col(Round.dossier_id))
        .outerjoin(Feedback, col(Feedback.round_id) == col(Round.id))
        .where(
            col(Round.state).in_(ENDED),
            sa.or_(col(Feedback.id).is_(None), col(Feedback.state) != FeedbackState.DELIVERED),
        )
    ).all()
    found = [
        ToTell(round_, dossier, feedback, feedback.due_on if feedback else dossier.due_on)
        for round_, dossier, feedback in rows
    ]
    return sorted(found, key=lambda row: (row.due_on or date.max, row.dossier.reference))


@dataclass(frozen=True, slots=True)
class Reach:
    """Who got it, in numbers: per state, and how many wait for somebody to tell them."""

    states: dict[DeliveryState, int] = field(default_factory=dict)
    by_hand: int = 0

    @property
    def total(self) -> int:
        """All givers of this round."""
        return sum(self.states.values())


def reach_of(session: Session, feedback_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Reach]:
    """Deliveries per state and feedback: one statement."""
    waits = sa.case(
        (
            (col(Delivery.way) == DeliveryWay.HAND) & (col(Delivery.state) == DeliveryState.READY),
            1,
        ),
        else_=0,
    )
    states: dict[uuid.UUID, dict[DeliveryState, int]] = defaultdict(dict)
    hand: dict[uuid.UUID, int] = defaultdict(int)
    for feedback_id, state, number, by_hand in session.exec(
        select(Delivery.feedback_id, Delivery.state, sa.func.count(), sa.func.sum(waits))
        .where(col(Delivery.feedback_id).in_(feedback_ids))
        .group_by(col(Delivery.feedback_id), col(Delivery.state))
    ):
        states[feedback_id][DeliveryState(state)] = number
        hand[feedback_id] += int(by_hand or 0)
    return {key: Reach(dict(counts), hand[key]) for key, counts in states.items()}


def told_rounds(session: Session, limit: int = 20) -> list[tuple[Feedback, Dossier]]:
    """Feedback that is with its givers, the newest first."""
    rows = session.exec(
        select(Feedback, Dossier)
        .join(Dossier, col(Dossier.id) == col(Feedback.dossier_id))
        .where(Feedback.state == FeedbackState.DELIVERED)
        .order_by(col(Feedback.id).desc())
        .limit(limit)
    ).all()
    return [(feedback, dossier) for feedback, dossier in rows]


@dataclass(frozen=True, slots=True)
class Given:
    """One ask and the answer that stands, in the body's own words: what the plain text is about."""

    body: str
    measure: str
    kind: AnswerKind | None
    words: str
    details: dict[str, str | int]
    reason_code: str | None
    given_on: date | None


def answers_of(session: Session, round_id: uuid.UUID) -> list[Given]:
    """What was asked and answered in a round, the newest answer of each ask that was not corrected."""
    rows = session.exec(
        select(Ask, Body.name, Answer)
        .join(Body, col(Body.id) == col(Ask.body_id))
        .outerjoin(Answer, (col(Answer.ask_id) == col(Ask.id)) & col(Answer.replaced_by_id).is_(None))
        .where(Ask.round_id == round_id)
        .order_by(col(Ask.id), col(Answer.id))
    ).all()
    found: dict[uuid.UUID, Given] = {}
    for ask, body, answer in rows:
        found[ask.id] = Given(
            body,
            ask.measure,
            answer.kind if answer else None,
            answer.words if answer else "",
            answer.details if answer else {},
            answer.reason_code if answer else None,
            answer.given_on if answer else None,
        )
    return list(found.values())


def texts_for_body(session: Session, actor: Actor) -> list[tuple[Feedback, Dossier]]:
    """Texts about an answer of this person's bodies, that wait for the body or went out; the newest first."""
    asked = select(Ask.round_id).where(col(Ask.body_id).in_(list(actor.bodies)))
    rows = session.exec(
        select(Feedback, Dossier)
        .join(Dossier, col(Dossier.id) == col(Feedback.dossier_id))
        .where(col(Feedback.round_id).in_(asked), Feedback.state != FeedbackState.WRITING)
        .order_by(col(Feedback.id).desc())
        .limit(50)
    ).all()
    return [(feedback, dossier) for feedback, dossier in rows]


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """What waits in this room: for staff the rounds to tell, flags, texts and board entries to approve; for workers their givers."""
    found: list[Due] = []
    if may(actor, Permission.FEEDBACK_WRITE):
        found += [_due_round(session, row, actor, today) for row in rounds_to_tell(session)]
        found += _due_board(session, actor)
    elif may(actor, Permission.SIGNAL_TELL):
        found += _due_by_hand(session, actor)
    if may(actor, Permission.FEEDBACK_FLAG):
        found += _due_body(session, actor, today)
    return found


def _due_round(session: Session, row: ToTell, actor: Actor, today: date) -> Due:
    kind, endpoint, args = DueKind.TO_TELL, "telling.index", {}
    if row.feedback is not None:
        endpoint, args = "telling.text", {"feedback_id": str(row.feedback.id)}
        if row.feedback.state is FeedbackState.FLAGGED:
            kind = DueKind.FLAGGED
        elif row.feedback.state is FeedbackState.WITH_BODY and not _wrote(session, row.feedback, actor):
            kind = DueKind.TO_APPROVE
    return Due(
        kind,
        row.dossier.title,
        endpoint,
        args,
        row.due_on,
        is_late(row.due_on, today),
        row.dossier.reference,
    )


def _wrote(session: Session, feedback: Feedback, actor: Actor) -> bool:
    writer = session.exec(
        select(TextVersion.written_by).where(
            TextVersion.text_id == feedback.text_id,
            TextVersion.language == SOURCE,
            TextVersion.state == TextState.PROPOSED,
        )
    ).first()
    return writer == actor.id


def _due_board(session: Session, actor: Actor) -> list[Due]:
    rows = session.exec(
        select(Dossier)
        .join(BoardEntry, col(BoardEntry.dossier_id) == col(Dossier.id))
        .join(TextVersion, col(TextVersion.text_id) == col(BoardEntry.text_id))
        .where(
            BoardEntry.state != BoardState.WITHDRAWN,
            TextVersion.language == SOURCE,
            TextVersion.state == TextState.PROPOSED,
            TextVersion.written_by != actor.user_id,
        )
    ).all()
    return [
        Due(
            DueKind.BOARD,
            d.title,
            "publishing.text",
            {"dossier_id": str(d.id)},
            reference=d.reference,
        )
        for d in rows
    ]


def _due_by_hand(session: Session, actor: Actor) -> list[Due]:
    waiting = tellable(actor).where(Delivery.state == DeliveryState.READY).limit(1)
    if session.exec(waiting).first() is None:
        return []
    return [Due(DueKind.TO_TELL, "", "tell.index")]


def _due_body(session: Session, actor: Actor, today: date) -> list[Due]:
    return [
        Due(
            DueKind.TO_APPROVE,
            dossier.title,
            "city_texts.text",
            {"feedback_id": str(feedback.id)},
            feedback.body_until,
            False,
            dossier.reference,
        )
        for feedback, dossier in texts_for_body(session, actor)
        if feedback.state is FeedbackState.WITH_BODY
        and feedback.body_until is not None
        and feedback.body_until >= today
        and any(body in actor.bodies for body in bodies_of(session, feedback.round_id))
    ]

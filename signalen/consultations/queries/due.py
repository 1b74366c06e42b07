"""What of this room waits for somebody."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from signalen.consultations.models import ConsultationState
from signalen.consultations.queries.agenda import upcoming
from signalen.consultations.queries.answers import open_asks, open_questions, running_commitments
from signalen.core.due import Due, DueKind, is_late
from signalen.core.permissions import Actor, Permission, may
from signalen.core.workdays import add_working_days
from signalen.dossiers.models import Dossier

SOON_DAYS = 5
"""Working days before a date from which it is shown as coming."""


def due(session: Session, actor: Actor, today: date) -> list[Due]:
    """For staff: meetings near or to write up, late asks, questions of bodies, promises late or near, dossiers first in line.
    For a city account: its open asks and its promises that are near or late.
    """
    soon = add_working_days(today, SOON_DAYS)
    if may(actor, Permission.CONSULTATION_EDIT):
        return [
            *_meetings(session, actor, today, soon),
            *_first_in_line(session),
            *_questions(session, actor),
            *(each for each in _asks(session, actor, today, "answers.ask") if each.late),
            *_promises(session, actor, today, soon, "answers.index"),
        ]
    if may(actor, Permission.ASK_ANSWER):
        return [
            *_asks(session, actor, today, "city.ask"),
            *_promises(session, actor, today, soon, "city.index"),
        ]
    return []


def _meetings(session: Session, actor: Actor, today: date, soon: date) -> list[Due]:
    return [
        Due(
            DueKind.CONSULTATION,
            each.title,
            "agenda.show",
            {"consultation_id": str(each.id)},
            each.held_on,
            late=is_late(each.held_on, today),
        )
        for each in upcoming(session, actor)
        if each.state is not ConsultationState.HELD and each.held_on <= soon
    ]


def _first_in_line(session: Session) -> list[Due]:
    waiting = session.exec(
        select(Dossier)
        .where(col(Dossier.first_in_line), col(Dossier.merged_into_id).is_(None))
        .order_by(col(Dossier.id))
    )
    return [
        Due(
            DueKind.FIRST_IN_LINE,
            each.title,
            "consultations.index",
            {},
            each.due_on,
            reference=each.reference,
        )
        for each in waiting
    ]


def _questions(session: Session, actor: Actor) -> list[Due]:
    return [
        Due(
            DueKind.CITY_QUESTION,
            row.title,
            "answers.ask",
            {"ask_id": str(row.id)},
            question.asked_on,
            reference=row.reference,
        )
        for question, _, row in open_questions(session, actor)
    ]


def _asks(session: Session, actor: Actor, today: date, endpoint: str) -> list[Due]:
    return [
        Due(
            DueKind.ASK,
            row.title,
            endpoint,
            {"ask_id": str(row.id)},
            row.due_on,
            late=row.late(today),
            reference=row.reference,
        )
        for row in open_asks(session, actor)
    ]


def _promises(session: Session, actor: Actor, today: date, soon: date, endpoint: str) -> list[Due]:
    return [
        Due(
            DueKind.COMMITMENT,
            row.what,
            endpoint,
            {},
            row.due_on,
            late=row.late(today),
            reference=row.reference,
        )
        for row in running_commitments(session, actor)
        if row.due_on <= soon
    ]

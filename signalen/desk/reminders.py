"""What time does by itself, once a day: late promises come back, interim answers expire, reaction periods end, and whoever has to
do something is told. What is due is read from dates alone, each message has a key, so running again changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import Commitment
from signalen.consultations.operations import come_back, expire_interim
from signalen.consultations.operations.telling import staff, tell_body, tell_staff
from signalen.consultations.queries import open_asks, running_commitments
from signalen.consultations.queries.answers import bodies_of_asks
from signalen.core import clock, outbox
from signalen.core.models import RecipientKind
from signalen.core.permissions import SYSTEM
from signalen.core.workdays import add_working_days
from signalen.desk.digest import post_digests
from signalen.dossiers.models import Dossier, SynthesisVersion
from signalen.dossiers.queries import announced_version, standing
from signalen.feedback.operations import close_due
from signalen.people.models import Membership, User
from signalen.people.queries import actor_for_user
from signalen.signals.models import Signal, Stage
from signalen.signals.queries import visible_signals

SOON_DAYS = 5
"""Working days before its date on which a body is told that an answer or a promise is due."""
AGREE_SOON_DAYS = 3
"""Working days before its deadline on which organisations are told that a synthesis still waits for them."""

MOST = 100_000
"""No list is cut off here: who is late is told, however many there are."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run did: promises that were found late, interim answers that came back, signals that closed, mails that were
    put in the outbox.
    """

    broken: int
    expired: int
    closed: int
    mails: int


def run(session: Session, today: date) -> Ran:
    """Does everything that is due on this day. Run again on the same day it does nothing; a day that was missed is made up for
    on the next one. Everything it sees and writes happens on `today`.
    """
    with clock.travel(today):
        broken = come_back(session, today)
        expired = expire_interim(session, today)
        closed = close_due(session, today)
        mails = sum(
            (
                _asks(session, today),
                _promises(session, today),
                _tells(session, today),
                _readings(session, today),
                _syntheses(session, today),
                post_digests(session, today),
            )
        )
    return Ran(len(broken), len(expired), closed.closed, mails)


def _asks(session: Session, today: date) -> int:
    """Answers that are due within five working days, or late. A new date (an extension, a pause) is told anew."""
    soon, sent = add_working_days(today, SOON_DAYS), 0
    rows = open_asks(session, SYSTEM, limit=MOST)
    bodies = bodies_of_asks(session, [row.id for row in rows])
    for row in rows:
        if row.paused_since is not None or row.due_on is None:
            continue
        key, ask = f"{row.id}:{row.due_on}", str(row.id)
        if row.late(today):
            sent += tell_body(session, "body-ask-late", bodies[row.id], f"ask-late:{key}", ask=ask)
            sent += tell_staff(session, "staff-ask-late", row.dossier_id, f"ask-late:{key}", ask=ask)
        elif row.due_on <= soon:
            sent += tell_body(session, "body-ask-soon", bodies[row.id], f"ask-soon:{key}", ask=ask)
    return sent


def _promises(session: Session, today: date) -> int:
    soon, sent = add_working_days(today, SOON_DAYS), 0
    rows = running_commitments(session, SYSTEM, limit=MOST)
    found = session.exec(
        select(Commitment.id, Commitment.body_id).where(col(Commitment.id).in_([row.id for row in rows]))
    ).all()
    bodies = dict(found)
    for row in rows:
        body, about = bodies[row.id], str(row.id)
        if row.late(today):
            sent += tell_staff(
                session, "staff-promise-late", row.dossier_id, f"promise-late:{about}", commitment=about
            )
            if body:
                sent += tell_body(
                    session, "body-promise-late", body, f"promise-late:{about}", commitment=about
                )
        elif body and row.due_on <= soon:
            sent += tell_body(session, "body-promise-soon", body, f"promise-soon:{about}", commitment=about)
    return sent


def _tells(session: Session, today: date) -> int:
    """Answers that were to be told by now."""
    late = session.exec(
        select(Dossier).where(Dossier.stage == Stage.ANSWERED, col(Dossier.due_on) < today)
    ).all()
    return sum(
        tell_staff(
            session, "staff-tell-late", each.id, f"tell-late:{each.id}:{each.due_on}", dossier=str(each.id)
        )
        for each in late
    )


def _readings(session: Session, today: date) -> int:
    """Signals that wait too long to be read or placed: once a week for each of the staff, counting only what they may see."""
    week = today - timedelta(days=today.weekday())
    return sum(
        outbox.post(
            session,
            "staff-readings-late",
            RecipientKind.USER,
            person,
            unique_key=f"readings-late:{week}:{person}",
            person=str(person),
            day=today.isoformat(),
        )
        for person in staff(session)
        if late_readings(session, person, today)
    )


def late_readings(session: Session, person: uuid.UUID, today: date) -> int:
    """How many signals past their date wait to be read or placed, of those this person may see."""
    waiting = visible_signals(actor_for_user(session, person)).where(
        col(Signal.stage).in_([Stage.RECEIVED, Stage.READ]), col(Signal.due_on) < today, ~col(Signal.paused)
    )
    return session.exec(select(sa.func.count()).select_from(waiting.subquery())).one()


def _syntheses(session: Session, today: date) -> int:
    """Organisations that did not say yes or no yet, shortly before the deadline they were given."""
    soon = add_working_days(today, AGREE_SOON_DAYS)
    versions = session.exec(
        select(SynthesisVersion, Dossier)
        .join(Dossier, col(Dossier.id) == col(SynthesisVersion.dossier_id))
        .where(
            Dossier.stage == Stage.BUNDLED,
            col(SynthesisVersion.deadline_on) >= today,
            col(SynthesisVersion.deadline_on) <= soon,
        )
    ).all()
    return sum(
        outbox.post(
            session,
            "worker-synthesis-soon",
            RecipientKind.USER,
            person,
            unique_key=f"synthesis-soon:{version.id}:{person}",
            version=str(version.id),
        )
        for version, dossier in versions
        if announced_version(session, dossier) == version
        for person in _mandated(session, version, today)
    )


def _mandated(session: Session, version: SynthesisVersion, today: date) -> Iterator[uuid.UUID]:
    waiting = standing(session, version, today).readiness.waiting
    yield from session.exec(
        select(User.id)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.organisation_id).in_(waiting),
            col(Membership.may_agree),
            col(Membership.until).is_(None),
            col(User.active),
        )
        .distinct()
    )

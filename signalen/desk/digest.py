"""The mail with what is new: counts and where to look, for workers who want it, when there is something."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, select

from signalen.core import clock, outbox
from signalen.core.models import RecipientKind
from signalen.core.permissions import Role
from signalen.desk.news import SPAN, hears_news, news_counts
from signalen.people.models import Digest, Membership, NewsChoice, User
from signalen.people.queries import actor_for_user

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Period(NamedTuple):
    """The days a mail is about: from the first one up to `until`, which is not in it."""

    since: date
    until: date


def period(digest: Digest, today: date) -> Period | None:
    """Yesterday, or the week that ended on the last Monday: then a Monday without a run is made up for on Tuesday."""
    if digest is Digest.DAILY:
        return Period(today - DAY, today)
    if digest is Digest.WEEKLY:
        monday = today - timedelta(days=today.weekday())
        return Period(monday - WEEK, monday)
    return None


def post_digests(session: Session, today: date) -> int:
    """A mail for each worker for whom something is new in their period; once per person and period. Gives their number."""
    people = session.exec(
        select(User.id, NewsChoice.digest, NewsChoice.seen_at)
        .join(NewsChoice, col(NewsChoice.user_id) == col(User.id), isouter=True)
        .where(
            col(User.active),
            col(User.id).in_(
                select(Membership.user_id).where(
                    Membership.role == Role.WORKER, col(Membership.until).is_(None)
                )
            ),
        )
        .order_by(col(User.id))
    ).all()
    sent = 0
    for person, digest, seen_at in people:
        days = period(Digest(digest or Digest.WEEKLY), today)
        if days and something_new(session, person, days, seen_at):
            sent += outbox.post(
                session,
                "user-digest",
                RecipientKind.USER,
                person,
                unique_key=f"digest:{person}:{days.until}:{(days.until - days.since).days}",
                person=str(person),
                until=days.until.isoformat(),
            )
    return sent


def something_new(session: Session, person: uuid.UUID, days: Period, seen_at: datetime | None) -> bool:
    """Whether something came in these days that this person did not see yet: an old thing alone is no reason for a mail."""
    since = max(start_of(days.since), seen_at or start_of(days.since))
    return bool(counts(session, person, since, start_of(days.until)))


def counts(session: Session, person: uuid.UUID, since: datetime, until: datetime) -> dict[str, int]:
    """How many new things of each kind there are for a person; none for who is no worker any more."""
    actor = actor_for_user(session, person)
    if since >= until or not hears_news(actor):
        return {}
    found = news_counts(session, actor, since=since, until=until)
    return {kind.value: number for kind, number in found.items()}


def unseen(session: Session, person: uuid.UUID, until: date) -> dict[str, int]:
    """What the mail says: everything since this person last looked, up to this day."""
    seen_at = session.exec(select(NewsChoice.seen_at).where(NewsChoice.user_id == person)).first()
    end = start_of(until)
    return counts(session, person, max(seen_at or end - SPAN, end - SPAN), end)


def start_of(day: date) -> datetime:
    """The first moment of a day in Brussels."""
    return datetime.combine(day, time(), tzinfo=clock.BRUSSELS)

"""What is new for a worker: the bell in the bar, and the page behind it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from signalen.core import clock
from signalen.core.permissions import Permission
from signalen.desk import news
from signalen.desk.news import PAGE, Bell, News, NewsKind
from signalen.people.news import look_at_news
from signalen.signals.labels import STAGES
from signalen.web.fragments import page
from signalen.web.guards import current_actor, requires
from signalen.web.sessions import db

bp = Blueprint("news", __name__, url_prefix="/mine/news")
MICRO = 1_000_000


class Group(NamedTuple):
    """News that is told in one sentence: of one day, one kind and, of signals that moved, one stage."""

    kind: NewsKind
    code: str
    fresh: bool
    things: list[News]


def bell() -> int | None:
    """How much is new for who looks at this page, at most a hundred; None for who has no bell. Asked once per page."""
    if not news.hears_news(current_actor()):
        return None
    return heard().count


def heard() -> Bell:
    """What the bell of this page says."""
    if "heard" not in g:
        g.heard = news.bell(db(), current_actor())
    found: Bell = g.heard
    return found


@bp.get("")
@requires(Permission.SYNTHESIS_COMMENT, writes=True)
def index() -> Response:
    """The last thirty days, the newest first. Looking at it makes it seen; `since` keeps the mark on the pages that follow."""
    session, actor, unseen = db(), current_actor(), heard()
    since, after = _moment(request.args.get("since")) or unseen.since, _after()
    rows = news.news(session, actor, after=after, limit=PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    if after is None and unseen.count:
        look_at_news(session, actor=actor)
        g.heard = Bell(0, unseen.since)
    on = last and {"since": _micro(since), "before": _micro(last.at), "id": last.about}
    return page(
        "desk/mine_news.html",
        days=_by_day(rows[:PAGE], since),
        stages=STAGES,
        more=f"?{urlencode(on)}" if on else None,
    )


def _by_day(rows: Iterable[News], since: datetime) -> list[tuple[date, list[Group]]]:
    days = []
    for day, of_day in groupby(rows, lambda row: clock.day_of(row.at)):
        groups: dict[tuple[object, ...], Group] = {}
        for row in of_day:
            fresh = row.at > since
            alone = row.kind is not NewsKind.MOVED
            key = (row.kind, row.code, fresh, row if alone else None)
            groups.setdefault(key, Group(row.kind, row.code, fresh, [])).things.append(row)
        days.append((day, list(groups.values())))
    return days


def _after() -> tuple[datetime, uuid.UUID] | None:
    at = _moment(request.args.get("before"))
    try:
        return (at, uuid.UUID(request.args.get("id", ""))) if at else None
    except ValueError:
        return None


def _micro(at: datetime) -> int:
    return int(at.timestamp()) * MICRO + at.microsecond


def _moment(typed: str | None) -> datetime | None:
    try:
        seconds, micro = divmod(int(typed or ""), MICRO)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
    except (ValueError, OverflowError, OSError):
        return None

"""Letters on paper: printed with a code of their own, posted by a person, and told only then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.permissions import Actor, Permission, check_may
from signalen.feedback.models import DeliveryState, FeedbackVerb
from signalen.feedback.operations.delivering import told
from signalen.feedback.queries.letters import LetterRow, waiting_letters
from signalen.signals.codes import PlainCode
from signalen.signals.models import FollowCode, SignalVerb
from signalen.signals.operations import issue_code


def print_letters(session: Session, *, actor: Actor) -> list[tuple[LetterRow, PlainCode]]:
    """Every letter that waits, each with a fresh code, of which only a hash is kept. Printed again, the code of the letter that was not
    posted opens nothing any more. Reading the address of a sensitive signal is logged.
    """
    check_may(actor, Permission.FEEDBACK_DELIVER)
    made = []
    for row in waiting_letters(session, actor):
        if row.signal.sensitive:
            events.record(session, SignalVerb.SENSITIVE_READ, row.signal, actor=actor)
        if row.delivery.printed_at is not None:
            session.connection().execute(
                sa.update(FollowCode)
                .where(
                    col(FollowCode.giver_id) == row.giver_id,
                    col(FollowCode.created_at) == row.delivery.printed_at,
                )
                .values(revoked_at=clock.now())
            )
        code = issue_code(session, row.giver_id, actor=actor, demo=row.signal.demo)
        # The time of the print is that of its code: by it the next print finds which one to call back.
        row.delivery.printed_at = session.exec(
            select(FollowCode.created_at).where(FollowCode.locator == code.locator)
        ).one()
        session.flush()
        events.record(session, FeedbackVerb.PRINTED, row.delivery, actor=actor)
        made.append((row, code))
    return made


def post_letters(session: Session, printed_at: datetime, *, actor: Actor) -> int:
    """They are in the post: those that were printed at this moment or before are told (facts/loop.md: printed and sent). Gives their number."""
    check_may(actor, Permission.FEEDBACK_DELIVER)
    posted: Sequence[LetterRow] = [
        row
        for row in waiting_letters(session, actor)
        if row.printed_at is not None and row.printed_at <= printed_at
    ]
    for row in posted:
        told(session, row.delivery, DeliveryState.SENT, FeedbackVerb.SENT, actor)
    return len(posted)

"""A lost code: the worker who knows the person asks staff, and a second person decides. The old codes die with the yes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.due import Due, DueKind
from signalen.core.errors import DomainError, NotAllowed
from signalen.core.permissions import Actor, Permission, check_may
from signalen.people.models import User
from signalen.signals.codes import PlainCode
from signalen.signals.giver_models import CodeRequest
from signalen.signals.models import FollowCode, Giver, Signal, SignalVerb
from signalen.signals.operations import issue_code
from signalen.signals.rules import may_see
from signalen.signals.visible import seen_by
from signalen.signals.workflow import SILENT


def knows_giver(session: Session, signal: Signal, actor: Actor) -> bool:
    """Whether this person wrote the signal down for its giver, or tells them the answer."""
    if actor.id is None or not may_see(actor, signal):
        return False
    told_by = session.exec(select(Giver.told_by).where(Giver.id == signal.giver_id)).one()
    return actor.id in {signal.recorded_by, told_by}


def ask_new_code(session: Session, signal: Signal, *, actor: Actor) -> CodeRequest:
    """Asks staff for a new code. Asked twice while nobody decided, it is one request."""
    check_may(actor, Permission.SIGNAL_TELL, signal)
    if not knows_giver(session, signal, actor):
        raise NotAllowed(Permission.SIGNAL_TELL)
    if signal.stage in SILENT or signal.erased_at is not None:
        raise DomainError("nobody-listens")
    known = open_request(session, signal)
    if known is not None:
        return known
    made = CodeRequest(signal_id=signal.id, asked_by=actor.user_id, asked_at=clock.now())
    session.add(made)
    session.flush()
    events.record(session, SignalVerb.CODE_ASKED, signal, actor=actor, request=str(made.id))
    return made


def settle_request(session: Session, request: CodeRequest, *, given: bool, actor: Actor) -> None:
    """Staff say yes or no; never the one who asked. With a yes every code of before opens nothing any more."""
    signal = session.exec(select(Signal).where(Signal.id == request.signal_id)).one()
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    if request.asked_by == actor.id:
        raise DomainError("second-person")
    if request.settled_at is not None:
        raise DomainError("request-settled")
    request.given, request.settled_by, request.settled_at = given, actor.user_id, clock.now()
    if given:
        session.connection().execute(
            sa.update(FollowCode)
            .where(col(FollowCode.giver_id) == signal.giver_id, col(FollowCode.revoked_at).is_(None))
            .values(revoked_at=clock.now())
        )
    session.flush()
    verb = SignalVerb.CODE_REVOKED if given else SignalVerb.CODE_REFUSED
    events.record(session, verb, signal, actor=actor, request=str(request.id))


def new_code_for(session: Session, signal: Signal, *, actor: Actor) -> PlainCode:
    """The card for the person, made by the worker who asked, once."""
    if not waits_for_new_card(session, signal, actor):
        raise NotAllowed(Permission.SIGNAL_TELL)
    return issue_code(session, signal.giver_id, actor=actor, demo=signal.demo)


def waits_for_new_card(session: Session, signal: Signal, actor: Actor) -> bool:
    """Whether staff said yes to this person, and no code was made since."""
    settled = session.exec(
        select(CodeRequest.settled_at)
        .where(
            CodeRequest.signal_id == signal.id,
            CodeRequest.asked_by == actor.id,
            col(CodeRequest.given).is_(True),
        )
        .order_by(col(CodeRequest.settled_at).desc())
    ).first()
    if settled is None:
        return False
    later = select(FollowCode.id).where(
        FollowCode.giver_id == signal.giver_id, col(FollowCode.revoked_at).is_(None)
    )
    return session.exec(later).first() is None


def open_request(session: Session, signal: Signal) -> CodeRequest | None:
    """The request that nobody decided on yet."""
    return session.exec(
        select(CodeRequest).where(CodeRequest.signal_id == signal.id, col(CodeRequest.settled_at).is_(None))
    ).first()


def requests_to_settle(session: Session, actor: Actor) -> Sequence[tuple[CodeRequest, Signal, str]]:
    """What staff have to decide, the longest first: the request, its signal, and who asks."""
    rows = session.exec(
        select(CodeRequest, Signal, User.name)
        .join(Signal, col(Signal.id) == col(CodeRequest.signal_id))
        .join(User, col(User.id) == col(CodeRequest.asked_by))
        .where(col(CodeRequest.settled_at).is_(None), seen_by(actor))
        .order_by(col(CodeRequest.asked_at))
        .limit(100)
    ).all()
    return [(request, signal, name) for request, signal, name in rows]


def find_request(session: Session, request_id: uuid.UUID, actor: Actor) -> CodeRequest | None:
    """A request about a signal that this person may see."""
    return session.exec(
        select(CodeRequest)
        .join(Signal, col(Signal.id) == col(CodeRequest.signal_id))
        .where(CodeRequest.id == request_id, seen_by(actor))
    ).first()


def due(session: Session, actor: Actor, _today: date) -> list[Due]:
    """Requests that wait for staff. No clock runs, but somebody stands at a desk without an answer."""
    return [
        Due(DueKind.CODE_ASKED, signal.reference, "lost_codes.index", reference=signal.reference)
        for _request, signal, _name in requests_to_settle(session, actor)
    ]

"""No answer is an outcome too: said out loud, with a date, never hidden (facts/loop.md, "Rounds")."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from signalen.consultations import rules
from signalen.consultations.models import Answer, AnswerKind, AnswerSource, ConsultationVerb
from signalen.consultations.operations.answers import finish
from signalen.consultations.operations.dates import follow_asks, take_turn
from signalen.consultations.operations.telling import tell_body, tell_staff
from signalen.consultations.queries.answers import answers_to
from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.permissions import SYSTEM, Actor, Permission, check_may
from signalen.dossiers.models import Ask, Round, RoundState
from signalen.dossiers.operations import declare_unanswered
from signalen.dossiers.queries import asks_of


def declare_no_answer(session: Session, ask: Ask, reason: str, *, actor: Actor) -> Answer:
    """Says that a body did not answer: an answer of kind *geen*, with the day of today and who said so. Only when the ask is
    past its date and its clock runs (`not-late-yet`).

    When no ask of the round got an answer the round is *unanswered*; when others did, it is *answered*, and this ask says
    in public that there was none.
    """
    check_may(actor, Permission.ANSWER_RECORD)
    today = clock.today()
    if not reason.strip():
        raise Missing("reason")
    take_turn(session, ask)
    round_ = session.get_one(Round, ask.round_id)
    if ask.final or round_.state is not RoundState.ASKED:
        raise DomainError("ask-answered")
    if ask.paused_since is not None or ask.due_on is None or today <= ask.due_on:
        raise DomainError("not-late-yet")
    answer = Answer(
        ask_id=ask.id,
        kind=AnswerKind.NONE,
        words=reason.strip(),
        source=AnswerSource.DECLARED,
        given_by=actor.name,
        recorded_by=actor.id,
        given_on=today,
        recorded_at=clock.now(),
    )
    session.add(answer)
    session.flush()
    events.record(session, ConsultationVerb.UNANSWERED, ask, actor=actor, answer=str(answer.id))
    others = [other for other, _ in asks_of(session, [round_.id]) if other.id != ask.id]
    if all(other.final and _was_none(session, other) for other in others):
        declare_unanswered(session, round_, reason, actor=actor)
        ask.final = True
        session.flush()
    else:
        ask.final = True
        finish(session, round_, on=today)
        if round_.state is RoundState.ASKED:
            follow_asks(session, round_.dossier_id, round_.id)
    tell_body(session, "body-no-answer", ask.body_id, f"none:{answer.id}", ask=str(ask.id))
    return answer


def expire_interim(session: Session, today: date, *, actor: Actor = SYSTEM) -> list[Ask]:
    """Interim answers whose date is over come back: once the body and the staff are told that the ask is open again; a "we look
    into it" that was extended once is declared unanswered by the system. Gives the asks that came back or were declared.

    Harmless when it runs again. `today` is the day the clock shows (`clock.travel` for another one).
    """
    asks = session.exec(
        select(Ask)
        .join(Round, col(Round.id) == col(Ask.round_id))
        .where(
            Round.state == RoundState.ASKED,
            ~col(Ask.final),
            col(Ask.paused_since).is_(None),
            col(Ask.due_on) < today,
        )
        .order_by(col(Ask.due_on), col(Ask.id))
    ).all()
    expired = []
    for ask in asks:
        given = [answer for answer in answers_to(session, ask.id) if answer.kind in rules.COMES_BACK]
        if not given:
            continue
        last = given[-1]
        if last.kind is AnswerKind.RESEARCH and ask.extended:
            round_ = session.get_one(Round, ask.round_id)
            none = declare_no_answer(session, ask, rules.EXPIRED, actor=actor)
            tell_staff(session, "staff-no-answer", round_.dossier_id, f"none:{none.id}", ask=str(ask.id))
        elif "came_back" not in last.details:
            last.details = {**last.details, "came_back": today.isoformat()}
            session.flush()
            events.record(session, ConsultationVerb.CAME_BACK, ask, actor=actor, answer=str(last.id))
        else:
            continue
        expired.append(ask)
    return expired


def _was_none(session: Session, ask: Ask) -> bool:
    given = answers_to(session, ask.id)
    return bool(given) and given[-1].kind is AnswerKind.NONE

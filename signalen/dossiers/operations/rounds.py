"""Going to the city: a round, its asks, how it ends. A dossier can go more than once."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events, outbox
from signalen.core.errors import DomainError, Missing
from signalen.core.models import RecipientKind
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import (
    Ask,
    AskWay,
    Dossier,
    DossierVerb,
    Round,
    RoundState,
)
from signalen.dossiers.operations.dossier import check_live, check_ready, move_dossier
from signalen.dossiers.queries import announced_version, asks_of, current_round
from signalen.dossiers.workflow import check_round_move
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.people.models import Body
from signalen.signals.models import Stage


def open_round(session: Session, dossier: Dossier, *, actor: Actor) -> Round:
    """The round that is being prepared; opened when there is none. A next round starts with the asks of the one before, to be
    changed: what was asked is asked again. Refused while a round is with the city (`round-running`).
    """
    check_live(dossier)
    last = current_round(session, dossier)
    if last is not None and last.state is RoundState.OPEN:
        return last
    if last is not None and last.state is RoundState.ASKED:
        raise DomainError("round-running")
    made = Round(dossier_id=dossier.id, number=last.number + 1 if last else 1, opened_at=clock.now())
    session.add(made)
    session.flush()
    events.record(session, DossierVerb.ROUND_OPENED, dossier, actor=actor, number=made.number)
    if last is not None:
        for ask, body in asks_of(session, [last.id]):
            if body.active:
                session.add(Ask(round_id=made.id, body_id=ask.body_id, measure=ask.measure))
        session.flush()
    return made


def add_ask(session: Session, round_: Round, body_id: uuid.UUID, measure: str, *, actor: Actor) -> Ask:
    """A measure that is proposed to a body, in a round that did not go out yet."""
    check_may(actor, Permission.DOSSIER_EDIT)
    if round_.state is not RoundState.OPEN:
        raise DomainError("round-running")
    if not measure.strip():
        raise Missing("measure")
    body = session.get(Body, body_id)
    if body is None or not body.active:
        raise Missing("body")
    ask = Ask(round_id=round_.id, body_id=body_id, measure=measure.strip())
    session.add(ask)
    session.flush()
    dossier = session.get_one(Dossier, round_.dossier_id)
    events.record(session, DossierVerb.ASK_ADDED, dossier, actor=actor, ask=str(ask.id), body=str(body_id))
    return ask


def remove_ask(session: Session, ask: Ask, *, actor: Actor) -> None:
    """Takes a proposal out of a round that did not go out yet."""
    check_may(actor, Permission.DOSSIER_EDIT)
    round_ = session.get_one(Round, ask.round_id)
    if round_.state is not RoundState.OPEN:
        raise DomainError("round-running")
    dossier = session.get_one(Dossier, round_.dossier_id)
    session.delete(ask)
    session.flush()
    events.record(session, DossierVerb.ASK_REMOVED, dossier, actor=actor, ask=str(ask.id))


def send_asks(session: Session, round_: Round, way: AskWay, on: date, *, actor: Actor) -> list[Ask]:
    """The asks of a round go to their bodies on this day, each due by the answer clock of its body's municipality (30 working
    days by default); the dossier and its signals are *asked*, due when the last of them is. Bodies get a mail.

    In writing, straight from *bundled*, only when nothing is missing for the city. At a consultation the dossier was checked
    when it was put on the agenda. A round without asks is `Missing("measure")`.
    """
    check_may(actor, Permission.CONSULTATION_EDIT)
    dossier = session.get_one(Dossier, round_.dossier_id)
    check_round_move(round_.state, RoundState.ASKED)
    asks = asks_of(session, [round_.id])
    if not asks:
        raise Missing("measure")
    if dossier.stage is Stage.BUNDLED and actor.id is not None:
        check_ready(session, dossier)
    for ask, body in asks:
        ask.way, ask.asked_on, ask.final = way, on, False
        ask.due_on = clocks.due(session, ClockName.ANSWER, on, municipality=body.municipality or "")
    version = announced_version(session, dossier)
    round_.state, round_.asked_on = RoundState.ASKED, on
    dossier.answered_on = None  # an earlier answer stands in its round; now the city is asked again
    round_.synthesis_id = version.id if version else None
    session.flush()
    for ask, body in asks:
        outbox.post(
            session, "asked", RecipientKind.BODY, body.id, unique_key=f"asked:{ask.id}", ask=str(ask.id)
        )
    events.record(session, DossierVerb.ASKED, dossier, actor=actor, number=round_.number, way=way)
    last = max(ask.due_on for ask, _ in asks if ask.due_on is not None)
    move_dossier(session, dossier, Stage.ASKED, due_on=last, actor=actor)
    return [ask for ask, _ in asks]


def end_round(session: Session, round_: Round, *, on: date, actor: Actor) -> None:
    """Every ask of the round has a final answer, the last one on this day: the dossier is *answered*, and its givers are to be
    told by the clock for telling (5 working days by default). Refused with `asks-open` while an ask is not final.
    """
    asks = asks_of(session, [round_.id])
    if not all(ask.final for ask, _ in asks):
        raise DomainError("asks-open")
    dossier = _end(session, round_, RoundState.ANSWERED, on, actor=actor)
    dossier.answered_on, dossier.contested = on, False
    session.flush()
    events.record(session, DossierVerb.ROUND_ANSWERED, dossier, actor=actor, number=round_.number)


def declare_unanswered(session: Session, round_: Round, reason: str, *, actor: Actor) -> None:
    """The city did not answer: an outcome of the round, public, said to the givers like an answer, by a named person with the
    date. Only when an ask without a final answer is past its date. The dossier is not *answered* as a fact.
    """
    check_may(actor, Permission.ANSWER_RECORD)
    if not reason.strip():
        raise Missing("reason")
    late = session.exec(
        select(sa.func.count()).where(
            col(Ask.round_id) == round_.id,
            ~col(Ask.final),
            col(Ask.paused_since).is_(None),
            col(Ask.due_on) < clock.today(),
        )
    ).one()
    if not late:
        raise DomainError("not-late-yet")
    dossier = _end(session, round_, RoundState.UNANSWERED, clock.today(), actor=actor)
    round_.declared_by, round_.declared_reason = actor.id, reason.strip()
    session.flush()
    events.record(session, DossierVerb.ROUND_UNANSWERED, dossier, actor=actor, number=round_.number)


def ask_again(session: Session, round_: Round, *, actor: Actor) -> None:
    """The city corrects itself, or answers after all: the round is *asked* again as long as its givers were not told.

    The asks keep their dates; a declaration that there was no answer stays in the round.
    """
    check_may(actor, Permission.ANSWER_RECORD)
    check_round_move(round_.state, RoundState.ASKED)
    dossier = session.get_one(Dossier, round_.dossier_id)
    dates = [ask.due_on for ask, _ in asks_of(session, [round_.id]) if ask.due_on is not None]
    round_.state, round_.ended_on, dossier.answered_on = RoundState.ASKED, None, None
    session.flush()
    move_dossier(session, dossier, Stage.ASKED, due_on=max(dates, default=None), actor=actor)


def _end(session: Session, round_: Round, state: RoundState, on: date, *, actor: Actor) -> Dossier:
    check_round_move(round_.state, state)
    dossier = session.get_one(Dossier, round_.dossier_id)
    round_.state, round_.ended_on = state, on
    session.flush()
    due_on = clocks.due(session, ClockName.TELL, on, municipality=dossier.municipality)
    move_dossier(session, dossier, Stage.ANSWERED, due_on=due_on, actor=actor)
    return dossier

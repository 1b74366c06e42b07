"""The way to an answer, in short: a dossier with signals, asked in writing and answered."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, select

from signalen.consultations.models import Answer, AnswerKind, AnswerSource
from signalen.core import clock
from signalen.core.vault import Vault
from signalen.dossiers.models import AskWay, Dossier, Round
from signalen.dossiers.operations import end_round, open_round, send_asks
from signalen.dossiers.queries import asks_of
from signalen.feedback import operations as feedback
from signalen.feedback.models import Delivery, Feedback
from signalen.signals.models import HearsBack, Signal
from signalen.signals.operations import read_signal
from tests import factories
from tests.factories import Cast

PARTS = {
    "did": "We vroegen aan de stad om het loket elke dag te openen.",
    "answer": "De stad opent het loket op dinsdag.",
    "why": "Er is te weinig personeel.",
    "next": "Op 1 februari kijken we of het zo is.",
}
BEGIN = date(2026, 11, 10)


def signals(session: Session, vault: Vault, cast: Cast, number: int = 2, **values) -> list[Signal]:
    """So many signals of residents, read by Bart."""
    made = [
        factories.signal(session, vault, text=f"Het loket is dicht ({n}).", **values) for n in range(number)
    ]
    for signal in made:
        read_signal(session, signal, actor=cast.actor(cast.bart))
    return made


def own_signal(session: Session, vault: Vault, cast: Cast, **values) -> Signal:
    """A signal of Amina, who tells the giver herself."""
    values = {"hears_back": HearsBack.WORKER, **values}
    made = factories.signal(session, vault, cast.actor(cast.amina), text="Zij raakt niet binnen.", **values)
    read_signal(session, made, actor=cast.actor(cast.bart))
    return made


def asked(session: Session, cast: Cast, given: list[Signal]) -> tuple[Dossier, Round]:
    """A dossier with these signals that went to the desk service in writing."""
    dossier = factories.dossier(session, cast, signals=given)
    bart = cast.actor(cast.bart)
    round_ = open_round(session, dossier, actor=bart)
    send_asks(session, round_, AskWay.WRITING, clock.today(), actor=bart)
    return dossier, round_


def answer(session: Session, cast: Cast, round_: Round, kind: AnswerKind = AnswerKind.PARTLY) -> None:
    """The desk service answers, and the round ends."""
    for ask, _body in asks_of(session, [round_.id]):
        session.add(
            Answer(
                ask_id=ask.id,
                kind=kind,
                words="Alleen op dinsdag.",
                source=AnswerSource.ACCOUNT,
                recorded_by=cast.chloe.id,
                given_on=clock.today(),
                recorded_at=clock.now(),
            )
        )
        ask.final = True
    session.flush()
    end_round(session, round_, on=clock.today(), actor=cast.actor(cast.bart))


def answered(session: Session, cast: Cast, given: list[Signal]) -> tuple[Dossier, Round]:
    """Asked and answered."""
    dossier, round_ = asked(session, cast, given)
    answer(session, cast, round_)
    return dossier, round_


def written(session: Session, cast: Cast, round_: Round) -> Feedback:
    """Bart wrote the plain text and showed it to the body."""
    bart = cast.actor(cast.bart)
    made = feedback.start_feedback(session, round_, actor=bart)
    feedback.write(session, made, "nl", PARTS, actor=bart)
    feedback.show_to_body(session, made, actor=bart)
    return made


def delivered(session: Session, cast: Cast, round_: Round) -> Feedback:
    """Written, found faithful, approved by Sofie and delivered."""
    made = written(session, cast, round_)
    feedback.confirm_faithful(session, made, cast.loket.id, actor=cast.actor(cast.chloe))
    feedback.approve(session, made, actor=cast.actor(cast.sofie))
    feedback.deliver(session, made, actor=cast.actor(cast.bart))
    return made


def delivery_of(session: Session, signal: Signal) -> Delivery:
    """The newest delivery of a signal."""
    return session.exec(
        select(Delivery).where(Delivery.signal_id == signal.id).order_by(Delivery.id.desc())
    ).first()


def days_later(moment, days: int):
    """So many days after a moment."""
    return moment + timedelta(days=days)

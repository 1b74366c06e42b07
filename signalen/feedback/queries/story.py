"""The story of one signal for its giver: what you said, what we did, what the city says, why (not), what now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from signalen.consultations.models import AnswerKind
from signalen.core import clock
from signalen.core.permissions import Actor
from signalen.core.vault import Vault
from signalen.dossiers.models import Dossier, Round, RoundState
from signalen.dossiers.queries import leading_dossier
from signalen.feedback.models import Delivery, Feedback, Helped, Reaction
from signalen.feedback.queries.facts import AskFact, DossierFacts, asks_by_round, facts_of
from signalen.signals.models import Giver, Signal, Stage, TextKind, WayOut
from signalen.signals.queries import Said, Words, messages_of, way_out, words_of
from signalen.texts.queries import Shown, approved, pick


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that was made ready for this giver."""

    delivery: Delivery
    round_number: int
    text: Shown
    asks: Sequence[AskFact]
    ended_on: date | None
    unanswered: bool
    reaction: Reaction | None

    @property
    def kinds(self) -> Sequence[AnswerKind]:
        """The kinds of the answers, each once."""
        return tuple(dict.fromkeys(ask.kind for ask in self.asks if ask.kind))


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the follow page says. `answers`: the newest first; those of earlier rounds stay readable."""

    signal: Signal
    received_on: date
    language: str
    said: Words | None
    added: Sequence[Words]
    answers: Sequence[Told]
    facts: DossierFacts | None
    way_out: WayOut | None
    messages: Sequence[Said]

    @property
    def answer(self) -> Told | None:
        """The answer this signal stands at: none while a later round is on its way."""
        told = {Stage.ANSWERED, Stage.TOLD, Stage.CLOSED}
        return self.answers[0] if self.answers and self.signal.stage in told else None

    @property
    def earlier(self) -> Sequence[Told]:
        """Answers of rounds before."""
        return self.answers[1:] if self.answer else self.answers

    @property
    def contested(self) -> bool:
        """Whether this giver's last word was that it does not help."""
        last = next((told.reaction for told in self.answers if told.reaction), None)
        return last is not None and last.helped is Helped.NO

    @property
    def waits_for_reply(self) -> bool:
        """Whether the last message is a question of staff."""
        return bool(self.messages) and not self.messages[-1].from_giver


def newest_delivery(session: Session, signal_id: uuid.UUID) -> Delivery | None:
    """The delivery of the last round of a signal."""
    return session.exec(
        select(Delivery)
        .join(Feedback, col(Feedback.id) == col(Delivery.feedback_id))
        .join(Round, col(Round.id) == col(Feedback.round_id))
        .where(Delivery.signal_id == signal_id)
        .order_by(col(Round.opened_at).desc(), col(Round.number).desc())
    ).first()


def story(session: Session, vault: Vault, signal: Signal, language: str, *, actor: Actor) -> Story:
    """The story in `language` as far as there are words in it: else in the giver's language, else in Dutch."""
    giver_language = session.exec(select(Giver.language).where(Giver.id == signal.giver_id)).one()
    texts = words_of(session, vault, signal, actor=actor)
    dossier = leading_dossier(session, signal.id)
    return Story(
        signal=signal,
        received_on=clock.day_of(signal.received_at),
        language=giver_language,
        said=next((text for text in texts if text.kind is TextKind.ORIGINAL), None),
        added=[text for text in texts if text.kind is TextKind.TRANSLATION],
        answers=_answers(session, signal, language, giver_language),
        facts=_facts(session, dossier),
        way_out=way_out(session, signal),
        messages=messages_of(session, vault, signal, actor=actor),
    )


def answer_text(session: Session, delivery: Delivery, *wishes: str) -> Shown | None:
    """The approved text of a delivery in the first wished language there is."""
    text_id = session.exec(select(Feedback.text_id).where(Feedback.id == delivery.feedback_id)).one()
    return pick(approved(session, [text_id]).get(text_id, {}), *wishes)


def _facts(session: Session, dossier: Dossier | None) -> DossierFacts | None:
    return facts_of(session, [dossier], clock.today())[dossier.id] if dossier else None


def _answers(session: Session, signal: Signal, language: str, giver_language: str) -> list[Told]:
    rows = session.exec(
        select(Delivery, Feedback, Round)
        .join(Feedback, col(Feedback.id) == col(Delivery.feedback_id))
        .join(Round, col(Round.id) == col(Feedback.round_id))
        .where(Delivery.signal_id == signal.id)
        .order_by(col(Round.opened_at).desc(), col(Round.number).desc())
    ).all()
    if not rows:
        return []
    versions = approved(session, [feedback.text_id for _, feedback, _ in rows])
    asks = asks_by_round(session, [round_.id for _, _, round_ in rows])
    reactions: dict[uuid.UUID, Reaction] = {}
    for reaction in session.exec(
        select(Reaction)
        .where(col(Reaction.delivery_id).in_([delivery.id for delivery, _, _ in rows]))
        .order_by(col(Reaction.at), col(Reaction.id))
    ):
        reactions[reaction.delivery_id] = reaction
    found = []
    for delivery, feedback, round_ in rows:
        text = pick(versions.get(feedback.text_id, {}), language, giver_language)
        if text is not None:
            found.append(
                Told(
                    delivery,
                    round_.number,
                    text,
                    asks.get(round_.id, ()),
                    round_.ended_on,
                    round_.state is RoundState.UNANSWERED,
                    reactions.get(delivery.id),
                )
            )
    return found

"""Reads for letters: who waits for one, and what stands in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.core.permissions import Actor
from signalen.dossiers.models import Round, RoundState
from signalen.feedback.models import Delivery, DeliveryState, DeliveryWay, Feedback
from signalen.signals.models import Giver, Signal, Stage
from signalen.signals.visible import seen_by

MOST = 200
"""Letters in one file; the rest waits for the next one."""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A giver who waits for a letter. `contact` is sealed; `printed_at`: it was printed and nobody said yet that it is posted."""

    delivery: Delivery
    signal: Signal
    text_id: uuid.UUID
    unanswered: bool
    giver_id: uuid.UUID
    language: str
    contact: tuple[str, bytes]

    @property
    def reference(self) -> str:
        """The number to talk about it."""
        return self.signal.reference

    @property
    def stage(self) -> Stage:
        """Where the ring stands once the letter is read."""
        return Stage.TOLD

    @property
    def printed_at(self) -> datetime | None:
        """When it was last printed."""
        return self.delivery.printed_at


def waiting_letters(session: Session, actor: Actor) -> Sequence[LetterRow]:
    """Givers who left an address and were not told yet, the longest first; of sensitive signals for named readers only."""
    rows = session.execute(
        sa.select(Delivery, Signal, col(Feedback.text_id), col(Round.state), Giver)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .join(Feedback, col(Feedback.id) == col(Delivery.feedback_id))
        .join(Round, col(Round.id) == col(Feedback.round_id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .where(
            col(Delivery.way) == DeliveryWay.LETTER,
            col(Delivery.state) == DeliveryState.READY,
            col(Giver.contact_sealed).is_not(None),
            seen_by(actor),
        )
        .order_by(col(Delivery.state_at), col(Delivery.id))
        .limit(MOST)
    ).all()
    return [
        LetterRow(
            delivery,
            signal,
            text_id,
            state is RoundState.UNANSWERED,
            giver.id,
            giver.language,
            (giver.contact_key, giver.contact_sealed),
        )
        for delivery, signal, text_id, state, giver in rows
        if giver.contact_key is not None and giver.contact_sealed is not None
    ]

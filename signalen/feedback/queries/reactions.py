"""What givers say of an answer: counts for the desk, and their words for who may read them."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from signalen.core import events
from signalen.core.permissions import Actor
from signalen.core.vault import Vault
from signalen.feedback.models import Delivery, Helped, Reaction
from signalen.feedback.sealing import words_context
from signalen.signals.models import Giver, Signal, SignalVerb
from signalen.signals.visible import seen_by


@dataclass(frozen=True, slots=True)
class Said:
    """Counts of the last word of each giver, per question."""

    helped: Counter[Helped] = field(default_factory=Counter)
    not_understood: int = 0
    with_words: int = 0


def said_of(session: Session, feedback_id: uuid.UUID) -> Said:
    """What givers say, in numbers."""
    helped: dict[uuid.UUID, Helped] = {}
    understood: dict[uuid.UUID, bool] = {}
    with_words = 0
    for reaction in session.exec(
        select(Reaction)
        .join(Delivery, col(Delivery.id) == col(Reaction.delivery_id))
        .where(Delivery.feedback_id == feedback_id)
        .order_by(col(Reaction.at), col(Reaction.id))
    ):
        with_words += reaction.sealed is not None
        if reaction.helped is not None:
            helped[reaction.delivery_id] = reaction.helped
        if reaction.understood is not None:
            understood[reaction.delivery_id] = reaction.understood
    unclear = sum(not clear for clear in understood.values())
    return Said(Counter(helped.values()), unclear, with_words)


@dataclass(frozen=True, slots=True)
class GiverWords:
    """The words of one reaction, open."""

    signal_id: uuid.UUID
    reference: str
    language: str
    helped: Helped | None
    understood: bool | None
    words: str
    at: datetime


def words_of_givers(
    session: Session, vault: Vault, feedback_id: uuid.UUID, *, actor: Actor
) -> list[GiverWords]:
    """The words of the reactions that this person may read, the newest first. Reading those of a sensitive signal is logged first."""
    rows = session.exec(
        select(Reaction, Signal, Giver.language)
        .join(Delivery, col(Delivery.id) == col(Reaction.delivery_id))
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .where(Delivery.feedback_id == feedback_id, col(Reaction.sealed).is_not(None), seen_by(actor))
        .order_by(col(Reaction.at).desc())
    ).all()
    for _reaction, signal, _language in rows:
        if signal.sensitive:
            events.record(session, SignalVerb.SENSITIVE_READ, signal, actor=actor)
    return [
        GiverWords(
            signal.id,
            signal.reference,
            language,
            reaction.helped,
            reaction.understood,
            vault.open(reaction.key_id, reaction.sealed, words_context(reaction.id)),
            reaction.at,
        )
        for reaction, signal, language in rows
        if reaction.key_id is not None and reaction.sealed is not None
    ]

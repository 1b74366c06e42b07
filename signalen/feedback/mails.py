"""Mails of this room. What a giver gets says that there is an answer and where to read it, and nothing of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from signalen.core.vault import Vault
from signalen.dossiers.models import Dossier
from signalen.feedback.models import Delivery, DeliveryState, Feedback, FeedbackState
from signalen.feedback.operations import mark_bounced, mark_sent
from signalen.signals.models import Giver, Signal


def answer_ready(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """There is an answer; nothing more to say when the giver read it already."""
    row = session.exec(
        select(Signal.reference, Delivery.language, Giver.language)
        .join(Delivery, col(Delivery.signal_id) == col(Signal.id))
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .where(Delivery.id == uuid.UUID(params["delivery"]), Delivery.state == DeliveryState.READY)
    ).first()
    return {"reference": row[0], "written_in": row[1], "reads": row[2]} if row else None


def check_text(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A body may look at the plain text, as long as it waits."""
    row = _with_title(session, params)
    if row is None or row[0].state not in {FeedbackState.WITH_BODY, FeedbackState.APPROVED}:
        return None
    return {"feedback": row[0], "title": row[1], "until": date.fromisoformat(params["until"])}


def about_text(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Something happened to a text that this person wrote."""
    row = _with_title(session, params)
    return {"feedback": row[0], "title": row[1]} if row else None


def sent(session: Session, params: Mapping[str, Any]) -> None:
    """The mail server took it: told."""
    mark_sent(session, uuid.UUID(params["delivery"]))


def refused(session: Session, params: Mapping[str, Any]) -> None:
    """It cannot be delivered: not told."""
    mark_bounced(session, uuid.UUID(params["delivery"]))


def _with_title(session: Session, params: Mapping[str, Any]) -> tuple[Feedback, str] | None:
    row = session.exec(
        select(Feedback, Dossier.title)
        .join(Dossier, col(Dossier.id) == col(Feedback.dossier_id))
        .where(Feedback.id == uuid.UUID(params["feedback"]))
    ).first()
    return (row[0], row[1]) if row else None


MAILS = {
    "giver-answer-ready": answer_ready,
    "body-check-text": check_text,
    "staff-text-flagged": about_text,
    "staff-text-not-understood": about_text,
}
SENT = {"giver-answer-ready": sent}
REFUSED = {"giver-answer-ready": refused}

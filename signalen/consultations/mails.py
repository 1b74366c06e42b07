"""Mails about asks, answers and promises: titles, dates and an address, never a word of a signal. Nothing is sent that is over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from signalen.consultations.models import Answer, AnswerKind, Commitment, CommitmentState
from signalen.core.vault import Vault
from signalen.dossiers.models import Ask, Dossier, Round, RoundState
from signalen.people.models import Body
from signalen.web.mail import Builder

Context = Mapping[str, Any] | None


def _ask(session: Session, ask_id: str, *, waiting: bool) -> Context:
    row = session.exec(
        select(Ask, Round, Dossier, Body)
        .join(Round, col(Round.id) == col(Ask.round_id))
        .join(Dossier, col(Dossier.id) == col(Round.dossier_id))
        .join(Body, col(Body.id) == col(Ask.body_id))
        .where(Ask.id == uuid.UUID(ask_id))
    ).first()
    if row is None:
        return None
    ask, round_, dossier, body = row
    if waiting and (ask.final or round_.state is not RoundState.ASKED):
        return None
    return {
        "ask_id": str(ask.id),
        "title": dossier.title,
        "reference": dossier.reference,
        "body": body.name,
        "due_on": ask.due_on,
    }


def waiting_ask(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """An ask that still waits for its answer."""
    return _ask(session, params["ask"], waiting=True)


def any_ask(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """An ask, also when it ended."""
    return _ask(session, params["ask"], waiting=False)


def answered(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """An answer that stands."""
    answer = session.get(Answer, uuid.UUID(params["answer"]))
    if answer is None or answer.replaced_by_id is not None:
        return None
    context = _ask(session, str(answer.ask_id), waiting=False)
    return {**context, "question": answer.kind is AnswerKind.QUESTION} if context else None


def commitment(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """A promise that is neither kept nor dropped."""
    found = session.get(Commitment, uuid.UUID(params["commitment"]))
    if found is None or found.state not in {CommitmentState.OPEN, CommitmentState.BROKEN}:
        return None
    dossier = session.get(Dossier, found.dossier_id) if found.dossier_id else None
    body = session.get(Body, found.body_id) if found.body_id else None
    return {
        "commitment_id": str(found.id),
        "what": found.what,
        "owner": found.owner,
        "due_on": found.due_on,
        "title": dossier.title if dossier else "",
        "reference": dossier.reference if dossier else "",
        "body": body.name if body else "",
    }


MAILS: Mapping[str, Builder] = {
    "body-ask-soon": waiting_ask,
    "body-ask-late": waiting_ask,
    "body-question-answered": waiting_ask,
    "body-no-answer": any_ask,
    "body-promise-soon": commitment,
    "body-promise-late": commitment,
    "staff-answered": answered,
    "staff-no-answer": any_ask,
    "staff-ask-late": waiting_ask,
    "staff-promise-late": commitment,
}

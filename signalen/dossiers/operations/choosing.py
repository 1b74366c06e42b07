"""Choosing what goes on the agenda, and the words that are copied with consent."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import (
    Dossier,
    DossierSignal,
    DossierVerb,
    KnockOutAnswer,
    Quote,
    ScorePoint,
)
from signalen.dossiers.operations.dossier import check_live
from signalen.dossiers.queries import leading_ids
from signalen.dossiers.rules import Criterion, KnockOut, score
from signalen.signals.models import Signal, SignalText, Stage, TextKind


def weigh(
    session: Session,
    dossier: Dossier,
    points: Mapping[Criterion, tuple[int, str]],
    knock_outs: Mapping[KnockOut, bool],
    *,
    actor: Actor,
) -> None:
    """Keeps the points (0–3, with why) and the answers to the knock-out questions; what is not given stays. Advisory only.

    Points outside 0–3 are a `ValueError`, as in `rules.score`.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    score({criterion: given for criterion, (given, _) in points.items()}, knock_outs)
    for criterion, (given, why) in points.items():
        session.merge(ScorePoint(dossier_id=dossier.id, criterion=criterion, points=given, why=why))
    for question, yes in knock_outs.items():
        session.merge(KnockOutAnswer(dossier_id=dossier.id, question=question, yes=yes))
    session.flush()
    events.record(
        session, DossierVerb.WEIGHED, dossier, actor=actor, total=sum(given for given, _ in points.values())
    )


def not_choose(session: Session, dossier: Dossier, reason: str, *, actor: Actor) -> None:
    """Not for the agenda now, and why: no move, the dossier stays, and its givers can read the reason (facts/loop.md).

    The clock for a choice stops: a choice was made. Choosing it later just puts it on an agenda.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    if dossier.stage is not Stage.BUNDLED:
        raise DomainError("choice-was-made")
    if not reason.strip():
        raise Missing("reason")
    dossier.not_chosen_reason, dossier.due_on, dossier.first_in_line = reason.strip(), None, False
    session.flush()
    session.execute(
        sa.update(Signal)
        .where(col(Signal.id).in_(leading_ids(dossier.id)), col(Signal.stage) == Stage.BUNDLED)
        .values(due_on=None)
    )
    events.record(session, DossierVerb.NOT_CHOSEN, dossier, actor=actor)


def quote(session: Session, dossier: Dossier, signal: Signal, words: str, *, actor: Actor) -> Quote:
    """Copies words of a signal into the dossier. Only with the giver's consent to quote, only words that stand in the signal or
    in a translation of it, and never of a sensitive one (its safe line can be quoted).
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    consent_at = signal.may_quote_at
    if consent_at is None:
        raise DomainError("quote-without-consent", reference=signal.reference)
    inside = select(DossierSignal.id).where(
        DossierSignal.dossier_id == dossier.id,
        DossierSignal.signal_id == signal.id,
        col(DossierSignal.until).is_(None),
    )
    if session.exec(inside).first() is None:
        raise DomainError("quote-not-inside", reference=signal.reference)
    texts = session.exec(
        select(SignalText).where(SignalText.signal_id == signal.id, col(SignalText.words).is_not(None))
    ).all()
    sources = [
        text for text in texts if text.kind is TextKind.SAFE_LINE or (not signal.sensitive and text.words)
    ]
    wanted = " ".join(words.split())
    source = next(
        (text for text in sources if wanted and wanted in " ".join((text.words or "").split())), None
    )
    if source is None:
        raise DomainError("quote-not-their-words", reference=signal.reference)
    made = Quote(
        dossier_id=dossier.id,
        signal_id=signal.id,
        words=words.strip(),
        language=source.language,
        consent_at=consent_at,
        by=actor.id,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    events.record(session, DossierVerb.QUOTED, dossier, actor=actor, signal=str(signal.id))
    return made


def unquote(session: Session, made: Quote, *, actor: Actor) -> None:
    """Removes a copied quote: it is wrong, or the giver took the consent back."""
    check_may(actor, Permission.DOSSIER_EDIT)
    dossier = session.get_one(Dossier, made.dossier_id)
    session.delete(made)
    session.flush()
    events.record(session, DossierVerb.UNQUOTED, dossier, actor=actor, signal=str(made.signal_id))

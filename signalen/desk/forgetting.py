"""Erasing asks every room, the last one first: copies go before what they were copied from."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from signalen.core.permissions import Actor
from signalen.dossiers.operations import forgetting as in_dossiers
from signalen.feedback.operations import forgetting as in_feedback
from signalen.signals import erasing
from signalen.signals.models import Signal


def erase(session: Session, folder: Path, signal: Signal, *, actor: Actor) -> None:
    """Everything that says who gave a signal, and every word of it, in one transaction. `folder`: that of the photos.

    What stays: that there was a signal, about what, where and when it came, so that the counts of bundles stay right.
    Raises `NotAllowed` for anyone but its giver.
    """
    erasing.check_erases(actor, signal)
    if signal.erased_at is not None:
        return
    in_feedback.forget(session, signal, actor=actor)
    in_dossiers.forget(session, signal)
    erasing.forget(session, folder, signal, actor=actor)
    in_feedback.settle_after(session, signal, actor=actor)

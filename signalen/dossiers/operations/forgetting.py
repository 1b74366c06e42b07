"""What the dossiers hold of one signal beside that it counts: the words copied from it, and why it was put there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from signalen.dossiers.models import DossierSignal, Quote
from signalen.signals.models import Signal


def forget(session: Session, signal: Signal) -> None:
    """The signal stays in its dossiers and in their counts; nothing of its words does. `desk.forgetting` records the event."""
    connection = session.connection()
    connection.execute(sa.delete(Quote).where(col(Quote.signal_id) == signal.id))
    connection.execute(
        sa.update(DossierSignal).where(col(DossierSignal.signal_id) == signal.id).values(reason=None)
    )
    session.expire_all()

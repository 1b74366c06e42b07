"""Mails to givers who left an address. They hold no words of a signal and no code: those are behind the code."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from signalen.core.vault import Vault
from signalen.signals.models import Signal
from signalen.signals.workflow import SILENT


def news(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """That there is something to read; nothing any more when the signal was withdrawn."""
    found = session.exec(
        select(Signal.reference, Signal.stage).where(Signal.id == uuid.UUID(str(params["signal"])))
    ).first()
    if found is None or found[1] in SILENT:
        return None
    return {"reference": found[0]}


MAILS = {"giver-question": news, "giver-way-out": news}

"""Mails about dossiers: to a body that is asked something, to people who may agree for their organisation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from signalen.core.vault import Vault
from signalen.dossiers.models import Ask, Dossier, Round, SynthesisVersion


def asked(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What is asked and before which day; nothing more to say when it was answered already."""
    row = session.exec(
        select(Ask, Dossier.title)
        .join(Round, col(Round.id) == col(Ask.round_id))
        .join(Dossier, col(Dossier.id) == col(Round.dossier_id))
        .where(Ask.id == uuid.UUID(params["ask"]), ~col(Ask.final))
    ).first()
    return {"ask": row[0], "title": row[1]} if row else None


def synthesis_announced(
    session: Session, _vault: Vault, params: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """There is a text to read and to agree to, and until when."""
    row = session.exec(
        select(SynthesisVersion, Dossier.title)
        .join(Dossier, col(Dossier.id) == col(SynthesisVersion.dossier_id))
        .where(SynthesisVersion.id == uuid.UUID(params["version"]))
    ).first()
    return {"version": row[0], "title": row[1]} if row else None


MAILS = {"asked": asked, "synthesis-announced": synthesis_announced}

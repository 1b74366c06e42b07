"""Mails of the daily round that belong to no single room."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from signalen.core.vault import Vault
from signalen.desk.digest import unseen
from signalen.desk.reminders import late_readings
from signalen.dossiers.models import Dossier, SynthesisVersion
from signalen.signals.models import Stage
from signalen.web.mail import Builder

Context = Mapping[str, Any] | None


def readings_late(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """How many signals wait too long, of those this person may see; nothing when they were read meanwhile."""
    number = late_readings(session, uuid.UUID(params["person"]), date.fromisoformat(params["day"]))
    return {"number": number} if number else None


def tell_late(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """An answer that was to be told."""
    dossier = session.get(Dossier, uuid.UUID(params["dossier"]))
    if dossier is None or dossier.stage is not Stage.ANSWERED:
        return None
    return {
        "dossier_id": str(dossier.id),
        "title": dossier.title,
        "reference": dossier.reference,
        "due_on": dossier.due_on,
    }


def synthesis_soon(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """A text that still waits for an organisation."""
    version = session.get(SynthesisVersion, uuid.UUID(params["version"]))
    if version is None:
        return None
    dossier = session.get_one(Dossier, version.dossier_id)
    if dossier.stage is not Stage.BUNDLED:
        return None
    return {"title": dossier.title, "deadline_on": version.deadline_on}


def digest(session: Session, _vault: Vault, params: Mapping[str, Any]) -> Context:
    """How much is new of each kind; nothing when the person looked meanwhile, or left."""
    found = unseen(session, uuid.UUID(params["person"]), date.fromisoformat(params["until"]))
    return {"counts": found} if found else None


MAILS: Mapping[str, Builder] = {
    "staff-readings-late": readings_late,
    "staff-tell-late": tell_late,
    "user-digest": digest,
    "worker-synthesis-soon": synthesis_soon,
}

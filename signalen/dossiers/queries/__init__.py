"""Reads of dossiers."""

from __future__ import annotations

from signalen.dossiers.queries.evidence import Evidence, evidence, quotes, total
from signalen.dossiers.queries.membership import (
    counted,
    dossiers_of,
    leading_dossier,
    leading_ids,
    organisations_of,
    owed,
    resolve,
    visible_dossiers,
)
from signalen.dossiers.queries.rounds import asks_of, current_round, rounds_of
from signalen.dossiers.queries.syntheses import (
    Standing,
    announced_version,
    comments_on,
    missing_for_city,
    standing,
    versions,
    visible_syntheses,
)

__all__ = [
    "Evidence",
    "Standing",
    "announced_version",
    "asks_of",
    "comments_on",
    "counted",
    "current_round",
    "dossiers_of",
    "evidence",
    "leading_dossier",
    "leading_ids",
    "missing_for_city",
    "organisations_of",
    "owed",
    "quotes",
    "resolve",
    "rounds_of",
    "standing",
    "total",
    "versions",
    "visible_dossiers",
    "visible_syntheses",
]

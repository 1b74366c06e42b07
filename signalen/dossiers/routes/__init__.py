"""Pages of dossiers, for staff: the list, one dossier, and what can be done with it."""

from __future__ import annotations

from signalen.dossiers.routes import changing, going, reading

BLUEPRINTS = (reading.bp, changing.bp, going.bp)

"""Pages of signals: the resident's report and the worker's capture. The inbox stands in `desk`: it looks over dossiers too."""

from __future__ import annotations

from signalen.signals.routes import after, importing, photos, report, send, shell

BLUEPRINTS = (report.bp, after.bp, importing.bp, send.bp, photos.bp, shell.bp)

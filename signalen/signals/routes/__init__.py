"""Pages of signals: the resident's report and the worker's capture. The inbox stands in `desk`: it looks over dossiers too."""

from __future__ import annotations

from signalen.signals.routes import capture, phone, photos, report, send

BLUEPRINTS = (report.bp, capture.bp, phone.bp, send.bp, photos.bp)

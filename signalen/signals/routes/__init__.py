"""Pages of signals: the resident's report, the worker's capture, the inbox of the desk."""

from __future__ import annotations

from signalen.signals.routes import capture, inbox, report

BLUEPRINTS = (report.bp, capture.bp, inbox.bp)

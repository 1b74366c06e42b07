"""Pages of consultations for staff: agendas, and the answers that came or did not."""

from __future__ import annotations

from signalen.consultations.routes import agenda, answers, meetings, promises

BLUEPRINTS = (meetings.bp, agenda.bp, answers.bp, promises.bp)

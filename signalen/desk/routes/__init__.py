"""Pages that look over all rooms, one file per kind of visitor."""

from __future__ import annotations

from signalen.desk.routes import city, home, house, mine, panel, today

BLUEPRINTS = (home.bp, today.bp, city.bp, panel.bp, mine.bp, house.bp)

"""Pages that look over all rooms, one file per kind of visitor."""

from __future__ import annotations

from signalen.desk.routes import city, home, house_people, inbox, mine, panel, today, todos

BLUEPRINTS = (home.bp, today.bp, inbox.bp, todos.bp, city.bp, panel.bp, mine.bp, house_people.bp)

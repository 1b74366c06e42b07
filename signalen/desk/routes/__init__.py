"""Pages that look over all rooms, one file per kind of visitor."""

from __future__ import annotations

from signalen.desk.routes import (
    city,
    home,
    house_people,
    inbox,
    lost_codes,
    mine,
    news,
    panel,
    rights,
    today,
    todos,
)

BLUEPRINTS = (
    home.bp,
    today.bp,
    inbox.bp,
    todos.bp,
    city.bp,
    panel.bp,
    rights.bp,
    lost_codes.bp,
    mine.bp,
    news.bp,
    house_people.bp,
)

"""Pages of this room, one file per kind of visitor."""

from __future__ import annotations

from signalen.feedback.routes import (
    board,
    checking,
    city,
    follow,
    leaving,
    letters,
    publishing,
    tell,
    telling,
)

BLUEPRINTS = (
    follow.bp,
    leaving.bp,
    board.bp,
    telling.bp,
    checking.bp,
    publishing.bp,
    tell.bp,
    letters.bp,
    city.bp,
)

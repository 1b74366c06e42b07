"""Pages of this room, one file per kind of visitor."""

from __future__ import annotations

from signalen.feedback.routes import board, checking, city, follow, letters, publishing, tell, telling

BLUEPRINTS = (follow.bp, board.bp, telling.bp, checking.bp, publishing.bp, tell.bp, letters.bp, city.bp)

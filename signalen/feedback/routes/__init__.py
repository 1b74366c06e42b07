"""Pages of this room, one file per kind of visitor."""

from __future__ import annotations

from signalen.feedback.routes import board, follow

BLUEPRINTS = (follow.bp, board.bp)

"""Pages of this room, on one blueprint."""

from __future__ import annotations

from signalen.toetsen.routes import agenda, answering, desk, public_pages
from signalen.toetsen.routes.base import bp

__all__ = ["agenda", "answering", "bp", "desk", "public_pages"]

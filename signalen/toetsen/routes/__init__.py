"""Pages of this room, on one blueprint."""

from __future__ import annotations

from signalen.toetsen.routes import answering, desk, public_pages
from signalen.toetsen.routes.base import bp

__all__ = ["answering", "bp", "desk", "public_pages"]

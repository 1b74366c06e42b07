"""Reads of this room."""

from __future__ import annotations

from signalen.feedback.queries.work import due

__all__ = ["due"]

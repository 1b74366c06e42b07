"""What the words of givers are bound to when they are sealed."""

from __future__ import annotations

import uuid


def words_context(reaction_id: uuid.UUID) -> str:
    """What the sealed words of a reaction are bound to."""
    return f"reaction:{reaction_id}:words"

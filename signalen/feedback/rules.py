"""Rules of telling and reacting that need no database (facts/loop.md, "Two questions to the giver")."""

from __future__ import annotations

from datetime import date


def dossier_reopens(no: int, told: int, *, percent: int, at_least: int) -> bool:
    """Whether so many givers say no that the dossier itself opens again: from a share of those told, and at least some number."""
    return no >= at_least and no * 100 >= percent * told


def body_time_over(until: date | None, today: date, *, waiting_for: int) -> bool:
    """Whether the text may go out: every body said it is faithful, or its days passed. `until` itself is still theirs."""
    return waiting_for == 0 or (until is not None and today > until)

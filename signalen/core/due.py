"""What is due: every room offers `queries.due(session, actor, today) -> list[Due]`; the desk shows them on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class DueKind(StrEnum):
    """Why something asks for attention. The words stand in `desk.labels`."""

    UNREAD = "unread"
    SENSITIVE = "sensitive"
    TO_PLACE = "to-place"
    GIVER_WROTE = "giver-wrote"
    TO_LOOK_AT = "to-look-at"
    TO_CHOOSE = "to-choose"
    READY_FOR_AGENDA = "ready-for-agenda"
    SYNTHESIS = "synthesis"
    CONSULTATION = "consultation"
    ASK = "ask"
    CITY_QUESTION = "city-question"
    COMMITMENT = "commitment"
    FIRST_IN_LINE = "first-in-line"
    TO_TELL = "to-tell"
    FLAGGED = "flagged"
    TO_APPROVE = "to-approve"
    NOT_REACHED = "not-reached"
    BOARD = "board"
    TOETS = "toets"
    CODE_ASKED = "code-asked"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits for somebody.

    `title` is what staff wrote (a dossier, a consultation), never words of a sensitive signal; `language` is set when it is in
    the words of a giver. `endpoint` and `args` make its address with `url_for`. `due_on` is a day in Brussels, or None when no
    clock runs; `late` from the day after it.
    """

    kind: DueKind
    title: str
    endpoint: str
    args: Mapping[str, str] = field(default_factory=dict)
    due_on: date | None = None
    late: bool = False
    reference: str = ""
    language: str | None = None


def is_late(due_on: date | None, today: date) -> bool:
    """Late from the day after the promised day."""
    return due_on is not None and today > due_on

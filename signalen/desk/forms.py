"""What staff and workers fill in on the pages of the desk."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from signalen.signals.forms import Language
from signalen.signals.intake import LONGEST_TEXT
from signalen.signals.models import Stage, TextKind
from signalen.web.forms import Schema

Words = Annotated[str, Field(min_length=2, max_length=LONGEST_TEXT)]
Reason = Annotated[str, Field(min_length=3, max_length=2_000)]
Short = Annotated[str, Field(min_length=3, max_length=300)]
Codes = Annotated[tuple[str, ...], AfterValidator(lambda codes: tuple(dict.fromkeys(codes)))]


class PlaceForm(Schema):
    """Where staff places a signal; what is empty is emptied."""

    themes: Codes = ()
    groups: Codes = ()
    barriers: Codes = ()
    frame_items: tuple[uuid.UUID, ...] = ()
    place: str | None = None
    neighbourhood: Annotated[str | None, Field(max_length=80)] = None


class TextForm(Schema):
    """A translation or a summary."""

    kind: Literal[TextKind.TRANSLATION, TextKind.SUMMARY]
    language: Language
    words: Words


class QuestionForm(Schema):
    """A question to the giver, in a language they read."""

    language: Language
    words: Words


class WayOutForm(Schema):
    """A way out, with the reason that the giver reads."""

    to: Literal[Stage.HELPED, Stage.PASSED_ON, Stage.KEPT]
    reason: Reason
    language: Language
    passed_to: Annotated[str, Field(max_length=200)] = ""


class SafeLineForm(Schema):
    """One line without identity."""

    safe_line: Annotated[str, Field(min_length=5, max_length=500)]
    language: Language


class PauseForm(Schema):
    """Why a clock stands still."""

    reason: Short


class SpamForm(Schema):
    """Signals that are no signals, with why (for the log of the desk: nobody is told)."""

    signals: list[uuid.UUID] = Field(min_length=1)
    reason: Reason


class CorrectForm(Schema):
    """Other words in place of the first ones."""

    words: Words


class ReplyForm(Schema):
    """What a worker answers to a question of staff."""

    words: Words

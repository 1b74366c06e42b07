"""What people send on the pages of this room."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from signalen.feedback.models import Helped
from signalen.signals.forms import Language
from signalen.signals.intake import LONGEST_TEXT
from signalen.texts.models import TextOrigin
from signalen.web.forms import Schema

PART_LENGTH = 4000
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class CodeForm(Schema):
    """The follow code, as it was typed."""

    code: Annotated[str, Field(min_length=1, max_length=500)]


class ReplyForm(Schema):
    """Words of a giver to staff."""

    words: Words


class YesNo(StrEnum):
    """The answer to "do you understand it?"."""

    YES = "yes"
    NO = "no"


class ReactForm(Schema):
    """Two questions, and words when they want."""

    understood: YesNo | None = None
    helped: Helped | None = None
    words: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""


class ToldForm(Schema):
    """When and in which language a worker told it."""

    on: date | None = None
    language: Language | None = None


class TextForm(Schema):
    """The parts of a plain text in one language."""

    language: Annotated[str, Field(max_length=12)] = "nl"
    origin: TextOrigin = TextOrigin.PERSON
    did: Annotated[str, Field(max_length=PART_LENGTH)] = ""
    answer: Annotated[str, Field(max_length=PART_LENGTH)] = ""
    why: Annotated[str, Field(max_length=PART_LENGTH)] = ""
    next: Annotated[str, Field(max_length=PART_LENGTH)] = ""
    title: Annotated[str, Field(max_length=160)] = ""
    worry: Annotated[str, Field(max_length=PART_LENGTH)] = ""
    ask: Annotated[str, Field(max_length=PART_LENGTH)] = ""
    now: Annotated[str, Field(max_length=PART_LENGTH)] = ""

    def parts(self) -> dict[str, str]:
        """The words by part."""
        return self.model_dump(exclude={"language", "origin"})


class ApproveForm(Schema):
    """A yes of a second person; the reason overrules the panel."""

    reason: Annotated[str, Field(max_length=500)] = ""


class FlagForm(Schema):
    """What a body says of the plain text of its answer."""

    body: uuid.UUID
    words: Annotated[str, Field(min_length=1, max_length=2000)]


class FaithfulForm(Schema):
    """A body says: this is what we said."""

    body: uuid.UUID


class SettleForm(Schema):
    """What staff did with a flag."""

    flag: uuid.UUID
    how: Annotated[str, Field(min_length=1, max_length=2000)]


class DeliverForm(Schema):
    """Whether also who was told an earlier text gets this one."""

    everyone: bool = False


class PanelForm(Schema):
    """What a reader of the panel says."""

    clear: Literal["yes", "no"]
    retold: Annotated[str, Field(max_length=2000)] = ""
    unclear: Annotated[str, Field(max_length=2000)] = ""

"""What staff and workers fill in about dossiers, and what is said when a rule says no."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from signalen.core.errors import DomainError, Missing
from signalen.dossiers.labels import MISSING
from signalen.dossiers.rules import MOST_POINTS, Criterion, KnockOut
from signalen.web.forms import Schema, messages, refusal
from signalen.web.locale import lazy

Title = Annotated[str, Field(min_length=3, max_length=160)]
Long = Annotated[str, Field(max_length=20_000)]
Reason = Annotated[str, Field(min_length=3, max_length=300)]

messages(
    {
        "dossier-merged": lazy("This dossier was merged into another one. Open that one."),
        "lead-is-second": lazy("The lead and the second person are two people."),
        "lead-is-not-staff": lazy("The lead and the second person are staff of the platform."),
        "not-answered-yet": lazy("This is only possible after the city has answered."),
        "bundle-unread": lazy("Read %(reference)s first. Then you can put it in a dossier."),
        "bundle-gone": lazy("%(reference)s was withdrawn or refused. It cannot be in a dossier."),
        "bundle-sensitive": lazy(
            "%(reference)s is sensitive. A named reader writes a safe line first; then it counts in a dossier."
        ),
        "take-out-too-late": lazy("This went to the city already. It stays in the dossier."),
        "merge-with-itself": lazy("Choose another dossier."),
        "merge-too-late": lazy(
            "%(reference)s is on an agenda or went to the city. It cannot be merged any more."
        ),
        "split-too-late": lazy(
            "%(reference)s is on an agenda or went to the city. It cannot be split any more."
        ),
        "split-needs-signals": lazy("Choose at least one signal."),
        "choice-was-made": lazy("This dossier was chosen already."),
        "quote-without-consent": lazy("The giver of %(reference)s did not say that you may copy words."),
        "quote-not-inside": lazy("%(reference)s is not in this dossier."),
        "quote-not-their-words": lazy("Copy the words exactly as they stand in %(reference)s."),
        "already-announced": lazy("This version was announced already."),
        "went-to-city": lazy("This text went to the city with your answer. It cannot change any more."),
        "newer-version": lazy("There is a newer version. Answer about that one."),
        "not-announced": lazy("This version was not announced yet."),
        "round-running": lazy("A round is with the city. It can be changed when it has ended."),
        "asks-open": lazy("Not every question has a final answer yet."),
        "not-late-yet": lazy("The city still has time to answer."),
        "move-refused": lazy("This step is not possible now. Open the page again and look."),
        "missing": lazy("Fill this in."),
    }
)


def say_no(error: DomainError) -> str:
    """What to tell staff when a rule about a dossier says no: what is missing, by name."""
    if isinstance(error, Missing):
        named = [str(MISSING[code]) for code in error.facts["what"] if code in MISSING]
        if named:
            return " ".join(named)
    return refusal(error)


class OpenForm(Schema):
    """A new dossier, with the signals that open it."""

    title: Title
    worry: Long = ""
    municipality: str
    signals: list[uuid.UUID] = Field(default_factory=list)


class EditForm(Schema):
    """The words, people and links of a dossier; what is left empty is emptied."""

    title: Title
    worry: Long = ""
    evidence: Long = ""
    why_probe: Long = ""
    lead_id: uuid.UUID | None = None
    second_id: uuid.UUID | None = None
    themes: list[str] = Field(default_factory=list)
    frame_items: list[uuid.UUID] = Field(default_factory=list)
    recommendations: list[uuid.UUID] = Field(default_factory=list)


class ReasonForm(Schema):
    """Only a reason."""

    reason: Annotated[str, Field(min_length=3, max_length=2_000)]


class SelectForm(Schema):
    """Signals that were ticked, what to do with them, and what that needs."""

    signals: list[uuid.UUID] = Field(min_length=1)
    reason: str = Field(default="", max_length=300)
    title: str = Field(default="", max_length=160)


class BundleForm(Schema):
    """Signals into a dossier that exists (`into`) or a new one (`title`)."""

    signals: list[uuid.UUID] = Field(min_length=1)
    into: uuid.UUID | None = None
    title: str = Field(default="", max_length=160)


class MergeForm(Schema):
    """Into which dossier."""

    into: uuid.UUID


class QuoteForm(Schema):
    """Words of one signal."""

    signal_id: uuid.UUID
    words: Annotated[str, Field(min_length=3, max_length=2_000)]


class SynthesisForm(Schema):
    """A text for the city."""

    body: Annotated[str, Field(min_length=20, max_length=20_000)]


class AskForm(Schema):
    """A measure and the body it is proposed to."""

    body_id: uuid.UUID
    measure: Annotated[str, Field(min_length=5, max_length=4_000)]


class CommentForm(Schema):
    """What an organisation says about a version."""

    organisation_id: uuid.UUID
    words: Annotated[str, Field(min_length=2, max_length=4_000)]


class AgreeForm(Schema):
    """Yes or no of an organisation; a no has a reason."""

    organisation_id: uuid.UUID
    agrees: bool
    reason: str = Field(default="", max_length=2_000)


def read_weighing(
    raw: Mapping[str, str],
) -> tuple[dict[Criterion, tuple[int, str]], dict[KnockOut, bool]]:
    """Points per criterion and yes or no per question, from fields named by their codes (`points-recurs`, `why-recurs`,
    `ko-lever`). What is empty or no choice of the page is left out.
    """
    allowed = {str(points): points for points in range(MOST_POINTS + 1)}
    points = {
        criterion: (allowed[raw[f"points-{criterion}"]], raw.get(f"why-{criterion}", "").strip()[:500])
        for criterion in Criterion
        if raw.get(f"points-{criterion}") in allowed
    }
    says = {"yes": True, "no": False}
    knock_outs = {
        question: says[raw[f"ko-{question}"]] for question in KnockOut if raw.get(f"ko-{question}") in says
    }
    return points, knock_outs

"""What staff and the city fill in about agendas, answers and promises, and what is said when a rule says no."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from werkzeug.datastructures import MultiDict

from signalen.consultations.models import (
    AgendaItem,
    Answer,
    AnswerKind,
    AnswerSource,
    Arrangement,
    ItemOutcome,
    Purpose,
)
from signalen.consultations.rules import DATES, NO_REASON, AnswerInput
from signalen.core.errors import DomainError, Missing
from signalen.dossiers.labels import MISSING
from signalen.web.forms import Form, Schema, messages, refusal
from signalen.web.locale import gettext, lazy

messages(
    {
        "promises-open": lazy(
            "There are promises that were not kept yet: %(count)s. It is done when they are."
        ),
        "agenda-closed": lazy("This agenda is fixed. Open it again to change it."),
        "item-in-use": lazy("A test stands on this point. Take the test off the agenda first."),
        "other-municipality": lazy("This dossier is for another municipality."),
        "not-held-yet": lazy("This is only possible on the day of the consultation, or after it."),
        "extended-already": lazy("This was put off once already. A second time is not possible."),
        "question-open": lazy("You asked a question already. The platform has not answered yet."),
        "question-answered": lazy("This question was answered already."),
        "date-before-answer": lazy("Choose a day that is not before the answer."),
        "date-not-possible": lazy("Choose a day between the day of the question and today."),
        "year-out-of-reach": lazy("Choose a year from %(first)s to %(last)s."),
        "ask-answered": lazy("This question has an answer already. Correct that answer instead."),
        "ask-closed": lazy("This round is over: people were told. The platform can ask again."),
        "answer-replaced": lazy("This answer was corrected already. Correct the newest one."),
        "none-is-declared": lazy("Only the platform can say that no answer came."),
        "nothing-to-extend": lazy("There is nothing to extend. Only “we look into it” can be extended."),
        "string_pattern_mismatch": lazy("Fill in a time, for example 14:00."),
    }
)

Title = Annotated[str, Field(min_length=3, max_length=160)]
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=4_000)]


class ConsultationForm(Schema):
    """A consultation: when, where, with whom, and what makes it possible for everyone to come."""

    title: Title
    municipality: str
    held_on: date
    starts: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    minutes: Annotated[int, Field(ge=10, le=600)]
    place: Line = ""
    who: Words = ""
    arrangements: list[Arrangement] = Field(default_factory=list)
    arrangements_note: Words = ""


class ItemForm(Schema):
    """A point of an agenda."""

    dossier_id: uuid.UUID | None = None
    title: Line = ""
    purpose: Purpose = Purpose.DECIDE
    minutes: Annotated[int, Field(ge=1, le=300)] = 30
    brought_by: Line = ""


class SaidForm(Schema):
    """What was said about one point."""

    said: Words = ""


class PromiseForm(Schema):
    """A promise made in a meeting."""

    what: Annotated[str, Field(min_length=3, max_length=2_000)]
    owner: Annotated[str, Field(min_length=2, max_length=200)]
    due_on: date
    body_id: uuid.UUID | None = None


class ReplyForm(Schema):
    """The answer of staff to a question of a body."""

    reply: Annotated[str, Field(min_length=2, max_length=4_000)]


class DeclareForm(Schema):
    """Why there is no answer."""

    reason: Annotated[str, Field(min_length=3, max_length=2_000)]


class ExtendForm(Schema):
    """Until when, and why."""

    until: date
    why: Annotated[str, Field(min_length=3, max_length=2_000)]


class ProofForm(Schema):
    """What shows that a promise was kept, or why it was dropped."""

    proof: Annotated[str, Field(min_length=3, max_length=4_000)]


class AnswerForm(Schema):
    """An answer of any kind; which fields are needed is for the rules to say (`rules.NEEDS`)."""

    kind: AnswerKind
    words: Words = ""
    what_no: Words = ""
    reason: Words = ""
    reason_code: str | None = None
    owner: Line = ""
    due_on: date | None = None
    why_better: Words = ""
    year: int | None = None
    hear_on: date | None = None
    why_missed: Words = ""
    own_levers: Words = ""
    who: Line = ""
    residents: Line = ""
    comes_back_on: date | None = None
    source: AnswerSource = AnswerSource.LETTER
    given_by: Line = ""
    given_on: date | None = None


def as_input(value: AnswerForm, *, by_account: bool) -> AnswerInput:
    """The answer as operations take it. An account has no source to choose and gives its answer today."""
    given = AnswerInput(**value.model_dump())
    if by_account:
        return replace(given, source=AnswerSource.ACCOUNT, given_by="", given_on=None)
    return given


def fields_of(answer: Answer) -> MultiDict[str, str]:
    """What stands in an answer, as fields: a correction starts from it."""
    said: dict[str, object] = {
        "words": answer.words,
        "reason_code": answer.reason_code,
        "comes_back_on": answer.comes_back_on,
        **answer.details,
    }
    return MultiDict([(name, str(value)) for name, value in said.items() if value is not None])


def refuse(
    form: Form[Any], error: DomainError, *, field: str, questions: Mapping[str, object] | None = None
) -> None:
    """Puts a refusal beside the fields it is about; `field` when it names none. `questions`: what each field asks, so that a
    list of what is missing can be read on its own.
    """
    asked = questions or {}
    if isinstance(error, Missing):
        for name in error.facts["what"]:
            if name in MISSING:
                form.refuse(field, str(MISSING[name]))
            elif name in asked:
                form.refuse(name, gettext("Still to fill in: %(question)s", question=asked[name]))
            else:
                form.refuse(name, refusal(error))
        return
    if error.code == "date-before-answer":
        for need in DATES:
            if form.get(need):
                form.refuse(need, refusal(error))
    code_fields = {
        "date-not-possible": "given_on",
        "year-out-of-reach": "year",
        "extended-already": "comes_back_on",
    }
    form.refuse(code_fields.get(error.code, field), refusal(error))


def why_not(error: DomainError) -> str:
    """A refusal in one text, for a notice: what is missing by name where it has one."""
    if isinstance(error, Missing):
        named = [str(MISSING[code]) for code in error.facts["what"] if code in MISSING]
        if named:
            return " ".join(named)
    return refusal(error)


def read_minutes(
    raw: Mapping[str, str], items: Sequence[AgendaItem]
) -> dict[uuid.UUID, tuple[ItemOutcome, str]]:
    """What was said per point, from fields named by its id (`outcome-…`, `said-…`). Points without an outcome are left out."""
    known = {outcome.value: outcome for outcome in ItemOutcome}
    return {
        item.id: (known[raw[f"outcome-{item.id}"]], raw.get(f"said-{item.id}", "").strip()[:4_000])
        for item in items
        if raw.get(f"outcome-{item.id}") in known
    }


def reasons_for(pairs: Sequence[tuple[str, str]], *, by_account: bool) -> list[tuple[str, str]]:
    """Kinds of reasons to choose from: an account cannot say that there is none."""
    return [(code, name) for code, name in pairs if not (by_account and code == NO_REASON)]

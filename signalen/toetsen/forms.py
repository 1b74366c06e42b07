"""What people fill in: decisions, quickscans, answers per section, outcomes and conditions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from signalen.toetsen.models import DecisionStage, EvidenceKind, Outcome, Perspective
from signalen.toetsen.questionnaires import TEXT_LIMIT, BadValueError, Question, QuestionType, Section
from signalen.web.forms import Schema

NOT_KNOWN = "not_known"


def _https(value: str) -> str:
    if not value.startswith("https://"):
        raise PydanticCustomError("https-only", "https only")
    return value


Link = Annotated[str, Field(max_length=500), AfterValidator(_https)]


class DecisionForm(Schema):
    """A decision as staff write it down."""

    title: str = Field(min_length=3, max_length=200)
    summary: str = Field(min_length=1, max_length=TEXT_LIMIT)
    body_id: uuid.UUID
    stage: DecisionStage
    decided_on: date | None = None
    uri: Link | None = None
    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    dossiers: tuple[uuid.UUID, ...] = ()


class SkipForm(Schema):
    """Why a decision is not tested."""

    reason: str = Field(min_length=3, max_length=TEXT_LIMIT)


class ConcludeForm(Schema):
    """The outcome that a named person writes."""

    outcome: Literal[Outcome.PASS, Outcome.CONDITIONS, Outcome.FAIL]
    reason: str = Field(default="", max_length=TEXT_LIMIT)


class ConditionForm(Schema):
    """A condition: what, by whom, when."""

    words: str = Field(min_length=3, max_length=1000)
    owner: str = Field(min_length=2, max_length=200)
    due_on: date


class CloseForm(Schema):
    """Why questions stayed without answer, when some did."""

    unanswered_reason: str = Field(default="", max_length=TEXT_LIMIT)


@dataclass(slots=True)
class AnswerSent:
    """One question of a sent section. `evidence` is None when nothing was added."""

    question: Question
    value: str = ""
    not_known: bool = False
    ground: str = ""
    evidence: EvidenceSent | None = None


@dataclass(slots=True)
class EvidenceSent:
    """A piece of evidence as it was typed: a label, and an address or a reference."""

    kind: EvidenceKind
    label: str = ""
    link: str = ""


@dataclass(slots=True)
class SectionSent:
    """A whole section as it was sent. `errors`: field → code of the message."""

    answers: list[AnswerSent] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def read_section(section: Section, perspective: Perspective, sent: Mapping[str, str]) -> SectionSent:
    """Reads the answers of one perspective to one section. Fields: `a-`, `n-`, `g-` and `ek-`, `el-`, `eu-` + code."""
    read = SectionSent()
    for question in section.questions:
        if perspective not in question.by:
            continue
        value = _clean(sent.get(f"a-{question.code}", ""))
        not_known = value == NOT_KNOWN or bool(sent.get(f"n-{question.code}", ""))
        answer = AnswerSent(
            question,
            "" if not_known else value,
            not_known,
            _clean(sent.get(f"g-{question.code}", ""))[:TEXT_LIMIT],
        )
        if answer.value:
            try:
                answer.value = question.read(answer.value)
            except BadValueError:
                read.errors[f"a-{question.code}"] = "bad-value"
        answer.evidence = _evidence(question.code, sent, read.errors)
        if answer.evidence and not (answer.value or not_known):
            read.errors[f"el-{question.code}"] = "answer-first"
        read.answers.append(answer)
    return read


def _evidence(code: str, sent: Mapping[str, str], errors: dict[str, str]) -> EvidenceSent | None:
    label, link = _clean(sent.get(f"el-{code}", ""))[:300], _clean(sent.get(f"eu-{code}", ""))[:500]
    if not label and not link:
        return None
    try:
        kind = EvidenceKind(sent.get(f"ek-{code}", ""))
    except ValueError:
        errors[f"ek-{code}"] = "enum"
        return None
    if kind in {EvidenceKind.DOCUMENT, EvidenceKind.MEETING}:
        if not label:
            errors[f"el-{code}"] = "evidence-needs-label"
        if link and not link.startswith("https://"):
            errors[f"eu-{code}"] = "https-only"
    return EvidenceSent(kind, label, link)


def read_quickscan(
    questions: Sequence[Question], sent: Mapping[str, str]
) -> tuple[Mapping[str, str], dict[str, str]]:
    """The answers to the quickscan, and the fields that lack one."""
    answers = {q.code: _clean(sent.get(f"a-{q.code}", ""))[:TEXT_LIMIT] for q in questions}
    lacking = {
        f"a-{q.code}": "missing"
        for q in questions
        if q.type is QuestionType.YES_NO and answers[q.code] not in {"yes", "no", NOT_KNOWN}
    }
    return answers, lacking


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "ignore").decode().replace("\r\n", "\n").strip()


class AgendaForm(Schema):
    """A test on the agenda of a consultation."""

    consultation_id: uuid.UUID
    minutes: Annotated[int, Field(ge=1, le=300)] = 20
    brought_by: str = Field(default="", max_length=200)

"""A test as plain data: what closing freezes, and what every page of a result is made from.

One shape for an open and a finished test. All that was computed stands in it, so that a finished test shows the same
after new rules, new versions and erasures. It holds counts, names and written answers; never a word of a signal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signalen.toetsen import rules
from signalen.toetsen.models import EvidenceKind, Perspective
from signalen.toetsen.questionnaires import Question, Questionnaire, QuestionType
from signalen.toetsen.rules import Given

FORMAT = 1
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence. `label` is written for everyone; for a signal it stays empty."""

    kind: EvidenceKind
    label: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer of one person. `author` is what the public may read; `person` never leaves this module."""

    question: str
    perspective: Perspective
    person: str
    language: str
    author: str = ""
    value: str = ""
    not_known: bool = False
    ground: str = ""
    evidence: tuple[Proof, ...] = ()

    @property
    def given(self) -> Given:
        """What the rules look at."""
        return Given(
            self.question,
            self.perspective,
            self.person,
            self.value,
            self.not_known,
            bool(self.evidence or self.ground.strip()),
        )


def compose(
    form: Questionnaire,
    form_data: Mapping[str, Any],
    voices: Sequence[Voice],
    *,
    decision: Data,
    facts: Data,
    conclusion: Data,
    conditions: Sequence[Data],
) -> Data:
    """The whole test as data that survives JSON. `voices` in the order in which people are numbered."""
    givens = [voice.given for voice in voices]
    return {
        "format": FORMAT,
        "questionnaire": dict(form_data),
        "decision": decision,
        "facts": facts,
        "conclusion": {**conclusion, "suggested": rules.suggested(form, givens).value},
        "perspectives": {
            each.perspective.value: _seen(form, each, givens) for each in rules.all_outcomes(form, givens)
        },
        "differences": [
            {
                "question": each.question,
                "lower": each.lower.value,
                "low": each.low,
                "higher": each.higher.value,
                "high": each.high,
            }
            for each in rules.differences(form, givens)
        ],
        "flags": [
            {"question": question, "perspective": perspective.value, "value": value}
            for question, perspective, value in dict.fromkeys(
                (each.question, each.perspective, each.value) for each in rules.flags(form, givens)
            )
        ],
        "ladder": _ladder(form, givens),
        "evaluation": {
            role: next(
                (g.value for q in form.with_role(role) for g in givens if g.question == q.code and g.value),
                "",
            )
            for role in ("evaluation_on", "evaluation_by")
        },
        "answers": _answers(form, voices),
        "conditions": [dict(each) for each in conditions],
    }


def _seen(form: Questionnaire, each: rules.PerspectiveOutcome, givens: Sequence[Given]) -> Data:
    done, whole = rules.progress(form, each.perspective, givens)
    return {
        "outcome": each.outcome.value,
        "not_known": each.not_known,
        "people": len({g.person for g in givens if g.perspective == each.perspective}),
        "answered": done,
        "questions": whole,
        "sections": {
            str(section.number): {
                "outcome": section.outcome.value if section.outcome else None,
                "insufficient": section.insufficient,
                "strong": section.strong,
                "offset": section.offset,
                "not_known": section.not_known,
                "unanswered": section.unanswered,
            }
            for section in each.sections
        },
    }


def _ladder(form: Questionnaire, givens: Sequence[Given]) -> list[Data]:
    """Per phase the steps promised and delivered, per perspective, every answer kept, lowest first."""
    rows = []
    for phase in form.phases:
        row: Data = {"phase": phase.code}
        for role in ("promised", "delivered"):
            codes = {q.code for q in form.with_role(role) if q.part == phase.code}
            row[role] = {
                each.value: steps
                for each in Perspective
                if (
                    steps := sorted(
                        g.value for g in givens if g.question in codes and g.perspective == each and g.value
                    )
                )
            }
        rows.append(row)
    return rows


def _answers(form: Questionnaire, voices: Sequence[Voice]) -> Data:
    """Per question code the answers, in the order of the perspectives; people of one perspective are numbered."""
    numbers: dict[tuple[Perspective, str], int] = {}
    for voice in voices:
        key = (voice.perspective, voice.person)
        numbers.setdefault(key, 1 + sum(perspective == voice.perspective for perspective, _ in numbers))
    order = list(Perspective)
    ordered = sorted(voices, key=lambda v: (order.index(v.perspective), numbers[v.perspective, v.person]))
    return {
        question.code: said
        for question in form.questions()
        if (
            said := [
                _answer(question, v, numbers[v.perspective, v.person])
                for v in ordered
                if v.question == question.code
            ]
        )
    }


def _answer(question: Question, voice: Voice, number: int) -> Data:
    return {
        "perspective": voice.perspective.value,
        "number": number,
        "author": voice.author,
        "language": voice.language,
        "value": voice.value,
        "not_known": voice.not_known,
        "ground": voice.ground,
        "flagged": not voice.not_known and rules.is_flagged(question, voice.value),
        "evidence": [{"kind": p.kind.value, "label": p.label, "uri": p.uri} for p in voice.evidence],
    }


def questionnaire(data: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire a test was made with, in the languages of its day."""
    return Questionnaire.from_data(data["questionnaire"], languages=("nl",))


def rows(data: Mapping[str, Any], language: str) -> list[list[str]]:
    """Every answer as one line of a table: section, code, question, who, answer, ground, number of proofs."""
    form = questionnaire(data)
    return [
        _line(form, section.number, question, said, language)
        for section in form.sections
        for question in section.questions
        for said in data["answers"].get(question.code, ())
    ]


def _line(
    form: Questionnaire, number: int, question: Question, said: Mapping[str, Any], language: str
) -> list[str]:
    name = form.perspectives[said["perspective"]]
    who = name.get(language) or name["nl"]
    shown = "" if said["not_known"] else form.show(question, said["value"], language)
    if said["not_known"]:
        shown = form.not_known.get(language) or form.not_known["nl"]
    elif question.type is QuestionType.SCALE:
        shown = f"{said['value']} ({shown})"
    text = question.text.get(language) or question.text["nl"]
    part = (
        f" ({question.part_names.get(language) or question.part_names['nl']})" if question.part_names else ""
    )
    return [
        str(number),
        question.code,
        text + part,
        f"{who} {said['number']}",
        shown,
        said["ground"],
        str(len(said["evidence"])),
    ]

"""A questionnaire is data (shared facts, "The tests"): read, checked, frozen with every test that used it.

A published version is never edited. A finished test keeps the raw data it was made with, for its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from signalen.core.facts import read_facts
from signalen.toetsen.models import Outcome, Perspective

LANGUAGES = ("nl", "fr", "en", "ar")
FACTS_FOLDER = Path(__file__).parent / "facts"
SCALE = (0, 1, 2, 3)
TEXT_LIMIT = 4000
NUMBER_DIGITS = 4
_CODE = re.compile(r"[A-Z]\d{1,2}(\.\d{1,2})?")

Names = Mapping[str, str]


class QuestionType(StrEnum):
    """What an answer looks like. Only `scale` weighs in the outcome."""

    SCALE = "scale"
    YES_NO = "yes_no"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"


class QuestionnaireError(ValueError):
    """The data is not a questionnaire; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class BadValueError(ValueError):
    """What was given is no answer to this question."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen, with its name per language."""

    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class Question:
    """One question. One that is asked per phase is one `Question` per phase, sharing its `group`."""

    code: str
    group: str
    type: QuestionType
    text: Names
    help: Names
    by: tuple[Perspective, ...] = ()
    required: bool = False
    facts: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    part: str = ""
    part_names: Names | None = None
    role: str = ""
    unit: str = ""
    flag_under: int | None = None
    flag_answer: str = ""

    def read(self, raw: str) -> str:
        """The canonical form of what was given (`"3"`, `"yes"`, `"2027-03-01"`), or `BadValueError`."""
        value = raw.strip()
        match self.type:
            case QuestionType.SCALE:
                good = value in {str(step) for step in SCALE}
            case QuestionType.YES_NO:
                good = value in {"yes", "no"}
            case QuestionType.CHOICE:
                good = any(option.code == value for option in self.options)
            case QuestionType.NUMBER:
                good = value.isascii() and value.isdigit() and len(value) <= NUMBER_DIGITS
                value = str(int(value)) if good else value
            case QuestionType.DATE:
                good = _is_date(value)
            case QuestionType.TEXT:
                good = 0 < len(value) <= TEXT_LIMIT
        if not good:
            raise BadValueError(self.code)
        return value


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a questionnaire; the outcome is weighed per section."""

    number: int
    code: str
    names: Names
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of one test. Made by `from_data`, which refuses anything incomplete."""

    code: str
    version: int
    names: Names
    intro: Names
    scale: Mapping[int, Names]
    not_known: Names
    yes: Names
    no: Names
    perspectives: Mapping[str, Names]
    outcomes: Mapping[str, Names]
    phases: tuple[Option, ...]
    ladder: tuple[Option, ...]
    quickscan: tuple[Question, ...]
    sections: tuple[Section, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, languages: Sequence[str] = LANGUAGES) -> Questionnaire:
        """Reads the data of a file in `facts/`. Raises `QuestionnaireError` with every problem.

        A finished test is read with `languages=("nl",)`: it keeps the languages of its day.
        """
        return _Reader(data, languages).read()

    def questions(self, perspective: Perspective | None = None) -> Iterator[Question]:
        """Every question of the sections in order, or only those one perspective answers."""
        for section in self.sections:
            yield from (q for q in section.questions if perspective is None or perspective in q.by)

    def find(self, code: str) -> Question | None:
        """The question with this code, quickscan included."""
        return next((q for q in (*self.quickscan, *self.questions()) if q.code == code), None)

    def with_role(self, role: str) -> tuple[Question, ...]:
        """The questions that play a part elsewhere: promised, delivered, evaluation_on, evaluation_by."""
        return tuple(q for q in self.questions() if q.role == role)

    def show(self, question: Question, value: str, language: str) -> str:
        """An answer in words of one language. Free text, dates and numbers stay as they are."""
        match question.type:
            case QuestionType.SCALE:
                return say(self.scale[int(value)], language)
            case QuestionType.YES_NO:
                return say(self.yes if value == "yes" else self.no, language)
            case QuestionType.CHOICE:
                return next((say(o.names, language) for o in question.options if o.code == value), value)
            case _:
                return value


def say(names: Names, language: str) -> str:
    """The name in this language; Dutch where an older version lacks the language."""
    return names.get(language) or names["nl"]


@cache
def raw(code: str, version: int) -> Mapping[str, Any]:
    """The data of one version as it stands in its file. Raises `KeyError` when there is no such version."""
    path = FACTS_FOLDER / f"{code}-{version}.yaml"
    if path.parent != FACTS_FOLDER or not path.is_file():
        raise KeyError(f"{code}@{version}")
    loaded: Mapping[str, Any] = read_facts(path)
    return loaded


@cache
def load(code: str, version: int) -> Questionnaire:
    """One version of one questionnaire, checked. Raises `KeyError` when there is no such version."""
    return Questionnaire.from_data(raw(code, version))


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


class _Reader:
    """Reads the data and gathers every problem, so that a writer of questionnaires sees them all at once."""

    def __init__(self, data: Mapping[str, Any], languages: Sequence[str]) -> None:
        self.data = data
        self.languages = languages
        self.problems: list[str] = []
        self.phases: tuple[Option, ...] = ()
        self.choices: dict[str, tuple[Option, ...]] = {}

    def read(self) -> Questionnaire:
        data = self.data
        self.phases = self.options(data.get("phases"), "phases")
        for key, listed in (data.get("choices") or {}).items():
            self.choices[str(key)] = self.options(listed, f"choices.{key}")
        scale = {int(s["value"]): self.names(s.get("names"), "scale") for s in data.get("scale") or []}
        if tuple(sorted(scale)) != SCALE:
            self.problems.append("scale: needs 0 to 3")
        quickscan = tuple(
            q for each in data.get("quickscan") or [] for q in self.question(each, quickscan=True)
        )
        sections = tuple(self.section(each) for each in data.get("sections") or [])
        made = Questionnaire(
            code=self.word("code"),
            version=self.number("version"),
            names=self.names(data.get("names"), "names"),
            intro=self.names(data.get("intro"), "intro"),
            scale=scale,
            not_known=self.names(data.get("not_known"), "not_known"),
            yes=self.names(data.get("yes"), "yes"),
            no=self.names(data.get("no"), "no"),
            perspectives={o.code: o.names for o in self.options(data.get("perspectives"), "perspectives")},
            outcomes={o.code: o.names for o in self.options(data.get("outcomes"), "outcomes")},
            phases=self.phases,
            ladder=self.choices.get("ladder", ()),
            quickscan=quickscan,
            sections=sections,
        )
        self.check_whole(made)
        if self.problems:
            raise QuestionnaireError(self.problems)
        return made

    def check_whole(self, made: Questionnaire) -> None:
        codes = [q.code for q in (*made.quickscan, *made.questions())]
        self.problems += [f"{code}: twice" for code in sorted({c for c in codes if codes.count(c) > 1})]
        if not any(q.type is QuestionType.YES_NO for q in made.quickscan):
            self.problems.append("quickscan: needs a yes-or-no question")
        if not made.sections:
            self.problems.append("sections: none")
        if [s.number for s in made.sections] != list(range(1, len(made.sections) + 1)):
            self.problems.append("sections: numbers do not run from 1")
        for perspective in Perspective:
            if perspective.value not in made.perspectives:
                self.problems.append(f"perspectives: no name for {perspective.value}")
        if set(made.outcomes) != {outcome.value for outcome in Outcome}:
            self.problems.append("outcomes: four are needed")

    def section(self, data: Mapping[str, Any]) -> Section:
        where = f"section {data.get('number')}"
        questions = tuple(q for each in data.get("questions") or [] for q in self.question(each))
        if not questions:
            self.problems.append(f"{where}: no questions")
        return Section(
            int(data.get("number") or 0),
            str(data.get("code") or ""),
            self.names(data.get("names"), where),
            questions,
        )

    def question(self, data: Mapping[str, Any], *, quickscan: bool = False) -> Iterator[Question]:
        code = str(data.get("code") or "")
        if not _CODE.fullmatch(code):
            self.problems.append(f"{code or '?'}: a code is a letter and a number, as P1.1")
        try:
            kind = QuestionType(str(data.get("type")))
            by = tuple(Perspective(each) for each in data.get("by") or [])
        except ValueError as error:
            self.problems.append(f"{code}: {error}")
            return
        if not by and not quickscan:
            self.problems.append(f"{code}: nobody answers it")
        choices = str(data.get("choices") or "")
        if (kind is QuestionType.CHOICE) != (choices in self.choices):
            self.problems.append(f"{code}: a choice needs its list, and nothing else has one")
        flag = data.get("flag") or {}
        parts = self.phases if data.get("per") == "phases" else (None,)
        for part in parts:
            yield Question(
                code=f"{code}-{part.code}" if part else code,
                group=code,
                type=kind,
                text=self.names(data.get("text"), code),
                help=self.names(data.get("help"), code),
                by=by,
                required=bool(data.get("required", kind is QuestionType.SCALE)),
                facts=tuple(data.get("facts") or ()),
                options=self.choices.get(choices, ()),
                part=part.code if part else "",
                part_names=part.names if part else None,
                role=str(data.get("role") or ""),
                unit=str(data.get("unit") or ""),
                flag_under=flag.get("under"),
                flag_answer=str(flag.get("answer") or ""),
            )

    def options(self, listed: Any, where: str) -> tuple[Option, ...]:
        if not listed:
            self.problems.append(f"{where}: none")
            return ()
        return tuple(Option(str(each["code"]), self.names(each.get("names"), where)) for each in listed)

    def names(self, given: Any, where: str) -> Names:
        found = given if isinstance(given, Mapping) else {}
        for language in self.languages:
            if not isinstance(found.get(language), str) or not found[language].strip():
                self.problems.append(f"{where}: no {language}")
        return {str(k): str(v) for k, v in found.items()}

    def word(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not value:
            self.problems.append(f"{key}: missing")
        return str(value or "")

    def number(self, key: str) -> int:
        value = self.data.get(key)
        if not isinstance(value, int) or value < 1:
            self.problems.append(f"{key}: missing")
            return 0
        return value

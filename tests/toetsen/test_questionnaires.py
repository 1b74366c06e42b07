"""The participatietoets as data: complete, checked, and refused when something is wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalen.toetsen import questionnaires
from signalen.toetsen.models import Perspective, ToetsAnswer
from signalen.toetsen.questionnaires import (
    BadValueError,
    Question,
    Questionnaire,
    QuestionnaireError,
    QuestionType,
)


def data() -> dict[str, Any]:
    return copy.deepcopy(dict(questionnaires.raw("participatietoets", 1)))


def test_the_participatietoets_has_ten_sections_and_25_to_35_questions() -> None:
    made = questionnaires.load("participatietoets", 1)
    assert len(made.sections) == 10
    assert 25 <= len({q.group for q in made.questions()}) <= 35


def test_each_perspective_has_a_scored_question_in_every_section() -> None:
    made = questionnaires.load("participatietoets", 1)
    for section in made.sections:
        for perspective in Perspective:
            assert any(q.type is QuestionType.SCALE and perspective in q.by for q in section.questions), (
                section.number
            )


def test_promised_and_delivered_are_asked_for_each_of_the_five_phases() -> None:
    made = questionnaires.load("participatietoets", 1)
    phases = ["preparation", "drafting", "deciding", "carrying_out", "evaluating"]
    assert [q.part for q in made.with_role("promised")] == phases
    assert [q.part for q in made.with_role("delivered")] == phases
    assert all(len(q.options) == 6 for q in made.with_role("delivered"))


def test_the_evaluation_has_a_date_and_somebody_who_does_it() -> None:
    made = questionnaires.load("participatietoets", 1)
    assert [q.type for q in made.with_role("evaluation_on")] == [QuestionType.DATE]
    assert [q.type for q in made.with_role("evaluation_by")] == [QuestionType.TEXT]


def test_codes_fit_their_column() -> None:
    limit = ToetsAnswer.__table__.c.question.type.length  # type: ignore[attr-defined]
    assert max(len(q.code) for q in questionnaires.load("participatietoets", 1).questions()) <= limit


def test_every_text_is_there_in_every_language_and_is_not_a_copy_of_another() -> None:
    made = questionnaires.load("participatietoets", 1)
    for question in (*made.quickscan, *made.questions()):
        for names in (question.text, question.help):
            assert set(names) == set(questionnaires.LANGUAGES)
            assert len(set(names.values())) == len(names), question.code


@pytest.mark.parametrize("language", questionnaires.LANGUAGES)
def test_a_missing_translation_is_refused_and_named(language: str) -> None:
    broken = data()
    del broken["sections"][0]["questions"][0]["text"][language]
    with pytest.raises(QuestionnaireError) as refused:
        Questionnaire.from_data(broken)
    assert refused.value.problems == [f"P1.1: no {language}"]


def test_a_finished_test_is_read_with_the_languages_of_its_day() -> None:
    older = data()
    for section in older["sections"]:
        for question in section["questions"]:
            del question["text"]["ar"]
    made = Questionnaire.from_data(older, languages=("nl",))
    first = made.sections[0].questions[0]
    assert questionnaires.say(first.text, "ar") == first.text["nl"]


def _set(path: list[Any], value: Any) -> Any:
    def change(broken: dict[str, Any]) -> None:
        at: Any = broken
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_set(["sections", 1, "questions", 0, "code"], "P1.1"), "P1.1: twice"),
        (_set(["sections", 0, "questions", 0, "code"], "nonsense"), "nonsense: a code is"),
        (_set(["sections", 0, "questions", 0, "type"], "stars"), "P1.1: 'stars'"),
        (_set(["sections", 0, "questions", 0, "by"], []), "P1.1: nobody answers it"),
        (_set(["sections", 0, "questions", 0, "by"], ["mayor"]), "P1.1: 'mayor'"),
        (_set(["sections", 0, "questions", 0, "choices"], "ladder"), "P1.1: a choice needs its list"),
        (_set(["sections", 3, "questions", 0, "choices"], ""), "P4.1: a choice needs its list"),
        (_set(["sections", 0, "questions"], []), "section 1: no questions"),
        (_set(["sections", 0, "number"], 4), "sections: numbers do not run"),
        (_set(["sections"], []), "sections: none"),
        (_set(["scale"], []), "scale: needs 0 to 3"),
        (_set(["quickscan"], []), "quickscan: needs"),
        (_set(["version"], "one"), "version: missing"),
        (_set(["code"], ""), "code: missing"),
        (_set(["phases"], []), "phases: none"),
        (_set(["outcomes", 0, "code"], "great"), "outcomes: four"),
        (_set(["perspectives", 0, "code"], "mayor"), "perspectives: no name for city"),
    ],
)
def test_broken_data_is_refused_with_the_problem_named(change: Any, problem: str) -> None:
    broken = data()
    change(broken)
    with pytest.raises(QuestionnaireError) as refused:
        Questionnaire.from_data(broken)
    assert any(each.startswith(problem) for each in refused.value.problems), refused.value.problems


@pytest.mark.parametrize("code", ["../models", "participatietoets-1", "none"])
def test_an_unknown_questionnaire_is_a_key_error(code: str) -> None:
    with pytest.raises(KeyError):
        questionnaires.load(code, 9)


def question(kind: QuestionType) -> Question:
    made = questionnaires.load("participatietoets", 1)
    return next(q for q in made.questions() if q.type is kind)


@pytest.mark.parametrize(
    ("kind", "given_value", "kept"),
    [
        (QuestionType.SCALE, " 3 ", "3"),
        (QuestionType.YES_NO, "yes", "yes"),
        (QuestionType.CHOICE, "5", "5"),
        (QuestionType.DATE, "2027-03-01", "2027-03-01"),
        (QuestionType.NUMBER, "021", "21"),
        (QuestionType.TEXT, " the words ", "the words"),
    ],
)
def test_a_good_answer_is_kept_in_one_form(kind: QuestionType, given_value: str, kept: str) -> None:
    assert question(kind).read(given_value) == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (QuestionType.SCALE, "4"),
        (QuestionType.SCALE, "-1"),
        (QuestionType.SCALE, "٣"),
        (QuestionType.YES_NO, "maybe"),
        (QuestionType.CHOICE, "6"),
        (QuestionType.DATE, "2027-02-30"),
        (QuestionType.DATE, "20270301"),
        (QuestionType.NUMBER, "3.5"),
        (QuestionType.NUMBER, "٢١"),
        (QuestionType.NUMBER, "12345"),
        (QuestionType.TEXT, "   "),
        (QuestionType.TEXT, "x" * (questionnaires.TEXT_LIMIT + 1)),
    ],
)
def test_what_is_no_answer_is_refused(kind: QuestionType, value: str) -> None:
    with pytest.raises(BadValueError):
        question(kind).read(value)


@given(kind=st.sampled_from(QuestionType), value=st.text(max_size=30))
def test_reading_an_answer_twice_changes_nothing_and_never_breaks(kind: QuestionType, value: str) -> None:
    asked = question(kind)
    try:
        kept = asked.read(value)
    except BadValueError:
        return
    assert asked.read(kept) == kept


def test_answers_are_shown_in_the_words_of_the_reader() -> None:
    made = questionnaires.load("participatietoets", 1)
    assert made.show(question(QuestionType.SCALE), "3", "nl") == "Sterk"
    assert made.show(question(QuestionType.YES_NO), "no", "fr") == "Non"
    assert made.show(question(QuestionType.CHOICE), "3", "nl") == "Adviseren"
    assert made.show(question(QuestionType.NUMBER), "14", "ar") == "14"

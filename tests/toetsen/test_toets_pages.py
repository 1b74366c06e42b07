"""The pages of a test: each side answers apart, staff close it, everybody reads it."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from sqlmodel import select

from signalen.toetsen import operations, queries, questionnaires
from signalen.toetsen.models import (
    Decision,
    DecisionStage,
    Outcome,
    Perspective,
    Toets,
    ToetsAnswer,
    ToetsState,
)
from signalen.toetsen.questionnaires import QuestionType

FORM = questionnaires.load("participatietoets", 1)
GOOD = {
    QuestionType.SCALE: "2",
    QuestionType.YES_NO: "yes",
    QuestionType.TEXT: "Het staat in het verslag",
    QuestionType.CHOICE: "3",
    QuestionType.DATE: "2027-01-01",
    QuestionType.NUMBER: "14",
}
ROOT = {
    Perspective.CITY: "/city/decisions/{}",
    Perspective.PANEL: "/panel/toetsen/{}",
    Perspective.PLATFORM: "/desk/decisions/toetsen/{}/answers",
}


@pytest.fixture
def look(app):
    """`look(select(...))`: all rows, read in a session of its own (a writing one would hold the lock)."""

    def rows(query):
        with app.extensions["signalen.sessions"].read() as session:
            return session.exec(query).all()

    return rows


@pytest.fixture
def toets(store, people) -> uuid.UUID:
    """An open test of a decision of Chloé's service."""
    people.session = store
    bart = people.actor(people.bart)
    facts = operations.DecisionFacts(
        "Het loket sluit op vrijdag",
        "Het loket is op vrijdag dicht.",
        people.loket.id,
        "antwerpen",
        DecisionStage.TAKEN,
        themes=("hulp",),
        groups=("ouderen",),
        places=("deurne",),
    )
    decision = operations.record_decision(store, facts, actor=bart)
    made = operations.quickscan(
        store, decision, {"Q1": "yes", "Q2": "no", "Q3": "no", "Q4": "no"}, actor=bart
    )
    operations.start_toets(store, made, actor=bart)
    store.commit()
    return made.id


def fields(number: int, perspective: Perspective, **instead: str) -> dict[str, str]:
    """A section filled in by one side; `instead` overrides by code with underscores."""
    sent = {}
    for q in FORM.sections[number - 1].questions:
        if perspective in q.by:
            sent[f"a-{q.code}"] = instead.get(q.group.replace(".", "_"), GOOD[q.type])
            if q.type is QuestionType.SCALE:
                sent[f"g-{q.code}"] = "Gezien op de avond"
    return sent


def answer_all(client, toets: uuid.UUID, perspective: Perspective, **instead: str) -> None:
    for section in FORM.sections:
        at = f"{ROOT[perspective].format(toets)}/{section.number}"
        assert client.get(at).status_code == 200
        response = client.post(at, data=fields(section.number, perspective, **instead))
        assert response.status_code == 303, response.text


@pytest.fixture
def everyone_answered(as_, people, toets) -> uuid.UUID:
    answer_all(as_(people.chloe), toets, Perspective.CITY, P6_1="3")
    answer_all(as_(people.bart), toets, Perspective.PLATFORM)
    answer_all(as_(people.emma), toets, Perspective.PANEL, P6_1="1", P4_2="1")
    return toets


@pytest.fixture
def published(as_, people, everyone_answered, look) -> str:
    bart, at = as_(people.bart), f"/desk/decisions/toetsen/{everyone_answered}"
    assert bart.post(f"{at}/outcome", data={"outcome": "conditions"}).status_code == 303
    assert (
        bart.post(
            f"{at}/conditions",
            data={"words": "Een tolk erbij", "owner": "De loketten", "due_on": "2027-03-01"},
        ).status_code
        == 303
    )
    assert bart.post(f"{at}/close").status_code == 303
    return look(select(Toets.public_id).where(Toets.id == everyone_answered))[0]


def test_staff_write_a_decision_down_scan_it_and_start_the_test(as_, people, look) -> None:
    bart = as_(people.bart)
    sent = {
        "title": "Nieuwe balie",
        "summary": "Er komt een nieuwe balie.",
        "body_id": str(people.loket.id),
        "stage": "draft",
        "themes": ["hulp", "digitaal"],
        "uri": "https://example.org/b",
    }
    at = bart.post("/desk/decisions/new", data=sent).location
    assert "Nieuwe balie" in bart.get(at).text
    assert bart.get(f"{at}/quickscan").status_code == 200
    refused = bart.post(f"{at}/quickscan", data={"a-Q1": "yes"})
    assert refused.status_code == 422
    test = bart.post(
        f"{at}/quickscan", data={"a-Q1": "yes", "a-Q2": "no", "a-Q3": "no", "a-Q4": "no"}
    ).location
    assert bart.get(test).status_code == 200
    assert bart.post(f"{test}/start").status_code == 303
    assert look(select(Toets.state))[0] is ToetsState.OPEN
    assert "Nieuwe balie" in bart.get("/desk/decisions").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("body_id", str(uuid.UUID(int=1))), ("stage", "dreamt"), ("uri", "http://example.org")],
)
def test_a_decision_with_something_wrong_is_shown_again_with_what_was_typed(
    as_, people, field, value
) -> None:
    sent = {"title": "Nieuwe balie", "summary": "Woorden", "body_id": str(people.loket.id), "stage": "draft"}
    response = as_(people.bart).post("/desk/decisions/new", data={**sent, field: value})
    assert response.status_code == 422
    assert "Woorden" in response.text


def test_changing_a_decision_keeps_what_changed(as_, people, look, toets) -> None:
    decision = look(select(Decision))[0]
    at = f"/desk/decisions/{decision.id}/change"
    bart = as_(people.bart)
    assert "Het loket sluit op vrijdag" in bart.get(at).text
    sent = {"title": "Anders", "summary": "x y", "body_id": str(people.loket.id), "stage": "evaluation"}
    assert bart.post(at, data=sent).status_code == 303
    assert look(select(Decision.title))[0] == "Anders"


def test_a_decision_that_is_not_tested_is_public_with_its_reason(as_, people, client, look) -> None:
    bart = as_(people.bart)
    sent = {"title": "Zitbanken", "summary": "Zes.", "body_id": str(people.loket.id), "stage": "draft"}
    at = bart.post("/desk/decisions/new", data=sent).location
    test = bart.post(f"{at}/quickscan", data=dict.fromkeys(["a-Q1", "a-Q2", "a-Q3", "a-Q4"], "no")).location
    assert bart.post(f"{test}/skip", data={"reason": ""}).status_code == 422
    assert bart.post(f"{test}/skip", data={"reason": "Het raakt niemand."}).status_code == 303
    public_id = look(select(Toets.public_id))[0]
    page = client.get(f"/toets/{public_id}").text
    assert "Het raakt niemand." in page
    assert "Bart" in page


def test_each_side_sees_the_test_and_its_own_answers_only(as_, people, toets) -> None:
    emma, chloe = as_(people.emma), as_(people.chloe)
    assert "Het loket sluit op vrijdag" in emma.get("/panel/toetsen").text
    assert "Het loket sluit op vrijdag" in chloe.get("/city/decisions").text
    emma.post(f"/panel/toetsen/{toets}/7", data=fields(7, Perspective.PANEL))
    assert "Gezien op de avond" in emma.get(f"/panel/toetsen/{toets}/7").text
    assert "Gezien op de avond" not in chloe.get(f"/city/decisions/{toets}/7").text


def test_the_panel_reads_arabic_and_answers_only_its_own_questions(as_, people, toets) -> None:
    emma = as_(people.emma)
    emma.set_cookie("language", "ar")
    page = emma.get(f"/panel/toetsen/{toets}/9").text
    assert 'lang="ar" dir="rtl"' in page
    assert FORM.find("P9.4").text["ar"] in page
    assert FORM.find("P9.1").text["ar"] not in page


def test_a_wrong_answer_keeps_everything_that_was_typed(as_, people, toets, look) -> None:
    sent = {**fields(5, Perspective.CITY), "a-P5.2": "veertien", "g-P5.4": "Dat was kort"}
    response = as_(people.chloe).post(f"/city/decisions/{toets}/5", data=sent)
    assert response.status_code == 422
    assert "veertien" in response.text
    assert "Dat was kort" in response.text
    assert look(select(ToetsAnswer)) == []


def test_words_that_point_at_a_person_are_shown_before_they_are_kept(as_, people, toets, look) -> None:
    chloe = as_(people.chloe)
    sent = {**fields(9, Perspective.CITY), "a-P9.1": "Bel naar an.peeters@example.org"}
    warned = chloe.post(f"/city/decisions/{toets}/9", data=sent)
    assert warned.status_code == 422
    assert "an.peeters@example.org" in warned.text
    assert look(select(ToetsAnswer)) == []
    assert chloe.post(f"/city/decisions/{toets}/9", data={**sent, "as-it-is": "1"}).status_code == 303


def test_evidence_is_added_with_an_answer_and_taken_away_again(as_, people, toets) -> None:
    chloe, at = as_(people.chloe), f"/city/decisions/{toets}/6"
    sent = {
        **fields(6, Perspective.CITY),
        "ek-P6.1": "document",
        "el-P6.1": "De brief",
        "eu-P6.1": "https://example.org/b",
    }
    assert chloe.post(at, data=sent).location.endswith("/6")
    page = chloe.get(at).text
    assert "De brief" in page
    proof = re.search(r'name="drop" value="([^"]+)"', page)[1]
    chloe.post(at, data={**fields(6, Perspective.CITY), "drop": proof})
    assert "De brief" not in chloe.get(at).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"ek-P6.1": "document", "el-P6.1": "De brief", "eu-P6.1": "http://example.org"},
        {"ek-P6.1": "document", "el-P6.1": "", "eu-P6.1": "https://example.org"},
        {"ek-P6.1": "signal", "eu-P6.1": "S-2026-00001"},
        {"ek-P6.1": "rumour", "el-P6.1": "x"},
    ],
)
def test_evidence_that_leads_nowhere_is_refused(as_, people, toets, wrong) -> None:
    sent = {**fields(6, Perspective.CITY), **wrong}
    assert as_(people.chloe).post(f"/city/decisions/{toets}/6", data=sent).status_code == 422


def test_staff_cannot_point_at_a_signal_that_is_not_there(as_, people, toets) -> None:
    sent = {**fields(6, Perspective.PLATFORM), "ek-P6.1": "signal", "eu-P6.1": "S-2026-99999"}
    at = f"/desk/decisions/toetsen/{toets}/answers/6"
    assert as_(people.bart).post(at, data=sent).status_code == 422


def test_an_outcome_that_departs_from_the_worst_is_refused_without_reason(
    as_, people, everyone_answered
) -> None:
    bart, at = as_(people.bart), f"/desk/decisions/toetsen/{everyone_answered}"
    assert bart.post(f"{at}/outcome", data={"outcome": "pass"}).status_code == 422
    assert bart.post(f"{at}/outcome", data={"outcome": "not-tested", "reason": "x"}).status_code == 422
    assert (
        bart.post(f"{at}/outcome", data={"outcome": "pass", "reason": "De tolk is er nu."}).status_code == 303
    )


def test_a_test_that_lacks_something_cannot_be_closed(as_, people, toets, look) -> None:
    bart, at = as_(people.bart), f"/desk/decisions/toetsen/{toets}"
    assert bart.post(f"{at}/close", data={"unanswered_reason": "zomaar"}).status_code == 422
    assert look(select(Toets.state))[0] is ToetsState.OPEN


@pytest.mark.parametrize("language", ["nl", "fr", "en", "ar"])
def test_everybody_reads_the_result_with_promised_and_delivered_side_by_side(
    client, published, language
) -> None:
    client.set_cookie("language", language)
    page = client.get(f"/toets/{published}").text
    assert FORM.names[language] in page
    assert FORM.outcomes["conditions"][language] in page
    assert f"<strong>{FORM.ladder[3].names[language]}</strong>" in page
    assert f"<strong>{FORM.ladder[1].names[language]}</strong>" in page
    assert "Een tolk erbij" in page
    assert "Emma" not in page
    assert "Chlo" not in page
    assert FORM.find("P6.1").text[language] in page


def test_the_result_is_data_too_and_a_spreadsheet_calculates_nothing(
    as_, people, toets, client, store
) -> None:
    chloe = as_(people.chloe)
    chloe.post(f"/city/decisions/{toets}/9", data={**fields(9, Perspective.CITY), "a-P9.1": "=1+1"})
    people.session = store
    bart, made = people.actor(people.bart), store.exec(select(Toets)).one()
    decision = store.exec(select(Decision)).one()
    operations.conclude(store, made, decision, Outcome.PASS, "", actor=bart)
    operations.close(store, made, decision, actor=bart, unanswered_reason="Alleen de stad antwoordde.")
    store.commit()
    data = client.get(f"/toets/{made.public_id}.json")
    assert json.loads(data.text)["conclusion"]["outcome"] == "pass"
    table = client.get(f"/toets/{made.public_id}.csv")
    assert "'=1+1" in table.text
    assert "attachment" in table.headers["Content-Disposition"]
    assert "Alleen de stad antwoordde." in client.get(f"/toets/{made.public_id}").text


def test_a_second_test_stands_beside_the_first(as_, people, client, published, store) -> None:
    people.session = store
    bart, decision = people.actor(people.bart), store.exec(select(Decision)).one()
    decision.stage = DecisionStage.EVALUATION
    store.add(decision)
    again = operations.quickscan(store, decision, dict.fromkeys(["Q1", "Q2", "Q3", "Q4"], "no"), actor=bart)
    operations.skip_test(store, again, decision, "Er veranderde niets.", actor=bart)
    store.commit()
    assert f"/toets/{again.public_id}" in client.get(f"/toets/{published}").text
    assert f"/toets/{published}" in client.get(f"/toets/{again.public_id}").text


def test_an_open_test_and_an_unknown_address_are_equally_absent(client, toets, look) -> None:
    public_id = look(select(Toets.public_id))[0]
    for at in (
        f"/toets/{public_id}",
        f"/toets/{public_id}.json",
        f"/toets/{public_id}.csv",
        "/toets/unknown",
    ):
        assert client.get(at).status_code == 404


def test_the_list_of_finished_tests_shows_only_finished_ones(client, published, toets) -> None:
    assert f"/toets/{published}" in client.get("/toetsen").text


@pytest.mark.parametrize("name", ["amina", "dre", "bart", "sofie", "chloe", "emma", "stijn"])
@pytest.mark.parametrize("perspective", Perspective)
def test_who_may_answer_from_which_side(as_, people, toets, name, perspective) -> None:
    allowed = {
        Perspective.CITY: {"chloe"},
        Perspective.PANEL: {"emma"},
        Perspective.PLATFORM: {"bart", "sofie"},
    }
    client, at = as_(getattr(people, name)), f"{ROOT[perspective].format(toets)}/6"
    granted = name in allowed[perspective]
    assert client.get(at).status_code == (200 if granted else 404)
    assert client.post(at, data=fields(6, perspective)).status_code == (303 if granted else 404)


def test_the_city_does_not_reach_a_test_of_another_body(as_, people, toets, store) -> None:
    decision = store.exec(select(Decision)).one()
    decision.body_id = people.vlaanderen.id
    store.add(decision)
    store.commit()
    chloe = as_(people.chloe)
    assert chloe.get(f"/city/decisions/{toets}/1").status_code == 404
    assert "Het loket sluit" not in chloe.get("/city/decisions").text


def test_a_section_that_does_not_exist_is_absent(as_, people, toets) -> None:
    assert as_(people.emma).get(f"/panel/toetsen/{toets}/11").status_code == 404


def test_lists_ask_few_questions_of_the_database(as_, people, everyone_answered, query_count) -> None:
    bart, emma = as_(people.bart), as_(people.emma)
    query_count()
    bart.get("/desk/decisions")
    assert len(query_count()) <= 8
    emma.get("/panel/toetsen")
    assert len(query_count()) <= 8


def test_tasks_are_empty_once_the_test_is_closed(as_, people, published, store) -> None:
    people.session = store
    assert queries.tasks(store, people.actor(people.emma), Perspective.PANEL) == []
    store.rollback()
    assert as_(people.emma).get("/panel/toetsen").status_code == 200

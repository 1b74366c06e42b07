"""Two decisions: one with a finished participatietoets that is public, one with a test that is half done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from signalen.desk.demo.facts import facts
from signalen.desk.demo.scene import MUNICIPALITY, Scene
from signalen.desk.demo.timeline import Story
from signalen.toetsen.agenda import put_on_agenda
from signalen.toetsen.models import (
    Decision,
    DecisionStage,
    EvidenceKind,
    Outcome,
    Perspective,
    Toets,
    ToetsAnswer,
)
from signalen.toetsen.operations import (
    DecisionFacts,
    add_condition,
    add_evidence,
    answer,
    close,
    conclude,
    quickscan,
    record_decision,
    start_toets,
)

SPEAKS_FOR = {
    "wim": Perspective.CITY,
    "chloe": Perspective.CITY,
    "bart": Perspective.PLATFORM,
    "emma": Perspective.PANEL,
    "nour": Perspective.PANEL,
}
Facts = Mapping[str, Any]


def finished_story(scene: Scene) -> Story:
    """Taken, tested from three sides, with conditions; what it says is frozen and public."""
    given, days, bart = facts("toetsen")["done"], scene.days, scene.actor("bart")
    yield days.at(-58, 11)
    decision = _decision(scene, given["decision"], decided_on=days.day(-80))
    toets = quickscan(scene.session, decision, given["quickscan"], actor=bart)
    start_toets(scene.session, toets, actor=bart)
    for ago, who in ((53, "wim"), (51, "bart"), (49, "emma"), (48, "nour")):
        yield days.at(-ago, 13)
        _answers(scene, toets, decision, given, who)
    yield days.at(-46, 11)
    for each in given["conditions"]:
        due_on = days.day(each["due"])
        add_condition(
            scene.session,
            toets,
            decision,
            each["words"],
            owner=each["owner"],
            due_on=due_on,
            actor=bart,
        )
    conclude(scene.session, toets, decision, Outcome(given["outcome"]), given["reason"], actor=bart)
    yield days.at(-44, 11)
    close(scene.session, toets, decision, unanswered_reason=given["unanswered"], actor=bart)
    yield days.at(-12, 11.5)
    point = facts("consultations")["coming"]["toets"]
    put_on_agenda(
        scene.session,
        toets,
        decision,
        scene.consultations["coming"],
        minutes=point["minutes"],
        brought_by=point["brought_by"],
        actor=bart,
    )


def half_story(scene: Scene) -> Story:
    """Still a draft: each of the three sides has begun to answer."""
    given, days, bart = facts("toetsen")["half"], scene.days, scene.actor("bart")
    yield days.at(-11, 11)
    decision = _decision(scene, given["decision"], decided_on=None)
    yield days.at(-10, 11)
    toets = quickscan(scene.session, decision, given["quickscan"], actor=bart)
    start_toets(scene.session, toets, actor=bart)
    for ago, who in ((5, "chloe"), (4, "bart"), (2, "emma")):
        yield days.at(-ago, 13)
        _answers(scene, toets, decision, given, who)


def _decision(scene: Scene, given: Facts, *, decided_on: date | None) -> Decision:
    made = DecisionFacts(
        title=given["title"],
        summary=given["summary"],
        body_id=scene.bodies[given["body"]].id,
        municipality=MUNICIPALITY,
        stage=DecisionStage(given["stage"]),
        decided_on=decided_on,
        themes=tuple(given["themes"]),
        groups=tuple(given["groups"]),
        places=tuple(given["places"]),
        dossiers=tuple(scene.dossiers[code].id for code in given["dossiers"]),
    )
    return record_decision(scene.session, made, actor=scene.actor("bart"), demo=True)


def _answers(scene: Scene, toets: Toets, decision: Decision, given: Facts, who: str) -> None:
    """Everything one person answers, with what it leans on."""
    actor, evaluation = scene.actor(who), scene.days.day(120)
    kept: dict[str, ToetsAnswer] = {}
    for question, (value, *ground) in given["answers"][who].items():
        made = answer(
            scene.session,
            toets,
            decision,
            question,
            SPEAKS_FOR[who],
            value="" if value is None else str(value).replace("{evaluation}", evaluation.isoformat()),
            not_known=value is None,
            ground=ground[0] if ground else "",
            actor=actor,
        )
        if made is not None:
            kept[question] = made
    for each in given.get("evidence", []):
        if each["by"] == who:
            proved = kept[each["question"]]
            add_evidence(scene.session, toets, proved, EvidenceKind(each["kind"]), each["label"], actor=actor)

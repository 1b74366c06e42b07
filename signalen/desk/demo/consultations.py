"""The consultation that was held, and the one of next week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import select

from signalen.consultations.models import AgendaItem, Arrangement, Consultation, ItemOutcome, Purpose
from signalen.consultations.operations import add_item, come_back, freeze, hold, plan_consultation
from signalen.core import clock
from signalen.core.permissions import SYSTEM
from signalen.desk.demo.facts import facts
from signalen.desk.demo.scene import MUNICIPALITY, Scene
from signalen.desk.demo.timeline import Story

HELD = 40
"""Working days ago; the answers to what was asked there are due thirty later."""
NOT_REACHED = "bus"


def held_story(scene: Scene) -> Story:
    """Planned, its agenda sent, held: one point was not reached."""
    yield scene.days.at(-75, 11)
    planned = _plan(scene, "held", scene.days.day(-HELD))
    # The promise about school debts ran out two days ago: nobody has to remember it.
    yield scene.days.at(-63, 6)
    come_back(scene.session, clock.today(), actor=SYSTEM)
    yield scene.days.at(-45, 11)
    _inform(scene, planned, facts("consultations")["held"])
    freeze(scene.session, planned, actor=scene.actor("bart"))
    yield scene.days.at(-HELD, 17)
    said = facts("consultations")["held"]["said"]
    codes = {dossier.id: code for code, dossier in scene.dossiers.items()}
    items = scene.session.exec(select(AgendaItem).where(AgendaItem.consultation_id == planned.id)).all()
    outcomes = {}
    for item in items:
        code = codes[item.dossier_id] if item.dossier_id else "inform"
        outcome = ItemOutcome.NOT_REACHED if code == NOT_REACHED else ItemOutcome.DISCUSSED
        outcomes[item.id] = (outcome, said[code])
    hold(scene.session, planned, outcomes, actor=scene.actor("bart"))


def coming_story(scene: Scene) -> Story:
    """Next week, with what makes it possible for everyone to come."""
    yield scene.days.at(-30, 11)
    planned = _plan(scene, "coming", scene.days.next_week())
    yield scene.days.at(-12, 11)
    given = facts("consultations")["coming"]
    _inform(scene, planned, given)


def on_agenda(scene: Scene, code: str, which: str, *, ago: int) -> Story:
    """A dossier goes on an agenda."""
    yield scene.days.at(-ago, 16.5)
    given = facts("consultations")[which]["items"][code]
    add_item(
        scene.session,
        scene.consultations[which],
        dossier=scene.dossiers[code],
        purpose=Purpose(given["purpose"]),
        minutes=given["minutes"],
        brought_by=given["brought_by"],
        actor=scene.actor("bart"),
    )


def _plan(scene: Scene, which: str, day: date) -> Consultation:
    given = facts("consultations")[which]
    scene.consultations[which] = plan_consultation(
        scene.session,
        municipality=MUNICIPALITY,
        title=given["title"],
        held_on=day,
        starts=given["starts"],
        minutes=given["minutes"],
        place=given["place"],
        who=given["who"],
        arrangements=[Arrangement(each) for each in given["arrangements"]],
        arrangements_note=given["note"],
        demo=True,
        actor=scene.actor("bart"),
    )
    return scene.consultations[which]


def _inform(scene: Scene, planned: Consultation, given: Mapping[str, Any]) -> None:
    inform = given["inform"]
    add_item(
        scene.session,
        planned,
        title=inform["title"],
        purpose=Purpose.INFORM,
        minutes=inform["minutes"],
        brought_by=inform["brought_by"],
        actor=scene.actor("bart"),
    )

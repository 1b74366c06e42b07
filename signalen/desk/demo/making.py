"""From loose signals to a dossier that may go to the city: bundled, weighed, with asks and a text the organisations agree on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from signalen.desk.demo.facts import facts
from signalen.desk.demo.library import recommendations_for
from signalen.desk.demo.scene import MUNICIPALITY, Scene
from signalen.desk.demo.timeline import Story
from signalen.dossiers.models import Dossier, SynthesisVersion
from signalen.dossiers.operations import (
    add_ask,
    agree,
    announce_synthesis,
    bundle,
    edit_dossier,
    open_dossier,
    open_round,
    quote,
    weigh,
    write_synthesis,
)
from signalen.dossiers.queries import announced_version
from signalen.dossiers.rules import Criterion, KnockOut


def make_dossier(scene: Scene, code: str, *, opened: int, announced: int) -> Story:
    """Opens a dossier with its signals, and puts its synthesis before the organisations; both so many working days ago."""
    given = facts("dossiers")[code]
    lead = scene.actor(given["lead"])
    yield scene.days.at(-opened, 13.5)
    dossier = open_dossier(
        scene.session,
        title=given["title"],
        municipality=MUNICIPALITY,
        worry=given["worry"],
        themes=given["themes"],
        lead_id=lead.user_id,
        second_id=scene.people[given["second"]].id,
        demo=True,
        actor=lead,
    )
    scene.dossiers[code] = dossier
    numbers = [*given["signals"], *given.get("cites", [])]
    # A safe line that was released counts: whoever bundles needs no right to read the rest.
    bundle(scene.session, [scene.signals[n] for n in numbers], dossier, actor=lead)
    yield scene.days.at(-announced, 9.5)
    _describe(scene, code, given)
    version = write_synthesis(scene.session, dossier, given["synthesis"], actor=lead)
    announce_synthesis(scene.session, version, actor=lead)


def agreed(scene: Scene, code: str, who: str, *, ago: int) -> Story:
    """Someone with a mandate says yes for the organisation."""
    yield scene.days.at(-ago, 15)
    actor = scene.actor(who)
    version = synthesis(scene, code)
    agree(scene.session, version, next(iter(actor.agrees_for)), agrees=True, actor=actor)


def synthesis(scene: Scene, code: str) -> SynthesisVersion:
    """The announced text of a dossier."""
    version = announced_version(scene.session, scene.dossiers[code])
    assert version is not None  # the story announced it
    return version


def filled(texts: Mapping[str, Mapping[str, str]], **days: date) -> dict[str, dict[str, str]]:
    """Texts per language, with the days in braces written as people read them there."""
    return {
        language: {
            part: words.format_map(
                {name: format_date(day, "d MMMM y", locale=language) for name, day in days.items()}
            )
            for part, words in parts.items()
        }
        for language, parts in texts.items()
    }


def sentence(words: str, **days: date) -> str:
    """Dutch words with the days in braces written out."""
    return filled({"nl": {"words": words}}, **days)["nl"]["words"]


def _describe(scene: Scene, code: str, given: Mapping[str, Any]) -> None:
    session, dossier, lead = scene.session, scene.dossiers[code], scene.actor(given["lead"])
    edit_dossier(
        session,
        dossier,
        evidence=given["evidence"],
        why_probe=given["why"],
        frame_items=[item for theme in given["themes"] for item in scene.frame_items(theme)],
        recommendations=recommendations_for(session, code),
        actor=lead,
    )
    points = {Criterion(name): (int(n), str(why)) for name, (n, why) in given["weigh"].items()}
    weigh(session, dossier, points, dict.fromkeys(KnockOut, True), actor=lead)
    for each in given["quotes"]:
        quote(session, dossier, scene.signals[each["signal"]], each["words"], actor=lead)
    _asks(scene, dossier, given)


def _asks(scene: Scene, dossier: Dossier, given: Mapping[str, Any]) -> None:
    lead = scene.actor(given["lead"])
    round_ = open_round(scene.session, dossier, actor=lead)
    for each in given["asks"]:
        add_ask(scene.session, round_, scene.bodies[each["body"]].id, each["measure"], actor=lead)

"""The fifty-three demo signals: each comes in on its day, is read, and goes its way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from signalen.core import clock
from signalen.core.permissions import NOBODY, Actor
from signalen.desk.demo.codes import give_code
from signalen.desk.demo.facts import facts
from signalen.desk.demo.scene import Scene
from signalen.desk.demo.timeline import Story
from signalen.signals.models import Channel, ContactKind, HearsBack, People, Signal, Stage, TextKind
from signalen.signals.operations import (
    Contact,
    Intake,
    Placement,
    add_text,
    ask_giver,
    lead_out,
    pause_clock,
    place,
    record_signal,
    release,
)
from signalen.signals.queries import words_of

NAMESPACE = uuid.UUID("8c7a2f14-3d0b-5e6a-9b41-0d5e53516e61")
"""Ours, for the keys of demo signals: the same signal has the same key in every installation."""

_BANDS = ((1, People.ONE), (5, People.FEW), (20, People.SOME))
_HALF_AN_HOUR = timedelta(minutes=30)

Facts = Mapping[str, Any]


def signal_key(number: int) -> uuid.UUID:
    """The key of a demo signal."""
    return uuid.uuid5(NAMESPACE, f"signal-{number}")


def signal_keys() -> list[uuid.UUID]:
    """The keys of all demo signals."""
    return [signal_key(number) for number in range(1, len(facts("signals")) + 1)]


def signal_story(scene: Scene, number: int) -> Story:
    """A signal from its first word to the desk: read and placed, shielded words released, a way out, a question."""
    given, fate = facts("signals")[number - 1], facts("fates")[number]
    # People write when they can; the desk reads in the morning.
    came = 11 + number % 8 + number % 4 / 4
    yield scene.days.at(-fate["ago"], came) if fate["ago"] else scene.days.now - _HALF_AN_HOUR
    actor = scene.actor(fate["by"]) if "by" in fate else NOBODY
    signal = record_signal(
        scene.session, scene.vault, _intake(scene, number, given, fate), actor=actor
    ).signal
    give_code(scene.session, scene.vault, signal)
    scene.signals[number] = signal
    if "read" not in fate:
        return
    yield scene.days.at(-fate["read"], 9 + number % 3 / 4)
    staff = scene.actor("bart" if signal.sensitive or number % 2 else "sofie")
    _read(scene, signal, given, fate, staff)
    yield from _later(scene, signal, fate, staff)


def _intake(scene: Scene, number: int, given: Facts, fate: Facts) -> Intake:
    by_worker, email, agreed = "by" in fate, fate.get("email"), fate.get("agreed")
    if email:
        back = HearsBack.CONTACT
    elif by_worker:
        back = HearsBack(fate.get("back", HearsBack.WORKER))
    else:
        back = HearsBack.CODE
    return Intake(
        key=signal_key(number),
        text=given["text"],
        language=given["lang"],
        channel=_channel(by_worker=by_worker, agreed=agreed),
        themes=(given["theme"],),
        place=given["district"],
        neighbourhood=fate.get("hood"),
        groups=tuple(given["groups"]),
        barriers=tuple(given["barriers"]),
        people=next((band for most, band in _BANDS if given["people"] <= most), People.MANY),
        sensitive=given.get("sensitive", False),
        happened_on=clock.today() - timedelta(days=number % 9) if number % 3 == 0 else None,
        hears_back=back,
        contact=Contact(ContactKind.EMAIL, email) if email else None,
        answer_language=fate.get("answer"),
        discussed=True if by_worker else None,
        agreed_how=agreed,
        may_use=True,
        may_quote=fate.get("quote", False),
        organisation_id=next(iter(scene.actor(fate["by"]).organisations)) if by_worker else None,
        demo=True,
    )


def _channel(*, by_worker: bool, agreed: str | None) -> Channel:
    if not by_worker:
        return Channel.REPORT
    return Channel.ON_BEHALF if agreed else Channel.CAPTURE


def _read(scene: Scene, signal: Signal, given: Facts, fate: Facts, staff: Actor) -> None:
    session, vault = scene.session, scene.vault
    words_of(session, vault, signal, actor=staff)
    placement = Placement(
        themes=(given["theme"],),
        frame_items=scene.frame_items(given["theme"]),
        groups=tuple(given["groups"]),
        barriers=tuple(given["barriers"]),
        place=given["district"],
        neighbourhood=fate.get("hood"),
    )
    place(session, signal, placement, actor=staff)
    if "summary" in fate:
        add_text(session, vault, signal, TextKind.SUMMARY, fate["summary"], language="nl", actor=staff)
    if "release" in fate:
        release(session, vault, signal, fate["release"], "nl", actor=staff)


def _later(scene: Scene, signal: Signal, fate: Facts, staff: Actor) -> Story:
    """What happens after reading: a way out, a question to the giver, or a clock that is paused."""
    session, days = scene.session, scene.days
    if out := fate.get("out"):
        yield days.at(-out["day"], 14)
        to, passed_to = Stage(out["to"]), out.get("passed_to")
        lead_out(session, signal, to, reason=out["reason"], language="nl", passed_to=passed_to, actor=staff)
    if question := fate.get("question"):
        yield days.at(-question["day"], 14)
        ask_giver(session, scene.vault, signal, question["text"], "nl", actor=staff)
    if pause := fate.get("pause"):
        yield days.at(-pause["day"], 14)
        pause_clock(session, signal, reason=pause["reason"], actor=staff)

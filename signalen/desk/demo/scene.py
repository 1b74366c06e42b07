"""What the stories of the demo share: the session, the days, and everything that was made until now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from signalen.consultations.models import Consultation
from signalen.core.permissions import Actor, ActorKind
from signalen.core.vault import Vault
from signalen.desk.demo.timeline import Days
from signalen.dossiers.models import Dossier
from signalen.people.models import Body, Organisation, User
from signalen.people.queries import actor_for_user
from signalen.signals.models import Signal
from signalen.themes.models import FrameItem, FrameItemTheme

MUNICIPALITY = "antwerpen"
FRAMES = ("apsmo-2.0", "staten-generaal-2020")
"""The two frames in which the staff of the demo place a signal."""


@dataclass
class Scene:
    """Filled while the stories go on; signals by their number in `facts/signals.yaml`, the others by the code in their file."""

    session: Session
    vault: Vault
    days: Days
    organisations: dict[str, Organisation] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    signals: dict[int, Signal] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    consultations: dict[str, Consultation] = field(default_factory=dict)

    def actor(self, code: str) -> Actor:
        """The actor a person of the cast is."""
        if code not in self.actors:
            self.actors[code] = actor_for_user(self.session, self.people[code].id)
        return self.actors[code]

    def giver(self, number: int) -> Actor:
        """The one who brought a signal."""
        return Actor(ActorKind.GIVER, self.signals[number].giver_id)

    def frame_items(self, theme: str) -> tuple[uuid.UUID, ...]:
        """The parts of the frames of the demo that belong to a theme."""
        return tuple(
            self.session.exec(
                select(FrameItem.id)
                .join(FrameItemTheme, col(FrameItemTheme.frame_item_id) == col(FrameItem.id))
                .where(FrameItemTheme.theme_code == theme, col(FrameItem.frame_code).in_(FRAMES))
                .order_by(col(FrameItem.frame_code), col(FrameItem.n))
            )
        )

"""What comes in, as one value: from the phone of a worker, from a resident, from the demo or an import."""

from __future__ import annotations

import json
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from signalen.core.vault import Vault
from signalen.signals.codes import PlainCode
from signalen.signals.models import Channel, ContactKind, HearsBack, People, Signal, SignalKind

LONGEST_TEXT = 10_000
"""Characters. Whoever needs more is writing a report; the form says so."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One address to send the answer to; sealed before it is kept."""

    kind: ContactKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One signal as it was given. `key` is made by the client: the same key and content is one signal.

    `language`: of the words; `answer_language`: in which the giver reads the answer (the same unless given).
    `sensitive`: asked by the giver or the worker; what the words suggest is found while recording. `shielded`: it repeats a
    signal that is sensitive.
    `told_through`: the organisation whose workers tell a resident the answer; `with_help`: somebody helped to write it.
    `received_at`: only for the demo and imports; now unless given.
    """

    key: uuid.UUID
    text: str
    language: str
    channel: Channel
    kind: SignalKind = SignalKind.SIGNAL
    themes: tuple[str, ...] = ()
    place: str | None = None
    neighbourhood: str | None = None
    groups: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    people: People | None = None
    sensitive: bool = False
    shielded: bool = False
    happened_on: date | None = None
    hears_back: HearsBack = HearsBack.CODE
    contact: Contact | None = None
    answer_language: str | None = None
    discussed: bool | None = None
    agreed_how: str | None = None
    may_use: bool = False
    may_quote: bool = False
    may_publish: bool = False
    organisation_id: uuid.UUID | None = None
    told_through: uuid.UUID | None = None
    with_help: bool = False
    demo: bool = False
    received_at: datetime | None = None

    def content_hash(self, vault: Vault, recorded_by: uuid.UUID | None) -> bytes:
        """A keyed hash (32 bytes) of everything that was given and by whom: tells a replay from a reused key."""
        parts: list[object] = [
            self.text,
            self.language,
            self.channel,
            self.kind,
            sorted(set(self.themes)),
            self.place,
            self.neighbourhood,
            sorted(set(self.groups)),
            sorted(set(self.barriers)),
            self.people,
            self.sensitive,
            self.happened_on.isoformat() if self.happened_on else None,
            self.hears_back,
            self.contact.value if self.contact else None,
            self.discussed,
            self.agreed_how,
            [self.may_use, self.may_quote, self.may_publish],
            str(self.organisation_id),
            str(recorded_by),
            # Only when they are there: a form of before has the hash of before.
            *([str(self.told_through)] if self.told_through else []),
            *(["with help"] if self.with_help else []),
        ]
        return vault.fingerprint(json.dumps(parts, ensure_ascii=False), "signal.content")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the giver gets. `code` is shown now or never; `fresh` is False when this was known already."""

    signal: Signal
    code: PlainCode | None
    fresh: bool


def gets_code(intake: Intake) -> bool:
    """Whether a code is made: for everyone who can keep one, and for every resident, whoever tells them the answer."""
    return intake.hears_back in GETS_CODE or intake.channel is Channel.REPORT


GETS_CODE = frozenset({HearsBack.CODE, HearsBack.CONTACT, HearsBack.CARD})


def says_something(text: str) -> bool:
    """Whether there is anything to read in it: a letter, a digit or a sign, in any script."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)

"""Synthetic load: many signals with everything that hangs on them, to measure with and to try a large desk.

The rows have the shape of real ones and are marked as demo. The same seed gives the same signals; ids, keys and the
secrets of follow codes are always fresh, because a code that follows from a known seed would be no secret.
"""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import click
from sqlmodel import select

from signalen.core import clock
from signalen.core.db import Sessions
from signalen.core.ids import new_id
from signalen.core.models import Event
from signalen.core.permissions import ActorKind
from signalen.core.vault import Vault
from signalen.desk.synthetic import (
    Cast,
    Rows,
    Vocabulary,
    due_on,
    event_row,
    keep_numbers,
    last_numbers,
    make_cast,
    make_dossiers,
    sentences,
    write_rows,
)
from signalen.dossiers.models import DossierSignal, DossierVerb
from signalen.people.clocks import DEFAULTS, ClockName
from signalen.signals.codes import hash_secret, new_code, reference
from signalen.signals.models import (
    Channel,
    ContactKind,
    FollowCode,
    Giver,
    HearsBack,
    People,
    Signal,
    SignalBarrier,
    SignalGroup,
    SignalKind,
    SignalText,
    SignalTheme,
    SignalVerb,
    Stage,
    TextKind,
    WayOut,
)
from signalen.signals.sealing import contact_context, stored_words
from signalen.web.sessions import sessions, vault

SPAN = timedelta(days=2 * 365)
"""The signals are spread evenly over the two years that end now."""
CHUNK = 4000
"""Signals per transaction: the write lock is let go in between, and a stopped run leaves only whole signals."""
SENSITIVE_SHARE, CONTACT_SHARE = 0.03, 0.25
LANGUAGES = {"nl": 80, "fr": 12, "en": 8}

NEXT_CLOCK = {Stage.RECEIVED: ClockName.READ, Stage.READ: ClockName.PLACE, Stage.BUNDLED: ClockName.CHOOSE}
STAGES_LATER = {
    Stage.BUNDLED: 50,
    Stage.READ: 22,
    Stage.KEPT: 12,
    Stage.HELPED: 8,
    Stage.PASSED_ON: 5,
    Stage.WITHDRAWN: 3,
}
READ_WITHIN = timedelta(days=4)


@dataclass
class Generator:
    """Makes rows for signals; keeps what has to be unique or counted over the whole run."""

    chance: random.Random
    vocabulary: Vocabulary
    cast: Cast
    vault: Vault
    taken_locators: set[str]
    dossiers: Mapping[str, Sequence[uuid.UUID]]
    """The dossiers of this run per theme."""
    numbers: dict[int, int] = field(default_factory=dict)
    """The last reference number given out, per year."""

    def signal(self, received: datetime, now: datetime, rows: Rows) -> None:
        """Add one signal that came in at `received`, and all that hangs on it, to `rows`."""
        chance = self.chance
        stage, since = self._stage(received, now)
        channel = chance.choices((Channel.CAPTURE, Channel.REPORT, Channel.ON_BEHALF), (60, 35, 5))[0]
        worker, organisation = (
            chance.choice(self.cast.workers) if channel is not Channel.REPORT else (None, None)
        )
        theme, (language, words) = self._words()
        year = clock.day_of(received).year
        self.numbers[year] = self.numbers.get(year, 0) + 1
        signal = {
            "id": new_id(),
            "reference": reference(year, self.numbers[year]),
            "key": uuid.uuid4(),
            "content_hash": hashlib.sha256(words.encode()).digest(),
            "kind": chance.choices(tuple(SignalKind), (90, 6, 4))[0],
            "channel": channel,
            "stage": stage,
            "stage_since": since,
            "due_on": due_on(clock.day_of(since), DEFAULTS[NEXT_CLOCK[stage]])
            if stage in NEXT_CLOCK
            else None,
            "paused": False,
            "giver_id": self._giver(channel, worker, language, received, rows),
            "organisation_id": organisation,
            "recorded_by": worker,
            "assigned_to": chance.choice(self.cast.staff) if stage is Stage.READ else None,
            "place_code": chance.choice(self.vocabulary.places) if chance.random() < 0.9 else None,
            "people": chance.choice(tuple(People)) if chance.random() < 0.7 else None,
            "happened_on": clock.day_of(received) - timedelta(days=chance.randrange(30)),
            "language": language,
            "sensitive": chance.random() < SENSITIVE_SHARE,
            "sensitive_asked": False,
            "discussed": None if worker is None else chance.random() < 0.8,
            "agreed_how": "mondeling" if channel is Channel.ON_BEHALF else None,
            "may_use_at": received,
            "may_quote_at": received if chance.random() < 0.4 else None,
            "may_publish_at": received if chance.random() < 0.2 else None,
            "received_at": received,
            "demo": True,
        }
        rows[Signal].append(signal)
        rows[SignalText].append(self._text(signal, words))
        self._place(signal, theme, rows)
        self._past(signal, theme, rows)

    def _stage(self, received: datetime, now: datetime) -> tuple[Stage, datetime]:
        if now - received < READ_WITHIN:
            return Stage.RECEIVED, received
        stage = self.chance.choices(tuple(STAGES_LATER), tuple(STAGES_LATER.values()))[0]
        return stage, min(now, received + READ_WITHIN * (1 + 3 * self.chance.random()))

    def _words(self) -> tuple[str, tuple[str, str]]:
        """A theme with a text about it, in a language."""
        language = self.chance.choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))[0]
        parts = sentences()[language]
        theme = self.chance.choice([code for code in self.vocabulary.themes if code in parts["worries"]])
        choose = self.chance.choice
        text = f"{choose(parts['openings'])} {choose(parts['worries'][theme])} {choose(parts['closes'])}"
        return theme, (language, text)

    def _giver(
        self, channel: Channel, worker: uuid.UUID | None, language: str, at: datetime, rows: Rows
    ) -> uuid.UUID:
        if channel is Channel.CAPTURE:
            hears = self.chance.choices((HearsBack.WORKER, HearsBack.CARD, HearsBack.NONE), (60, 25, 15))[0]
        else:
            hears = HearsBack.CONTACT if self.chance.random() < CONTACT_SHARE else HearsBack.CODE
        giver_id = new_id()
        sealed = None
        if hears is HearsBack.CONTACT:
            address = f"{giver_id.hex[-12:]}@synthetic.invalid"
            sealed = self.vault.seal(address, contact_context(giver_id))
        rows[Giver].append(
            {
                "id": giver_id,
                "language": language,
                "hears_back": hears,
                "contact_kind": ContactKind.EMAIL if sealed else None,
                "contact_sealed": sealed.data if sealed else None,
                "contact_key": sealed.key_id if sealed else None,
                "told_by": worker if hears is HearsBack.WORKER else None,
                "created_at": at,
            }
        )
        if hears in {HearsBack.CODE, HearsBack.CONTACT, HearsBack.CARD}:
            rows[FollowCode].append(self._follow_code(giver_id, at))
        return giver_id

    def _follow_code(self, giver_id: uuid.UUID, at: datetime) -> dict[str, Any]:
        code = new_code(secrets.token_bytes)
        while code.locator in self.taken_locators:
            code = new_code(secrets.token_bytes)
        self.taken_locators.add(code.locator)
        salt = os.urandom(16)
        return {
            "id": new_id(),
            "giver_id": giver_id,
            "locator": code.locator,
            "salt": salt,
            "secret_hash": hash_secret(code.secret, salt),
            "created_at": at,
            "demo": True,
        }

    def _text(self, signal: Mapping[str, Any], words: str) -> dict[str, Any]:
        text_id = new_id()
        return {
            "id": text_id,
            "signal_id": signal["id"],
            "kind": TextKind.ORIGINAL,
            "language": signal["language"],
            "written_by": signal["recorded_by"],
            "written_at": signal["received_at"],
            **stored_words(self.vault, text_id, words, sealed=signal["sensitive"]),
        }

    def _place(self, signal: Mapping[str, Any], theme: str, rows: Rows) -> None:
        chance, signal_id = self.chance, signal["id"]
        themes = {theme, chance.choice(self.vocabulary.themes)} if chance.random() < 0.25 else {theme}
        rows[SignalTheme] += [{"signal_id": signal_id, "theme_code": code} for code in themes]
        groups = chance.sample(self.vocabulary.groups, chance.randrange(4))
        rows[SignalGroup] += [{"signal_id": signal_id, "group_code": code} for code in groups]
        barriers = chance.sample(self.vocabulary.barriers, chance.randrange(3))
        rows[SignalBarrier] += [{"signal_id": signal_id, "barrier_code": code} for code in barriers]

    def _past(self, signal: Mapping[str, Any], theme: str, rows: Rows) -> None:
        """What happened to the signal since it came in: its events, its dossier or its way out."""
        signal_id, stage, since = signal["id"], signal["stage"], signal["stage_since"]
        worker, staff = signal["recorded_by"], self.chance.choice(self.cast.staff)
        giver_or_worker = (ActorKind.USER, worker) if worker else (ActorKind.GIVER, signal["giver_id"])
        rows[Event].append(
            event_row(
                SignalVerb.RECEIVED,
                "signal",
                signal_id,
                signal["received_at"],
                giver_or_worker,
                channel=signal["channel"].value,
            )
        )
        if stage is Stage.RECEIVED:
            return
        rows[Event].append(event_row(SignalVerb.READ, "signal", signal_id, since, (ActorKind.USER, staff)))
        if stage is Stage.BUNDLED:
            dossier = self.chance.choice(self.dossiers[theme])
            rows[DossierSignal].append(
                {
                    "id": new_id(),
                    "dossier_id": dossier,
                    "signal_id": signal_id,
                    "leading": True,
                    "since": since,
                    "by": staff,
                }
            )
        elif stage is not Stage.READ:
            rows[Event].append(
                event_row(
                    SignalVerb.LED_OUT, "signal", signal_id, since, (ActorKind.USER, staff), to=stage.value
                )
            )
            rows[WayOut].append(
                {
                    "id": new_id(),
                    "signal_id": signal_id,
                    "stage": stage,
                    "reason": "Dit is een voorbeeld van een reden.",
                    "language": "nl",
                    "passed_to": "Een andere dienst" if stage is Stage.PASSED_ON else None,
                    "by": staff,
                    "at": since,
                }
            )


def generate(maker: Sessions, keys: Vault, count: int, *, seed: int) -> Iterator[int]:
    """Write `count` signals; yields how many stand after each transaction.

    May run again: it adds, and takes up the reference numbers where they are.
    """
    chance = random.Random(seed)  # noqa: S311  # invented texts; what must be secret comes from `secrets`
    now = clock.now()
    with maker.write() as session:
        vocabulary = Vocabulary.load(session)
        cast = make_cast(session, now)
        taken = set(session.exec(select(FollowCode.locator)).all())
        dossiers = make_dossiers(session, count, vocabulary, cast, now)
        session.commit()
    generator = Generator(chance, vocabulary, cast, keys, taken, dossiers)
    step = SPAN / max(count, 1)
    for first in range(0, count, CHUNK):
        last = min(first + CHUNK, count)
        rows: Rows = defaultdict(list)
        with maker.write() as session:
            generator.numbers = last_numbers(session, "S")
            for number in range(first, last):
                generator.signal(now - SPAN + step * (number + 1), now, rows)
            keep_numbers(session, "S", generator.numbers)
            bundled = Counter(row["dossier_id"] for row in rows[DossierSignal])
            rows[Event] += [
                event_row(
                    DossierVerb.BUNDLED, "dossier", each, now, (ActorKind.USER, cast.staff[0]), signals=number
                )
                for each, number in bundled.items()
            ]
            write_rows(session, rows)
            session.commit()
        yield last


@click.command("generate")
@click.option(
    "--signals", "count", type=click.IntRange(1, 5_000_000), required=True, help="How many signals to add."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same signals.")
def generate_command(count: int, seed: int) -> None:
    """Adds synthetic signals, marked as demo, with givers, codes, texts, events and dossiers."""
    started = time.monotonic()
    for done in generate(sessions(), vault(), count, seed=seed):
        click.echo(f"\r{done} of {count}", nl=False, err=True)
    click.echo(err=True)
    click.echo(f"{count} signals in {time.monotonic() - started:.1f} s")

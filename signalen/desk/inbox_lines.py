"""The lines of the inbox: what is the same on many of them is drawn once and cut at its holes; what differs goes in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape

from signalen.core import clock
from signalen.core.due import is_late
from signalen.signals.forms import LANGUAGES
from signalen.signals.labels import STAGES, ring
from signalen.signals.models import Stage
from signalen.signals.queries import SignalRow
from signalen.themes.queries import Names
from signalen.web.fragments import fixed_part
from signalen.web.locale import gettext as _
from signalen.web.locale import language, own_name, show_date

WAITING = frozenset({Stage.RECEIVED, Stage.READ})
"""Stages whose clock is shown before it has run out: the next step is for the desk."""
HOLE = "\0"
"""Stands in a fixed row where each line has its own: the row is cut there before anything is put in."""


def lines(
    rows: Iterable[SignalRow], *, names: Names, organisations: Mapping[uuid.UUID, str], today: date
) -> Markup:
    """These rows as they stand in the list, in the language of the page; empty when there are none.

    `organisations` gives the name of each that may stand there.
    """
    around: dict[tuple[Stage, bool, bool], list[str]] = {}
    made = []
    for row in rows:
        late, sealed = not row.paused and is_late(row.due_on, today), row.words is None
        frame = around.get((row.stage, late, sealed))
        if frame is None:
            frame = around[row.stage, late, sealed] = _frame(row.stage, late=late, sealed=sealed)
        key, reference = str(row.id), escape(row.reference)
        facts = "".join(_facts(row, names, organisations, late=late))
        own = (
            (key, reference, key)
            if sealed
            else (key, reference, key, escape(row.language), escape(row.words))
        )
        pieces = [""] * (2 * len(frame) - 1)
        pieces[::2], pieces[1::2] = frame, (*own, reference, facts)
        made.append("".join(pieces))
    return Markup("\n".join(made))  # noqa: S704  # a template, and what was escaped above


def selects(
    names: Names, organisations: Sequence[tuple[uuid.UUID, str]]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The choices above the list, by the name of their field."""
    yield "stage", _stages(language())
    yield "theme", names.themes()
    yield "district", names.places()
    yield "group", names.groups()
    yield "organisation", tuple(organisations)
    yield "language", languages()


@cache
def languages() -> tuple[tuple[str, str], ...]:
    """Languages of words, by their own names."""
    return tuple((code, own_name(code)) for code in LANGUAGES)


@cache
def _stages(_spoken: str) -> tuple[tuple[str, str], ...]:
    return tuple((stage.value, str(text)) for stage, text in STAGES.items())


def _frame(stage: Stage, *, late: bool, sealed: bool) -> list[str]:
    """What stands between the holes of a row."""
    row = fixed_part(
        "signals/inbox_row.html",
        hole=HOLE,
        of=ring(stage, late=late),
        stage=str(STAGES[stage]),
        unread=stage is Stage.RECEIVED,
        sealed=sealed,
    )
    return str(row).split(HOLE)


def _facts(
    row: SignalRow, names: Names, organisations: Mapping[uuid.UUID, str], *, late: bool
) -> Iterator[Markup]:
    yield _fact(_short(clock.day_of(row.received_at)))
    if row.place_code:
        yield _fact(names.place(row.place_code))
    if row.organisation_id is None:
        yield _fact(_("Resident"))
    elif row.organisation_id in organisations:
        yield _fact(organisations[row.organisation_id])
    for code in row.themes:
        yield _fact(names.theme(code), "tag wide-only")
    if row.sensitive:
        yield _fact(_("Sensitive"), "tag sensitive")
    if row.paused:
        yield _fact(_("Paused"), "clock due")
    elif late and row.due_on:
        yield _fact(_("Late since %(day)s", day=_short(row.due_on)), "clock late")
    elif row.due_on and row.stage in WAITING:
        yield _fact(_("Before %(day)s", day=_short(row.due_on)), "clock")


def _short(day: date) -> str:
    return show_date(day, "short")


@lru_cache(maxsize=2048)
def _fact(text: str, kind: str = "") -> Markup:
    """A fact below the words: names, days and themes, the same on line after line. Never the words themselves."""
    return Markup("<span{}>{}</span>").format(Markup(' class="{}"').format(kind) if kind else "", text)

"""The lines of the inbox: what is the same on many of them is drawn once and cut at its holes; what differs goes in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

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
        late, sealed = not row.paused and is_late(row.due_on, today), row.words is None and row.sensitive
        frame = around.get((row.stage, late, sealed))
        if frame is None:
            frame = around[row.stage, late, sealed] = _frame(row.stage, late=late, sealed=sealed)
        key, reference = str(row.id), escape(row.reference)
        facts = _facts(row, names, organisations, late=late, today=today)
        own = (key, reference, key) if sealed else (key, reference, key, *_said(row))
        pieces = [""] * (2 * len(frame) - 1)
        pieces[::2], pieces[1::2] = frame, (*own, reference, facts)
        made.append("".join(pieces))
    return Markup("\n".join(made))  # noqa: S704  # a template, and what was escaped above


def _said(row: SignalRow) -> tuple[Markup, Markup]:
    """The language of the words and the words; of an erased signal that it was."""
    if row.words is None:
        return escape(language()), escape(_("Erased by who told it"))
    return escape(row.language), escape(row.words)


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


class _Facts(NamedTuple):
    """All that stands below the words of a line, and the language and day on which it is said."""

    spoken: str
    today: date
    day: date
    place: str
    giver: str | None
    themes: tuple[str, ...]
    sensitive: bool
    paused: bool
    waits: date | None
    late: bool


def _facts(
    row: SignalRow, names: Names, organisations: Mapping[uuid.UUID, str], *, late: bool, today: date
) -> str:
    return _drawn(
        _Facts(
            language(),
            today,
            clock.day_of(row.received_at),
            names.place(row.place_code) if row.place_code else "",
            None if row.organisation_id is None else organisations.get(row.organisation_id, ""),
            tuple(map(names.theme, row.themes)),
            row.sensitive,
            row.paused,
            row.due_on if late or row.stage in WAITING else None,
            late,
        )
    )


@lru_cache(maxsize=2048)
def _drawn(of: _Facts) -> str:
    """The facts as they stand there: names, days and themes, the same on line after line. Never the words themselves."""

    def facts() -> Iterator[tuple[str, str]]:
        yield "", _short(of.day)
        yield "", of.place
        yield "", _("Resident") if of.giver is None else of.giver
        for theme in of.themes:
            yield "tag wide-only", theme
        if of.sensitive:
            yield "tag sensitive", _("Sensitive")
        if of.paused:
            yield "clock due", _("Paused")
        elif of.waits and of.late:
            yield "clock late", _("Late since %(day)s", day=_short(of.waits))
        elif of.waits:
            yield "clock", _("Before %(day)s", day=_short(of.waits))

    return "".join(_fact(text, kind) for kind, text in facts() if text)


def _short(day: date) -> str:
    return show_date(day, "short")


def _fact(text: str, kind: str) -> Markup:
    return Markup("<span{}>{}</span>").format(Markup(' class="{}"').format(kind) if kind else "", text)

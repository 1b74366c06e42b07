"""The consultation as an entry for calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from signalen.consultations.models import AgendaItem, Consultation, ConsultationState
from signalen.core.clock import BRUSSELS


def calendar_entry(
    consultation: Consultation, items: Sequence[AgendaItem], *, address: str, stamp: datetime
) -> bytes:
    """An ICS file. The UID stays the same and SEQUENCE grows with each revision, so that a calendar that took an earlier one
    changes its entry instead of adding one; times are in Europe/Brussels. `address`: the page of the agenda; `stamp`: now.

    It holds titles of points and the time of each, never more.
    """
    from icalendar import Calendar, Event  # a tenth of a second: only who asks for a calendar pays it

    hour, minute = (int(part) for part in consultation.starts.split(":"))
    start = datetime.combine(consultation.held_on, time(hour, minute), tzinfo=BRUSSELS)
    entry = Event()
    entry.add("uid", f"{consultation.id}@{urlsplit(address).hostname or 'signalen'}")
    entry.add("sequence", consultation.revision)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", start)
    entry.add("dtend", start + timedelta(minutes=consultation.minutes))
    entry.add("summary", consultation.title)
    entry.add("location", consultation.place)
    entry.add("url", address)
    entry.add("description", _points(items, start))
    cancelled = consultation.state is ConsultationState.CANCELLED
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Signalen//Agenda//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _points(items: Sequence[AgendaItem], start: datetime) -> str:
    """The points under each other, each with the time at which it begins."""
    lines, at = [], start
    for item in items:
        lines.append(f"{at:%H:%M} {item.title}")
        at += timedelta(minutes=item.minutes)
    return "\n".join(lines)

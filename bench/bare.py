"""The bare application to measure against: Flask and SQLModel, the same tables, pragmas and writes, the same list.

Written as one would write it from SQLModel's own pages, entities and all; no rights, no forms, no languages, no words
around the rows.
"""

from __future__ import annotations

import os
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Flask, redirect, request
from sqlalchemy import and_
from sqlmodel import select
from werkzeug.wrappers import Response

from signalen.core.db import Sessions, create_engine
from signalen.core.models import Event
from signalen.core.permissions import ActorKind
from signalen.signals import models as m
from signalen.tables import metadata

app = Flask(__name__)
assert metadata, "every table is known, so that foreign keys find theirs"
sessions = Sessions(create_engine(os.environ["SIGNALEN_DATABASE_URL"]))
PAGE = app.jinja_env.from_string("""{% for signal, text in rows %}<li>{{ signal.reference }} {{ signal.stage.value }}
{{ signal.place_code }} {{ signal.received_at }} {{ signal.due_on }} {{ text.words }}
{% for theme in themes if theme.signal_id == signal.id %}{{ theme.theme_code }}{% endfor %}</li>{% endfor %}""")


@app.post("/create")
def create() -> Response:
    form, now = request.form, datetime.now(UTC)
    with sessions.write() as session:
        counter = session.get_one(m.ReferenceCounter, ("B", now.year), with_for_update=True)
        counter.last += 1
        giver = m.Giver(language="nl", hears_back=m.HearsBack.CARD, created_at=now)
        session.add_all([counter, giver])
        session.flush()
        facts: dict[str, Any] = {
            "reference": f"B-{counter.last}",
            "key": uuid.UUID(form["key"]),
            "content_hash": b"",
        }
        facts |= {"channel": m.Channel.CAPTURE, "stage_since": now, "received_at": now, "may_use_at": now}
        signal = m.Signal(**facts, giver_id=giver.id, language="nl", place_code=form["district"])
        session.add(signal)
        session.flush()
        code: dict[str, Any] = {
            "locator": secrets.token_urlsafe(4)[:5],
            "salt": os.urandom(16),
            "secret_hash": os.urandom(32),
        }
        words: dict[str, Any] = {
            "kind": m.TextKind.ORIGINAL,
            "language": "nl",
            "words": form["text"],
            "written_at": now,
        }
        about: dict[str, Any] = {
            "verb": "received",
            "subject_type": "signal",
            "subject_id": signal.id,
            "data": {},
        }
        session.add(m.FollowCode(giver_id=giver.id, created_at=now, **code))
        session.add(m.SignalText(signal_id=signal.id, **words))
        session.add_all(m.SignalTheme(signal_id=signal.id, theme_code=each) for each in form.getlist("theme"))
        session.add_all(
            m.SignalGroup(signal_id=signal.id, group_code=each) for each in form.getlist("groups")
        )
        session.add_all(
            m.SignalBarrier(signal_id=signal.id, barrier_code=each) for each in form.getlist("barriers")
        )
        session.add(Event(at=now, actor_kind=ActorKind.SYSTEM, **about))
        session.commit()
    return redirect("/list", 303)


@app.get("/list")
def newest() -> str:
    # An outer join, with the kind in its condition: joined inwards SQLite begins with the words of all signals.
    words = and_(m.SignalText.signal_id == m.Signal.id, m.SignalText.kind == m.TextKind.ORIGINAL)
    query = (
        select(m.Signal, m.SignalText).outerjoin(m.SignalText, words).order_by(m.Signal.id.desc()).limit(20)
    )
    with sessions.read() as session:
        rows = session.exec(query).all()
        about = m.SignalTheme.signal_id.in_([signal.id for signal, _ in rows])
        return PAGE.render(rows=rows, themes=session.exec(select(m.SignalTheme).where(about)).all())

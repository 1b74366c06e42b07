"""The bare application to measure against: Flask and SQLModel, the same tables, pragmas and writes, the same twenty rows.

Columns and inserts instead of entities, statements made once; no rights, forms, languages or page around the rows.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask, redirect, request
from sqlmodel import insert, select, update
from werkzeug.wrappers import Response

from signalen.core.db import Sessions, create_engine
from signalen.core.ids import new_id
from signalen.core.models import Event
from signalen.core.permissions import ActorKind
from signalen.signals import models as m
from signalen.tables import metadata  # noqa: F401  # every foreign key finds its table

app = Flask(__name__)
sessions = Sessions(create_engine(os.environ["SIGNALEN_DATABASE_URL"]))
S, T, COUNTER = m.Signal, m.SignalText, m.ReferenceCounter
COUNT = update(COUNTER).where(COUNTER.series == "B").values(last=COUNTER.last + 1).returning(COUNTER.last)
# An outer join, with the kind in its condition: joined inwards SQLite begins with the words of all signals.
ORIGINAL = (T.signal_id == S.id) & (T.kind == m.TextKind.ORIGINAL)
SHOWN = (S.id, S.reference, S.stage, S.place_code, S.received_at, S.due_on, T.words)
TWENTY = select(*SHOWN).outerjoin(T, ORIGINAL).order_by(S.id.desc()).limit(20)
ABOUT = select(m.SignalTheme.signal_id, m.SignalTheme.theme_code)
PAGE = app.jinja_env.from_string("""{% for id, reference, stage, place, received, due, words in rows %}
<li>{{ reference }} {{ stage.value }} {{ place }} {{ received }} {{ due }} {{ words }}
{% for signal, code in themes if signal == id %}{{ code }} {% endfor %}</li>{% endfor %}""")


@app.post("/create")
def create() -> Response:
    form, now, giver, signal = request.form, datetime.now(UTC), new_id(), new_id()
    with sessions.write() as session:
        facts = {"id": signal, "reference": f"B-{session.scalar(COUNT)}", "key": UUID(form["key"])}
        facts |= {"channel": m.Channel.CAPTURE, "stage_since": now, "received_at": now, "may_use_at": now}
        facts |= {"giver_id": giver, "content_hash": b"", "language": "nl", "place_code": form["district"]}
        told = {"id": giver, "language": "nl", "hears_back": m.HearsBack.CARD, "created_at": now}
        code = {
            "locator": secrets.token_urlsafe(4)[:5],
            "salt": os.urandom(16),
            "secret_hash": os.urandom(32),
        }
        words = {"kind": m.TextKind.ORIGINAL, "language": "nl", "words": form["text"], "written_at": now}
        done = {"at": now, "actor_kind": ActorKind.SYSTEM, "verb": "received", "subject_type": "signal"}
        rows = [(m.Giver, told), (S, facts), (m.FollowCode, code | {"giver_id": giver, "created_at": now})]
        rows += [(T, words | {"signal_id": signal}), (Event, done | {"subject_id": signal})]
        for table, column, field in (
            (m.SignalTheme, "theme_code", "theme"),
            (m.SignalGroup, "group_code", "groups"),
            (m.SignalBarrier, "barrier_code", "barriers"),
        ):
            rows.append((table, [{"signal_id": signal, column: each} for each in form.getlist(field)]))
        for table, values in rows:
            session.connection().execute(insert(table.__table__), values)
        session.commit()
    return redirect("/list", 303)


@app.get("/list")
def newest() -> str:
    with sessions.read() as session:
        rows = session.execute(TWENTY).all()
        themes = session.execute(ABOUT.where(m.SignalTheme.signal_id.in_([row.id for row in rows]))).all()
    return PAGE.render(rows=rows, themes=themes)

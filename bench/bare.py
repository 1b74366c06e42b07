"""The bare application to measure against: Flask and SQLModel on the same engine, writing the same rows, showing the same.

Twice: `/create` and `/list` in SQLModel's ordinary way, as its documentation writes it, and `/create/core` and
`/list/columns` in the hardest one: statements made once, columns and inserts without entities.
No rights, forms, languages or page around the rows.
"""

from __future__ import annotations

import os
import secrets
from collections import defaultdict
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
S, T, COUNTER, ABOUT = m.Signal, m.SignalText, m.ReferenceCounter, m.SignalTheme
BELONGINGS = ((ABOUT, "theme_code", "theme"), (m.SignalGroup, "group_code", "groups"))
BELONGINGS += ((m.SignalBarrier, "barrier_code", "barriers"),)
# An outer join, with the kind in its condition: joined inwards SQLite begins with the words of all signals.
ORIGINAL = (T.signal_id == S.id) & (T.kind == m.TextKind.ORIGINAL)
ENTITIES = app.jinja_env.from_string("""{% for signal, text in rows %}
<li>{{ signal.reference }} {{ signal.stage.value }} {{ signal.place_code }} {{ signal.received_at }}
{{ signal.due_on }} {{ text.words }}
{% for code in themes[signal.id] %}{{ code }} {% endfor %}</li>{% endfor %}""")
COLUMNS = app.jinja_env.from_string("""{% for id, reference, stage, place, received, due, words in rows %}
<li>{{ reference }} {{ stage.value }} {{ place }} {{ received }} {{ due }} {{ words }}
{% for code in themes[id] %}{{ code }} {% endfor %}</li>{% endfor %}""")


def facts(form: dict[str, str], now: datetime, number: int, giver: UUID) -> dict[str, object]:
    """The columns of a signal."""
    at = {"stage_since": now, "received_at": now, "may_use_at": now}
    said = {"channel": m.Channel.CAPTURE, "language": "nl", "place_code": form["district"]}
    named = {"reference": f"B-{number}", "key": UUID(form["key"]), "giver_id": giver, "content_hash": b""}
    return at | said | named


@app.post("/create")
def create() -> Response:
    form, now = request.form, datetime.now(UTC)
    with sessions.write() as session:
        counter = session.exec(select(COUNTER).where(COUNTER.series == "B").with_for_update()).one()
        counter.last += 1
        giver = m.Giver(language="nl", hears_back=m.HearsBack.CARD, created_at=now)
        signal = S(**facts(form, now, counter.last, giver.id))
        code = m.FollowCode(giver_id=giver.id, created_at=now, locator=secrets.token_urlsafe(4)[:5])
        code.salt, code.secret_hash = os.urandom(16), os.urandom(32)
        text = T(
            signal_id=signal.id, kind=m.TextKind.ORIGINAL, language="nl", words=form["text"], written_at=now
        )
        done = Event(at=now, actor_kind=ActorKind.SYSTEM, verb="received", subject_type="signal")
        done.subject_id = signal.id
        for first in (giver, signal):  # the rows of the others point at these
            session.add(first)
            session.flush()
        session.add_all([code, text, done])
        for table, column, field in BELONGINGS:
            session.add_all(table(signal_id=signal.id, **{column: each}) for each in form.getlist(field))
        session.commit()
    return redirect("/list", 303)


@app.get("/list")
def newest() -> str:
    with sessions.read() as session:
        found = session.exec(select(S, T).outerjoin(T, ORIGINAL).order_by(S.id.desc()).limit(20)).all()
        ids, themes = [signal.id for signal, _ in found], defaultdict(list)
        for theme in session.exec(select(ABOUT).where(ABOUT.signal_id.in_(ids))):
            themes[theme.signal_id].append(theme.theme_code)
    return ENTITIES.render(rows=found, themes=themes)


COUNT = update(COUNTER).where(COUNTER.series == "B").values(last=COUNTER.last + 1).returning(COUNTER.last)
SHOWN = (S.id, S.reference, S.stage, S.place_code, S.received_at, S.due_on, T.words)
TWENTY = select(*SHOWN).outerjoin(T, ORIGINAL).order_by(S.id.desc()).limit(20)
THEMES = select(ABOUT.signal_id, ABOUT.theme_code)


@app.post("/create/core")
def create_core() -> Response:
    form, now, giver, signal = request.form, datetime.now(UTC), new_id(), new_id()
    with sessions.write() as session:
        number = session.scalar(COUNT)
        told = {"id": giver, "language": "nl", "hears_back": m.HearsBack.CARD, "created_at": now}
        code = {"giver_id": giver, "created_at": now, "locator": secrets.token_urlsafe(4)[:5]}
        code |= {"salt": os.urandom(16), "secret_hash": os.urandom(32)}
        text = {"signal_id": signal, "kind": m.TextKind.ORIGINAL, "language": "nl", "words": form["text"]}
        done = {"at": now, "actor_kind": ActorKind.SYSTEM, "verb": "received", "subject_type": "signal"}
        rows = [(m.Giver, told), (S, facts(form, now, number, giver) | {"id": signal}), (m.FollowCode, code)]
        rows += [(T, text | {"written_at": now}), (Event, done | {"subject_id": signal})]
        for table, column, field in BELONGINGS:
            rows.append((table, [{"signal_id": signal, column: each} for each in form.getlist(field)]))
        for table, values in rows:
            session.connection().execute(insert(table.__table__), values)
        session.commit()
    return redirect("/list", 303)


@app.get("/list/columns")
def newest_columns() -> str:
    with sessions.read() as session:
        rows = session.execute(TWENTY).all()
        themes = defaultdict(list)
        for signal, code in session.execute(THEMES.where(ABOUT.signal_id.in_([row.id for row in rows]))):
            themes[signal].append(code)
    return COLUMNS.render(rows=rows, themes=themes)

"""Reads about the subject of a test: the decision, what it touches, and copies of every name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from signalen.dossiers.models import Dossier
from signalen.people.models import Body, Municipality
from signalen.themes.models import CodeKind, Name
from signalen.toetsen import snapshots
from signalen.toetsen.models import Decision, DecisionDossier, DecisionGroup, DecisionPlace, DecisionTheme


def names_of(session: Session, kind: CodeKind, codes: Iterable[str]) -> list[dict[str, str]]:
    """The names of codes in every language, in the order of the codes: copies that outlive the vocabulary."""
    listed = list(codes)
    kept: dict[str, dict[str, str]] = {code: {} for code in listed}
    for row in session.exec(select(Name).where(Name.kind == kind, col(Name.code).in_(listed))).all():
        kept[row.code][row.language] = row.name
    return [names or {"nl": code} for code, names in kept.items()]


@dataclass(frozen=True, slots=True)
class Touches:
    """What a decision touches: codes of themes, groups and places, and dossiers that have to do with it."""

    themes: tuple[str, ...]
    groups: tuple[str, ...]
    places: tuple[str, ...]
    dossiers: tuple[uuid.UUID, ...]


def touches(session: Session, decision_id: uuid.UUID) -> Touches:
    """What a decision touches."""
    t, g, p, d = DecisionTheme, DecisionGroup, DecisionPlace, DecisionDossier
    return Touches(
        tuple(session.exec(select(t.theme_code).where(t.decision_id == decision_id).order_by(t.theme_code))),
        tuple(session.exec(select(g.group_code).where(g.decision_id == decision_id).order_by(g.group_code))),
        tuple(session.exec(select(p.place_code).where(p.decision_id == decision_id).order_by(p.place_code))),
        tuple(
            session.exec(select(d.dossier_id).where(d.decision_id == decision_id).order_by(col(d.dossier_id)))
        ),
    )


def body_name(session: Session, body_id: uuid.UUID) -> str:
    """The name of the body that decides."""
    return session.exec(select(Body.name).where(Body.id == body_id)).one()


def bodies(session: Session) -> list[tuple[uuid.UUID, str, str | None]]:
    """Bodies that can decide, with their municipality."""
    found = session.exec(
        select(Body.id, Body.name, Body.municipality).where(col(Body.active)).order_by(Body.name)
    ).all()
    return [(i, n, m) for i, n, m in found]


def open_dossiers(session: Session) -> list[tuple[uuid.UUID, str, str]]:
    """Dossiers a decision can be linked to."""
    found = session.exec(
        select(Dossier.id, Dossier.reference, Dossier.title)
        .where(col(Dossier.merged_into_id).is_(None))
        .order_by(col(Dossier.opened_at).desc())
    ).all()
    return [(i, r, t) for i, r, t in found]


def decision_data(session: Session, decision: Decision) -> snapshots.Data:
    """A decision as data: its own words, and copies of every name."""
    touched = touches(session, decision.id)
    return {
        "title": decision.title,
        "summary": decision.summary,
        "body": body_name(session, decision.body_id),
        "stage": decision.stage.value,
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else "",
        "uri": decision.uri or "",
        "themes": names_of(session, CodeKind.THEME, touched.themes),
        "groups": names_of(session, CodeKind.GROUP, touched.groups),
        "places": names_of(session, CodeKind.PLACE, touched.places),
    }


def municipality_for(session: Session, body_id: uuid.UUID) -> str:
    """The municipality of the body that decides; the first of the platform for a body of another level."""
    own = session.exec(select(Body.municipality).where(Body.id == body_id)).one()
    return own or session.exec(select(Municipality.code).order_by(Municipality.code)).all()[0]

"""What every installation needs before its first signal, and what was asked before in the words of the demo."""

from __future__ import annotations

import uuid
from collections import defaultdict

from sqlmodel import Session, select

from signalen.core.permissions import SYSTEM
from signalen.desk.demo.facts import facts
from signalen.themes.expertise import load_organisations
from signalen.themes.models import Recommendation
from signalen.themes.operations import import_report, load_vocabulary, text_hash
from signalen.themes.report import Group, Report


def prepare(session: Session) -> None:
    """The vocabulary and the directory of the organisations that signed. Can run again at any time."""
    load_vocabulary(session, actor=SYSTEM)
    load_organisations(session, actor=SYSTEM)


def load_recommendations(session: Session) -> None:
    """The earlier recommendations of the demo, under their frames."""
    for document in facts("recommendations"):
        groups: defaultdict[int, list[str]] = defaultdict(list)
        for item in document["items"]:
            groups[item["n"]].append(item["text"])
        report = Report(
            document["title"], tuple(Group(n, "", tuple(texts)) for n, texts in sorted(groups.items()))
        )
        import_report(session, report, frame_code=document["frame"], language="nl", actor=SYSTEM)


def recommendations_for(session: Session, dossier: str) -> list[uuid.UUID]:
    """The earlier recommendations that asked the same as a dossier of the demo."""
    hashes = {
        text_hash(item["text"])
        for document in facts("recommendations")
        for item in document["items"]
        if dossier in item["dossiers"]
    }
    rows = session.exec(select(Recommendation.id, Recommendation.text_hash)).all()
    return [each for each, known in rows if known in hashes]

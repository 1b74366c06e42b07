"""Reads of public texts: which version a reader gets, what the panel can read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core.permissions import Actor
from signalen.people.models import User
from signalen.texts.models import PanelReading, PublicText, TextOrigin, TextPurpose, TextState, TextVersion

SOURCE = "nl"


@dataclass(frozen=True, slots=True)
class Shown:
    """The version a reader gets: its parts, in which language they are, and where the words come from."""

    parts: Mapping[str, str]
    language: str
    origin: TextOrigin
    others: tuple[str, ...] = ()


def latest(session: Session, text_id: uuid.UUID) -> dict[str, TextVersion]:
    """The newest version per language, replaced ones left out."""
    versions = session.exec(
        select(TextVersion)
        .where(TextVersion.text_id == text_id, TextVersion.state != TextState.REPLACED)
        .order_by(col(TextVersion.number))
    )
    return {version.language: version for version in versions}


def approved(session: Session, text_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, TextVersion]]:
    """The approved versions of these texts, by language."""
    found: dict[uuid.UUID, dict[str, TextVersion]] = {}
    for version in session.exec(
        select(TextVersion).where(
            col(TextVersion.text_id).in_(list(text_ids)), TextVersion.state == TextState.APPROVED
        )
    ):
        found.setdefault(version.text_id, {})[version.language] = version
    return found


def pick(versions: Mapping[str, TextVersion], *wishes: str) -> Shown | None:
    """The first wished language there is, else Dutch; None when not even Dutch was approved."""
    version = next((versions[w] for w in (*wishes, SOURCE) if w in versions), None)
    if version is None:
        return None
    others = tuple(code for code in versions if code != version.language)
    return Shown(version.parts, version.language, version.origin, others)


@dataclass(frozen=True, slots=True)
class ToRead:
    """A version that waits for a reader of the panel."""

    version_id: uuid.UUID
    purpose: TextPurpose
    language: str
    read_by_me: bool


def to_read(session: Session, actor: Actor, languages: Iterable[str]) -> list[ToRead]:
    """Proposed versions in the public languages, those not yet read by this person first."""
    mine = (
        sa.select(sa.literal(1))
        .where(
            col(PanelReading.version_id) == col(TextVersion.id), col(PanelReading.user_id) == actor.user_id
        )
        .exists()
    )
    rows = session.exec(
        select(TextVersion.id, PublicText.purpose, TextVersion.language, mine)
        .join(PublicText, col(PublicText.id) == col(TextVersion.text_id))
        .where(
            TextVersion.state == TextState.PROPOSED,
            col(TextVersion.language).in_(list(languages)),
            sa.or_(col(TextVersion.written_by).is_(None), col(TextVersion.written_by) != actor.user_id),
        )
        .order_by(mine, col(TextVersion.written_at))
    ).all()
    return [ToRead(found, TextPurpose(purpose), lang, bool(read)) for found, purpose, lang, read in rows]


def proposed_version(session: Session, version_id: uuid.UUID) -> tuple[TextVersion, PublicText] | None:
    """A version that may be read before it goes out."""
    row = session.exec(
        select(TextVersion, PublicText)
        .join(PublicText, col(PublicText.id) == col(TextVersion.text_id))
        .where(
            TextVersion.id == version_id,
            col(TextVersion.state).in_([TextState.PROPOSED, TextState.APPROVED]),
        )
    ).first()
    return (row[0], row[1]) if row else None


def reading_of(session: Session, version_id: uuid.UUID, actor: Actor) -> PanelReading | None:
    """What this person said of a version."""
    return session.exec(
        select(PanelReading).where(
            PanelReading.version_id == version_id, PanelReading.user_id == actor.user_id
        )
    ).first()


@dataclass(frozen=True, slots=True)
class Said:
    """What a member of the panel said of a version."""

    name: str
    clear: bool
    retold: str
    unclear: str


def readings(session: Session, version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Said]]:
    """What the panel said, per version."""
    found: dict[uuid.UUID, list[Said]] = {}
    for reading, name in session.exec(
        select(PanelReading, User.name)
        .join(User, col(User.id) == col(PanelReading.user_id))
        .where(col(PanelReading.version_id).in_(list(version_ids)))
        .order_by(col(PanelReading.at))
    ):
        said = Said(name, reading.clear, reading.retold, reading.unclear)
        found.setdefault(reading.version_id, []).append(said)
    return found

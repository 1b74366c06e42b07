"""Writing public texts: a version per language, never approved by the one who wrote it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.permissions import Actor, Permission, Role, check_may, object_rule
from signalen.people.models import Membership, User
from signalen.texts.models import (
    PanelReading,
    PublicText,
    TextOrigin,
    TextPurpose,
    TextState,
    TextsVerb,
    TextVersion,
)
from signalen.texts.queries import SOURCE, latest
from signalen.texts.sentences import words_of
from signalen.texts.workflow import MOST_WORDS, PARTS, check_move, missing_parts


@object_rule(Permission.FEEDBACK_APPROVE, of=TextVersion)
def not_the_writer(actor: Actor, version: TextVersion) -> bool:
    """Nobody approves their own words."""
    return version.written_by is None or version.written_by != actor.id


def new_text(session: Session, purpose: TextPurpose) -> PublicText:
    """An empty text; the operation of the room that starts it records the event."""
    text = PublicText(purpose=purpose, created_at=clock.now())
    session.add(text)
    session.flush()
    return text


def write_version(
    session: Session,
    text: PublicText,
    language: str,
    parts: Mapping[str, str],
    *,
    origin: TextOrigin = TextOrigin.PERSON,
    actor: Actor,
) -> TextVersion:
    """Writes the parts of a text in a language. A draft of the same writer is changed in place, anything else is a new version.

    An approved version stays what readers get until the new one is approved; a proposed one is replaced at once.
    """
    known = {part.name for part in PARTS[text.purpose]}
    kept = {name: words.strip() for name, words in parts.items() if name in known and words.strip()}
    version = latest(session, text.id).get(language)
    if version is not None and version.state is TextState.DRAFT and version.written_by == actor.id:
        version.parts, version.origin, version.written_at = kept, origin, clock.now()
    else:
        if version is not None and version.state is not TextState.APPROVED:
            version.state = TextState.REPLACED
        version = TextVersion(
            text_id=text.id,
            language=language,
            number=_last_number(session, text.id, language) + 1,
            parts=kept,
            origin=origin,
            written_by=actor.id,
            written_at=clock.now(),
        )
        session.add(version)
    session.flush()
    events.record(
        session, TextsVerb.TEXT_WRITTEN, version, actor=actor, language=language, number=version.number
    )
    return version


def propose(session: Session, version: TextVersion, *, actor: Actor) -> None:
    """Puts a version before its second reader. `Missing` names the parts that are empty."""
    check_move(version.state, TextState.PROPOSED)
    missing = missing_parts(_purpose(session, version), version.parts)
    if missing:
        raise Missing(*missing)
    for name, words in version.parts.items():
        if (count := len(words_of(words, version.language))) > MOST_WORDS:
            raise DomainError("part-too-long", part=name, words=count, most=MOST_WORDS)
    version.state = TextState.PROPOSED
    session.flush()
    events.record(session, TextsVerb.TEXT_PROPOSED, version, actor=actor, language=version.language)


def approve(session: Session, version: TextVersion, *, actor: Actor, overruled_reason: str = "") -> None:
    """A second person says yes; the version that readers got until now is replaced.

    Staff and panel may; a worker with a mandate of another organisation only when there is one staff member. When a reader of the
    panel said "not clear", only a reason overrules that.
    """
    check_move(version.state, TextState.APPROVED)
    check_second_person(session, version.written_by, actor=actor)
    check_may(actor, Permission.FEEDBACK_APPROVE, version)
    unclear = session.exec(
        select(PanelReading.id).where(PanelReading.version_id == version.id, ~col(PanelReading.clear))
    ).first()
    if unclear is not None and not overruled_reason.strip():
        raise DomainError("panel-says-unclear")
    session.connection().execute(
        sa.update(TextVersion)
        .where(
            col(TextVersion.text_id) == version.text_id,
            col(TextVersion.language) == version.language,
            col(TextVersion.state) == TextState.APPROVED,
        )
        .values(state=TextState.REPLACED)
    )
    if version.language == SOURCE:
        _replace_older_translations(session, version)
    version.state, version.approved_by, version.approved_at = TextState.APPROVED, actor.id, clock.now()
    version.overruled_reason = overruled_reason.strip() or None
    if version.origin is TextOrigin.MACHINE:
        version.origin = TextOrigin.MACHINE_CHECKED
    session.flush()
    events.record(session, TextsVerb.TEXT_APPROVED, version, actor=actor, language=version.language)


def send_back(session: Session, version: TextVersion, *, actor: Actor) -> None:
    """Back to its writer."""
    check_move(version.state, TextState.DRAFT)
    version.state = TextState.DRAFT
    session.flush()
    events.record(session, TextsVerb.TEXT_SENT_BACK, version, actor=actor, language=version.language)


def review_by_panel(
    session: Session, version: TextVersion, *, clear: bool, retold: str, unclear: str, actor: Actor
) -> PanelReading:
    """What an experience expert reads in a version; said again, the last word counts. No is asked what is not clear."""
    check_may(actor, Permission.TEXT_REVIEW, version)
    if version.state is not TextState.PROPOSED:
        raise DomainError("text-not-open-for-reading")
    if not clear and not unclear.strip():
        raise Missing("unclear")
    reading = session.exec(
        select(PanelReading).where(
            PanelReading.version_id == version.id, PanelReading.user_id == actor.user_id
        )
    ).first()
    if reading is None:
        reading = PanelReading(version_id=version.id, user_id=actor.user_id, clear=clear, at=clock.now())
    reading.clear, reading.retold, reading.unclear = clear, retold.strip(), unclear.strip()
    reading.at = clock.now()
    session.add(reading)
    session.flush()
    events.record(session, TextsVerb.TEXT_REVIEWED, version, actor=actor, clear=clear)
    return reading


def check_second_person(session: Session, first: uuid.UUID | None, *, actor: Actor) -> None:
    """Refuses the one who did the first part, and workers as long as another staff member could do it."""
    if first is not None and first == actor.id:
        raise DomainError("second-person")
    if actor.roles & {Role.STAFF, Role.PANEL}:
        return
    if Role.WORKER in actor.roles:
        if not actor.agrees_for or actor.agrees_for <= _organisations_of(session, first):
            raise DomainError("needs-mandate-elsewhere")
        if staff_count(session) > 1:
            raise DomainError("staff-approves")


def staff_count(session: Session) -> int:
    """How many people are staff now."""
    return session.exec(
        select(sa.func.count(sa.distinct(col(Membership.user_id))))
        .join(User, col(User.id) == col(Membership.user_id))
        .where(Membership.role == Role.STAFF, col(Membership.until).is_(None), col(User.active))
    ).one()


def _replace_older_translations(session: Session, source: TextVersion) -> None:
    """A translation of the last Dutch text would tell its readers something else: they get the Dutch until it is written again."""
    session.connection().execute(
        sa.update(TextVersion)
        .where(
            col(TextVersion.text_id) == source.text_id,
            col(TextVersion.language) != SOURCE,
            col(TextVersion.state) == TextState.APPROVED,
            col(TextVersion.written_at) < source.written_at,
        )
        .values(state=TextState.REPLACED)
    )


def _organisations_of(session: Session, user_id: uuid.UUID | None) -> frozenset[uuid.UUID]:
    rows = session.exec(
        select(Membership.organisation_id).where(
            Membership.user_id == user_id, col(Membership.until).is_(None)
        )
    )
    return frozenset(found for found in rows if found is not None)


def _last_number(session: Session, text_id: uuid.UUID, language: str) -> int:
    return (
        session.exec(
            select(sa.func.max(TextVersion.number)).where(
                TextVersion.text_id == text_id, TextVersion.language == language
            )
        ).one()
        or 0
    )


def _purpose(session: Session, version: TextVersion) -> TextPurpose:
    return TextPurpose(session.exec(select(PublicText.purpose).where(PublicText.id == version.text_id)).one())

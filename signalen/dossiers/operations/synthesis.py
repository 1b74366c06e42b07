"""The text the organisations agree on: numbered versions, comments, agreements by mandated persons."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events, outbox
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.models import RecipientKind
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import (
    Agreement,
    Dossier,
    DossierVerb,
    Round,
    SynthesisComment,
    SynthesisVersion,
)
from signalen.dossiers.operations.dossier import check_live
from signalen.dossiers.queries import organisations_of
from signalen.dossiers.queries.syntheses import asked_organisations
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.people.models import Membership


def write_synthesis(session: Session, dossier: Dossier, body: str, *, actor: Actor) -> SynthesisVersion:
    """A text for the city. A version that was announced does not change any more: then this is the next number."""
    check_may(actor, Permission.DOSSIER_EDIT)
    check_live(dossier)
    if not body.strip():
        raise Missing("synthesis")
    last = session.exec(
        select(SynthesisVersion)
        .where(SynthesisVersion.dossier_id == dossier.id)
        .order_by(col(SynthesisVersion.number).desc())
        .limit(1)
    ).first()
    if last is not None and last.announced_on is None:
        last.body, last.written_by, last.written_at = body.strip(), actor.id, clock.now()
        version = last
    else:
        version = SynthesisVersion(
            dossier_id=dossier.id,
            number=last.number + 1 if last else 1,
            body=body.strip(),
            written_by=actor.id,
            written_at=clock.now(),
        )
        session.add(version)
    session.flush()
    events.record(session, DossierVerb.SYNTHESIS_WRITTEN, dossier, actor=actor, number=version.number)
    return version


def announce_synthesis(session: Session, version: SynthesisVersion, *, actor: Actor) -> None:
    """Puts a version before the organisations whose signals are in the dossier, with a deadline (10 working days by default).

    People who may agree for them get a mail. A version is announced once. Without organisations the text stands at once: the
    dossier goes under the name of the platform.
    """
    check_may(actor, Permission.DOSSIER_EDIT)
    dossier = session.get_one(Dossier, version.dossier_id)
    check_live(dossier)
    if version.announced_on is not None:
        raise DomainError("already-announced")
    today = clock.today()
    version.announced_on = today
    version.deadline_on = clocks.due(session, ClockName.AGREE, today, municipality=dossier.municipality)
    session.flush()
    organisations = [organisation_id for organisation_id, _ in organisations_of(session, dossier)]
    mandated = session.exec(
        select(Membership.user_id)
        .where(
            col(Membership.organisation_id).in_(organisations),
            col(Membership.may_agree),
            col(Membership.until).is_(None),
        )
        .distinct()
    ).all()
    for person in mandated:
        outbox.post(
            session,
            "synthesis-announced",
            RecipientKind.USER,
            person,
            unique_key=f"synthesis-announced:{version.id}:{person}",
            version=str(version.id),
        )
    events.record(
        session,
        DossierVerb.SYNTHESIS_ANNOUNCED,
        dossier,
        actor=actor,
        number=version.number,
        organisations=[str(organisation_id) for organisation_id in organisations],
    )


def comment(
    session: Session, version: SynthesisVersion, organisation_id: uuid.UUID, words: str, *, actor: Actor
) -> SynthesisComment:
    """What someone of an asked organisation says about an announced version."""
    check_may(actor, Permission.SYNTHESIS_COMMENT)
    _check_asked(session, version, organisation_id, mine=organisation_id in actor.organisations)
    if not words.strip():
        raise Missing("words")
    made = SynthesisComment(
        version_id=version.id,
        organisation_id=organisation_id,
        by=actor.user_id,
        words=words.strip(),
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    dossier = session.get_one(Dossier, version.dossier_id)
    events.record(
        session,
        DossierVerb.SYNTHESIS_COMMENTED,
        dossier,
        actor=actor,
        number=version.number,
        organisation=str(organisation_id),
    )
    return made


def agree(
    session: Session,
    version: SynthesisVersion,
    organisation_id: uuid.UUID,
    *,
    agrees: bool,
    reason: str = "",
    actor: Actor,
) -> Agreement:
    """The yes or no of an organisation to a numbered version, by a person with its mandate; a no has a reason.

    It can be changed as long as the dossier did not go to the city with this version; a yes after the deadline still gives
    the name. Only the last announced version can be agreed to.
    """
    check_may(actor, Permission.SYNTHESIS_AGREE)
    _check_asked(session, version, organisation_id, mine=organisation_id in actor.agrees_for)
    if not agrees and not reason.strip():
        raise Missing("reason")
    newer = select(sa.func.count()).where(
        col(SynthesisVersion.dossier_id) == version.dossier_id,
        col(SynthesisVersion.number) > version.number,
        col(SynthesisVersion.announced_on).is_not(None),
    )
    if session.exec(newer).one():
        raise DomainError("newer-version")
    made = session.exec(
        select(Agreement).where(
            Agreement.version_id == version.id, Agreement.organisation_id == organisation_id
        )
    ).first()
    gone = select(Round.id).where(Round.synthesis_id == version.id).limit(1)
    if made is not None and session.exec(gone).first() is not None:
        raise DomainError("went-to-city")
    if made is None:
        made = Agreement(
            version_id=version.id,
            organisation_id=organisation_id,
            by=actor.user_id,
            agrees=agrees,
            at=clock.now(),
        )
    made.agrees, made.reason, made.by, made.at = agrees, reason.strip(), actor.user_id, clock.now()
    session.add(made)
    session.flush()
    dossier = session.get_one(Dossier, version.dossier_id)
    events.record(
        session,
        DossierVerb.SYNTHESIS_AGREED,
        dossier,
        actor=actor,
        number=version.number,
        organisation=str(organisation_id),
        agrees=agrees,
    )
    return made


def _check_asked(
    session: Session, version: SynthesisVersion, organisation_id: uuid.UUID, *, mine: bool
) -> None:
    """Only for one's own organisation, only when it is asked, only when the text was announced."""
    if not mine or organisation_id not in asked_organisations(session, version):
        raise NotAllowed(Permission.SYNTHESIS_COMMENT)
    if version.announced_on is None:
        raise DomainError("not-announced")

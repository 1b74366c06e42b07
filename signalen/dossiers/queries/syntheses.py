"""Texts that organisations comment and agree on, and whether a dossier may go to the city."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from signalen.core.clock import BRUSSELS
from signalen.core.permissions import Actor, ActorKind, Permission, may
from signalen.core.workdays import working_days_between
from signalen.dossiers.models import (
    Agreement,
    Ask,
    Dossier,
    DossierSignal,
    Round,
    RoundState,
    SynthesisComment,
    SynthesisVersion,
)
from signalen.dossiers.queries.membership import GONE
from signalen.dossiers.rules import SILENCE_DAYS, Readiness, may_go_to_city
from signalen.people.models import Organisation, User
from signalen.signals.models import Signal


@dataclass(frozen=True, slots=True)
class Standing:
    """How an announced synthesis stands with the organisations, by name."""

    version: SynthesisVersion
    names: dict[uuid.UUID, str]
    agreements: dict[uuid.UUID, Agreement]
    readiness: Readiness[uuid.UUID]

    @property
    def agreed(self) -> list[str]:
        """Names of the organisations under whose names it goes to the city."""
        return [self.names[org] for org in self.readiness.names]


def versions(session: Session, dossier: Dossier) -> Sequence[SynthesisVersion]:
    """All versions of the synthesis, the last one first."""
    return session.exec(
        select(SynthesisVersion)
        .where(SynthesisVersion.dossier_id == dossier.id)
        .order_by(col(SynthesisVersion.number).desc())
    ).all()


def announced_version(session: Session, dossier: Dossier) -> SynthesisVersion | None:
    """The last version that was announced: what the organisations agree on and what goes to the city."""
    return session.exec(
        select(SynthesisVersion)
        .where(SynthesisVersion.dossier_id == dossier.id, col(SynthesisVersion.announced_on).is_not(None))
        .order_by(col(SynthesisVersion.number).desc())
        .limit(1)
    ).first()


def asked_organisations(session: Session, version: SynthesisVersion) -> dict[uuid.UUID, str]:
    """Organisations that are asked about a version: those with a signal in the dossier on the day it was announced.

    Who joins later does not hold up a text that was announced before; a new version asks them too.
    """
    linked = (
        select(Signal.organisation_id)
        .join(DossierSignal, col(DossierSignal.signal_id) == col(Signal.id))
        .where(
            DossierSignal.dossier_id == version.dossier_id,
            col(DossierSignal.until).is_(None),
            col(Signal.stage).not_in(GONE),
            ~col(Signal.sensitive) | col(Signal.released_at).is_not(None),
        )
    )
    if version.announced_on is not None:
        linked = linked.where(DossierSignal.since < _end_of(version.announced_on))
    rows = session.exec(
        select(Organisation.id, Organisation.name)
        .where(col(Organisation.id).in_(linked))
        .order_by(Organisation.name)
    ).all()
    return dict(rows)


def standing(session: Session, version: SynthesisVersion, today: date) -> Standing:
    """Who agreed to a version, who said no, who is silent and who may still answer (facts/loop.md)."""
    names = asked_organisations(session, version)
    given = session.exec(select(Agreement).where(Agreement.version_id == version.id)).all()
    agreements = {agreement.organisation_id: agreement for agreement in given}
    says = {org: agreements[org].agrees if org in agreements else None for org in names}
    passed = 0
    if version.announced_on is not None:
        passed = working_days_between(version.announced_on, today)
        if (
            version.deadline_on is not None
        ):  # the term that was announced holds, whatever the setting says now
            passed = SILENCE_DAYS if today >= version.deadline_on else min(passed, SILENCE_DAYS - 1)
    return Standing(version, names, agreements, may_go_to_city(says, version.announced_on, today, passed))


def missing_for_city(session: Session, dossier: Dossier, today: date) -> tuple[str, ...]:
    """What a dossier still needs before it may go to the city; empty when it is ready (facts/loop.md, "Choosing").

    Codes: `worry`, `measure` (no ask in its open round), `synthesis` (none announced; a dossier of residents alone needs one
    that is written), `agreements` (an organisation may still answer). An earlier round does not ask the organisations again.
    """
    missing = [] if dossier.worry.strip() else ["worry"]
    asks = sa.exists().where(
        col(Ask.round_id) == col(Round.id),
        col(Round.dossier_id) == dossier.id,
        col(Round.state) == RoundState.OPEN,
    )
    if not session.exec(select(asks)).one():
        missing.append("measure")
    version = announced_version(session, dossier)
    if version is None:
        written = versions(session, dossier)
        if not written or asked_organisations(session, written[0]):
            missing.append("synthesis")
    elif not standing(session, version, today).readiness.ready:
        missing.append("agreements")
    return tuple(missing)


def visible_syntheses(actor: Actor) -> SelectOfScalar[SynthesisVersion]:
    """Versions a person may read: staff all; a worker the announced ones of dossiers that hold a signal of their organisation."""
    query = select(SynthesisVersion)
    if actor.kind is ActorKind.SYSTEM or may(actor, Permission.DOSSIER_READ):
        return query
    if not may(actor, Permission.SYNTHESIS_COMMENT):
        return query.where(sa.false())
    own = (
        select(DossierSignal.dossier_id)
        .join(Signal, col(Signal.id) == col(DossierSignal.signal_id))
        .where(
            col(DossierSignal.until).is_(None),
            col(Signal.organisation_id).in_(actor.organisations),
            col(Signal.stage).not_in(GONE),
            ~col(Signal.sensitive) | col(Signal.released_at).is_not(None),
        )
    )
    return query.where(
        col(SynthesisVersion.announced_on).is_not(None), col(SynthesisVersion.dossier_id).in_(own)
    )


def comments_on(
    session: Session, version_ids: Sequence[uuid.UUID]
) -> Sequence[tuple[SynthesisComment, str, str]]:
    """Comments on versions with the name of the organisation and of the person, the first one first."""
    rows = session.exec(
        select(SynthesisComment, Organisation.name, User.name)
        .join(Organisation, col(Organisation.id) == col(SynthesisComment.organisation_id))
        .join(User, col(User.id) == col(SynthesisComment.by))
        .where(col(SynthesisComment.version_id).in_(version_ids))
        .order_by(col(SynthesisComment.id))
    ).all()
    return [(comment, organisation, person) for comment, organisation, person in rows]


def _end_of(day: date) -> datetime:
    """The first moment after a day in Brussels."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=BRUSSELS)

"""Facts the platform knows by itself, filled in next to the questions: totals and names, never a signal's words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import AgendaItem, Consultation, ConsultationState
from signalen.core.numbers import few, next_total
from signalen.dossiers.models import Dossier, DossierTheme, Round
from signalen.feedback.models import Delivery, DeliveryState, Feedback
from signalen.people.models import Organisation
from signalen.signals.models import Signal, SignalGroup, SignalTheme, Stage
from signalen.themes.models import OrganisationTheme
from signalen.toetsen.models import Decision, Toets
from signalen.toetsen.subjects import Touches, touches

REACHED = (DeliveryState.SENT, DeliveryState.OPENED, DeliveryState.TOLD_BY_HAND)
"""An answer that stands ready but was not seen is not told."""
NOT_COUNTED = (Stage.WITHDRAWN, Stage.REFUSED)


def known_facts(
    session: Session, decision: Decision, *, shown: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the platform knows about what a decision touches, ready to be shown to everyone.

    Totals follow the small-number rule: None is "a few". `shown` is what an earlier test of this decision published;
    a total that grew by less than five stays, so that two tests side by side point at nobody.
    """
    touched = touches(session, decision.id)
    before = shown or {}
    return {
        "signals": next_total(before.get("signals"), signal_total(session, touched)),
        "dossiers": next_total(before.get("dossiers"), len(related_dossiers(session, decision, touched))),
        "organisations": organisations_that_know(session, touched),
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else "",
        "asked_on": _first_asked(session, touched),
        "consultations": _consultations(session, touched),
        "told": few(_told(session, touched)),
    }


def shown_before(session: Session, decision: Decision) -> Mapping[str, Any] | None:
    """The facts that the newest finished test of this decision published."""
    frozen = session.exec(
        select(Toets.frozen)
        .where(Toets.decision_id == decision.id, col(Toets.closed_at).is_not(None))
        .order_by(col(Toets.closed_at).desc())
    ).first()
    facts: Mapping[str, Any] | None = (frozen or {}).get("facts")
    return facts


def signal_total(session: Session, touched: Touches) -> int:
    """How many signals share a theme with the decision, and its places and groups where it names some.

    Sensitive ones count only after their reader released them (design.md).
    """
    if not touched.themes:
        return 0
    query = (
        sa.select(sa.func.count())
        .select_from(Signal)
        .where(
            col(Signal.id).in_(
                sa.select(col(SignalTheme.signal_id)).where(col(SignalTheme.theme_code).in_(touched.themes))
            ),
            col(Signal.stage).not_in(NOT_COUNTED),
            sa.or_(~col(Signal.sensitive), col(Signal.released_at).is_not(None)),
        )
    )
    if touched.places:
        query = query.where(col(Signal.place_code).in_(touched.places))
    if touched.groups:
        query = query.where(
            col(Signal.id).in_(
                sa.select(col(SignalGroup.signal_id)).where(col(SignalGroup.group_code).in_(touched.groups))
            )
        )
    return int(session.execute(query).scalar_one())


def related_dossiers(
    session: Session, decision: Decision, touched: Touches
) -> list[tuple[uuid.UUID, str, str]]:
    """Dossiers linked by hand, and those of the same municipality that share a theme: id, reference, title."""
    by_theme = sa.select(col(DossierTheme.dossier_id)).where(col(DossierTheme.theme_code).in_(touched.themes))
    found = session.exec(
        select(Dossier.id, Dossier.reference, Dossier.title)
        .where(
            col(Dossier.merged_into_id).is_(None),
            sa.or_(
                col(Dossier.id).in_(touched.dossiers),
                sa.and_(col(Dossier.municipality) == decision.municipality, col(Dossier.id).in_(by_theme)),
            ),
        )
        .order_by(Dossier.reference)
    ).all()
    return [(i, reference, title) for i, reference, title in found]


def organisations_that_know(session: Session, touched: Touches) -> list[str]:
    """Organisations of the directory that know about these themes, by name."""
    knows = sa.select(col(OrganisationTheme.organisation_id)).where(
        col(OrganisationTheme.theme_code).in_(touched.themes)
    )
    return list(
        session.exec(
            select(Organisation.name)
            .where(col(Organisation.active), col(Organisation.id).in_(knows))
            .order_by(Organisation.name)
        ).all()
    )


def _first_asked(session: Session, touched: Touches) -> str:
    first = session.execute(
        sa.select(sa.func.min(col(Round.asked_on))).where(col(Round.dossier_id).in_(touched.dossiers))
    ).scalar_one()
    return first.isoformat() if first else ""


def _consultations(session: Session, touched: Touches) -> list[str]:
    found = session.scalars(
        sa.select(col(Consultation.held_on))
        .join(AgendaItem, col(AgendaItem.consultation_id) == col(Consultation.id))
        .where(
            col(AgendaItem.dossier_id).in_(touched.dossiers),
            col(Consultation.state) == ConsultationState.HELD,
        )
        .distinct()
        .order_by(col(Consultation.held_on))
    ).all()
    return [day.isoformat() for day in found]


def _told(session: Session, touched: Touches) -> int:
    return int(
        session.execute(
            sa.select(sa.func.count(sa.distinct(col(Delivery.signal_id))))
            .join(Feedback, col(Feedback.id) == col(Delivery.feedback_id))
            .where(col(Feedback.dossier_id).in_(touched.dossiers), col(Delivery.state).in_(REACHED))
        ).scalar_one()
    )

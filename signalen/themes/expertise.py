"""What an organisation knows about."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import events
from signalen.core.permissions import Actor
from signalen.people.directory import load_directory
from signalen.people.models import Organisation, PeopleVerb
from signalen.themes.models import OrganisationTheme, Theme


def set_expertise(
    session: Session, organisation: Organisation, codes: Iterable[str], *, actor: Actor
) -> None:
    """Replaces the themes of an organisation; unknown codes are left out."""
    known = set(session.exec(select(Theme.code)).all())
    session.connection().execute(
        sa.delete(OrganisationTheme).where(col(OrganisationTheme.organisation_id) == organisation.id)
    )
    wanted = sorted(set(codes) & known)
    session.add_all(OrganisationTheme(organisation_id=organisation.id, theme_code=code) for code in wanted)
    session.flush()
    events.record(session, PeopleVerb.ORGANISATION_CHANGED, organisation, actor=actor, themes=list(wanted))


def load_organisations(session: Session, *, actor: Actor) -> int:
    """Loads the directory with what each organisation knows about; how many were new. Can run again."""
    new = load_directory(session, actor=actor)
    for organisation, codes in new:
        if codes:
            set_expertise(session, organisation, codes, actor=actor)
    return len(new)

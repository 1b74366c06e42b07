"""Who gets a mail about an ask or a promise: the body, and the people of the dossier. Each key once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from signalen.core import outbox
from signalen.core.models import RecipientKind
from signalen.core.outbox import Param
from signalen.core.permissions import Role
from signalen.dossiers.models import Dossier
from signalen.people.models import Body, Membership, User


def tell_body(session: Session, kind: str, body_id: uuid.UUID, key: str, **params: Param) -> int:
    """A mail to the address of the body, or to each of its people when it has none. Gives the number of new mails."""
    body = session.get_one(Body, body_id)
    if body.email:
        return outbox.post(session, kind, RecipientKind.BODY, body.id, unique_key=key, due_at=None, **params)
    people = session.exec(
        select(User.id)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(Membership.body_id == body_id, col(Membership.until).is_(None), col(User.active))
        .distinct()
    ).all()
    return _each(session, kind, people, key, params)


def tell_staff(session: Session, kind: str, dossier_id: uuid.UUID | None, key: str, **params: Param) -> int:
    """A mail to the lead and second person of the dossier; to all staff when it has neither, or when there is no dossier."""
    dossier = session.get(Dossier, dossier_id) if dossier_id else None
    people: Sequence[uuid.UUID] = (
        [person for person in (dossier.lead_id, dossier.second_id) if person is not None] if dossier else []
    )
    return _each(session, kind, people or staff(session), key, params)


def staff(session: Session) -> Sequence[uuid.UUID]:
    """Everyone who works at the desk."""
    return session.exec(
        select(User.id)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(Membership.role == Role.STAFF, col(Membership.until).is_(None), col(User.active))
        .distinct()
    ).all()


def _each(
    session: Session, kind: str, people: Sequence[uuid.UUID], key: str, params: dict[str, Param]
) -> int:
    return sum(
        outbox.post(
            session, kind, RecipientKind.USER, person, unique_key=f"{key}:{person}", due_at=None, **params
        )
        for person in people
    )

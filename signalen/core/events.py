"""What happened: one append-only row per change, in the transaction of the change. Ids and codes only, never words."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from signalen.core import clock
from signalen.core.models import Event
from signalen.core.permissions import Actor

Plain = str | int | bool | None


class Subject(Protocol):
    """Anything with an id and a table."""

    id: uuid.UUID
    __tablename__: ClassVar[Any]


def record(
    session: Session, verb: StrEnum, subject: Subject, *, actor: Actor, **data: Plain | list[Plain]
) -> None:
    """Writes one event about `subject`. `data` holds ids and codes only: free text could not be forgotten."""
    values = {
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "verb": verb.value,
        "subject_type": str(subject.__tablename__),
        "subject_id": subject.id,
        "data": data,
    }
    session.connection().execute(_INSERT, values)


# Made once; inline, because nobody asks for the number it got.
_INSERT = sa.insert(Event.__table__).inline()  # type: ignore[attr-defined]  # SQLModel hides __table__

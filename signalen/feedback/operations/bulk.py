"""The statements that make deliveries for thousands of givers at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col, select

from signalen.core import clock
from signalen.core.db import UtcDateTime, stored_enum
from signalen.core.ids import new_id
from signalen.core.models import OutboxMessage, OutboxState, RecipientKind
from signalen.dossiers.queries import owed
from signalen.feedback.models import Delivery, DeliveryState, DeliveryWay, Feedback
from signalen.feedback.workflow import TOLD
from signalen.signals.models import ContactKind, Giver, HearsBack, Signal, Stage
from signalen.texts.models import TextVersion
from signalen.texts.queries import SOURCE

MAIL = "giver-answer-ready"
BATCH = 400


class random_id(FunctionElement[uuid.UUID]):  # noqa: N801  # a function of the database
    """A random id made by the database, so that thousands of rows come from one statement."""

    type = sa.Uuid()
    inherit_cache = True


@compiles(random_id, "postgresql")
def _postgresql(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "gen_random_uuid()"


@compiles(random_id, "sqlite")
def _sqlite(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "lower(hex(randomblob(16)))"


def make_deliveries(session: Session, feedback: Feedback, languages: Collection[str]) -> int:
    """One delivery for each giver who is owed this answer and has none yet: one INSERT … SELECT. Gives their number.

    `languages`: those in which the text was approved; other givers get the Dutch one. Who left an address gets a mail, a text
    message or a letter, who hears it from a worker or by phone is told by hand, all others find it with their code.
    """
    way_type, state_type = stored_enum(DeliveryWay), stored_enum(DeliveryState)
    hears = col(Giver.hears_back)
    way = sa.case(
        (
            (hears == HearsBack.CONTACT) & (col(Giver.contact_kind) == ContactKind.EMAIL),
            sa.literal(DeliveryWay.EMAIL, way_type),
        ),
        (
            (hears == HearsBack.CONTACT) & (col(Giver.contact_kind) == ContactKind.MOBILE),
            sa.literal(DeliveryWay.SMS, way_type),
        ),
        (
            (hears == HearsBack.CONTACT) & (col(Giver.contact_kind) == ContactKind.ADDRESS),
            sa.literal(DeliveryWay.LETTER, way_type),
        ),
        (
            hears.in_([HearsBack.CONTACT, HearsBack.WORKER, HearsBack.NONE]),
            sa.literal(DeliveryWay.HAND, way_type),
        ),
        else_=sa.literal(DeliveryWay.PAGE, way_type),
    )
    language = sa.case(
        (col(Giver.language).in_(list(languages)), col(Giver.language)), else_=sa.literal(SOURCE, sa.String())
    )
    known = (
        sa.select(sa.literal(1))
        .where(col(Delivery.feedback_id) == feedback.id, col(Delivery.signal_id) == col(Signal.id))
        .exists()
    )
    rows = (
        sa.select(
            random_id(),
            sa.literal(feedback.id, sa.Uuid()),
            col(Signal.id),
            way,
            language,
            sa.literal(DeliveryState.READY, state_type),
            sa.literal(clock.now(), UtcDateTime()),
        )
        .join(Giver, col(Giver.id) == col(Signal.giver_id))
        .where(col(Signal.id).in_(owed(feedback.dossier_id)), col(Signal.erased_at).is_(None), ~known)
    )
    columns = ["id", "feedback_id", "signal_id", "way", "language", "state", "state_at"]
    statement = sa.insert(Delivery).from_select(columns, rows).execution_options(preserve_rowcount=True)
    return session.connection().execute(statement).rowcount


def open_again(session: Session, feedback: Feedback, *, everyone: bool) -> int:
    """A new text makes deliveries *ready* again: of who did not understand the last one, or of everyone who may still react."""
    again = [
        col(Delivery.feedback_id) == feedback.id,
        col(Delivery.state).in_(TOLD),
        col(Delivery.signal_id).in_(
            sa.select(col(Signal.id)).where(col(Signal.stage).in_([Stage.TOLD, Stage.ANSWERED]))
        ),
    ]
    if not everyone:
        # `react` takes the date away when the giver does not understand: until the new text, no clock runs for them.
        again.append(col(Delivery.reaction_until).is_(None))
    result = session.connection().execute(
        sa.update(Delivery)
        .where(*again)
        .values(state=DeliveryState.READY, state_at=clock.now(), reaction_until=None)
    )
    session.expire_all()
    return result.rowcount


def post_mails(session: Session, feedback: Feedback, version: TextVersion) -> None:
    """Posts a message for each delivery that goes by mail or text message, once per version of the text."""
    rows = session.exec(
        select(Delivery.id, Signal.giver_id)
        .join(Signal, col(Signal.id) == col(Delivery.signal_id))
        .where(
            Delivery.feedback_id == feedback.id,
            col(Delivery.way).in_([DeliveryWay.EMAIL, DeliveryWay.SMS]),
            Delivery.state == DeliveryState.READY,
        )
    ).all()
    now = clock.now()
    connection = session.connection()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        keys = {
            f"{MAIL}:{delivery_id}:{version.number}": (delivery_id, giver) for delivery_id, giver in batch
        }
        known = connection.execute(
            sa.select(col(OutboxMessage.unique_key)).where(col(OutboxMessage.unique_key).in_(list(keys)))
        )
        for key in known.scalars():
            keys.pop(key or "", None)
        if keys:
            connection.execute(
                sa.insert(OutboxMessage),
                [
                    {
                        "id": new_id(),
                        "kind": MAIL,
                        "recipient_kind": RecipientKind.GIVER,
                        "recipient_id": giver,
                        "params": {"delivery": str(delivery_id)},
                        "unique_key": key,
                        "created_at": now,
                        "due_at": now,
                        "state": OutboxState.WAITING,
                        "tries": 0,
                    }
                    for key, (delivery_id, giver) in keys.items()
                ],
            )

"""The public board: staff write a dossier in plain words, a second person publishes it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.numbers import next_total
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import total
from signalen.feedback.models import BoardEntry, BoardState, FeedbackVerb
from signalen.feedback.workflow import check_board_move
from signalen.texts import operations as texts
from signalen.texts.models import PublicText, TextPurpose, TextState
from signalen.texts.queries import SOURCE, latest


def propose_board(
    session: Session, dossier: Dossier, parts: Mapping[str, str], *, actor: Actor
) -> BoardEntry:
    """Writes what the public will read of a dossier, in Dutch, and puts it before a second person.

    A dossier that is on the board already keeps its published words until the new ones are published.
    """
    check_may(actor, Permission.FEEDBACK_WRITE)
    entry = session.exec(select(BoardEntry).where(BoardEntry.dossier_id == dossier.id)).first()
    if entry is None:
        text = texts.new_text(session, TextPurpose.BOARD)
        entry = BoardEntry(dossier_id=dossier.id, text_id=text.id, proposed_by=actor.user_id)
        session.add(entry)
    else:
        text = session.exec(select(PublicText).where(PublicText.id == entry.text_id)).one()
        if entry.state is BoardState.WITHDRAWN:
            check_board_move(entry.state, BoardState.PROPOSED)
            entry.state, entry.published_by, entry.published_at = BoardState.PROPOSED, None, None
        if entry.state is BoardState.PROPOSED:
            entry.proposed_by = actor.user_id
    version = texts.write_version(session, text, SOURCE, parts, actor=actor)
    texts.propose(session, version, actor=actor)
    events.record(session, FeedbackVerb.BOARD_PROPOSED, entry, actor=actor, number=version.number)
    return entry


def publish_board(session: Session, entry: BoardEntry, *, actor: Actor) -> None:
    """A second person of the staff publishes the newest words."""
    check_may(actor, Permission.BOARD_PUBLISH)
    version = latest(session, entry.text_id).get(SOURCE)
    if version is None or version.state is TextState.DRAFT:
        raise Missing("title", "worry", "ask")
    if version.written_by is None:
        raise DomainError("second-person")
    if entry.state is not BoardState.PUBLISHED:
        check_board_move(entry.state, BoardState.PUBLISHED)
    if version.state is TextState.PROPOSED:
        texts.approve(session, version, actor=actor)
    texts.check_second_person(session, version.written_by, actor=actor)
    entry.state, entry.published_at = BoardState.PUBLISHED, clock.now()
    entry.proposed_by, entry.published_by = version.written_by, actor.user_id
    dossier = session.exec(select(Dossier).where(Dossier.id == entry.dossier_id)).one()
    entry.shown_total = next_total(entry.shown_total, total(session, dossier))
    session.flush()
    events.record(session, FeedbackVerb.BOARD_PUBLISHED, entry, actor=actor, number=version.number)


def withdraw_board(session: Session, entry: BoardEntry, *, actor: Actor) -> None:
    """Takes a dossier off the board."""
    check_may(actor, Permission.BOARD_PUBLISH)
    check_board_move(entry.state, BoardState.WITHDRAWN)
    entry.state = BoardState.WITHDRAWN
    session.flush()
    events.record(session, FeedbackVerb.BOARD_WITHDRAWN, entry, actor=actor)


def refresh_totals(session: Session) -> None:
    """Brings the totals of the board up to date; one that was shown stays until it differs by at least five."""
    rows = session.exec(
        select(BoardEntry, Dossier).join(Dossier).where(BoardEntry.state == BoardState.PUBLISHED)
    ).all()
    for entry, dossier in rows:
        entry.shown_total = next_total(entry.shown_total, total(session, dossier))
    session.flush()

"""The public board: staff write a dossier in plain words, a second person publishes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.numbers import next_total
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import Dossier
from signalen.dossiers.queries import total
from signalen.feedback.models import BoardEntry, BoardPlace, BoardState, FeedbackVerb
from signalen.feedback.queries.board import places_with_enough
from signalen.feedback.workflow import check_board_move
from signalen.texts import operations as texts
from signalen.texts.models import PublicText, TextPurpose, TextState
from signalen.texts.queries import SOURCE, latest


def propose_board(
    session: Session,
    dossier: Dossier,
    parts: Mapping[str, str],
    *,
    places: Collection[str] = (),
    actor: Actor,
) -> BoardEntry:
    """Writes what the public will read of a dossier, in Dutch, and puts it before a second person.

    `places`: codes of districts where it happens; only those where at least five signals say so, so that nobody is found by
    it (safety.md, "Small numbers"). A dossier that is on the board already keeps its published words until the new ones are.
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
    session.flush()
    _propose_places(session, dossier, entry, places, actor=actor)
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
    _show_places(session, entry, actor=actor)
    entry.state, entry.published_at = BoardState.PUBLISHED, clock.now()
    entry.proposed_by, entry.published_by = version.written_by, actor.user_id
    dossier = session.exec(select(Dossier).where(Dossier.id == entry.dossier_id)).one()
    entry.shown_total = next_total(entry.shown_total, total(session, dossier))
    session.flush()
    events.record(session, FeedbackVerb.BOARD_PUBLISHED, entry, actor=actor, number=version.number)


def _propose_places(
    session: Session, dossier: Dossier, entry: BoardEntry, places: Collection[str], *, actor: Actor
) -> None:
    """Districts that are no longer named go at once: less is known then. New ones wait for the second person."""
    if not set(places) <= {code for code, _ in places_with_enough(session, dossier)}:
        raise DomainError("too-few-there")
    known = session.exec(select(BoardPlace).where(BoardPlace.entry_id == entry.id)).all()
    for place in known:
        if place.place_code not in places:
            session.delete(place)
    for code in sorted(set(places) - {place.place_code for place in known}):
        session.add(BoardPlace(entry_id=entry.id, place_code=code, chosen_by=actor.user_id))
    session.flush()


def _show_places(session: Session, entry: BoardEntry, *, actor: Actor) -> None:
    for place in session.exec(
        select(BoardPlace).where(BoardPlace.entry_id == entry.id, ~col(BoardPlace.shown))
    ):
        if place.chosen_by == actor.user_id:
            raise DomainError("second-person")
        place.shown = True


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

"""From an ended round to an approved plain text: write, show to the body, settle what it flags, a second person says yes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events, outbox
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.models import RecipientKind
from signalen.core.permissions import Actor, Permission, check_may
from signalen.dossiers.models import Dossier, Round, RoundState
from signalen.feedback.models import BodyCheck, Feedback, FeedbackState, FeedbackVerb, Flag
from signalen.feedback.queries.rounds import bodies_of, open_flags
from signalen.feedback.workflow import check_feedback_move
from signalen.people import clocks
from signalen.people.clocks import ClockName
from signalen.people.models import User
from signalen.texts import operations as texts
from signalen.texts.models import PublicText, TextOrigin, TextPurpose, TextState, TextVersion
from signalen.texts.queries import SOURCE, latest

ENDED = frozenset({RoundState.ANSWERED, RoundState.UNANSWERED})


def start_feedback(session: Session, round_: Round, *, actor: Actor) -> Feedback:
    """The telling of a round that ended; the same round twice is one feedback. Due within the clock *tell* of the round's end."""
    check_may(actor, Permission.FEEDBACK_WRITE)
    known = session.exec(select(Feedback).where(Feedback.round_id == round_.id)).first()
    if known is not None:
        return known
    if round_.state not in ENDED:
        raise DomainError("round-not-ended")
    municipality = session.exec(select(Dossier.municipality).where(Dossier.id == round_.dossier_id)).one()
    made = Feedback(
        dossier_id=round_.dossier_id,
        round_id=round_.id,
        text_id=texts.new_text(session, TextPurpose.FEEDBACK).id,
        due_on=clocks.due(
            session, ClockName.TELL, round_.ended_on or clock.today(), municipality=municipality
        ),
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    events.record(session, FeedbackVerb.STARTED, made, actor=actor, round=str(round_.id))
    return made


def write(
    session: Session,
    feedback: Feedback,
    language: str,
    parts: Mapping[str, str],
    *,
    origin: TextOrigin = TextOrigin.PERSON,
    actor: Actor,
) -> TextVersion:
    """Writes the text in a language. Dutch is the source: writing it again takes it back from body and second reader."""
    check_may(actor, Permission.FEEDBACK_WRITE)
    if language == SOURCE and feedback.state is not FeedbackState.WRITING:
        back_to_writing(session, feedback)
    version = texts.write_version(
        session, text_of(session, feedback), language, parts, origin=origin, actor=actor
    )
    events.record(session, FeedbackVerb.WRITTEN, feedback, actor=actor, language=language)
    return version


def show_to_body(session: Session, feedback: Feedback, *, actor: Actor) -> None:
    """Proposes the Dutch text: the bodies have two working days to say that it is unfaithful, the panel and a second person read."""
    check_may(actor, Permission.FEEDBACK_WRITE)
    check_feedback_move(feedback.state, FeedbackState.WITH_BODY)
    if open_flags(session, feedback.id):
        raise DomainError("flag-open")
    version = latest(session, feedback.text_id).get(SOURCE)
    if version is None:
        raise Missing("did", "answer", "next")
    if version.state is TextState.DRAFT:
        texts.propose(session, version, actor=actor)
    municipality = session.exec(select(Dossier.municipality).where(Dossier.id == feedback.dossier_id)).one()
    feedback.state = FeedbackState.WITH_BODY
    feedback.body_until = clocks.due(session, ClockName.BODY_CHECK, clock.today(), municipality=municipality)
    session.connection().execute(sa.delete(BodyCheck).where(col(BodyCheck.feedback_id) == feedback.id))
    session.flush()
    for body_id in bodies_of(session, feedback.round_id):
        outbox.post(
            session,
            "body-check-text",
            RecipientKind.BODY,
            body_id,
            unique_key=f"body-check-text:{feedback.id}:{version.number}:{body_id}",
            feedback=str(feedback.id),
            until=feedback.body_until.isoformat(),
        )
    events.record(
        session, FeedbackVerb.SHOWN_TO_BODY, feedback, actor=actor, until=feedback.body_until.isoformat()
    )


def flag(session: Session, feedback: Feedback, body_id: uuid.UUID, words: str, *, actor: Actor) -> Flag:
    """A body says that the plain text does not say what it answered. Only in its days, only a body that was asked."""
    _check_body(session, feedback, body_id, actor)
    if not words.strip():
        raise Missing("words")
    if feedback.body_until is None or clock.today() > feedback.body_until:
        raise DomainError("flag-too-late")
    if feedback.state is not FeedbackState.FLAGGED:
        check_feedback_move(feedback.state, FeedbackState.FLAGGED)
    feedback.state = FeedbackState.FLAGGED
    made = Flag(
        feedback_id=feedback.id, body_id=body_id, by=actor.user_id, words=words.strip(), at=clock.now()
    )
    session.add(made)
    session.flush()
    events.record(session, FeedbackVerb.FLAGGED, feedback, actor=actor, body=str(body_id), flag=str(made.id))
    writer = session.exec(
        select(User.id)
        .join(TextVersion, col(TextVersion.written_by) == col(User.id))
        .where(TextVersion.text_id == feedback.text_id, TextVersion.language == SOURCE)
        .order_by(col(TextVersion.number).desc())
    ).first()
    if writer is not None:
        outbox.post(
            session,
            "staff-text-flagged",
            RecipientKind.USER,
            writer,
            unique_key=f"staff-text-flagged:{made.id}",
            feedback=str(feedback.id),
        )
    return made


def confirm_faithful(session: Session, feedback: Feedback, body_id: uuid.UUID, *, actor: Actor) -> None:
    """A body says that the text is faithful: nobody waits for the rest of its days."""
    _check_body(session, feedback, body_id, actor)
    if feedback.state not in {FeedbackState.WITH_BODY, FeedbackState.APPROVED}:
        raise DomainError("not-with-body")
    if session.get(BodyCheck, (feedback.id, body_id)) is None:
        session.add(BodyCheck(feedback_id=feedback.id, body_id=body_id, by=actor.user_id, at=clock.now()))
        session.flush()
        events.record(session, FeedbackVerb.CHECKED, feedback, actor=actor, body=str(body_id))


def settle_flag(session: Session, flagged: Flag, how: str, *, actor: Actor) -> None:
    """Staff say what they did with a flag; the body reads it. When the text stays as it was, a second person reads again."""
    check_may(actor, Permission.FEEDBACK_WRITE)
    if flagged.settled_at is not None:
        raise DomainError("flag-settled")
    if not how.strip():
        raise Missing("how")
    flagged.settled_how, flagged.settled_by, flagged.settled_at = how.strip(), actor.id, clock.now()
    session.flush()
    feedback = session.exec(select(Feedback).where(Feedback.id == flagged.feedback_id)).one()
    if feedback.state is FeedbackState.FLAGGED and not open_flags(session, feedback.id):
        check_feedback_move(feedback.state, FeedbackState.WITH_BODY)
        feedback.state = FeedbackState.WITH_BODY
        session.flush()
    events.record(session, FeedbackVerb.FLAG_SETTLED, feedback, actor=actor, flag=str(flagged.id))


def approve(session: Session, feedback: Feedback, *, actor: Actor, overruled_reason: str = "") -> None:
    """A second person says yes to the Dutch text (`texts.operations.approve` says who may)."""
    check_may(actor, Permission.FEEDBACK_APPROVE)
    check_feedback_move(feedback.state, FeedbackState.APPROVED)
    version = latest(session, feedback.text_id)[SOURCE]
    if version.state is TextState.APPROVED:
        # A flag was settled without a change: the yes is said once more.
        texts.check_second_person(session, version.written_by, actor=actor)
    else:
        texts.approve(session, version, actor=actor, overruled_reason=overruled_reason)
    feedback.state = FeedbackState.APPROVED
    session.flush()
    events.record(session, FeedbackVerb.APPROVED, feedback, actor=actor, number=version.number)


def send_back(session: Session, feedback: Feedback, *, actor: Actor) -> None:
    """The second reader, or the writer on second thoughts, takes the text back to writing."""
    check_may(actor, Permission.FEEDBACK_WRITE)
    check_feedback_move(feedback.state, FeedbackState.WRITING)
    version = latest(session, feedback.text_id).get(SOURCE)
    if version is not None and version.state is TextState.PROPOSED:
        texts.send_back(session, version, actor=actor)
    back_to_writing(session, feedback)
    session.flush()
    events.record(session, FeedbackVerb.WRITTEN, feedback, actor=actor, sent_back=True)


def back_to_writing(session: Session, feedback: Feedback) -> None:
    """The Dutch text is open again. What givers had already is a new thing to tell, with its own date."""
    check_feedback_move(feedback.state, FeedbackState.WRITING)
    if feedback.state is FeedbackState.DELIVERED:
        municipality = session.exec(
            select(Dossier.municipality).where(Dossier.id == feedback.dossier_id)
        ).one()
        feedback.due_on = clocks.due(session, ClockName.TELL, clock.today(), municipality=municipality)
    feedback.state, feedback.body_until = FeedbackState.WRITING, None


def text_of(session: Session, feedback: Feedback) -> PublicText:
    """The public text of a feedback."""
    return session.exec(select(PublicText).where(PublicText.id == feedback.text_id)).one()


def _check_body(session: Session, feedback: Feedback, body_id: uuid.UUID, actor: Actor) -> None:
    check_may(actor, Permission.FEEDBACK_FLAG)
    if body_id not in actor.bodies or body_id not in bodies_of(session, feedback.round_id):
        raise NotAllowed(Permission.FEEDBACK_FLAG)

"""What a body says to an ask: by its account, or written down by staff from a letter or a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from signalen.consultations import rules
from signalen.consultations.models import (
    Answer,
    AnswerKind,
    AnswerSource,
    CityQuestion,
    CommitmentState,
    ConsultationVerb,
)
from signalen.consultations.operations.commitments import commit_to, drop_replaced
from signalen.consultations.operations.dates import follow_asks, take_turn
from signalen.consultations.operations.telling import tell_body, tell_staff
from signalen.consultations.queries.answers import answers_to, commitments_from, open_question
from signalen.consultations.rules import AnswerInput
from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing
from signalen.core.permissions import SYSTEM, Actor, Permission, check_may
from signalen.dossiers.models import Ask, Dossier, Round, RoundState
from signalen.dossiers.operations import ask_again, end_round
from signalen.dossiers.queries import asks_of, current_round
from signalen.people.models import Body
from signalen.signals.models import Stage


def record_answer(session: Session, ask: Ask, given: AnswerInput, *, actor: Actor) -> Answer:
    """Keeps an answer. A final kind makes the ask final, with a commitment where it promises something; when it was the last
    one of its round, the dossier is *answered*. An interim kind leaves the round at *asked*: "we look into it" and "waits for
    the college" move the date of the ask to theirs, a question back stops its clock until staff answer.

    The account of the body answers for itself; staff give the source (letter or spoken) and who said it. Raises `Missing` with
    the needs that are not met (`rules.Need`, or `given_by`) and `DomainError` with: `extended-already`, `question-open`,
    `date-before-answer`, `date-not-possible`, `ask-answered` (correct it instead), `ask-closed` (the givers were told already).
    """
    on = _check_source(ask, given, actor)
    take_turn(session, ask)
    before = answers_to(session, ask.id)
    rules.check_answer(given, before=[answer.kind for answer in before], on=on)
    if ask.final and not (before and before[-1].kind is AnswerKind.NONE):
        raise DomainError("ask-answered")
    waiting = open_question(session, ask.id)
    if waiting is not None and given.kind is AnswerKind.QUESTION:
        raise DomainError("question-open")
    round_ = _running_round(session, ask)
    ask.final = False  # it was declared unanswered, and is answered after all
    if waiting is not None:
        _run_again(ask)
        waiting.replied_on = clock.today()
    answer = _keep(session, ask, given, on, actor=actor)
    _take_effect(session, ask, round_, answer, given, actor=actor)
    tell_staff(session, "staff-answered", round_.dossier_id, f"answered:{answer.id}", answer=str(answer.id))
    return answer


def extend(session: Session, ask: Ask, *, until: date, why: str, actor: Actor) -> Answer:
    """Once, "we look into it" gets a later date: the same answer again, with its reason. A second time is `extended-already`."""
    before = answers_to(session, ask.id)
    if not before or before[-1].kind is not AnswerKind.RESEARCH:
        raise DomainError("nothing-to-extend")
    if not why.strip():
        raise Missing("words")
    last = before[-1]
    given = AnswerInput(
        AnswerKind.RESEARCH,
        words=why,
        who=str(last.details.get("who", "")),
        residents=str(last.details.get("residents", "")),
        comes_back_on=until,
    )
    if ask.body_id not in actor.bodies:
        given = replace(given, source=AnswerSource.SPOKEN, given_by=last.given_by or actor.name)
    return record_answer(session, ask, given, actor=actor)


def reply_to_city(session: Session, question: CityQuestion, reply: str, *, actor: Actor) -> None:
    """Staff answer the question of a body; the clock of its ask runs again, later by the working days it stood still."""
    check_may(actor, Permission.ANSWER_RECORD)
    if question.replied_on is not None:
        raise DomainError("question-answered")
    if not reply.strip():
        raise Missing("reply")
    question.reply, question.replied_on, question.replied_by = reply.strip(), clock.today(), actor.id
    ask = session.get_one(Ask, session.get_one(Answer, question.answer_id).ask_id)
    round_ = session.get_one(Round, ask.round_id)
    _run_again(ask)
    session.flush()
    follow_asks(session, round_.dossier_id, round_.id)
    events.record(session, ConsultationVerb.CITY_QUESTION_ANSWERED, ask, actor=actor, due_on=_iso(ask.due_on))
    tell_body(session, "body-question-answered", ask.body_id, f"replied:{question.id}", ask=str(ask.id))


def correct_answer(session: Session, answer: Answer, given: AnswerInput, *, actor: Actor) -> Answer:
    """The body corrects itself: a new answer stands in the place of the old one, which is kept. What the old one promised is
    dropped. An *answered* dossier is *asked* again, and *answered* once more when nothing is open.

    Refused with `ask-closed` when the givers were told already, with `answer-replaced` when it was corrected before.
    """
    ask = session.get_one(Ask, answer.ask_id)
    on = _check_source(ask, given, actor)
    take_turn(session, ask)
    session.refresh(answer)
    if answer.replaced_by_id is not None:
        raise DomainError("answer-replaced")
    others = [other.kind for other in answers_to(session, ask.id) if other.id != answer.id]
    rules.check_answer(given, before=others, on=on)
    round_ = _running_round(session, ask)
    waiting = open_question(session, ask.id)
    if waiting is not None:
        _run_again(ask)
        waiting.replied_on = clock.today()
    ask.final = False
    made = _keep(session, ask, given, on, actor=actor)
    answer.replaced_by_id = made.id
    session.flush()
    events.record(
        session, ConsultationVerb.ANSWER_REPLACED, ask, actor=actor, answer=str(answer.id), by=str(made.id)
    )
    for commitment in commitments_from(session, answer.id):
        if commitment.state in {CommitmentState.OPEN, CommitmentState.BROKEN}:
            drop_replaced(session, commitment, actor=actor)
    _take_effect(session, ask, round_, made, given, actor=actor)
    tell_staff(session, "staff-answered", round_.dossier_id, f"answered:{made.id}", answer=str(made.id))
    return made


def finish(session: Session, round_: Round, *, on: date) -> None:
    """Ends the round when all its asks are final: a consequence, so the system does it."""
    session.flush()
    if all(ask.final for ask, _ in asks_of(session, [round_.id])):
        end_round(session, round_, on=on, actor=SYSTEM)


def _check_source(ask: Ask, given: AnswerInput, actor: Actor) -> date:
    """Who may say this, and the day on which it was said: not before the ask went out, not in the future."""
    if given.source is AnswerSource.ACCOUNT:
        check_may(actor, Permission.ASK_ANSWER, ask)
        on = clock.today()
        if given.reason_code == rules.NO_REASON:
            raise Missing(rules.Need.REASON_CODE)
    else:
        check_may(actor, Permission.ANSWER_RECORD)
        if given.source is AnswerSource.DECLARED:
            raise DomainError("none-is-declared")
        if not given.given_by.strip():
            raise Missing("given_by")
        on = given.given_on or clock.today()
    if ask.asked_on is None:
        raise DomainError("ask-closed")
    if not ask.asked_on <= on <= clock.today():
        raise DomainError("date-not-possible")
    return on


def _running_round(session: Session, ask: Ask) -> Round:
    """The round of this ask, *asked* again when it had ended, is the last one, and its givers were not told yet."""
    round_ = session.get_one(Round, ask.round_id)
    if round_.state is RoundState.ASKED:
        return round_
    dossier = session.get_one(Dossier, round_.dossier_id)
    last = current_round(session, dossier)
    if last is None or last.id != round_.id or dossier.stage is not Stage.ANSWERED:
        raise DomainError("ask-closed")
    # A consequence of the answer, which has an event of its own: the body may answer, but moves no dossier by itself.
    ask_again(session, round_, actor=SYSTEM)
    return round_


def _keep(session: Session, ask: Ask, given: AnswerInput, on: date, *, actor: Actor) -> Answer:
    by_account = given.source is AnswerSource.ACCOUNT
    answer = Answer(
        ask_id=ask.id,
        kind=given.kind,
        words=given.words.strip(),
        details=rules.details(given),
        reason_code=given.reason_code if rules.Need.REASON_CODE in rules.NEEDS[given.kind] else None,
        comes_back_on=given.comes_back_on if given.kind in rules.COMES_BACK else None,
        source=given.source,
        given_by=actor.name if by_account else given.given_by.strip(),
        recorded_by=actor.id,
        given_on=on,
        recorded_at=clock.now(),
    )
    session.add(answer)
    session.flush()
    return answer


def _take_effect(
    session: Session, ask: Ask, round_: Round, answer: Answer, given: AnswerInput, *, actor: Actor
) -> None:
    """What an answer does to its ask, its commitments and its round."""
    facts = {"answer": str(answer.id), "kind": answer.kind.value, "source": answer.source.value}
    events.record(session, ConsultationVerb.ANSWERED, ask, actor=actor, **facts)
    if answer.kind in rules.INTERIM:
        _take_interim(session, ask, answer, actor=actor)
        session.flush()
        follow_asks(session, round_.dossier_id, round_.id)
        return
    ask.final, ask.paused_since = True, None
    _promise(session, ask, round_, answer, given, actor=actor)
    finish(session, round_, on=answer.given_on)
    if round_.state is RoundState.ASKED:
        follow_asks(session, round_.dossier_id, round_.id)


def _take_interim(session: Session, ask: Ask, answer: Answer, *, actor: Actor) -> None:
    if answer.kind is AnswerKind.QUESTION:
        ask.paused_since = answer.given_on
        question = CityQuestion(answer_id=answer.id, asked_on=answer.given_on)
        session.add(question)
        session.flush()
        events.record(session, ConsultationVerb.CITY_ASKED_BACK, ask, actor=actor, question=str(question.id))
        return
    ask.due_on = answer.comes_back_on
    times = [other.kind for other in answers_to(session, ask.id)].count(answer.kind)
    if answer.kind is AnswerKind.RESEARCH and times == rules.MOST_TIMES:
        ask.extended = True
        events.record(session, ConsultationVerb.EXTENDED, ask, actor=actor, due_on=_iso(ask.due_on))


def _promise(
    session: Session, ask: Ask, round_: Round, answer: Answer, given: AnswerInput, *, actor: Actor
) -> None:
    """Yes, partly, something else: a commitment with owner and date. A plan: the body lets us know on the date it gave."""
    if given.kind not in rules.PROMISES:
        return
    due_on, owner, what = given.due_on, given.owner.strip(), given.words.strip() or ask.measure
    if given.kind is AnswerKind.PLAN:
        body = session.get_one(Body, ask.body_id)
        due_on, owner, what = given.hear_on, body.name, f"{what} ({given.year})"
    if due_on is None:
        raise Missing(rules.Need.DUE)
    commit_to(
        session,
        dossier_id=round_.dossier_id,
        answer_id=answer.id,
        body_id=ask.body_id,
        what=what,
        owner=owner,
        due_on=due_on,
        actor=actor,
    )


def _run_again(ask: Ask) -> None:
    """The clock of a paused ask runs again, later by the working days that it stood still."""
    if ask.paused_since is not None and ask.due_on is not None:
        ask.due_on = rules.after_pause(ask.due_on, ask.paused_since, clock.today())
    ask.paused_since = None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

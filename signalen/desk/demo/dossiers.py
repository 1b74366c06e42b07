"""The dossiers of the demo, each in another stage: told, late, on next week's agenda, asking for agreement, closed and done."""

from __future__ import annotations

from sqlmodel import select

from signalen.consultations.models import AnswerKind, AnswerSource, Commitment
from signalen.consultations.operations import keep_commitment, record_answer
from signalen.consultations.rules import AnswerInput
from signalen.core import clock
from signalen.core.permissions import Actor
from signalen.desk.demo.consultations import HELD, on_agenda
from signalen.desk.demo.facts import facts
from signalen.desk.demo.making import agreed, filled, make_dossier, sentence, synthesis
from signalen.desk.demo.scene import Scene
from signalen.desk.demo.telling import on_board, opens, tell_givers, told
from signalen.desk.demo.timeline import Story
from signalen.dossiers.models import Ask, AskWay
from signalen.dossiers.operations import comment, mark_done, send_asks
from signalen.dossiers.queries import asks_of, current_round
from signalen.feedback.models import Helped
from signalen.feedback.operations import close_due
from signalen.people.clocks import DEFAULTS, ClockName


def childcare(scene: Scene) -> Story:
    """Answered with "partly" and told in the languages of its givers; one says that it helps a little. Its promise runs."""
    days, said = scene.days, facts("dossiers")["opvang"]["answers"]
    promise = days.day(45)
    yield from make_dossier(scene, "opvang", opened=95, announced=92)
    yield from agreed(scene, "opvang", "amina", ago=89)
    yield from agreed(scene, "opvang", "ilse", ago=88)
    yield from agreed(scene, "opvang", "fien", ago=85)
    yield from on_agenda(scene, "opvang", "held", ago=62)
    yield days.at(-18, 11)
    hears = days.day(60)
    letter = AnswerInput(
        AnswerKind.PLAN,
        words=said["plan"],
        year=hears.year,
        hear_on=hears,
        source=AnswerSource.LETTER,
        given_by=scene.bodies["gezinnen"].name,
        given_on=days.day(-20),
    )
    record_answer(scene.session, _ask(scene, "opvang", "gezinnen"), letter, actor=scene.actor("bart"))
    yield days.at(-16, 11)
    partly = AnswerInput(
        AnswerKind.PARTLY,
        words=sentence(said["partly"], promise=promise),
        what_no=said["what_no"],
        reason=said["reason"],
        reason_code="eigen-middelen",
        owner=said["owner"],
        due_on=promise,
    )
    record_answer(scene.session, _ask(scene, "opvang", "onderwijs"), partly, actor=scene.actor("chloe"))
    words = filled(facts("telling")["opvang"], asked=days.day(-HELD), promise=promise)
    # The Flemish agency has no account: its days have to pass, whatever the city says.
    yield from tell_givers(scene, "opvang", words, ago=15, faithful={"onderwijs": "chloe"})
    thanks = "شكرًا. هذا جيد، لكن الحي الذي أسكن فيه غير موجود في القائمة."
    yield from opens(scene, "opvang", 30, ago=11, language="ar", helped=Helped.A_LITTLE, words=thanks)
    yield from opens(scene, "opvang", 15, ago=10, language="fr")
    yield from told(scene, "opvang", 29, "fien", ago=9)
    yield from on_board(scene, "opvang", filled(facts("board")["opvang"], promise=promise), ago=8)


def school_debts(scene: Scene) -> Story:
    """A promise that was not kept; asked again at the consultation; the answer is late now."""
    days, said = scene.days, facts("dossiers")["schulden"]["answers"]
    promise, asked = days.day(-65), days.day(-160)
    yield from make_dossier(scene, "schulden", opened=168, announced=166)
    yield from agreed(scene, "schulden", "amina", ago=163)
    yield from _in_writing(scene, "schulden", scene.actor("sofie"), ago=160)
    yield days.at(-138, 11)
    yes = AnswerInput(
        AnswerKind.YES,
        words=sentence(said["agreed"], promise=promise),
        owner=said["owner"],
        due_on=promise,
    )
    record_answer(scene.session, _ask(scene, "schulden", "onderwijs"), yes, actor=scene.actor("chloe"))
    words = filled(facts("telling")["schulden"], asked=asked, promise=promise)
    yield from tell_givers(scene, "schulden", words, ago=137, faithful={"onderwijs": "chloe"})
    yield from opens(scene, "schulden", 25, ago=133, language="nl", helped=Helped.YES)
    yield from told(scene, "schulden", 6, "amina", ago=132)
    yield from opens(scene, "schulden", 14, ago=131, language="en")
    yield from on_board(scene, "schulden", filled(facts("board")["schulden_first"], promise=promise), ago=130)
    yield days.at(-110, 6)
    close_due(scene.session, clock.today())
    # It comes back by itself on the consultation (`consultations.held_story`), and is asked there again.
    due = days.day(DEFAULTS[ClockName.ANSWER] - HELD)
    again = filled(facts("board")["schulden"], promise=promise, asked=days.day(-HELD), due=due)
    yield from on_board(scene, "schulden", again, ago=7)


def bus(scene: Scene) -> Story:
    """Another government holds the lever. It was not reached at the consultation, and stands on the next one."""
    yield from make_dossier(scene, "bus", opened=78, announced=76)
    yield from agreed(scene, "bus", "ilse", ago=71)
    yield from agreed(scene, "bus", "amina", ago=70)
    yield from on_agenda(scene, "bus", "held", ago=60)
    yield from on_agenda(scene, "bus", "coming", ago=20)
    meeting = scene.days.next_week()
    yield from on_board(scene, "bus", filled(facts("board")["bus"], meeting=meeting), ago=19)


def desks(scene: Scene) -> Story:
    """Asks the organisations whether they agree: one said yes, one wrote a comment and is silent on the rest."""
    yield from make_dossier(scene, "loket", opened=14, announced=4)
    yield scene.days.at(-3, 11)
    dre = scene.actor("dre")
    words = facts("dossiers")["loket"]["comment"]
    comment(scene.session, synthesis(scene, "loket"), next(iter(dre.organisations)), words, actor=dre)
    yield from agreed(scene, "loket", "amina", ago=2)


def letters(scene: Scene) -> Story:
    """Asked in writing, answered by letter with yes, told, and done: the promise was kept with proof."""
    days, said = scene.days, facts("dossiers")["brieven"]["answers"]
    session, sofie, promise = scene.session, scene.actor("sofie"), days.day(-75)
    yield from make_dossier(scene, "brieven", opened=166, announced=165)
    yield from agreed(scene, "brieven", "fien", ago=162)
    yield from agreed(scene, "brieven", "ilse", ago=161)
    yield from _in_writing(scene, "brieven", sofie, ago=158)
    yield days.at(-140, 11)
    yes = AnswerInput(
        AnswerKind.YES,
        words=sentence(said["agreed"], promise=promise),
        owner=said["owner"],
        due_on=promise,
        source=AnswerSource.LETTER,
        given_by=scene.bodies["kabinet"].name,
        given_on=days.day(-142),
    )
    record_answer(session, _ask(scene, "brieven", "kabinet"), yes, actor=sofie)
    words = filled(facts("telling")["brieven"], asked=days.day(-158), promise=promise)
    yield from tell_givers(scene, "brieven", words, ago=139)
    yield from opens(scene, "brieven", 50, ago=135, language="en", helped=Helped.YES)
    yield from told(scene, "brieven", 26, "fien", ago=134, helped=Helped.YES)
    yield from told(scene, "brieven", 13, "ilse", ago=132, helped=Helped.YES)
    yield days.at(-76, 11)
    dossier = scene.dossiers["brieven"]
    promised = session.exec(select(Commitment).where(Commitment.dossier_id == dossier.id)).one()
    keep_commitment(session, promised, said["proof"], actor=sofie)
    yield days.at(-72, 11)
    mark_done(session, dossier, actor=sofie)
    yield from on_board(scene, "brieven", filled(facts("board")["brieven"], promise=promise), ago=71)


def _in_writing(scene: Scene, code: str, actor: Actor, *, ago: int) -> Story:
    yield scene.days.at(-ago, 11)
    round_ = current_round(scene.session, scene.dossiers[code])
    assert round_ is not None  # it was opened with the asks
    send_asks(scene.session, round_, AskWay.WRITING, clock.today(), actor=actor)


def _ask(scene: Scene, code: str, body: str) -> Ask:
    """What the newest round asks of a body."""
    round_ = current_round(scene.session, scene.dossiers[code])
    assert round_ is not None  # it was asked
    found = asks_of(scene.session, [round_.id])
    return next(ask for ask, asked in found if asked.id == scene.bodies[body].id)

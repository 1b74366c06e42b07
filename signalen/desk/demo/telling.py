"""From an answer to the people: plain words, a second person, the panel, delivery, what givers say; and the public board."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from signalen.desk.demo.facts import facts
from signalen.desk.demo.scene import Scene
from signalen.desk.demo.timeline import Story
from signalen.dossiers.queries import current_round
from signalen.feedback.models import Delivery, DeliveryState, Feedback, Helped
from signalen.feedback.operations import (
    approve,
    confirm_faithful,
    deliver,
    open_delivery,
    propose_board,
    publish_board,
    react,
    show_to_body,
    start_feedback,
    tell_by_hand,
    write,
)
from signalen.signals.models import FollowCode
from signalen.signals.operations import follow
from signalen.texts import operations as texts
from signalen.texts.models import PublicText, TextVersion
from signalen.texts.queries import SOURCE, latest

Texts = Mapping[str, Mapping[str, str]]

READERS = {"ar": "nour"}
"""Who approves a translation, where it is not the second person of the dossier."""


def tell_givers(
    scene: Scene, code: str, words: Texts, *, ago: int, faithful: Mapping[str, str] | None = None
) -> Story:
    """The answer in plain words, from first draft to delivery three working days later.

    `faithful`: by code of a body, who says for it that the text is right.
    """
    session, given = scene.session, facts("dossiers")[code]
    lead, second = scene.actor(given["lead"]), scene.actor(given["second"])
    yield scene.days.at(-ago, 14)
    round_ = current_round(session, scene.dossiers[code])
    assert round_ is not None  # it was just answered
    feedback = start_feedback(session, round_, actor=lead)
    write(session, feedback, SOURCE, words[SOURCE], actor=lead)
    show_to_body(session, feedback, actor=lead)
    yield scene.days.at(-ago + 1, 11)
    reader = scene.actor("emma")
    version = latest(session, feedback.text_id)[SOURCE]
    texts.review_by_panel(session, version, clear=True, retold=given["retold"], unclear="", actor=reader)
    yield scene.days.at(-ago + 2, 10)
    for body, who in (faithful or {}).items():
        confirm_faithful(session, feedback, scene.bodies[body].id, actor=scene.actor(who))
    approve(session, feedback, actor=second)
    for language in words:
        if language != SOURCE:
            made = write(session, feedback, language, words[language], actor=lead)
            _second_reader(scene, made, given["lead"], given["second"])
    yield scene.days.at(-ago + 3, 9)
    deliver(session, feedback, actor=second)


def opens(
    scene: Scene,
    code: str,
    number: int,
    *,
    ago: int,
    language: str,
    helped: Helped | None = None,
    words: str = "",
) -> Story:
    """A giver comes with the code, reads the answer, and says whether it helps; in the evening, when people have time."""
    yield scene.days.at(-ago, 19 + number % 3 / 4)
    session, giver = scene.session, scene.giver(number)
    kept = session.exec(select(FollowCode).where(FollowCode.giver_id == giver.id)).one()
    follow(session, kept, actor=giver)
    delivery = _delivery(scene, code, number)
    open_delivery(session, delivery, language=language, actor=giver)
    if helped is not None:
        react(session, scene.vault, delivery, understood=True, helped=helped, words=words, actor=giver)


def told(scene: Scene, code: str, number: int, who: str, *, ago: int, helped: Helped | None = None) -> Story:
    """A worker tells the answer to the one who brought it, and writes down what they say."""
    yield scene.days.at(-ago, 16)
    worker, delivery = scene.actor(who), _delivery(scene, code, number)
    tell_by_hand(scene.session, delivery, actor=worker)
    if helped is not None:
        react(scene.session, scene.vault, delivery, understood=True, helped=helped, actor=worker)


def on_board(scene: Scene, code: str, words: Texts, *, ago: int) -> Story:
    """The lead writes the dossier for everyone; the second person publishes it on the next working day, in all its languages."""
    session, given = scene.session, facts("dossiers")[code]
    lead, second = scene.actor(given["lead"]), scene.actor(given["second"])
    yield scene.days.at(-ago, 15)
    entry = propose_board(session, scene.dossiers[code], words[SOURCE], actor=lead)
    yield scene.days.at(-ago + 1, 9.25)
    publish_board(session, entry, actor=second)
    text = session.get_one(PublicText, entry.text_id)
    for language in words:
        if language != SOURCE:
            made = texts.write_version(session, text, language, words[language], actor=lead)
            _second_reader(scene, made, given["lead"], given["second"])


def _second_reader(scene: Scene, version: TextVersion, writer: str, second: str) -> None:
    texts.propose(scene.session, version, actor=scene.actor(writer))
    texts.approve(scene.session, version, actor=scene.actor(READERS.get(version.language, second)))


def _delivery(scene: Scene, code: str, number: int) -> Delivery:
    """The answer of the newest round of a dossier for one giver."""
    return scene.session.exec(
        select(Delivery)
        .join(Feedback, col(Feedback.id) == col(Delivery.feedback_id))
        .where(
            Feedback.dossier_id == scene.dossiers[code].id,
            Delivery.signal_id == scene.signals[number].id,
            Delivery.state == DeliveryState.READY,
        )
    ).one()

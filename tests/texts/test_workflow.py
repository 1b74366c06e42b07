"""The table of text versions is total; parts, labels and the second person."""

from __future__ import annotations

import pytest

from signalen.core.errors import DomainError, Missing, MoveRefused
from signalen.texts import labels
from signalen.texts.models import TextOrigin, TextPurpose, TextState
from signalen.texts.operations import approve, new_text, propose, send_back, write_version
from signalen.texts.queries import approved, latest, pick
from signalen.texts.rules import Band
from signalen.texts.tips import Tip, TipKind
from signalen.texts.workflow import MOVES, PARTS, check_move, missing_parts

BOARD = {"title": "Een loket", "worry": "Het is dicht.", "ask": "Open het."}


def test_every_move_is_allowed_or_refused_as_the_table_says() -> None:
    assert set(MOVES) == set(TextState)
    for source in TextState:
        for target in TextState:
            if target in MOVES[source]:
                check_move(source, target)
            else:
                with pytest.raises(MoveRefused):
                    check_move(source, target)


def test_every_purpose_has_parts_and_every_word_a_label() -> None:
    assert set(PARTS) == set(TextPurpose) == set(labels.PURPOSES)
    assert {part.name for parts in PARTS.values() for part in parts} <= set(labels.PARTS)
    assert set(labels.STATES) == set(TextState)
    assert set(labels.ORIGINS) == set(TextOrigin)
    assert set(labels.BANDS) == set(Band)
    for kind in TipKind:
        assert list(labels.tips([Tip(kind, "waar", 21, "om")]))


def test_blank_words_are_no_words() -> None:
    assert missing_parts(TextPurpose.BOARD, {"title": " ", "worry": "x"}) == ["title", "ask"]


def test_a_reader_gets_the_first_wish_there_is_and_else_dutch(session, cast) -> None:
    bart, sofie = cast.actor(cast.bart), cast.actor(cast.sofie)
    text = new_text(session, TextPurpose.BOARD)
    assert pick({}, "ar") is None
    for language in ("nl", "fr"):
        version = write_version(session, text, language, BOARD, actor=bart)
        propose(session, version, actor=bart)
        approve(session, version, actor=sofie)
    versions = approved(session, [text.id])[text.id]
    assert pick(versions, "ar", "fr").language == "fr"
    assert pick(versions, "ar").language == "nl"
    assert pick(versions, "ar").others == ("fr",)


def test_a_draft_is_changed_in_place_and_anything_else_is_a_new_version(session, cast) -> None:
    bart, sofie = cast.actor(cast.bart), cast.actor(cast.sofie)
    text = new_text(session, TextPurpose.BOARD)
    first = write_version(session, text, "nl", {"title": "Een", "nonsense": "x"}, actor=bart)
    assert first.parts == {"title": "Een"}
    with pytest.raises(Missing):
        propose(session, first, actor=bart)
    assert write_version(session, text, "nl", BOARD, actor=bart).id == first.id
    propose(session, first, actor=bart)
    with pytest.raises(DomainError, match="second-person"):
        approve(session, first, actor=bart)
    send_back(session, first, actor=sofie)
    second = write_version(session, text, "nl", BOARD, actor=sofie)
    assert (first.state, second.number) == (TextState.REPLACED, 2)
    propose(session, second, actor=sofie)
    approve(session, second, actor=bart)
    third = write_version(session, text, "nl", BOARD | {"title": "Drie"}, actor=bart)
    assert second.state is TextState.APPROVED  # readers keep the old one until the new one is approved
    propose(session, third, actor=bart)
    approve(session, third, actor=sofie)
    session.refresh(second)
    assert second.state is TextState.REPLACED
    assert latest(session, text.id)["nl"].id == third.id

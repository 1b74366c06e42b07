"""A copied sentence stands where its signal stands, and goes when the signal is no longer for everyone of the desk."""

from __future__ import annotations

import pytest

from signalen.dossiers.operations import merge, quote, split, take_out
from signalen.dossiers.queries import quotes
from signalen.signals.operations import read_signal, release, shield
from tests import factories


@pytest.fixture
def quoted(session, cast, vault):
    """A dossier with a signal of which a sentence was copied."""
    made = factories.signal(session, vault, text="Ik stond drie uur in de regen.", may_quote=True)
    read_signal(session, made, actor=cast.actor(cast.bart))
    about = factories.dossier(session, cast, signals=[made], ready=False)
    quote(session, about, made, "drie uur in de regen", actor=cast.actor(cast.bart))
    return about, made


def words(session, about) -> list[str]:
    return [each.words for each in quotes(session, about.id)]


def test_a_merge_takes_copied_words_along(session, cast, quoted) -> None:
    other = factories.dossier(session, cast, title="Nog een", ready=False)
    merge(session, quoted[0], other, actor=cast.actor(cast.bart))
    assert words(session, other) == ["drie uur in de regen"]
    assert words(session, quoted[0]) == []


def test_a_split_takes_copied_words_along(session, cast, quoted) -> None:
    made = split(session, *quoted[:1], [quoted[1]], title="Apart", actor=cast.actor(cast.bart))
    assert words(session, made) == ["drie uur in de regen"]


def test_what_was_taken_out_is_quoted_no_more(session, cast, quoted) -> None:
    take_out(session, quoted[0], [quoted[1]], reason="Iets anders", actor=cast.actor(cast.bart))
    assert words(session, quoted[0]) == []


def test_after_shielding_only_what_comes_from_the_safe_line_is_left(session, cast, vault, quoted) -> None:
    about, made = quoted
    bart = cast.actor(cast.bart)
    shield(session, vault, made, actor=bart)
    assert words(session, about) == []
    release(session, vault, made, "Mensen wachten buiten.", "nl", actor=bart)
    assert words(session, about) == []
    quote(session, about, made, "wachten buiten", actor=bart)
    assert words(session, about) == ["wachten buiten"]

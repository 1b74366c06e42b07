"""The names of languages are those of CLDR."""

from __future__ import annotations

import pytest
from babel import Locale

from signalen.signals.forms import LANGUAGES
from signalen.web.languages import OWN_NAMES
from signalen.web.locale import own_name


def test_every_language_of_words_has_its_own_name_written_down() -> None:
    assert set(OWN_NAMES) == set(LANGUAGES)


@pytest.mark.parametrize("code", sorted(OWN_NAMES))
def test_a_name_is_the_one_of_cldr(code: str) -> None:
    assert own_name(code) == str(Locale.parse(code).get_display_name(code)).split(" (")[0]

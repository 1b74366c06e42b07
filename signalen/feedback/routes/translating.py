"""In which languages a public text can be written, and the first version that a machine makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import current_app

from signalen.config import Config
from signalen.signals.forms import LANGUAGES
from signalen.texts.models import TextVersion
from signalen.texts.queries import SOURCE
from signalen.texts.translating import LibreTranslate, PublicWords
from signalen.web.sessions import let_go


def offered() -> Sequence[str]:
    """The public languages of this installation."""
    settings: Config = current_app.extensions["signalen.config"]
    return settings.languages


def may_be_written(language: str) -> bool:
    """Any language that people can tell their signal in; Dutch is the source."""
    return language in LANGUAGES and language != SOURCE


def machine() -> LibreTranslate | None:
    """The translator of this installation; None when none is set."""
    settings: Config = current_app.extensions["signalen.config"]
    url = settings.translator_url
    return LibreTranslate(url, settings.translator_key) if url else None


def by_machine(translator: LibreTranslate, source: TextVersion, language: str) -> Mapping[str, str]:
    """The parts as the machine says them. The lock is let go first: a translator takes its time, the database does not."""
    words = PublicWords.of(source)
    let_go()
    return translator.translate(words, language)

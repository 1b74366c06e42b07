"""In which languages a public text can be written."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from signalen.config import Config
from signalen.signals.forms import LANGUAGES
from signalen.texts.queries import SOURCE


def offered() -> Sequence[str]:
    """The public languages of this installation."""
    settings: Config = current_app.extensions["signalen.config"]
    return settings.languages


def may_be_written(language: str) -> bool:
    """Any language that people can tell their signal in; Dutch is the source."""
    return language in LANGUAGES and language != SOURCE

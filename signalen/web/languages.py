"""The names of languages in those languages, as in CLDR.

Written down because Babel would load the whole data of each language for its one word: a megabyte per language.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

PUBLIC = ("nl", "fr", "en", "ar")
"""Languages of public pages and the panel, unless a setting says otherwise."""
PHONE = ("nl", "fr", "en", "ar")
"""Languages of the screen that workers write on: a phone keeps each of them, so they are few."""
HOUSE = ("nl", "fr", "en")
"""Languages of the other signed-in pages."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps"})

CATALOGUES = Path(__file__).resolve().parents[2] / "translations"
CHECKED = "Checked by a native reader: yes"
NOT_CHECKED = "Checked by a native reader: not yet"
"""What the head of a catalogue says: one or the other (docs/languages.md)."""

OWN_NAMES = {
    "nl": "Nederlands",
    "fr": "français",
    "en": "English",
    "ar": "العربية",
    "tr": "Türkçe",
    "es": "español",
    "pt": "português",
    "it": "italiano",
    "de": "Deutsch",
    "pl": "polski",
    "ro": "română",
    "bg": "български",
    "ru": "русский",
    "uk": "українська",
    "sq": "shqip",
    "fa": "فارسی",
    "ps": "پښتو",
    "ur": "اردو",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "am": "አማርኛ",
    "sw": "Kiswahili",
    "ln": "lingála",
    "zh": "中文",
    "hi": "हिन्दी",
    "bn": "বাংলা",
    "ne": "नेपाली",
}


def catalogue_path(language: str) -> Path:
    """The catalogue of a language."""
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def was_checked(language: str) -> bool:
    """Whether the head of the catalogue says that somebody who grew up with the language has read it."""
    with catalogue_path(language).open(encoding="utf-8") as lines:
        head = "".join(line for _, line in zip(range(8), lines, strict=False))
    return f"# {CHECKED}" in head

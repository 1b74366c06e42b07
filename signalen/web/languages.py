"""The names of languages in those languages, as in CLDR.

Written down because Babel would load the whole data of each language for its one word: a megabyte per language.
"""

from __future__ import annotations

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

"""The catalogues: take strings from the code, bring them into each language, compile, and check.

Run as `python -m signalen.web.catalogues extract | update | compile | check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "translations"
TEMPLATE = FOLDER / "messages.pot"
SOURCE_LANGUAGE = "en"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = 4
"""Words from which on the same text in two languages is no accident."""
TAG = re.compile(r"</?[a-z][^>]*>")
PLURALS = {"nl": 2, "fr": 2, "en": 2, "ar": 6}


def public_patterns() -> list[str]:
    """Files whose words residents, the public and the panel see: complete in every public language."""
    lines = (FOLDER / "public.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def is_public(message: Message, patterns: list[str]) -> bool:
    """Whether this message stands in a file that the public can see."""
    return any(fnmatch(file, pattern) for file, _line in message.locations for pattern in patterns)


def extract() -> Catalog:
    """All strings of code and templates."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    keywords = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
    found = Catalog(project="Signalen", charset="utf-8", fuzzy=False)
    for folder in ("signalen", "templates"):
        for name, line, text, comments, context in extract_from_dir(
            str(ROOT / folder), methods, options, keywords=keywords, comment_tags=("Translators:",)
        ):
            found.add(text, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    ordered = Catalog(project="Signalen", charset="utf-8", fuzzy=False)
    for message in sorted((m for m in found if m.id), key=lambda m: (min(m.locations), str(m.id))):
        files = sorted({(file, 0) for file, _ in message.locations})
        ordered.add(message.id, message.string, files, auto_comments=message.auto_comments)
    return ordered


def languages() -> list[str]:
    """The languages that have a folder."""
    return sorted(p.parent.parent.name for p in FOLDER.glob("*/LC_MESSAGES/messages.po"))


def path(language: str) -> Path:
    """The catalogue of a language."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(file: Path, language: str | None = None) -> Catalog:
    """A catalogue from disk."""
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def write(catalogue: Catalog, file: Path) -> None:
    """Writes a catalogue without line numbers, so that a change of code is no change of catalogue."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_output=False, include_lineno=False, omit_header=False)


def problems(language: str, template: Catalog) -> Iterator[str]:
    """What is wrong with one catalogue: missing, fuzzy, other placeholders or tags, left-overs."""
    catalogue, patterns = read(path(language), language), public_patterns()
    house = language in {"nl", "fr", "en"}
    for message in template:
        if not message.id:
            continue
        mine = catalogue.get(message.id)
        if mine is None:
            yield f"{language}: not in the catalogue: {message.id!r}"
            continue
        strings = [mine.string] if isinstance(mine.string, str) else list(mine.string or ())
        wanted = house or is_public(message, patterns)
        if mine.fuzzy:
            yield f"{language}: fuzzy: {message.id!r}"
        if not wanted and not any(strings):
            continue
        if not all(strings) or (message.pluralizable and len(strings) != PLURALS.get(language, len(strings))):
            yield f"{language}: missing: {message.id!r} ({', '.join(f for f, _ in message.locations)})"
            continue
        if language != SOURCE_LANGUAGE and any(_still_english(message, text) for text in strings):
            yield f"{language}: still English: {message.id!r}"
        yield from _differences(language, message, strings)
    for message in catalogue:
        if message.id and template.get(message.id) is None:
            yield f"{language}: no longer used: {message.id!r}"


def _still_english(message: Message, text: str) -> bool:
    """Whether a sentence was copied instead of translated; names and short words may be the same in both."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    return text in source and len(WORD.findall(PLACEHOLDER.sub("", text))) >= SENTENCE


def _differences(language: str, message: Message, strings: list[str]) -> Iterator[str]:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    names, tags = set(PLACEHOLDER.findall(source)), sorted(TAG.findall(source))
    for text in strings:
        found = set(PLACEHOLDER.findall(text))
        if found - names or (not message.pluralizable and names - found):
            yield f"{language}: other placeholders: {message.id!r}"
        if sorted(TAG.findall(text)) != tags:
            yield f"{language}: other tags: {message.id!r}"


def same(one: Catalog, other: Catalog) -> bool:
    """Whether two templates hold the same strings in the same files."""
    return {(str(m.id), *sorted(f for f, _ in m.locations)) for m in one if m.id} == {
        (str(m.id), *sorted(f for f, _ in m.locations)) for m in other if m.id
    }


def update() -> None:
    """Brings new strings into each catalogue; what is no longer used goes."""
    template = extract()
    write(template, TEMPLATE)
    for language in languages():
        catalogue = read(path(language), language)
        # Read anew for each: new messages become the catalogue's own, and English would fill them in for all.
        catalogue.update(read(TEMPLATE), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if language == SOURCE_LANGUAGE:
            for message in catalogue:
                if message.id:
                    message.string = message.id
        write(catalogue, path(language))


def compile_all() -> None:
    """Writes the compiled catalogues that the app reads."""
    for language in languages():
        with path(language).with_suffix(".mo").open("wb") as stream:
            write_mo(stream, read(path(language), language))


def check() -> int:
    """Prints every problem; the number of them."""
    template = extract()
    found = (
        []
        if same(template, read(TEMPLATE))
        else ["messages.pot is not what the code says: run 'make strings'"]
    )
    for language in languages():
        found += problems(language, template)
    for line in found:
        print(line)  # noqa: T201  # a command
    return len(found)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["extract"]:
            write(extract(), TEMPLATE)
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            sys.exit(1 if check() else 0)
        case _:
            sys.exit(__doc__)

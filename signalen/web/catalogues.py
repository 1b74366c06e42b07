"""The catalogues: take strings from the code, bring them into each language, compile, and check.

Run as `python -m signalen.web.catalogues extract | update | compile | check | add LANGUAGE`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from signalen.web.fact_words import begin_facts, facts_problems
from signalen.web.languages import CATALOGUES, HOUSE, NOT_CHECKED, PHONE, catalogue_path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = CATALOGUES
TEMPLATE = FOLDER / "messages.pot"
SOURCE_LANGUAGE = "en"
"""Of the messages; public texts have Dutch as their source."""
SOURCE = "nl"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = 4
"""Words from which on the same text in two languages is no accident."""
TAG = re.compile(r"</?[a-z][^>]*>")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
OTHER_LETTERS = frozenset({"ar", "fa", "uk", "bg", "ru"})
"""In these languages a word in Latin letters is a name or a mistake."""
NAMES = frozenset(
    {"Signalen", "Antwerpen", "OCMW", "CAW", "VDAB", "Unia", "SMS", "QR", "PDF", "CSV", "JSON", "ICS", "JPEG"}
    | {"PNG", "WebP", "HEIC", "GDPR", "Atom", "https", "mail"}
)


def patterns(name: str) -> list[str]:
    """Patterns of files. `public`: what residents, the public and the panel see, complete in every language.

    `phone`: the screen that workers write on, complete in the languages of the phone.
    """
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def wanted_in(language: str) -> list[str]:
    """Patterns of the files whose words this language must have."""
    if language in HOUSE:
        return ["*"]
    return patterns("public") + (patterns("phone") if language in PHONE else [])


def stands_in(message: Message, files: list[str]) -> bool:
    """Whether this message stands in one of these files (patterns)."""
    return any(fnmatch(file, pattern) for file, _line in message.locations for pattern in files)


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


path = catalogue_path


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
    """What is wrong with one catalogue: missing, fuzzy, other placeholders or tags, words of another language, left-overs."""
    catalogue, files = read(path(language), language), wanted_in(language)
    dutch = {} if language in HOUSE else strings(read(path(SOURCE), SOURCE))
    for message in template:
        if not message.id:
            continue
        mine = catalogue.get(message.id)
        if mine is None:
            yield f"{language}: not in the catalogue: {message.id!r}"
            continue
        if mine.fuzzy:
            yield f"{language}: fuzzy: {message.id!r}"
        texts = _texts(mine)
        if any(texts) or stands_in(message, files):
            yield from _problems_of(language, message, texts, dutch.get(str(message.id), []))
    for message in catalogue:
        if message.id and template.get(message.id) is None:
            yield f"{language}: no longer used: {message.id!r}"


def _problems_of(language: str, message: Message, texts: list[str], dutch: list[str]) -> Iterator[str]:
    """What is wrong with one message that this language has, or must have."""
    if not all(texts) or (message.pluralizable and len(texts) != get_plural(language).num_plurals):
        yield f"{language}: missing: {message.id!r} ({', '.join(f for f, _ in message.locations)})"
        return
    if language != SOURCE_LANGUAGE:
        source = [message.id] if isinstance(message.id, str) else list(message.id)
        for text in texts:
            yield from (f"{language}: {why}: {message.id!r}" for why in leaks(language, text, source))
        if any(_is_sentence(text) and text in dutch for text in texts):
            yield f"{language}: still Dutch: {message.id!r}"
    yield from _differences(language, message, texts)


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def strings(catalogue: Catalog) -> dict[str, list[str]]:
    """The translations by the message."""
    return {str(message.id): _texts(message) for message in catalogue if message.id}


def leaks(language: str, text: str, source: Collection[str]) -> Iterator[str]:
    """How English shows in a text of another language: a copied sentence, or words of the source in other letters.

    Names may be the same in both; what stands in brackets behind a word is a name that people meet in Dutch.
    """
    if text in source and _is_sentence(text):
        yield "still English"
    if language in OTHER_LETTERS:
        found = set(LATIN_WORD.findall(TAG.sub(" ", PLACEHOLDER.sub(" ", text)))) - NAMES
        if found:
            yield f"other letters ({', '.join(sorted(found))})"


def _is_sentence(text: str) -> bool:
    return len(WORD.findall(PLACEHOLDER.sub("", text))) >= SENTENCE


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


def add(language: str) -> None:
    """Begins a language: a catalogue and a file for the facts, everything still empty. Refuses one that is there."""
    if path(language).exists():
        raise SystemExit(f"{language} is there already: {path(language)}")
    name = Locale.parse(language).get_display_name("en")
    begun = Catalog(
        locale=language,
        project="Signalen",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# Signalen: {name}.\n# {NOT_CHECKED}.",
    )
    begun.update(read(TEMPLATE), no_fuzzy_matching=True)
    write(begun, path(language))
    begin_facts(language)


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
        found += facts_problems(language)
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
        case ["add", language]:
            add(language)
        case _:
            sys.exit(__doc__)

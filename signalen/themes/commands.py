"""Commands of this room, registered in `signalen/cli.py`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlmodel import select

from signalen.core.db import Sessions
from signalen.core.errors import DomainError
from signalen.core.permissions import SYSTEM

from .expertise import load_organisations
from .models import Theme
from .operations import ImportResult, import_report, load_vocabulary, report_as_json
from .report import NotAReport, Report, parse_report

LARGEST_FILE = 8_000_000  # bytes; the report of a day with five hundred people is 65,000

_WHY = {
    "empty": "the file is empty",
    "no-groups": "there is no heading of a working group in it (as in 'Werkgroep 1: …' or '## Groep 1: …')",
    "no-proposals": "it has headings of groups, but no proposals under any of them",
}


def read_report(path: Path) -> Report:
    """The report in a file of plain text or Markdown.

    Raises `NotImportable` with a message for people when the file cannot be read or is none.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refused(path, "the file is too large for a report")
        held = path.read_bytes()
    except OSError as error:
        raise _refused(path, error.strerror or "the file cannot be read") from error
    if b"\0" in held:
        raise _refused(path, "the file is no text; save the document as plain text or Markdown first")
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = held.decode("cp1252", errors="replace")  # what an old word processor writes
    try:
        return parse_report(text)
    except NotAReport as error:
        raise _refused(path, _WHY[error.code]) from error


class NotImportable(click.ClickException):
    """The file is no report; the message says why and the command ends with 2."""

    exit_code = 2


def _refused(path: Path, why: str) -> NotImportable:
    return NotImportable(f"{path} is no working-group report that can be imported: {why}.")


@click.command("import-report")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--frame", default="staten-generaal-2020", show_default=True, help="The frame the groups belong to."
)
@click.option("--language", default="nl", show_default=True, help="The language of the report.")
@click.option("--dry-run", is_flag=True, help="Only read the file; no database is needed.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def import_report_command(file: Path, frame: str, language: str, *, dry_run: bool, as_json: bool) -> None:
    """Reads a working-group report into recommendations. Running it again adds nothing."""
    report = read_report(file)
    result = None if dry_run else _import(report, frame, language)
    if as_json:
        click.echo(json.dumps(report_as_json(report), ensure_ascii=False, indent=2))
        return
    click.echo(report.title)
    for place, group in enumerate(report.groups):
        new = f", {result.groups[place].added} new" if result else ""
        click.echo(f"{group.number:3}. {group.title}: {len(group.entries)} found{new}")
    found = sum(len(group.entries) for group in report.groups)
    added = f"{result.added} added to {frame}" if result else "nothing written (dry run)"
    click.echo(f"{found} proposals in {len(report.groups)} groups; {added}.")


def _import(report: Report, frame: str, language: str) -> ImportResult:
    sessions: Sessions = current_app.extensions["signalen.sessions"]
    with sessions.write() as session:
        try:
            result = import_report(session, report, frame_code=frame, language=language, actor=SYSTEM)
        except DomainError as error:
            raise click.UsageError(f"There is no frame {frame!r}; load the vocabulary first.") from error
        session.commit()
    return result


@click.group("vocabulary")
def vocabulary_command() -> None:
    """Themes, groups, barriers, places, frames and their names."""


@vocabulary_command.command("load")
def load_vocabulary_command() -> None:
    """Brings the vocabulary of the project into the database. Can run again at any time."""
    sessions: Sessions = current_app.extensions["signalen.sessions"]
    with sessions.write() as session:
        counts = load_vocabulary(session, actor=SYSTEM)
        session.commit()
    for table, count in counts.items():
        click.echo(f"{table}: {count} added or changed")


@click.group("directory")
def directory_command() -> None:
    """Organisations that the platform knows of."""


@directory_command.command("load")
@with_appcontext
def load_directory_command() -> None:
    """Brings the organisations that signed the ten proposals into the directory, as facts. Can run again at any time."""
    sessions: Sessions = current_app.extensions["signalen.sessions"]
    with sessions.write() as session:
        if session.exec(select(Theme.code).limit(1)).first() is None:
            raise click.UsageError("There are no themes yet; load the vocabulary first.")
        added = load_organisations(session, actor=SYSTEM)
        session.commit()
    click.echo(f"organisations: {added} added")

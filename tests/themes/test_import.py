from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlmodel import Session, col, select

from signalen.core.errors import DomainError
from signalen.core.models import Event
from signalen.core.permissions import SYSTEM
from signalen.people.models import Organisation
from signalen.themes.commands import import_report_command, vocabulary_command
from signalen.themes.models import OrganisationTheme, Recommendation, ThemesVerb
from signalen.themes.operations import import_report
from signalen.themes.queries import (
    frames_with_items,
    names,
    recommendations,
    recommendations_for_themes,
)
from signalen.themes.report import Group, Report, parse_report

DATA = Path(__file__).parent / "data"
FRAME = "staten-generaal-2020"


@pytest.fixture
def report() -> Report:
    return parse_report((DATA / "rivierstad.txt").read_text(encoding="utf-8"))


def put(session: Session, report: Report, frame: str = FRAME) -> int:
    return import_report(session, report, frame_code=frame, language="nl", actor=SYSTEM).added


def events(session: Session) -> int:
    imported = col(Event.verb) == ThemesVerb.REPORT_IMPORTED.value
    return session.exec(select(sa.func.count()).select_from(Event).where(imported)).one()


def test_a_report_becomes_recommendations_once(session: Session, report: Report) -> None:
    first = import_report(session, report, frame_code=FRAME, language="nl", actor=SYSTEM)
    assert [(group.number, group.found, group.added) for group in first.groups] == [
        (1, 5, 5),
        (2, 3, 3),
        (3, 4, 4),
        (4, 3, 3),
    ]
    assert put(session, report) == 0
    assert session.exec(select(sa.func.count()).select_from(Recommendation)).one() == 15
    assert events(session) == 1


def test_the_same_words_twice_in_a_group_are_one_recommendation(session: Session) -> None:
    report = Report("Proef", (Group(1, "wonen", ("Maak plaats.", "maak  PLAATS.", "Luister.")),))
    assert put(session, report) == 2


def test_a_group_the_frame_does_not_know_becomes_an_item_with_its_title(session: Session) -> None:
    assert put(session, Report("Proef", (Group(13, "dieren in de stad", ("Een weide.",)),))) == 1
    frame = next(frame for frame in frames_with_items(session, "fr") if frame.code == FRAME)
    assert (frame.items[-1].n, frame.items[-1].name) == (13, "dieren in de stad")
    assert names(session, "nl").frame_item(frame.items[-1].id) == "dieren in de stad"


def test_an_unknown_frame_is_refused_and_nothing_is_written(session: Session, report: Report) -> None:
    with pytest.raises(DomainError) as refused:
        put(session, report, "nergens")
    assert refused.value.code == "unknown-frame"
    assert events(session) == 0


def test_recommendations_are_found_by_frame_theme_and_words_and_paged_by_key(
    session: Session, report: Report
) -> None:
    put(session, report)
    page = recommendations(session, frame_code=FRAME, limit=10)
    rest = recommendations(session, frame_code=FRAME, after=page[-1].id, limit=10)
    assert [(row.n, row.position) for row in [*page, *rest]] == [
        (group.number, place) for group in report.groups for place, _ in enumerate(group.entries, start=1)
    ]
    assert recommendations(session, frame_code="zeven-b") == []
    assert [row.text for row in recommendations(session, text="BUUR niet-evidente")] == [
        "Niet-evidente oplossingen krijgen een kans, ook een niet-evidente buur."
    ]
    assert recommendations(session, text="100%_") == []
    assert any("energiescan" in row.text for row in recommendations(session, theme="energie"))
    assert page[0].source == "Ronde van Rivierstad"
    assert page[0].year == 2020


def test_a_recommendation_without_themes_of_its_own_follows_its_item(session: Session) -> None:
    put(session, Report("Proef", (Group(2, "samen", ("Xyzzy.", "Geef mensen een dokter en een tandarts.")),)))
    assert [row.text for row in recommendations(session, theme="inspraak")] == ["Xyzzy."]
    found = recommendations_for_themes(session, ["gezondheid", "inspraak"])
    assert [row.text for row in found] == ["Geef mensen een dokter en een tandarts.", "Xyzzy."]
    assert recommendations_for_themes(session, []) == []


def test_the_dry_run_prints_exactly_the_report_and_needs_no_database(report: Report) -> None:
    run = CliRunner().invoke(import_report_command, [str(DATA / "rivierstad.txt"), "--dry-run", "--json"])
    assert run.exit_code == 0
    found = json.loads(run.output)
    assert set(found) == {"title", "groups"}
    assert found["groups"][1] == {
        "number": 2,
        "title": "samen beslissen, samen dragen",
        "entries": list(report.groups[1].entries),
    }


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (b"", "empty"),
        (b"Beste buren, kom soep eten.", "no heading of a working group"),
        (b"Werkgroep 1: wonen\n\nVeel verteld.\n\nWerkgroep 2: school\n", "no proposals"),
        (b"PK\x03\x04\0\0", "no text"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_no_report_ends_with_two_and_says_why(
    tmp_path: Path, held: bytes | None, says: str
) -> None:
    path = tmp_path / "file.txt"
    if held is not None:
        path.write_bytes(held)
    run = CliRunner().invoke(import_report_command, [str(path), "--dry-run", "--json"])
    assert run.exit_code == 2
    assert run.stdout == ""
    assert says in run.stderr


def test_a_report_from_an_old_word_processor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "oud.txt"
    path.write_bytes("Werkgroep 1: wonen\n\nIdeeën\n\nEén sleutel voor iedereen.\n".encode("cp1252"))
    run = CliRunner().invoke(import_report_command, [str(path), "--dry-run", "--json"])
    assert json.loads(run.stdout)["groups"][0]["entries"] == ["Eén sleutel voor iedereen."]


def test_the_commands_write_once_and_say_what_they_did(app: Flask, store: Session) -> None:
    runner = app.test_cli_runner()
    with app.app_context():
        first = runner.invoke(import_report_command, [str(DATA / "rivierstad.txt")])
        assert first.exit_code == 0
        assert "1. warm wonen: 5 found, 5 new" in first.output
        assert "15 proposals in 4 groups; 15 added to staten-generaal-2020." in first.output
        again = runner.invoke(import_report_command, [str(DATA / "rivierstad.txt")])
        assert "15 proposals in 4 groups; 0 added" in again.output
        assert store.exec(select(sa.func.count()).select_from(Recommendation)).one() == 15
        store.rollback()  # lets go of the lock before the next command writes
        wrong = runner.invoke(import_report_command, [str(DATA / "rivierstad.txt"), "--frame", "nergens"])
        assert wrong.exit_code == 2
        loaded = runner.invoke(vocabulary_command, ["load"])
        assert loaded.exit_code == 0
        assert "theme: 0 added or changed" in loaded.output


def test_the_organisations_that_signed_stand_in_the_directory_once_and_know_their_themes(
    app: Flask, store: Session
) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["directory", "load"])
    assert "organisations: 46 added" in first.output
    assert "organisations: 0 added" in runner.invoke(args=["directory", "load"]).output
    known = store.exec(select(Organisation).where(Organisation.directory_only)).all()
    assert len(known) == 46
    assert store.exec(select(sa.func.count()).select_from(OrganisationTheme)).one() > 0

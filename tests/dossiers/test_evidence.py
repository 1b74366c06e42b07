from __future__ import annotations

from datetime import UTC, datetime

import pytest

from signalen.dossiers.operations import edit_dossier
from signalen.dossiers.queries import evidence, organisations_of
from signalen.dossiers.queries.lists import DossierFilters, choices, dossier_rows, links_of
from signalen.signals.models import People, Stage
from signalen.themes.queries import frame_items_for_themes
from tests.factories import dossier

pytestmark = pytest.mark.usefixtures("frozen")


def test_evidence_counts_by_theme_place_group_organisation_band_and_month(session, cast, make_read) -> None:
    signals = [
        make_read(themes=("mobiliteit", "gezondheid"), groups=("ouderen",), people=People.FEW),
        make_read(cast.dre, themes=("mobiliteit",), place="hoboken", groups=("ouderen", "armoede")),
        make_read(place=None, received_at=datetime(2026, 9, 3, 9, tzinfo=UTC)),
    ]
    made = dossier(session, cast, signals=signals, ready=False)
    found = evidence(session, made)
    assert found.total == 3
    assert found.themes == [("mobiliteit", 3), ("gezondheid", 1)]
    assert found.places == [("borgerhout", 1), ("hoboken", 1), (None, 1)]
    assert found.groups == [("ouderen", 2), ("armoede", 1)]
    assert found.organisations == [("Huis Linde", 2), ("Jeugdhuis Kaai", 1)]
    assert found.organisations_named == 2
    assert found.people == [("2-5", 1), (None, 2)]
    assert found.months == [("2026-09", 1), ("2026-11", 2)]
    assert [name for _, name in organisations_of(session, made)] == ["Huis Linde", "Jeugdhuis Kaai"]


def test_the_list_is_narrowed_and_paged_by_key(session, cast, make_read) -> None:
    bart = cast.actor(cast.bart)
    first = dossier(session, cast, title="De bus", signals=[make_read()], themes=["mobiliteit"], ready=False)
    second = dossier(session, cast, title="Het loket", ready=False)
    rows = dossier_rows(session, bart, DossierFilters())
    assert [(row.title, row.signals, row.lead) for row in rows] == [
        ("Het loket", 0, "Bart"),
        ("De bus", 1, "Bart"),
    ]
    assert [row.id for row in dossier_rows(session, bart, DossierFilters(), after=second.id)] == [first.id]
    for filters, titles in (
        (DossierFilters(text="bus"), ["De bus"]),
        (DossierFilters(theme="mobiliteit"), ["De bus"]),
        (DossierFilters(lead_id=cast.sofie.id), []),
        (DossierFilters(stage=Stage.ASKED), []),
        (DossierFilters(text="100%"), []),
    ):
        assert [row.title for row in dossier_rows(session, bart, filters)] == titles
    assert dossier_rows(session, cast.actor(cast.amina), DossierFilters()) == []
    assert [i for i, _ in choices(session, bart, theme_codes=["mobiliteit"])] == [first.id, second.id]


def test_a_dossier_stands_on_themes_and_parts_of_frames(session, cast) -> None:
    made = dossier(session, cast, ready=False, themes=["wonen"])
    items = frame_items_for_themes(session, ["wonen"])
    edit_dossier(session, made, frame_items=items, themes=["wonen", "energie"], actor=cast.actor(cast.bart))
    links = links_of(session, made.id)
    assert set(links.frame_items) == set(items)
    assert links.themes == ("energie", "wonen")
    edit_dossier(session, made, frame_items=[], actor=cast.actor(cast.bart))
    assert links_of(session, made.id).frame_items == ()

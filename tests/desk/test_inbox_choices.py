"""What can be chosen around the list of signals: two kinds of choices in one statement, each in its own order."""

from __future__ import annotations

import pytest

from signalen.desk.inbox_choices import choices
from signalen.dossiers.queries import lists
from signalen.people.models import Organisation
from signalen.people.queries import organisations
from tests import factories


@pytest.fixture
def made(session, cast):
    """The ids of three dossiers, the newest first, whose titles run against their age; organisations, out of order."""
    session.add_all(
        [
            Organisation(name="Zorg aan Zet"),
            Organisation(name="Atelier"),
            Organisation(name="Gesloten huis", active=False),
        ]
    )
    titles = ("Zonder zetel in de bus", "Midden", "Aan de deur")
    found = [factories.dossier(session, cast, title=title, ready=False) for title in titles]
    return sorted((each.id for each in found), reverse=True)


def test_they_are_what_each_room_says_by_itself(session, cast, made) -> None:
    staff = cast.actor(cast.bart)
    known, dossiers = choices(session, staff, dossiers=20)
    assert list(known) == organisations(session)
    assert list(dossiers) == lists.choices(session, staff)
    assert [key for key, _ in dossiers] == made
    assert "Gesloten huis" not in dict(known).values()


def test_the_newest_dossiers_come_and_no_more_than_asked(session, cast, made) -> None:
    _, dossiers = choices(session, cast.actor(cast.bart), dossiers=2)
    assert [key for key, _ in dossiers] == made[:2]


def test_who_may_not_see_dossiers_gets_none(session, cast, made) -> None:
    known, dossiers = choices(session, cast.actor(cast.amina), dossiers=20)
    assert known
    assert not dossiers


def test_a_new_organisation_stands_there_at_once(session, cast) -> None:
    choices(session, cast.actor(cast.bart), dossiers=20)
    session.add(Organisation(name="Nieuw huis"))
    session.flush()
    known, _ = choices(session, cast.actor(cast.bart), dossiers=20)
    assert "Nieuw huis" in dict(known).values()

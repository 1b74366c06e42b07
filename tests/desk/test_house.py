"""The steward's house: people, roles, mandates, organisations, bodies, clocks."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from signalen.core.errors import DomainError
from signalen.core.models import OutboxMessage
from signalen.core.permissions import Role
from signalen.people import directory
from signalen.people.clocks import ClockName, due
from signalen.people.models import Body, Membership, Organisation, User
from signalen.themes.expertise import load_organisations
from signalen.themes.models import OrganisationTheme


@pytest.fixture
def steward(as_, people):
    return as_(people.stijn)


def test_the_directory_holds_the_46_that_signed_and_loading_again_adds_none(session, cast) -> None:
    actor = cast.actor(cast.stijn)
    assert load_organisations(session, actor=actor) == 46
    assert load_organisations(session, actor=actor) == 0
    rows = session.exec(select(Organisation).where(Organisation.directory_only)).all()
    assert len(rows) == 46
    assert session.exec(select(OrganisationTheme)).first() is not None


def test_a_role_without_its_place_is_refused(session, cast) -> None:
    actor = cast.actor(cast.stijn)
    refused = {
        "organisation-needed": {"role": Role.WORKER},
        "body-needed": {"role": Role.CITY},
        "mandate-role": {"role": Role.PANEL, "may_agree": True},
    }
    for code, values in refused.items():
        with pytest.raises(DomainError) as error:
            directory.add_membership(session, cast.emma, actor=actor, **values)
        assert error.value.code == code
    with pytest.raises(DomainError):
        directory.add_membership(
            session, cast.amina, Role.CITY, body_id=cast.loket.id, may_read_sensitive=True, actor=actor
        )


def test_the_last_steward_stays(session, cast) -> None:
    with pytest.raises(DomainError) as error:
        directory.stop_user(session, cast.stijn, actor=cast.actor(cast.stijn))
    assert error.value.code == "last-steward"


def test_a_changed_clock_is_for_new_dates_and_a_municipality_has_its_own(session, cast) -> None:
    actor, monday = cast.actor(cast.stijn), date(2026, 11, 16)
    assert due(session, ClockName.READ, monday) == date(2026, 11, 23)
    directory.set_setting(session, ClockName.ANSWER, 10, municipality="antwerpen", actor=actor)
    assert due(session, ClockName.ANSWER, monday, municipality="antwerpen") == date(2026, 11, 30)
    assert due(session, ClockName.ANSWER, monday) > date(2026, 12, 20)


def test_the_steward_invites_a_worker_who_gets_a_link(steward, people, store) -> None:
    data = {
        "name": "Fatima",
        "email": "Fatima@Example.org",
        "role": "worker",
        "organisation": str(people.kaai.id),
    }
    assert steward.post("/house/people", data=data).status_code == 303
    made = store.exec(select(User).where(User.email == "fatima@example.org")).one()
    role = store.exec(select(Membership).where(Membership.user_id == made.id)).one()
    assert (role.role, role.organisation_id) == (Role.WORKER, people.kaai.id)
    assert (
        store.exec(select(OutboxMessage).where(OutboxMessage.recipient_id == made.id)).one().kind
        == "user-invitation"
    )


def test_a_refused_invitation_leaves_nobody_behind_and_keeps_what_was_typed(steward, store) -> None:
    answer = steward.post(
        "/house/people", data={"name": "Fatima", "email": "f@example.org", "role": "worker"}
    )
    assert answer.status_code == 422
    assert 'value="f@example.org"' in answer.text
    assert store.exec(select(User).where(User.email == "f@example.org")).first() is None


def test_the_steward_changes_organisations_bodies_and_clocks(steward, people, store) -> None:
    assert (
        steward.post(
            "/house/organisations", data={"name": "Buurtpunt", "themes": ["wonen", "nonsense"]}
        ).status_code
        == 303
    )
    assert steward.post("/house/organisations", data={"name": "Buurtpunt"}).status_code == 422
    made = store.exec(select(Organisation).where(Organisation.name == "Buurtpunt")).one()
    known = store.exec(
        select(OrganisationTheme.theme_code).where(OrganisationTheme.organisation_id == made.id)
    ).all()
    assert list(known) == ["wonen"]
    store.rollback()
    answer = steward.post(
        "/house/bodies",
        data={"name": "Kabinet", "level": "stad", "municipality": "antwerpen", "email": "bad"},
    )
    assert answer.status_code == 422
    answer = steward.post(f"/house/bodies/{people.loket.id}", data={"name": "Loketten", "level": "stad"})
    assert answer.status_code == 303
    assert steward.post("/house/clocks", data={"clock-read:": "0"}).status_code == 422
    store.expire_all()
    assert not store.exec(select(Body).where(col(Body.name) == "Loketten")).one().active


@pytest.mark.parametrize(
    "address",
    ["/house", "/house/people", "/house/organisations", "/house/bodies", "/house/clocks", "/account"],
)
def test_every_page_of_the_house_opens(steward, address) -> None:
    assert steward.get(address).status_code == 200


def test_a_stopped_person_is_signed_out_and_the_steward_cannot_stop_herself(steward, as_, people) -> None:
    amina = as_(people.amina)
    assert steward.post(f"/house/people/{people.amina.id}/stop").status_code == 303
    assert amina.get("/account").status_code == 303
    assert steward.post(f"/house/people/{people.stijn.id}/stop").status_code == 404

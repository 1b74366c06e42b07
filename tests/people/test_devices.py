"""Phones that may send for one person, and nothing else."""

from __future__ import annotations

import pytest
from sqlmodel import select

from signalen.core.errors import NotAllowed
from signalen.core.models import Event
from signalen.core.permissions import SYSTEM
from signalen.people.devices import (
    add_device,
    device_name,
    device_state,
    devices_of,
    find_device,
    revoke_device,
)
from signalen.people.directory import stop_user
from signalen.people.models import Device, PeopleVerb
from signalen.people.operations import end_sign_in, set_password, sign_out_everywhere, start_sign_in
from tests.factories import PASSWORD
from tests.support.phone import Phone

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (ANDROID, "Android · Chrome"),
        (IPHONE, "iPhone · Safari"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Android · Firefox"),
        (ANDROID.replace("Chrome", "SamsungBrowser/28.0 Chrome"), "Android · Samsung Internet"),
        (ANDROID + " EdgA/140.0", "Android · Edge"),
        ("Mozilla/5.0 (iPhone) CriOS/140.0 Safari/604.1", "iPhone · Chrome"),
        ("something/1.0", ""),
        ("", ""),
        ("<script>" * 9000, ""),
    ],
    ids=lambda text: text[:30],
)
def test_a_phone_has_a_name_by_which_its_person_knows_it(user_agent, name) -> None:
    assert device_name(user_agent) == name


def test_the_phone_holds_a_token_and_the_database_only_its_hash(session, cast) -> None:
    token = add_device(session, "Android", actor=cast.actor(cast.amina))
    row = session.exec(select(Device)).one()
    assert token.encode() not in row.token_hash
    actor, device_id, stale = device_state(session, token)
    assert (actor.id, device_id, stale) == (cast.amina.id, row.id, False)
    assert actor.organisations == {cast.linde.id}
    assert device_state(session, token + "x") is None
    assert session.exec(select(Event.verb).where(Event.subject_id == row.id)).all() == [
        PeopleVerb.DEVICE_ADDED
    ]


@pytest.mark.parametrize("who", ["chloe", "emma", "stijn"])
def test_who_records_no_signals_adds_no_phone(session, cast, who) -> None:
    with pytest.raises(NotAllowed):
        add_device(session, "Android", actor=cast.actor(getattr(cast, who)))


MAY_SEE = {
    "amina": True,
    "stijn": True,
    "dre": False,
    "bart": False,
    "sofie": False,
    "chloe": False,
    "emma": False,
}


@pytest.mark.parametrize(("who", "may"), MAY_SEE.items())
def test_a_phone_is_seen_and_stopped_by_its_person_and_the_steward(session, cast, who, may) -> None:
    token = add_device(session, "Android", actor=cast.actor(cast.amina))
    actor, device = cast.actor(getattr(cast, who)), session.exec(select(Device)).one()
    assert [each.id for each in devices_of(session, cast.amina.id, actor)] == ([device.id] if may else [])
    assert (find_device(session, cast.amina.id, device.id, actor) is not None) is may
    assert find_device(session, cast.dre.id, device.id, cast.actor(cast.stijn)) is None
    if may:
        revoke_device(session, device, actor=actor)
        revoke_device(session, device, actor=actor)
        revoked = select(Event).where(Event.verb == PeopleVerb.DEVICE_REVOKED)
        assert len(session.exec(revoked).all()) == 1
    else:
        with pytest.raises(NotAllowed):
            revoke_device(session, device, actor=actor)
    assert (device_state(session, token) is None) is may


def everywhere(session, cast) -> None:
    sign_out_everywhere(session, cast.amina, actor=cast.actor(cast.amina))


def stopped(session, cast) -> None:
    stop_user(session, cast.amina, actor=cast.actor(cast.stijn))


def stopped_by_a_command(session, cast) -> None:
    stop_user(session, cast.amina, actor=SYSTEM)


def here(session, cast) -> None:
    end_sign_in(session, start_sign_in(session, cast.amina), actor=cast.actor(cast.amina))


def new_password(session, cast) -> None:
    set_password(session, cast.amina, PASSWORD, actor=cast.actor(cast.amina))


@pytest.mark.parametrize(
    ("happens", "sends"),
    [
        (everywhere, False),
        (stopped, False),
        (stopped_by_a_command, False),
        (here, True),
        (new_password, False),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_what_waits_on_a_phone_arrives_after_a_sign_out_and_not_after_a_sign_out_everywhere(
    session, cast, happens, sends
) -> None:
    tokens = [add_device(session, "Android", actor=cast.actor(cast.amina)) for _ in range(2)]
    others = add_device(session, "iPhone", actor=cast.actor(cast.dre))
    happens(session, cast)
    session.flush()
    assert [device_state(session, token) is not None for token in tokens] == [sends, sends]
    assert device_state(session, others) is not None


def test_a_person_stops_a_phone_on_the_page_of_their_account(app, as_, people, store) -> None:
    phone = Phone(app, as_(people.amina))
    device = store.exec(select(Device.id)).one()
    store.close()
    address = f"/account/devices/{device}/revoke"
    assert address in phone.signed_in.get("/account").text
    assert as_(people.dre).post(address).status_code == 404
    assert as_(people.stijn).post(address).status_code == 404
    assert phone.send().status_code == 201
    assert phone.signed_in.post(address).status_code == 303
    assert phone.send().status_code == 401
    assert address not in phone.signed_in.get("/account").text
    assert phone.signed_in.post(address).status_code == 404


def test_the_steward_stops_a_phone_on_the_page_of_its_person(app, as_, people, store) -> None:
    phone, steward = Phone(app, as_(people.amina)), as_(people.stijn)
    device = store.exec(select(Device.id)).one()
    store.close()
    address = f"/house/people/{people.amina.id}/devices/{device}/revoke"
    assert address in steward.get(f"/house/people/{people.amina.id}").text
    assert steward.post(address.replace(str(people.amina.id), str(people.dre.id))).status_code == 404
    assert as_(people.bart).post(address).status_code == 404
    assert steward.post(address).status_code == 303
    assert phone.send().status_code == 401

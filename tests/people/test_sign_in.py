"""Signing in, staying in, getting out."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlmodel import select

from signalen.core import clock
from signalen.core.models import OutboxMessage
from signalen.core.permissions import SYSTEM
from signalen.people.directory import stop_user
from signalen.people.links import find_link, link_token, send_link, use_link
from signalen.people.models import AccessLink, LinkPurpose, SignIn, User
from signalen.people.operations import set_password, start_sign_in
from signalen.people.queries import ABSOLUTE, IDLE, actor_for_token, is_alive
from tests.factories import PASSWORD

NOW = clock.now()


def test_a_sign_in_ends_after_half_an_hour_of_silence_for_staff_and_four_hours_for_a_phone() -> None:
    for phone_only, idle in IDLE.items():
        assert is_alive(NOW, NOW, phone_only=phone_only, now=NOW + idle - timedelta(seconds=1))
        assert not is_alive(NOW, NOW, phone_only=phone_only, now=NOW + idle)


def test_a_sign_in_ends_after_twelve_hours_however_busy() -> None:
    busy = NOW + ABSOLUTE - timedelta(seconds=1)
    assert is_alive(NOW, busy, phone_only=False, now=busy)
    assert not is_alive(NOW, busy, phone_only=False, now=NOW + ABSOLUTE)


def test_the_cookie_holds_a_token_and_the_database_only_its_hash(session, cast) -> None:
    token = start_sign_in(session, cast.amina)
    row = session.exec(select(SignIn)).one()
    assert token.encode() not in row.token_hash
    assert actor_for_token(session, token).id == cast.amina.id
    assert actor_for_token(session, token + "x") is None


def test_someone_who_is_stopped_is_out_at_once(session, cast) -> None:
    token = start_sign_in(session, cast.amina)
    stop_user(session, cast.amina, actor=cast.actor(cast.stijn))
    session.flush()
    assert actor_for_token(session, token) is None


def test_a_new_password_signs_out_everywhere_else(session, cast) -> None:
    token = start_sign_in(session, cast.amina)
    set_password(session, cast.amina, PASSWORD, actor=cast.actor(cast.amina))
    assert actor_for_token(session, token) is None


def test_a_link_works_once_and_a_newer_one_replaces_it(session, cast, vault) -> None:
    first = send_link(session, cast.amina, LinkPurpose.RESET)
    second = send_link(session, cast.amina, LinkPurpose.RESET)
    assert find_link(session, vault, link_token(vault, first.id)) is None
    token = link_token(vault, second.id)
    use_link(session, vault, token, PASSWORD)
    session.flush()
    assert find_link(session, vault, token) is None


def test_the_outbox_holds_no_secret_of_a_link(session, cast, vault) -> None:
    link = send_link(session, cast.amina, LinkPurpose.INVITATION)
    message = session.exec(select(OutboxMessage)).one()
    assert message.params == {"link": str(link.id)}
    assert link_token(vault, link.id) not in str(message.params)


def test_a_link_that_was_tampered_with_looks_like_none(session, cast, vault) -> None:
    token = link_token(vault, send_link(session, cast.amina, LinkPurpose.RESET).id)
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], "", "é" * 20, "x" * 4000):
        assert find_link(session, vault, wrong) is None


def sign_in(client, email: str, password: str, **extra):
    return client.post("/sign-in", data={"email": email, "password": password, **extra})


def with_password(store, user) -> None:
    set_password(store, store.get(User, user.id), PASSWORD, actor=SYSTEM)
    store.commit()


def test_a_person_signs_in_and_lands_where_they_work(client, people, store) -> None:
    with_password(store, people.bart)
    answer = sign_in(client, people.bart.email.upper(), PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")


def bare(answer, email: str) -> str:
    """The page without what must differ: the address that was typed and the token of the form."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(email, ""))


def test_wrong_and_unknown_look_the_same(client, people, store) -> None:
    with_password(store, people.bart)
    wrong = sign_in(client, people.bart.email, "x" * 20)
    unknown = sign_in(client, "nobody@example.org", "x" * 20)
    assert wrong.status_code == unknown.status_code == 422
    assert bare(wrong, people.bart.email) == bare(unknown, "nobody@example.org")


def test_the_sixth_wrong_try_in_a_minute_waits(client, people) -> None:
    answers = [sign_in(client, "nobody@example.org", "x" * 20) for _ in range(6)]
    assert [a.status_code for a in answers] == [422] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_nobody_is_sent_to_another_site_after_signing_in(client, people, store) -> None:
    with_password(store, people.bart)
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "/desk\n//evil"):
        assert sign_in(client, people.bart.email, PASSWORD, next=target).headers["Location"] == "/desk"


def test_a_demo_person_signs_in_on_loopback_only(client, people, store) -> None:
    with_password(store, people.bart)
    bart = store.get(User, people.bart.id)
    bart.demo = True
    store.add(bart)
    store.commit()
    data = {"email": bart.email, "password": PASSWORD}
    assert client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 422
    assert client.post("/sign-in", data=data, headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 422
    assert client.post("/sign-in", data=data).status_code == 303


def test_signing_out_ends_it_on_the_server_too(as_, people, store) -> None:
    client = as_(people.bart)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert client.post("/sign-out").status_code == 303
    assert actor_for_token(store, token) is None


def test_asking_for_a_link_says_the_same_for_known_and_unknown(client, people, store) -> None:
    with_password(store, people.bart)
    known = client.post("/forgotten", data={"email": people.bart.email})
    unknown = client.post("/forgotten", data={"email": "nobody@example.org"})
    assert known.data == unknown.data
    assert len(store.exec(select(AccessLink)).all()) == 1


def test_being_busy_keeps_a_sign_in_alive_and_silence_ends_it(as_, people) -> None:
    start = clock.now()
    client = as_(people.bart)
    for minutes in (20, 40, 60):
        with clock.travel(start + timedelta(minutes=minutes)):
            assert client.get("/account").status_code == 200
    with clock.travel(start + timedelta(minutes=91)):
        assert client.get("/account").status_code == 303

"""What a phone sent and nobody could choose: kept, and looked at by a person."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from sqlmodel import col, select

from signalen.core import clock
from signalen.core.errors import Conflict, DomainError, NotAllowed
from signalen.core.models import Event
from signalen.core.permissions import Role
from signalen.desk.waiting import piles
from signalen.signals import sending
from signalen.signals.labels import FIELDS as FIELD_NAMES
from signalen.signals.models import Channel, Signal, SignalAgain, SignalText, SignalVerb, Todo, TodoKind
from signalen.signals.operations import Placement, correct, place, shield, unshield, withdraw
from signalen.signals.phone_forms import FIELDS
from signalen.signals.reading import recently_recorded
from signalen.signals.sending import known_to, record_again, record_sent, too_many_sent
from signalen.signals.todos import due, find_todo, open_todos, repeats, settle_todo
from signalen.themes.queries import names
from tests import factories

WORDS = "Drie gezinnen wachten al maanden op kinderopvang."
NAMED = "Mevrouw Peeters belt naar 0470 12 34 56."


@pytest.fixture
def send(session, cast, vault):
    """Sends fields from a phone of a person, Amina unless said otherwise; gives the signal."""

    def sends(who=None, /, beside=None, **fields) -> Signal:
        actor = cast.actor(who or cast.amina)
        known = known_to(names(session, "nl"), actor)
        record = {"form": 3, "fields": {"text": WORDS, **fields}} | (beside or {})
        return record_sent(session, vault, uuid.uuid4(), record, known, actor=actor).signal

    return sends


def kinds(session, signal) -> list[tuple[str, str]]:
    query = select(Todo).where(Todo.signal_id == signal.id, col(Todo.done_at).is_(None))
    return sorted((todo.kind.value, todo.field or "") for todo in session.exec(query))


def verbs(session, verb: str) -> list[Event]:
    return list(session.exec(select(Event).where(Event.verb == verb)).all())


def test_every_field_of_the_form_has_a_name() -> None:
    assert FIELDS | {"organisation", "again_of", "fields"} == set(FIELD_NAMES)


def test_what_was_sent_is_sealed_and_opened_for_who_may_see_the_signal(session, cast, vault, send) -> None:
    made = send(district="Op de hoek bij Jan", theme=["vliegen"])
    rows = session.exec(select(Todo)).all()
    assert all(b"Jan" not in (row.detail_sealed or b"") for row in rows)
    for who, sees in (
        (cast.amina, True),
        (cast.bart, True),
        (cast.sofie, True),
        (cast.dre, False),
        (cast.chloe, False),
    ):
        found = open_todos(session, vault, made, cast.actor(who))
        assert [todo.detail for todo in found] == (["Op de hoek bij Jan", '["vliegen"]'] if sees else []), (
            who.name
        )


def test_the_todos_of_a_sensitive_signal_are_for_named_readers_and_its_worker(
    session, cast, vault, send
) -> None:
    made = send(sensitive=True, district="maan")
    nadia = factories.user(session, "Nadia")
    factories.member(session, nadia, Role.WORKER, organisation_id=cast.linde.id)
    for who, sees in (
        (cast.amina, True),
        (cast.bart, True),
        (cast.sofie, False),
        (nadia, False),
        (cast.stijn, False),
    ):
        actor = cast.actor(who)
        assert bool(open_todos(session, vault, made, actor)) is sees, who.name
        assert bool(due(session, actor, clock.today())) is (who is not cast.stijn and sees), who.name


def test_staff_looks_at_one_and_what_was_sent_goes(session, cast, vault, send) -> None:
    made, other = send(district="maan", people="17"), send()
    first = session.exec(select(Todo).where(Todo.field == "district")).one()
    assert find_todo(session, other, first.id) is None
    assert find_todo(session, made, first.id) is first
    settle_todo(session, first, made, actor=cast.actor(cast.sofie))
    assert (first.detail_sealed, first.detail_key, first.done_by) == (None, None, cast.sofie.id)
    assert kinds(session, made) == [("unknown-value", "people")]
    assert find_todo(session, made, first.id) is None
    assert [event.data for event in verbs(session, SignalVerb.TODO_DONE)] == [{"kinds": ["unknown-value"]}]


@pytest.mark.parametrize("who", ["amina", "dre", "chloe", "emma", "stijn"])
def test_only_staff_settles_one_by_hand(session, cast, send, who) -> None:
    made = send(district="maan")
    todo = session.exec(select(Todo)).one()
    with pytest.raises(NotAllowed):
        settle_todo(session, todo, made, actor=cast.actor(getattr(cast, who)))


def test_other_words_settle_what_was_wrong_with_the_words(session, cast, vault, send) -> None:
    for fields in ({"text": ""}, {"text": NAMED}, {"text": "woord " * 2000}, {"text": ["x"]}):
        made = send(district="maan", **fields)
        assert len(kinds(session, made)) >= 2
        correct(session, vault, made, WORDS, actor=cast.actor(cast.amina))
        assert kinds(session, made) == [("unknown-value", "district")]
    by_place = send(neighbourhood="Bij jan@example.org")
    correct(session, vault, by_place, WORDS, actor=cast.actor(cast.amina))
    assert kinds(session, by_place) == [("personal-data", "neighbourhood")]


def test_placing_settles_the_choices_that_were_made_anew(session, cast, send) -> None:
    made = send(
        theme=["vliegen"],
        suggested=["x"],
        groups=["reuzen"],
        district="maan",
        people="17",
        neighbourhood="x" * 99,
    )
    place(session, made, Placement(themes=("gezin",), neighbourhood="Noord"), actor=cast.actor(cast.bart))
    assert kinds(session, made) == [
        ("unknown-value", "district"),
        ("unknown-value", "groups"),
        ("unknown-value", "people"),
    ]


def test_a_change_that_puts_nothing_right_says_nothing(session, cast, vault, send) -> None:
    made = send()
    correct(session, vault, made, WORDS, actor=cast.actor(cast.amina))
    place(session, made, Placement(themes=("gezin",)), actor=cast.actor(cast.bart))
    assert verbs(session, SignalVerb.TODO_DONE) == []


def test_what_waits_is_on_the_page_of_today_by_its_number(session, cast, vault, send) -> None:
    made, gone, _fine = send(text="", district="maan"), send(text=""), send()
    withdraw(session, gone, actor=cast.actor(cast.amina))
    rows = due(session, cast.actor(cast.bart), clock.today())
    assert [(row.title, row.reference) for row in rows] == [(made.reference, made.reference)]
    found = {pile.kind: pile.count for pile in piles(session, cast.actor(cast.bart), clock.today())}
    assert found["to-look-at"] == 1


def test_nothing_incomplete_is_refused_and_what_it_may_not_be_used_for_stands(session, send) -> None:
    made = send(text="", on_behalf=True, quote=True, hears_back="contact")
    assert (made.channel, made.may_use_at, made.may_quote_at) == (Channel.ON_BEHALF, None, None)
    assert kinds(session, made) == [("no-words", ""), ("not-agreed", ""), ("unknown-value", "hears_back")]


def test_personal_data_that_was_kept_is_in_the_log_by_kind_and_number_without_a_word(session, send) -> None:
    made = send(text=NAMED, as_it_is=True, beside={"overruled": ["name"]})
    (event,) = verbs(session, SignalVerb.PERSONAL_DATA_KEPT)
    assert (event.subject_id, event.data) == (made.id, {"kinds": ["name", "phone"], "counts": [1, 1]})
    assert "Peeters" not in json.dumps(event.data)
    assert kinds(session, made) == []


HOSTILE = [
    {"text": "\0" * 50 + "woord" + "\ud800"},
    {"text": "\u202e\u2066niet\u200b\ufeff", "neighbourhood": "\u202e" * 500},
    {"text": "🙈" * 40_000, "language": "\0"},
    {"text": "x" * 180_000},
    {"on_behalf": True, "agreed_how": "é" * 5000, "happened_on": "0001-01-01", "people": {"\0": "\ud800"}},
    dict.fromkeys(sorted(FIELDS), "\0\ud800"),
    {name: ["\0", {"\ud800": [None]}] for name in sorted(FIELDS)},
    dict.fromkeys(sorted(FIELDS), 10**300),
]


@pytest.mark.parametrize("fields", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_are_kept_on_both_engines(session, cast, vault, fields) -> None:
    amina = cast.actor(cast.amina)
    known = known_to(names(session, "nl"), amina)
    beside = {
        "organisation": "\0",
        "again_of": "\ud800",
        "overruled": ["\0"],
        "form": "\ud800",
        "\ud800": "\0",
    }
    for record in ({"form": 3, "fields": fields}, beside | {"fields": fields}, fields | beside):
        key = uuid.uuid4()
        one, two = (record_sent(session, vault, key, record, known, actor=amina) for _ in range(2))
        session.flush()
        assert (one.fresh, two.fresh, one.signal.id) == (True, False, two.signal.id)
        assert one.todos == two.todos == len(open_todos(session, vault, one.signal, amina))


def test_what_a_person_sent_lately_is_theirs_and_counts_for_ten_minutes(
    session, cast, send, monkeypatch
) -> None:
    monkeypatch.setattr(sending, "MOST_SENT", 3)
    amina, dre = cast.actor(cast.amina), cast.actor(cast.dre)
    made = [send(), send(cast.dre), send(), send(sensitive=True)]
    assert (too_many_sent(session, amina), too_many_sent(session, dre)) == (True, False)
    with clock.travel(clock.now() + sending.WITHIN + timedelta(seconds=1)):
        assert not too_many_sent(session, amina)
    mine = [each.reference for each in (made[3], made[2], made[0])]
    assert sorted(row.reference for row in recently_recorded(session, amina, 8)) == sorted(mine)
    assert len(recently_recorded(session, amina, 2)) == 2
    assert [row.reference for row in recently_recorded(session, dre, 8)] == [made[1].reference]
    assert recently_recorded(session, cast.actor(cast.bart), 8) == []


# The same worry again.


def test_the_same_worry_again_is_a_signal_of_its_own_that_points_at_the_first(
    session, cast, vault, send
) -> None:
    first = send(
        theme=["gezin"],
        district="deurne",
        groups=["gezinnen"],
        barriers=["wachten"],
        kind="klacht",
        language="fr",
    )
    again = send(beside={"again_of": str(first.id), "fields": {}})
    assert again.id != first.id
    assert again.giver_id != first.giver_id
    assert (again.place_code, again.kind, again.language) == ("deurne", first.kind, "fr")
    assert session.exec(select(SignalText.words).where(SignalText.signal_id == again.id)).one() == WORDS
    assert session.exec(select(SignalAgain)).one().again_of == first.id
    assert repeats(session, again, cast.actor(cast.sofie)) == (first.id, first.reference)
    assert repeats(session, first, cast.actor(cast.sofie)) is None
    assert kinds(session, again) == []


def test_a_sensitive_worry_again_is_sensitive_and_its_number_is_met_by_nobody_else(
    session, cast, vault, send
) -> None:
    first = send()
    shield(session, vault, first, actor=cast.actor(cast.bart))
    again = send(beside={"again_of": str(first.id), "fields": {}})
    assert (again.sensitive, again.sensitive_asked) == (True, False)
    assert session.exec(select(SignalText.words).where(SignalText.signal_id == again.id)).one() is None
    unshield(session, vault, again, actor=cast.actor(cast.bart))
    assert repeats(session, again, cast.actor(cast.sofie)) is None
    assert repeats(session, again, cast.actor(cast.bart)) == (first.id, first.reference)


def of_another_organisation(session, cast, vault, send) -> Signal:
    return send(cast.dre)


def of_a_colleague_and_sensitive(session, cast, vault, send) -> Signal:
    nadia = factories.user(session, "Nadia")
    factories.member(session, nadia, Role.WORKER, organisation_id=cast.linde.id)
    return send(nadia, sensitive=True)


def of_a_resident(session, cast, vault, send) -> Signal:
    return factories.signal(session, vault)


def taken_back(session, cast, vault, send) -> Signal:
    made = send()
    withdraw(session, made, actor=cast.actor(cast.amina))
    return made


@pytest.mark.parametrize(
    "first",
    [of_another_organisation, of_a_colleague_and_sensitive, of_a_resident, taken_back],
    ids=lambda f: f.__name__,
)
def test_what_is_not_yours_or_was_taken_back_is_not_repeated_and_nothing_is_lost(
    session, cast, vault, send, first
) -> None:
    found = first(session, cast, vault, send)
    again = send(beside={"again_of": str(found.id)})
    assert kinds(session, again) == [("unknown-value", "again_of")]
    assert session.exec(select(SignalAgain)).all() == []
    assert session.exec(select(SignalText.words).where(SignalText.signal_id == again.id)).one() == WORDS
    with pytest.raises(DomainError):
        record_again(
            session,
            vault,
            found,
            known_to(names(session, "nl"), cast.actor(cast.amina)),
            key=uuid.uuid4(),
            actor=cast.actor(cast.amina),
        )


def test_one_tap_repeats_a_signal_once_per_key(session, cast, vault, send) -> None:
    first, key, amina = send(hears_back="card"), uuid.uuid4(), cast.actor(cast.amina)
    known = known_to(names(session, "nl"), amina)
    one, two = (record_again(session, vault, first, known, key=key, actor=amina) for _ in range(2))
    assert (one.signal.id, one.fresh, two.fresh) == (two.signal.id, True, False)
    assert not one.card
    assert one.signal.giver_id != first.giver_id
    with pytest.raises(Conflict):
        record_again(session, vault, send(), known, key=key, actor=amina)
    with pytest.raises(Conflict):
        record_again(session, vault, first, known, key=first.key, actor=amina)


def test_the_page_of_a_signal_shows_what_to_look_at_and_settles_it(app, as_, people, store) -> None:
    vault, staff = app.extensions["signalen.vault"], as_(people.sofie)
    people.session = store
    amina = people.actor(people.amina)
    known = known_to(names(store, "nl"), amina)
    record = {"form": 3, "fields": {"text": NAMED, "district": "<b>maan</b>"}}
    first = record_sent(
        store, vault, uuid.uuid4(), {"form": 3, "fields": {"text": WORDS}}, known, actor=amina
    ).signal
    made = record_sent(
        store, vault, uuid.uuid4(), record | {"again_of": str(first.id)}, known, actor=amina
    ).signal
    todo = store.exec(select(Todo).where(Todo.kind == TodoKind.UNKNOWN_VALUE)).one()
    store.commit()
    ids, address = (made.id, todo.id), f"/desk/signals/{made.id}/todos/{todo.id}/done"
    reference = first.reference
    store.close()
    shown = staff.get(f"/desk/signals/{ids[0]}").text
    assert address in shown
    assert "&lt;b&gt;maan" in shown
    assert reference in shown
    assert staff.post(address.replace(str(ids[0]), str(first.id))).status_code == 404
    assert as_(people.amina).post(address).status_code == 404
    assert staff.post(address).status_code == 303
    assert staff.post(address).status_code == 404
    assert address not in staff.get(f"/desk/signals/{ids[0]}").text
    assert 'href="#to-look-at"' in staff.get("/desk").text

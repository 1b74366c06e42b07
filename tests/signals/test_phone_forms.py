"""Every version of the form is read, and nothing that a phone can send breaks the reading."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalen.signals.intake import LONGEST_TEXT
from signalen.signals.models import Channel, HearsBack, People, SignalKind, TodoKind
from signalen.signals.phone_forms import (
    DEEPEST,
    FIELDS,
    First,
    Known,
    canonical,
    read_record,
    repeated,
)
from signalen.signals.privacy import PersonalData

KEY, LINDE, KAAI = uuid.UUID(int=5), uuid.UUID(int=6), uuid.UUID(int=7)
WORDS = "Drie gezinnen wachten al maanden op kinderopvang."
KNOWN = Known(
    themes=frozenset({"gezin", "wonen"}),
    groups=frozenset({"gezinnen"}),
    barriers=frozenset({"wachten"}),
    places=frozenset({"deurne"}),
    organisations=[LINDE],
    language="fr",
    today=date(2026, 11, 10),
)
FIRST = First(
    id=uuid.UUID(int=9),
    organisation_id=None,
    text="De opvang is vol.",
    language="tr",
    kind=SignalKind.COMPLAINT,
    themes=("wonen",),
    groups=("gezinnen",),
    barriers=("wachten",),
    place="deurne",
    neighbourhood="Noord",
    sensitive=True,
    sensitive_asked=False,
)


def sent(first: First | None = None, /, known: Known = KNOWN, **fields):
    """A record of now with these fields, read."""
    return read_record({"form": 3, "fields": {"text": WORDS, **fields}}, KEY, known, first)


def todos(read) -> list[tuple[str, str | None]]:
    return [(todo.kind.value, todo.field) for todo in read.todos]


FLAT = {
    "form": 1,
    "key": str(KEY),
    "text": WORDS,
    "language": "ar",
    "theme": ["gezin"],
    "district": "deurne",
    "groups": ["gezinnen"],
    "barriers": ["wachten"],
    "people": "2-5",
    "sensitive": True,
    "happened_on": "2026-11-09",
}
NESTED = {
    "form": 2,
    "who": "0" * 16,
    "organisation": str(LINDE),
    "fields": {name: value for name, value in FLAT.items() if name in FIELDS}
    | {
        "neighbourhood": "Noord",
        "suggested": ["wonen", "gezin"],
        "kind": "klacht",
        "discussed": "no",
        "hears_back": "card",
        "quote": True,
        "as_it_is": False,
    },
}
NOW = NESTED | {
    "form": 3,
    "again_of": None,
    "photos": ["0" * 64],
    "overruled": [],
    "made_at": "2026-11-10T09:30:00Z",
}


def test_the_form_of_two_versions_back_is_read_whole() -> None:
    read = read_record(FLAT, KEY, KNOWN, None)
    intake = read.intake
    assert read.todos == ()
    assert (intake.text, intake.language, intake.themes, intake.place) == (WORDS, "ar", ("gezin",), "deurne")
    assert (intake.groups, intake.barriers, intake.people) == (("gezinnen",), ("wachten",), People.FEW)
    assert (intake.sensitive, intake.happened_on) == (True, date(2026, 11, 9))
    assert (intake.channel, intake.hears_back, intake.organisation_id) == (
        Channel.CAPTURE,
        HearsBack.WORKER,
        LINDE,
    )


@pytest.mark.parametrize("record", [NESTED, NOW], ids=["one version back", "now"])
def test_the_forms_with_all_fields_are_read_whole(record) -> None:
    read = read_record(record, KEY, KNOWN, None)
    intake = read.intake
    assert read.todos == ()
    assert (intake.themes, intake.neighbourhood, intake.kind) == (
        ("gezin", "wonen"),
        "Noord",
        SignalKind.COMPLAINT,
    )
    assert (intake.discussed, intake.hears_back, intake.may_quote) == (False, HearsBack.CARD, True)
    assert (intake.may_use, intake.may_publish) == (True, False)


def test_what_is_left_out_is_as_usual() -> None:
    intake = sent().intake
    assert (intake.language, intake.kind, intake.themes, intake.place) == ("fr", SignalKind.SIGNAL, (), None)
    assert (intake.people, intake.happened_on, intake.discussed, intake.sensitive) == (
        None,
        None,
        None,
        False,
    )


# What is sent, what becomes of it, which to-do there is.
NOT_READ = [
    ({"text": ""}, ("text", ""), ("no-words", None)),
    ({"text": None}, ("text", ""), ("no-words", None)),
    ({"text": " … "}, ("text", "…"), ("no-words", None)),
    ({"text": ["x"]}, ("text", ""), ("unknown-value", "text")),
    ({"text": "\0\ud800"}, ("text", ""), ("no-words", None)),
    ({"theme": ["gezin", "vliegen"]}, ("themes", ("gezin",)), ("unknown-value", "theme")),
    ({"theme": {"gezin": 1}}, ("themes", ()), ("unknown-value", "theme")),
    ({"suggested": [["wonen"], 5]}, ("themes", ()), ("unknown-value", "suggested")),
    ({"groups": "reuzen"}, ("groups", ()), ("unknown-value", "groups")),
    ({"barriers": [None, "muur"]}, ("barriers", ()), ("unknown-value", "barriers")),
    ({"district": "maan"}, ("place", None), ("unknown-value", "district")),
    ({"district": ["deurne"]}, ("place", None), ("unknown-value", "district")),
    ({"language": "tlh"}, ("language", "fr"), ("unknown-value", "language")),
    ({"language": 5}, ("language", "fr"), ("unknown-value", "language")),
    ({"people": "17"}, ("people", None), ("unknown-value", "people")),
    ({"people": 1}, ("people", None), ("unknown-value", "people")),
    ({"kind": "hulp"}, ("kind", SignalKind.SIGNAL), ("unknown-value", "kind")),
    ({"discussed": "maybe"}, ("discussed", None), ("unknown-value", "discussed")),
    ({"hears_back": "contact"}, ("hears_back", HearsBack.WORKER), ("unknown-value", "hears_back")),
    ({"hears_back": "code"}, ("hears_back", HearsBack.WORKER), ("unknown-value", "hears_back")),
    ({"happened_on": "gisteren"}, ("happened_on", None), ("unknown-value", "happened_on")),
    ({"happened_on": "2026-11-11"}, ("happened_on", None), ("unknown-value", "happened_on")),
    ({"happened_on": "1900-01-01"}, ("happened_on", None), ("unknown-value", "happened_on")),
    ({"happened_on": 20261110}, ("happened_on", None), ("unknown-value", "happened_on")),
    ({"sensitive": "misschien"}, ("sensitive", True), ("unknown-value", "sensitive")),
    ({"quote": 1}, ("may_quote", False), ("unknown-value", "quote")),
    ({"publish": ["yes"]}, ("may_publish", False), ("unknown-value", "publish")),
    ({"on_behalf": True, "quote": True}, ("may_quote", False), ("not-agreed", None)),
    ({"on_behalf": True, "publish": True}, ("may_publish", False), ("not-agreed", None)),
    ({"on_behalf": True, "agreed_how": " . "}, ("may_use", False), ("not-agreed", None)),
    ({"neighbourhood": "x" * 81}, ("neighbourhood", "x" * 80), ("too-long", "neighbourhood")),
    ({"text": "x" * (LONGEST_TEXT + 1)}, ("text", "x" * (LONGEST_TEXT + 1)), ("too-long", "text")),
]


@pytest.mark.parametrize(("fields", "kept", "todo"), NOT_READ, ids=[str(line[0])[:40] for line in NOT_READ])
def test_what_cannot_be_read_is_kept_and_becomes_a_todo(fields, kept, todo) -> None:
    read = sent(**fields)
    assert getattr(read.intake, kept[0]) == kept[1]
    assert todo in todos(read)


def test_what_was_sent_stands_in_the_todo() -> None:
    read = sent(theme=["gezin", "vliegen", 5], district="maan", neighbourhood="é" * 100)
    assert [todo.detail for todo in read.todos] == ['["vliegen", 5]', "é" * 100, "maan"]


def test_a_resident_who_agreed_is_believed() -> None:
    read = sent(on_behalf=True, agreed_how="Zei ja toen ik het voorlas.", quote=True, publish="true")
    assert read.todos == ()
    assert (read.intake.channel, read.intake.may_quote, read.intake.may_publish) == (
        Channel.ON_BEHALF,
        True,
        True,
    )
    assert (read.intake.discussed, read.intake.agreed_how) == (True, "Zei ja toen ik het voorlas.")


@pytest.mark.parametrize(
    ("given", "own", "chosen", "asked"),
    [
        (None, [LINDE], LINDE, False),
        (str(KAAI), [LINDE, KAAI], KAAI, False),
        (str(KAAI), [LINDE], LINDE, True),
        ("Huis Linde", [LINDE], LINDE, True),
        ([str(LINDE)], [LINDE], LINDE, True),
        (None, [], None, False),
        (str(KAAI), [], None, True),
    ],
)
def test_the_organisation_is_one_of_the_senders_own(given, own, chosen, asked) -> None:
    known = Known(**{name: getattr(KNOWN, name) for name in Known.__slots__} | {"organisations": own})
    read = read_record({"form": 3, "organisation": given, "fields": {"text": WORDS}}, KEY, known, None)
    assert read.intake.organisation_id == chosen
    assert todos(read) == ([("unknown-value", "organisation")] if asked else [])


NAMED = "Mevrouw Peeters belt naar 0470 12 34 56."


def test_personal_data_is_a_todo_when_nobody_looked_at_it() -> None:
    read = sent(text=NAMED, neighbourhood="Bel jan@example.org")
    assert todos(read) == [("personal-data", "text"), ("personal-data", "neighbourhood")]
    assert [set(todo.detail.split()) for todo in read.todos] == [{"name", "phone"}, {"email"}]
    assert read.overruled == {}


def test_personal_data_that_the_writer_kept_is_counted_by_kind() -> None:
    read = read_record(
        {"form": 3, "overruled": ["name", "plate", "x", 5], "fields": {"text": NAMED, "as_it_is": True}},
        KEY,
        KNOWN,
        None,
    )
    assert read.todos == ()
    assert read.overruled == {PersonalData.NAME: 1, PersonalData.PHONE: 1, PersonalData.PLATE: 0}


@pytest.mark.parametrize("form", [None, 0, 4, 99, "3", 3.5, True, [3], {}], ids=str)
def test_an_unknown_version_is_read_as_well_as_possible_and_nothing_of_it_is_lost(form) -> None:
    record = {"form": form, "fields": {"text": WORDS, "theme": ["gezin"], "weather": "rain"}, "mood": "blue"}
    read = read_record(record, KEY, KNOWN, None)
    assert (read.intake.text, read.intake.themes) == (WORDS, ("gezin",))
    assert todos(read) == [("unknown-form", None)]
    assert json.loads(read.todos[0].detail) == {"form": form, "weather": "rain", "mood": "blue"}


def test_an_unknown_version_without_fields_is_read_flat() -> None:
    read = read_record(FLAT | {"form": 4}, KEY, KNOWN, None)
    assert (read.intake.text, todos(read)) == (WORDS, [("unknown-form", None)])


@pytest.mark.parametrize("fields", [None, [], "x", 5], ids=str)
def test_a_known_version_with_other_fields_is_kept_empty(fields) -> None:
    read = read_record({"form": 3, "fields": fields}, KEY, KNOWN, None)
    assert todos(read) == [("unknown-value", "fields"), ("no-words", None)]


def test_the_same_worry_again_takes_over_what_is_not_given() -> None:
    again = {"form": 3, "again_of": str(FIRST.id), "fields": {}}
    assert repeated(again) == FIRST.id
    intake = read_record(again, KEY, KNOWN, FIRST).intake
    for name in ("text", "language", "kind", "themes", "groups", "barriers", "place", "neighbourhood"):
        assert getattr(intake, name) == getattr(FIRST, name), name
    assert (intake.shielded, intake.sensitive) == (True, False)
    given = read_record(
        again | {"fields": {"text": WORDS, "theme": ["gezin"], "language": "nl"}}, KEY, KNOWN, FIRST
    )
    assert (given.intake.text, given.intake.themes, given.intake.language) == (WORDS, ("gezin",), "nl")
    assert (given.intake.place, given.intake.shielded) == ("deurne", True)


@pytest.mark.parametrize("again_of", [str(uuid.UUID(int=1)), "S-2026-00001", 5, [1], {}], ids=str)
def test_the_same_worry_again_of_something_that_is_not_there_is_kept(again_of) -> None:
    read = read_record({"form": 3, "again_of": again_of, "fields": {}}, KEY, KNOWN, None)
    assert todos(read) == [("unknown-value", "again_of"), ("no-words", None)]


def test_the_same_content_is_told_from_other_content_whatever_its_order() -> None:
    assert canonical(NOW) == canonical(dict(reversed(NOW.items())) | {"made_at": "later"})
    assert canonical(NOW) == canonical(NOW | {"photos": []})  # each comes by itself, under its own hash
    assert canonical(NOW) != canonical(NOW | {"fields": NOW["fields"] | {"text": WORDS + " "}})


TEXT = st.text(
    st.characters(exclude_categories=[]), max_size=40
)  # with NUL, lone surrogates and signs of direction
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXT
    | st.sampled_from(["gezin", "deurne", "nl", "card"]),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(TEXT, inside, max_size=4),
    max_leaves=12,
)
RECORDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(sorted(FIELDS | {"organisation", "again_of", "overruled", "photos"}), ANYTHING)
    | {"form": st.sampled_from([1, 2, 3]) | ANYTHING}
    | {"fields": ANYTHING | st.dictionaries(st.sampled_from(sorted(FIELDS)) | TEXT, ANYTHING)},
)


@settings(max_examples=400, deadline=None)
@given(RECORDS, st.sampled_from([None, FIRST]))
def test_whatever_is_sent_is_read_and_fits_in_the_database(record, first) -> None:
    read = read_record(record, KEY, KNOWN, first)
    intake = read.intake
    assert intake.key == KEY
    assert intake.organisation_id == LINDE
    assert KNOWN.themes.issuperset(intake.themes)
    assert intake.place in {None, *KNOWN.places}
    assert len(intake.language) <= 12
    for text, longest in ((intake.text, None), (intake.neighbourhood, 80), (intake.agreed_how, 300)):
        holds(text or "", longest)
    for todo in read.todos:
        holds(todo.field or "", 40)
        holds(todo.detail or "", None)
        assert todo.kind in TodoKind
    assert intake.may_use or not (intake.may_quote or intake.may_publish)
    canonical(record).encode()
    repeated(record)


def holds(text: str, longest: int | None) -> None:
    """Whether a column of text takes it on both engines."""
    assert "\0" not in text
    assert text.encode().decode() == text
    assert longest is None or len(text) <= longest


@pytest.mark.parametrize(
    "value", ["[" * 500 + "]" * 500, '{"a":' * 300 + "1" + "}" * 300], ids=["lists", "objects"]
)
@pytest.mark.parametrize("name", sorted(FIELDS | {"organisation", "again_of", "overruled", "form"}))
def test_what_lies_deep_breaks_nothing(name, value) -> None:
    record = {"form": 3, name: json.loads(value), "fields": {name: json.loads(value)}}
    read = read_record(record, KEY, KNOWN, None)
    assert canonical(record).count("[") <= 4 * DEEPEST
    assert all(len(todo.detail or "") < 5000 for todo in read.todos)


def test_huge_lists_are_one_todo() -> None:
    read = sent(theme=["x"] * 20_000, groups=list(range(20_000)))
    assert todos(read) == [("unknown-value", "theme"), ("unknown-value", "groups")]

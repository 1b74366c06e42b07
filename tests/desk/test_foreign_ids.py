"""Forms sent with ids of others: another organisation, another body, another worker's giver, one's own text.

Each line is one try. It is refused, and nothing at all has changed after it.
"""

from __future__ import annotations

import uuid

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.permissions import Role
from signalen.dossiers.operations import announce_synthesis, quote, write_synthesis
from signalen.dossiers.queries import asks_of
from signalen.feedback import operations as feedback
from signalen.people.devices import add_device
from signalen.people.models import Device, Membership
from signalen.signals.darkroom import Picture
from signalen.signals.models import Channel, HearsBack, Signal, Todo
from signalen.signals.operations import read_signal, release
from signalen.signals.photos import Sent, keep_photo
from signalen.signals.sending import known_to, record_sent
from signalen.texts.queries import SOURCE, latest
from signalen.themes.queries import names
from tests import factories
from tests.feedback import steps
from tests.toetsen.test_toets_pages import toets  # noqa: F401  # a fixture: an open test of a decision

REFUSED = {404, 409, 422}
GONE = str(uuid.UUID(int=7))
NEVER_THE_SAME = ('INSERT INTO "sign_in"', 'INSERT INTO "attempt"', 'INSERT INTO "event"')
TRIES = [
    # who, where, what
    ("dre", "/mine/syntheses/{version}/agree", {"organisation_id": "{linde}", "agrees": "1"}),
    ("dre", "/mine/syntheses/{version}/agree", {"organisation_id": "{kaai}", "agrees": "1"}),
    ("dre", "/mine/syntheses/{version}/comment", {"organisation_id": "{kaai}", "words": "Wij ook."}),
    ("amina", "/mine/syntheses/{version}/agree", {"organisation_id": "{kaai}", "agrees": "1"}),
    ("amina", "/mine/syntheses/{draft}/agree", {"organisation_id": "{linde}", "agrees": "1"}),
    ("nadia", "/mine/syntheses/{version}/agree", {"organisation_id": "{linde}", "agrees": "1"}),
    ("amina", "/mine/syntheses/{version}/comment", {"organisation_id": "{kaai}", "words": "Wij ook."}),
    ("dre", "/mine/signals/{signal}/correct", {"words": "Iets anders."}),
    ("dre", "/mine/signals/{signal}/reply", {"words": "Iets anders."}),
    ("nadia", "/mine/signals/{secret}/correct", {"words": "Iets anders."}),
    ("nadia", "/mine/signals/{secret}/reply", {"words": "Iets anders."}),
    ("bart", "/mine/signals/{signal}/correct", {"words": "Iets anders."}),
    ("dre", "/attachments/{photo}/remove", {}),
    ("chloe", "/attachments/{photo}/remove", {}),
    ("stijn", "/attachments/{photo}/remove", {}),
    ("nadia", "/attachments/{secret_photo}/remove", {}),
    ("sofie", "/attachments/{secret_photo}/remove", {}),
    ("dre", "/capture/{signal}/themes", {"suggested": "mobiliteit"}),
    ("nadia", "/capture/{signal}/themes", {"suggested": "mobiliteit"}),
    ("dre", "/capture/{card}/card", {}),
    ("nadia", "/capture/{card}/card", {}),
    ("bart", "/capture/{card}/card", {}),
    ("amina", "/capture/{signal}/card", {}),
    ("dre", "/capture/again/{signal}", {}),
    ("bart", "/capture/again/{signal}", {}),
    ("nadia", "/capture/again/{secret}", {}),
    ("amina", "/desk/signals/{card}/todos/{card_todo}/done", {}),
    ("bart", "/desk/signals/{signal}/todos/{card_todo}/done", {}),
    ("sofie", "/desk/signals/{hidden}/todos/{hidden_todo}/done", {}),
    ("dre", "/account/devices/{device}/revoke", {}),
    ("bart", "/account/devices/{device}/revoke", {}),
    ("stijn", "/account/devices/{device}/revoke", {}),
    ("bart", "/house/people/{amina}/devices/{device}/revoke", {}),
    ("stijn", "/house/people/{dre}/devices/{device}/revoke", {}),
    ("dre", "/mine/tell/{delivery}", {}),
    ("dre", "/mine/tell/{delivery}", {"do": "not-reached"}),
    ("dre", "/mine/tell/{delivery}/react", {"helped": "yes"}),
    ("nadia", "/mine/tell/{delivery}", {}),
    ("nadia", "/mine/tell/{delivery}/react", {"helped": "yes"}),
    ("sofie", "/mine/tell/{secret_delivery}", {}),
    ("mover", "/mine/tell/{moved_delivery}", {}),
    ("jef", "/city/asks/{ask}/answer", {"kind": "neen", "words": "Neen.", "reason": "Geen."}),
    ("jef", "/city/texts/{feedback}/flag", {"body": "{vlaanderen}", "words": "Fout."}),
    ("jef", "/city/texts/{feedback}/faithful", {"body": "{vlaanderen}"}),
    ("jef", "/city/texts/{feedback}/flag", {"body": "{loket}", "words": "Fout."}),
    ("chloe", "/city/texts/{feedback}/flag", {"body": "{vlaanderen}", "words": "Fout."}),
    ("chloe", "/city/texts/{feedback}/faithful", {"body": "{vlaanderen}"}),
    ("chloe", "/city/texts/{told}/flag", {"body": "{loket}", "words": "Te laat."}),
    ("jef", "/city/decisions/{toets}/1", {}),
    ("chloe", "/desk/answers/{ask}/record", {"kind": "neen", "words": "Neen."}),
    ("bart", "/desk/feedback/{feedback}/approve", {}),
    ("bart", "/panel/texts/{text}/approve", {}),
    ("bart", "/desk/feedback/versions/{text}/approve", {}),
    ("emma", "/panel/texts/{text}/approve", {}),
    ("amina", "/mine/texts/{feedback}", {}),
    ("bart", "/desk/feedback/board/{dossier}/publish", {}),
    ("sofie", "/desk/signals/{secret}/unshield", {}),
    ("sofie", "/desk/signals/{secret}/shield", {}),
    ("sofie", "/desk/signals/{secret}/question", {"words": "Wie?", "language": "nl"}),
    ("sofie", "/desk/signals/{secret}/release", {"safe_line": "Een zin zonder naam.", "language": "nl"}),
    ("sofie", "/desk/signals/{secret}/text", {"kind": "summary", "words": "Kort.", "language": "nl"}),
    ("sofie", "/desk/dossiers/bundle", {"signals": "{secret}", "into": "{dossier}"}),
    ("bart", "/desk/dossiers/{other}/quotes/{quote}/remove", {}),
    ("bart", "/desk/dossiers/{other}/asks/{ask}/remove", {}),
    ("bart", "/desk/dossiers/{other}/synthesis/{draft}/announce", {}),
    ("bart", "/desk/feedback/{told}/settle", {"flag": GONE, "how": "Zo."}),
    ("stijn", "/house/people/{amina}/roles/{role_of_dre}/end", {}),
    ("stijn", "/house/people/{stijn}/stop", {}),
    ("amina", "/house/people/{dre}/stop", {}),
]


SENT = {"card": {"hears_back": "card", "district": "maan"}, "hidden": {"sensitive": True, "district": "maan"}}


def from_a_phone(store, vault, actor, **fields) -> Signal:
    """A signal with a to-do."""
    record = {"form": 3, "fields": {"text": "Stil."} | fields}
    known = known_to(names(store, "nl"), actor)
    return record_sent(store, vault, uuid.uuid4(), record, known, actor=actor).signal


def todo_of(store, signal: Signal) -> uuid.UUID:
    return store.exec(select(Todo.id).where(Todo.signal_id == signal.id)).one()


@pytest.fixture
def vault(app):
    return app.extensions["signalen.vault"]


@pytest.fixture
def ids(app, store, people, vault, toets) -> dict[str, str]:  # noqa: F811
    """Ids of everything that is somebody's; the people who try them are added to the cast."""
    people.session = store
    bart, amina = people.actor(people.bart), people.actor(people.amina)
    people.nadia, people.jef, people.mover = (factories.user(store, n) for n in ("Nadia", "Jef", "Mona"))
    factories.member(store, people.nadia, Role.WORKER, organisation_id=people.linde.id)
    factories.member(store, people.jef, Role.CITY, body_id=people.vlaanderen.id)
    here = factories.member(store, people.mover, Role.WORKER, organisation_id=people.linde.id)
    mover = people.actor(people.mover)

    def given(who, **values):
        made = factories.signal(store, vault, who, hears_back=HearsBack.WORKER, **values)
        read_signal(store, made, actor=bart)
        return made

    mine, moved = given(amina), given(mover)
    secret_told = given(bart, organisation_id=None, sensitive=True, channel=Channel.CAPTURE)
    release(store, vault, secret_told, "Een zin zonder naam.", "nl", actor=bart)
    _, told_round = steps.answered(store, people, [mine, moved, secret_told])
    told = steps.delivered(store, people, told_round)
    here.until = clock.now()
    factories.member(store, people.mover, Role.WORKER, organisation_id=people.kaai.id)

    waiting, round_ = steps.answered(store, people, [given(amina)])
    written = steps.written(store, people, round_)
    parts = {"title": "Het loket", "worry": "Het is dicht.", "ask": "Doe open.", "now": "Nog niets."}
    feedback.propose_board(store, waiting, parts, actor=bart)

    loose = given(amina, may_quote=True)
    other = factories.dossier(store, people, title="Nachtopvang", signals=[loose], ready=False)
    copied = quote(store, other, loose, "De bus", actor=bart)
    version = write_synthesis(store, other, "Er is te weinig plaats in de opvang.", actor=bart)
    announce_synthesis(store, version, actor=bart)
    draft = write_synthesis(store, other, "Er is veel te weinig plaats in de opvang.", actor=bart)
    third = factories.dossier(store, people, title="Nog een zorg", signals=[], ready=False)
    role = store.exec(select(Membership).where(Membership.user_id == people.dre.id)).one()
    own, secret = given(amina), given(amina, sensitive=True)
    folder, pixels = app.extensions["signalen.config"].attachments, Picture(b"pixels", "image/webp", 4, 3)
    photos = [
        keep_photo(store, vault, folder, each, Sent(bytes(32), pixels), actor=amina) for each in (own, secret)
    ]
    add_device(store, "Android", actor=amina)
    sent = {name: from_a_phone(store, vault, amina, **values) for name, values in SENT.items()}
    found = {
        **{name: made.id for name, made in sent.items()},
        **{f"{name}_todo": todo_of(store, made) for name, made in sent.items()},
        "device": store.exec(select(Device.id)).one(),
        "linde": people.linde.id,
        "kaai": people.kaai.id,
        "loket": people.loket.id,
        "vlaanderen": people.vlaanderen.id,
        "version": version.id,
        "draft": draft.id,
        "signal": own.id,
        "secret": secret.id,
        "photo": photos[0].id,
        "secret_photo": photos[1].id,
        "delivery": steps.delivery_of(store, mine).id,
        "secret_delivery": steps.delivery_of(store, secret_told).id,
        "moved_delivery": steps.delivery_of(store, moved).id,
        "ask": asks_of(store, [round_.id])[0][0].id,
        "feedback": written.id,
        "told": told.id,
        "text": latest(store, written.text_id)[SOURCE].id,
        "dossier": waiting.id,
        "other": third.id,
        "quote": copied.id,
        "toets": toets,
        "role_of_dre": role.id,
        "amina": people.amina.id,
        "dre": people.dre.id,
        "stijn": people.stijn.id,
    }
    store.commit()
    for person in (people.nadia, people.jef, people.mover):
        store.refresh(person)
    store.close()  # the app writes from here on
    return {name: str(value) for name, value in found.items()}


def everything(app) -> list[str]:
    """All rows of all tables but sign-ins, wrong tries, and the log that somebody read something."""
    with app.extensions["signalen.sessions"].engine.connect() as connection:
        dump = list(connection.connection.driver_connection.iterdump())
    kept = [line for line in dump if not line.startswith(NEVER_THE_SAME)]
    return kept + [
        line for line in dump if line.startswith(NEVER_THE_SAME[2]) and "sensitive-read" not in line
    ]


def test_nothing_of_others_can_be_touched(app, as_, people, ids) -> None:
    clients = {who: as_(getattr(people, who)) for who in {who for who, _, _ in TRIES}}
    before, wrong = everything(app), []
    for who, where, what in TRIES:
        sent = {name: value.format(**ids) for name, value in what.items()}
        response = clients[who].post(where.format(**ids), data=sent)
        after = everything(app)
        if response.status_code not in REFUSED or after != before:
            wrong.append((who, where, response.status_code, sorted(set(after) ^ set(before))[:2]))
            before = after
    assert wrong == []


@pytest.mark.parametrize(
    ("who", "where", "what"),
    [
        ("amina", "/mine/syntheses/{version}/agree", {"organisation_id": "{linde}", "agrees": "1"}),
        ("amina", "/mine/signals/{signal}/correct", {"words": "Iets anders."}),
        ("nadia", "/attachments/{photo}/remove", {}),
        ("bart", "/attachments/{secret_photo}/remove", {}),
        ("amina", "/capture/{card}/card", {}),
        ("amina", "/capture/again/{signal}", {}),
        ("nadia", "/capture/again/{signal}", {}),
        ("sofie", "/desk/signals/{card}/todos/{card_todo}/done", {}),
        ("bart", "/desk/signals/{hidden}/todos/{hidden_todo}/done", {}),
        ("amina", "/account/devices/{device}/revoke", {}),
        ("stijn", "/house/people/{amina}/devices/{device}/revoke", {}),
        ("amina", "/mine/tell/{delivery}", {}),
        ("amina", "/mine/tell/{moved_delivery}", {}),
        ("bart", "/mine/tell/{secret_delivery}", {}),
        ("chloe", "/city/texts/{feedback}/flag", {"body": "{loket}", "words": "Fout."}),
        ("sofie", "/desk/feedback/{feedback}/approve", {}),
        ("sofie", "/desk/feedback/board/{dossier}/publish", {}),
        ("stijn", "/house/people/{dre}/roles/{role_of_dre}/end", {}),
    ],
)
def test_who_may_does_change_something(app, as_, people, ids, who, where, what) -> None:
    """The control: the same forms from the right person."""
    client, before = as_(getattr(people, who)), everything(app)
    sent = {name: value.format(**ids) for name, value in what.items()}
    assert client.post(where.format(**ids), data=sent).status_code == 303
    assert everything(app) != before


CHANGES_NOTHING = {"/capture/share", "/leave"}
"""Another app posts here, without a page of ours; a form with its text comes back. Leaving forgets what this browser typed."""
LARGE = {"/capture/import"}
"""Not read before the sign-in is known: who has none is led to it, and who has one is asked for the token then."""


def test_every_form_without_its_token_is_refused(app, as_, people) -> None:
    bart = as_(people.bart)
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [
        rule
        for rule in app.url_map.iter_rules()
        # A phone brings its own token and no cookie: there is nothing that another site could use.
        if "POST" in rule.methods and not getattr(app.view_functions[rule.endpoint], "by_device", False)
        if rule.rule not in CHANGES_NOTHING
    ]
    let_in = []
    for rule in posts:
        values = dict.fromkeys(rule.arguments, GONE) | {"number": 1}
        address = rule.build({n: v for n, v in values.items() if n in rule.arguments}, append_unknown=False)[
            1
        ]
        for client, headers in ((bart, {}), (bart, {"HX-Request": "true"}), (app.test_client(), {})):
            response = client.post(address, data={"csrf_token": "made up"}, headers=headers)
            led_away = client is not bart and address in LARGE and "/sign-in" in (response.location or "")
            if response.status_code != 400 and not led_away:
                let_in.append(address)
    assert len(posts) > 50
    assert let_in == []


@pytest.mark.parametrize("address", sorted(CHANGES_NOTHING))
def test_what_another_app_may_post_changes_nothing(app, as_, people, address) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client, before = as_(people.amina), everything(app)
    shared = {"title": "Het loket", "text": "is dicht", "key": str(uuid.uuid4()), "as_it_is": "true"}
    assert client.post(address, data=shared).status_code == 200
    assert everything(app) == before

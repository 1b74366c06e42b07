"""Words that are told in confidence, followed through the whole house: every page that can be opened, by every kind of visitor.

Each canary stands in one place only; a page that shows it shows that place. The table says who may meet which, and it is
compared whole: one that is met by nobody who may is as wrong as one that is met by somebody who may not.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import uuid
from collections import defaultdict
from email import message_from_bytes, policy
from typing import NamedTuple

import pytest
from sqlmodel import select

from signalen.consultations.models import AgendaItem, AnswerKind, Commitment, Consultation
from signalen.consultations.operations import add_item, commit_to
from signalen.core import clock
from signalen.core.models import Event, OutboxMessage
from signalen.core.permissions import SYSTEM, Actor, ActorKind, Role
from signalen.dossiers.models import Ask, Dossier, SynthesisVersion
from signalen.dossiers.operations import bundle, quote
from signalen.feedback import operations as feedback
from signalen.feedback.models import Feedback, Helped
from signalen.people.models import Body, Organisation, User
from signalen.signals.darkroom import Picture
from signalen.signals.intake import Contact
from signalen.signals.models import Attachment, ContactKind, HearsBack, Signal, Stage
from signalen.signals.operations import ask_giver, issue_code, lead_out, read_signal, release, shield
from signalen.signals.photos import Sent, keep_photo
from signalen.signals.sending import known_to, record_sent
from signalen.texts.models import TextVersion
from signalen.themes.queries import names
from signalen.toetsen.models import Decision, Toets
from tests import factories
from tests.consultations.conftest import consultation
from tests.feedback import steps
from tests.toetsen.test_toets_pages import toets  # noqa: F401  # a fixture: an open test of a decision

CANARIES = {
    "linde": "roodborstjeqx",
    "resident": "zwaluwtjeqx",
    "quote": "reigertjeqx",
    "quoted, then shielded": "ooievaartjeqx",
    "sensitive": "nachtegaalqx",
    "safe line": "merelliedqx",
    "sensitive of Amina": "koolmeesjeqx",
    "question about a sensitive one": "wulpqx",
    "reaction": "spreeuwqx",
    "reaction to a sensitive one": "gruttoqx",
    "reason for a sensitive one": "kievitqx",
    "photo": "pimpelmeesqx",
    "photo of a sensitive one": "goudvinkqx",
    "to-do": "winterkoninkqx",
    "to-do of a sensitive one": "kwikstaartqx",
    "phone": "+32470123456",
    "phone of a sensitive one": "+32470654321",
}
READERS = {"bart", "sofie"}
ALLOWED = {
    "linde": READERS | {"amina", "nadia"},
    "resident": READERS,
    "quote": READERS | {"chloe"},
    "quoted, then shielded": {"bart"},
    "sensitive": {"bart"},
    "safe line": READERS,
    "sensitive of Amina": {"bart", "amina"},
    "question about a sensitive one": {"bart"},
    "reaction": READERS,
    "reaction to a sensitive one": {"bart"},
    "reason for a sensitive one": {"bart"},
    "photo": READERS | {"amina", "nadia"},
    "photo of a sensitive one": {"bart", "amina"},
    "to-do": READERS | {"amina", "nadia"},
    "to-do of a sensitive one": {"bart", "amina"},
    "phone": READERS,
    "phone of a sensitive one": {"bart"},
}


def said(response) -> str:
    """What an answer says; a paper is no text, and its words are looked at in the tests of the papers."""
    return response.get_data().decode("utf-8", "replace")


VISITORS = ("nobody", "amina", "nadia", "dre", "bart", "sofie", "chloe", "jef", "emma", "stijn")


@pytest.fixture
def vault(app):
    return app.extensions["signalen.vault"]


@pytest.fixture
def album(app):
    return app.extensions["signalen.config"].attachments


@pytest.fixture
def world(store, people, vault, album, toets):  # noqa: F811
    """A round that was told, with every kind of confidence in it; gives the signals by canary."""
    people.session = store
    bart, amina = people.actor(people.bart), people.actor(people.amina)
    people.nadia = factories.user(store, "Nadia")
    factories.member(store, people.nadia, Role.WORKER, organisation_id=people.linde.id)
    people.jef = factories.user(store, "Jef")
    factories.member(store, people.jef, Role.CITY, body_id=people.vlaanderen.id)

    def make(name: str, who=None, **values) -> Signal:
        return factories.signal(
            store, vault, *([who] if who else []), text=f"Het loket {CANARIES[name]} is dicht.", **values
        )

    def called(number: str) -> dict:
        return {"hears_back": HearsBack.CONTACT, "contact": Contact(ContactKind.PHONE, number)}

    made = {
        "linde": make("linde", amina),
        "resident": factories.signal(
            store,
            vault,
            text=f"{CANARIES['resident']}. Ik stond bij {CANARIES['quote']} in de regen.",
            may_quote=True,
            **called(CANARIES["phone"]),
        ),
        "quoted, then shielded": make("quoted, then shielded", may_quote=True),
        "sensitive": make("sensitive", sensitive=True, **called(CANARIES["phone of a sensitive one"])),
        "sensitive of Amina": make("sensitive of Amina", amina, sensitive=True),
        "reason for a sensitive one": factories.signal(store, vault, text="Stil.", sensitive=True),
    }
    for each in made.values():
        read_signal(store, each, actor=bart)
    release(store, vault, made["sensitive"], f"Geweld, {CANARIES['safe line']}.", "nl", actor=bart)
    question = CANARIES["question about a sensitive one"]
    ask_giver(store, vault, made["sensitive"], f"Wie is {question}?", "nl", actor=bart)
    lead_out(
        store,
        made["reason for a sensitive one"],
        Stage.KEPT,
        reason=f"Wij bewaren {CANARIES['reason for a sensitive one']}.",
        language="nl",
        actor=bart,
    )
    inside = [made[name] for name in ("linde", "resident", "quoted, then shielded", "sensitive")]
    about = factories.dossier(store, people, signals=inside)
    quote(store, about, made["resident"], f"bij {CANARIES['quote']} in de regen", actor=bart)
    quote(store, about, made["quoted, then shielded"], CANARIES["quoted, then shielded"], actor=bart)
    shield(store, vault, made["quoted, then shielded"], actor=people.actor(people.sofie))
    from_asked_to_told(store, vault, people, about, made)
    other = factories.dossier(store, people, title="Nachtopvang", signals=[])
    add_item(store, consultation(store, people), dossier=other, actor=bart)
    bundle(store, [made["linde"]], other, actor=bart, leading=False)
    for name, canary in (("linde", "photo"), ("sensitive of Amina", "photo of a sensitive one")):
        pixels = CANARIES[canary].encode()
        sent = Sent(hashlib.sha256(pixels).digest(), Picture(pixels, "image/webp", 4, 3))
        keep_photo(store, vault, album, made[name], sent, actor=amina)
    known = known_to(names(store, "nl"), amina)
    for canary, values in (("to-do", {}), ("to-do of a sensitive one", {"sensitive": True})):
        fields = {"text": "Stil.", "district": CANARIES[canary], **values}
        record_sent(store, vault, uuid.uuid4(), {"form": 3, "fields": fields}, known, actor=amina)
    store.commit()
    plain = {name: Kept(each.id, each.reference, each.giver_id) for name, each in made.items()}
    for person in (people.nadia, people.jef):
        store.refresh(person)
    store.close()  # the app writes from here on
    return plain


class Kept(NamedTuple):
    """A signal, apart from any session."""

    id: uuid.UUID
    reference: str
    giver_id: uuid.UUID


def from_asked_to_told(store, vault, people, about: Dossier, made: dict[str, Signal]) -> None:
    """The city answers with a promise, the givers are told, two say what they think; the board shows it."""
    bart, sofie = people.actor(people.bart), people.actor(people.sofie)
    round_ = steps.open_round(store, about, actor=bart)
    steps.send_asks(store, round_, steps.AskWay.WRITING, clock.today(), actor=bart)
    steps.answer(store, people, round_, AnswerKind.PARTLY)
    commit_to(
        store,
        dossier_id=about.id,
        answer_id=None,
        body_id=people.loket.id,
        what="Open op dinsdag",
        owner="Loketten",
        due_on=clock.today(),
        actor=bart,
    )
    steps.delivered(store, people, round_)
    parts = {"title": "Het loket", "worry": "Het is dicht.", "ask": "Doe open.", "now": "Open op dinsdag."}
    entry = feedback.propose_board(store, about, parts, actor=bart)
    feedback.publish_board(store, entry, actor=sofie)
    for name, canary in (("linde", "reaction"), ("quoted, then shielded", "reaction to a sensitive one")):
        delivery = steps.delivery_of(store, made[name])
        giver = Actor(ActorKind.GIVER, made[name].giver_id)
        feedback.open_delivery(store, delivery, language="nl", actor=giver)
        feedback.react(
            store,
            vault,
            delivery,
            understood=True,
            helped=Helped.A_LITTLE,
            words=f"Wat {CANARIES[canary]}.",
            actor=giver,
        )


@pytest.fixture
def ids(app, world) -> dict[str, list[str]]:
    """What can stand in an address, by the name of the argument."""
    tables = {
        "signal_id": Signal,
        "dossier_id": Dossier,
        "consultation_id": Consultation,
        "item_id": AgendaItem,
        "ask_id": Ask,
        "feedback_id": Feedback,
        "commitment_id": Commitment,
        "decision_id": Decision,
        "toets_id": Toets,
        "organisation_id": Organisation,
        "body_id": Body,
        "user_id": User,
        "photo_id": Attachment,
    }
    with app.extensions["signalen.sessions"].read() as session:
        found = {name: [str(i) for i in session.exec(select(table.id))] for name, table in tables.items()}
        versions = [*session.exec(select(TextVersion.id)), *session.exec(select(SynthesisVersion.id))]
        keys = [str(key) for key in session.exec(select(Signal.key))]
        public = [*session.exec(select(Dossier.public_id)), *session.exec(select(Toets.public_id))]
    more = {
        "number": ["1"],
        "lang": ["fr"],
        "code": ["nl"],
        "token": ["none"],
        "digest": ["a" * 64],
        "key": keys,
    }
    return {**found, "version_id": [str(i) for i in versions], "public_id": public, **more}


ASKED_FOR = (
    "/desk/signals?text=qx",
    "/desk/signals?text=nachtegaal",
    "/desk/signals?late=1",
    "/desk/signals?stage=kept",
    "/desk/signals?theme=mobiliteit&district=borgerhout",
    "/desk/dossiers?text=loket",
    "/mine?stage=told",
)
LEFT_OUT = {"people.sign_out", "static", "locale.choose"}


def addresses(app, ids) -> list[str]:
    """Every address that can be opened, with every real id in it."""
    found = list(ASKED_FOR)
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in LEFT_OUT:
            continue
        names = sorted(rule.arguments)
        every = itertools.product(*(ids[name] for name in names))
        found += [rule.build(dict(zip(names, each, strict=True)), append_unknown=False)[1] for each in every]
    return found


def met(client, wanted: list[str]) -> dict[str, list[str]]:
    """Which canaries this visitor meets, and where; as pages and as parts of pages."""
    seen: dict[str, list[str]] = defaultdict(list)
    for address in wanted:
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(address, headers=headers)
            assert response.status_code < 500, address
            whole = said(response) + str(response.headers)
            for name, word in CANARIES.items():
                if word in whole:
                    seen[name].append(address)
    return seen


@pytest.mark.parametrize("who", VISITORS)
def test_each_meets_the_words_they_may_and_no_other(app, as_, people, ids, world, caplog, who) -> None:
    caplog.set_level(logging.DEBUG)
    client = app.test_client() if who == "nobody" else as_(getattr(people, who))
    seen = met(client, addresses(app, ids))
    allowed = {name for name, may in ALLOWED.items() if who in may}
    assert {name: seen[name][:5] for name in set(seen) - allowed} == {}
    assert allowed - set(seen) == set()
    assert not any(word in record.getMessage() for record in caplog.records for word in CANARIES.values())


@pytest.mark.parametrize("who", ["amina", "nadia", "dre", "sofie", "chloe", "emma", "stijn"])
def test_not_even_the_number_of_a_sensitive_signal_is_met(app, as_, people, ids, world, who) -> None:
    hidden = {world["sensitive"].reference, world["reason for a sensitive one"].reference}
    client = as_(getattr(people, who))
    for address in addresses(app, ids):
        assert not [reference for reference in hidden if reference in said(client.get(address))], address


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("resident", {"resident", "quote", "phone"}),
        ("sensitive", {"sensitive", "question about a sensitive one", "phone of a sensitive one"}),
    ],
)
def test_a_giver_meets_their_own_words_and_nobody_elses(app, client, store, ids, world, name, shown) -> None:
    code = issue_code(store, world[name].giver_id, actor=SYSTEM)
    store.commit()
    assert client.post("/follow", data={"code": code.display}).status_code == 303
    assert set(met(client, addresses(app, ids))) == shown


def test_a_shielded_signal_counts_in_no_number_of_the_list_of_dossiers(as_, people, store, world) -> None:
    page = as_(people.sofie).get("/desk/dossiers?text=afspraak").text
    assert "3 signalen" in page


def test_no_mail_event_or_waiting_message_holds_a_word(app, store, world) -> None:
    kept = [json.dumps(row.data) for row in store.exec(select(Event))]
    kept += [json.dumps(row.params) for row in store.exec(select(OutboxMessage))]
    store.close()
    assert app.test_cli_runner().invoke(args=["outbox", "deliver"]).exit_code == 0
    folder = app.extensions["signalen.config"].mail_folder
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.iterdir()]
    assert mails
    kept += [f"{mail['Subject']} {mail.get_content()}" for mail in mails]
    assert [text for text in kept for word in CANARIES.values() if word in text] == []

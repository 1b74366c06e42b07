"""Who sees which signal: in one rule, in SQL, in every operation, and in what is logged."""

from __future__ import annotations

import pytest
from sqlmodel import select

from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.models import Event
from signalen.core.permissions import NOBODY, SYSTEM, Actor, ActorKind, Permission, Role, may
from signalen.signals.models import Channel, HearsBack, Signal, SignalText, Stage, TextKind
from signalen.signals.operations import (
    add_text,
    ask_giver,
    correct,
    follow,
    giver_writes,
    issue_code,
    mark_seen,
    release,
    revoke_code,
    shield,
    unshield,
)
from signalen.signals.queries import (
    Filters,
    count_signals,
    due,
    find_code,
    find_signal,
    last_recorded,
    messages_of,
    safe_lines,
    signal_rows,
    stage_counts,
    unanswered_questions,
    unseen_from_givers,
    visible_signals,
    words_of,
)
from signalen.signals.rules import may_see
from tests.factories import member, signal, user

SECRET = "Mijn man slaat mij."


@pytest.fixture
def five(session, vault, cast):
    """One of each: Amina's, Dré's, a resident's, and two sensitive ones."""
    amina, dre = cast.actor(cast.amina), cast.actor(cast.dre)
    return {
        "amina": signal(session, vault, amina),
        "dre": signal(session, vault, dre),
        "resident": signal(session, vault),
        "amina_sensitive": signal(session, vault, amina, text=SECRET),
        "resident_sensitive": signal(session, vault, text=SECRET),
    }


SEES = {
    "amina": {"amina", "amina_sensitive"},
    "dre": {"dre"},
    "bart": {"amina", "dre", "resident", "amina_sensitive", "resident_sensitive"},
    "sofie": {"amina", "dre", "resident"},
    "chloe": set(),
    "emma": set(),
    "stijn": set(),
}


def test_each_sees_what_is_theirs_in_the_rule_and_in_the_query(session, five, cast):
    for who, sees in SEES.items():
        actor = cast.actor(getattr(cast, who))
        in_sql = {s.id for s in session.exec(visible_signals(actor))}
        by_name = {name for name, made in five.items() if made.id in in_sql}
        assert by_name == sees
        for name, made in five.items():
            assert may_see(actor, made) == (name in sees)
            assert (find_signal(session, made.id, actor=actor) is not None) == (name in sees)
            if Permission.SIGNAL_READ in actor.permissions:
                assert may(actor, Permission.SIGNAL_READ, made) == (name in sees)


def test_nobody_sees_nothing_and_a_giver_the_own_signal(session, five):
    assert session.exec(visible_signals(NOBODY)).all() == []
    giver = Actor(ActorKind.GIVER, five["resident"].giver_id)
    assert [s.id for s in session.exec(visible_signals(giver))] == [five["resident"].id]
    assert not may_see(giver, five["amina"])
    assert not may_see(NOBODY, five["resident"])


def test_a_colleague_sees_the_own_organisation_but_not_what_is_sensitive(session, vault, cast, five):
    nadia = user(session, "Nadia")
    member(session, nadia, Role.WORKER, organisation_id=cast.linde.id)
    seen = {s.id for s in session.exec(visible_signals(cast.actor(nadia)))}
    assert seen == {five["amina"].id}


def test_a_sensitive_signal_stands_in_no_list_count_or_search_of_others(session, five, cast):
    for who, sees in SEES.items():
        actor = cast.actor(getattr(cast, who))
        visible = sees
        assert count_signals(session, actor) == len(visible)
        assert {row.id for row in signal_rows(session, actor)} == {five[n].id for n in visible}
        assert sum(stage_counts(session, actor).values()) == len(visible)
        assert signal_rows(session, actor, Filters(words="slaat")) == []  # sealed words are found by nobody
        for made in five.values():
            found = signal_rows(session, actor, Filters(words=made.reference))
            assert bool(found) == (made.id in {five[n].id for n in visible})


def test_a_list_never_shows_sealed_words(session, five, cast):
    rows = {row.id: row for row in signal_rows(session, cast.actor(cast.bart))}
    assert rows[five["amina_sensitive"].id].words is None
    assert rows[five["amina"].id].words.startswith("De bus")
    assert rows[five["amina"].id].themes == ("mobiliteit",)


def test_each_reading_of_a_sensitive_signal_is_logged_before_the_words_come(session, vault, five, cast):
    bart = cast.actor(cast.bart)
    made = five["resident_sensitive"]
    for _ in range(2):
        assert words_of(session, vault, made, actor=bart)[0].words == SECRET
    words_of(session, vault, five["resident"], actor=bart)
    read = session.exec(select(Event).where(Event.verb == "sensitive-read")).all()
    assert [(e.subject_id, e.actor_id, e.data) for e in read] == [(made.id, bart.id, {})] * 2


def test_others_get_no_word_of_it(session, vault, five, cast):
    for who in ("sofie", "amina", "dre", "chloe", "emma", "stijn"):
        actor = cast.actor(getattr(cast, who))
        for read in (words_of, messages_of):
            with pytest.raises(NotAllowed):
                read(session, vault, five["resident_sensitive"], actor=actor)


def test_a_city_account_gets_no_word_of_any_signal(session, vault, five, cast):
    for made in five.values():
        with pytest.raises(NotAllowed):
            words_of(session, vault, made, actor=cast.actor(cast.chloe))


def test_shielding_seals_the_words_and_lowering_opens_them(session, vault, five, cast):
    made = five["resident"]
    shield(session, vault, made, actor=cast.actor(cast.sofie))
    text = session.exec(select(SignalText).where(SignalText.signal_id == made.id)).one()
    assert (text.words, made.sensitive) == (None, True)
    assert not may_see(cast.actor(cast.sofie), made)
    with pytest.raises(NotAllowed):
        unshield(session, vault, made, actor=cast.actor(cast.sofie))
    unshield(session, vault, made, actor=cast.actor(cast.bart))
    assert text.words.startswith("De bus")
    assert text.sealed is None


def test_what_a_giver_asked_for_is_not_lowered(session, vault, cast):
    made = signal(session, vault, sensitive=True)
    with pytest.raises(DomainError):
        unshield(session, vault, made, actor=cast.actor(cast.bart))
    assert made.sensitive


def test_a_giver_can_still_ask_that_one_person_reads_it(session, vault, five):
    made = five["resident"]
    shield(session, vault, made, actor=Actor(ActorKind.GIVER, made.giver_id))
    assert made.sensitive_asked
    with pytest.raises(NotAllowed):
        shield(session, vault, five["dre"], actor=Actor(ActorKind.GIVER, made.giver_id))


def test_a_released_one_gives_one_safe_line_and_nothing_that_leads_to_it(session, vault, five, cast):
    made = five["resident_sensitive"]
    ids = select(Signal.id)
    assert safe_lines(session, ids) == []
    with pytest.raises(NotAllowed):
        release(session, vault, made, "Geweld thuis.", "nl", actor=cast.actor(cast.sofie))
    with pytest.raises(Missing):
        release(session, vault, made, " ", "nl", actor=cast.actor(cast.bart))
    for line in ("Eerst dit.", "Geweld thuis."):
        release(session, vault, made, line, "nl", actor=cast.actor(cast.bart))
    assert [(line.language, line.words) for line in safe_lines(session, ids)] == [("nl", "Geweld thuis.")]
    assert made.released_at
    assert not may_see(cast.actor(cast.sofie), made)
    unshield(session, vault, made, actor=cast.actor(cast.bart))
    assert safe_lines(session, ids) == []


def test_a_signal_that_is_not_sensitive_needs_no_release(session, vault, five, cast):
    with pytest.raises(DomainError):
        release(session, vault, five["resident"], "Een zin.", "nl", actor=cast.actor(cast.bart))


def test_staff_adds_a_translation_and_a_second_one_replaces_the_first(session, vault, five, cast):
    made, sofie = five["resident"], cast.actor(cast.sofie)
    for words in ("Le bus.", "Le bus ne vient pas."):
        add_text(session, vault, made, TextKind.TRANSLATION, words, language="fr", actor=sofie)
    found = words_of(session, vault, made, actor=sofie)
    assert [(w.kind, w.language) for w in found] == [(TextKind.ORIGINAL, "nl"), (TextKind.TRANSLATION, "fr")]
    assert found[1].words == "Le bus ne vient pas."
    with pytest.raises(DomainError):
        add_text(session, vault, made, TextKind.ORIGINAL, "Anders.", language="nl", actor=sofie)


def test_texts_beside_a_sensitive_signal_are_sealed_as_well(session, vault, five, cast):
    made = five["amina_sensitive"]
    add_text(session, vault, made, TextKind.SUMMARY, "Geweld.", language="nl", actor=cast.actor(cast.bart))
    kept = session.exec(select(SignalText).where(SignalText.signal_id == made.id)).all()
    assert [t.words for t in kept] == [None, None]


def test_a_worker_corrects_the_own_organisations_words_and_the_first_ones_go(session, vault, five, cast):
    made, amina = five["amina"], cast.actor(cast.amina)
    add_text(session, vault, made, TextKind.SUMMARY, "Bus.", language="nl", actor=cast.actor(cast.bart))
    correct(session, vault, made, "De bus komt nooit.", actor=amina)
    assert [w.words for w in words_of(session, vault, made, actor=amina)] == ["De bus komt nooit."]
    for who in (cast.dre, cast.bart, cast.chloe):
        with pytest.raises(NotAllowed):
            correct(session, vault, made, "Anders.", actor=cast.actor(who))
    made.stage = Stage.BUNDLED
    with pytest.raises(DomainError):
        correct(session, vault, made, "Te laat.", actor=amina)


def test_correcting_into_something_sensitive_seals_it(session, vault, five, cast):
    correct(session, vault, five["amina"], SECRET, actor=cast.actor(cast.amina))
    text = session.exec(select(SignalText).where(SignalText.signal_id == five["amina"].id)).one()
    assert text.words is None


def test_words_of_a_resident_are_corrected_by_nobody(session, vault, five, cast):
    with pytest.raises(NotAllowed):
        correct(session, vault, five["resident"], "Anders.", actor=cast.actor(cast.bart))


def test_a_question_and_an_answer_travel_sealed(session, vault, five, cast):
    made, bart = five["resident"], cast.actor(cast.bart)
    giver = Actor(ActorKind.GIVER, made.giver_id)
    asked = ask_giver(session, vault, made, "Welke bus?", "nl", actor=bart)
    assert b"Welke" not in asked.sealed
    assert mark_seen(session, made, actor=giver) == 1
    giver_writes(session, vault, made, "Lijn 22.", "nl", actor=giver)
    assert [(s.from_giver, s.words) for s in messages_of(session, vault, made, actor=bart)] == [
        (False, "Welke bus?"),
        (True, "Lijn 22."),
    ]
    assert [found[1] for found in unseen_from_givers(session, bart)] == [made.reference]
    assert mark_seen(session, made, actor=bart) == 1
    assert mark_seen(session, made, actor=bart) == 0
    assert unseen_from_givers(session, bart) == []


def test_a_worker_answers_for_the_own_signal_but_never_reads_what_a_resident_wrote(
    session, vault, five, cast
):
    amina, bart = cast.actor(cast.amina), cast.actor(cast.bart)
    ask_giver(session, vault, five["amina"], "Welke bus?", "nl", actor=bart)
    assert [found[0] for found in unanswered_questions(session, amina)] == [five["amina"].id]
    assert unanswered_questions(session, cast.actor(cast.dre)) == []
    giver_writes(session, vault, five["amina"], "Lijn 22.", "nl", actor=amina)
    assert unanswered_questions(session, amina) == []
    behalf = signal(
        session,
        vault,
        amina,
        channel=Channel.ON_BEHALF,
        agreed_how="Zei ja.",
        hears_back=HearsBack.CARD,
    )
    for act in (
        lambda: messages_of(session, vault, behalf, actor=amina),
        lambda: giver_writes(session, vault, behalf, "Ik.", "nl", actor=amina),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nothing_is_written_about_what_was_withdrawn(session, vault, five, cast):
    for stage in (Stage.WITHDRAWN, Stage.REFUSED):
        five["resident"].stage = stage
        with pytest.raises(DomainError):
            ask_giver(session, vault, five["resident"], "Hallo?", "nl", actor=cast.actor(cast.bart))


def test_codes_wrong_unknown_and_revoked_look_the_same(session, vault, five, cast):
    made = five["resident"]
    code = issue_code(session, made.giver_id, actor=cast.actor(cast.bart))
    row = find_code(session, code.display.lower().replace("-", " "))
    assert follow(session, row, actor=NOBODY).id == made.id
    assert row.used_at
    with pytest.raises(NotAllowed):
        revoke_code(session, row, actor=cast.actor(cast.dre))
    revoke_code(session, row, actor=cast.actor(cast.bart))
    other = issue_code(session, made.giver_id, actor=SYSTEM)
    wrong_secret = type(code)(other.locator, code.secret)
    assert find_code(session, code.display) is None
    assert find_code(session, wrong_secret.display) is None
    assert find_code(session, "hello") is None


def test_codes_are_issued_by_those_who_see_the_signal(session, five, cast):
    with pytest.raises(NotAllowed):
        issue_code(session, five["amina"].giver_id, actor=cast.actor(cast.dre))
    assert issue_code(session, five["amina"].giver_id, actor=cast.actor(cast.amina))


def test_lists_are_narrowed_by_filters_and_paged_by_the_last_one(session, vault, five, cast):
    bart = cast.actor(cast.bart)
    more = signal(session, vault, themes=("wonen",), groups=("armoede",), place="deurne", language="fr")
    for filters in (
        Filters(theme="wonen"),
        Filters(group="armoede"),
        Filters(place="deurne"),
        Filters(language="fr"),
    ):
        assert [row.id for row in signal_rows(session, bart, filters)] == [more.id]
    assert count_signals(session, bart, Filters(sensitive=True)) == 2
    assert count_signals(session, bart, Filters(channel=Channel.CAPTURE)) == 3
    assert count_signals(session, bart, Filters(organisation_id=cast.kaai.id)) == 1
    assert count_signals(session, bart, Filters(words="ziekenhuis bus")) == 4
    assert count_signals(session, bart, Filters(words="100%")) == 0
    first = signal_rows(session, bart, limit=2)
    rest = signal_rows(session, bart, after=first[-1].id)
    assert len(rest) == 4
    assert not {row.id for row in first} & {row.id for row in rest}


def test_what_is_due_holds_no_words_of_a_sensitive_signal(session, five, cast, frozen):
    found = due(session, cast.actor(cast.bart), frozen.date())
    assert len(found) == 5
    assert all(SECRET not in each.title for each in found)
    assert {each.reference for each in due(session, cast.actor(cast.sofie), frozen.date())} == {
        five[name].reference for name in SEES["sofie"]
    }


def test_the_phone_remembers_the_last_signal_of_this_worker_only(session, vault, five, cast):
    signal(session, vault, cast.actor(cast.amina), place="hoboken", language="fr")
    signal(session, vault, cast.actor(cast.dre), place="deurne")
    last = last_recorded(session, cast.actor(cast.amina))
    assert (last.place, last.language) == ("hoboken", "fr")
    assert last_recorded(session, cast.actor(cast.bart)) is None

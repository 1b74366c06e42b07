"""One signal travels the whole round, by the hands of everyone who carries it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from signalen.core.permissions import SYSTEM
from signalen.people.directory import set_setting
from tests.browser import steps_in, steps_out
from tests.browser.round import Round

pytestmark = pytest.mark.browser

PARTLY = {
    "What will you do?": "Het loket is vanaf maart elke dinsdagvoormiddag open zonder afspraak.",
    "What will you not do?": "Niet elke voormiddag.",
    "Why not, in plain words?": "Er zijn niet genoeg mensen voor elke dag.",
    "Who does it?": "Dienst Loketten",
    "By which day?": "2027-03-01",
}
YES = {
    "What will you do? (If it is exactly what was asked, you can leave this empty.)": "Het loket is elke voormiddag open.",
    "Who does it?": "Dienst Loketten",
    "By which day?": "2027-06-01",
}
FIRST_NL = {
    "What we did": "We hebben jouw verhaal samengelegd met dat van anderen. We hebben het aan de stad gevraagd.",
    "What the city says": "Vanaf maart is het loket op dinsdag open zonder afspraak. Niet elke dag.",
    "Why (not)": "De stad heeft niet genoeg mensen voor elke dag.",
    "What now": "We kijken in maart of het loket open is.",
}
FIRST_AR = {
    "What we did": "جمعنا ما قلته مع ما قاله آخرون وسألنا المدينة.",
    "What the city says": "ابتداءً من مارس يفتح المكتب يوم الثلاثاء صباحاً بدون موعد، وليس كل يوم.",
    "Why (not)": "ليس لدى المدينة عدد كافٍ من الموظفين لكل يوم.",
    "What now": "سنرى في مارس هل المكتب مفتوح.",
}
SECOND_NL = {
    "What we did": "Jij zei dat dit niet helpt. We hebben het opnieuw gevraagd.",
    "What the city says": "Het loket is vanaf juni elke voormiddag open zonder afspraak.",
    "What now": "We kijken in juni of het zo is.",
}
SECOND_AR = {
    "What we did": "قلت إن هذا لا يساعدك، فسألنا المدينة من جديد.",
    "What the city says": "ابتداءً من يونيو يفتح المكتب كل صباح بدون موعد.",
    "What now": "سنرى في يونيو هل تم ذلك.",
}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_signal_travels_the_whole_round(fresh_house, somebody, scripts) -> None:
    with fresh_house.app.extensions["signalen.sessions"].write() as session:
        # Two givers: one *no* is enough to open the dossier again.
        set_setting(session, "reopen-at-least", 1, actor=SYSTEM)
        session.commit()
    r = Round(fresh_house, somebody, scripts=scripts)
    a_first_round_does_not_help(r)
    a_second_round_does(r)
    done_waits_for_what_was_promised(r)


def a_first_round_does_not_help(r: Round) -> None:
    r.day(date(2026, 11, 10))
    steps_in.resident_reports(r)
    steps_in.worker_captures(r)
    steps_in.staff_reads_and_places(r)
    steps_in.staff_bundles(r)
    steps_in.staff_prepares(r)
    steps_in.organisation_agrees(r)
    steps_out.staff_plans_consultation(r, date(2026, 11, 24))

    r.day(date(2026, 11, 24))
    steps_out.consultation_is_held(r)

    r.day(date(2026, 12, 8))
    steps_out.city_answers(r, "deels", PARTLY, reason="eigen-middelen")
    steps_out.staff_writes_plainly(r, FIRST_NL, FIRST_AR)
    steps_out.panel_reads(r)
    steps_out.city_finds_it_faithful(r)
    steps_out.second_person_approves(r)
    steps_out.staff_tells(r)
    steps_out.worker_tells(r, "A little")
    rosa = steps_out.resident_follows(r)
    for text in FIRST_AR.values():
        rosa.reads(text)
    steps_out.resident_reacts(r, "No", "أنا أعمل يوم الثلاثاء.")
    rosa.sees("You told us that the answer does not help you. We take it up again.")
    bart = r.at("bart", r.dossier)
    bart.sees("Contested: a giver says that the answer does not help")


def a_second_round_does(r: Round) -> None:
    r.day(date(2027, 1, 12))
    steps_out.staff_asks_in_writing(r)

    r.day(date(2027, 2, 2))
    steps_out.city_answers(r, "ja", YES)
    steps_out.staff_writes_plainly(r, SECOND_NL, SECOND_AR)
    steps_out.panel_reads(r)
    steps_out.city_finds_it_faithful(r)
    steps_out.second_person_approves(r)
    steps_out.staff_tells(r)
    steps_out.worker_tells(r, "Yes")
    rosa = steps_out.resident_follows(r)
    for text in SECOND_AR.values():
        rosa.reads(text)
    steps_out.resident_reacts(r, "Yes")
    rosa.sees("You said that it helps")
    expect(rosa.page.locator(".ring .tick")).to_have_count(1)


def done_waits_for_what_was_promised(r: Round) -> None:
    bart = r.at("bart", r.dossier)
    expect(bart.page.locator("main .ring .tick")).to_have_count(1)
    bart.press("It is done: something changed")
    expect(bart.page.locator(".notice.late")).to_be_visible()  # two promises are open
    bart.sees("Not done yet")
    steps_out.staff_keeps_promises(r)
    bart.go(r.dossier)
    bart.press("It is done: something changed")
    bart.sees("Done on %(day)s", day="2 feb")

"""From the agenda to an answer that its giver has got: each step by who takes it, by the words on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from playwright.sync_api import Locator, expect

from tests.browser.person import Person
from tests.browser.round import MEASURE, TITLE, WORRY_AR, WORRY_NL, Round

CONSULTATION = "Stad en platform, najaar"


def staff_plans_consultation(r: Round, day: date) -> None:
    """A consultation with this dossier on its agenda."""
    bart = r.at("bart", r.dossier)
    bart.follow("Put it on an agenda")
    bart.go("/desk/consultations")
    bart.page.get_by_role("link", name=bart.say("Plan a consultation")).click()
    bart.fill("Title", CONSULTATION)
    bart.fill("Day", day.isoformat())
    bart.fill("Starts at", "10:00")
    bart.fill("How many minutes is there?", "90")
    bart.fill("Place", "Districtshuis Borgerhout")
    bart.tick("Interpreter")
    bart.press("Keep")
    expect(bart.page.get_by_role("heading", level=1)).to_have_text(CONSULTATION)
    candidate = bart.part("Dossiers that can go on it").get_by_role("listitem").filter(has_text=TITLE)
    bart.fill("Who brings it?", "Huis Linde", within=candidate)
    candidate.get_by_role("button", name=bart.say("Put on the agenda")).click()
    expect(bart.page.locator("#points").get_by_text(TITLE, exact=True)).to_be_visible()
    bart.follow("Print view")
    bart.reads(TITLE)


def consultation_is_held(r: Round) -> None:
    """The meeting is written up; the questions go out."""
    bart = r.at("bart", "/desk/consultations")
    bart.page.get_by_role("link", name=re.compile(CONSULTATION)).click()
    bart.page.get_by_role("link", name=bart.say("Write up the meeting")).click()
    r.look(bart)
    bart.tick("Discussed")
    bart.fill("What was said", "De dienst kent het probleem en kijkt wat er kan.")
    bart.press("Write it up and send the questions")
    bart.sees("Discussed")


def staff_asks_in_writing(r: Round) -> None:
    """The next round needs no meeting."""
    bart = r.at("bart", r.dossier)
    bart.press("Ask in writing, today")
    bart.reads(MEASURE)


def city_answers(r: Round, kind: str, fields: Mapping[str, str], *, reason: str = "") -> None:
    """The city contact finds the question, chooses a kind and gives what that kind needs."""
    chloe = r.at("chloe", "/city")
    chloe.page.get_by_role("link", name=re.compile(TITLE)).first.click()
    chloe.reads(MEASURE)
    for words in (WORRY_AR, WORRY_NL):
        expect(chloe.page.get_by_text(words)).to_have_count(0)
    chloe.page.get_by_role("link", name=re.compile("^" + r.names("nl").answer_kind(kind))).click()
    for label, value in fields.items():
        chloe.fill(label, value)
    if reason:
        chloe.choose("What kind of reason is that?", r.names("nl").reason(reason))
    chloe.press("Give this answer")
    chloe.sees("Thank you. Your answer is with the platform. You see the plain version before it goes out.")


def staff_writes_plainly(r: Round, dutch: Mapping[str, str], arabic: Mapping[str, str]) -> None:
    """The answer in plain words, in Dutch and in the language of the resident."""
    bart = r.at("bart", "/desk/feedback")
    bart.press("Write it")
    fill_parts(bart, dutch)
    bart.press("Show it to the city and a second person")
    bart.sees("It waits for a second person")
    row(bart, "العربية").get_by_role("link").click()
    fill_parts(bart, arabic)
    bart.press("Show it to a second person")


def fill_parts(person: Person, parts: Mapping[str, str]) -> None:
    """Fills the parts of a plain text; those that may stay empty say so behind their name."""
    for label, text in parts.items():
        person.page.locator("main").get_by_label(re.compile("^" + re.escape(person.say(label)))).fill(text)


def row(person: Person, language: str) -> Locator:
    """A language of the text."""
    return person.page.locator("#languages").get_by_role("listitem").filter(has_text=language)


def city_finds_it_faithful(r: Round) -> None:
    """The body need not wait for its two days to be over."""
    chloe = r.at("chloe", "/city/texts")
    chloe.page.get_by_role("link", name=re.compile(TITLE)).first.click()
    chloe.press("Yes, this is what we said")
    chloe.sees("You said that it is faithful")


def panel_reads(r: Round) -> None:
    """An experience expert reads the Arabic text on her phone, finds it clear and says that it can go out."""
    emma = r.at("emma", "/language/ar?to=/panel")
    emma.page.locator("main").get_by_role("link").filter(has_text="العربية").first.click()
    expect(emma.page.locator("html")).to_have_attribute("dir", "rtl")
    r.look(emma)
    emma.tick("Yes")
    emma.fill("Tell it in your own words", "المدينة تفتح المكتب صباحاً لمن لا موعد له.")
    emma.press("Send")
    if "/panel/" not in emma.page.url:
        emma.page.locator("main").get_by_role("link").filter(has_text="العربية").first.click()
    emma.press("Yes, this can go out")


def second_person_approves(r: Round) -> None:
    """Who did not write it says yes."""
    sofie = r.at("sofie", "/desk/feedback")
    sofie.page.get_by_role("link", name=sofie.say("Go on")).click()
    sofie.press("Yes, this can go out")
    sofie.sees("Approved: it can go out")


def staff_tells(r: Round) -> None:
    """It stands ready for every giver."""
    bart = r.at("bart", "/desk/feedback")
    bart.page.get_by_role("link", name=bart.say("Go on")).click()
    bart.press("Tell everyone")
    bart.sees("This is what we told")


def worker_tells(r: Round, helped: str) -> None:
    """The worker reads it out to those who told it to her, and writes down what they say."""
    amina = r.at("amina", "/mine/tell")
    amina.press("I told them")
    said = amina.page.locator("main article").filter(has_text=amina.say("Does it help them?")).first
    questions = said.get_by_role("group")
    expect(questions).to_have_count(2)
    amina.tick("Yes", within=questions.first)
    amina.tick(helped, within=questions.last)
    amina.press("Send", within=said)


def resident_follows(r: Round) -> Person:
    """The code opens the story, in the language of the phone."""
    rosa = r.rosa
    rosa.go("/follow")
    rosa.fill("Your code", r.code)
    rosa.press("Show me what happens")
    expect(rosa.page.locator("html")).to_have_attribute("lang", "ar")
    rosa.reads(WORRY_AR)
    return rosa


def resident_reacts(r: Round, helped: str, words: str = "") -> None:
    """Does she understand it, does it help?"""
    rosa = r.rosa
    reaction = rosa.page.locator("#reaction")
    rosa.tick("Yes", within=reaction.get_by_role("group").first)
    rosa.tick(helped, within=reaction.get_by_role("group").last)
    rosa.fill("Do you want to say why? You do not have to.", words, within=reaction)
    rosa.press("Send", within=reaction)


def staff_keeps_promises(r: Round) -> None:
    """What was promised is there: each promise is closed with what shows it."""
    bart = r.at("bart", "/desk/answers")
    waiting = bart.part("Promises").get_by_role("link")
    for left in range(waiting.count(), 0, -1):
        expect(waiting).to_have_count(left)
        waiting.first.click()
        bart.fill(
            "What shows that it was kept? Or why is it dropped?", "Gezien: het loket is elke voormiddag open."
        )
        bart.press("It was kept")
        bart.go("/desk/answers")
    expect(waiting).to_have_count(0)

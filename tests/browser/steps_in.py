"""From a worry to an agreed question: each step by who takes it, by the words on the screen."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.round import MEASURE, SUMMARY, SYNTHESIS, TITLE, WORRY_AR, WORRY_NL, Round


def resident_reports(r: Round) -> None:
    rosa, vocabulary = r.rosa, r.names("ar")
    rosa.go("/")
    expect(rosa.page.locator("html")).to_have_attribute("dir", "rtl")
    rosa.page.get_by_role("link", name=rosa.say("I want to tell something")).click()
    rosa.page.get_by_role("link", name=vocabulary.kind("signaal")).click()
    rosa.fill("Tell it in your own words", WORRY_AR)
    rosa.press("Next")
    rosa.tick(vocabulary.theme("hulp"))
    rosa.choose("In which part of the city?", vocabulary.place("borgerhout"))
    rosa.press("Next")
    rosa.tick("You may use it to ask the city for change")
    rosa.press("Send")
    rosa.sees("We have it")
    r.code = rosa.page.locator(".code").inner_text()
    r.references.append(rosa.page.locator(".code-card bdi strong").inner_text())
    rosa.press("Ready: clear this screen")


def worker_captures(r: Round) -> None:
    amina, vocabulary = r.at("amina", "/capture"), r.names("nl")
    amina.page.locator("#f-text").fill(WORRY_NL)
    amina.open("Choose what it is about")
    amina.tick(vocabulary.theme("hulp"))
    amina.tick(vocabulary.place("borgerhout"))
    amina.press("Save")
    # With scripts the next one can be written at once, and the number stands in the list below.
    number = amina.page.locator("#kept [data-number]" if r.scripts else ".with-ring bdi").first
    expect(number).to_have_text(re.compile(r"^S-\d{4}-\d{5}$"))
    r.references.append(number.inner_text())


def staff_reads_and_places(r: Round) -> None:
    bart, vocabulary = r.at("bart", "/desk"), r.names("nl")
    for reference, words in zip(r.references, (WORRY_AR, WORRY_NL), strict=True):
        bart.go("/desk/signals?stage=received")
        bart.page.get_by_role("link").filter(has_text=reference).click()
        bart.reads(words)
        if words == WORRY_AR:
            text = bart.open("Write a translation or a summary")
            bart.tick("Summary", within=text)
            bart.fill("Words", SUMMARY, within=text)
            bart.press("Save", within=text)
            bart.reads(SUMMARY)
        place = bart.open("Change what it is about")
        expect(place.get_by_role("checkbox", name=vocabulary.theme("hulp"))).to_be_checked()
        bart.open("Groups and barriers", within=place)
        bart.tick(vocabulary.barrier("digitaal"), within=place)
        bart.press("Save", within=place)
        bart.sees("Placed.")


def staff_bundles(r: Round) -> None:
    bart = r.bart
    bart.go("/desk/signals?stage=read")
    for reference in r.references:
        bart.page.get_by_label(bart.say("Choose %(reference)s", reference=reference)).check()
    bart.fill("Or the title of a new one", TITLE)
    bart.press("Put them together")
    expect(bart.page.get_by_role("heading", level=1)).to_have_text(TITLE)


def staff_prepares(r: Round) -> None:
    bart = r.bart
    r.dossier = bart.page.url.removeprefix(bart.origin)
    bart.follow("Change")
    bart.fill("The worry", "Wie niet online kan, raakt niet binnen bij het loket.")
    bart.choose("Lead", "Bart")
    bart.choose("Second person", "Sofie")
    bart.press("Save")
    expect(bart.page).to_have_url(bart.origin + r.dossier)
    ask_for(bart, "Dienst Loketten", MEASURE)
    bart.open("Write the synthesis")
    bart.fill("Text for the city", SYNTHESIS)
    bart.press("Save", within=bart.part("The synthesis"))
    bart.press("Announce to the organisations")
    bart.reads("Huis Linde")


def ask_for(bart: Person, body: str, measure: str) -> None:
    part = bart.open("Add a measure")
    bart.choose("Who can do it?", body, within=part)
    bart.fill("What do we ask them to do?", measure, within=part)
    bart.press("Add", within=part)
    bart.reads(measure)


def organisation_agrees(r: Round) -> None:
    amina = r.at("amina", "/mine")
    amina.page.get_by_role("link", name=TITLE).click()
    amina.reads(SYNTHESIS)
    amina.press("Yes, under our name")
    amina.sees("Agreed")

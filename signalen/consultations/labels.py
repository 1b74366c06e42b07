"""Words for agendas, answers and promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from signalen.consultations.models import (
    Answer,
    AnswerKind,
    AnswerSource,
    Arrangement,
    CommitmentState,
    ConsultationState,
    ItemOutcome,
    Purpose,
)
from signalen.consultations.rules import NEEDS, Need
from signalen.themes.queries import Names
from signalen.web.locale import lazy, show_date

STATES = {
    ConsultationState.PLANNED: lazy("Open for points"),
    ConsultationState.FROZEN: lazy("Agenda is fixed"),
    ConsultationState.HELD: lazy("Held"),
    ConsultationState.CANCELLED: lazy("Cancelled"),
}
PURPOSES = {
    Purpose.INFORM: lazy("To inform"),
    Purpose.ADVISE: lazy("To advise"),
    Purpose.DECIDE: lazy("To agree on"),
}
OUTCOMES = {
    ItemOutcome.DISCUSSED: lazy("Discussed"),
    ItemOutcome.NOT_REACHED: lazy("No time for it"),
}
ARRANGEMENTS = {
    Arrangement.INTERPRETER: lazy("Interpreter"),
    Arrangement.CHILDCARE: lazy("Childcare"),
    Arrangement.PLAIN_PAPERS: lazy("Papers in plain language"),
    Arrangement.TRAVEL_PAID: lazy("Travel is paid"),
    Arrangement.STEP_FREE: lazy("Step-free entrance"),
    Arrangement.BREAK: lazy("A break"),
}
SOURCES = {
    AnswerSource.ACCOUNT: lazy("By their account"),
    AnswerSource.LETTER: lazy("By letter or mail"),
    AnswerSource.SPOKEN: lazy("By word of mouth"),
    AnswerSource.DECLARED: lazy("No answer came"),
}
COMMITMENTS = {
    CommitmentState.OPEN: lazy("Promised"),
    CommitmentState.KEPT: lazy("Kept"),
    CommitmentState.BROKEN: lazy("Not kept in time"),
    CommitmentState.DROPPED: lazy("Dropped"),
}
KIND_HINTS = {
    AnswerKind.YES: lazy("You say who does it, and by when."),
    AnswerKind.PARTLY: lazy("You say what you do, what you do not do, and why. Who does it, and by when."),
    AnswerKind.OTHERWISE: lazy("You say what you do, and why that is better. Who does it, and by when."),
    AnswerKind.PLAN: lazy("You say in which plan, and when people hear more."),
    AnswerKind.EXISTS: lazy("You say where people find it, and why it was missed."),
    AnswerKind.NO: lazy("You say why not, in plain words."),
    AnswerKind.ELSEWHERE: lazy("You say who decides, and what you can do yourselves."),
    AnswerKind.RESEARCH: lazy(
        "You say who looks into it, with which residents, and by when. Once, it can be extended."
    ),
    AnswerKind.COUNCIL: lazy("You say when the college decides."),
    AnswerKind.QUESTION: lazy("You ask the platform something. Your time stands still until it answers."),
    AnswerKind.NONE: lazy("The date is over and nothing came."),
}
"""What each kind of answer asks of who gives it."""
WORDS = {
    AnswerKind.YES: lazy("What will you do? (If it is exactly what was asked, you can leave this empty.)"),
    AnswerKind.PARTLY: lazy("What will you do?"),
    AnswerKind.OTHERWISE: lazy("What will you do instead?"),
    AnswerKind.PLAN: lazy("In which plan?"),
    AnswerKind.EXISTS: lazy("Where does it exist, and how do people find it?"),
    AnswerKind.NO: lazy("Why not?"),
    AnswerKind.ELSEWHERE: lazy("Who decides on this?"),
    AnswerKind.RESEARCH: lazy("What do you look into?"),
    AnswerKind.COUNCIL: lazy("What will the college decide on? (You can leave this empty.)"),
    AnswerKind.QUESTION: lazy("What do you want to know?"),
    AnswerKind.NONE: lazy("What did the platform do to get an answer?"),
}
"""The question behind `words`, which says the main thing of each kind."""
NEEDED = {
    Need.WORDS: lazy("In your own words"),
    Need.WHAT_NO: lazy("What will you not do?"),
    Need.REASON: lazy("Why not, in plain words?"),
    Need.REASON_CODE: lazy("What kind of reason is that?"),
    Need.OWNER: lazy("Who does it?"),
    Need.DUE: lazy("By which day?"),
    Need.WHY_BETTER: lazy("Why is this better?"),
    Need.YEAR: lazy("In which year is it decided?"),
    Need.HEAR_ON: lazy("On which day do people hear more?"),
    Need.WHY_MISSED: lazy("Why did people miss it?"),
    Need.OWN_LEVERS: lazy("What can you do yourselves?"),
    Need.WHO: lazy("Who looks into it?"),
    Need.RESIDENTS: lazy("With which residents?"),
    Need.COMES_BACK: lazy("On which day do you answer?"),
}
SAID = {
    AnswerKind.YES: lazy("What they do"),
    AnswerKind.PARTLY: lazy("What they do"),
    AnswerKind.OTHERWISE: lazy("What they do instead"),
    AnswerKind.PLAN: lazy("In which plan"),
    AnswerKind.EXISTS: lazy("Where people find it"),
    AnswerKind.NO: lazy("Why not"),
    AnswerKind.ELSEWHERE: lazy("Who decides"),
    AnswerKind.RESEARCH: lazy("What they look into"),
    AnswerKind.COUNCIL: lazy("What the college decides on"),
    AnswerKind.QUESTION: lazy("Their question"),
    AnswerKind.NONE: lazy("What happened"),
}
TOLD = {
    Need.WORDS: lazy("In their words"),
    Need.WHAT_NO: lazy("What they do not do"),
    Need.REASON: lazy("Why not"),
    Need.REASON_CODE: lazy("Kind of reason"),
    Need.OWNER: lazy("Who does it"),
    Need.DUE: lazy("By"),
    Need.WHY_BETTER: lazy("Why it is better"),
    Need.YEAR: lazy("Decided in"),
    Need.HEAR_ON: lazy("More news on"),
    Need.WHY_MISSED: lazy("Why it was missed"),
    Need.OWN_LEVERS: lazy("What they can do"),
    Need.WHO: lazy("Who looks into it"),
    Need.RESIDENTS: lazy("With which residents"),
    Need.COMES_BACK: lazy("Answer by"),
}
DATES = frozenset({Need.DUE, Need.HEAR_ON, Need.COMES_BACK})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing an answer says: its name and its words. `language` is None when they are ours (a date, a reason of the list)."""

    label: str
    words: str
    language: str | None


def lines(answer: Answer, names: Names, *, language: str = "nl") -> list[Line]:
    """What an answer says, the main thing first. `language`: that of the body's own words."""
    said = [Line(str(SAID[answer.kind]), answer.words, language)] if answer.words else []
    for need in NEEDS[answer.kind]:
        if need is Need.REASON_CODE and answer.reason_code:
            said.append(Line(str(TOLD[need]), names.reason(answer.reason_code), None))
        elif need is Need.COMES_BACK and answer.comes_back_on:
            said.append(Line(str(TOLD[need]), show_date(answer.comes_back_on), None))
        elif value := answer.details.get(need.value):
            own = need not in DATES and need is not Need.YEAR
            words = show_date(date.fromisoformat(str(value))) if need in DATES else str(value)
            said.append(Line(str(TOLD[need]), words, language if own else None))
    return said

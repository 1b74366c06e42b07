"""Words for the states of telling and for what givers say."""

from __future__ import annotations

from datetime import date

from signalen.core.errors import DomainError, Missing
from signalen.feedback.models import BoardState, DeliveryState, DeliveryWay, FeedbackState, Helped
from signalen.feedback.queries.board import Standing
from signalen.feedback.queries.facts import DossierFacts
from signalen.signals.models import Signal, Stage
from signalen.texts.labels import PARTS
from signalen.web.forms import messages, say
from signalen.web.locale import gettext, lazy, ngettext, show_date

FEEDBACK_STATES = {
    FeedbackState.WRITING: lazy("Being written"),
    FeedbackState.WITH_BODY: lazy("Waits for a second person and for the city"),
    FeedbackState.FLAGGED: lazy("The city says it is not faithful"),
    FeedbackState.APPROVED: lazy("Approved, not yet told"),
    FeedbackState.DELIVERED: lazy("Ready for every giver"),
}
DELIVERY_STATES = {
    DeliveryState.READY: lazy("Not told yet"),
    DeliveryState.SENT: lazy("Sent"),
    DeliveryState.OPENED: lazy("Opened"),
    DeliveryState.TOLD_BY_HAND: lazy("Told by a worker"),
    DeliveryState.NOT_REACHED: lazy("Could not be reached"),
}
WAYS = {
    DeliveryWay.PAGE: lazy("With the code"),
    DeliveryWay.EMAIL: lazy("By e-mail"),
    DeliveryWay.SMS: lazy("By text message"),
    DeliveryWay.LETTER: lazy("By letter"),
    DeliveryWay.HAND: lazy("Someone tells them"),
}
BOARD_STATES = {
    BoardState.PROPOSED: lazy("Waits for a second person"),
    BoardState.PUBLISHED: lazy("On the public page"),
    BoardState.WITHDRAWN: lazy("Taken off"),
}
STANDINGS = {
    Standing.ASKED: lazy("Asked"),
    Standing.ANSWERED: lazy("Answered"),
    Standing.LATE: lazy("Late"),
    Standing.CHANGED: lazy("Something changed"),
}
HELPED = {Helped.YES: lazy("Yes"), Helped.A_LITTLE: lazy("A little"), Helped.NO: lazy("No")}
UNDERSTOOD = {"yes": lazy("Yes"), "no": lazy("No")}

messages(
    {
        "second-person": lazy("You wrote this yourself. Another person has to say yes."),
        "staff-approves": lazy("There is another member of the staff who can do this."),
        "needs-mandate-elsewhere": lazy("Only someone with a mandate of another organisation can do this."),
        "panel-says-unclear": lazy(
            "A reader of the panel says it is not clear. Change it, or say why it stays."
        ),
        "text-not-open-for-reading": lazy("This text does not wait for readers any more."),
        "too-few-there": lazy("Fewer than five signals come from that district. It would point at people."),
        "round-not-ended": lazy("The city did not answer everything yet."),
        "flag-open": lazy("First say what you did with what the city remarked."),
        "flag-too-late": lazy("The two days to remark on this text are over."),
        "flag-settled": lazy("This was settled already."),
        "not-with-body": lazy("This text does not wait for you any more."),
        "body-may-still-flag": lazy("The city may still look at this text until %(until)s."),
        "not-told-yet": lazy("There is no answer to react to yet."),
        "told-later": lazy("This date has yet to come. On which day did you tell them?"),
        "told-too-early": lazy("The answer was not ready yet on that day. On which day did you tell them?"),
        "nobody-listens": lazy("You cannot write here any more."),
        "tick-first": lazy("Tick this first, when you are sure."),
        "part-too-long": lazy("%(part)s: %(words)s words. At most %(most)s, so that everyone can read it."),
        "translator-fails": lazy(
            "The translator did not answer well (%(why)s). Try later, or write it yourself."
        ),
        "text-incomplete": lazy("Fill in: %(parts)s."),
    }
)


def headline(
    stage: Stage, facts: DossierFacts | None, *, answered: bool, heard: bool, contested: bool
) -> str:
    """What happened to a signal, in one line for its giver.

    `answered`: there is a text for them; `heard`: the city said something (not: a stated non-answer); `contested`: they said no.
    """
    if stage is Stage.BUNDLED and contested:
        return gettext("We look at it again")
    if answered and stage in {Stage.ANSWERED, Stage.TOLD, Stage.CLOSED}:
        if stage is Stage.CLOSED:
            return gettext("This is finished")
        return gettext("The city has answered") if heard else gettext("The city did not answer")
    if stage is Stage.BUNDLED and facts is not None and not facts.alone:
        return gettext("You are not alone")
    if stage is Stage.ON_AGENDA and facts is not None and facts.discussed_on:
        return gettext("We will discuss it with the city on %(day)s", day=show_date(facts.discussed_on))
    if stage is Stage.ASKED and facts is not None:
        if facts.late_since:
            return gettext("The city is late with its answer")
        if facts.due_on:
            return gettext("The city must answer before %(day)s", day=show_date(facts.due_on))
    return str(HEADLINES[stage])


HEADLINES = {
    Stage.RECEIVED: lazy("We have your signal"),
    Stage.READ: lazy("Someone has read your signal"),
    Stage.BUNDLED: lazy("Your signal is in a dossier"),
    Stage.ON_AGENDA: lazy("We will discuss it with the city"),
    Stage.ASKED: lazy("We asked the city"),
    Stage.ANSWERED: lazy("There is an answer. We are writing it down plainly"),
    Stage.TOLD: lazy("You have the answer"),
    Stage.CLOSED: lazy("This is finished"),
    Stage.HELPED: lazy("Someone helped you directly"),
    Stage.PASSED_ON: lazy("We passed your signal on"),
    Stage.KEPT: lazy("We keep your signal as evidence"),
    Stage.WITHDRAWN: lazy("You took your signal back"),
    Stage.REFUSED: lazy("We could not use this message"),
}


def not_alone(total: int | None) -> str:
    """How many say the same, with small numbers as "a few" (None)."""
    if total is None:
        return gettext("A few people say the same.")
    return ngettext("%(num)s signal says this.", "%(num)s signals say this.", total)


def signals_in_words(total: int | None) -> str:
    """The one total of a dossier on the board."""
    return gettext("a few signals") if total is None else ngettext("%(num)s signal", "%(num)s signals", total)


def board_line(stage: Stage, facts: DossierFacts) -> tuple[str, str]:
    """How a dossier stands in one line, with the class of its clock: done, late, due or nothing."""
    if facts.answered_on and facts.done_on:
        return "done", gettext("Answered and done: since %(day)s", day=show_date(facts.done_on))
    if stage is Stage.ASKED and facts.late_since:
        return "late", gettext("The answer should have come by %(day)s", day=show_date(facts.late_since))
    if facts.broken:
        return "late", gettext("A promise was not kept")
    if stage is Stage.ASKED and facts.due_on:
        return "", gettext("The city answers before %(day)s", day=show_date(facts.due_on))
    if stage is Stage.ON_AGENDA and facts.discussed_on:
        return "", gettext("Consultation on %(day)s", day=show_date(facts.discussed_on))
    if facts.unanswered_on and stage in ANSWERED_STAGES:
        return "late", gettext("No answer of the city. Said on %(day)s", day=show_date(facts.unanswered_on))
    if facts.contested:
        return "due", gettext("Answered, but people say it does not help")
    if facts.answered_on and stage in ANSWERED_STAGES:
        return "due", gettext("Answered on %(day)s, not done yet", day=show_date(facts.answered_on))
    if facts.not_chosen:
        return "", gettext("Not chosen for the next consultation")
    return "", gettext("We are putting it together")


ANSWERED_STAGES = frozenset({Stage.ANSWERED, Stage.TOLD, Stage.CLOSED})


NEXT = {
    Stage.RECEIVED: lazy("Someone reads it before %(day)s."),
    Stage.READ: lazy("Before %(day)s you read here where it goes."),
    Stage.BUNDLED: lazy("Before %(day)s we choose when we bring it to the city."),
    Stage.ANSWERED: lazy("Before %(day)s you read the answer here in plain words."),
}
"""What comes next and before which day, while we are the ones who must move."""
NEXT_WITHOUT_DAY = {
    Stage.ON_AGENDA: lazy("After that, the city gets the question and a date to answer."),
    Stage.ASKED: lazy("When the city has answered, you read it here in plain words."),
    Stage.KEPT: lazy("When more people say the same, we wake it up, and you read it here."),
    Stage.WITHDRAWN: "",
    Stage.REFUSED: "",
    Stage.HELPED: "",
    Stage.PASSED_ON: "",
}


def next_step(signal: Signal, facts: DossierFacts | None, *, late: bool) -> str:
    """What the giver can expect now, with its date, while there is no answer yet."""
    if late and signal.stage in NEXT:
        return gettext("We are late with this. We are sorry. You still hear from us here.")
    if signal.stage is Stage.BUNDLED and facts is not None and facts.not_chosen:
        return gettext("We keep it. When more people say the same, we look at it again.")
    if signal.stage is Stage.ASKED and facts is not None and facts.late_since:
        return gettext("The city is late. We keep asking.")
    if signal.stage in NEXT and signal.due_on:
        return str(NEXT[signal.stage]) % {"day": show_date(signal.due_on)}
    return str(NEXT_WITHOUT_DAY.get(signal.stage, gettext("You read here what happens.")))


def refused(error: DomainError) -> str:
    """Why a step is not possible yet; parts of a text that are still empty are named."""
    if isinstance(error, Missing):
        named = [str(PARTS[name]) for name in error.facts["what"] if name in PARTS]
        if named:
            return say("text-incomplete", {"parts": ", ".join(named)})
    facts = {
        name: show_date(value) if isinstance(value, date) else value for name, value in error.facts.items()
    }
    if (part := facts.get("part")) in PARTS:
        facts["part"] = str(PARTS[part])
    return say(error.code, facts)

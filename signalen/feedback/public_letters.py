"""What letters and posters say, in the language of who reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from signalen.config import Config
from signalen.core import clock
from signalen.core.vault import Vault
from signalen.feedback.papers import Letter, Part, Side, qr_svg, ring_svg
from signalen.feedback.queries.letters import LetterRow
from signalen.signals.codes import PlainCode
from signalen.signals.labels import ring
from signalen.signals.sealing import contact_context
from signalen.texts.labels import PARTS
from signalen.texts.models import TextVersion
from signalen.texts.queries import pick
from signalen.web.locale import SOURCE, gettext, language_name, show_date, speaking

ON_POSTER = ("ask", "answer", "now")


def letter_of(
    settings: Config, keys: Vault, row: LetterRow, code: PlainCode, versions: Mapping[str, TextVersion]
) -> Letter:
    """Everything a letter says, in the language of its reader. What they told us is not in it: somebody else may open it."""
    reads = row.language if row.language in settings.languages else SOURCE
    text = pick(versions, row.language)
    if text is None:
        raise LookupError(row.text_id)
    follow = f"{settings.public_url}/follow"
    with speaking(reads):
        notice_line = (
            gettext(
                "This text is not there in %(mine)s yet. Here it is in %(other)s.",
                mine=language_name(row.language),
                other=language_name(text.language),
            )
            if text.language != row.language
            else ""
        )
        shown = ring(row.stage)
        return Letter(
            lang=reads,
            address=keys.open(*row.contact, contact_context(row.giver_id)),
            day=show_date(clock.now()),
            number_label=gettext("Number to talk about it:"),
            reference=row.reference,
            title=gettext("The city did not answer")
            if row.unanswered
            else gettext("There is an answer for you"),
            ring=ring_svg(shown.done, closed=shown.closed),
            ring_label=shown.label,
            intro=gettext("You told us something. Here you read what happened with it."),
            notice=notice_line,
            parts=[
                Part(str(PARTS[name]), text.parts[name], text.language)
                for name in ("did", "answer", "why", "next")
                if text.parts.get(name)
            ],
            react=gettext("Do you understand it? Does it help you?"),
            how=gettext("Scan the square, or go to this address and type your code:"),
            follow=follow,
            code=code.display,
            keep=gettext("Keep this code well."),
            qr=qr_svg(f"{follow}#{code.display}"),
        )


def side_of(code: str, version: TextVersion, line: Callable[[], str]) -> Side:
    """One language of a poster. `line`: how the dossier stands, said in the language that is spoken then."""
    parts = version.parts
    with speaking(code):
        return Side(
            lang=code,
            text_lang=code,
            title=parts["title"],
            line=line(),
            parts=[Part(str(PARTS[name]), parts[name], code) for name in ON_POSTER if parts.get(name)],
            more=gettext(
                "People told us this. You can tell something too. You do not have to give your name."
            ),
            scan=gettext("Scan and read more"),
        )

"""Sensitive signals: shield, lower, release a safe line; and the other words that stand beside the first ones."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.core import clock, events
from signalen.core.errors import DomainError, Missing, NotAllowed
from signalen.core.ids import new_id
from signalen.core.permissions import Actor, ActorKind, Permission, check_may
from signalen.core.vault import Vault
from signalen.signals.intake import says_something
from signalen.signals.models import Signal, SignalText, SignalTheme, SignalVerb, TextKind
from signalen.signals.rules import CORRECTABLE, may_see
from signalen.signals.sealing import stored_words, words_in
from signalen.signals.sensitivity import looks_sensitive
from signalen.signals.todos import BY_WORDS, settle_about

WRITTEN_BY_STAFF = frozenset({TextKind.TRANSLATION, TextKind.SUMMARY})


def shield(session: Session, vault: Vault, signal: Signal, *, actor: Actor) -> None:
    """Only named people see it from now on; its words are sealed. Who shields it may lose sight of it, and should."""
    if actor.kind is ActorKind.GIVER:
        if not may_see(actor, signal):
            raise NotAllowed(Permission.SIGNAL_READ)
        signal.sensitive_asked = True
    else:
        check_may(actor, Permission.SIGNAL_PLACE, signal)
    if signal.sensitive:
        return
    signal.sensitive, signal.released_at = True, None
    _rewrite(session, vault, signal)
    events.record(session, SignalVerb.SHIELDED, signal, actor=actor)


def unshield(session: Session, vault: Vault, signal: Signal, *, actor: Actor) -> None:
    """A named reader decides that it can be treated as any other. Not when the giver asked for one reader."""
    check_may(actor, Permission.SIGNAL_READ_SENSITIVE, signal)
    if not signal.sensitive:
        return
    if signal.sensitive_asked:
        raise DomainError("giver-asked-one-reader")
    signal.sensitive, signal.released_at = False, None
    _rewrite(session, vault, signal)
    events.record(session, SignalVerb.UNSHIELDED, signal, actor=actor)


def release(
    session: Session, vault: Vault, signal: Signal, safe_line: str, language: str, *, actor: Actor
) -> None:
    """A named reader writes one line without identity: with it the signal can be put together and counted."""
    check_may(actor, Permission.SIGNAL_READ_SENSITIVE, signal)
    if not signal.sensitive:
        raise DomainError("not-sensitive")
    if not says_something(safe_line):
        raise Missing("safe_line")
    connection = session.connection()
    connection.execute(
        sa.delete(SignalText).where(
            col(SignalText.signal_id) == signal.id, col(SignalText.kind) == TextKind.SAFE_LINE
        )
    )
    _insert_text(session, vault, signal, TextKind.SAFE_LINE, safe_line, language=language, actor=actor)
    signal.released_at = clock.now()
    session.add(signal)
    session.flush()
    events.record(session, SignalVerb.RELEASED, signal, actor=actor)


def add_text(
    session: Session, vault: Vault, signal: Signal, kind: TextKind, words: str, *, language: str, actor: Actor
) -> None:
    """A translation or summary by staff, for those who do not share the language; in place of an earlier one."""
    check_may(actor, Permission.SIGNAL_PLACE, signal)
    if kind not in WRITTEN_BY_STAFF:
        raise DomainError("not-for-staff", kind=kind.value)
    if not says_something(words):
        raise Missing("words")
    session.connection().execute(
        sa.delete(SignalText).where(
            col(SignalText.signal_id) == signal.id,
            col(SignalText.kind) == kind,
            col(SignalText.language) == language,
        )
    )
    _insert_text(session, vault, signal, kind, words, language=language, actor=actor)
    events.record(session, SignalVerb.TEXT_ADDED, signal, actor=actor, kind=kind.value, language=language)


def correct(session: Session, vault: Vault, signal: Signal, words: str, *, actor: Actor) -> None:
    """Other words in place of the first ones, by the organisation or the giver that wrote them, until it is put together with others.

    The first words go at once, with what staff made of them: a correction often takes a name out that should never have been
    there. That it was corrected stays in the log.
    """
    if actor.kind is not ActorKind.GIVER or not may_see(actor, signal):
        check_may(actor, Permission.SIGNAL_CORRECT, signal)
    if signal.stage not in CORRECTABLE:
        raise DomainError("too-late-to-correct")
    if not says_something(words):
        raise Missing("text")
    connection = session.connection()
    connection.execute(sa.delete(SignalText).where(col(SignalText.signal_id) == signal.id))
    themes = session.exec(select(SignalTheme.theme_code).where(SignalTheme.signal_id == signal.id)).all()
    signal.sensitive = signal.sensitive or bool(looks_sensitive(words, signal.language, themes))
    signal.released_at = None
    session.add(signal)
    session.flush()
    _insert_text(session, vault, signal, TextKind.ORIGINAL, words, language=signal.language, actor=actor)
    settle_about(session, signal, BY_WORDS, actor=actor)
    events.record(session, SignalVerb.CORRECTED, signal, actor=actor)


def _insert_text(
    session: Session, vault: Vault, signal: Signal, kind: TextKind, words: str, *, language: str, actor: Actor
) -> None:
    text_id = new_id()
    # A safe line is written to be seen by others; everything else of a sensitive signal is sealed.
    sealed = signal.sensitive and kind is not TextKind.SAFE_LINE
    session.connection().execute(
        sa.insert(SignalText).values(
            id=text_id,
            signal_id=signal.id,
            kind=kind,
            language=language,
            written_by=actor.id if actor.kind is ActorKind.USER else None,
            written_at=clock.now(),
            **stored_words(vault, text_id, words, sealed=sealed),
        )
    )


def _rewrite(session: Session, vault: Vault, signal: Signal) -> None:
    """Seals or opens the words that are there, as `signal.sensitive` says; a safe line has no use any more."""
    session.add(signal)
    session.flush()
    connection = session.connection()
    for text in session.exec(select(SignalText).where(SignalText.signal_id == signal.id)).all():
        if text.kind is TextKind.SAFE_LINE:
            connection.execute(sa.delete(SignalText).where(col(SignalText.id) == text.id))
            session.expunge(text)
            continue
        columns = stored_words(vault, text.id, words_in(vault, text), sealed=signal.sensitive)
        connection.execute(sa.update(SignalText).where(col(SignalText.id) == text.id).values(**columns))
        session.expire(text)

"""Words and contacts under a key that is not in the database; each value is bound to its own row."""

from __future__ import annotations

import uuid
from typing import Any

from signalen.core.vault import Vault
from signalen.signals.models import Message, SignalText


def contact_context(giver_id: uuid.UUID) -> str:
    """What the sealed contact of a giver is bound to."""
    return f"giver:{giver_id}:contact"


def text_context(text_id: uuid.UUID) -> str:
    """What the sealed words of a text are bound to."""
    return f"signal_text.words:{text_id}"


def message_context(message_id: uuid.UUID) -> str:
    """What the words of a message between giver and staff are bound to."""
    return f"message:{message_id}:words"


def todo_context(todo_id: uuid.UUID) -> str:
    """What was sent and not understood is bound to the row that says so."""
    return f"signal_todo.detail:{todo_id}"


def stored_words(vault: Vault, text_id: uuid.UUID, words: str, *, sealed: bool) -> dict[str, Any]:
    """The three columns that hold the words of a text."""
    if not sealed:
        return {"words": words, "sealed": None, "key_id": None}
    kept = vault.seal(words, text_context(text_id))
    return {"words": None, "sealed": kept.data, "key_id": kept.key_id}


def words_in(vault: Vault, text: SignalText) -> str:
    """The words of a text, sealed or not."""
    if text.sealed is None or text.key_id is None:
        return text.words or ""
    return vault.open(text.key_id, text.sealed, text_context(text.id))


def words_of_message(vault: Vault, message: Message) -> str:
    """The words of a message."""
    return vault.open(message.key_id, message.sealed, message_context(message.id))

"""Errors carry facts; the web layer finds the words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule of the domain says no. `code` names the rule, `facts` what a message needs to be clear."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, Any] = facts


class MoveRefused(DomainError):
    """A lifecycle table does not allow this move."""

    def __init__(self, subject: str, source: str, target: str) -> None:
        super().__init__("move-refused", subject=subject, source=source, target=target)


class NotAllowed(DomainError):
    """The actor may not do this. Shown as 404 when the actor may not even see the subject."""

    def __init__(self, permission: str) -> None:
        super().__init__("not-allowed", permission=permission)


class Conflict(DomainError):
    """The same key was used before for something else."""


class Missing(DomainError):
    """Something the operation needs is not there (yet): `what` is a list of codes."""

    def __init__(self, *what: str) -> None:
        super().__init__("missing", what=list(what))

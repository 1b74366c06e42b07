"""Who may do what: declared once, used by routes, operations and templates alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from signalen.core.errors import NotAllowed


class Role(StrEnum):
    """What a person is on the platform (design.md, "Who uses it")."""

    WORKER = "worker"
    STAFF = "staff"
    CITY = "city"
    PANEL = "panel"
    STEWARD = "steward"


class ActorKind(StrEnum):
    """Who is behind a change."""

    USER = "user"
    GIVER = "giver"
    SYSTEM = "system"


class Permission(StrEnum):
    """One thing a person can do. Object rules narrow it to the things that are theirs."""

    ACCOUNT_USE = "account:use"
    SIGNAL_RECORD = "signal:record"
    SIGNAL_READ = "signal:read"
    SIGNAL_READ_SENSITIVE = "signal:read-sensitive"
    SIGNAL_PLACE = "signal:place"
    SIGNAL_CORRECT = "signal:correct"
    SIGNAL_TELL = "signal:tell"
    DOSSIER_READ = "dossier:read"
    DOSSIER_EDIT = "dossier:edit"
    SYNTHESIS_COMMENT = "synthesis:comment"
    SYNTHESIS_AGREE = "synthesis:agree"
    CONSULTATION_READ = "consultation:read"
    CONSULTATION_EDIT = "consultation:edit"
    ASK_READ = "ask:read"
    ASK_ANSWER = "ask:answer"
    ANSWER_RECORD = "answer:record"
    FEEDBACK_WRITE = "feedback:write"
    FEEDBACK_APPROVE = "feedback:approve"
    FEEDBACK_FLAG = "feedback:flag"
    FEEDBACK_DELIVER = "feedback:deliver"
    BOARD_PUBLISH = "board:publish"
    TEXT_REVIEW = "text:review"
    TOETS_EDIT = "toets:edit"
    TOETS_ANSWER_CITY = "toets:answer-city"
    TOETS_ANSWER_PANEL = "toets:answer-panel"
    HOUSE_KEEP = "house:keep"


P = Permission
GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.WORKER: frozenset(
        {
            P.ACCOUNT_USE,
            P.SIGNAL_RECORD,
            P.SIGNAL_READ,
            P.SIGNAL_CORRECT,
            P.SIGNAL_TELL,
            P.SYNTHESIS_COMMENT,
            P.SYNTHESIS_AGREE,
            P.FEEDBACK_APPROVE,
        }
    ),
    Role.STAFF: frozenset(
        {
            P.ACCOUNT_USE,
            P.SIGNAL_RECORD,
            P.SIGNAL_READ,
            P.SIGNAL_READ_SENSITIVE,
            P.SIGNAL_PLACE,
            P.SIGNAL_TELL,
            P.DOSSIER_READ,
            P.DOSSIER_EDIT,
            P.CONSULTATION_READ,
            P.CONSULTATION_EDIT,
            P.ANSWER_RECORD,
            P.FEEDBACK_WRITE,
            P.FEEDBACK_APPROVE,
            P.FEEDBACK_DELIVER,
            P.BOARD_PUBLISH,
            P.TEXT_REVIEW,
            P.TOETS_EDIT,
        }
    ),
    Role.CITY: frozenset(
        {
            P.ACCOUNT_USE,
            P.ASK_READ,
            P.ASK_ANSWER,
            P.CONSULTATION_READ,
            P.FEEDBACK_FLAG,
            P.TOETS_ANSWER_CITY,
        }
    ),
    Role.PANEL: frozenset({P.ACCOUNT_USE, P.FEEDBACK_APPROVE, P.TEXT_REVIEW, P.TOETS_ANSWER_PANEL}),
    Role.STEWARD: frozenset({P.ACCOUNT_USE, P.HOUSE_KEEP}),
}


@cache
def _granted(roles: frozenset[Role], reads_sensitive: bool, agrees: bool) -> frozenset[Permission]:  # noqa: FBT001
    """What roles and mandates allow; there are few combinations, and an actor is made for every request."""
    granted = frozenset[Permission]().union(*(GRANTS[role] for role in roles))
    if not reads_sensitive:
        granted -= {P.SIGNAL_READ_SENSITIVE}
    return granted if agrees else granted - {P.SYNTHESIS_AGREE}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Built once per request from the sign-in, the follow code, or by a command.

    `organisations`, `bodies`: ids of the active memberships; `agrees_for`: organisations this person may
    agree for; `reads_sensitive`: named reader of sensitive signals.
    """

    kind: ActorKind
    id: uuid.UUID | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    organisations: frozenset[uuid.UUID] = frozenset()
    bodies: frozenset[uuid.UUID] = frozenset()
    agrees_for: frozenset[uuid.UUID] = frozenset()
    reads_sensitive: bool = False
    language: str = "nl"
    demo: bool = False
    _granted: frozenset[Permission] = field(default=frozenset(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        granted = _granted(self.roles, self.reads_sensitive, bool(self.agrees_for))
        object.__setattr__(self, "_granted", granted)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles and mandates of this person allow, before object rules."""
        return self._granted

    @property
    def user_id(self) -> uuid.UUID:
        """The id of the signed-in person; an error for anyone else."""
        if self.kind is not ActorKind.USER or self.id is None:
            raise NotAllowed(Permission.ACCOUNT_USE)
        return self.id


NOBODY = Actor(ActorKind.GIVER)
SYSTEM = Actor(ActorKind.SYSTEM)

ObjectRule = Callable[[Actor, Any], bool]
_object_rules: dict[tuple[Permission, type], ObjectRule] = {}


def object_rule(permission: Permission, of: type) -> Callable[[ObjectRule], ObjectRule]:
    """Narrows `permission` to the objects of type `of` for which the rule says yes. Rules stand in their room."""

    def register(rule: ObjectRule) -> ObjectRule:
        _object_rules[permission, of] = rule
        return rule

    return register


def may(actor: Actor, permission: Permission, obj: object | None = None) -> bool:
    """Whether the actor may do this (to this object). The system may do everything."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if permission not in actor.permissions:
        return False
    if obj is None:
        return True
    rule = _object_rules.get((permission, type(obj)))
    return rule is None or rule(actor, obj)


def check_may(actor: Actor, permission: Permission, obj: object | None = None) -> None:
    """Like `may`, but raises `NotAllowed`."""
    if not may(actor, permission, obj):
        raise NotAllowed(permission)

"""Input of people's pages."""

from __future__ import annotations

import uuid

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from signalen.core.permissions import Role
from signalen.people.models import Digest, Level
from signalen.people.operations import LONGEST, SHORTEST
from signalen.web.forms import Schema, messages
from signalen.web.locale import lazy

messages(
    {
        "email": lazy("This is not a complete e-mail address."),
        "password-length": lazy(
            "Choose a password of %(shortest)s to %(longest)s characters. A sentence is fine."
        ),
        "password-wrong": lazy("This is not your password now."),
        "password-twice": lazy("The two passwords are not the same."),
        "link-gone": lazy("This link does not work any more. Ask for a new one."),
        "email-known": lazy("Someone with this e-mail address is here already."),
        "name-known": lazy("This name is here already."),
        "organisation-needed": lazy("Choose an organisation for this role."),
        "body-needed": lazy("Choose a service of the city for this role."),
        "mandate-role": lazy("This mandate does not belong to this role."),
        "last-steward": lazy("There must be at least one steward."),
        "language-off": lazy("Choose one of these."),
    }
)


def clean_email(value: str) -> str:
    """A lower-case address that could exist."""
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "email") from error


class SignInForm(Schema):
    """E-mail and password."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)
    next: str = ""


class EmailForm(Schema):
    """One address."""

    email: str = Field(max_length=254)

    _email = field_validator("email")(clean_email)


class PasswordForm(Schema):
    """A new password, twice."""

    password: str = Field(max_length=1000)
    again: str = Field(max_length=1000)

    @field_validator("password")
    @classmethod
    def long_enough(cls, value: str) -> str:
        """12 to 128 characters, no rules on kinds (safety.md, Sessions)."""
        if not SHORTEST <= len(value) <= LONGEST:
            facts = {"shortest": SHORTEST, "longest": LONGEST}
            raise PydanticCustomError("password-length", "length", facts)
        return value


class OwnPasswordForm(PasswordForm):
    """A new password by someone who is signed in."""

    current: str = Field(max_length=1000)


class AccountForm(Schema):
    """One's own name and language; for workers, how often they get a mail with what is new."""

    name: str = Field(min_length=1, max_length=120)
    language: str = Field(max_length=12)
    digest: Digest | None = None


class OrganisationForm(Schema):
    """An organisation."""

    name: str = Field(min_length=1, max_length=200)
    themes: tuple[str, ...] = ()
    active: bool = False


class BodyForm(Schema):
    """A body that can be asked."""

    name: str = Field(min_length=1, max_length=200)
    level: Level
    municipality: str | None = None
    email: str | None = None
    active: bool = False

    @field_validator("email")
    @classmethod
    def whole(cls, value: str | None) -> str | None:
        """An address, or none."""
        return clean_email(value) if value else None


class InviteForm(Schema):
    """A person and the first role."""

    name: str = Field(min_length=1, max_length=120)
    email: str = Field(max_length=254)
    language: str = "nl"
    role: Role
    organisation: uuid.UUID | None = None
    body: uuid.UUID | None = None
    may_agree: bool = False
    may_read_sensitive: bool = False

    _email = field_validator("email")(clean_email)


class MembershipForm(Schema):
    """A role for a person who is here already."""

    role: Role
    organisation: uuid.UUID | None = None
    body: uuid.UUID | None = None
    may_agree: bool = False
    may_read_sensitive: bool = False

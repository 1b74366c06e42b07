"""How an installation without the demo gets its first person."""

from __future__ import annotations

from flask import Flask
from sqlmodel import Session, select

from signalen.core.models import OutboxMessage
from signalen.core.permissions import Role
from signalen.people.models import Membership, User


def test_a_first_steward_is_invited_from_the_command_line_once(app: Flask, store: Session) -> None:
    args = ["steward", "Eerste@platform.example", "--name", "Eerste Persoon"]
    runner = app.test_cli_runner()
    assert runner.invoke(args=args).exit_code == 0
    made = store.exec(select(User).where(User.email == "eerste@platform.example")).one()
    roles = store.exec(select(Membership.role).where(Membership.user_id == made.id)).all()
    assert roles == [Role.STEWARD]
    assert store.exec(select(OutboxMessage.kind)).all() == ["user-invitation"]
    store.rollback()
    again = runner.invoke(args=args)
    assert again.exit_code == 2
    assert "already" in again.output

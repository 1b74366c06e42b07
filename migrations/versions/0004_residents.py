"""Residents: text messages and letters, a worker who tells it, a lost code, help, erasing, and districts on the board"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from signalen.core.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHOICES = (
    (
        "giver",
        "contact_kind",
        "ck_giver_contact_kind",
        ("email", "phone"),
        ("email", "phone", "mobile", "address"),
    ),
    (
        "delivery",
        "way",
        "ck_delivery_delivery_way",
        ("page", "email", "hand"),
        ("page", "email", "sms", "letter", "hand"),
    ),
)
"""Table, column, constraint, what could be chosen before and what can be now."""


def _allow(table: str, column: str, name: str, before: tuple[str, ...], now: tuple[str, ...]) -> None:
    """Changes what a CHECK allows, nothing else.

    SQLite cannot alter a constraint, and making the table anew would break what points at it: its text is changed in the
    schema, as https://www.sqlite.org/lang_altertable.html (section 7) describes for changes that touch no content.
    """
    old, new = (f"{column} IN ({', '.join(map(repr, values))})" for values in (before, now))
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, new)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (old, new, table, old),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed.rowcount != 1:
        raise RuntimeError(f"{table}: no CHECK ({old}) to change")


def upgrade() -> None:
    for table, column, name, before, now in CHOICES:
        _allow(table, column, name, before, now)
    op.create_table(
        "told_through",
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["giver_id"], ["giver.id"], name=op.f("fk_told_through_giver_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_told_through_organisation_id")
        ),
        sa.PrimaryKeyConstraint("giver_id", name=op.f("pk_told_through")),
    )
    op.create_index("ix_told_through_organisation_id", "told_through", ["organisation_id"], unique=False)
    op.add_column("delivery", sa.Column("printed_at", UtcDateTime(), nullable=True))
    op.add_column("signal", sa.Column("with_help", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("signal", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.create_table(
        "board_place",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("place_code", AutoString(length=40), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name=op.f("fk_board_place_chosen_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["board_entry.id"], name=op.f("fk_board_place_entry_id")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_board_place_place_code")),
        sa.PrimaryKeyConstraint("entry_id", "place_code", name=op.f("pk_board_place")),
    )
    op.create_index("ix_board_place_place_code", "board_place", ["place_code"], unique=False)
    op.create_table(
        "code_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(given IS NULL) = (settled_at IS NULL)", name=op.f("ck_code_request_settled_has_time")
        ),
        sa.CheckConstraint(
            "settled_by IS NULL OR settled_by <> asked_by", name=op.f("ck_code_request_second_person")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_code_request_asked_by")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_code_request_settled_by")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_code_request_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_request")),
    )
    op.create_index("ix_code_request_open", "code_request", ["settled_at", "asked_at"], unique=False)
    op.create_index("ix_code_request_signal_id", "code_request", ["signal_id"], unique=False)


def downgrade() -> None:
    op.drop_table("code_request")
    op.drop_table("board_place")
    op.drop_column("signal", "erased_at")
    op.drop_column("signal", "with_help")
    op.drop_column("delivery", "printed_at")
    op.drop_table("told_through")
    op.execute("UPDATE delivery SET way = 'hand' WHERE way IN ('sms', 'letter')")
    op.execute("UPDATE giver SET contact_kind = 'phone' WHERE contact_kind IN ('mobile', 'address')")
    for table, column, name, before, now in CHOICES:
        _allow(table, column, name, now, before)

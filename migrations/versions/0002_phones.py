"""Phones that send, what their signals lack, photos, the same worry again, and what is new for a person"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from signalen.core.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", AutoString(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_device_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_user_id"), ["user_id"], unique=False)

    op.create_table(
        "news_choice",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "digest",
            sa.Enum(
                "never",
                "daily",
                "weekly",
                name="digest",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_news_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_news_choice")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("sent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", AutoString(length=64), nullable=False),
        sa.Column("key_id", AutoString(length=20), nullable=False),
        sa.Column("media_type", AutoString(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_attachment_added_by")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_attachment_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("name", name=op.f("uq_attachment_name")),
        sa.UniqueConstraint("signal_id", "sent_hash", name=op.f("uq_attachment_signal_id_sent_hash")),
    )
    op.create_table(
        "signal_again",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("again_of", sa.Uuid(), nullable=False),
        sa.CheckConstraint("signal_id <> again_of", name=op.f("ck_signal_again_not_of_itself")),
        sa.ForeignKeyConstraint(["again_of"], ["signal.id"], name=op.f("fk_signal_again_again_of")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_again_signal_id")),
        sa.PrimaryKeyConstraint("signal_id", name=op.f("pk_signal_again")),
    )
    with op.batch_alter_table("signal_again", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signal_again_again_of"), ["again_of"], unique=False)

    op.create_table(
        "signal_todo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "no-words",
                "too-long",
                "not-agreed",
                "unknown-value",
                "unknown-form",
                "personal-data",
                name="todo_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("field", AutoString(length=40), nullable=True),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("detail_key", AutoString(length=20), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(detail_sealed IS NULL) = (detail_key IS NULL)", name=op.f("ck_signal_todo_detail_has_key")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_signal_todo_done_by")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_todo_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_todo")),
    )
    with op.batch_alter_table("signal_todo", schema=None) as batch_op:
        batch_op.create_index("ix_signal_todo_open", ["done_at", "signal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signal_todo_signal_id"), ["signal_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signal_todo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signal_todo_signal_id"))
        batch_op.drop_index("ix_signal_todo_open")

    op.drop_table("signal_todo")
    with op.batch_alter_table("signal_again", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signal_again_again_of"))

    op.drop_table("signal_again")
    op.drop_table("attachment")
    op.drop_table("news_choice")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_user_id"))

    op.drop_table("device")

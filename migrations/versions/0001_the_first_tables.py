"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from signalen.core.db import UtcDateTime, json_column
from signalen.core.models import EVENT_GUARDS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "affected_group",
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_affected_group")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", AutoString(length=40), nullable=False),
        sa.Column("client", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_scope", ["scope", "client", "at"], unique=False)

    op.create_table(
        "barrier",
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("b", AutoString(length=40), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_barrier")),
    )
    op.create_table(
        "code_name",
        sa.Column(
            "kind",
            sa.Enum(
                "theme",
                "group",
                "barrier",
                "place",
                "level",
                "kind",
                "answer_kind",
                "refusal_reason",
                "frame",
                "frame_item",
                name="code_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", AutoString(length=80), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("name", AutoString(length=300), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", "language", name=op.f("pk_code_name")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "giver",
                "system",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("verb", AutoString(length=60), nullable=False),
        sa.Column("subject_type", AutoString(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("data", json_column(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_subject", ["subject_id", "seq"], unique=False)

    op.create_table(
        "frame",
        sa.Column("code", AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", AutoString(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("publisher", AutoString(length=200), nullable=False),
        sa.Column("facts", json_column(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_frame")),
    )
    op.create_table(
        "keep",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", AutoString(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_keep")),
    )
    with op.batch_alter_table("keep", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keep_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "municipality",
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column("name", AutoString(length=120), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("directory_only", sa.Boolean(), nullable=False),
        sa.Column("source", AutoString(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=60), nullable=False),
        sa.Column(
            "recipient_kind",
            sa.Enum(
                "user",
                "giver",
                "body",
                name="recipient_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("params", json_column(), nullable=False),
        sa.Column("unique_key", AutoString(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "claimed",
                "sent",
                "failed",
                name="outbox_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", AutoString(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_outbox_message_unique_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message_state", ["state", "due_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", AutoString(length=254), nullable=False),
        sa.Column("name", AutoString(length=120), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("password_hash", AutoString(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "public_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "feedback",
                "board",
                "decision",
                name="text_purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_text")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("series", AutoString(length=4), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "refusal_reason",
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("about", AutoString(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_refusal_reason")),
    )
    op.create_table(
        "setting",
        sa.Column("name", AutoString(length=80), nullable=False),
        sa.Column("municipality", AutoString(length=40), nullable=False),
        sa.Column("value", json_column(), nullable=False),
        sa.PrimaryKeyConstraint("name", "municipality", name=op.f("pk_setting")),
    )
    op.create_table(
        "theme",
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_theme")),
    )
    op.create_table(
        "access_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "reset",
                name="link_purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_access_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_link")),
    )
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "body",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "organisatie",
                "district",
                "stad",
                "regio",
                "vlaanderen",
                "federaal",
                "europa",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality", AutoString(), nullable=True),
        sa.Column("email", AutoString(length=254), nullable=True),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.code"], name=op.f("fk_body_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("name", "municipality", name=op.f("uq_body_name_municipality")),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_municipality"), ["municipality"], unique=False)

    op.create_table(
        "consultation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", AutoString(), nullable=False),
        sa.Column("title", AutoString(length=160), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", AutoString(length=5), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", AutoString(length=200), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("arrangements", json_column(), nullable=False),
        sa.Column("arrangements_note", AutoString(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "frozen",
                "held",
                "cancelled",
                name="consultation_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_consultation_minutes")),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_consultation_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_held_on"), ["held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_municipality"), ["municipality"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", AutoString(length=20), nullable=False),
        sa.Column("reference", AutoString(length=20), nullable=False),
        sa.Column("title", AutoString(length=160), nullable=False),
        sa.Column("worry", AutoString(), nullable=False),
        sa.Column("evidence", AutoString(), nullable=False),
        sa.Column("why_probe", AutoString(), nullable=False),
        sa.Column("municipality", AutoString(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "received",
                "read",
                "bundled",
                "on-agenda",
                "asked",
                "answered",
                "told",
                "closed",
                "helped",
                "passed-on",
                "kept",
                "withdrawn",
                "refused",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("not_chosen_reason", AutoString(), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("first_in_line", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_dossier_not_into_itself")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_dossier_lead_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["dossier.id"], name=op.f("fk_dossier_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_dossier_municipality")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_dossier_opened_by")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_dossier_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dossier_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_dossier_reference")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_stage_id", ["stage", "id"], unique=False)

    op.create_table(
        "frame_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("frame_code", AutoString(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["frame_code"], ["frame.code"], name=op.f("fk_frame_item_frame_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_item")),
        sa.UniqueConstraint("frame_code", "n", name=op.f("uq_frame_item_frame_code_n")),
    )
    op.create_table(
        "giver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column(
            "hears_back",
            sa.Enum(
                "code",
                "contact",
                "worker",
                "card",
                "none",
                name="hears_back",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "contact_kind",
            sa.Enum(
                "email", "phone", name="contact_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_key", AutoString(length=20), nullable=True),
        sa.Column("told_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(contact_sealed IS NULL) = (contact_key IS NULL)", name=op.f("ck_giver_contact_has_key")
        ),
        sa.ForeignKeyConstraint(["told_by"], ["person.id"], name=op.f("fk_giver_told_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_giver")),
    )
    with op.batch_alter_table("giver", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_giver_told_by"), ["told_by"], unique=False)

    op.create_table(
        "keyword",
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("word", AutoString(length=80), nullable=False),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_keyword_theme_code")),
        sa.PrimaryKeyConstraint("theme_code", "language", "word", name=op.f("pk_keyword")),
    )
    op.create_table(
        "organisation_theme",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_theme_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_organisation_theme_theme_code")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "theme_code", name=op.f("pk_organisation_theme")),
    )
    op.create_table(
        "place",
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column("municipality", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("postcodes", json_column(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.code"], name=op.f("fk_place_municipality")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_municipality"), ["municipality"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "text_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parts", json_column(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "person",
                "machine",
                "machine-checked",
                name="text_origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "proposed",
                "approved",
                "replaced",
                name="text_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("overruled_reason", AutoString(), nullable=True),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_by IS NOT NULL", name=op.f("ck_text_version_approved_by_someone")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR written_by IS NULL OR approved_by <> written_by",
            name=op.f("ck_text_version_second_person"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_text_version_approved_by")),
        sa.ForeignKeyConstraint(["text_id"], ["public_text.id"], name=op.f("fk_text_version_text_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_text_version_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint(
            "text_id", "language", "number", name=op.f("uq_text_version_text_id_language_number")
        ),
    )
    op.create_table(
        "board_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "published",
                "withdrawn",
                name="board_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("shown_total", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'published' OR published_by IS NOT NULL",
            name=op.f("ck_board_entry_published_by_someone"),
        ),
        sa.CheckConstraint(
            "published_by IS NULL OR published_by <> proposed_by", name=op.f("ck_board_entry_second_person")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_board_entry_dossier_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_board_entry_proposed_by")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_board_entry_published_by")),
        sa.ForeignKeyConstraint(["text_id"], ["public_text.id"], name=op.f("fk_board_entry_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_entry")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_board_entry_dossier_id")),
        sa.UniqueConstraint("text_id", name=op.f("uq_board_entry_text_id")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", AutoString(length=20), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("summary", AutoString(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", AutoString(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "draft",
                "taken",
                "carried-out",
                "evaluation",
                name="decision_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("uri", AutoString(length=500), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_decision_body_id")),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_decision_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
    )
    op.create_table(
        "dossier_frame_item",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("frame_item_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_frame_item_dossier_id")
        ),
        sa.ForeignKeyConstraint(
            ["frame_item_id"], ["frame_item.id"], name=op.f("fk_dossier_frame_item_frame_item_id")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "frame_item_id", name=op.f("pk_dossier_frame_item")),
    )
    op.create_table(
        "dossier_theme",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_theme_dossier_id")),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_dossier_theme_theme_code")),
        sa.PrimaryKeyConstraint("dossier_id", "theme_code", name=op.f("pk_dossier_theme")),
    )
    op.create_table(
        "follow_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("locator", AutoString(length=5), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["giver_id"], ["giver.id"], name=op.f("fk_follow_code_giver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_code")),
        sa.UniqueConstraint("locator", name=op.f("uq_follow_code_locator")),
    )
    with op.batch_alter_table("follow_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_code_giver_id"), ["giver_id"], unique=False)

    op.create_table(
        "frame_item_theme",
        sa.Column("frame_item_id", sa.Uuid(), nullable=False),
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["frame_item_id"], ["frame_item.id"], name=op.f("fk_frame_item_theme_frame_item_id")
        ),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_frame_item_theme_theme_code")),
        sa.PrimaryKeyConstraint("frame_item_id", "theme_code", name=op.f("pk_frame_item_theme")),
    )
    op.create_table(
        "knock_out_answer",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("question", AutoString(length=40), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_knock_out_answer_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "question", name=op.f("pk_knock_out_answer")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "worker",
                "staff",
                "city",
                "panel",
                "steward",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("may_agree", sa.Boolean(), nullable=False),
        sa.Column("may_read_sensitive", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "NOT may_read_sensitive OR role = 'staff'", name=op.f("ck_membership_reader_is_staff")
        ),
        sa.CheckConstraint("role <> 'city' OR body_id IS NOT NULL", name=op.f("ck_membership_city_has_body")),
        sa.CheckConstraint(
            "role <> 'worker' OR organisation_id IS NOT NULL",
            name=op.f("ck_membership_worker_has_organisation"),
        ),
        sa.CheckConstraint(
            "NOT may_agree OR organisation_id IS NOT NULL", name=op.f("ck_membership_agrees_for_organisation")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_membership_body_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "panel_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("retold", AutoString(), nullable=False),
        sa.Column("unclear", AutoString(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_panel_reading_user_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["text_version.id"], name=op.f("fk_panel_reading_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_reading")),
        sa.UniqueConstraint("version_id", "user_id", name=op.f("uq_panel_reading_version_id_user_id")),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("frame_item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("text_hash", AutoString(length=64), nullable=False),
        sa.Column("source", AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["frame_item_id"], ["frame_item.id"], name=op.f("fk_recommendation_frame_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint(
            "frame_item_id", "text_hash", name=op.f("uq_recommendation_frame_item_id_text_hash")
        ),
    )
    op.create_table(
        "score_point",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", AutoString(length=40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("why", AutoString(length=500), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 3", name=op.f("ck_score_point_points")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_score_point_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "criterion", name=op.f("pk_score_point")),
    )
    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", AutoString(length=20), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signaal",
                "klacht",
                "goed",
                name="signal_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "capture",
                "report",
                "on-behalf",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "received",
                "read",
                "bundled",
                "on-agenda",
                "asked",
                "answered",
                "told",
                "closed",
                "helped",
                "passed-on",
                "kept",
                "withdrawn",
                "refused",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("place_code", AutoString(length=40), nullable=True),
        sa.Column("neighbourhood", AutoString(length=80), nullable=True),
        sa.Column(
            "people",
            sa.Enum(
                "1",
                "2-5",
                "6-20",
                "more",
                name="people",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("sensitive_asked", sa.Boolean(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("discussed", sa.Boolean(), nullable=True),
        sa.Column("agreed_how", AutoString(length=300), nullable=True),
        sa.Column("may_use_at", UtcDateTime(), nullable=True),
        sa.Column("may_quote_at", UtcDateTime(), nullable=True),
        sa.Column("may_publish_at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["person.id"], name=op.f("fk_signal_assigned_to")),
        sa.ForeignKeyConstraint(["giver_id"], ["giver.id"], name=op.f("fk_signal_giver_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_signal_place_code")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_signal_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("giver_id", name=op.f("uq_signal_giver_id")),
        sa.UniqueConstraint("key", name=op.f("uq_signal_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_signal_reference")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_due", ["due_on", "stage"], unique=False)
        batch_op.create_index("ix_signal_organisation_id_id", ["organisation_id", "id"], unique=False)
        batch_op.create_index("ix_signal_place_code_id", ["place_code", "id"], unique=False)
        batch_op.create_index("ix_signal_stage_id", ["stage", "id"], unique=False)

    op.create_table(
        "synthesis_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", AutoString(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_synthesis_version_dossier_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_synthesis_version_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synthesis_version")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_synthesis_version_dossier_id_number")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("agrees OR reason <> ''", name=op.f("ck_agreement_no_has_reason")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_agreement_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["synthesis_version.id"], name=op.f("fk_agreement_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint(
            "version_id", "organisation_id", name=op.f("uq_agreement_version_id_organisation_id")
        ),
    )
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("reason", AutoString(length=300), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_clock_pause_by")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_clock_pause_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )
    with op.batch_alter_table("clock_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_pause_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "decision_dossier",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_dossier_decision_id")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_decision_dossier_dossier_id")),
        sa.PrimaryKeyConstraint("decision_id", "dossier_id", name=op.f("pk_decision_dossier")),
    )
    op.create_table(
        "decision_group",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_group_decision_id")),
        sa.ForeignKeyConstraint(
            ["group_code"], ["affected_group.code"], name=op.f("fk_decision_group_group_code")
        ),
        sa.PrimaryKeyConstraint("decision_id", "group_code", name=op.f("pk_decision_group")),
    )
    op.create_table(
        "decision_place",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("place_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_place_decision_id")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_decision_place_place_code")),
        sa.PrimaryKeyConstraint("decision_id", "place_code", name=op.f("pk_decision_place")),
    )
    op.create_table(
        "decision_theme",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_theme_decision_id")),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_decision_theme_theme_code")),
        sa.PrimaryKeyConstraint("decision_id", "theme_code", name=op.f("pk_decision_theme")),
    )
    op.create_table(
        "dossier_recommendation",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_recommendation_dossier_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_dossier_recommendation_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "recommendation_id", name=op.f("pk_dossier_recommendation")),
    )
    op.create_table(
        "dossier_signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reason", AutoString(length=300), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_dossier_signal_by")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_signal_dossier_id")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_dossier_signal_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_signal")),
    )
    with op.batch_alter_table("dossier_signal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dossier_signal_dossier_id", ["dossier_id", "until", "leading"], unique=False
        )
        batch_op.create_index(
            "uq_dossier_signal_current",
            ["dossier_id", "signal_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "uq_dossier_signal_leading",
            ["signal_id"],
            unique=True,
            sqlite_where=sa.text('"leading" AND until IS NULL'),
            postgresql_where=sa.text('"leading" AND until IS NULL'),
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("from_giver", sa.Boolean(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=True),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", AutoString(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_message_author")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_message_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("consent_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_quote_by")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_quote_dossier_id")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_quote_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quote_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quote_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "recommendation_theme",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_theme_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_recommendation_theme_theme_code")
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "theme_code", name=op.f("pk_recommendation_theme")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "asked",
                "answered",
                "unanswered",
                name="round_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("synthesis_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("declared_by", sa.Uuid(), nullable=True),
        sa.Column("declared_reason", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_round_declared_by")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_round_dossier_id")),
        sa.ForeignKeyConstraint(
            ["synthesis_id"], ["synthesis_version.id"], name=op.f("fk_round_synthesis_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_round_dossier_id_number")),
    )
    op.create_table(
        "signal_barrier",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("barrier_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["barrier_code"], ["barrier.code"], name=op.f("fk_signal_barrier_barrier_code")
        ),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_barrier_signal_id")),
        sa.PrimaryKeyConstraint("signal_id", "barrier_code", name=op.f("pk_signal_barrier")),
    )
    op.create_table(
        "signal_frame_item",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("frame_item_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frame_item_id"], ["frame_item.id"], name=op.f("fk_signal_frame_item_frame_item_id")
        ),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_frame_item_signal_id")),
        sa.PrimaryKeyConstraint("signal_id", "frame_item_id", name=op.f("pk_signal_frame_item")),
    )
    op.create_table(
        "signal_group",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_code"], ["affected_group.code"], name=op.f("fk_signal_group_group_code")
        ),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_group_signal_id")),
        sa.PrimaryKeyConstraint("signal_id", "group_code", name=op.f("pk_signal_group")),
    )
    with op.batch_alter_table("signal_group", schema=None) as batch_op:
        batch_op.create_index("ix_signal_group_group_code", ["group_code", "signal_id"], unique=False)

    op.create_table(
        "signal_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "original",
                "translation",
                "summary",
                "safe-line",
                name="text_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("words", AutoString(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", AutoString(length=20), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name=op.f("ck_signal_text_sealed_has_key")),
        sa.CheckConstraint(
            "(words IS NULL) <> (sealed IS NULL)", name=op.f("ck_signal_text_words_or_sealed")
        ),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_text_signal_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_signal_text_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_text")),
    )
    with op.batch_alter_table("signal_text", schema=None) as batch_op:
        batch_op.create_index("ix_signal_text_signal_id", ["signal_id", "kind"], unique=False)

    op.create_table(
        "signal_theme",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("theme_code", AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_theme_signal_id")),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_signal_theme_theme_code")),
        sa.PrimaryKeyConstraint("signal_id", "theme_code", name=op.f("pk_signal_theme")),
    )
    with op.batch_alter_table("signal_theme", schema=None) as batch_op:
        batch_op.create_index("ix_signal_theme_theme_code", ["theme_code", "signal_id"], unique=False)

    op.create_table(
        "synthesis_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_synthesis_comment_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_synthesis_comment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["synthesis_version.id"], name=op.f("fk_synthesis_comment_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synthesis_comment")),
    )
    with op.batch_alter_table("synthesis_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_synthesis_comment_version_id"), ["version_id"], unique=False)

    op.create_table(
        "toets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", AutoString(length=20), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", AutoString(length=60), nullable=False),
        sa.Column("questionnaire_version", sa.Integer(), nullable=False),
        sa.Column(
            "asked_at_stage",
            sa.Enum(
                "draft",
                "taken",
                "carried-out",
                "evaluation",
                name="decision_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "quickscan",
                "not-tested",
                "open",
                "closed",
                name="toets_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quickscan", json_column(), nullable=False),
        sa.Column("not_tested_reason", AutoString(), nullable=True),
        sa.Column("not_tested_by", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "pass",
                "conditions",
                "fail",
                "not-tested",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome_reason", AutoString(), nullable=False),
        sa.Column("outcome_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("frozen", json_column(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR (frozen IS NOT NULL AND outcome IS NOT NULL)",
            name=op.f("ck_toets_closed_is_frozen"),
        ),
        sa.CheckConstraint(
            "state <> 'not-tested' OR not_tested_reason IS NOT NULL",
            name=op.f("ck_toets_not_tested_has_reason"),
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_toets_closed_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_toets_decision_id")),
        sa.ForeignKeyConstraint(["not_tested_by"], ["person.id"], name=op.f("fk_toets_not_tested_by")),
        sa.ForeignKeyConstraint(["outcome_by"], ["person.id"], name=op.f("fk_toets_outcome_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toets")),
        sa.UniqueConstraint("public_id", name=op.f("uq_toets_public_id")),
    )
    with op.batch_alter_table("toets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_toets_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "way_out",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "received",
                "read",
                "bundled",
                "on-agenda",
                "asked",
                "answered",
                "told",
                "closed",
                "helped",
                "passed-on",
                "kept",
                "withdrawn",
                "refused",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column("passed_to", AutoString(length=200), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_way_out_by")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_way_out_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_out")),
    )
    with op.batch_alter_table("way_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_way_out_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("measure", AutoString(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "consultation",
                "writing",
                name="ask_way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("paused_since", sa.Date(), nullable=True),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_ask_body_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ask_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index("ix_ask_body_id", ["body_id", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_ask_round_id"), ["round_id"], unique=False)

    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "writing",
                "with-body",
                "flagged",
                "approved",
                "delivered",
                name="feedback_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("body_until", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_feedback_dossier_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_feedback_round_id")),
        sa.ForeignKeyConstraint(["text_id"], ["public_text.id"], name=op.f("fk_feedback_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("round_id", name=op.f("uq_feedback_round_id")),
        sa.UniqueConstraint("text_id", name=op.f("uq_feedback_text_id")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "toets_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("toets_id", sa.Uuid(), nullable=False),
        sa.Column("question", AutoString(length=20), nullable=False),
        sa.Column(
            "perspective",
            sa.Enum(
                "city",
                "platform",
                "panel",
                name="perspective",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("not_known", sa.Boolean(), nullable=False),
        sa.Column("value", AutoString(), nullable=True),
        sa.Column("ground", AutoString(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT (not_known AND points IS NOT NULL)", name=op.f("ck_toets_answer_known_or_not")
        ),
        sa.CheckConstraint("points IS NULL OR points BETWEEN 0 AND 3", name=op.f("ck_toets_answer_points")),
        sa.ForeignKeyConstraint(["toets_id"], ["toets.id"], name=op.f("fk_toets_answer_toets_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_toets_answer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toets_answer")),
        sa.UniqueConstraint(
            "toets_id",
            "question",
            "perspective",
            "user_id",
            name=op.f("uq_toets_answer_toets_id_question_perspective_user_id"),
        ),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ja",
                "deels",
                "anders",
                "plan",
                "bestaat",
                "nee",
                "ander",
                "onderzoek",
                "college",
                "vraag",
                "geen",
                name="answer_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("details", json_column(), nullable=False),
        sa.Column("reason_code", AutoString(length=40), nullable=True),
        sa.Column("comes_back_on", sa.Date(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "account",
                "letter",
                "spoken",
                "declared",
                name="answer_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given_by", AutoString(length=200), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_answer_ask_id")),
        sa.ForeignKeyConstraint(["reason_code"], ["refusal_reason.code"], name=op.f("fk_answer_reason_code")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_answer_recorded_by")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["answer.id"], name=op.f("fk_answer_replaced_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_ask_id"), ["ask_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "page",
                "email",
                "hand",
                name="delivery_way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", AutoString(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "sent",
                "opened",
                "told-by-hand",
                "not-reached",
                name="delivery_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reaction_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_delivery_by")),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_delivery_feedback_id")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_delivery_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("feedback_id", "signal_id", name=op.f("uq_delivery_feedback_id_signal_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_signal_id"), ["signal_id"], unique=False)
        batch_op.create_index("ix_delivery_state", ["state", "reaction_until"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signal",
                "dossier",
                "document",
                "meeting",
                "ground",
                name="evidence_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ref_id", sa.Uuid(), nullable=True),
        sa.Column("uri", AutoString(length=500), nullable=True),
        sa.Column("label", AutoString(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["toets_answer.id"], name=op.f("fk_evidence_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "feedback_check",
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_feedback_check_body_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_feedback_check_by")),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_check_feedback_id")),
        sa.PrimaryKeyConstraint("feedback_id", "body_id", name=op.f("pk_feedback_check")),
    )
    op.create_table(
        "feedback_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_how", AutoString(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_feedback_flag_body_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_feedback_flag_by")),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_flag_feedback_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_feedback_flag_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_flag")),
    )
    with op.batch_alter_table("feedback_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_flag_feedback_id"), ["feedback_id"], unique=False)

    op.create_table(
        "city_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reply", AutoString(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_city_question_answer_id")),
        sa.ForeignKeyConstraint(["replied_by"], ["person.id"], name=op.f("fk_city_question_replied_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_question")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_city_question_answer_id")),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("what", AutoString(), nullable=False),
        sa.Column("owner", AutoString(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "kept",
                "broken",
                "dropped",
                name="commitment_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proof", AutoString(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("late_since", sa.Date(), nullable=True),
        sa.Column("came_back_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_commitment_answer_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_commitment_body_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_commitment_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index("ix_commitment_state", ["state", "due_on"], unique=False)

    op.create_table(
        "reaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=True),
        sa.Column(
            "helped",
            sa.Enum(
                "yes", "a-little", "no", name="helped", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", AutoString(length=20), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_reaction_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction")),
    )
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reaction_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "inform",
                "advise",
                "decide",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("brought_by", AutoString(length=200), nullable=False),
        sa.Column("said", AutoString(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "discussed",
                "not-reached",
                name="item_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("because_commitment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_agenda_item_minutes")),
        sa.ForeignKeyConstraint(
            ["because_commitment_id"], ["commitment.id"], name=op.f("fk_agenda_item_because_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_agenda_item_consultation_id")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_agenda_item_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint(
            "consultation_id", "dossier_id", name=op.f("uq_agenda_item_consultation_id_dossier_id")
        ),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "condition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("toets_id", sa.Uuid(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_condition_commitment_id")
        ),
        sa.ForeignKeyConstraint(["toets_id"], ["toets.id"], name=op.f("fk_condition_toets_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
    )
    with op.batch_alter_table("condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_toets_id"), ["toets_id"], unique=False)

    op.create_table(
        "toets_agenda_item",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("toets_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_toets_agenda_item_agenda_item_id")
        ),
        sa.ForeignKeyConstraint(["toets_id"], ["toets.id"], name=op.f("fk_toets_agenda_item_toets_id")),
        sa.PrimaryKeyConstraint("agenda_item_id", name=op.f("pk_toets_agenda_item")),
    )
    for statement in EVENT_GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("toets_agenda_item")
    with op.batch_alter_table("condition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_condition_toets_id"))

    op.drop_table("condition")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_item_consultation_id"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reaction_delivery_id"))

    op.drop_table("reaction")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_state")
        batch_op.drop_index(batch_op.f("ix_commitment_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_answer_id"))

    op.drop_table("commitment")
    op.drop_table("city_question")
    with op.batch_alter_table("feedback_flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_flag_feedback_id"))

    op.drop_table("feedback_flag")
    op.drop_table("feedback_check")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_answer_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state")
        batch_op.drop_index(batch_op.f("ix_delivery_signal_id"))

    op.drop_table("delivery")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_ask_id"))

    op.drop_table("answer")
    op.drop_table("toets_answer")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_dossier_id"))

    op.drop_table("feedback")
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ask_round_id"))
        batch_op.drop_index("ix_ask_body_id")

    op.drop_table("ask")
    with op.batch_alter_table("way_out", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_way_out_signal_id"))

    op.drop_table("way_out")
    with op.batch_alter_table("toets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_toets_decision_id"))

    op.drop_table("toets")
    with op.batch_alter_table("synthesis_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_synthesis_comment_version_id"))

    op.drop_table("synthesis_comment")
    with op.batch_alter_table("signal_theme", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_theme_theme_code")

    op.drop_table("signal_theme")
    with op.batch_alter_table("signal_text", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_text_signal_id")

    op.drop_table("signal_text")
    with op.batch_alter_table("signal_group", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_group_group_code")

    op.drop_table("signal_group")
    op.drop_table("signal_frame_item")
    op.drop_table("signal_barrier")
    op.drop_table("round")
    op.drop_table("recommendation_theme")
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_signal_id"))
        batch_op.drop_index(batch_op.f("ix_quote_dossier_id"))

    op.drop_table("quote")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_signal_id"))

    op.drop_table("message")
    with op.batch_alter_table("dossier_signal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dossier_signal_leading",
            sqlite_where=sa.text('"leading" AND until IS NULL'),
            postgresql_where=sa.text('"leading" AND until IS NULL'),
        )
        batch_op.drop_index(
            "uq_dossier_signal_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index("ix_dossier_signal_dossier_id")

    op.drop_table("dossier_signal")
    op.drop_table("dossier_recommendation")
    op.drop_table("decision_theme")
    op.drop_table("decision_place")
    op.drop_table("decision_group")
    op.drop_table("decision_dossier")
    with op.batch_alter_table("clock_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clock_pause_signal_id"))

    op.drop_table("clock_pause")
    op.drop_table("agreement")
    op.drop_table("synthesis_version")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_stage_id")
        batch_op.drop_index("ix_signal_place_code_id")
        batch_op.drop_index("ix_signal_organisation_id_id")
        batch_op.drop_index("ix_signal_due")

    op.drop_table("signal")
    op.drop_table("score_point")
    op.drop_table("recommendation")
    op.drop_table("panel_reading")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_membership_body_id"))

    op.drop_table("membership")
    op.drop_table("knock_out_answer")
    op.drop_table("frame_item_theme")
    with op.batch_alter_table("follow_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_code_giver_id"))

    op.drop_table("follow_code")
    op.drop_table("dossier_theme")
    op.drop_table("dossier_frame_item")
    op.drop_table("decision")
    op.drop_table("board_entry")
    op.drop_table("text_version")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_municipality"))

    op.drop_table("place")
    op.drop_table("organisation_theme")
    op.drop_table("keyword")
    with op.batch_alter_table("giver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_giver_told_by"))

    op.drop_table("giver")
    op.drop_table("frame_item")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index("ix_dossier_stage_id")

    op.drop_table("dossier")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_municipality"))
        batch_op.drop_index(batch_op.f("ix_consultation_held_on"))

    op.drop_table("consultation")
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_municipality"))

    op.drop_table("body")
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_link_user_id"))

    op.drop_table("access_link")
    op.drop_table("theme")
    op.drop_table("setting")
    op.drop_table("refusal_reason")
    op.drop_table("reference_counter")
    op.drop_table("public_text")
    op.drop_table("person")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_state")

    op.drop_table("outbox_message")
    op.drop_table("organisation")
    op.drop_table("municipality")
    with op.batch_alter_table("keep", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keep_expires_at"))

    op.drop_table("keep")
    op.drop_table("frame")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_subject")

    op.drop_table("event")
    op.drop_table("code_name")
    op.drop_table("barrier")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_scope")

    op.drop_table("attempt")
    op.drop_table("affected_group")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION event_append_only()")

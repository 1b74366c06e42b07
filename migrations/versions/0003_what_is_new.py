"""What is new for a worker is found by its time; the dossiers of a signal by the signal"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_signal_recorded_by", "signal", ["recorded_by", "stage_since"]),
    ("ix_message_at", "message", ["at"]),
    ("ix_dossier_signal_signal_id", "dossier_signal", ["signal_id", "until"]),
    ("ix_delivery_way", "delivery", ["way", "state", "state_at"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table_name=table)

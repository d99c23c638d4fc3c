"""Blocked time knows from which calendar it comes, and of which event there."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_ical"
down_revision = "2026_11_30_no_wiping"
branch_labels = None
depends_on = None

TABLE = "special_time"
INDEX = "ix_special_time_source"
CHECKS = {
    "source": "(source = '') = (source_uid = '') AND length(source) <= 120 "
    "AND length(source_uid) <= 300",
    "source_owner": "source = '' OR provider_id IS NOT NULL",
}


def upgrade() -> None:
    for name in ("source", "source_uid"):
        op.add_column(TABLE, sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"{TABLE}_{name}_check"), TABLE, rule)
    # An event stands once in a provider's time, however often its calendar is brought in.
    op.create_index(
        INDEX,
        TABLE,
        ["clinic_id", "provider_id", "source", "source_uid"],
        unique=True,
        postgresql_where=sa.text("source <> '' AND deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    for name in CHECKS:
        op.drop_constraint(op.f(f"{TABLE}_{name}_check"), TABLE)
    for name in ("source_uid", "source"):
        op.drop_column(TABLE, name)

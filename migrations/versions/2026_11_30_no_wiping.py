"""Nobody of a clinic takes values out of the log but by erasing the record itself."""

from alembic import op

revision = "2026_11_30_no_wiping"
down_revision = "2026_11_30_erasing_more"
branch_labels = None
depends_on = None

_WIPING = "EXECUTE ON FUNCTION clinic.erase_values(uuid, uuid)"


def upgrade() -> None:
    """Leave the part of an erasure to its owner: alone it would clear the trail of a record."""
    op.execute(f"REVOKE {_WIPING} FROM clinic_staff")


def downgrade() -> None:
    """Let administrators call it by itself again."""
    op.execute(f"GRANT {_WIPING} TO clinic_staff")

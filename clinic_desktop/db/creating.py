"""What every migration that creates a table of a clinic writes: key, version, times, names."""

import sqlalchemy as sa
from alembic import op


def create(table: str, *more: sa.schema.SchemaItem) -> None:
    """Create a table of a clinic: key, version, times, and what it holds."""
    stamp, now = sa.DateTime(timezone=True), sa.text("now()")
    op.create_table(
        table,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(item for item in more if isinstance(item, sa.Column)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", stamp, server_default=now, nullable=False),
        sa.Column("updated_at", stamp, server_default=now, nullable=False),
        sa.Column("deleted_at", stamp, nullable=True),
        *(item for item in more if not isinstance(item, sa.Column)),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f(f"{table}_pkey")),
    )


def to(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    """Return a foreign key that carries the clinic."""
    return sa.ForeignKeyConstraint(
        ["clinic_id", column],
        [f"{parent}.clinic_id", f"{parent}.id"],
        name=op.f(f"{table}_clinic_id_{column}_fkey"),
    )


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Return a check by its full name."""
    return sa.CheckConstraint(rule, name=op.f(f"{table}_{name}_check"))


def sane(table: str, column: str) -> sa.CheckConstraint:
    """Return the check on a date or time that the drivers can read."""
    rule = f"{column} >= '1850-01-01' AND {column} < '2200-01-01'"
    return check(table, f"{column}_range", rule)

"""Tags, stars, saved filters, photos, consents, the day of death; keys that lists walk along."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.patching import driver_cursor, drop_functions, give_functions
from clinic_desktop.db.protection import PEOPLE, TableRights, protect, protect_derived

revision = "2026_11_30_people"
down_revision = "2026_11_30_erasure"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql" / "2026_11_30_people.sql"
TABLES = (
    TableRights("patient_tag", "patients.read", ("settings.write",)),
    TableRights("patient_star", "patients.read", ("patients.read",), "patient_id"),
    TableRights("patient_filter", "patients.read", ("patients.read",)),
    TableRights(
        "patient_photo",
        "patients.read",
        ("patients.write",),
        "patient_id",
        append_only=True,
        unlogged=("content", "thumbnail"),
    ),
    TableRights(
        "patient_consent", "patients.read", ("patients.write",), "patient_id", append_only=True
    ),
)
DERIVED = {"patient_key": "patients.read"}
# Who runs each function, and which people may call it.
FUNCTIONS = (
    ("own_persons()", "clinic_owner", PEOPLE),
    ("list_keys(uuid[], date)", "clinic_owner", ""),
    ("index_keys()", "clinic_owner", ""),
    ("index_new_keys()", "clinic_owner", ""),
    ("opened_last(uuid, integer, integer)", "clinic_log", "clinic_staff"),
)
_OWN = "person_id = ANY ((SELECT clinic.own_persons())::uuid[])"
_FOR_ALL = "clinic_id = ANY ((SELECT clinic.clinics_with('patients.write'))::uuid[])"
# What a person keeps for themselves is theirs alone; the clinic's filters are changed by those who
# may change its patients.
POLICIES = (
    (
        f"CREATE POLICY own ON clinic.patient_star AS RESTRICTIVE TO {PEOPLE} "
        f"USING ({_OWN}) WITH CHECK ({_OWN})"
    ),
    (
        f"CREATE POLICY own ON clinic.patient_filter AS RESTRICTIVE TO {PEOPLE} "
        f"USING (person_id IS NULL OR {_OWN}) "
        f"WITH CHECK ({_OWN} OR person_id IS NULL AND {_FOR_ALL})"
    ),
    (
        f"CREATE POLICY of_all ON clinic.patient_filter AS RESTRICTIVE FOR UPDATE TO {PEOPLE} "
        f"USING ({_OWN} OR person_id IS NULL AND {_FOR_ALL})"
    ),
)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    stamp = sa.DateTime(timezone=True)
    now = sa.text("now()")
    op.create_table(
        name,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *[part for part in parts if isinstance(part, sa.Column)],
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", stamp, server_default=now, nullable=False),
        sa.Column("updated_at", stamp, server_default=now, nullable=False),
        sa.Column("deleted_at", stamp, nullable=True),
        *[part for part in parts if not isinstance(part, sa.Column)],
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f(f"{name}_pkey")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column],
        [f"{other}.clinic_id", f"{other}.id"],
        name=op.f(f"{table}_clinic_id_{column}_fkey"),
    )


def _of_clinic(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id"], ["clinic.id"], name=op.f(f"{table}_clinic_id_fkey")
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"{table}_{name}_check"))


def _words(table: str, column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return _check(table, column, f"{column} IN ({listed})")


def _filled(table: str, column: str, longest: int) -> sa.CheckConstraint:
    condition = f"btrim({column}) <> '' AND length({column}) <= {longest}"
    return _check(table, f"{column}_text", condition)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _create_lists() -> None:
    there = sa.text("deleted_at IS NULL")
    _table(
        "patient_tag",
        _text("name"),
        _text("letter"),
        _text("colour"),
        _of_clinic("patient_tag"),
        _filled("patient_tag", "name", 40),
        _filled("patient_tag", "letter", 2),
        _words("patient_tag", "colour", "plain", "accent", "info", "success", "warning", "danger"),
    )
    op.create_index(
        "ix_patient_tag_name",
        "patient_tag",
        ["clinic_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=there,
    )
    _table(
        "patient_star",
        _id("person_id"),
        _id("patient_id"),
        _to("patient_star", "person_id", "person"),
        _to("patient_star", "patient_id", "patient"),
    )
    op.create_index(
        "ix_patient_star_once",
        "patient_star",
        ["clinic_id", "person_id", "patient_id"],
        unique=True,
        postgresql_where=there,
    )
    op.create_index("ix_patient_star_patient", "patient_star", ["clinic_id", "patient_id"])
    _table(
        "patient_filter",
        _id("person_id", nullable=True),
        _text("name"),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        _of_clinic("patient_filter"),
        _to("patient_filter", "person_id", "person"),
        _filled("patient_filter", "name", 60),
        _check("patient_filter", "choices", "jsonb_typeof(choices) = 'object'"),
        _check("patient_filter", "choices_size", "length(choices::text) <= 2000"),
    )
    op.create_index("ix_patient_filter_person", "patient_filter", ["clinic_id", "person_id"])
    op.create_table(
        "patient_key",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "clinic_id", "key", "sort_key", "patient_id", name=op.f("patient_key_pkey")
        ),
    )


def _create_facts() -> None:
    _table(
        "patient_photo",
        _id("patient_id"),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        _to("patient_photo", "patient_id", "patient"),
        _check("patient_photo", "size", "octet_length(content) BETWEEN 1 AND 524288"),
        _check("patient_photo", "thumbnail", "octet_length(thumbnail) BETWEEN 1 AND 65536"),
        _check("patient_photo", "fingerprint", "sha256 = sha256(content)"),
    )
    op.create_index("ix_patient_photo_patient", "patient_photo", ["clinic_id", "patient_id"])
    _table(
        "patient_consent",
        _id("patient_id"),
        _id("recorded_by", nullable=True),
        _text("channel"),
        _text("purpose"),
        _text("answer"),
        _text("how"),
        sa.Column("said_on", sa.Date(), nullable=False),
        _text("remark", ""),
        _to("patient_consent", "patient_id", "patient"),
        _to("patient_consent", "recorded_by", "person"),
        _words("patient_consent", "channel", "phone", "sms", "whatsapp", "email", "letter"),
        _words("patient_consent", "purpose", "care", "reminders", "marketing"),
        _words("patient_consent", "answer", "given", "refused", "unknown"),
        _words("patient_consent", "how", "spoken", "phone", "form", "message", "imported"),
        _check(
            "patient_consent",
            "said_on_range",
            "said_on >= '1850-01-01' AND said_on < '2200-01-01'",
        ),
        _check("patient_consent", "remark_text", "length(remark) <= 500"),
    )
    op.create_index(
        "ix_patient_consent_patient",
        "patient_consent",
        ["clinic_id", "patient_id", "channel", "purpose", "created_at", "id"],
    )


def _widen_patient() -> None:
    tags = postgresql.ARRAY(sa.Uuid())
    op.add_column("patient", sa.Column("deceased_on", sa.Date(), nullable=True))
    op.add_column("patient", sa.Column("tags", tags, server_default="{}", nullable=False))
    op.add_column("patient", sa.Column("photo_id", sa.Uuid(), nullable=True))
    for name, condition in (
        ("deceased_on_range", "deceased_on >= '1850-01-01' AND deceased_on < '2200-01-01'"),
        ("tags", "cardinality(tags) <= 48 AND array_position(tags, NULL) IS NULL"),
    ):
        op.create_check_constraint(op.f(f"patient_{name}_check"), "patient", condition)
    op.create_foreign_key(
        "patient_clinic_id_photo_id_fkey",
        "patient",
        "patient_photo",
        ["clinic_id", "photo_id"],
        ["clinic_id", "id"],
        deferrable=True,
        initially="DEFERRED",
    )


def upgrade() -> None:
    _create_lists()
    _create_facts()
    _widen_patient()
    op.create_index(
        "ix_access_log_opened",
        "access_log",
        ["clinic_id", "login", "id"],
        postgresql_where=sa.text("action = 'open' AND patient_id IS NOT NULL"),
    )
    cursor = driver_cursor()
    cursor.execute(SQL.read_text(encoding="utf-8").encode())
    give_functions(FUNCTIONS)
    for rights in TABLES:
        for statement in protect(rights):
            cursor.execute(statement.encode())
    for table, read in DERIVED.items():
        for statement in protect_derived(table, read):
            cursor.execute(statement.encode())
    for statement in POLICIES:
        cursor.execute(statement.encode())
    cursor.execute(
        "CREATE TRIGGER d_index_keys AFTER UPDATE ON clinic.patient FOR EACH ROW "
        "WHEN (OLD.tags IS DISTINCT FROM NEW.tags OR OLD.born IS DISTINCT FROM NEW.born "
        "OR OLD.sort_key IS DISTINCT FROM NEW.sort_key "
        "OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at) "
        "EXECUTE FUNCTION clinic.index_keys()"
    )
    cursor.execute(
        "CREATE TRIGGER d_index_new_keys AFTER INSERT ON clinic.patient "
        "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
        "EXECUTE FUNCTION clinic.index_new_keys()"
    )
    cursor.execute(
        "INSERT INTO clinic.patient_key (clinic_id, key, sort_key, patient_id) "
        "SELECT p.clinic_id, 'born:' || to_char(p.born, 'MMDD'), p.sort_key, p.id "
        "FROM clinic.patient p WHERE p.born IS NOT NULL AND p.deleted_at IS NULL "
        "ORDER BY 1, 2, 3, 4"
    )


def downgrade() -> None:
    cursor = driver_cursor()
    # What waits for the end of the transaction would be in the way of altering tables.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("DROP TRIGGER d_index_keys ON clinic.patient")
    cursor.execute("DROP TRIGGER d_index_new_keys ON clinic.patient")
    for name in ("deceased_on_range", "tags"):
        op.drop_constraint(op.f(f"patient_{name}_check"), "patient")
    op.drop_constraint("patient_clinic_id_photo_id_fkey", "patient")
    for column in ("deceased_on", "tags", "photo_id"):
        op.drop_column("patient", column)
    for table in (*(rights.table for rights in TABLES), *DERIVED):
        op.drop_table(table)
    op.drop_index("ix_access_log_opened", "access_log")
    drop_functions(FUNCTIONS)

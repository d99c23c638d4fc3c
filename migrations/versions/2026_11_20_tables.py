"""The first tables of a clinic.

Long because it is the whole first schema in one transaction; later migrations are small.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_20_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A range of one point stands for equality in exclusion constraints: no extension is needed.
    op.execute("CREATE TYPE clinic.uuidrange AS RANGE (subtype = uuid)")
    op.create_table(
        "access_log",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("access_log_pkey")),
    )
    op.create_index("ix_access_log_at", "access_log", ["clinic_id", "at"], unique=False)
    op.create_index(
        "ix_access_log_patient", "access_log", ["clinic_id", "patient_id", "at"], unique=False
    )
    op.create_table(
        "change_log",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("tbl", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("seen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "seq", name=op.f("change_log_pkey")),
    )
    op.create_index(
        "ix_change_log_patient", "change_log", ["clinic_id", "patient_id", "seq"], unique=False
    )
    op.create_index(
        "ix_change_log_row", "change_log", ["clinic_id", "tbl", "row_id", "seq"], unique=False
    )
    op.create_table(
        "change_stage",
        sa.Column("n", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tbl", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("salt", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("change_stage_pkey")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_change_stage_xact", "change_stage", ["xact", "n"], unique=False)
    op.create_table(
        "change_value",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("clinic_id", "seq", name=op.f("change_value_pkey")),
    )
    op.create_table(
        "clinic",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("tax_number", sa.Text(), server_default="", nullable=False),
        sa.Column("legal_line", sa.Text(), server_default="", nullable=False),
        sa.Column("bank_account", sa.Text(), server_default="", nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("notation", sa.Text(), server_default="fdi", nullable=False),
        sa.Column("paper", sa.Text(), server_default="A4", nullable=False),
        sa.Column("slot_minutes", sa.Integer(), server_default="15", nullable=False),
        sa.Column("lock_minutes", sa.Integer(), server_default="10", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 200", name=op.f("clinic_name_text_check")
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("clinic_currency_check")),
        sa.CheckConstraint(
            "notation IN ('fdi', 'universal', 'palmer')", name=op.f("clinic_notation_check")
        ),
        sa.CheckConstraint("paper IN ('A4', 'Letter')", name=op.f("clinic_paper_check")),
        sa.CheckConstraint("clinic_id = id", name=op.f("clinic_is_its_own_check")),
        sa.CheckConstraint("lock_minutes BETWEEN 1 AND 60", name=op.f("clinic_lock_minutes_check")),
        sa.CheckConstraint("octet_length(logo) <= 5242880", name=op.f("clinic_logo_size_check")),
        sa.CheckConstraint(
            "slot_minutes IN (5, 10, 15, 20, 30)", name=op.f("clinic_slot_minutes_check")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("clinic_pkey")),
        sa.UniqueConstraint("id", name=op.f("clinic_id_key")),
    )
    op.create_table(
        "log_head",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("log_head_pkey")),
    )
    op.create_table(
        "patient_word",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "clinic_id", "word", "sort_key", "patient_id", name=op.f("patient_word_pkey")
        ),
    )
    op.create_table(
        "person_secret",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pin', 'totp')", name=op.f("person_secret_kind_check")),
        sa.CheckConstraint("length(value) <= 500", name=op.f("person_secret_value_text_check")),
        sa.PrimaryKeyConstraint("login", "kind", name=op.f("person_secret_pkey")),
    )
    op.create_table(
        "staff_right",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login", "permission", "clinic_id", name=op.f("staff_right_pkey")),
    )
    op.create_table(
        "chair",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 80", name=op.f("chair_name_text_check")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("chair_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("chair_pkey")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("chair_clinic_id_name_key")),
    )
    op.create_table(
        "counter",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("counter_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "series", "year", name=op.f("counter_pkey")),
    )
    op.create_table(
        "household",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 200", name=op.f("household_name_text_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("household_clinic_id_fkey")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("household_pkey")),
    )
    op.create_table(
        "person",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(initials) <> '' AND length(initials) <= 4",
            name=op.f("person_initials_text_check"),
        ),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 120", name=op.f("person_name_text_check")
        ),
        sa.CheckConstraint("language IN ('en', 'es', 'pt')", name=op.f("person_language_check")),
        sa.CheckConstraint(
            "login ~ '^u_[a-z0-9][a-z0-9_]{0,40}$'", name=op.f("person_login_check")
        ),
        sa.CheckConstraint("length(email) <= 254", name=op.f("person_email_text_check")),
        sa.CheckConstraint("length(job) <= 120", name=op.f("person_job_text_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("person_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("person_pkey")),
        sa.UniqueConstraint("clinic_id", "login", name=op.f("person_clinic_id_login_key")),
    )
    op.create_table(
        "product",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("barcode", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("reorder_level", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 160", name=op.f("product_name_text_check")
        ),
        sa.CheckConstraint(
            "btrim(sku) <> '' AND length(sku) <= 40", name=op.f("product_sku_text_check")
        ),
        sa.CheckConstraint(
            "btrim(unit) <> '' AND length(unit) <= 40", name=op.f("product_unit_text_check")
        ),
        sa.CheckConstraint("cost BETWEEN 0 AND 100000000000", name=op.f("product_cost_check")),
        sa.CheckConstraint("length(barcode) <= 64", name=op.f("product_barcode_text_check")),
        sa.CheckConstraint(
            "reorder_level BETWEEN 0 AND 1000000", name=op.f("product_reorder_level_check")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("product_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("product_pkey")),
        sa.UniqueConstraint("clinic_id", "sku", name=op.f("product_clinic_id_sku_key")),
    )
    op.create_table(
        "setting",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 100", name=op.f("setting_name_text_check")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("setting_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("setting_pkey")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("setting_clinic_id_name_key")),
    )
    op.create_table(
        "staff_role",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 80", name=op.f("staff_role_name_text_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("staff_role_clinic_id_fkey")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("staff_role_pkey")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("staff_role_clinic_id_code_key")),
    )
    op.create_table(
        "treatment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), server_default="mouth", nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("colour", sa.Text(), server_default="svc_exam", nullable=False),
        sa.Column("paint", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "area IN ('none', 'mouth', 'arch', 'quadrant', 'sextant', 'tooth_range', 'tooth', "
            "'surface', 'root')",
            name=op.f("treatment_area_check"),
        ),
        sa.CheckConstraint(
            "btrim(code) <> '' AND length(code) <= 20", name=op.f("treatment_code_text_check")
        ),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 160", name=op.f("treatment_name_text_check")
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 600", name=op.f("treatment_minutes_check")),
        sa.CheckConstraint("price BETWEEN 0 AND 100000000000", name=op.f("treatment_price_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("treatment_clinic_id_fkey")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("treatment_pkey")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("treatment_clinic_id_code_key")),
    )
    op.create_table(
        "emergency_access",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(reason) <> '' AND length(reason) <= 500",
            name=op.f("emergency_access_reason_text_check"),
        ),
        sa.CheckConstraint(
            "ends_at > starts_at AND ends_at <= starts_at + interval '4 hours'",
            name=op.f("emergency_access_length_check"),
        ),
        sa.CheckConstraint(
            "ends_at >= '1850-01-01' AND ends_at < '2200-01-01'",
            name=op.f("emergency_access_ends_at_range_check"),
        ),
        sa.CheckConstraint(
            "starts_at >= '1850-01-01' AND starts_at < '2200-01-01'",
            name=op.f("emergency_access_starts_at_range_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"],
            ["person.clinic_id", "person.id"],
            name=op.f("emergency_access_clinic_id_person_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("emergency_access_pkey")),
    )
    op.create_table(
        "patient",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), server_default="", nullable=False),
        sa.Column("other_name", sa.Text(), server_default="", nullable=False),
        sa.Column("sex", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("born_estimated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("no_phone_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("postcode", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("prefers", sa.Text(), server_default="phone", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("sticky_note", sa.Text(), server_default="", nullable=False),
        sa.Column("alerts_reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerts_reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "born >= '1850-01-01' AND born < '2200-01-01'", name=op.f("patient_born_range_check")
        ),
        sa.CheckConstraint(
            "btrim(given) <> '' AND length(given) <= 100", name=op.f("patient_given_text_check")
        ),
        sa.CheckConstraint(
            "phone <> '' OR no_phone_reason <> ''", name=op.f("patient_phone_or_reason_check")
        ),
        sa.CheckConstraint(
            "prefers IN ('phone', 'sms', 'whatsapp', 'email', 'letter')",
            name=op.f("patient_prefers_check"),
        ),
        sa.CheckConstraint(
            "sex IN ('female', 'male', 'other', 'unknown')", name=op.f("patient_sex_check")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'inactive', 'archived', 'deceased')",
            name=op.f("patient_status_check"),
        ),
        sa.CheckConstraint("guardian_id <> id", name=op.f("patient_not_own_guardian_check")),
        sa.CheckConstraint("length(address) <= 500", name=op.f("patient_address_text_check")),
        sa.CheckConstraint("length(email) <= 254", name=op.f("patient_email_text_check")),
        sa.CheckConstraint("length(family) <= 100", name=op.f("patient_family_text_check")),
        sa.CheckConstraint("length(other_name) <= 200", name=op.f("patient_other_name_text_check")),
        sa.CheckConstraint("length(phone) <= 40", name=op.f("patient_phone_text_check")),
        sa.CheckConstraint(
            "length(sticky_note) <= 4000", name=op.f("patient_sticky_note_text_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "alerts_reviewed_by"],
            ["person.clinic_id", "person.id"],
            name=op.f("patient_clinic_id_alerts_reviewed_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "guardian_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("patient_clinic_id_guardian_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "household_id"],
            ["household.clinic_id", "household.id"],
            name=op.f("patient_clinic_id_household_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("patient_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("patient_pkey")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("patient_clinic_id_number_key")),
    )
    op.create_index("ix_patient_born", "patient", ["clinic_id", "born"], unique=False)
    op.create_index("ix_patient_household", "patient", ["clinic_id", "household_id"], unique=False)
    op.create_index("ix_patient_order", "patient", ["clinic_id", "sort_key", "id"], unique=False)
    op.create_index("ix_patient_phone", "patient", ["clinic_id", "phone"], unique=False)
    op.create_index(
        "ix_patient_status", "patient", ["clinic_id", "status", "sort_key", "id"], unique=False
    )
    op.create_table(
        "person_role",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_role_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"],
            ["person.clinic_id", "person.id"],
            name=op.f("person_role_clinic_id_person_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_role_id"],
            ["staff_role.clinic_id", "staff_role.id"],
            name=op.f("person_role_clinic_id_staff_role_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("person_role_pkey")),
    )
    op.create_index(
        "ix_person_role_once",
        "person_role",
        ["clinic_id", "person_id", "staff_role_id"],
        unique=True,
        postgresql_where="deleted_at IS NULL",
    )
    op.create_table(
        "provider",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="dentist", nullable=False),
        sa.Column("registration", sa.Text(), server_default="", nullable=False),
        sa.Column("colour", sa.Text(), server_default="svc_exam", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(name) <> '' AND length(name) <= 120", name=op.f("provider_name_text_check")
        ),
        sa.CheckConstraint(
            "btrim(short_name) <> '' AND length(short_name) <= 40",
            name=op.f("provider_short_name_text_check"),
        ),
        sa.CheckConstraint(
            "kind IN ('dentist', 'hygienist', 'assistant', 'specialist')",
            name=op.f("provider_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "chair_id"],
            ["chair.clinic_id", "chair.id"],
            name=op.f("provider_clinic_id_chair_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"],
            ["person.clinic_id", "person.id"],
            name=op.f("provider_clinic_id_person_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("provider_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("provider_pkey")),
    )
    op.create_table(
        "stock_balance",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("stock_balance_never_negative_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "product_id"],
            ["product.clinic_id", "product.id"],
            name=op.f("stock_balance_clinic_id_product_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "product_id", name=op.f("stock_balance_pkey")),
    )
    op.create_table(
        "treatment_material",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 10000", name=op.f("treatment_material_quantity_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "product_id"],
            ["product.clinic_id", "product.id"],
            name=op.f("treatment_material_clinic_id_product_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "treatment_id"],
            ["treatment.clinic_id", "treatment.id"],
            name=op.f("treatment_material_clinic_id_treatment_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("treatment_material_pkey")),
    )
    op.create_index(
        "ix_treatment_material_treatment",
        "treatment_material",
        ["clinic_id", "treatment_id"],
        unique=False,
    )
    op.create_table(
        "appointment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("local_start", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("squeeze_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="desk", nullable=False),
        sa.Column("rescheduled_from_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_at > starts_at AND ends_at - starts_at <= interval '24 hours'",
            name=op.f("appointment_length_check"),
        ),
        sa.CheckConstraint(
            "ends_at >= '1850-01-01' AND ends_at < '2200-01-01'",
            name=op.f("appointment_ends_at_range_check"),
        ),
        sa.CheckConstraint(
            "source IN ('desk', 'phone', 'web', 'walk_in', 'recall', 'import')",
            name=op.f("appointment_source_check"),
        ),
        sa.CheckConstraint(
            "starts_at >= '1850-01-01' AND starts_at < '2200-01-01'",
            name=op.f("appointment_starts_at_range_check"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'arrived', 'in_chair', 'done', 'missed', "
            "'cancelled', 'rescheduled')",
            name=op.f("appointment_status_check"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('cancelled') OR reason <> ''",
            name=op.f("appointment_cancel_reason_check"),
        ),
        sa.CheckConstraint("length(reason) <= 500", name=op.f("appointment_reason_text_check")),
        sa.CheckConstraint("length(remark) <= 2000", name=op.f("appointment_remark_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "chair_id"],
            ["chair.clinic_id", "chair.id"],
            name=op.f("appointment_clinic_id_chair_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("appointment_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("appointment_clinic_id_provider_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "rescheduled_from_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("appointment_clinic_id_rescheduled_from_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("appointment_pkey")),
    )
    op.create_index("ix_appointment_day", "appointment", ["clinic_id", "starts_at"], unique=False)
    op.create_index(
        "ix_appointment_patient",
        "appointment",
        ["clinic_id", "patient_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        "ix_appointment_provider",
        "appointment",
        ["clinic_id", "provider_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "document",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(title) <> '' AND length(title) <= 300", name=op.f("document_title_text_check")
        ),
        sa.CheckConstraint(
            "kind IN ('invoice', 'prescription', 'receipt', 'day_sheet', 'upload')",
            name=op.f("document_kind_check"),
        ),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/png', 'image/jpeg')",
            name=op.f("document_media_type_check"),
        ),
        sa.CheckConstraint("sha256 = sha256(content)", name=op.f("document_fingerprint_check")),
        sa.CheckConstraint(
            "size = octet_length(content) AND size <= 52428800", name=op.f("document_size_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("document_clinic_id_patient_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("document_pkey")),
    )
    op.create_index(
        "ix_document_patient", "document", ["clinic_id", "patient_id", "created_at"], unique=False
    )
    op.create_table(
        "journal_entry",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), server_default="", nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(act) <> '' AND length(act) <= 100", name=op.f("journal_entry_act_text_check")
        ),
        sa.CheckConstraint(
            "day >= '1850-01-01' AND day < '2200-01-01'", name=op.f("journal_entry_day_range_check")
        ),
        sa.CheckConstraint(
            "kind IN ('charge', 'payment', 'adjustment', 'write_off', 'refund', 'deposit')",
            name=op.f("journal_entry_kind_check"),
        ),
        sa.CheckConstraint("length(memo) <= 500", name=op.f("journal_entry_memo_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("journal_entry_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "reverses_id"],
            ["journal_entry.clinic_id", "journal_entry.id"],
            name=op.f("journal_entry_clinic_id_reverses_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("journal_entry_pkey")),
        sa.UniqueConstraint("clinic_id", "act", name=op.f("journal_entry_clinic_id_act_key")),
        sa.UniqueConstraint(
            "clinic_id", "reverses_id", name=op.f("journal_entry_clinic_id_reverses_id_key")
        ),
    )
    op.create_index("ix_journal_entry_day", "journal_entry", ["clinic_id", "day"], unique=False)
    op.create_index(
        "ix_journal_entry_patient",
        "journal_entry",
        ["clinic_id", "patient_id", "day"],
        unique=False,
    )
    op.create_table(
        "patient_alert",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("substance", sa.Text(), server_default="", nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(text) <> '' AND length(text) <= 500", name=op.f("patient_alert_text_text_check")
        ),
        sa.CheckConstraint(
            "kind IN ('allergy', 'no_known_allergies', 'anticoagulant', 'condition', 'pregnancy', "
            "'premedication', 'medicine', 'other')",
            name=op.f("patient_alert_kind_check"),
        ),
        sa.CheckConstraint(
            "noted_on >= '1850-01-01' AND noted_on < '2200-01-01'",
            name=op.f("patient_alert_noted_on_range_check"),
        ),
        sa.CheckConstraint(
            "severity IN ('stop', 'caution', 'context')", name=op.f("patient_alert_severity_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("patient_alert_clinic_id_patient_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("patient_alert_pkey")),
    )
    op.create_index(
        "ix_patient_alert_patient", "patient_alert", ["clinic_id", "patient_id"], unique=False
    )
    op.create_table(
        "working_time",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="open", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('open', 'break')", name=op.f("working_time_kind_check")),
        sa.CheckConstraint("ends > starts", name=op.f("working_time_order_check")),
        sa.CheckConstraint("length(label) <= 80", name=op.f("working_time_label_text_check")),
        sa.CheckConstraint(
            "provider_id IS NULL OR chair_id IS NULL", name=op.f("working_time_one_owner_check")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("working_time_weekday_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "chair_id"],
            ["chair.clinic_id", "chair.id"],
            name=op.f("working_time_clinic_id_chair_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("working_time_clinic_id_provider_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("working_time_clinic_id_fkey")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("working_time_pkey")),
    )
    op.create_table(
        "appointment_resource",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("own_time", postgresql.TSTZMULTIRANGE(), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("uuidrange(clinic_id, clinic_id, '[]')"), "="),
            (sa.text("uuidrange(resource_id, resource_id, '[]')"), "="),
            (sa.column("own_time"), "&&"),
            where=sa.text("blocking"),
            deferrable=True,
            initially="IMMEDIATE",
            using="gist",
            name="appointment_resource_no_overlap",
        ),
        sa.CheckConstraint(
            "kind IN ('provider', 'chair')", name=op.f("appointment_resource_kind_check")
        ),
        sa.CheckConstraint(
            "NOT isempty(own_time)", name=op.f("appointment_resource_own_time_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("appointment_resource_clinic_id_appointment_id_fkey"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "appointment_id", "kind", name=op.f("appointment_resource_pkey")
        ),
    )
    op.create_table(
        "chart_item",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tooth", sa.Integer(), nullable=True),
        sa.Column("surfaces", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("treatment_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("fulfils_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(code) <> '' AND length(code) <= 20", name=op.f("chart_item_code_text_check")
        ),
        sa.CheckConstraint(
            "kind <> 'procedure' OR treatment_id IS NOT NULL OR status IN ('existing', "
            "'elsewhere', 'referred')",
            name=op.f("chart_item_priced_check"),
        ),
        sa.CheckConstraint(
            "kind IN ('condition', 'state', 'procedure')", name=op.f("chart_item_kind_check")
        ),
        sa.CheckConstraint(
            "since >= '1850-01-01' AND since < '2200-01-01'",
            name=op.f("chart_item_since_range_check"),
        ),
        sa.CheckConstraint(
            "status IN ('condition', 'planned', 'in_progress', 'done', 'existing', 'elsewhere', "
            "'referred')",
            name=op.f("chart_item_status_check"),
        ),
        sa.CheckConstraint("surfaces ~ '^[MOIDBL5]*$'", name=op.f("chart_item_surfaces_check")),
        sa.CheckConstraint(
            "until >= '1850-01-01' AND until < '2200-01-01'",
            name=op.f("chart_item_until_range_check"),
        ),
        sa.CheckConstraint("fee BETWEEN 0 AND 100000000000", name=op.f("chart_item_fee_check")),
        sa.CheckConstraint("length(remark) <= 1000", name=op.f("chart_item_remark_text_check")),
        sa.CheckConstraint("tooth BETWEEN 11 AND 199", name=op.f("chart_item_tooth_check")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("chart_item_period_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("chart_item_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "fulfils_id"],
            ["chart_item.clinic_id", "chart_item.id"],
            name=op.f("chart_item_clinic_id_fulfils_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("chart_item_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("chart_item_clinic_id_provider_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "treatment_id"],
            ["treatment.clinic_id", "treatment.id"],
            name=op.f("chart_item_clinic_id_treatment_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("chart_item_pkey")),
    )
    op.create_index(
        "ix_chart_item_appointment", "chart_item", ["clinic_id", "appointment_id"], unique=False
    )
    op.create_index(
        "ix_chart_item_fulfils",
        "chart_item",
        ["clinic_id", "fulfils_id"],
        unique=True,
        postgresql_where="deleted_at IS NULL",
    )
    op.create_index(
        "ix_chart_item_patient", "chart_item", ["clinic_id", "patient_id", "since"], unique=False
    )
    op.create_table(
        "invoice",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), server_default="A", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("bill_to", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'draft') = (number IS NULL) AND (number IS NULL) = (year IS NULL) AND "
            "(number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (issued_on IS NULL)",
            name=op.f("invoice_numbered_check"),
        ),
        sa.CheckConstraint("series ~ '^[A-Z0-9]{1,8}$'", name=op.f("invoice_series_check")),
        sa.CheckConstraint("status IN ('draft', 'issued')", name=op.f("invoice_status_check")),
        sa.CheckConstraint("abs(total) <= 100000000000", name=op.f("invoice_total_check")),
        sa.CheckConstraint("length(bill_to) <= 1000", name=op.f("invoice_bill_to_text_check")),
        sa.CheckConstraint("length(remark) <= 2000", name=op.f("invoice_remark_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "document_id"],
            ["document.clinic_id", "document.id"],
            name=op.f("invoice_clinic_id_document_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("invoice_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("invoice_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("invoice_pkey")),
        sa.UniqueConstraint(
            "clinic_id",
            "series",
            "year",
            "number",
            name=op.f("invoice_clinic_id_series_year_number_key"),
        ),
    )
    op.create_index(
        "ix_invoice_patient", "invoice", ["clinic_id", "patient_id", "issued_at"], unique=False
    )
    op.create_table(
        "note",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL AND signed_by IS NOT NULL)",
            name=op.f("note_signed_check"),
        ),
        sa.CheckConstraint(
            "signed_at >= '1850-01-01' AND signed_at < '2200-01-01'",
            name=op.f("note_signed_at_range_check"),
        ),
        sa.CheckConstraint("status IN ('draft', 'signed')", name=op.f("note_status_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "amends_id"],
            ["note.clinic_id", "note.id"],
            name=op.f("note_clinic_id_amends_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("note_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "author_id"],
            ["person.clinic_id", "person.id"],
            name=op.f("note_clinic_id_author_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("note_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "signed_by"],
            ["person.clinic_id", "person.id"],
            name=op.f("note_clinic_id_signed_by_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("note_pkey")),
    )
    op.create_index(
        "ix_note_patient", "note", ["clinic_id", "patient_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_note_unsigned",
        "note",
        ["clinic_id", "created_at"],
        unique=False,
        postgresql_where="status = 'draft'",
    )
    op.create_table(
        "prescription",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("allergies", sa.Text(), server_default="", nullable=False),
        sa.Column("overrides", sa.Text(), server_default="", nullable=False),
        sa.Column("list_version", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'issued') = (number IS NOT NULL)", name=op.f("prescription_numbered_check")
        ),
        sa.CheckConstraint(
            "issued_at >= '1850-01-01' AND issued_at < '2200-01-01'",
            name=op.f("prescription_issued_at_range_check"),
        ),
        sa.CheckConstraint("status IN ('draft', 'issued')", name=op.f("prescription_status_check")),
        sa.CheckConstraint(
            "length(allergies) <= 2000", name=op.f("prescription_allergies_text_check")
        ),
        sa.CheckConstraint(
            "length(overrides) <= 2000", name=op.f("prescription_overrides_text_check")
        ),
        sa.CheckConstraint(
            "weight_grams BETWEEN 200 AND 650000", name=op.f("prescription_weight_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "document_id"],
            ["document.clinic_id", "document.id"],
            name=op.f("prescription_clinic_id_document_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("prescription_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("prescription_clinic_id_provider_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("prescription_pkey")),
        sa.UniqueConstraint(
            "clinic_id", "year", "number", name=op.f("prescription_clinic_id_year_number_key")
        ),
    )
    op.create_index(
        "ix_prescription_patient",
        "prescription",
        ["clinic_id", "patient_id", "issued_at"],
        unique=False,
    )
    op.create_table(
        "appointment_treatment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=False),
        sa.Column("chart_item_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("appointment_treatment_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "chart_item_id"],
            ["chart_item.clinic_id", "chart_item.id"],
            name=op.f("appointment_treatment_clinic_id_chart_item_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "treatment_id"],
            ["treatment.clinic_id", "treatment.id"],
            name=op.f("appointment_treatment_clinic_id_treatment_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("appointment_treatment_pkey")),
    )
    op.create_index(
        "ix_appointment_treatment_appointment",
        "appointment_treatment",
        ["clinic_id", "appointment_id"],
        unique=False,
    )
    op.create_table(
        "note_version",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(body) <= 1000000", name=op.f("note_version_body_text_check")),
        sa.CheckConstraint("number >= 1", name=op.f("note_version_number_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "note_id"],
            ["note.clinic_id", "note.id"],
            name=op.f("note_version_clinic_id_note_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("note_version_clinic_id_patient_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("note_version_pkey")),
        sa.UniqueConstraint(
            "clinic_id", "note_id", "number", name=op.f("note_version_clinic_id_note_id_number_key")
        ),
    )
    op.create_index(
        "ix_note_version_patient", "note_version", ["clinic_id", "patient_id"], unique=False
    )
    op.create_table(
        "posting",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("journal_entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("chart_item_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("tooth", sa.Integer(), nullable=True),
        sa.Column("surfaces", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(account = 'receivable') = (patient_id IS NOT NULL)",
            name=op.f("posting_owed_by_check"),
        ),
        sa.CheckConstraint(
            "account IN ('receivable', 'income', 'cash', 'card', 'bank', 'deposit', 'written_off')",
            name=op.f("posting_account_check"),
        ),
        sa.CheckConstraint(
            "amount <> 0 AND abs(amount) <= 100000000000", name=op.f("posting_amount_check")
        ),
        sa.CheckConstraint("length(text) <= 300", name=op.f("posting_text_text_check")),
        sa.CheckConstraint("tooth BETWEEN 11 AND 199", name=op.f("posting_tooth_check")),
        sa.CheckConstraint("surfaces ~ '^[MOIDBL5]*$'", name=op.f("posting_surfaces_check")),
        sa.CheckConstraint("length(code) <= 20", name=op.f("posting_code_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "chart_item_id"],
            ["chart_item.clinic_id", "chart_item.id"],
            name=op.f("posting_clinic_id_chart_item_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "journal_entry_id"],
            ["journal_entry.clinic_id", "journal_entry.id"],
            name=op.f("posting_clinic_id_journal_entry_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("posting_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("posting_clinic_id_provider_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("posting_pkey")),
    )
    op.create_index(
        "ix_posting_chart_item", "posting", ["clinic_id", "chart_item_id"], unique=False
    )
    op.create_index("ix_posting_entry", "posting", ["clinic_id", "journal_entry_id"], unique=False)
    op.create_index("ix_posting_patient", "posting", ["clinic_id", "patient_id"], unique=False)
    op.create_table(
        "prescription_item",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("prescription_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("drug_id", sa.Text(), server_default="", nullable=False),
        sa.Column("drug", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), server_default="", nullable=False),
        sa.Column("dose", sa.Text(), nullable=False),
        sa.Column("arithmetic", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("instructions", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(dose) <> '' AND length(dose) <= 500",
            name=op.f("prescription_item_dose_text_check"),
        ),
        sa.CheckConstraint(
            "btrim(drug) <> '' AND length(drug) <= 200",
            name=op.f("prescription_item_drug_text_check"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 366", name=op.f("prescription_item_days_check")),
        sa.CheckConstraint(
            "length(instructions) <= 1000", name=op.f("prescription_item_instructions_text_check")
        ),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 10000", name=op.f("prescription_item_quantity_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("prescription_item_clinic_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "prescription_id"],
            ["prescription.clinic_id", "prescription.id"],
            name=op.f("prescription_item_clinic_id_prescription_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("prescription_item_pkey")),
        sa.UniqueConstraint(
            "clinic_id",
            "prescription_id",
            "position",
            name=op.f("prescription_item_clinic_id_prescription_id_position_key"),
        ),
    )
    op.create_index(
        "ix_prescription_item_patient",
        "prescription_item",
        ["clinic_id", "patient_id"],
        unique=False,
    )
    op.create_table(
        "stock_movement",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("chart_item_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(quantity <> 0 OR kind = 'count') AND abs(quantity) <= 1000000",
            name=op.f("stock_movement_quantity_check"),
        ),
        sa.CheckConstraint(
            "kind IN ('purchase', 'use', 'sale', 'waste', 'count', 'transfer', 'return')",
            name=op.f("stock_movement_kind_check"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('use', 'sale', 'waste') OR quantity < 0",
            name=op.f("stock_movement_direction_check"),
        ),
        sa.CheckConstraint("length(reason) <= 300", name=op.f("stock_movement_reason_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "chart_item_id"],
            ["chart_item.clinic_id", "chart_item.id"],
            name=op.f("stock_movement_clinic_id_chart_item_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "product_id"],
            ["product.clinic_id", "product.id"],
            name=op.f("stock_movement_clinic_id_product_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("stock_movement_pkey")),
    )
    op.create_index(
        "ix_stock_movement_product",
        "stock_movement",
        ["clinic_id", "product_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "invoice_line",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tooth", sa.Integer(), nullable=True),
        sa.Column("surfaces", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "btrim(text) <> '' AND length(text) <= 300", name=op.f("invoice_line_text_text_check")
        ),
        sa.CheckConstraint(
            "day >= '1850-01-01' AND day < '2200-01-01'", name=op.f("invoice_line_day_range_check")
        ),
        sa.CheckConstraint("abs(amount) <= 100000000000", name=op.f("invoice_line_amount_check")),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 10000", name=op.f("invoice_line_quantity_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "invoice_id"],
            ["invoice.clinic_id", "invoice.id"],
            name=op.f("invoice_line_clinic_id_invoice_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "posting_id"],
            ["posting.clinic_id", "posting.id"],
            name=op.f("invoice_line_clinic_id_posting_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("invoice_line_pkey")),
        sa.UniqueConstraint(
            "clinic_id",
            "invoice_id",
            "position",
            name=op.f("invoice_line_clinic_id_invoice_id_position_key"),
        ),
        sa.UniqueConstraint(
            "clinic_id", "posting_id", name=op.f("invoice_line_clinic_id_posting_id_key")
        ),
    )


def downgrade() -> None:
    for table in (
        "invoice_line",
        "stock_movement",
        "prescription_item",
        "posting",
        "note_version",
        "appointment_treatment",
        "prescription",
        "note",
        "invoice",
        "chart_item",
        "appointment_resource",
        "working_time",
        "patient_alert",
        "journal_entry",
        "document",
        "appointment",
        "treatment_material",
        "stock_balance",
        "provider",
        "person_role",
        "patient",
        "emergency_access",
        "treatment",
        "staff_role",
        "setting",
        "product",
        "person",
        "household",
        "counter",
        "chair",
        "staff_right",
        "person_secret",
        "patient_word",
        "log_head",
        "clinic",
        "change_value",
        "change_stage",
        "change_log",
        "access_log",
    ):
        op.drop_table(table)
    op.execute("DROP TYPE clinic.uuidrange")

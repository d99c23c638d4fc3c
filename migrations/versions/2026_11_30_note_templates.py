"""Note templates: what completing opens a note with, and drafts that only their author writes."""

import sqlalchemy as sa
from alembic import op

from clinic_desktop.db.creating import check, create
from clinic_desktop.db.patching import replace_in
from clinic_desktop.db.protection import TableRights, protect

revision = "2026_11_30_note_templates"
down_revision = "2026_11_30_rescheduling"
branch_labels = None
depends_on = None

TABLE = "note_template"
TABLES = (TableRights("note_template", "catalogue.read", ("catalogue.write",)),)

_SIGNING = """    IF NEW.status = 'signed' THEN
        PERFORM clinic.require(NEW.clinic_id, 'clinical.sign');
"""
# Taking a completion back takes its draft along, whoever's it is, while nobody has touched it.
_TAKING_BACK = """    IF NEW.deleted_at IS DISTINCT FROM OLD.deleted_at
       OR NEW.filled <> OLD.filled THEN
        IF NOT clinic.is_me(OLD.clinic_id, OLD.author_id) THEN
            PERFORM clinic.require(NEW.clinic_id, 'clinical.reverse');
            PERFORM FROM clinic.note_version v
            WHERE v.clinic_id = OLD.clinic_id AND v.note_id = OLD.id AND v.number > OLD.filled;
            IF FOUND OR OLD.filled = 0 OR NEW.filled <> OLD.filled THEN
                RAISE EXCEPTION 'a draft is its author''s' USING ERRCODE = 'CD005';
            END IF;
        END IF;
    END IF;
"""
_STATE = """    state text;
BEGIN
    -- The lock keeps a signature from slipping in between.
    SELECT n.status INTO state FROM clinic.note n
"""
_STATE_AND_AUTHOR = """    state text;
    author uuid;
BEGIN
    -- The lock keeps a signature from slipping in between.
    SELECT n.status, n.author_id INTO state, author FROM clinic.note n
"""
_FOUND = "AND n.patient_id = NEW.patient_id\n    FOR SHARE;"
_STILL_THERE = "AND n.patient_id = NEW.patient_id\n      AND n.deleted_at IS NULL\n    FOR SHARE;"
_WRITTEN = "    RETURN NEW;\nEND "
_ONLY_AUTHOR = """    IF NOT clinic.is_me(NEW.clinic_id, author) THEN
        RAISE EXCEPTION 'a draft is written by its author' USING ERRCODE = 'CD005';
    END IF;
"""
# Functions of earlier migrations, the place in each and what is put there.
HOOKS = (
    ("guard_note", _SIGNING, _TAKING_BACK + _SIGNING),
    ("guard_note_version", _STATE, _STATE_AND_AUTHOR),
    ("guard_note_version", _FOUND, _STILL_THERE),
    ("guard_note_version", _WRITTEN, _ONLY_AUTHOR + _WRITTEN),
)


def upgrade() -> None:
    create(
        TABLE,
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f(f"{TABLE}_clinic_id_fkey")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f(f"{TABLE}_clinic_id_name_key")),
        check(TABLE, "name_text", "btrim(name) <> '' AND length(name) <= 120"),
        check(TABLE, "body_text", "btrim(body) <> '' AND length(body) <= 8000"),
    )
    for rights in TABLES:
        for statement in protect(rights):
            op.execute(statement)
    op.add_column("treatment", sa.Column("note_template_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("treatment_clinic_id_note_template_id_fkey"),
        "treatment",
        TABLE,
        ["clinic_id", "note_template_id"],
        ["clinic_id", "id"],
    )
    op.add_column("note", sa.Column("filled", sa.Integer(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("note_filled_check"), "note", "filled >= 0")
    for name, old, new in HOOKS:
        replace_in(name, old, new)


def downgrade() -> None:
    for name, old, new in reversed(HOOKS):
        replace_in(name, new, old)
    op.drop_column("note", "filled")
    op.drop_column("treatment", "note_template_id")
    op.drop_table(TABLE)

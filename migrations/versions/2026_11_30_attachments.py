"""A patient's images and documents: files in pieces, what they are about, what is drawn."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from clinic_desktop.db.patching import driver_cursor
from clinic_desktop.db.protection import TableRights, protect, trigger

revision = "2026_11_30_attachments"
down_revision = "2026_11_30_merging"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"

_DOCUMENTS = ("documents.read", ("documents.write",))

TABLES = (
    TableRights(
        "stored_file",
        *_DOCUMENTS,
        append_only=True,
        guarded=True,
        open=("fingerprint", "size", "pieces", "media_type", "width", "height", "frames"),
        unlogged=("thumbnail",),
    ),
    TableRights(
        "file_piece",
        *_DOCUMENTS,
        append_only=True,
        guarded=True,
        open=("file_id", "number", "sha256"),
        unlogged=("content",),
    ),
    TableRights("attachment", *_DOCUMENTS, "patient_id"),
    TableRights("attachment_mark", *_DOCUMENTS, "patient_id"),
)
TRIGGERS = (
    ("file_piece", "b_guard_piece", "BEFORE INSERT", "guard_piece"),
    ("attachment", "b_guard_attachment", "BEFORE INSERT OR UPDATE", "guard_attachment"),
    ("attachment_mark", "b_guard_mark", "BEFORE INSERT OR UPDATE", "guard_mark"),
)
# Trigger functions need nobody's leave; the two readers are called by people.
FUNCTIONS: tuple[tuple[str, str], ...] = (
    ("file_is_whole()", "clinic_owner"),
    ("guard_piece()", "clinic_owner"),
    ("guard_attachment()", "clinic_owner"),
    ("guard_mark()", "clinic_owner"),
    ("read_stored_file(uuid, uuid, uuid)", "clinic_reader"),
    ("read_file_piece(uuid, uuid, uuid)", "clinic_reader"),
)


def _create_tables() -> None:
    op.create_table(
        "stored_file",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("frames", sa.Integer(), server_default="1", nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
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
            "media_type IN ('image/jpeg', 'image/png', 'image/tiff', 'image/bmp',"
            " 'image/webp', 'application/pdf', 'application/dicom')",
            name=op.f("stored_file_media_type_check"),
        ),
        sa.CheckConstraint("frames >= 1", name=op.f("stored_file_frames_check")),
        sa.CheckConstraint(
            "octet_length(thumbnail) <= 262144", name=op.f("stored_file_thumbnail_check")
        ),
        sa.CheckConstraint(
            "pieces = (size + 1048575) / 1048576", name=op.f("stored_file_pieces_check")
        ),
        sa.CheckConstraint("size BETWEEN 1 AND 209715200", name=op.f("stored_file_size_check")),
        sa.CheckConstraint(
            "width IS NULL AND height IS NULL OR width > 0 AND height > 0 AND"
            " width::bigint * height <= 50000000",
            name=op.f("stored_file_pixels_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("stored_file_clinic_id_fkey")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("stored_file_pkey")),
        sa.UniqueConstraint(
            "clinic_id", "fingerprint", name=op.f("stored_file_clinic_id_fingerprint_key")
        ),
    )
    op.create_table(
        "file_piece",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
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
            "octet_length(content) BETWEEN 1 AND 1048576", name=op.f("file_piece_size_check")
        ),
        sa.CheckConstraint("sha256 = sha256(content)", name=op.f("file_piece_fingerprint_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "file_id"],
            ["stored_file.clinic_id", "stored_file.id"],
            name=op.f("file_piece_clinic_id_file_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("file_piece_pkey")),
        sa.UniqueConstraint(
            "clinic_id", "file_id", "number", name=op.f("file_piece_clinic_id_file_id_number_key")
        ),
    )
    op.create_table(
        "attachment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("teeth", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
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
            "btrim(name) <> '' AND length(name) <= 200", name=op.f("attachment_name_text_check")
        ),
        sa.CheckConstraint(
            "btrim(title) <> '' AND length(title) <= 200", name=op.f("attachment_title_text_check")
        ),
        sa.CheckConstraint(
            "kind IN ('intraoral', 'panoramic', 'cephalometric', 'volume', 'photo',"
            " 'scan', 'letter', 'consent', 'report', 'other')",
            name=op.f("attachment_kind_check"),
        ),
        sa.CheckConstraint("name !~ '[/\\\\]'", name=op.f("attachment_name_path_check")),
        sa.CheckConstraint(
            "taken_on >= '1850-01-01' AND taken_on < '2200-01-01'",
            name=op.f("attachment_taken_on_range_check"),
        ),
        sa.CheckConstraint(
            "cardinality(teeth) <= 60 AND array_position(teeth, NULL) IS NULL",
            name=op.f("attachment_teeth_check"),
        ),
        sa.CheckConstraint("length(note) <= 4000", name=op.f("attachment_note_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "added_by"],
            ["person.clinic_id", "person.id"],
            name=op.f("attachment_clinic_id_added_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "file_id"],
            ["stored_file.clinic_id", "stored_file.id"],
            name=op.f("attachment_clinic_id_file_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("attachment_clinic_id_patient_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("attachment_pkey")),
    )
    op.create_index(
        "ix_attachment_patient",
        "attachment",
        ["clinic_id", "patient_id", "created_at"],
        unique=False,
    )
    op.create_index("ix_attachment_file", "attachment", ["clinic_id", "file_id"], unique=False)
    op.create_table(
        "attachment_mark",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("frame", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("points", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("micrometres", sa.Integer(), nullable=True),
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
            "(shape = 'scale') = (micrometres IS NOT NULL) AND (micrometres IS NULL OR"
            " micrometres BETWEEN 10 AND 1000000)",
            name=op.f("attachment_mark_length_check"),
        ),
        sa.CheckConstraint(
            "(shape = 'text') <= (btrim(words) <> '')", name=op.f("attachment_mark_text_check")
        ),
        sa.CheckConstraint(
            "cardinality(points) = CASE shape WHEN 'text' THEN 2 ELSE 4 END AND"
            " array_position(points, NULL) IS NULL",
            name=op.f("attachment_mark_points_check"),
        ),
        sa.CheckConstraint(
            "shape IN ('arrow', 'line', 'text', 'measure', 'scale')",
            name=op.f("attachment_mark_shape_check"),
        ),
        sa.CheckConstraint("frame >= 0", name=op.f("attachment_mark_frame_check")),
        sa.CheckConstraint("length(words) <= 500", name=op.f("attachment_mark_words_text_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "attachment_id"],
            ["attachment.clinic_id", "attachment.id"],
            name=op.f("attachment_mark_clinic_id_attachment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("attachment_mark_clinic_id_patient_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("attachment_mark_pkey")),
    )
    op.create_index(
        "ix_attachment_mark_attachment",
        "attachment_mark",
        ["clinic_id", "attachment_id"],
        unique=False,
    )


def upgrade() -> None:
    _create_tables()
    cursor = driver_cursor()
    # Pictures are packed already: packing them again costs time and saves nothing.
    cursor.execute("ALTER TABLE clinic.file_piece ALTER content SET STORAGE EXTERNAL")
    cursor.execute("ALTER TABLE clinic.stored_file ALTER thumbnail SET STORAGE EXTERNAL")
    cursor.execute((SQL / "2026_11_30_attachments.sql").read_text(encoding="utf-8").encode())
    for signature, owner in FUNCTIONS:
        cursor.execute(f"ALTER FUNCTION clinic.{signature} OWNER TO {owner}".encode())
        cursor.execute(f"REVOKE ALL ON FUNCTION clinic.{signature} FROM PUBLIC".encode())
    for rights in TABLES:
        for statement in protect(rights):
            cursor.execute(statement.encode())
    for table, name, events, function in TRIGGERS:
        cursor.execute(trigger(table, name, events, function).encode())
    whole = trigger("stored_file", "d_file_is_whole", "INSERT", "file_is_whole", deferred=True)
    cursor.execute(whole.encode())


def downgrade() -> None:
    cursor = driver_cursor()
    for function in ("read_stored_file", "read_file_piece"):
        cursor.execute(f"DROP FUNCTION clinic.{function}(uuid, uuid, uuid)".encode())
    for rights in reversed(TABLES):
        cursor.execute(f"ALTER TABLE clinic.{rights.table} OWNER TO clinic_migrator".encode())
        op.drop_table(rights.table)
    for signature, _owner in FUNCTIONS[:4]:
        cursor.execute(f"DROP FUNCTION clinic.{signature}".encode())

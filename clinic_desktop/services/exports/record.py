"""Everything that the clinic holds about one patient, gathered for an archive."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.exports import perio
from clinic_desktop.services.exports.schemas import RecordData

_NEEDED: Final = (
    Permission.PATIENTS_EXPORT,
    Permission.PATIENTS_READ,
    Permission.CLINICAL_READ,
    Permission.PRESCRIPTIONS_READ,
    Permission.DOCUMENTS_READ,
    Permission.BILLING_READ,
)
_PHOTO: Final = text(
    "SELECT p.content FROM patient_photo p WHERE p.clinic_id = :clinic AND p.id = :photo"
)
_ACCESS: Final = text("SELECT log_access(:clinic, :patient, 'export', 'record')")

# What a row belongs to, by table, in an order in which each finds what it points to. Guarded
# tables are read by their function, which writes an access entry of its own.
_MINE = "t.clinic_id = :clinic AND t.patient_id = :patient AND t.deleted_at IS NULL"
_SOURCES: Final[dict[str, str]] = {
    "guardian": (
        "patient t WHERE t.clinic_id = :clinic AND t.id = (SELECT p.guardian_id FROM patient p "
        "WHERE p.clinic_id = :clinic AND p.id = :patient)"
    ),
    "household": (
        "household t WHERE t.clinic_id = :clinic AND t.id = (SELECT p.household_id FROM patient p "
        "WHERE p.clinic_id = :clinic AND p.id = :patient)"
    ),
    "patient": (
        "patient t WHERE t.clinic_id = :clinic AND t.id = :patient AND t.deleted_at IS NULL"
    ),
    "patient_alert": f"patient_alert t WHERE {_MINE}",
    "patient_photo": f"patient_photo t WHERE {_MINE}",
    "attachment": (
        "(SELECT a.*, f.media_type, f.size FROM attachment a JOIN stored_file f "  # noqa: S608 - from the constants here
        f"ON f.clinic_id = a.clinic_id AND f.id = a.file_id) t WHERE {_MINE}"
    ),
    # Of a patient "words" are what the record is found by, and are left out.
    "attachment_mark": (
        f"(SELECT m.*, m.words AS said FROM attachment_mark m) t WHERE {_MINE}"  # noqa: S608 - from the constants here
    ),
    "patient_consent": f"patient_consent t WHERE {_MINE}",
    "appointment_series": f"appointment_series t WHERE {_MINE}",
    "series_treatment": (
        "series_treatment t JOIN appointment_series s ON s.clinic_id = t.clinic_id "
        "AND s.id = t.series_id WHERE t.clinic_id = :clinic AND s.patient_id = :patient "
        "AND s.deleted_at IS NULL AND t.deleted_at IS NULL"
    ),
    "appointment": f"appointment t WHERE {_MINE}",
    "appointment_treatment": (
        "appointment_treatment t JOIN appointment a ON a.clinic_id = t.clinic_id "
        "AND a.id = t.appointment_id WHERE t.clinic_id = :clinic AND a.patient_id = :patient "
        "AND a.deleted_at IS NULL AND t.deleted_at IS NULL"
    ),
    "chart_item": f"chart_item t WHERE {_MINE}",
    "perio_exam": f"perio_exam t WHERE {_MINE}",
    "perio_tooth": f"perio_tooth t WHERE {_MINE}",
    "note": f"note t WHERE {_MINE}",
    "note_version": "read_note_version(:clinic, :patient) t",
    "journal_entry": f"journal_entry t WHERE {_MINE}",
    "posting": (
        "posting t JOIN journal_entry e ON e.clinic_id = t.clinic_id "
        "AND e.id = t.journal_entry_id WHERE t.clinic_id = :clinic AND e.patient_id = :patient"
    ),
    "invoice": f"invoice t WHERE {_MINE}",
    "invoice_line": (
        "invoice_line t JOIN invoice i ON i.clinic_id = t.clinic_id AND i.id = t.invoice_id "
        "WHERE t.clinic_id = :clinic AND i.patient_id = :patient"
    ),
    "prescription": "read_prescription(:clinic, :patient) t",
    "prescription_item": "read_prescription_item(:clinic, :patient) t",
}
_NAMES: Final[dict[str, str]] = {
    "provider": "SELECT id, name, short_name, kind, colour, registration FROM provider",
    "chair": "SELECT id, name FROM chair",
    "treatment": (
        "SELECT id, code, name, category, area, minutes, price, colour, paint FROM treatment"
    ),
    "person": "SELECT id, name FROM person",
    "patient_tag": "SELECT id, name, letter, colour FROM patient_tag",
}
# What is packed stands in memory, and one that is opened again has to fit as well.
MOST_IMAGES: Final = 900 << 20
# Of somebody else only what the patient's record says about them.
_GUARDIAN: Final = ("id", "number", "given", "family", "phone", "no_phone_reason", "created_at")
_PARENTS: Final = (
    ("series_treatment", "series_id", "appointment_series"),
    ("appointment_treatment", "appointment_id", "appointment"),
    ("perio_tooth", "exam_id", "perio_exam"),
    ("attachment_mark", "attachment_id", "attachment"),
    ("note_version", "note_id", "note"),
    ("posting", "journal_entry_id", "journal_entry"),
    ("invoice_line", "invoice_id", "invoice"),
    ("prescription_item", "prescription_id", "prescription"),
)
_LEFT_OUT: Final = "'clinic_id', 'sort_key', 'words', 'content'"


def gather(ctx: Context, patient_id: UUID) -> RecordData:
    """Return the whole record and write down that it was exported.

    Needs no transaction. Raises NotAllowedError for who may not read all of it, NotFoundError.
    """
    for needed in _NEEDED:
        ctx.need(needed)
    ctx.connection.execute(_ACCESS, {"clinic": ctx.clinic_id, "patient": patient_id})
    tables = {name: _rows(ctx, source, patient_id) for name, source in _SOURCES.items()}
    if not tables["patient"]:
        raise NotFoundError(_("This patient is not in the records."))
    _drop_strays(tables)
    tables["guardian"] = tuple({key: row[key] for key in _GUARDIAN} for row in tables["guardian"])
    papers = documents.of_patient(ctx, patient_id, limit=100_000)
    tables["document"] = tuple(one.model_dump(mode="json") for one in papers)
    names = _names(ctx, tables)
    perio.told(tables, names["person"])
    files = {str(one.id): documents.content(ctx, patient_id, one.id) for one in papers}
    files |= _images(ctx, patient_id, tables["attachment"])
    for row in tables["patient_photo"]:
        values = {"clinic": ctx.clinic_id, "photo": row["id"]}
        files[row["id"]] = bytes(ctx.connection.execute(_PHOTO, values).scalar_one())
    who = ctx.who
    return RecordData(
        patient_id=patient_id,
        tables=tables,
        names=names,
        clinic={
            "name": who.clinic_name,
            "country": who.country,
            "currency": who.currency,
            "zone": who.zone,
            "locale": who.locale,
        },
        files=files,
    )


def _images(ctx: Context, patient_id: UUID, rows: tuple[dict[str, Any], ...]) -> dict[str, bytes]:
    """Return what the images and files of a record hold, each checked as it is read."""
    size = sum(row["size"] for row in rows)
    if size > MOST_IMAGES:
        raise InvalidError(
            _(
                "The images of this record hold {size} MB; an archive takes {most} MB. Save copies "
                "of the largest from the Images tab and take those out of the record first."
            ).format(size=size >> 20, most=MOST_IMAGES >> 20)
        )
    return {row["id"]: attachments.content(ctx, patient_id, UUID(row["id"])) for row in rows}


def _drop_strays(tables: dict[str, tuple[dict[str, Any], ...]]) -> None:
    """Leave out rows whose parent was made while the record was read, one question after another.

    A transaction would be cut off by the server while the archive is packed.
    """
    for table, column, parent in _PARENTS:
        there = {row["id"] for row in tables[parent]}
        tables[table] = tuple(row for row in tables[table] if row[column] in there)


def _rows(ctx: Context, source: str, patient_id: UUID) -> tuple[dict[str, Any], ...]:
    statement = text(
        f"SELECT to_jsonb(t) - ARRAY[{_LEFT_OUT}] FROM {source} "  # noqa: S608 - from the constants here
        "ORDER BY t.created_at, t.id"
    )
    values = {"clinic": ctx.clinic_id, "patient": patient_id}
    return tuple(dict(row) for row in ctx.connection.execute(statement, values).scalars())


def _names(
    ctx: Context, tables: dict[str, tuple[dict[str, Any], ...]]
) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return what ids of staff and price list mean, of those that the record points to."""
    used = {
        value
        for rows in tables.values()
        for row in rows
        for key, value in row.items()
        if value and (key.endswith(("_id", "_by")))
    }
    used |= {tag for row in tables["patient"] for tag in row["tags"]}
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for table, columns in _NAMES.items():
        statement = text(
            f"SELECT to_jsonb(n) FROM ({columns} WHERE clinic_id = :clinic "  # noqa: S608 - from the constants here
            "AND id = ANY (CAST(:ids AS uuid[]))) n"
        )
        values = {"clinic": ctx.clinic_id, "ids": sorted(used)}
        found[table] = tuple(
            dict(row) for row in ctx.connection.execute(statement, values).scalars()
        )
    return found

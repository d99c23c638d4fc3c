"""Bringing an archive into a clinic: every row as it was, but what only its author may write."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain import uploads
from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import full_name, search_words, sort_key
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.pictures import inspect
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.models import Chair, ClinicModel, Patient, PatientTag, Provider, Treatment
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents import files
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import NewDocument
from clinic_desktop.services.exports import perio
from clinic_desktop.services.exports.schemas import RecordData, TakenIn
from clinic_desktop.services.rows import add_row

_THERE: Final = text("SELECT 1 FROM patient WHERE clinic_id = :clinic AND id = :patient")
_NUMBERED: Final = text("SELECT 1 FROM patient WHERE clinic_id = :clinic AND number = :number")
_RESERVE: Final = text("SELECT reserve_patient_numbers(:clinic, 0, :least)")
_LARGEST_NUMBER: Final = 9_999_999
# Staff of another clinic, in whose name nobody here may say anything.
_PEOPLE: Final = ("alerts_reviewed_by", "recorded_by")
_ORDER: Final = ("patient_alert", "patient_consent", "appointment_series", "series_treatment",
                 "appointment", "chart_item", "appointment_treatment", "journal_entry",
                 "posting")  # fmt: skip
# Signed notes, issued invoices and prescriptions are proof of who wrote them: they come along on
# paper, in the summary and their own PDFs, and in the archive. Exams come as rows that say so.
ON_PAPER: Final = ("note", "note_version", "invoice", "invoice_line", "prescription",
                   "prescription_item")  # fmt: skip
_SOURCES: Final = text(
    """
    UPDATE appointment a SET source = s.value, version = a.version + 1
    FROM jsonb_each_text(CAST(:sources AS jsonb)) s
    WHERE a.clinic_id = :clinic AND a.id = CAST(s.key AS uuid)
    """
)
_NAMED: Final[dict[str, tuple[type[ClinicModel], str]]] = {
    "provider": (Provider, "name"),
    "chair": (Chair, "name"),
    "treatment": (Treatment, "code"),
}


def take_in(ctx: Context, record: RecordData, summary: bytes) -> TakenIn:
    """Write the record of an archive into this clinic and return what became of it.

    Raises ConflictError when this patient is here already.
    """
    for needed in (
        Permission.PATIENTS_EXPORT,
        Permission.PATIENTS_WRITE,
        Permission.SCHEDULE_WRITE,
        Permission.CLINICAL_WRITE,
        Permission.BILLING_POST,
        Permission.DOCUMENTS_WRITE,
        Permission.CATALOGUE_WRITE,
        Permission.SETTINGS_WRITE,
    ):
        ctx.need(needed)
    keys = {"clinic": ctx.clinic_id, "patient": record.patient_id}
    if ctx.connection.execute(_THERE, keys).first():
        raise ConflictError(_("This patient is in the records already."))
    known = {table: _same_here(ctx, record, table) for table in _NAMED}
    ids = {old: new for found in known.values() for old, new in found.items()}
    _people(ctx, record, _tags_here(ctx, record))
    for row in record.rows("patient_photo"):
        content = "\\x" + record.files[row["id"]].hex()
        _insert(ctx, "patient_photo", [{**row, "content": content}], {})
    rows = sum(_insert(ctx, table, _as_brought(record, table), ids) for table in _ORDER)
    _say_sources(ctx, record)
    rows += _insert(ctx, "perio_exam", perio.as_drafts(ctx, record), {})
    rows += _insert(ctx, "perio_tooth", record.rows("perio_tooth"), {})
    perio.freeze(ctx, record)
    for row in record.rows("document"):
        _store(ctx, record, row)
    rows += _images(ctx, record)
    paper = any(record.rows(table) for table in ON_PAPER)
    documents.store(
        ctx,
        NewDocument(
            id=new_id(),
            patient_id=record.patient_id,
            kind="upload",
            title=_("Record of {clinic}").format(clinic=record.clinic["name"] or "?"),
            content=summary,
        ),
    )
    patient = record.patient
    return TakenIn(
        patient_id=record.patient_id,
        name=full_name(patient["given"], patient["family"]),
        rows=rows,
        kept_as_document=sum(len(record.rows(table)) for table in ON_PAPER) if paper else 0,
    )


def _as_brought(record: RecordData, table: str) -> Sequence[dict[str, Any]]:
    """Return the rows of a table as they are written.

    Visits were where they were: their place is not asked about, as of those of another system,
    though hours and providers here may be others.
    """
    if table != "appointment":
        return record.rows(table)
    return [
        {**row, "source": "import", **({"version": row["version"] - 1} if "version" in row else {})}
        for row in record.rows(table)
    ]


def _say_sources(ctx: Context, record: RecordData) -> None:
    """Give visits that were brought in the source they have in the archive."""
    sources = {row["id"]: row["source"] for row in record.rows("appointment")}
    if sources:
        ctx.connection.execute(_SOURCES, {"clinic": ctx.clinic_id, "sources": json.dumps(sources)})


def _same_here(ctx: Context, record: RecordData, table: str) -> dict[str, str]:
    """Return for each provider, chair or treatment of the archive the one it is here.

    The same one, the one of the same name, or a new one that is out of use.
    """
    model, column = _NAMED[table]
    statement = text(f"SELECT id, {column} AS name FROM {table} WHERE clinic_id = :clinic")  # noqa: S608 - our own names
    here = ctx.connection.execute(statement, {"clinic": ctx.clinic_id}).all()
    by_id = {str(row.id) for row in here}
    by_name = {fold(row.name): str(row.id) for row in here}
    found: dict[str, str] = {}
    for row in record.names.get(table, ()):
        if row["id"] in by_id:
            found[row["id"]] = row["id"]
        elif fold(row[column]) in by_name:
            found[row["id"]] = by_name[fold(row[column])]
        else:
            values = {key: value for key, value in row.items() if key != "id"}
            add_row(ctx, model, id=UUID(row["id"]), active=False, **values)
            found[row["id"]] = row["id"]
    return found


def _tags_here(ctx: Context, record: RecordData) -> dict[str, str]:
    """Return for each tag of the archive the one it is here: the same, of the same name, or new."""
    statement = text("SELECT id, name, deleted_at FROM patient_tag WHERE clinic_id = :clinic")
    here = ctx.connection.execute(statement, {"clinic": ctx.clinic_id}).all()
    by_id = {str(row.id) for row in here}
    by_name = {row.name.casefold(): str(row.id) for row in here if row.deleted_at is None}
    found: dict[str, str] = {}
    for row in record.names.get("patient_tag", ()):
        if row["name"].casefold() in by_name:
            found[row["id"]] = by_name[row["name"].casefold()]
        elif row["id"] in by_id:
            found[row["id"]] = row["id"]
        else:
            ctx.need(Permission.SETTINGS_WRITE)
            values = {key: row[key] for key in ("name", "letter", "colour")}
            add_row(ctx, PatientTag, id=UUID(row["id"]), **values)
            found[row["id"]] = row["id"]
    return found


def _people(ctx: Context, record: RecordData, tags: dict[str, str]) -> None:
    """Write household, guardian and patient, each with the words it is found by."""
    for row in record.rows("household"):
        _insert(ctx, "household", [row], {})
    for row in record.rows("guardian"):
        there = ctx.connection.execute(_THERE, {"clinic": ctx.clinic_id, "patient": row["id"]})
        if there.first() is None:
            _patient(ctx, {**row, "status": "inactive"})
    values = {key: value for key, value in record.patient.items() if key not in _PEOPLE}
    if "tags" in values:
        values["tags"] = [tags[tag] for tag in values["tags"] if tag in tags]
    _patient(ctx, values)


def _patient(ctx: Context, row: dict[str, Any]) -> None:
    number = row["number"]
    taken = ctx.connection.execute(_NUMBERED, {"clinic": ctx.clinic_id, "number": number}).first()
    number = "" if taken else number
    if number.isdecimal() and int(number) <= _LARGEST_NUMBER:
        # The next patient of this clinic must not be given the same one.
        ctx.connection.execute(_RESERVE, {"clinic": ctx.clinic_id, "least": int(number)})
    whole = {column.name: "" for column in Patient.__table__.columns} | row
    whole["number"] = number
    names = {"given": whole["given"], "family": whole["family"]}
    born = whole["born"] or None
    keys = {
        "sort_key": sort_key(**names, locale=ctx.who.locale),
        "words": search_words(
            **names,
            other_name=whole["other_name"],
            phone=whole["phone"],
            email=whole["email"],
            number=number,
            born=None if born is None else date.fromisoformat(born),
        ),
    }
    _insert(ctx, "patient", [{**row, "number": number, **keys}], {})


def _insert(ctx: Context, table: str, rows: Any, ids: dict[str, str]) -> int:
    """Insert rows as they were, staff and price list by their ids here; return how many."""
    if not rows:
        return 0
    stored = ClinicModel.metadata.tables[table].columns
    columns = [
        column.name for column in stored if column.name in rows[0] and column.name not in _PEOPLE
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    statement = text(
        f"INSERT INTO {table} (clinic_id, {names}) SELECT :clinic, {names} "  # noqa: S608 - names of our own tables and columns
        f"FROM jsonb_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS jsonb))"
    )
    mapped = [
        {
            key: ids.get(value, value) if isinstance(value, str) else value
            for key, value in r.items()
            if key not in _PEOPLE
        }
        for r in rows
    ]
    ctx.connection.execute(
        statement, {"clinic": ctx.clinic_id, "rows": json.dumps(mapped, default=str)}
    )
    return len(rows)


def _images(ctx: Context, record: RecordData) -> int:
    """Store images and files as if they were handed in now, each told by its content again.

    Whoever brings them in has added them here: nobody is named who is of another clinic.
    """
    kept = []
    for row in record.rows("attachment"):
        source = BytesIO(record.files[row["id"]])
        name = uploads.clean_name(row["name"])
        uploads.check_size(len(source.getbuffer()))
        file_id = files.keep(ctx, source, inspect(source, name), files.fingerprint(source))
        added = {"file_id": str(file_id), "added_by": str(ctx.who.person_id), "name": name}
        kept.append({**row, **added})
    marks = [{**row, "words": row["said"]} for row in record.rows("attachment_mark")]
    return _insert(ctx, "attachment", kept, {}) + _insert(ctx, "attachment_mark", marks, {})


def _store(ctx: Context, record: RecordData, row: dict[str, Any]) -> None:
    content = record.files[row["id"]]
    values = {
        **{
            key: row[key]
            for key in ("id", "patient_id", "kind", "title", "media_type", "created_at")
        },
        "size": len(content),
        "sha256": "\\x" + hashlib.sha256(content).hexdigest(),
        "content": "\\x" + content.hex(),
    }
    _insert(ctx, "document", [values], {})

"""The archive of one record: a packed folder, encrypted with a passphrase in the age format."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyrage

from clinic_desktop.errors import InvalidError
from clinic_desktop.files import put_in_place
from clinic_desktop.i18n import _
from clinic_desktop.services.exports.fhir import bundle_of
from clinic_desktop.services.exports.fhir_parts import image_name
from clinic_desktop.services.exports.schemas import RecordData
from clinic_desktop.services.exports.tables import refused

FORM: Final = "clinic-desktop-record"
VERSION: Final = 1
SHORTEST: Final = 12
LARGEST: Final = 1 << 30
_MOST_FILES: Final = 10_000
_ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_PACKED_ALREADY: Final = frozenset({"image/jpeg", "image/png", "image/webp"})


def file_name(document: dict[str, Any]) -> str:
    """Return where a document stands in the archive: by its id, never by what somebody typed."""
    return f"documents/{document['id']}.{_ENDINGS.get(document['media_type'], 'bin')}"


def photo_name(row: dict[str, Any]) -> str:
    """Return where a picture of the patient stands in the archive."""
    return f"photos/{row['id']}.jpg"


def seal(record: RecordData, summary: bytes, passphrase: str) -> bytes:
    """Return the encrypted archive; raises InvalidError (``passphrase``) for a short one."""
    if len(passphrase) < SHORTEST:
        raise InvalidError(
            _("The passphrase needs {count} characters or more.").format(count=SHORTEST),
            field="passphrase",
        )
    return bytes(pyrage.passphrase.encrypt(pack(record, summary), passphrase))


def pack(record: RecordData, summary: bytes) -> bytes:
    """Return the packed folder as it is before it is encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("summary.pdf", summary)
        packed.writestr("bundle.json", bundle_of(record).model_dump_json(indent=1))
        content = {"form": FORM, "version": VERSION, **record.model_dump(exclude={"files"})}
        packed.writestr("record.json", json.dumps(content, default=str, ensure_ascii=False))
        for document in record.rows("document"):
            packed.writestr(file_name(document), record.files[document["id"]])
        for row in record.rows("attachment"):
            packed.writestr(
                image_name(row),
                record.files[row["id"]],
                zipfile.ZIP_STORED if row["media_type"] in _PACKED_ALREADY else None,
            )
        for row in record.rows("patient_photo"):
            packed.writestr(photo_name(row), record.files[row["id"]])
    return out.getvalue()


def write(path: Path, sealed: bytes) -> None:
    """Put the archive in its place in one step; raises SetupError where that is impossible."""
    beside = path.with_name(f".{path.name}.part")
    try:
        try:
            beside.write_bytes(sealed)
            put_in_place(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise refused(error, path) from error


def read_sealed(path: Path) -> bytes:
    """Return the bytes of an archive; raises InvalidError (``file``) for what is none to read."""
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidError(
                _("This file is larger than any archive of a record. It is not opened."),
                field="file",
            )
        return path.read_bytes()
    except OSError as error:
        raise InvalidError(
            _("The file {name} cannot be opened: {reason}.").format(
                name=path.name, reason=error.strerror or type(error).__name__
            ),
            field="file",
        ) from error


def unseal(sealed: bytes, passphrase: str) -> tuple[RecordData, bytes]:
    """Return the record of an archive and its summary.

    Raises InvalidError: ``passphrase`` for a wrong one, else for a file that is damaged or other.
    """
    try:
        packed_bytes = bytes(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError as error:
        raise InvalidError(
            _("The passphrase does not open this file, or the file is damaged."),
            field="passphrase",
        ) from error
    return unpack(packed_bytes)


def unpack(packed_bytes: bytes) -> tuple[RecordData, bytes]:
    """Return the record of a packed folder and its summary; raises InvalidError for another."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed_bytes)) as packed:
            return _read(packed)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise _no_archive() from error


def _no_archive() -> InvalidError:
    return InvalidError(_("This file is no archive of a patient’s record, or it is damaged."))


def _read(packed: zipfile.ZipFile) -> tuple[RecordData, bytes]:
    parts = packed.infolist()
    if len(parts) > _MOST_FILES or sum(part.file_size for part in parts) > LARGEST:
        raise InvalidError(_("This file unpacks to far more than it shows. It is not opened."))
    content = json.loads(packed.read("record.json"))
    if content.pop("form", None) != FORM:
        raise _no_archive()
    if int(content.pop("version", 0)) > VERSION:
        raise InvalidError(_("This archive was written by a newer program. Upgrade this one."))
    documents = content["tables"].get("document", ())
    # Names in the packed folder are asked for, never followed: nothing is written to a disk.
    files = {str(UUID(document["id"])): packed.read(file_name(document)) for document in documents}
    photos = content["tables"].get("patient_photo", ())
    files |= {str(UUID(row["id"])): packed.read(photo_name(row)) for row in photos}
    images = content["tables"].get("attachment", ())
    files |= {str(UUID(row["id"])): packed.read(image_name(row)) for row in images}
    return RecordData(**content, files=files), packed.read("summary.pdf")

"""The parts that every resource of a bundle is made of."""

from typing import Any, Final

from clinic_desktop.services.exports.schemas import RecordData

SYSTEM: Final = "https://clinic-desktop.org/fhir"

_ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif", "image/bmp": "bmp",
    "image/webp": "webp", "application/pdf": "pdf", "application/dicom": "dcm",
}  # fmt: skip


def image_name(row: dict[str, Any]) -> str:
    """Return where an image or file of the record stands in the archive, by its id."""
    return f"images/{row['id']}.{_ENDINGS.get(row['media_type'], 'bin')}"


def subject(record: RecordData) -> dict[str, str]:
    """Return the reference to the patient."""
    return {"reference": f"urn:uuid:{record.patient['id']}"}


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return what says something: FHIR knows neither empty texts nor empty lists."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def concept(text: str, code: str = "") -> dict[str, Any]:
    """Return a coded concept in words; ``code`` is one of this program's own."""
    coding = [{"system": SYSTEM, "code": code, "display": text}] if code else []
    return filled({"text": text, "coding": coding})

"""One patient's whole record as it leaves the clinic."""

from typing import Any
from uuid import UUID

from clinic_desktop.services.schemas import Row

Rows = tuple[dict[str, Any], ...]


class RecordData(Row):
    """Every row that belongs to a patient, as it is stored, by table; ``names`` say whose ids.

    ``files`` are the bytes of the documents by their id, outside of the JSON.
    """

    patient_id: UUID
    tables: dict[str, Rows]
    names: dict[str, Rows]
    clinic: dict[str, str]
    files: dict[str, bytes]

    def rows(self, table: str) -> Rows:
        """Return the rows of a table, none when the archive has no such table."""
        return self.tables.get(table, ())

    @property
    def patient(self) -> dict[str, Any]:
        """The patient's own row."""
        return self.tables["patient"][0]


class TakenIn(Row):
    """What became of an archive that was brought in."""

    patient_id: UUID
    name: str
    rows: int
    kept_as_document: int

"""What merging two records takes and answers."""

from datetime import datetime
from uuid import UUID

from clinic_desktop.services.patients.schemas import PatientFields
from clinic_desktop.services.schemas import Row


class MergeSide(PatientFields):
    """One of the two records: its fields and how much hangs on it.

    A count is None without the right to see that kind of row; ``balance`` in minor units.
    """

    id: UUID
    number: str
    version: int
    created_at: datetime
    household_id: UUID | None
    household: str | None
    guardian_id: UUID | None
    guardian: str | None
    alerts_reviewed_at: datetime | None
    visits: int
    alerts: int
    chart_items: int | None
    notes: int | None
    prescriptions: int | None
    documents: int | None
    invoices: int | None
    balance: int | None


class MergePreview(Row):
    """Both records as they are now."""

    survivor: MergeSide
    merged: MergeSide


class Merged(Row):
    """A merge that is done; ``moved`` rows went to the survivor."""

    id: UUID
    survivor_id: UUID
    moved: int
    again: bool


class Unmerged(Row):
    """A merge taken apart; ``moved`` rows went back to ``patient_id``."""

    survivor_id: UUID
    patient_id: UUID
    moved: int


class PastMerge(Row):
    """A record that was merged into the one asked about."""

    id: UUID
    patient_id: UUID
    number: str
    name: str
    at: datetime
    by: str


class Gone(Row):
    """Where a merged record's rows are."""

    number: str
    into_id: UUID
    into_number: str
    into_name: str

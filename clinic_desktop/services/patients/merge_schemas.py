"""What merging two records takes and answers."""

from datetime import date, datetime
from uuid import UUID

from clinic_desktop.domain.names import full_name
from clinic_desktop.services.schemas import Row


class MergeSide(Row):
    """One of the two records: its fields and how much hangs on it.

    A count is None without the right to see that kind of row; ``balance`` in minor units.
    """

    id: UUID
    number: str
    version: int
    created_at: datetime
    given: str
    family: str
    other_name: str
    sex: str
    born: date | None
    born_estimated: bool
    phone: str
    no_phone_reason: str
    email: str
    address: str
    city: str
    postcode: str
    country: str
    language: str
    prefers: str
    status: str
    household_id: UUID | None
    household: str | None
    guardian_id: UUID | None
    guardian: str | None
    sticky_note: str
    alerts_reviewed_at: datetime | None
    visits: int
    alerts: int
    chart_items: int | None
    notes: int | None
    prescriptions: int | None
    documents: int | None
    invoices: int | None
    balance: int | None

    @property
    def name(self) -> str:
        """The name as it is said."""
        return full_name(self.given, self.family)


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

"""What a patient's timeline answers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from clinic_desktop.services.schemas import Row

Filter = Literal["all", "clinical", "money", "messages"]


class TimelinePlace(Row):
    """Where a page ended; the next one begins behind it."""

    at: datetime
    kind: str
    row_id: UUID


class TimelineEntry(Row):
    """Something that happened.

    ``kind`` is the sort of record, ``event`` what happened with it, both words of ``EVENTS`` in
    ``service``. ``subject`` and ``detail`` are texts of the records themselves; ``amount`` is in
    minor units, plus is what the patient owes more. ``count`` is how many records were written at
    once. ``by`` is empty where it is not recorded. Without ``exact`` only the day of ``at`` is
    known. ``about`` is the time of the visit it concerns.
    """

    at: datetime
    kind: str
    event: str
    row_id: UUID
    subject: str = ""
    detail: str = ""
    amount: int | None = None
    count: int = 1
    by: str = ""
    exact: bool = True
    about: datetime | None = None

    @property
    def place(self) -> TimelinePlace:
        """Where this entry stands."""
        return TimelinePlace(at=self.at, kind=self.kind + self.event, row_id=self.row_id)


class TimelinePage(Row):
    """Entries, the newest first; ``next`` is None at the beginning of the record.

    ``missing`` names the sorts of record that the person's roles do not include.
    """

    entries: tuple[TimelineEntry, ...]
    next: TimelinePlace | None
    missing: tuple[str, ...]

"""What goes into the services of tags, stars, filters, consents and photos, and what comes out."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from clinic_desktop.services.patients.schemas import PatientRow, Place
from clinic_desktop.services.schemas import Input, Line, Name, Row


class TagRow(Row):
    """One of the clinic's tags; the letter says what the colour says."""

    id: UUID
    version: int
    name: str
    letter: str
    colour: str


class TagUse(TagRow):
    """A tag, in use or removed, with how many patients carry it."""

    active: bool
    patients: int


class TagValues(Input):
    """What a person writes about a tag; without a letter it gets the first of its name."""

    name: Name
    letter: Line = ""
    colour: str = "plain"


NextVisit = Literal["", "none", "booked"]
Balance = Literal["", "open", "credit"]


class ListFilter(Input):
    """What of the list is shown. As a saved filter it is kept as it stands here.

    ``birthday`` is a word of ``filtering.BIRTHDAYS`` or ``MMDD-MMDD``; ``last_visit`` a word of
    ``filtering.LAST_VISITS`` or a day: seen before it and not since.
    """

    status: str = "current"
    tag: UUID | None = None
    provider: UUID | None = None
    next_visit: NextVisit = ""
    balance: Balance = ""
    birthday: str = ""
    last_visit: str = ""

    @property
    def plain(self) -> bool:
        """Whether nothing but the status is asked for."""
        return self == ListFilter(status=self.status)


class SavedFilter(Row):
    """A filter under a name; ``shared`` ones are the clinic's, the others one's own."""

    id: UUID
    version: int
    name: str
    shared: bool
    choices: ListFilter


class Found(Row):
    """A page of the list; ``next`` is where to go on, None at the end.

    A page may hold fewer rows than asked for although more follow: it has looked through as many
    records as one question may.
    """

    rows: tuple[PatientRow, ...]
    next: Place | None


class Beginning(Row):
    """What stands above the list: whom the person starred, and whom they opened last."""

    starred: tuple[PatientRow, ...]
    recent: tuple[PatientRow, ...]


class ConsentRow(Row):
    """What was last said about one way of contact for one purpose."""

    id: UUID
    channel: str
    purpose: str
    answer: str
    how: str
    said_on: date
    remark: str
    recorded_at: datetime
    by: str


class NewConsent(Input):
    """What a patient says about one way of contact for one purpose."""

    id: UUID
    patient_id: UUID
    channel: str
    purpose: str
    answer: str
    how: str = "spoken"
    said_on: date | None = None
    remark: Line = ""


class Crop(Input):
    """A square of a picture, in parts of its shorter side: centre from 0 to 1, side up to 1."""

    x: float = 0.5
    y: float = 0.5
    side: float = 1.0

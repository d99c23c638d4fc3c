"""What goes into the services of patients and what comes out."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from clinic_desktop.domain.names import full_name
from clinic_desktop.services.schemas import Input, Line, Row, Text


class Place(NamedTuple):
    """Where a page ended, so that the next one begins behind it.

    ``walk`` counts which of the typed words was walked along; -1 for a list in order of names.
    """

    walk: int
    word: str
    sort_key: str
    patient_id: UUID


class PatientRow(NamedTuple):
    """One line of the list; a tuple, because a page of them is built for each key typed.

    ``balance`` (minor units) is None for somebody who may not see accounts; ``alerts`` is None
    when nobody has asked about them yet. ``sounds_like`` marks a find that is only similar;
    ``formerly`` is the number that was searched, of a record merged into this one.
    """

    id: UUID
    number: str
    given: str
    family: str
    other_name: str
    born: date | None
    born_estimated: bool
    phone: str
    guardian: str
    status: str
    version: int
    next_visit: datetime | None
    visit_status: str | None
    last_visit: datetime | None
    balance: int | None
    alerts: int | None
    severity: str | None
    place: Place
    sounds_like: bool = False
    formerly: str = ""
    tags: tuple[UUID, ...] = ()

    @property
    def name(self) -> str:
        """The name as it is said."""
        return full_name(self.given, self.family)


class AlertRow(Row):
    """An alert in force; ``severity`` is stop, caution or context."""

    id: UUID
    version: int
    kind: str
    severity: str
    text: str
    substance: str
    noted_on: date


class Visit(Row):
    """An appointment of the patient in few words."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    provider: str
    chair: str | None
    treatments: tuple[str, ...] = ()
    colour: str | None = None
    remark: str = ""
    moved_from: datetime | None = None
    """When the one was that it stands for: moved to this time, missed or cancelled."""


class Relative(Row):
    """Somebody of the same household; ``balance`` in minor units, None without the right."""

    id: UUID
    given: str
    family: str
    born: date | None
    born_estimated: bool
    status: str
    guardian_id: UUID | None
    balance: int | None

    @property
    def name(self) -> str:
        """The name as it is said."""
        return full_name(self.given, self.family)


class PatientFields(Row):
    """What stands on the contact form."""

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
    deceased_on: date | None
    sticky_note: str
    species: str = "human"

    @property
    def name(self) -> str:
        """The name as it is said."""
        return full_name(self.given, self.family)


class PatientCard(PatientFields):
    """A record as it is opened: the person, the alerts, the visits before and after, the money.

    ``today`` is the visit that is open or done today, ``next_visit`` the first one on a later
    day. ``balance`` in minor units is None for somebody who may not see accounts.
    """

    id: UUID
    version: int
    number: str
    created_at: datetime
    tags: tuple[UUID, ...]
    photo_id: UUID | None
    household_id: UUID | None
    guardian_id: UUID | None
    guardian: str | None
    payer_id: UUID | None
    alerts: tuple[AlertRow, ...]
    alerts_reviewed_at: datetime | None
    alerts_reviewed_by: str | None
    today: Visit | None
    next_visit: datetime | None
    last_visit: datetime | None
    balance: int | None

    @property
    def asked(self) -> bool:
        """Whether anybody has ever asked about alerts."""
        return bool(self.alerts) or self.alerts_reviewed_at is not None


class Overview(Row):
    """What the first tab adds to the card: visits to come and last done, and the family."""

    visits: tuple[Visit, ...]
    relatives: tuple[Relative, ...]


class NewPatient(Input):
    """A person to be registered; ``id`` is made when the form opens, so a second Enter is one act.

    ``family`` is empty for one name. ``phone`` is as typed; without one ``no_phone_reason`` says
    why. ``same_family_as`` puts the new patient into that patient's household.
    """

    id: UUID
    given: Line
    family: Line = ""
    other_name: Line = ""
    sex: str = "unknown"
    species: str = "human"
    born: date | None = None
    born_estimated: bool = False
    phone: Line = ""
    no_phone_reason: Line = ""
    email: Line = ""
    language: str = ""
    guardian_id: UUID | None = None
    same_family_as: UUID | None = None


class PatientChange(Input):
    """Fields to change of the record as it was read at ``version``; unset ones stay."""

    id: UUID
    version: int
    given: Line | None = None
    family: Line | None = None
    other_name: Line | None = None
    sex: str | None = None
    species: str | None = None
    born: date | None = None
    born_estimated: bool | None = None
    phone: Line | None = None
    no_phone_reason: Line | None = None
    email: Line | None = None
    address: Text | None = None
    city: Line | None = None
    postcode: Line | None = None
    country: Line | None = None
    language: str | None = None
    prefers: str | None = None
    status: str | None = None
    deceased_on: date | None = None
    sticky_note: Text | None = None


class Registered(Row):
    """A record that is there now; ``again`` when the same act had made it before."""

    id: UUID
    number: str
    name: str
    again: bool


class Saved(Row):
    """Who saved a record last, when and where."""

    at: datetime
    by: str
    device: str | None


class DuplicateDraft(Input):
    """What stands in a form so far, to be compared with the records; ``id`` is left out."""

    id: UUID | None = None
    given: Line = ""
    family: Line = ""
    other_name: Line = ""
    born: date | None = None
    born_estimated: bool = False
    phone: Line = ""
    email: Line = ""


class Duplicate(Row):
    """A record that may be the same person; ``reasons`` are words of ``duplicates.REASONS``."""

    id: UUID
    number: str
    given: str
    family: str
    born: date | None
    born_estimated: bool
    phone: str
    status: str
    household_id: UUID | None
    score: int
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name as it is said."""
        return full_name(self.given, self.family)


class PairSide(Row):
    """One of two records that may be one person."""

    id: UUID
    number: str
    name: str
    born: date | None
    born_estimated: bool
    phone: str
    status: str


class DuplicatePair(Row):
    """Two records that may be one person, with the reasons; ``score`` is at most 100."""

    first: PairSide
    second: PairSide
    score: int
    reasons: tuple[str, ...]

    @property
    def key(self) -> tuple[UUID, UUID]:
        """What tells the pair from others, whichever way it was found."""
        return self.first.id, self.second.id


class PairPlace(Row):
    """Where the next step of the report begins: by which key, and behind which value."""

    block: str
    after: str


class PairPage(Row):
    """What one step found; ``next`` is None when everything was compared."""

    pairs: tuple[DuplicatePair, ...]
    skipped: int
    next: PairPlace | None


class NewAlert(Input):
    """Something to be seen before the patient is touched, or that nothing is known."""

    id: UUID
    patient_id: UUID
    kind: str
    severity: str = "caution"
    text: Line = ""
    substance: Line = ""
    noted_on: date | None = None

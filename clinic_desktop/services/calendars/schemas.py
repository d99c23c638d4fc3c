"""Calendars in and out: what a file was found to hold, what bringing it in would change."""

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from clinic_desktop.domain.calendars.repeats import Rule
from clinic_desktop.i18n import N_
from clinic_desktop.services.schemas import Input, Line, Row
from clinic_desktop.services.working_time.schemas import Stranded


class Shown(StrEnum):
    """What a feed tells of an appointment, from least to most."""

    BUSY = "busy"
    TREATMENT = "treatment"
    NAMES = "names"


SHOWN_WORDS: Final = {
    Shown.BUSY: N_("Only that the time is taken"),
    Shown.TREATMENT: N_("The treatment, no names"),
    Shown.NAMES: N_("Names of patients and treatment"),
}


class FeedRules(Row):
    """What the clinic lets its feeds tell; ``version`` is 0 while the default stands."""

    version: int = 0
    shown: Shown = Shown.BUSY


class FeedRuleValues(Input):
    """What a person chooses of it."""

    shown: Shown = Shown.BUSY


class Feed(Row):
    """A provider's feed as it was written."""

    provider_id: UUID
    provider: str
    file_name: str
    events: int
    content: bytes
    names: int = 0
    """Of how many patients it tells the name."""


# -- a file as it was read ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read; lines count from 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class When:
    """A time as an event tells it: naive, on the clocks of a zone, or floating without one."""

    local: datetime
    zone: tzinfo | None = None
    whole_day: bool = False

    def instant(self, usual: ZoneInfo) -> datetime:
        """Return the instant; whole days and floating times are the clinic's own."""
        return self.local.replace(tzinfo=self.zone or usual)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a file; ``line`` is where it begins there."""

    line: int
    uid: str
    starts: When
    ends: When | None
    seconds: int | None
    """How long it lasts, where it tells that in place of its end."""
    rule: Rule | None = None
    more: tuple[When, ...] = ()
    not_at: tuple[When, ...] = ()
    in_place_of: When | None = None
    """The time of a series in whose place this one stands."""
    title: str = ""
    cancelled: bool = False
    free: bool = False
    sequence: int = 0
    certain: bool = True
    """Whether all that says when it is could be read."""


@dataclass(slots=True)
class LeftOut:
    """How many events say nothing of the time that was asked for, by why."""

    elsewhen: int = 0
    free: int = 0
    cancelled: int = 0
    no_time: int = 0


@dataclass(slots=True)
class CalendarFile:
    """What a calendar file holds that matters from one day to another."""

    name: str = ""
    events: list[Event] = field(default_factory=list)
    count: int = 0
    """How many events the file has."""
    left_out: LeftOut = field(default_factory=LeftOut)
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    """Problems beyond those that are named."""
    unread: set[str] = field(default_factory=set)
    """Uids of events that could not be read: what is stored of them stays."""
    whole: bool = True
    """Whether the file has its end."""
    all_cancelled: bool = False


# -- busy times ---------------------------------------------------------------------------------


class BusyBlock(Row):
    """A time at which a provider is busy elsewhere, in the clinic's own time."""

    uid: str
    starts: datetime
    ends: datetime
    title: str = ""
    whole_day: bool = False
    line: int = 0


class BusyWanted(Input):
    """Which file is brought in, for whom, from which day to which, and whether titles are kept."""

    path: str
    provider_id: UUID
    first: date
    last: date
    titles: bool = False


class BusyPlan(Row):
    """What was read of a calendar for a provider, ready to be stored.

    ``source`` is the calendar's name; ``unread`` are uids that stay as they are stored, and
    unless ``whole`` nothing goes that the file does not hold.
    """

    provider_id: UUID
    source: str
    first: date
    last: date
    blocks: tuple[BusyBlock, ...]
    unread: frozenset[str] = frozenset()
    whole: bool = True
    titles: bool = False
    taken: frozenset[str] = frozenset()
    """Uids of those changed here of which the calendar's time is taken all the same."""


class HandChange(Row):
    """A busy time that somebody here changed after it was brought in: it stays as it is."""

    uid: str
    who: str
    here: BusyBlock
    there: BusyBlock | None
    """As the calendar has it; None where it is gone there."""
    removed: bool = False
    """Whether it was taken away here."""


class BusyPreview(Row):
    """What bringing a calendar in would change."""

    plan: BusyPlan
    seen_before: bool
    """Whether this calendar of this provider was brought in before."""
    count: int
    left_out: LeftOut
    new: tuple[BusyBlock, ...]
    changed: tuple[BusyBlock, ...]
    same: int
    gone: int
    kept: tuple[HandChange, ...]
    """What was changed here by hand, and stays unless ``BusyPlan.taken`` says otherwise."""
    problems: tuple[Problem, ...]
    more_problems: int
    stranded: tuple[Stranded, ...]


class TakenIn(Row):
    """What bringing a calendar in changed, so that it can be taken back."""

    source: str
    provider_id: UUID
    added: tuple[UUID, ...] = ()
    changed: tuple[tuple[UUID, int, dict[str, object]], ...] = ()
    """Id, version afterwards, and what stood there before."""
    removed: tuple[tuple[UUID, int], ...] = ()


class BusyCalendar(Row):
    """A calendar whose busy times stand in a provider's time."""

    provider_id: UUID
    provider: str
    source: str
    count: int
    until: datetime
    brought_at: datetime


# -- holidays -----------------------------------------------------------------------------------


class HolidayRules(Input):
    """Which holidays of the library are wanted: country and region as ISO 3166 writes them."""

    country: Annotated[str, Field(min_length=2, max_length=2)]
    region: Annotated[str, Field(max_length=20)] = ""
    first_year: Annotated[int, Field(ge=1950, le=2100)]
    last_year: Annotated[int, Field(ge=1950, le=2100)]


class FoundHoliday(Row):
    """A holiday that a file or the rules name; ``there`` where the clinic is closed by one."""

    day: date
    name: Line
    there: bool = False


class HolidayPreview(Row):
    """The holidays found, in order, and whose bookings stand on those that are new."""

    rows: tuple[FoundHoliday, ...]
    stranded: tuple[Stranded, ...]
    problems: tuple[Problem, ...] = ()
    more_problems: int = 0
    timed: int = 0
    """Events of a file that do not last whole days, and so are no holidays."""

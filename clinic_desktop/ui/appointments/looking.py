"""What is looked for in the calendar, and the question it becomes."""

from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Final
from uuid import UUID

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments import slots
from clinic_desktop.services.appointments.schemas import PlannedTreatment
from clinic_desktop.services.appointments.slot_schemas import FreeSlot, NextVisit, SlotSearch
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import PlannedWork
from clinic_desktop.ui.intent import BookingIntent

USUAL_MINUTES: Final = 30
PAGE: Final = 9
_NOON: Final = time(12)
_BEFORE_NOON: Final = time(11, 59)
_WITHIN: Final = 14


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody looks for. ``minutes`` None is what the work takes."""

    first_day: date
    intent: BookingIntent = field(default_factory=BookingIntent)
    treatment_id: UUID | None = None
    minutes: int | None = None
    provider_id: UUID | None = None
    part: str = ""
    """``morning``, ``afternoon`` or any."""
    weekdays: frozenset[int] = frozenset()
    weeks: int = 8
    visits: int = 1
    between: int = 14
    """Days from one visit to the next, at least."""
    later_minutes: int | None = None
    """How long the visits after the first are, the same where None."""
    skip: int = 0
    limit: int = PAGE

    def page(self, skip: int, limit: int) -> "Ask":
        """Return the same question about another part of the answers."""
        return replace(self, skip=skip, limit=limit)


@dataclass(frozen=True, slots=True)
class Looked:
    """Free times, how long the work takes, and the work as it is booked."""

    slots: tuple[FreeSlot, ...]
    minutes: int
    planned: tuple[PlannedTreatment, ...]
    treatment_ids: tuple[UUID, ...]
    words: str
    """The work in words, where it is planned."""


def look(ctx: Context, ask: Ask) -> Looked:
    """Return free times for a wish; planned work that is not there any more is left out."""
    intent = ask.intent
    work: tuple[PlannedWork, ...] = ()
    if intent.planned and intent.patient_id is not None:
        wanted = set(intent.planned)
        found = to_book.planned_of(ctx, intent.patient_id)
        work = tuple(one for one in found if one.item_id in wanted)
    chosen = (ask.treatment_id,) if ask.treatment_id is not None else intent.treatment_ids
    planned = tuple(one.planned for one in work)
    search, minutes = _search(ctx, ask, (*(one.treatment_id for one in work), *chosen))
    return Looked(
        slots.free_slots(ctx, search),
        minutes,
        planned,
        chosen,
        ", ".join(one.words for one in work),
    )


def _search(ctx: Context, ask: Ask, treatments: tuple[UUID, ...]) -> tuple[SlotSearch, int]:
    needs = appointments.needs_of(ctx, treatments) if treatments else None
    minutes = ask.minutes or ask.intent.minutes or (needs.minutes if needs else USUAL_MINUTES)
    assist = needs.assist if needs is not None and minutes >= needs.minutes else ""
    later = NextVisit(
        minutes=ask.later_minutes or minutes,
        assist=assist if not ask.later_minutes else "",
        after_days=ask.between,
        within_days=_WITHIN,
    )
    search = SlotSearch(
        minutes=minutes,
        assist=assist,
        provider_id=ask.provider_id,
        skills=needs.skills if needs is not None else frozenset(),
        equipment=needs.equipment if needs is not None else frozenset(),
        first_day=ask.first_day,
        days=ask.weeks * 7,
        weekdays=ask.weekdays,
        not_before=_NOON if ask.part == "afternoon" else None,
        not_after=_BEFORE_NOON if ask.part == "morning" else None,
        then=(later,) * (ask.visits - 1),
        apart=True,
        skip=ask.skip,
        limit=ask.limit,
    )
    return search, minutes


def free_days_of(ctx: Context, ask: Ask, first: date, days: int) -> frozenset[date]:
    """Return the days from ``first`` on that have a free time for a wish."""
    intent = ask.intent
    treatments = (ask.treatment_id,) if ask.treatment_id is not None else intent.treatment_ids
    if intent.planned and intent.patient_id is not None:
        wanted = set(intent.planned)
        found = to_book.planned_of(ctx, intent.patient_id)
        treatments += tuple(one.treatment_id for one in found if one.item_id in wanted)
    search, _minutes = _search(ctx, ask, treatments)
    return slots.free_days(ctx, search.model_copy(update={"first_day": first, "days": days}))

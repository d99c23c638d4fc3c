"""Free time: the nearest start on a day, and the next ones over weeks."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple
from uuid import UUID

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.schedule import Span, free_starts, nearest, subtract
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import queries
from clinic_desktop.services.appointments.schemas import DaySheet, FreeSlot, SlotSearch
from clinic_desktop.services.appointments.sheets import Rooms, Worker, staff_and_rooms, working_on
from clinic_desktop.services.context import Context

_LONGEST: Final = timedelta(hours=24)
# So many days are read at once: the first answers come from the first of them.
_STRETCH: Final = 7


# -- on a day that is already read ------------------------------------------------------------


def free_of(
    sheet: DaySheet, provider_id: UUID, chair_id: UUID | None, *, but: UUID | None = None
) -> list[Span]:
    """Return when a provider works and neither they nor the chair are taken.

    ``but`` is an appointment that does not count, because it is the one being moved.
    """
    column = next((one for one in sheet.columns if one.provider_id == provider_id), None)
    if column is None:
        return []
    local_day = sheet.local_day
    taken = [
        visit.span(local_day)
        for visit in sheet.visits
        if visit.id != but
        and (
            (visit.provider_id == provider_id and visit.blocks_provider)
            or (chair_id is not None and visit.chair_id == chair_id and visit.blocks_chair)
        )
    ]
    return subtract(column.working, taken)


def nearest_free(
    sheet: DaySheet,
    *,
    provider_id: UUID,
    chair_id: UUID | None,
    wanted: int,
    minutes: int,
    but: UUID | None = None,
) -> int | None:
    """Return the free start nearest to the wanted minute of the day, not before now."""
    starts = free_starts(
        free_of(sheet, provider_id, chair_id, but=but),
        length=minutes,
        step=sheet.slot_minutes,
        earliest=sheet.local_day.minute_of(sheet.now),
    )
    return nearest(starts, wanted)


# -- over weeks -------------------------------------------------------------------------------


def free_slots(ctx: Context, search: SlotSearch) -> tuple[FreeSlot, ...]:
    """Return the first free times in order, one for each provider and start.

    A provider's own chair is taken where it is free, otherwise the first free one.
    """
    ctx.need(Permission.SCHEDULE_READ)
    if (
        search.not_before is not None
        and search.not_after is not None
        and search.not_before > search.not_after
    ):
        raise InvalidError(_("The earliest time lies after the latest."), field="not_after")
    rooms = staff_and_rooms(ctx)
    found = (
        slot
        for first in range(0, search.days, _STRETCH)
        for slot in _Stretch(ctx, search, rooms, first).slots()
    )
    return tuple(islice(found, search.limit))


class _Taken(NamedTuple):
    """What occupies time, as the statement gives it."""

    provider_id: UUID
    chair_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    squeeze_reason: str


class _Stretch:
    """A few days of all providers and chairs, read with one statement."""

    def __init__(self, ctx: Context, search: SlotSearch, rooms: Rooms, first: int) -> None:
        self._ctx = ctx
        self._search = search
        self._workers = [
            worker
            for worker in rooms.workers
            if worker.active and search.provider_id in (None, worker.provider_id)
        ]
        self._chairs = {chair.chair_id: chair.name for chair in rooms.in_use}
        day = search.first_day + timedelta(days=first)
        count = min(_STRETCH, search.days - first)
        self._days = [LocalDay(day + timedelta(days=one), ctx.zone) for one in range(count)]
        start, end = self._days[0].start, self._days[-1].end
        found = queries.TAKEN.all(
            ctx.connection, clinic=ctx.clinic_id, since=start - _LONGEST, start=start, end=end
        )
        self._taken = tuple(map(_Taken._make, found))

    def slots(self) -> Iterator[FreeSlot]:
        """Yield the free times of these days in order."""
        for day in self._days:
            yield from self._on(day)

    def _on(self, day: LocalDay) -> list[FreeSlot]:
        providers: dict[UUID, list[Span]] = {}
        chairs: dict[UUID, list[Span]] = {}
        for row in self._taken:
            if row.ends_at <= day.start or row.starts_at >= day.end:
                continue
            span = Span(day.minute_of(row.starts_at), day.minute_of(row.ends_at))
            if not row.squeeze_reason:
                providers.setdefault(row.provider_id, []).append(span)
            if row.chair_id is not None:
                chairs.setdefault(row.chair_id, []).append(span)
        found = []
        for worker in self._workers:
            working, _pauses = working_on(worker.hours.get(day.day.weekday(), []), day)
            free = subtract(working, providers.get(worker.provider_id, ()))
            for start in self._starts(day, free):
                slot = self._slot(day, worker, start, free, chairs)
                if slot is not None:
                    found.append(slot)
        return sorted(found, key=lambda slot: slot.starts_at)

    def _starts(self, day: LocalDay, free: Iterable[Span]) -> Iterator[int]:
        search = self._search
        starts = free_starts(
            free,
            length=search.minutes,
            step=self._ctx.who.slot_minutes,
            earliest=max(0, day.minute_of(self._ctx.now)),
        )
        for start in starts:
            local = day.local_at(start).time()
            if search.not_before is not None and local < search.not_before:
                continue
            if search.not_after is not None and local > search.not_after:
                continue
            yield start

    def _slot(
        self,
        day: LocalDay,
        worker: Worker,
        start: int,
        free: list[Span],
        chairs: dict[UUID, list[Span]],
    ) -> FreeSlot | None:
        wanted = Span(start, start + self._search.minutes)
        own = worker.chair_id
        order = [own, *self._chairs] if own is not None and own in self._chairs else [*self._chairs]
        idle = (
            one for one in order if not any(taken.overlaps(wanted) for taken in chairs.get(one, ()))
        )
        chair: UUID | None = next(idle, None)
        if chair is None and self._chairs:
            return None
        gap = next(span for span in free if span.contains(wanted))
        return FreeSlot(
            provider_id=worker.provider_id,
            provider=worker.short_name,
            chair_id=chair,
            chair=self._chairs[chair] if chair is not None else "",
            starts_at=day.instant_at(start),
            local_start=day.local_at(start),
            second_hour=day.is_second(start),
            minutes=self._search.minutes,
            free_minutes=gap.end - start,
        )

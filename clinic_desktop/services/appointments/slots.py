"""Free time: the nearest start on a day, and the next ones over weeks."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from clinic_desktop.domain.assist import own_minutes, read_assist, within, write_assist
from clinic_desktop.domain.free_time import Starts, allowed_starts, gaps
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.schedule import Span, common, free_starts, nearest, subtract
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.sheet_schemas import DaySheet
from clinic_desktop.services.appointments.sheets import Worker
from clinic_desktop.services.appointments.slot_schemas import FreeSlot, SlotSearch
from clinic_desktop.services.appointments.taken import DayTaken, TakenDays
from clinic_desktop.services.context import Context

# -- on a day that is already read ------------------------------------------------------------


def free_of(
    sheet: DaySheet, provider_id: UUID, chair_id: UUID | None, *, but: UUID | None = None
) -> list[Span]:
    """Return when a provider works, the chair is in use, and neither is taken.

    ``but`` is an appointment that does not count, because it is the one being moved.
    """
    column = next((one for one in sheet.columns if one.provider_id == provider_id), None)
    if column is None:
        return []
    day = sheet.local_day
    others = [visit for visit in sheet.visits if visit.id != but]
    taken = [
        span
        for visit in others
        if visit.provider_id == provider_id and visit.blocks_provider
        for span in visit.own_spans(day)
    ]
    working = list(column.working)
    if chair_id is not None:
        taken += [v.span(day) for v in others if v.chair_id == chair_id and v.blocks_chair]
        chair = next((one for one in sheet.chairs if one.chair_id == chair_id), None)
        if chair is not None and chair.working is not None:
            working = common(working, chair.working)
    return subtract(working, taken)


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

    A provider's own chair is taken where it is free, otherwise the first free one. Visits that
    follow stand in ``then`` of each answer, the earliest that keep their distance.
    """
    ctx.need(Permission.SCHEDULE_READ)
    if (
        search.not_before is not None
        and search.not_after is not None
        and search.not_before > search.not_after
    ):
        raise InvalidError(_("The earliest time lies after the latest."), field="not_after")
    found = _Finder(ctx, search).found()
    return tuple(islice(found, search.skip, search.skip + search.limit))


def free_days(ctx: Context, search: SlotSearch) -> frozenset[date]:
    """Return the days of the search on which there is a free time; later visits do not count."""
    ctx.need(Permission.SCHEDULE_READ)
    return frozenset(_Finder(ctx, search.model_copy(update={"then": ()})).days())


class _Wanted:
    """One visit that is looked for: its length, and the minutes that are the provider's own."""

    def __init__(self, minutes: int, assist: str) -> None:
        self.minutes = minutes
        cut = write_assist(within(read_assist(assist), minutes))
        self.own = [(one.start, one.end) for one in own_minutes(Span(0, minutes), cut)]
        if not self.own:
            raise InvalidError(
                _("The provider has no minutes of their own in this appointment."), field="assist"
            )


class _Finder:
    """One search: it reads days as it comes to them."""

    def __init__(self, ctx: Context, search: SlotSearch) -> None:
        self._ctx, self._search = ctx, search
        self._first = _Wanted(search.minutes, search.assist)
        self._then = [(one, _Wanted(one.minutes, one.assist)) for one in search.then]
        ahead = sum(one.after_days + one.within_days for one in search.then)
        self._days = TakenDays(ctx, search.first_day, search.days + ahead)
        self._step = ctx.who.slot_minutes
        self._part = search.not_before is not None or search.not_after is not None

    def found(self) -> Iterator[FreeSlot]:
        """Yield the answers in order."""
        for number in range(self._search.days):
            answers = list(self._on(number, self._first, self._search.provider_id))
            for slot in sorted(answers, key=lambda one: one.starts_at):
                if not self._then:
                    yield slot
                    continue
                rest = self._following(number, slot, 0)
                if rest is not None:
                    yield slot.followed_by(rest)

    def days(self) -> Iterator[date]:
        """Yield the days that have an answer, each looked at no further than its first one."""
        for number in range(self._search.days):
            answers = self._on(number, self._first, self._search.provider_id)
            if next(answers, None) is not None:
                yield self._search.first_day + timedelta(days=number)

    def _following(self, number: int, slot: FreeSlot, place: int) -> tuple[FreeSlot, ...] | None:
        """Return the visits after this one, each as early as it may be, or None."""
        if place == len(self._then):
            return ()
        visit, wanted = self._then[place]
        provider = slot.provider_id if visit.same_provider else None
        first = number + visit.after_days
        for later in range(first, first + visit.within_days + 1):
            answers = list(self._on(later, wanted, provider))
            for one in sorted(answers, key=lambda one: one.starts_at):
                rest = self._following(later, one, place + 1)
                if rest is not None:
                    return (one, *rest)
        return None

    def _on(self, number: int, wanted: _Wanted, provider_id: UUID | None) -> Iterator[FreeSlot]:
        search = self._search
        weekday = (search.first_day + timedelta(days=number)).weekday()
        if search.weekdays and weekday not in search.weekdays:
            return
        taken = self._days.on(number)
        if taken is None:
            return
        day = taken.day
        earliest = max(0, day.minute_of(self._ctx.now))
        for worker in self._days.workers:
            if provider_id is not None and worker.provider_id != provider_id:
                continue
            if search.skills and not search.skills <= self._days.skills(worker.provider_id):
                continue
            working = taken.working(worker.provider_id)
            if not working:
                continue
            busy = taken.providers.get(worker.provider_id, [])
            for ranges in allowed_starts(working, gaps(working, busy), wanted.own, wanted.minutes):
                yield from self._starts(taken, worker, wanted, ranges, earliest)

    def _starts(
        self, taken: DayTaken, worker: Worker, wanted: _Wanted, ranges: Starts, earliest: int
    ) -> Iterator[FreeSlot]:
        day, step = taken.day, self._step
        first = -(-max(ranges[0], earliest) // step) * step
        free_again = 0
        for start in range(first, ranges[1] + 1, step):
            if self._search.apart and start < free_again:
                continue
            if self._part and not self._in_part(day, start):
                continue
            chair = self._chair(taken, worker, start, start + wanted.minutes)
            if chair is None and self._days.chairs:
                continue
            free_again = start + wanted.minutes
            yield FreeSlot(
                provider_id=worker.provider_id,
                provider=worker.short_name,
                chair_id=chair,
                chair=self._days.chairs[chair] if chair is not None else "",
                starts_at=day.instant_at(start),
                local_start=day.local_at(start),
                second_hour=day.is_second(start),
                minutes=wanted.minutes,
                free_minutes=taken.free_until(worker.provider_id, start + wanted.minutes) - start,
            )

    def _in_part(self, day: LocalDay, start: int) -> bool:
        local, search = day.local_at(start).time(), self._search
        return (search.not_before is None or local >= search.not_before) and (
            search.not_after is None or local <= search.not_after
        )

    def _chair(self, taken: DayTaken, worker: Worker, start: int, end: int) -> UUID | None:
        own = worker.chair_id
        if own is not None and self._suits(own) and taken.chair_is_free(own, start, end):
            return own
        return next(
            (
                one
                for one in self._days.chairs
                if one != own and self._suits(one) and taken.chair_is_free(one, start, end)
            ),
            None,
        )

    def _suits(self, chair_id: UUID) -> bool:
        return chair_id in self._days.chairs and (
            not self._search.equipment or self._search.equipment <= self._days.equipment(chair_id)
        )

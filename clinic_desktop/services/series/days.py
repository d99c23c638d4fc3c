"""The days of a series: hours, and who is there, read for all of them at once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import Span, common
from clinic_desktop.domain.visit_status import NOT_BLOCKING
from clinic_desktop.domain.working_time import DayTime
from clinic_desktop.services.appointments.sheets import Worker, staff_and_rooms
from clinic_desktop.services.context import Context

# So many days behind a closed one another worked day is looked for: a clinic's long holiday.
NEXT_DAYS: Final = 21

_THERE: Final = text(
    """
    SELECT a.id, a.provider_id, a.chair_id, a.patient_id, a.starts_at,
           CASE WHEN a.status = 'done' AND a.done_at IS NOT NULL
                THEN greatest(a.starts_at, least(a.ends_at, a.done_at)) ELSE a.ends_at END,
           a.local_start, a.assist, a.squeeze_reason <> '', btrim(p.given || ' ' || p.family),
           s.short_name
    FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS d (starts, ends)
    JOIN appointment a ON a.clinic_id = :clinic AND a.starts_at > d.starts - interval '24 hours'
         AND a.starts_at < d.ends AND a.ends_at > d.starts
    JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
    JOIN provider s ON s.clinic_id = a.clinic_id AND s.id = a.provider_id
    WHERE a.deleted_at IS NULL AND a.status <> ALL (CAST(:free AS text[]))
      AND (a.provider_id = ANY (CAST(:providers AS uuid[]))
           OR a.chair_id = ANY (CAST(:chairs AS uuid[])) OR a.patient_id = :patient)
    ORDER BY a.starts_at, a.id
    """
)


class Visit(NamedTuple):
    """An appointment that is there, as far as others have to heed it."""

    id: UUID
    provider_id: UUID
    chair_id: UUID | None
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    assist: str
    squeezed: bool
    patient: str
    provider: str

    def span(self, day: LocalDay) -> Span:
        """Return when it takes its chair, in minutes of a day."""
        return Span(day.minute_of(self.starts_at), day.minute_of(self.ends_at))

    def own_spans(self, day: LocalDay) -> Sequence[Span]:
        """Return when it takes its provider, who may be double-booked for it."""
        if self.squeezed:
            return ()
        whole = self.span(day)
        return own_minutes(whole, self.assist) if self.assist else (whole,)


class Days:
    """Hours of a stretch of days, and the appointments on those that were asked for."""

    def __init__(self, ctx: Context, first: date, last: date) -> None:
        self._ctx = ctx
        bounds = [LocalDay(first, ctx.zone), LocalDay(last + timedelta(days=NEXT_DAYS), ctx.zone)]
        rooms = staff_and_rooms(ctx, bounds)
        self._hours = rooms.hours
        self.workers: dict[UUID, Worker] = {one.provider_id: one for one in rooms.workers}
        self.chairs: dict[UUID, str] = rooms.in_use
        self._there: list[Visit] = []
        self._by_day: dict[date, list[Visit]] = {}

    def local_day(self, day: date) -> LocalDay:
        """Return a day in the clinic's own time."""
        return LocalDay(day, self._ctx.zone)

    def worked(self, provider_id: UUID, day: date) -> DayTime:
        """Return when a provider works on a day."""
        return self._hours.provider_on(provider_id, self.local_day(day))

    def working(self, provider_id: UUID, chair_id: UUID | None, day: date) -> list[Span]:
        """Return when a provider works and the chair, if any, is in use."""
        spans = list(self.worked(provider_id, day).working)
        if chair_id is not None and chair_id in self._hours.chairs:
            spans = common(spans, self._hours.chair_on(chair_id, self.local_day(day)).working)
        return spans

    def next_worked(self, provider_id: UUID, after: datetime, minutes: int) -> date | None:
        """Return the next day on which a provider works at this time, else at any time."""
        some: date | None = None
        for number in range(1, NEXT_DAYS + 1):
            day = after.date() + timedelta(days=number)
            working = self.worked(provider_id, day).working
            if not working:
                continue
            start = self.local_day(day).minute_at(after.time())
            if any(one.contains(Span(start, start + minutes)) for one in working):
                return day
            some = some or day
        return some

    def read(
        self,
        days: Iterable[date],
        *,
        providers: Iterable[UUID],
        chairs: Iterable[UUID],
        patient_id: UUID,
    ) -> None:
        """Read who is there on these days: one statement, however many there are."""
        wanted = [self.local_day(one) for one in sorted(set(days))]
        rows = self._ctx.connection.execute(
            _THERE,
            {
                "clinic": self._ctx.clinic_id,
                "starts": [one.start for one in wanted],
                "ends": [one.end for one in wanted],
                "free": sorted(str(one) for one in NOT_BLOCKING),
                "providers": sorted(set(providers)),
                "chairs": sorted(set(chairs)),
                "patient": patient_id,
            },
        )
        self._by_day = {one.day: [] for one in wanted}
        there = dict.fromkeys(Visit(*row) for row in rows)
        for one in wanted:
            found = (v for v in there if v.starts_at < one.end and v.ends_at > one.start)
            self._by_day[one.day].extend(found)

    def there(self, day: date) -> list[Visit]:
        """Return the appointments that were read of a day."""
        return self._by_day.get(day, [])

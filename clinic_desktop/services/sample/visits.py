"""The sample clinic's calendar: who came, who did not, who sits in the chair now, who will come."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.services.sample.clinic import Service
from clinic_desktop.services.sample.people import Ids

OPENS, CLOSES, LUNCH = 8 * 60, 18 * 60, 60
A_DAY: Final = 15.6
"""Visits of a provider's full day, counted over many days of each kind of provider."""
PAST_DAYS, FUTURE_DAYS = 540, 30
FULL: Final = 0.85
FIRST_VISIT_DAYS: Final = 3 * 366
NEAR: Final = {
    -5: 0.6, -4: 0.65, -3: 0.7, -2: 0.7, -1: 0.75, 0: 0.85,
    1: 0.7, 2: 0.6, 3: 0.5, 4: 0.4, 5: 0.35,
}  # fmt: skip
_LATER: Final = 0.1

# Days from today: the clinic closes, a hygienist is away, and on these nobody is booked.
HOLIDAY: Final = 16
AWAY: Final = range(9, 12)
AWAY_KIND: Final = "hygienist"
# What each kind of provider does, with how often.
HABITS: Final = {
    "dentist": {
        "EXM-020": 30, "EXM-010": 8, "EXM-030": 6, "RST-020": 26, "RST-010": 3, "RST-080": 6,
        "END-050": 4, "END-060": 4, "SUR-010": 7, "GEN-120": 4,
    },
    "hygienist": {"PRV-010": 50, "PER-010": 25, "PER-040": 18, "PRV-030": 7},
    "specialist": {"ORT-050": 70, "ORT-010": 18, "ORT-060": 5},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """A provider with their chair, and the person behind them."""

    provider: UUID
    person: UUID | None
    chair: UUID
    kind: str
    lunch: int


@dataclass(frozen=True, slots=True)
class Regular:
    """What the calendar needs of a patient."""

    id: UUID
    born: date
    misses: float


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment; instants in UTC."""

    id: UUID
    patient: Regular
    seat: Seat
    starts: datetime
    minutes: int
    service: Service
    status: str
    arrived: datetime | None
    seated: datetime | None
    done: datetime | None
    reason: str

    @property
    def ends(self) -> datetime:
        """When it was booked to end."""
        return self.starts + timedelta(minutes=self.minutes)

    def row(self, zone: ZoneInfo) -> tuple[Any, ...]:
        """Return the columns of COLUMNS."""
        at = self.done or self.seated or self.arrived
        return (
            self.id,
            self.patient.id,
            self.seat.provider,
            self.seat.chair,
            self.starts,
            self.ends,
            self.starts.astimezone(zone).replace(tzinfo=None),
            zone.key,
            self.status,
            at,
            self.arrived,
            self.seated,
            self.done,
            self.reason,
        )


COLUMNS: Final = (
    "id", "patient_id", "provider_id", "chair_id", "starts_at", "ends_at", "local_start", "zone",
    "status", "status_at", "arrived_at", "seated_at", "done_at", "reason",
)  # fmt: skip


def away_of(seats: Sequence[Seat]) -> Seat | None:
    """Return who takes days off: the last of the first hygienists."""
    return next((one for one in seats[4:] if one.kind == AWAY_KIND), None)


class Calendar:
    """Fills the days around now, and sparsely those before, up to a number of visits."""

    def __init__(
        self,
        rng: random.Random,
        ids: Ids,
        *,
        now: datetime,
        zone: ZoneInfo,
        seats: Sequence[Seat],
        patients: Sequence[Regular],
        services: dict[str, Service],
    ) -> None:
        self._rng, self._ids, self._now, self._zone = rng, ids, now, zone
        self._seats, self._services = seats, services
        self._fitting: dict[tuple[str, int], dict[str, float]] = {}
        self._order = list(patients)
        rng.shuffle(self._order)
        self._next = 0
        local = now.astimezone(zone)
        self._today, self._minute = local.date(), local.hour * 60 + local.minute

    def visits(self, wanted: int) -> Iterator[Visit]:
        """Yield about that many visits, the oldest first."""
        full_day = len(self._seats) * A_DAY
        near = sum(self._fill(offset, 0.0) for offset in range(-5, FUTURE_DAYS)) * full_day
        # However much a small clinic has around now, its patients have been there before.
        rest = max(wanted - near, wanted / 2)
        days = max(PAST_DAYS, math.ceil(rest / (full_day * FULL)))
        old = min(FULL, rest / (days * full_day))
        for offset in range(-days, FUTURE_DAYS):
            away = self._away(offset)
            for seat in self._seats:
                if offset != HOLIDAY and seat is not away:
                    yield from self._day(seat, offset, self._fill(offset, old))

    def _away(self, offset: int) -> Seat | None:
        return away_of(self._seats) if offset in AWAY else None

    def _fill(self, offset: int, old: float) -> float:
        return NEAR.get(offset, _LATER if offset > 0 else old)

    def _day(self, seat: Seat, offset: int, fill: float) -> Iterator[Visit]:
        if fill == 0:
            return
        rng, day = self._rng, self._today + timedelta(days=offset)
        minute = OPENS + rng.choice((0, 0, 15, 30))
        while minute < CLOSES - 20:
            if seat.lunch <= minute < seat.lunch + LUNCH:
                minute = seat.lunch + LUNCH
            limit = seat.lunch if minute < seat.lunch else CLOSES
            service = self._service(seat, limit - minute)
            if service is None:
                minute = limit
                continue
            end, pause = minute + _length(service), rng.choice((0, 0, 0, 5, 15))
            # Whoever looks around finds people in the chairs, at whatever minute that is.
            if offset == 0 and end <= self._minute < limit:
                pause = 0
                if self._service(seat, limit - end) is None:
                    end = limit
            under_way = offset == 0 and minute <= self._minute < end
            if rng.random() < fill or under_way:
                yield self._visit(seat, day, minute, end - minute, service)
            minute = end + pause

    def _service(self, seat: Seat, room: int) -> Service | None:
        """Return something this provider does in so many minutes, as often as is their habit."""
        key = (seat.kind, room)
        if key not in self._fitting:
            self._fitting[key] = {
                code: weight
                for code, weight in HABITS[seat.kind].items()
                if _length(self._services[code]) <= room
            }
        fitting = self._fitting[key]
        if not fitting:
            return None
        code = self._rng.choices(list(fitting), weights=list(fitting.values()))[0]
        return self._services[code]

    def _patient(self, day: date) -> Regular:
        # Everybody in turn: the visits of one patient are months apart, as recalls are. Whoever
        # has not all milk teeth on that day, or is not born yet, is passed over.
        for _turn in self._order:
            patient = self._order[self._next]
            self._next = (self._next + 1) % len(self._order)
            if (day - patient.born).days >= FIRST_VISIT_DAYS:
                break
        return patient

    def _visit(self, seat: Seat, day: date, minute: int, length: int, service: Service) -> Visit:
        local = datetime.combine(day, time(minute // 60, minute % 60), self._zone)
        starts = local.astimezone(UTC)
        patient = self._patient(day)
        status, arrived, seated, done = self._course(patient, starts, length)
        reason = (
            self._rng.choice(("Unwell", "No time", "Moved away")) if status == "cancelled" else ""
        )
        return Visit(
            self._ids.new(), patient, seat, starts, length, service, status, arrived, seated, done,
            reason,
        )  # fmt: skip

    def _course(
        self, patient: Regular, starts: datetime, length: int
    ) -> tuple[str, datetime | None, datetime | None, datetime | None]:
        """Return status, and when the patient arrived, was seated and was done."""
        rng, now = self._rng, self._now
        arrived = starts - _minutes(rng.randint(2, 14))
        seated = starts + _minutes(rng.randint(0, 6))
        ends = starts + _minutes(length)
        if ends <= now:
            if rng.random() < patient.misses:
                return "missed", None, None, None
            if rng.random() < 0.03:
                return "cancelled", None, None, None
            return "done", arrived, seated, min(now, ends - _minutes(rng.randint(0, 5)))
        if starts <= now:
            return "in_chair", arrived, min(seated, now), None
        if starts <= now + _minutes(25) and arrived <= now:
            return "arrived", arrived, None, None
        if rng.random() < 0.04 and starts > now + timedelta(hours=4):
            return "cancelled", None, None, None
        soon = starts < now + timedelta(hours=30)
        return (
            ("confirmed" if rng.random() < (0.75 if soon else 0.4) else "pending"),
            None,
            None,
            None,
        )


def _length(service: Service) -> int:
    """Return the minutes a service is booked for, in steps of five."""
    return 5 * math.ceil(service.minutes / 5)


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)

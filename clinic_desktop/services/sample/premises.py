"""Where the sample clinic works and when: chairs, providers, hours and the days off."""

import itertools
import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any
from uuid import UUID

from clinic_desktop.services.sample import visits
from clinic_desktop.services.sample.clinic import STAFF
from clinic_desktop.services.sample.people import Ids
from clinic_desktop.services.sample.store import Store
from clinic_desktop.services.sample.visits import Seat


def store_seats(
    store: Store, new: Ids, *, visits_wanted: int, persons: Mapping[str, UUID], today: date
) -> list[Seat]:
    """Make providers and chairs, as many as the visits need; ``persons`` by their logins."""
    columns = [member for member in STAFF if member.column]
    wanted = max(len(columns), math.ceil(visits_wanted / (visits.A_DAY * 900)))
    seats, chair_rows, provider_rows, hour_rows = [], [], [], []
    for index, member in zip(range(wanted), itertools.cycle(columns), strict=False):
        first = index < len(columns)
        person = persons.get(member.login) if first else None
        chair, provider = new.new(), new.new()
        lunch = (12 * 60, 12 * 60 + 30, 13 * 60)[index % 3]
        name = member.name if first else f"{member.name} {index // len(columns) + 1}"
        short = name.rsplit(" ", 1)[-1] if first else name
        titled = f"Dr {short}" if member.name.startswith("Dr ") and first else name
        seats.append(Seat(provider, person, chair, member.column, lunch))
        chair_rows.append((chair, f"Chair {index + 2}", index + 1))
        provider_rows.append(
            (provider, person, chair, name, titled, member.column, member.registration,
             member.colour, index)
        )  # fmt: skip
        hour_rows += _hours(new, provider, lunch)
    store.copy("chair", ("id", "name", "position"), chair_rows)
    store.copy(
        "provider",
        ("id", "person_id", "chair_id", "name", "short_name", "kind", "registration", "colour",
         "position"),
        provider_rows,
    )  # fmt: skip
    # The clinic itself is open at the weekend too: somebody looks at it on a Sunday.
    hour_rows += [(new.new(), None, day, "08:00", "18:00", "open", "") for day in (5, 6)]
    store.copy(
        "working_time",
        ("id", "provider_id", "weekday", "starts", "ends", "kind", "label"),
        hour_rows,
    )
    _store_closed(store, new, seats, today)
    return seats


def _store_closed(store: Store, new: Ids, seats: list[Seat], today: date) -> None:
    """Close the clinic for a day and send somebody on leave, on days that nobody booked."""

    def midnight(offset: int) -> datetime:
        return datetime.combine(today + timedelta(days=offset), clock())

    away = visits.away_of(seats)
    rows: list[tuple[Any, ...]] = [
        (new.new(), None, "holiday", midnight(visits.HOLIDAY),
         midnight(visits.HOLIDAY + 1), "Town holiday"),
    ]  # fmt: skip
    if away is not None:
        rows.append(
            (new.new(), away.provider, "time_off", midnight(visits.AWAY.start),
             midnight(visits.AWAY.stop), "Holidays")
        )  # fmt: skip
    store.copy(
        "special_time", ("id", "provider_id", "kind", "starts", "ends", "label"),
        rows,
    )  # fmt: skip


def _hours(new: Ids, provider: UUID, lunch: int) -> list[tuple[Any, ...]]:
    def clock(minute: int) -> str:
        return f"{minute // 60:02d}:{minute % 60:02d}"

    spans = (("open", visits.OPENS, visits.CLOSES, ""),
             ("break", lunch, lunch + visits.LUNCH, "Lunch"))  # fmt: skip
    return [
        (new.new(), provider, day, clock(starts), clock(ends), kind, label)
        for day in range(7)
        for kind, starts, ends, label in spans
    ]

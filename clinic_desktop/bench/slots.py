"""A full calendar: a free time among hardly any, and a month of three thousand appointments.

8 weeks, 6 providers, 10 chairs, 95 % full.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import partial
from typing import Any, Final
from uuid import UUID

import psutil
import psycopg
from sqlalchemy import text

from clinic_desktop.bench.rows import Line
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.appointments.months import month
from clinic_desktop.services.appointments.sheet_schemas import MonthSearch
from clinic_desktop.services.appointments.slot_schemas import SlotSearch
from clinic_desktop.services.appointments.slots import free_slots
from clinic_desktop.services.context import Context
from clinic_desktop.services.session import SignedIn

PROVIDERS, CHAIRS, WEEKS, FULL = 6, 10, 8, 0.95
MINUTES, GRID = 30, 15
FIRST_MS, ALL_MS, MONTH_MS = 30.0, 150.0, 40.0
# Six weeks of six providers: three thousand.
EACH_DAY: Final = 12
WANTED: Final = 20
ROUNDS, WARM = 40, 3
_MARK: Final = "bench: full"
_TABLES: Final = ("appointment", "chair", "provider")
Connection = psycopg.Connection[tuple[Any, ...]]
_Visit = tuple[UUID, UUID, datetime, datetime, str]
"""Provider, chair, start, end, and why it is squeezed in."""


def lines(superuser: Dsn, signed_in: SignedIn, first_day: date) -> Iterator[Line]:
    """Yield free times and a month, in processor time of program and server."""
    with open_connection(superuser) as connection:
        with _filled(connection, signed_in, first_day, _tight):
            for name, limit, most in (
                ("find a slot, 95 % full: the first answer", 1, FIRST_MS),
                (f"find a slot, 95 % full: the first {WANTED}", WANTED, ALL_MS),
            ):
                search = SlotSearch(
                    minutes=MINUTES,
                    first_day=first_day,
                    days=WEEKS * 7,
                    limit=limit,
                    weekdays=range(5),
                )
                yield _line(name, signed_in, partial(_found, search), most, limit)
        with _filled(connection, signed_in, first_day, _even):
            wanted = MonthSearch(first=first_day)
            with signed_in.reading() as ctx:
                count = _counted(wanted, ctx)
            name = f"a month of {count:,} appointments"
            yield _line(name, signed_in, partial(_counted, wanted), MONTH_MS, count)


def _found(search: SlotSearch, ctx: Context) -> int:
    return len(free_slots(ctx, search))


def _counted(search: MonthSearch, ctx: Context) -> int:
    return sum(day.count for day in month(ctx, search).days)


def _line(
    name: str, signed_in: SignedIn, call: Callable[[Context], int], most: float, wanted: int
) -> Line:
    took, waited, found = [], [], 0
    with signed_in.reading() as ctx:
        backend = ctx.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        for turn in range(WARM + ROUNDS):
            if turn == WARM:
                server = _server_seconds(backend)
            began, seen = time.thread_time(), time.perf_counter()
            found = call(ctx)
            if turn >= WARM:
                took.append(time.thread_time() - began)
                waited.append(time.perf_counter() - seen)
        server = (_server_seconds(backend) - server) / ROUNDS
    return Line(
        name,
        (statistics.median(took) + server) * 1000,
        server * 1000,
        most=most,
        held=found == wanted,
        more={"seen_ms": round(statistics.median(waited) * 1000, 2)},
    )


def _server_seconds(backend: int) -> float:
    """Return the processor time of our server process; 0 where the system does not tell."""
    try:
        used = psutil.Process(backend).cpu_times()
    except psutil.Error:
        return 0.0
    return float(used.user + used.system)


@contextmanager
def _filled(
    connection: Connection,
    signed_in: SignedIn,
    first_day: date,
    visits: Callable[[list[UUID], list[UUID], date], Iterator[_Visit]],
) -> Iterator[None]:
    """Fill the weeks, without log and guards, and take everything away again."""
    connection.execute("SET search_path = clinic")
    connection.execute("SET session_replication_role = replica")
    clinic = signed_in.who.clinic_id
    try:
        providers = _enough(connection, clinic, "provider", PROVIDERS)
        chairs = _enough(connection, clinic, "chair", CHAIRS)
        patient = connection.execute("SELECT id FROM patient LIMIT 1").fetchone()
        rows = [
            (clinic, new_id(), patient[0] if patient else None, *one)
            for one in visits(providers, chairs, first_day)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO appointment (clinic_id, id, patient_id, provider_id, chair_id,"
                " starts_at, ends_at, squeeze_reason, local_start, zone, remark)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), 'UTC', 'bench: full')",
                rows,
            )
        connection.execute("ANALYZE appointment")
        yield
    finally:
        connection.execute("DELETE FROM appointment WHERE remark = %s", (_MARK,))
        connection.execute("DELETE FROM chair WHERE name LIKE %s", (f"{_MARK}%",))
        connection.execute("DELETE FROM provider WHERE name LIKE %s", (f"{_MARK}%",))


def _enough(connection: Connection, clinic: UUID, table: str, wanted: int) -> list[UUID]:
    """Return as many providers or chairs as are wanted, made where there are fewer."""
    make = {
        "provider": "INSERT INTO provider (clinic_id, id, name, short_name)"
        " VALUES (%s, %s, %s, 'bench')",
        "chair": "INSERT INTO chair (clinic_id, id, name) VALUES (%s, %s, %s)",
    }[table]
    there = {
        "provider": "SELECT id FROM provider WHERE active AND deleted_at IS NULL",
        "chair": "SELECT id FROM chair WHERE active AND deleted_at IS NULL",
    }[table]
    found = [row[0] for row in connection.execute(there)]
    for number in range(len(found), wanted):
        found.append(new_id())
        connection.execute(make, (clinic, found[-1], f"{_MARK} {number}"))
    return found


def _tight(providers: list[UUID], chairs: list[UUID], first_day: date) -> Iterator[_Visit]:
    """Yield visits from 6 to 20 o'clock: whatever the zone's hours are, they are full."""
    rng = random.Random(1)  # noqa: S311 - no secret
    squeezed = [(providers[0], chair, "chair") for chair in chairs[len(providers) :]]
    own = [(one, chair, "") for one, chair in zip(providers, chairs, strict=False)]
    for offset in range(-1, WEEKS * 7 + 1):
        midnight = datetime.combine(first_day + timedelta(days=offset), datetime.min.time(), UTC)
        for provider, chair, squeeze in (*own, *squeezed):
            at = 0
            while at < 24 * 60:
                length = rng.choice((15, 30, 30, 45, 60))
                if rng.random() < FULL:
                    starts = midnight + timedelta(minutes=at)
                    ends = starts + timedelta(minutes=length)
                    yield provider, chair, starts, ends, squeeze
                at += length


def _even(providers: list[UUID], chairs: list[UUID], first_day: date) -> Iterator[_Visit]:
    """Yield so many visits a day for each provider, one after the other from 8 o'clock on."""
    length = timedelta(minutes=MINUTES)
    for offset in range(WEEKS * 7):
        opens = datetime.combine(first_day + timedelta(days=offset), clock(8), UTC)
        for provider, chair in list(zip(providers, chairs, strict=False))[:PROVIDERS]:
            for place in range(EACH_DAY):
                yield provider, chair, opens + place * length, opens + (place + 1) * length, ""

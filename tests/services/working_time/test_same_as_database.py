"""The database refuses by the same hours that the program shows: compared for any week and zone."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.schedule import common
from clinic_desktop.services.working_time.reading import hours_of
from tests.cluster import CLINIC

# Days on which clocks change, in places where they do so at two, at midnight and by half an hour.
DAYS = [
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 17)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(2026, 3, 29)),
    ("Atlantic/Azores", date(2026, 10, 25)),
    ("America/Havana", date(2026, 11, 1)),
    ("Europe/Dublin", date(2026, 12, 7)),
]
clocks = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
spans = st.tuples(clocks, clocks).filter(lambda pair: pair[0] < pair[1])
owners = st.sampled_from(["clinic", "provider", "chair"])
weekly = st.tuples(owners, st.sampled_from(["open", "open", "break"]), st.booleans(), spans)
special = st.tuples(
    owners, st.sampled_from(["open", "closed"]), st.integers(-1, 1), st.integers(0, 1), spans
)


@pytest.fixture
def connection(database):
    with open_connection(database.superuser()) as connection:
        # Only the hours are asked about: no log, no guards, and rows may go again.
        connection.execute("SET session_replication_role = replica")
        yield connection


def test_same_hours(connection, make) -> None:
    provider, chair = make.provider(), make.chair("Chair P")

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    @given(
        st.sampled_from(DAYS),
        st.lists(weekly, max_size=7),
        st.lists(special, max_size=4),
        st.booleans(),
        st.integers(0, 1),
    )
    def compare(where, weeks, dates, with_chair, later) -> None:
        _compare(connection, provider, chair if with_chair else None, where, weeks, dates, later)

    compare()


def _compare(
    connection: psycopg.Connection,
    provider: UUID,
    chair: UUID | None,
    where: tuple[str, date],
    weeks: list,
    dates: list,
    later: int,
) -> None:
    zone, change = where
    day = change + timedelta(days=later)
    whose = {"clinic": (None, None), "provider": (provider, None), "chair": (None, chair)}
    connection.execute("DELETE FROM clinic.special_time")
    connection.execute("DELETE FROM clinic.working_time")
    for owner, kind, today, (starts, ends) in weeks:
        if owner == "chair" and chair is None:
            continue
        weekday = day.weekday() if today else (day.weekday() + 1) % 7
        connection.execute(
            "INSERT INTO clinic.working_time (clinic_id, id, provider_id, chair_id, weekday,"
            " starts, ends, kind) VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s, %s)",
            (CLINIC, *whose[owner], weekday, starts, ends, kind),
        )
    for owner, kind, begins, length, (starts, ends) in dates:
        if owner == "chair" and chair is None:
            continue
        first = datetime.combine(day + timedelta(days=begins), starts)
        last = datetime.combine(first.date() + timedelta(days=length), ends)
        if kind == "open":
            last = datetime.combine(first.date(), ends)
        connection.execute(
            "INSERT INTO clinic.special_time (clinic_id, id, provider_id, chair_id, kind, starts,"
            " ends, label) VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s, 'why')",
            (CLINIC, *whose[owner], "open" if kind == "open" else "blockout", first, last),
        )
    row = connection.execute(
        "SELECT (SELECT jsonb_agg(jsonb_build_array(provider_id, chair_id, weekday, kind, starts,"
        " ends, label)) FROM clinic.working_time WHERE clinic_id = %(clinic)s),"
        " (SELECT jsonb_agg(jsonb_build_array(provider_id, chair_id, kind, starts, ends, label))"
        " FROM clinic.special_time WHERE clinic_id = %(clinic)s),"
        " ARRAY(SELECT ARRAY[lower(one), upper(one)] FROM unnest(clinic.worked_on(%(clinic)s,"
        " %(provider)s, %(chair)s, %(day)s, %(zone)s)) AS one)",
        {"clinic": CLINIC, "provider": provider, "chair": chair, "day": day, "zone": zone},
    ).fetchone()
    hours = hours_of(row[0], row[1])
    local = LocalDay(day, ZoneInfo(zone))
    working = list(hours.provider_on(provider, local).working)
    if chair is not None:
        working = common(working, hours.chair_on(chair, local).working)
    told = [(local.instant_at(one.start), local.instant_at(one.end)) for one in working]
    assert [tuple(pair) for pair in row[2] or ()] == told

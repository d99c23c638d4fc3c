"""The lists walk their indexes: in a filled clinic no question reads a whole table."""

import pytest
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BrokenSearch, PlannedSearch
from tests.cluster import CLINIC

PATIENTS = 4000
FILL = (
    """
    INSERT INTO clinic.patient (clinic_id, id, number, given, family, phone, sort_key, words)
    SELECT %(clinic)s, md5('p' || n)::uuid, 'N' || n, 'Given' || n, 'Family', '+35386' || n,
           'family given' || n, '{}'
    FROM generate_series(1, %(patients)s) n
    """,
    """
    INSERT INTO clinic.chart_item (clinic_id, id, patient_id, kind, code, tooth, status, since,
                                   treatment_id, provider_id)
    SELECT %(clinic)s, md5('c' || n || k)::uuid, md5('p' || n)::uuid, 'procedure', 'crown', 36,
           CASE WHEN n %% 8 = 0 AND k = 1 THEN 'planned' ELSE 'done' END,
           date '2020-01-01' + (n * 7 + k) %% 2000, %(treatment)s, %(provider)s
    FROM generate_series(1, %(patients)s) n, generate_series(1, 3) k
    """,
    """
    INSERT INTO clinic.appointment (clinic_id, id, patient_id, provider_id, starts_at, ends_at,
                                    local_start, zone, status, reason, source, status_at,
                                    created_at)
    SELECT %(clinic)s, md5('a' || n || k)::uuid, md5('p' || n)::uuid, %(provider)s, s,
           s + interval '30 min', s AT TIME ZONE 'Europe/Dublin', 'Europe/Dublin',
           CASE WHEN n %% 10 = 0 AND k = 3 THEN 'missed' ELSE 'done' END, '', 'backdated', s,
           s - interval '30 days'
    FROM generate_series(1, %(patients)s) n, generate_series(1, 3) k,
         LATERAL (SELECT timestamptz '2022-01-01 09:00'
                         + ((n * 13) %% 400 + k * 400) * interval '1 day'
                         + (n %% 32) * interval '15 min' AS s) t
    """,
)
BROKEN = """
    INSERT INTO clinic.broken_visit
        (clinic_id, patient_id, appointment_id, starts_at, provider_id, declined)
    SELECT b.* FROM clinic.last_broken(%(clinic)s, NULL) b
"""
TABLES = ("chart_item", "appointment", "patient", "broken_visit")


@pytest.fixture
def front(database, make, sign_in):
    """The front desk of a clinic with some thousand patients."""
    values = {"treatment": make.treatment(), "provider": make.provider()}
    with open_connection(database.superuser()) as connection:
        connection.autocommit = True
        # Only the tables themselves are filled: no log, no guards; what is derived comes after.
        connection.execute("SET session_replication_role = replica")
        for statement in (*FILL, BROKEN):
            connection.execute(
                statement.encode(), {"clinic": CLINIC, "patients": PATIENTS, **values}
            )
        for table in TABLES:
            connection.execute(f"ANALYZE clinic.{table}".encode())
    return sign_in("u_front")


def whole_reads(ctx) -> int:
    """Return how often this transaction has read one of the tables from end to end."""
    return ctx.connection.execute(
        text(
            "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'clinic' AND relname = ANY (:tables)"
        ),
        {"tables": list(TABLES)},
    ).scalar_one()


@pytest.mark.parametrize("newest", [True, False])
def test_no_list_reads_a_whole_table(front, newest) -> None:
    with front.writing() as ctx:
        before = whole_reads(ctx)
        planned = to_book.planned(ctx, PlannedSearch(newest=newest))
        broken = to_book.broken(ctx, BrokenSearch(newest=newest))
        assert len(planned) == len(broken) == 100
        to_book.planned(ctx, PlannedSearch(newest=newest, after=planned[-1].place))
        to_book.broken(ctx, BrokenSearch(newest=newest, after=broken[-1].place))
        provider = planned[0].work[0].provider_id
        to_book.planned(ctx, PlannedSearch(newest=newest, provider_id=provider))
        assert whole_reads(ctx) == before


def test_pages_are_in_one_order_without_a_gap(front) -> None:
    with front.reading() as ctx:
        for newest in (True, False):
            found, after = [], None
            while page := to_book.planned(ctx, PlannedSearch(newest=newest, after=after)):
                found += [(row.since, row.item_id) for row in page]
                after = page[-1].place
            assert len(found) == PATIENTS // 8
            assert found == sorted(found, reverse=newest)
            found, place = [], None
            while lines := to_book.broken(ctx, BrokenSearch(newest=newest, after=place)):
                found += [(line.starts_at, line.id) for line in lines]
                place = lines[-1].place
            assert len(found) == PATIENTS // 10
            assert found == sorted(found, reverse=newest)


# -- the oldest broken appointments -----------------------------------------------------------

# Whoever came after their broken visit, and the few at the end who did not.
CAME = """
    INSERT INTO clinic.appointment (clinic_id, id, patient_id, provider_id, starts_at, ends_at,
                                    local_start, zone, status, reason, source, status_at,
                                    created_at)
    SELECT %(clinic)s, md5('b' || n || k)::uuid, md5('p' || n)::uuid, %(provider)s, s,
           s + interval '30 min', s AT TIME ZONE 'Europe/Dublin', 'Europe/Dublin',
           CASE k WHEN 1 THEN 'missed' ELSE 'done' END, '', 'backdated', s,
           CASE k WHEN 1 THEN s - interval '30 days' ELSE s - interval '1 day' END
    FROM generate_series(%(first)s::int, %(patients)s::int) n, generate_series(1, 2) k,
         LATERAL (SELECT timestamptz '2020-01-01 09:00' + (n %% 700) * interval '1 day'
                         + k * interval '40 days' AS s) t
    WHERE k = 1 OR n %% 40 <> 0
"""
PEOPLE = FILL[0].replace("generate_series(1,", "generate_series(%(first)s::int,")
GROWS = 10
SMALL = 2_000


def _filled(database, values: dict[str, object], first: int, patients: int) -> None:
    with open_connection(database.superuser()) as connection:
        connection.autocommit = True
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM clinic.broken_visit")
        for statement in (PEOPLE, CAME, BROKEN):
            connection.execute(
                statement.encode(),
                {"clinic": CLINIC, "first": first, "patients": patients, **values},
            )
        for table in TABLES:
            connection.execute(f"ANALYZE clinic.{table}".encode())


def _rows_read(database, front) -> tuple[int, int]:
    """Return how many rows of any table the first page of the oldest reads, and its length."""
    read = text(
        "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)"
        " FROM pg_stat_xact_user_tables WHERE schemaname = 'clinic'"
    )
    with front.writing() as ctx:
        before = ctx.connection.execute(read).scalar_one()
        page = to_book.broken(ctx, BrokenSearch(newest=False, limit=40))
        return int(ctx.connection.execute(read).scalar_one() - before), len(page)


def test_the_oldest_are_found_in_a_clinic_ten_times_as_large_as_quickly(
    database, make, sign_in
) -> None:
    """Rows are counted, not milliseconds: those who came since are passed by no walk."""
    values = {"provider": make.provider()}
    front = sign_in("u_front")
    _filled(database, values, 1, SMALL)
    small, few = _rows_read(database, front)
    _filled(database, values, SMALL + 1, SMALL * GROWS)
    large, as_many = _rows_read(database, front)
    assert few == as_many == 40
    assert large <= small * 1.2, (small, large)

"""Finding free times agrees with asking the database about every quarter of an hour."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.appointments.slot_schemas import NextVisit, SlotSearch
from clinic_desktop.services.appointments.slots import free_slots
from tests.cluster import CLINIC

DUBLIN = ZoneInfo("Europe/Dublin")
# The clocks go forward on the second day of the one, back on that of the other.
FIRST_DAYS = (date(2040, 3, 24), date(2040, 10, 27), date(2040, 6, 5))
DAYS = 2
quarters = st.integers(0, 95)
BRUTE = """
    SELECT p.id, s
    FROM unnest(%(providers)s::uuid[]) WITH ORDINALITY AS p(id, place),
         generate_series(%(start)s::timestamptz, %(end)s, interval '15 minutes') AS s
    CROSS JOIN LATERAL (
        SELECT tstzrange(s, s + %(length)s, '[)') AS whole,
               tstzmultirange(tstzrange(s, s + %(length)s, '[)'))
                   - clinic.assist_time(%(assist)s, s) AS own
    ) w
    WHERE s < %(end)s
      AND clinic.is_worked(%(clinic)s, p.id, NULL, s, s + %(length)s, 'Europe/Dublin')
      AND NOT EXISTS (
          SELECT FROM clinic.appointment a
          WHERE a.provider_id = p.id AND a.squeeze_reason = ''
            AND tstzmultirange(tstzrange(a.starts_at, a.ends_at, '[)'))
                - clinic.assist_time(a.assist, a.starts_at) && w.own)
      AND EXISTS (
          SELECT FROM unnest(%(chairs)s::uuid[]) AS c(id)
          WHERE clinic.is_worked(%(clinic)s, NULL, c.id, s, s + %(length)s, 'Europe/Dublin')
            AND NOT EXISTS (
                SELECT FROM clinic.appointment a
                WHERE a.chair_id = c.id AND tstzrange(a.starts_at, a.ends_at, '[)') && w.whole))
    ORDER BY s, p.place
"""
visit = st.tuples(
    st.integers(0, 1), st.sampled_from([0, 1, None]), st.integers(-1, DAYS * 96),
    st.integers(1, 8), st.booleans(), st.sampled_from(["", "", "0-15", "15-30,45-60"]),
)  # fmt: skip
weekly = st.tuples(
    st.sampled_from(["clinic", "provider", "chair"]), st.sampled_from(["open", "open", "break"]),
    st.integers(0, 1), st.tuples(quarters, quarters).filter(lambda pair: pair[0] < pair[1]),
)  # fmt: skip
closed = st.tuples(
    st.sampled_from(["clinic", "provider", "chair"]), st.integers(0, 1), st.integers(0, DAYS * 96),
    st.integers(1, 60),
)  # fmt: skip


def _at(first: date, quarter: int) -> datetime:
    return datetime.combine(first, time()) + timedelta(minutes=15 * quarter)


def test_agrees_with_brute_force(database, make, signed_in) -> None:
    chairs = [make.chair(f"Seat {n}", position=n) for n in (1, 2)]
    providers = [make.provider(f"Dr {n}", position=n, chair_id=chairs[n]) for n in (0, 1)]
    patient = make.patient()
    with open_connection(database.superuser()) as connection:
        # Only free time is asked about: no log, no guards, and rows may go again.
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE clinic.chair SET active = false WHERE id <> ALL (%s)", (chairs,))

        @settings(
            max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None,
            phases=[Phase.generate],
        )  # fmt: skip
        @given(
            st.sampled_from(FIRST_DAYS), st.lists(weekly, min_size=1, max_size=6),
            st.lists(closed, max_size=3), st.lists(visit, max_size=12),
            st.sampled_from([15, 30, 60, 90]), st.sampled_from(["", "", "0-15", "15-30"]),
        )  # fmt: skip
        def compare(first, weeks, closures, visits, minutes, assist) -> None:
            assist = "" if minutes <= 30 else assist
            for table in ("appointment", "working_time", "special_time"):
                connection.execute(f"DELETE FROM clinic.{table}".encode())
            for owner, kind, which, (starts, ends) in weeks:
                for day in range(7):
                    connection.execute(
                        "INSERT INTO clinic.working_time (clinic_id, id, provider_id, chair_id,"
                        " weekday, starts, ends, kind)"
                        " VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s, %s)",
                        (
                            CLINIC, providers[which] if owner == "provider" else None,
                            chairs[which] if owner == "chair" else None, day,
                            _at(first, starts).time(), _at(first, ends).time(), kind,
                        ),
                    )  # fmt: skip
            for owner, which, starts, length in closures:
                connection.execute(
                    "INSERT INTO clinic.special_time (clinic_id, id, provider_id, chair_id, kind,"
                    " starts, ends, label)"
                    " VALUES (%s, gen_random_uuid(), %s, %s, 'blockout', %s, %s, 'why')",
                    (
                        CLINIC, providers[which] if owner == "provider" else None,
                        chairs[which] if owner == "chair" else None,
                        _at(first, starts), _at(first, starts + length),
                    ),
                )  # fmt: skip
            for which, chair, start, length, squeezed, assisted in visits:
                begins = _at(first, start).replace(tzinfo=DUBLIN)
                connection.execute(
                    "INSERT INTO clinic.appointment (clinic_id, id, patient_id, provider_id,"
                    " chair_id, starts_at, ends_at, local_start, zone, squeeze_reason, assist)"
                    " VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s, now(), 'UTC', %s, %s)",
                    (
                        CLINIC, patient, providers[which],
                        None if chair is None else chairs[chair], begins,
                        begins.astimezone(ZoneInfo("UTC")) + timedelta(minutes=15 * length),
                        "pain" if squeezed else "", assisted,
                    ),
                )  # fmt: skip
            expected = connection.execute(
                BRUTE,
                {
                    "clinic": CLINIC, "providers": providers, "chairs": chairs, "assist": assist,
                    "length": timedelta(minutes=minutes),
                    "start": datetime.combine(first, time(), DUBLIN),
                    "end": datetime.combine(first + timedelta(days=DAYS), time(), DUBLIN),
                },
            ).fetchall()  # fmt: skip
            search = SlotSearch(
                minutes=minutes, assist=assist, first_day=first, days=DAYS, limit=100
            )
            with signed_in.reading() as ctx:
                found = free_slots(ctx, search)
            told = [(one.provider_id, one.starts_at) for one in found]
            # An appointment that reaches over midnight is looked for by nobody.
            within = [
                (who, at) for who, at in expected
                if at.astimezone(DUBLIN).date()
                == (at + timedelta(minutes=minutes - 1)).astimezone(DUBLIN).date()
            ]  # fmt: skip
            assert told == within[:100]

        compare()


def test_several_visits_with_their_distance(make, sign_in, place) -> None:
    front = sign_in("u_front")
    search = SlotSearch(
        minutes=60,
        provider_id=place.park,
        first_day=place.monday,
        weekdays=frozenset({0, 2}),
        not_before=time(9),
        then=(NextVisit(minutes=30, after_days=14), NextVisit(minutes=15, after_days=1)),
        limit=2,
    )
    with front.reading() as ctx:
        first, second = free_slots(ctx, search)
        later = free_slots(ctx, search.model_copy(update={"skip": 1, "limit": 1}))
    assert first.local_start == place.at(9)
    assert [one.local_start for one in first.then] == [place.at(9, days=14), place.at(9, days=16)]
    assert [one.minutes for one in first.then] == [30, 15]
    assert second.local_start == place.at(9, 15)
    assert later == (second,)

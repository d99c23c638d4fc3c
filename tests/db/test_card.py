"""The head of a record, read by a function of the reader: it says what the policies would."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.models import Household, PatientAlert
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.patients.alerts import review_alerts
from tests.cluster import CLINIC, OTHER_CLINIC
from tests.factories import Factory

LOGIN = "u_dentist"
PARTS = ("schedule.read", "catalogue.read", "staff.read", "billing.read")
RIGHTS = [
    frozenset(some)
    for size in range(len(PARTS) + 1)
    for some in itertools.combinations(PARTS, size)
]
# The same head, asked of the tables themselves: each by its policies.
PLAIN = """
SELECT jsonb_build_object(
    'given', p.given, 'number', p.number, 'sticky_note', p.sticky_note, 'tags', p.tags,
    'guardian', (SELECT concat_ws(' ', g.given, NULLIF(g.family, '')) FROM patient g
                 WHERE g.clinic_id = p.clinic_id AND g.id = p.guardian_id),
    'payer_id', (SELECT f.payer_id FROM household f
                 WHERE f.clinic_id = p.clinic_id AND f.id = p.household_id),
    'alerts_reviewed_by', (SELECT s.name FROM person s
                           WHERE s.clinic_id = p.clinic_id AND s.id = p.alerts_reviewed_by),
    'alerts', (SELECT jsonb_agg(a.text ORDER BY a.text) FROM patient_alert a
               WHERE a.clinic_id = p.clinic_id AND a.patient_id = p.id),
    'today', (SELECT jsonb_build_array(v.id, v.status, v.starts_at,
                (SELECT d.short_name FROM provider d
                 WHERE d.clinic_id = v.clinic_id AND d.id = v.provider_id),
                (SELECT c.name FROM chair c
                 WHERE c.clinic_id = v.clinic_id AND c.id = v.chair_id))
              FROM appointment v
              WHERE v.clinic_id = p.clinic_id AND v.patient_id = p.id AND v.status = 'arrived'),
    'next_visit', (SELECT min(v.starts_at) FROM appointment v
                   WHERE v.clinic_id = p.clinic_id AND v.patient_id = p.id
                     AND v.starts_at > now() + interval '2 days'),
    'balance', (SELECT sum(o.amount) FROM posting o
                WHERE o.clinic_id = p.clinic_id AND o.patient_id = p.id))
FROM patient p WHERE p.clinic_id = %s AND p.id = %s
"""


@pytest.fixture
def child(make: Factory, ctx) -> UUID:
    """A patient of whom every part of the head has something to say."""
    mother = make.patient("Ana")
    household = make.row(Household, name="Carvalho", payer_id=mother)
    patient = make.patient(
        "Inês", household_id=household, guardian_id=mother, sticky_note="brings a bear"
    )
    make.row(
        PatientAlert, patient_id=patient, kind="allergy", severity="stop", text="Penicillin",
        noted_on=date(2026, 1, 5),
    )  # fmt: skip
    provider, chair = make.provider(), make.chair()
    noon = ctx.now.astimezone(ctx.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    for starts, status in ((noon, "arrived"), (noon + timedelta(days=9), "pending")):
        make.appointment(
            patient, provider, chair_id=chair, starts_at=starts.astimezone(UTC), status=status
        )
    with make.signed_in.writing() as writing:
        review_alerts(writing, patient)
        charge = Charge(
            posting_id=new_id(), chart_item_id=None, provider_id=None, text="Work", amount=8000
        )
        billing.post_charges(
            writing, patient_id=patient, act="test", day=date(2026, 3, 12), charges=[charge]
        )
    return patient


@pytest.fixture
def person(database) -> Iterator[psycopg.Connection]:
    connection = open_connection(database.person(LOGIN))
    connection.execute("SET search_path = clinic, pg_catalog")
    yield connection
    connection.close()


def give(database, rights: frozenset[str]) -> None:
    """Leave the person these rights alone."""
    with open_connection(database.superuser()) as connection:
        connection.execute(
            "DELETE FROM clinic.staff_right WHERE login = %s AND NOT permission = ANY (%s)",
            (LOGIN, ["member", *rights]),
        )
        for right in rights:
            connection.execute(
                "INSERT INTO clinic.staff_right (login, permission, clinic_id) VALUES (%s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                (LOGIN, right, CLINIC),
            )


def card(connection: psycopg.Connection, clinic: UUID, patient: UUID) -> dict[str, object] | None:
    row = connection.execute("SELECT patient_card(%s, %s, 'open')", (clinic, patient)).fetchone()
    return json.loads(row[0]) if row is not None and row[0] is not None else None


def in_short(head: dict[str, object]) -> dict[str, object]:
    """Return what the plain question asks for, of what the function says."""
    today, alerts = head["today"], head["alerts"]
    short = {name: head[name] for name in (
        "given", "number", "sticky_note", "tags", "guardian", "payer_id", "alerts_reviewed_by",
        "next_visit", "balance",
    )}  # fmt: skip
    short["alerts"] = sorted(alert["text"] for alert in alerts)
    short["today"] = today and [
        today[name] for name in ("id", "status", "starts_at", "provider", "chair")
    ]
    return short


class TestPolicies:
    """Whatever somebody may see, the function and the policies agree."""

    def test_every_set_of_rights(self, database, child, person) -> None:
        seen = []
        for rights in RIGHTS:
            give(database, rights | {"patients.read"})
            (plain,) = person.execute(PLAIN.encode(), (CLINIC, child)).fetchone()
            head = card(person, CLINIC, child)
            assert in_short(head) == plain, rights
            assert (head["balance"] is None) == ("billing.read" not in rights)
            assert (head["next_visit"] is None) == ("schedule.read" not in rights)
            seen.append(json.dumps(plain, sort_keys=True))
        # Names of chair and provider need both rights; every other set differs from each other.
        assert len(set(seen)) == len(RIGHTS) - 4

    def test_without_the_right_to_read_patients(self, database, child, person) -> None:
        give(database, frozenset(PARTS))
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=Permission.PATIENTS_READ):
            card(person, CLINIC, child)

    def test_a_right_that_ended(self, database, child, person) -> None:
        """Emergency access that is over opens nothing."""
        with open_connection(database.superuser()) as connection:
            connection.execute(
                "UPDATE clinic.staff_right SET until = now() - interval '1 minute'"
                " WHERE login = %s AND permission = 'patients.read'",
                (LOGIN,),
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            card(person, CLINIC, child)


class TestOtherClinic:
    """Neither the clinic nor the patient of another is reached through it."""

    def test_refused(self, sign_in, child, person) -> None:
        theirs = Factory(sign_in("u_other")).patient("Otto")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            card(person, OTHER_CLINIC, theirs)
        assert card(person, CLINIC, theirs) is None
        assert card(person, CLINIC, child) is not None

    def test_the_pooled_login_acts_for_one_clinic(self, database, child) -> None:
        with open_connection(database.superuser()) as connection:
            connection.execute(
                "INSERT INTO clinic.staff_right (login, permission, clinic_id)"
                " SELECT 'clinic_api', r, c FROM unnest(%s::text[]) r, unnest(%s::uuid[]) c"
                " ON CONFLICT DO NOTHING",
                (["member", "patients.read"], [CLINIC, OTHER_CLINIC]),
            )
        with open_connection(database.machine("clinic_api")) as api:
            api.execute("SET search_path = clinic, pg_catalog")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                card(api, CLINIC, child)
            api.execute("SELECT set_config('clinic.api_clinic', %s, false)", (str(OTHER_CLINIC),))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                card(api, CLINIC, child)
            api.execute("SELECT set_config('clinic.api_clinic', %s, false)", (str(CLINIC),))
            assert card(api, CLINIC, child)["given"] == "Inês"


class TestEntry:
    """Whoever sees a head is written down; who sees none is not."""

    def test_written_once(self, database, child, person) -> None:
        before = self.entries(database, child)
        card(person, CLINIC, child)
        assert self.entries(database, child) == [*before, (LOGIN, "open", "patient")]
        missing = new_id()
        assert card(person, CLINIC, missing) is None
        assert self.entries(database, missing) == []

    def test_nobody_writes_entries_past_the_question(self, child, person) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="enter_access"):
            person.execute("SELECT enter_access(%s, %s, 'open', 'patient')", (CLINIC, child))

    @staticmethod
    def entries(database, patient: UUID) -> list[tuple[str, str, str]]:
        with open_connection(database.superuser()) as connection:
            return connection.execute(
                "SELECT login, action, category FROM clinic.access_log WHERE patient_id = %s"
                " AND login = %s ORDER BY id",
                (patient, LOGIN),
            ).fetchall()


def test_today_is_the_clinics_day(make: Factory, database, person) -> None:
    """A visit just before the clinic's midnight is today's there, whatever day UTC has."""
    zone = ZoneInfo("Pacific/Kiritimati")
    with open_connection(database.superuser()) as connection:
        # Its day begins at another hour than UTC's.
        connection.execute(
            "UPDATE clinic.clinic SET zone = %s, version = version + 1 WHERE id = %s",
            (zone.key, CLINIC),
        )
        (now,) = connection.execute("SELECT now()").fetchone()
    ends = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    patient, provider = make.patient(), make.provider()
    last, first = (
        make.appointment(
            patient, provider, starts_at=starts.astimezone(UTC), minutes=10, zone=zone.key,
            local_start=starts.astimezone(zone).replace(tzinfo=None), status="pending",
        )
        for starts in (ends - timedelta(minutes=30), ends)
    )  # fmt: skip
    head = card(person, CLINIC, patient)
    assert head["today"]["id"] == str(last) != str(first)
    assert datetime.fromisoformat(head["next_visit"]) == ends

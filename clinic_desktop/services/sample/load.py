"""Filling an empty database with the sample clinic, by COPY, as clinic_migrator."""

import json
import random
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql
from sqlalchemy import Connection as Transaction

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.engine import Link, driver_connection
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.installation import provision
from clinic_desktop.services.installation.administered import Administered
from clinic_desktop.services.installation.local import MIGRATOR
from clinic_desktop.services.sample import clinical, derived, people, perio, visits
from clinic_desktop.services.sample.bulk import without_indexes
from clinic_desktop.services.sample.catalogue import store_price_list
from clinic_desktop.services.sample.clinic import NAME, STAFF, price_list
from clinic_desktop.services.sample.people import Ids, Town, alerts_of
from clinic_desktop.services.sample.premises import store_seats
from clinic_desktop.services.sample.store import Connection, Store
from clinic_desktop.services.sample.visits import Calendar, Regular, Seat
from clinic_desktop.services.schemas import Row

Progress = Callable[[str], None]

VISITS_EACH: Final = 3
# A large load takes longer than anything a person waits for.
_UNLIMITED: Final = ("statement_timeout", "idle_in_transaction_session_timeout")
BATCH: Final = 20_000
# Beyond this every tenth patient alone has teeth, notes and money: enough to measure with.
DETAILED: Final = 20_000
# From here on it pays to make keys and indexes again from the whole.
LARGE: Final = 10_000
# Towns around the world, so that the sample clinic is open whenever somebody looks at it.
_ZONES: Final = (
    "Europe/Dublin", "Atlantic/Azores", "America/Sao_Paulo", "America/Bogota", "America/Denver",
    "Pacific/Honolulu", "Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Asia/Singapore",
    "Asia/Dhaka", "Asia/Karachi", "Asia/Dubai", "Africa/Nairobi", "Europe/Madrid",
)  # fmt: skip
_EARLY, _MORNING, _LATE = 9.5, 11.5, 15.5


class Filled(Row):
    """How much was stored, and how long it took."""

    rows: int
    seconds: float


def open_zone(now: datetime) -> ZoneInfo:
    """Return a zone in which a clinic is in the middle of its day now, Dublin if it can be."""

    def hour(name: str) -> float:
        local = now.astimezone(ZoneInfo(name))
        return local.hour + local.minute / 60

    if _EARLY <= hour(_ZONES[0]) <= _LATE:
        return ZoneInfo(_ZONES[0])
    best = min(_ZONES, key=lambda name: abs(hour(name) - _MORNING))
    return ZoneInfo(best)


def fill(
    installation: Administered,
    *,
    patients: int,
    seed: int,
    progress: Progress,
    now: datetime | None = None,
) -> Filled:
    """Make the sample clinic: staff, price list, stock, patients, visits, teeth, money, notes.

    The same seed and the same ``now`` (the server's, where none is given) give the same clinic, but
    for the passwords, which are made for this installation and kept beside its data, and the keys
    of its people and roles. All of it is one transaction, people's logins
    included: a filling that stops leaves nothing and can be begun again. Raises ConflictError when
    a clinic is there.
    """
    if installation.has_clinic():
        raise ConflictError(_("This database has a clinic already."))
    began = time.monotonic()
    if now is None:
        with open_connection(installation.machine(MIGRATOR)) as connection:
            row = connection.execute("SELECT now()").fetchone()
        now = row[0].astimezone(UTC) if row else datetime.min.replace(tzinfo=UTC)
    loader = _Loader(installation, random.Random(seed), now, progress)  # noqa: S311 - no secret
    loader.run(patients, seed)
    return Filled(rows=loader.rows, seconds=time.monotonic() - began)


class _Loader:
    """One filling: its generators, its connection, and how much it stored."""

    def __init__(
        self, installation: Administered, rng: random.Random, now: datetime, progress: Progress
    ) -> None:
        self._installation, self._rng, self._progress = installation, rng, progress
        self._migrator = installation.machine(MIGRATOR)
        self._ids = Ids(rng)
        self._zone = open_zone(now)
        self._now = now
        self._today = now.astimezone(self._zone).date()
        self._clinic = self._ids.new()
        self._people: dict[str, UUID] = {}
        self._stored_patients = 0
        self.rows = 0

    def run(self, patients: int, seed: int) -> None:
        """Make everything in one transaction of clinic_migrator."""
        link = Link(self._migrator, device="sample")
        try:
            with link.transaction("Sample clinic") as transaction:
                for setting in _UNLIMITED:
                    transaction.exec_driver_sql(f"SET LOCAL {setting} = 0")
                self._staff(transaction)
                # What was staged for the log is sealed before triggers are switched off.
                transaction.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
                self._load(driver_connection(transaction), patients, seed)
        finally:
            link.close()
        with open_connection(self._migrator) as connection:
            connection.execute("ANALYZE")

    def _staff(self, transaction: Transaction) -> None:
        """Make the clinic and its people, with passwords of this installation alone."""
        made = {
            member.login: provision.NewAdmin(
                name=member.name,
                initials=member.initials,
                login=member.login,
                password=secrets.token_urlsafe(12),
            )
            for member in STAFF
        }
        roles = provision.add_clinic(
            transaction,
            self._migrator,
            provision.NewClinic(name=NAME, site="Main clinic", zone=self._zone.key),
            made[STAFF[-1].login],
            clinic_id=self._clinic,
        )
        for member in STAFF[:-1]:
            self._people[member.login] = provision.make_person(
                transaction,
                self._migrator,
                self._clinic,
                made[member.login],
                roles=(roles[member.role],),
                job=member.job,
            )
        kept = [
            {
                "login": member.login,
                "name": member.name,
                "initials": member.initials,
                "job": member.job,
                "role": member.role,
                "password": made[member.login].password,
            }
            for member in STAFF
        ]
        # Before the commit: people whose passwords nobody knows would be worse than none.
        OwnerFile(self._installation.root / "secrets" / "people.json").write(json.dumps(kept))

    def _load(self, connection: Connection, patients: int, seed: int) -> None:
        """Load everything else by COPY, with the triggers switched off meanwhile."""
        tables = _without_triggers(connection)
        store = Store(connection, self._clinic)
        with without_indexes(connection) if patients >= LARGE else nullcontext():
            treatments = store_price_list(store, self._ids)
            seats = store_seats(
                store,
                self._ids,
                visits_wanted=patients * VISITS_EACH,
                persons=self._people,
                today=self._today,
            )
            regulars = self._patients(store, patients)
            self._visits(store, patients, seats, regulars, treatments)
            self._probed(store, regulars, seed)
            self._progress(_("Making the search index…"))
            derived.store_words(store)
            self._progress(_("Marking taken times…"))
            derived.store_times(store)
            derived.store_recalls(
                store, zone=self._zone.key, now=self._now, caller=self._people[_CALLER]
            )
            self._progress(_("Making keys and indexes…"))
        derived.store_broken(store)
        for table in tables:
            connection.execute(_alter(table, "ENABLE"))
        self._progress(_("Closing the books…"))
        self.rows = store.rows
        # One entry of the log stands for the whole load.
        content = json.dumps({"patients": patients, "seed": seed, "rows": self.rows})
        connection.execute(
            "INSERT INTO setting (clinic_id, id, name, value) VALUES (%s, %s, 'sample', %s)",
            (self._clinic, self._ids.new(), content),
        )

    def _patients(self, store: Store, wanted: int) -> list[Regular]:
        today = self._today
        town = Town(self._rng, self._ids, today)
        regulars: list[Regular] = []
        households: list[tuple[Any, ...]] = []
        batch: list[people.SamplePatient] = []

        def keep() -> None:
            store.copy("household", ("id", "name", "payer_id"), households)
            store.copy("patient", people.COLUMNS, (one.row() for one in batch))
            self._stored_patients += len(batch)
            noted = today - timedelta(days=self._rng.randint(20, 400))
            alerts = (
                alert for one in batch for alert in alerts_of(self._rng, self._ids, one, noted)
            )
            store.copy("patient_alert", people.ALERT_COLUMNS, alerts)
            self._progress(_("{count} patients…").format(count=self._stored_patients))
            households.clear()
            batch.clear()

        for household, name, members in town.patients(wanted):
            if household is not None:
                households.append((household, name, members[0].id))
            batch += members
            regulars += [
                Regular(one.id, one.born, one.misses) for one in members if one.status == "active"
            ]
            if len(batch) >= BATCH:
                keep()
        keep()
        store.numbered("patient", 0, wanted)
        return regulars

    def _visits(
        self,
        store: Store,
        patients: int,
        seats: list[Seat],
        regulars: list[Regular],
        treatments: dict[str, UUID],
    ) -> None:
        services = {service.code: service for service in price_list()}
        calendar = Calendar(
            self._rng,
            self._ids,
            now=self._now,
            zone=self._zone,
            seats=seats,
            patients=regulars,
            services=services,
        )
        histories = clinical.Histories(
            self._rng, self._ids, now=self._now, zone=self._zone, treatments=treatments
        )
        every = 1 if patients <= DETAILED else 10
        detailed = {regular.id for regular in regulars[::every]}
        batch: list[visits.Visit] = []
        made = 0

        def keep() -> None:
            store.copy("appointment", visits.COLUMNS, (one.row(self._zone) for one in batch))
            rows: clinical.Rows = defaultdict(list)
            for one in batch:
                histories.of_visit(one, rows, detailed=one.patient.id in detailed)
            for table in _STORED:
                store.copy(table, clinical.COLUMNS[table], rows[table])
            self._progress(_("{count} appointments…").format(count=made))
            batch.clear()

        for visit in calendar.visits(patients * VISITS_EACH):
            batch.append(visit)
            made += 1
            if len(batch) >= BATCH:
                keep()
        keep()
        for year, last in histories.numbers.items():
            store.numbered("invoice A", year, last)

    def _probed(self, store: Store, regulars: list[Regular], seed: int) -> None:
        """Make the periodontal exams of some adults; a generator of their own keeps the rest."""
        rows = store.connection.execute(
            "SELECT patient_id, tooth FROM chart_item WHERE code = 'MISSING' AND tooth IS NOT NULL"
        )
        missing: defaultdict[UUID, list[int]] = defaultdict(list)
        for patient, fdi in rows:
            missing[patient].append(fdi)
        rng = random.Random(f"{seed} perio")  # noqa: S311 - no secret
        probing = perio.Mouths(
            regulars=regulars,
            missing=missing,
            people=[self._people[login] for login in _PROBING],
            today=self._today,
            zone=self._zone,
        )
        exams, teeth = perio.exams(rng, Ids(rng), probing)
        store.copy("perio_exam", perio.EXAM_COLUMNS, exams)
        store.copy("perio_tooth", perio.TOOTH_COLUMNS, teeth)


_STORED: Final = (
    "chart_item", "appointment_treatment", "note", "note_version", "journal_entry", "posting",
    "invoice", "invoice_line",
)  # fmt: skip
# Who calls the patients of the sample clinic.
_CALLER: Final = STAFF[0].login
# The hygienists, who probe.
_PROBING: Final = tuple(one.login for one in STAFF if one.role == "hygienist")


def _without_triggers(connection: Connection) -> list[str]:
    found = connection.execute(
        "SELECT relname FROM pg_class"
        " WHERE relkind = 'r' AND relowner = 'clinic_owner'::regrole"
        " AND relnamespace = 'clinic'::regnamespace AND relhastriggers"
    )
    tables = [row[0] for row in found]
    for table in tables:
        connection.execute(_alter(table, "DISABLE"))
    return tables


def _alter(table: str, how: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(how))

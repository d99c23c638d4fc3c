"""Filling an empty database with the sample clinic, by COPY, as clinic_migrator."""

import itertools
import json
import math
import random
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from sqlalchemy import Connection as Transaction

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.engine import Link, driver_connection
from clinic_desktop.domain.recalls import name_of, usual_types
from clinic_desktop.domain.usual_notes import usual_templates
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _, in_language
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.installation import provision
from clinic_desktop.services.installation.administered import Administered
from clinic_desktop.services.installation.local import MIGRATOR
from clinic_desktop.services.sample import clinical, people, perio, visits
from clinic_desktop.services.sample.bulk import without_indexes
from clinic_desktop.services.sample.clinic import (
    CATEGORY_COLOUR,
    GOODS,
    NAME,
    STAFF,
    price_list,
)
from clinic_desktop.services.sample.people import Ids, Town, alerts_of
from clinic_desktop.services.sample.visits import Calendar, Regular, Seat
from clinic_desktop.services.schemas import Row

Connection = psycopg.Connection[tuple[Any, ...]]
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
        tables = self._without_triggers(connection)
        with without_indexes(connection) if patients >= LARGE else nullcontext():
            treatments = self._price_list(connection)
            seats = self._seats(connection, patients)
            regulars = self._patients(connection, patients)
            self._visits(connection, patients, seats, regulars, treatments)
            self._probed(connection, regulars, seed)
            self._derive(connection)
            self._progress(_("Making keys and indexes…"))
        for table in tables:
            connection.execute(_alter(table, "ENABLE"))
        self._progress(_("Closing the books…"))
        # One entry of the log stands for the whole load.
        content = json.dumps({"patients": patients, "seed": seed, "rows": self.rows})
        connection.execute(
            "INSERT INTO setting (clinic_id, id, name, value) VALUES (%s, %s, 'sample', %s)",
            (self._clinic, self._ids.new(), content),
        )

    def _without_triggers(self, connection: Connection) -> list[str]:
        found = connection.execute(
            "SELECT relname FROM pg_class"
            " WHERE relkind = 'r' AND relowner = 'clinic_owner'::regrole"
            " AND relnamespace = 'clinic'::regnamespace AND relhastriggers"
        )
        tables = [row[0] for row in found]
        for table in tables:
            connection.execute(_alter(table, "DISABLE"))
        return tables

    def _copy(
        self,
        connection: Connection,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, ("clinic_id", *columns)))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row((self._clinic, *row))
                self.rows += 1

    def _price_list(self, connection: Connection) -> dict[str, UUID]:
        services = price_list()
        ids = {service.code: self._ids.new() for service in services}
        templates = {
            code: provision.template_id(self._clinic, one.code)
            for one in usual_templates("en")
            for code in one.procedures
        }
        self._copy(
            connection,
            "treatment",
            ("id", "code", "name", "category", "area", "minutes", "price", "colour", "paint",
             "note_template_id"),
            (
                (ids[s.code], s.code, s.name, s.category, s.area, s.minutes, s.price,
                 CATEGORY_COLOUR[s.category], s.paint, templates.get(s.code))
                for s in services
            ),
        )  # fmt: skip
        goods = {good.sku: self._ids.new() for good in GOODS}
        self._copy(
            connection,
            "product",
            ("id", "sku", "name", "unit", "reorder_level", "cost"),
            ((goods[g.sku], g.sku, g.name, g.unit, g.reorder, g.cost) for g in GOODS),
        )
        counted = [(goods[g.sku], g.left) for g in GOODS if g.left is not None]
        self._copy(
            connection,
            "stock_movement",
            ("id", "product_id", "kind", "quantity", "reason"),
            (
                (self._ids.new(), product, "count", left, "Yearly count")
                for product, left in counted
            ),
        )
        self._copy(connection, "stock_balance", ("product_id", "quantity"), counted)
        self._copy(
            connection,
            "treatment_material",
            ("id", "treatment_id", "product_id", "quantity"),
            (
                (self._ids.new(), ids[s.code], goods[g.sku], 1)
                for g in GOODS
                for s in services
                if s.category in g.used_by
            ),
        )
        self._recall_types(connection, ids)
        return ids

    def _recall_types(self, connection: Connection, treatments: dict[str, UUID]) -> None:
        types = usual_types()
        ids = {one.code: self._ids.new() for one in types}
        with in_language("en"):
            self._copy(
                connection,
                "recall_type",
                ("id", "code", "name", "every", "unit", "replaces_id", "under_age"),
                (
                    (ids[one.code], one.code, name_of(one), one.interval.every,
                     one.interval.unit, ids.get(one.replaces), one.under_age)
                    for one in types
                ),
            )  # fmt: skip
        self._copy(
            connection,
            "recall_type_treatment",
            ("id", "recall_type_id", "treatment_id"),
            (
                (self._ids.new(), ids[one.code], treatments[code])
                for one in types
                for code in one.completed_by
                if code in treatments
            ),
        )

    def _seats(self, connection: Connection, patients: int) -> list[Seat]:
        """Make providers and chairs, as many as the visits need."""
        columns = [member for member in STAFF if member.column]
        wanted = max(len(columns), math.ceil(patients * VISITS_EACH / (visits.A_DAY * 900)))
        seats, chair_rows, provider_rows, hour_rows = [], [], [], []
        for index, member in zip(range(wanted), itertools.cycle(columns), strict=False):
            first = index < len(columns)
            person = self._people.get(member.login) if first else None
            chair, provider = self._ids.new(), self._ids.new()
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
            hour_rows += self._hours(provider, lunch)
        self._copy(connection, "chair", ("id", "name", "position"), chair_rows)
        self._copy(
            connection,
            "provider",
            ("id", "person_id", "chair_id", "name", "short_name", "kind", "registration", "colour",
             "position"),
            provider_rows,
        )  # fmt: skip
        # The clinic itself is open at the weekend too: somebody looks at it on a Sunday.
        hour_rows += [(self._ids.new(), None, day, "08:00", "18:00", "open", "") for day in (5, 6)]
        self._copy(
            connection,
            "working_time",
            ("id", "provider_id", "weekday", "starts", "ends", "kind", "label"),
            hour_rows,
        )
        self._closed(connection, seats)
        return seats

    def _closed(self, connection: Connection, seats: list[Seat]) -> None:
        """Close the clinic for a day and send somebody on leave, on days that nobody booked."""
        today = self._now.astimezone(self._zone).date()

        def midnight(offset: int) -> datetime:
            return datetime.combine(today + timedelta(days=offset), clock())

        away = visits.away_of(seats)
        rows: list[tuple[Any, ...]] = [
            (self._ids.new(), None, "holiday", midnight(visits.HOLIDAY),
             midnight(visits.HOLIDAY + 1), "Town holiday"),
        ]  # fmt: skip
        if away is not None:
            rows.append(
                (self._ids.new(), away.provider, "time_off", midnight(visits.AWAY.start),
                 midnight(visits.AWAY.stop), "Holidays")
            )  # fmt: skip
        self._copy(
            connection, "special_time", ("id", "provider_id", "kind", "starts", "ends", "label"),
            rows,
        )  # fmt: skip

    def _hours(self, provider: UUID, lunch: int) -> list[tuple[Any, ...]]:
        def clock(minute: int) -> str:
            return f"{minute // 60:02d}:{minute % 60:02d}"

        spans = (("open", visits.OPENS, visits.CLOSES, ""),
                 ("break", lunch, lunch + visits.LUNCH, "Lunch"))  # fmt: skip
        return [
            (self._ids.new(), provider, day, clock(starts), clock(ends), kind, label)
            for day in range(7)
            for kind, starts, ends, label in spans
        ]

    def _patients(self, connection: Connection, wanted: int) -> list[Regular]:
        today = self._now.astimezone(self._zone).date()
        town = Town(self._rng, self._ids, today)
        regulars: list[Regular] = []
        households: list[tuple[Any, ...]] = []
        batch: list[people.SamplePatient] = []

        def store() -> None:
            self._copy(connection, "household", ("id", "name", "payer_id"), households)
            self._copy(connection, "patient", people.COLUMNS, (one.row() for one in batch))
            self._stored_patients += len(batch)
            noted = today - timedelta(days=self._rng.randint(20, 400))
            alerts = (
                alert for one in batch for alert in alerts_of(self._rng, self._ids, one, noted)
            )
            self._copy(connection, "patient_alert", people.ALERT_COLUMNS, alerts)
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
                store()
        store()
        self._numbered(connection, "patient", 0, wanted)
        return regulars

    def _numbered(self, connection: Connection, series: str, year: int, last: int) -> None:
        connection.execute(
            "INSERT INTO counter (clinic_id, series, year, last) VALUES (%s, %s, %s, %s)",
            (self._clinic, series, year, last),
        )

    def _visits(
        self,
        connection: Connection,
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

        def store() -> None:
            self._copy(
                connection, "appointment", visits.COLUMNS, (one.row(self._zone) for one in batch)
            )
            rows: clinical.Rows = defaultdict(list)
            for one in batch:
                histories.of_visit(one, rows, detailed=one.patient.id in detailed)
            for table in _STORED:
                self._copy(connection, table, clinical.COLUMNS[table], rows[table])
            self._progress(_("{count} appointments…").format(count=made))
            batch.clear()

        for visit in calendar.visits(patients * VISITS_EACH):
            batch.append(visit)
            made += 1
            if len(batch) >= BATCH:
                store()
        store()
        for year, last in histories.numbers.items():
            self._numbered(connection, "invoice A", year, last)

    def _probed(self, connection: Connection, regulars: list[Regular], seed: int) -> None:
        """Make the periodontal exams of some adults; a generator of their own keeps the rest."""
        rows = connection.execute(
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
            today=self._now.astimezone(self._zone).date(),
            zone=self._zone,
        )
        exams, teeth = perio.exams(rng, Ids(rng), probing)
        self._copy(connection, "perio_exam", perio.EXAM_COLUMNS, exams)
        self._copy(connection, "perio_tooth", perio.TOOTH_COLUMNS, teeth)

    def _derive(self, connection: Connection) -> None:
        """Make the rows that triggers keep otherwise."""
        self._progress(_("Making the search index…"))
        found = connection.execute(
            "INSERT INTO patient_word (clinic_id, word, sort_key, patient_id)"
            " SELECT DISTINCT p.clinic_id, w, p.sort_key, p.id FROM patient p, unnest(p.words) w"
            " ORDER BY 1, 2, 3, 4"
        )
        self.rows += found.rowcount
        found = connection.execute(
            "INSERT INTO patient_key (clinic_id, key, sort_key, patient_id)"
            " SELECT p.clinic_id, k.key, p.sort_key, p.id"
            " FROM patient p, list_keys(p.tags, p.born) AS k(key)"
            " ORDER BY 1, 2, 3, 4"
        )
        self.rows += found.rowcount
        self._progress(_("Marking taken times…"))
        found = connection.execute(_RESOURCES)
        self.rows += found.rowcount
        found = connection.execute(_BROKEN)
        self.rows += found.rowcount
        for statement in (_RECALLS, _ATTEMPTS):
            keys = {"zone": self._zone.key, "now": self._now, "caller": self._people[_CALLER]}
            found = connection.execute(statement, keys)
            self.rows += found.rowcount


_STORED: Final = (
    "chart_item", "appointment_treatment", "note", "note_version", "journal_entry", "posting",
    "invoice", "invoice_line",
)  # fmt: skip
# Who calls the patients of the sample clinic.
_CALLER: Final = STAFF[0].login
# The hygienists, who probe.
_PROBING: Final = tuple(one.login for one in STAFF if one.role == "hygienist")
# Keys come from what they name, so that the same seed gives the same clinic.
_RECALLS: Final = """
INSERT INTO recall (clinic_id, id, patient_id, recall_type_id, last_on, due_on)
SELECT d.clinic_id, md5(d.patient_id || ' ' || d.recall_type_id)::uuid, d.patient_id,
       d.recall_type_id, d.last_on,
       d.last_on + CASE t.unit WHEN 'week' THEN make_interval(weeks => t.every)
                               ELSE make_interval(months => t.every) END
FROM (SELECT a.clinic_id, a.patient_id, x.recall_type_id,
             max((a.starts_at AT TIME ZONE %(zone)s)::date) AS last_on
      FROM appointment a
      JOIN appointment_treatment l ON l.clinic_id = a.clinic_id AND l.appointment_id = a.id
      JOIN recall_type_treatment x
           ON x.clinic_id = a.clinic_id AND x.treatment_id = l.treatment_id
      WHERE a.status = 'done'
      GROUP BY a.clinic_id, a.patient_id, x.recall_type_id) d
JOIN recall_type t ON t.clinic_id = d.clinic_id AND t.id = d.recall_type_id
ORDER BY d.last_on, d.patient_id
"""
# A third of those who are overdue were called, in the last days, once each.
_ATTEMPTS: Final = """
INSERT INTO recall_attempt
    (clinic_id, id, patient_id, recall_id, at, channel, outcome, person_id)
SELECT r.clinic_id, md5(r.id || ' called')::uuid, r.patient_id, r.id,
       %(now)s - make_interval(days => 1 + ascii(right(r.id::text, 1)) %% 9),
       'phone', (ARRAY['no_answer', 'message_left', 'will_call'])[1 + ascii(r.id::text) %% 3],
       %(caller)s
FROM recall r
WHERE r.due_on < (%(now)s AT TIME ZONE %(zone)s)::date AND left(r.id::text, 1) < '5'
ORDER BY r.id
"""
_RESOURCES: Final = """
INSERT INTO appointment_resource (clinic_id, appointment_id, kind, resource_id, own_time, blocking)
SELECT a.clinic_id, a.id, r.kind, r.resource_id,
       tstzmultirange(tstzrange(a.starts_at, CASE WHEN a.status = 'done'
                      THEN greatest(least(a.ends_at, a.done_at), a.starts_at + interval '1 minute')
                      ELSE a.ends_at END)),
       a.status NOT IN ('cancelled', 'missed', 'rescheduled')
FROM appointment a
CROSS JOIN LATERAL (VALUES ('provider', a.provider_id), ('chair', a.chair_id)) r(kind, resource_id)
ORDER BY a.provider_id, a.starts_at
"""
_BROKEN: Final = """
INSERT INTO broken_visit
    (clinic_id, patient_id, appointment_id, starts_at, provider_id, declined)
SELECT b.* FROM clinic c CROSS JOIN LATERAL last_broken(c.id, NULL) b
"""


def _alter(table: str, how: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(how))

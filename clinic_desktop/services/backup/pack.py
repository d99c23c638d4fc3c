"""What the pack for tomorrow holds: visits with phones, alerts and balances of each clinic."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.services.schemas import Row

_CLINICS = """
SELECT id, name, phone, zone, locale, currency, paper, now(),
       (now() AT TIME ZONE zone)::date + 1
FROM clinic.clinic ORDER BY id
"""
_VISITS = """
SELECT p.name, a.starts_at, a.ends_at, x.given, x.family, x.born, x.phone,
       coalesce((SELECT string_agg(t.name, ', ' ORDER BY t.name)
                 FROM clinic.appointment_treatment at
                 JOIN clinic.treatment t ON t.clinic_id = at.clinic_id AND t.id = at.treatment_id
                 WHERE at.clinic_id = a.clinic_id AND at.appointment_id = a.id
                   AND at.deleted_at IS NULL), ''),
       ARRAY(SELECT DISTINCT l.kind FROM clinic.patient_alert l
             WHERE l.clinic_id = a.clinic_id AND l.patient_id = x.id AND l.deleted_at IS NULL
             ORDER BY 1),
       ARRAY(SELECT DISTINCT l.text FROM clinic.patient_alert l
             WHERE l.clinic_id = a.clinic_id AND l.patient_id = x.id AND l.deleted_at IS NULL
             ORDER BY 1),
       coalesce((SELECT sum(o.amount) FROM clinic.posting o
                 WHERE o.clinic_id = a.clinic_id AND o.patient_id = x.id
                   AND o.account = 'receivable'), 0)::bigint
FROM clinic.appointment a
JOIN clinic.provider p ON p.clinic_id = a.clinic_id AND p.id = a.provider_id
JOIN clinic.patient x ON x.clinic_id = a.clinic_id AND x.id = a.patient_id
JOIN clinic.clinic c ON c.id = a.clinic_id
WHERE a.clinic_id = %(clinic)s AND a.deleted_at IS NULL
  AND a.status NOT IN ('cancelled', 'missed', 'rescheduled')
  AND a.starts_at >= (%(day)s::timestamp AT TIME ZONE c.zone)
  AND a.starts_at < ((%(day)s::date + 1)::timestamp AT TIME ZONE c.zone)
ORDER BY p.position, p.name, a.starts_at
"""


class PackVisit(Row):
    """A visit as it is needed on paper; times are the clinic's, ``balance`` is in minor units."""

    provider: str
    starts: datetime
    ends: datetime
    given: str
    family: str
    born: date | None
    phone: str
    service: str
    alert_kinds: tuple[str, ...]
    alerts: tuple[str, ...]
    balance: int


class Pack(Row):
    """The next day of one clinic."""

    clinic_id: UUID
    name: str
    phone: str
    zone: str
    locale: str
    currency: str
    paper: str
    made_at: datetime
    day: date
    visits: tuple[PackVisit, ...]


def packs(dsn: Dsn) -> tuple[Pack, ...]:
    """Return tomorrow at each clinic; ``dsn`` is the sign-in of clinic_backup."""
    with open_connection(dsn, settings="-c timezone=UTC") as connection:
        found = []
        for clinic in connection.execute(_CLINICS).fetchall():
            zone = ZoneInfo(clinic[3])
            rows = connection.execute(_VISITS, {"clinic": clinic[0], "day": clinic[8]})
            visits = tuple(
                PackVisit(
                    provider=row[0],
                    starts=row[1].astimezone(zone),
                    ends=row[2].astimezone(zone),
                    given=row[3],
                    family=row[4],
                    born=row[5],
                    phone=row[6],
                    service=row[7],
                    alert_kinds=row[8],
                    alerts=row[9],
                    balance=row[10],
                )
                for row in rows
            )
            names = ("clinic_id", "name", "phone", "zone", "locale", "currency", "paper")
            facts = dict(zip(names, clinic, strict=False))
            found.append(Pack(**facts, made_at=clinic[7], day=clinic[8], visits=visits))
        return tuple(found)

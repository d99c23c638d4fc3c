"""Whom a day brings, in the few facts that stand beside each visit on paper."""

from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.context import Context

_PEOPLE: Final = text(
    """
    SELECT p.id, p.born, p.born_estimated,
           ARRAY(SELECT DISTINCT a.kind FROM patient_alert a
                 WHERE a.clinic_id = p.clinic_id AND a.patient_id = p.id
                   AND a.deleted_at IS NULL) AS alerts
    FROM patient p
    WHERE p.clinic_id = :clinic AND p.id IN (
        SELECT v.patient_id FROM appointment v
        WHERE v.clinic_id = :clinic AND v.starts_at >= :start AND v.starts_at < :end
          AND v.deleted_at IS NULL)
    """
)


class VisitPerson(NamedTuple):
    """Who comes: birth date and the kinds of alerts in force."""

    patient_id: UUID
    born: date | None
    born_estimated: bool
    alerts: tuple[str, ...]


def day_people(ctx: Context, on: date) -> dict[UUID, VisitPerson]:
    """Return the patients with an appointment on a day of the clinic, by their id."""
    ctx.need(Permission.SCHEDULE_READ)
    ctx.need(Permission.PATIENTS_READ)
    day = LocalDay(on, ctx.zone)
    rows = ctx.connection.execute(
        _PEOPLE, {"clinic": ctx.clinic_id, "start": day.start, "end": day.end}
    )
    return {
        row.id: VisitPerson(row.id, row.born, row.born_estimated, tuple(row.alerts)) for row in rows
    }

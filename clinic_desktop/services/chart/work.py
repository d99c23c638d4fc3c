"""The work that a completion names, as it stands now: planned, charted as done or booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.chart.noting import Whose
from clinic_desktop.services.chart.schemas import Completion
from clinic_desktop.services.context import Context

# It answers one row without an item when there is none, so that it can say in any case whether the
# act was done before.
_WORK = Prepared(
    text(
        """
        SELECT d.before, p.given, p.family, p.born,
               c.id, c.version, c.status, c.tooth, c.surfaces, c.detail, c.code,
               c.provider_id, c.treatment_id, t.name, coalesce(c.fee, t.price) AS fee, c.done_at,
               (SELECT jsonb_agg(jsonb_build_array(m.product_id, m.quantity))
                FROM treatment_material m
                WHERE m.clinic_id = :clinic AND m.treatment_id = t.id AND m.deleted_at IS NULL),
               t.area, t.paint, v.name AS provider, n.body AS template
        FROM (SELECT (SELECT e.id FROM journal_entry e
                      WHERE e.clinic_id = :clinic AND e.act = :act) AS before) d
        LEFT JOIN patient p ON p.clinic_id = :clinic AND p.id = :patient
        LEFT JOIN chart_item c ON c.clinic_id = :clinic AND c.patient_id = :patient
             AND c.kind = 'procedure' AND c.id = ANY(CAST(:items AS uuid[]))
             AND c.until IS NULL AND c.deleted_at IS NULL
        LEFT JOIN treatment t ON t.clinic_id = :clinic AND t.id = c.treatment_id
        LEFT JOIN note_template n ON n.clinic_id = :clinic AND n.id = t.note_template_id
             AND n.active AND n.deleted_at IS NULL
        LEFT JOIN provider v ON v.clinic_id = :clinic
             AND v.id = coalesce(CAST(:provider AS uuid), c.provider_id)
        ORDER BY c.id
        """
    )
)
# Booked work is on no tooth; it gets a done item of its own and cannot be completed again.
_BOOKED = Prepared(
    text(
        """
        SELECT b.id, b.version, 'done' AS status, NULL AS tooth, '' AS surfaces, '' AS detail,
               t.code, a.provider_id, b.treatment_id, t.name, t.price AS fee, NULL AS done_at,
               (SELECT jsonb_agg(jsonb_build_array(m.product_id, m.quantity))
                FROM treatment_material m
                WHERE m.clinic_id = :clinic AND m.treatment_id = t.id AND m.deleted_at IS NULL),
               t.area, t.paint, v.name AS provider, n.body AS template
        FROM appointment_treatment b
        JOIN appointment a ON a.clinic_id = :clinic AND a.id = b.appointment_id
        JOIN treatment t ON t.clinic_id = :clinic AND t.id = b.treatment_id
        LEFT JOIN note_template n ON n.clinic_id = :clinic AND n.id = t.note_template_id
             AND n.active AND n.deleted_at IS NULL
        LEFT JOIN provider v ON v.clinic_id = :clinic
             AND v.id = coalesce(CAST(:provider AS uuid), a.provider_id)
        WHERE b.clinic_id = :clinic AND b.appointment_id = :appointment
          AND a.patient_id = :patient AND b.id = ANY(CAST(:booked AS uuid[]))
          AND b.chart_item_id IS NULL AND t.area NOT IN ('tooth', 'surface', 'root')
          AND b.deleted_at IS NULL
        ORDER BY b.position, b.id
        """
    )
)


class Procedure(NamedTuple):
    """One procedure as it is read, with the materials that its treatment uses."""

    id: UUID
    version: int
    status: str
    tooth: int | None
    surfaces: str
    detail: str
    code: str
    provider_id: UUID | None
    treatment_id: UUID
    name: str
    fee: int
    done_at: datetime | None
    materials: list[tuple[str, int]] | None
    area: str
    paint: str
    provider: str | None
    template: str | None


@dataclass(frozen=True, slots=True)
class ChosenWork:
    """One procedure to complete, and the item that is done when it is."""

    row: Procedure
    done_id: UUID
    booked: bool = False

    @property
    def planned(self) -> bool:
        """Whether it is closed as a plan and opened anew as done."""
        return self.row.status in {"planned", "in_progress"}


def read_work(
    ctx: Context, completion: Completion, act: str
) -> tuple[UUID | None, Whose, list[Procedure]]:
    """Return the entry of the same act done before, the patient, and the items as they are now."""
    rows = _WORK.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        patient=completion.patient_id,
        items=list(completion.item_ids),
        provider=completion.provider_id,
        act=act,
    )
    before, given, family, born, *_first = rows[0]
    found = [Procedure._make(row[4:]) for row in rows if row[4] is not None]
    return before, Whose(given or "", family or "", born), found


def chosen_work(
    ctx: Context, completion: Completion, rows: Sequence[Procedure]
) -> list[ChosenWork]:
    """Return these items and what else was booked, each with the item that will be done.

    Raises StaleError when something is not there any more, ConflictError when it cannot be done.
    """
    if len(rows) != len(set(completion.item_ids)):
        raise StaleError(_("Somebody changed this chart. Look at it again."))
    if any(row.done_at is not None for row in rows):
        raise ConflictError(_("Some of this work was completed already."))
    if any(row.status not in {"planned", "in_progress", "done"} for row in rows):
        raise ConflictError(_("Only planned or done work can be completed."))
    work = [ChosenWork(row, row.id if row.status == "done" else new_id()) for row in rows]
    return work + (_booked(ctx, completion) if completion.booked_ids else [])


def _booked(ctx: Context, completion: Completion) -> list[ChosenWork]:
    rows = _BOOKED.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        patient=completion.patient_id,
        appointment=completion.appointment_id,
        booked=list(completion.booked_ids),
        provider=completion.provider_id,
    )
    if len(rows) != len(set(completion.booked_ids)):
        raise StaleError(_("Somebody changed this appointment. Look at it again."))
    return [ChosenWork(Procedure._make(row), new_id(), booked=True) for row in rows]

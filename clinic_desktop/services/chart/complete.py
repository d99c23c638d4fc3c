"""Completing a visit: the tooth's state, a balanced charge and the stock used, in one act."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.billing.service import post_charges
from clinic_desktop.services.chart.schemas import Completed, Completion
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory.service import use_materials

# Rows travel as one parameter: the statements are the same for any number of procedures.
_WORK = text(
    """
    SELECT c.id, c.version, c.status, c.tooth, c.surfaces, c.code, c.provider_id, c.treatment_id,
           t.name, coalesce(c.fee, t.price) AS fee, c.done_at,
           coalesce((SELECT jsonb_agg(jsonb_build_array(m.product_id, m.quantity))
                     FROM treatment_material m
                     WHERE m.clinic_id = t.clinic_id AND m.treatment_id = t.id
                       AND m.deleted_at IS NULL), '[]') AS materials
    FROM chart_item c
    JOIN treatment t ON t.clinic_id = c.clinic_id AND t.id = c.treatment_id
    WHERE c.clinic_id = :clinic AND c.patient_id = :patient AND c.kind = 'procedure'
      AND c.id = ANY(CAST(:items AS uuid[])) AND c.deleted_at IS NULL
    ORDER BY c.id
    """
)
_CLOSE_PLANNED = text(
    """
    UPDATE chart_item c SET until = :day, version = c.version + 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, version int)
    WHERE c.clinic_id = :clinic AND c.id = r.id AND c.version = r.version AND c.until IS NULL
    """
)
_MARK_DONE = text(
    """
    UPDATE chart_item c SET done_at = :now, fee = r.fee, appointment_id =
           coalesce(c.appointment_id, CAST(:appointment AS uuid)), version = c.version + 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, version int, fee bigint)
    WHERE c.clinic_id = :clinic AND c.id = r.id AND c.version = r.version AND c.done_at IS NULL
    """
)
_ADD_DONE = text(
    """
    INSERT INTO chart_item (clinic_id, id, patient_id, kind, code, tooth, surfaces, status, since,
                            treatment_id, provider_id, appointment_id, fulfils_id, done_at, fee)
    SELECT :clinic, r.id, :patient, 'procedure', r.code, r.tooth, r.surfaces, 'done', :day,
           r.treatment_id, r.provider_id, :appointment, r.fulfils_id, :now, r.fee
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, code text, tooth smallint, surfaces text, treatment_id uuid, provider_id uuid,
        fulfils_id uuid, fee bigint)
    """
)
# Booked work is on no tooth; it gets a done item of its own and cannot be completed again.
_BOOKED = text(
    """
    SELECT b.id, b.version, 'done' AS status, NULL AS tooth, '' AS surfaces, t.code,
           a.provider_id, b.treatment_id, t.name, t.price AS fee, NULL AS done_at,
           coalesce((SELECT jsonb_agg(jsonb_build_array(m.product_id, m.quantity))
                     FROM treatment_material m
                     WHERE m.clinic_id = t.clinic_id AND m.treatment_id = t.id
                       AND m.deleted_at IS NULL), '[]') AS materials
    FROM appointment_treatment b
    JOIN appointment a ON a.clinic_id = b.clinic_id AND a.id = b.appointment_id
    JOIN treatment t ON t.clinic_id = b.clinic_id AND t.id = b.treatment_id
    WHERE b.clinic_id = :clinic AND b.appointment_id = :appointment AND a.patient_id = :patient
      AND b.id = ANY(CAST(:booked AS uuid[])) AND b.chart_item_id IS NULL
      AND t.area NOT IN ('tooth', 'surface', 'root') AND b.deleted_at IS NULL
    ORDER BY b.position, b.id
    """
)
_MARK_BOOKED = text(
    """
    UPDATE appointment_treatment b SET chart_item_id = r.item, version = b.version + 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, version int, item uuid)
    WHERE b.clinic_id = :clinic AND b.id = r.id AND b.version = r.version
      AND b.chart_item_id IS NULL
    """
)
_CLOSE_VISIT = text(
    """
    UPDATE appointment SET status = 'done', status_at = :now, done_at = :now, version = version + 1
    WHERE clinic_id = :clinic AND id = :appointment AND patient_id = :patient
      AND status IN ('pending', 'confirmed', 'arrived', 'in_chair') AND deleted_at IS NULL
    """
)
_DONE_BEFORE = text("SELECT id FROM journal_entry WHERE clinic_id = :clinic AND act = :act")


@dataclass(frozen=True, slots=True)
class _Work:
    """One procedure to complete, and the item that is done when it is."""

    row: Row[Any]
    done_id: UUID
    booked: bool = False

    @property
    def planned(self) -> bool:
        return self.row.status in {"planned", "in_progress"}


def complete_visit(ctx: Context, completion: Completion) -> Completed:
    """Complete work in one transaction: all of it or nothing.

    Planned items are closed and done ones opened in their place; what was charted as done is
    charged; what was booked on no tooth becomes a done item. Raises InvalidError when nothing is
    chosen, ConflictError when an item was completed already, StaleError when somebody changed one
    meanwhile.
    """
    ctx.need(Permission.CLINICAL_COMPLETE)
    if not completion.item_ids and not completion.booked_ids:
        raise InvalidError(_("Nothing is chosen to complete."), field="items")
    act = f"complete:{completion.act}"
    before = ctx.connection.execute(_DONE_BEFORE, {"clinic": ctx.clinic_id, "act": act}).scalar()
    if before is not None:
        return Completed(item_ids=(), charged=0, entry_id=before, shortages=(), already=True)
    work = _work(ctx, completion)
    _write_chart(ctx, completion, work)
    entry = post_charges(
        ctx,
        patient_id=completion.patient_id,
        act=act,
        day=today(ctx),
        charges=[_charge(completion, one) for one in work],
    )
    shortages = use_materials(
        ctx,
        [
            (UUID(product), quantity, one.done_id)
            for one in work
            for product, quantity in one.row.materials
        ],
    )
    if completion.appointment_id is not None:
        ctx.connection.execute(
            _CLOSE_VISIT,
            {
                "clinic": ctx.clinic_id,
                "appointment": completion.appointment_id,
                "patient": completion.patient_id,
                "now": ctx.now,
            },
        )
    return Completed(
        item_ids=tuple(one.done_id for one in work),
        charged=sum(one.row.fee for one in work),
        entry_id=entry,
        shortages=shortages,
    )


def _work(ctx: Context, completion: Completion) -> list[_Work]:
    rows = ctx.connection.execute(
        _WORK,
        {
            "clinic": ctx.clinic_id,
            "patient": completion.patient_id,
            "items": list(completion.item_ids),
        },
    ).all()
    if len(rows) != len(set(completion.item_ids)):
        raise StaleError(_("Somebody changed this chart. Look at it again."))
    if any(row.done_at is not None for row in rows):
        raise ConflictError(_("Some of this work was completed already."))
    if any(row.status not in {"planned", "in_progress", "done"} for row in rows):
        raise ConflictError(_("Only planned or done work can be completed."))
    work = [_Work(row, row.id if row.status == "done" else new_id()) for row in rows]
    return work + (_booked(ctx, completion) if completion.booked_ids else [])


def _booked(ctx: Context, completion: Completion) -> list[_Work]:
    rows = ctx.connection.execute(
        _BOOKED,
        {
            "clinic": ctx.clinic_id,
            "patient": completion.patient_id,
            "appointment": completion.appointment_id,
            "booked": list(completion.booked_ids),
        },
    ).all()
    if len(rows) != len(set(completion.booked_ids)):
        raise StaleError(_("Somebody changed this appointment. Look at it again."))
    return [_Work(row, new_id(), booked=True) for row in rows]


def _write_chart(ctx: Context, completion: Completion, work: Sequence[_Work]) -> None:
    planned = [one for one in work if one.planned]
    booked = [one for one in work if one.booked]
    charted = [one for one in work if not one.planned and not one.booked]
    keys = {
        "clinic": ctx.clinic_id,
        "day": today(ctx),
        "now": ctx.now,
        "appointment": completion.appointment_id,
        "patient": completion.patient_id,
    }
    if planned:
        closed = [{"id": one.row.id, "version": one.row.version} for one in planned]
        _exactly(ctx, _CLOSE_PLANNED, {**keys, "rows": closed}, len(planned))
    opened = [_done(completion, one) for one in (*planned, *booked)]
    if opened:
        _exactly(ctx, _ADD_DONE, {**keys, "rows": opened}, len(opened))
    if booked:
        marked = [
            {"id": one.row.id, "version": one.row.version, "item": one.done_id} for one in booked
        ]
        _exactly(ctx, _MARK_BOOKED, {**keys, "rows": marked}, len(booked))
    if charted:
        marked = [
            {"id": one.row.id, "version": one.row.version, "fee": one.row.fee} for one in charted
        ]
        _exactly(ctx, _MARK_DONE, {**keys, "rows": marked}, len(charted))


def _done(completion: Completion, one: _Work) -> dict[str, object]:
    return {
        "id": one.done_id,
        "code": one.row.code,
        "tooth": one.row.tooth,
        "surfaces": one.row.surfaces,
        "treatment_id": one.row.treatment_id,
        "provider_id": completion.provider_id or one.row.provider_id,
        "fulfils_id": None if one.booked else one.row.id,
        "fee": one.row.fee,
    }


def _exactly(ctx: Context, statement: Any, values: dict[str, Any], rows: int) -> None:
    """Run a statement that must touch so many rows: under row policies fewer is no error."""
    used = {name: value for name, value in values.items() if name in statement.compile().params}
    found = ctx.connection.execute(
        statement, {**used, "rows": json.dumps(values["rows"], default=str)}
    )
    if found.rowcount != rows:
        raise StaleError(_("Somebody changed this chart. Look at it again."))


def _charge(completion: Completion, one: _Work) -> Charge:
    return Charge(
        posting_id=new_id(),
        chart_item_id=one.done_id,
        provider_id=completion.provider_id or one.row.provider_id,
        text=one.row.name,
        tooth=one.row.tooth,
        surfaces=one.row.surfaces,
        code=one.row.code,
        amount=one.row.fee,
    )

"""Taking a completion back: the charge is reversed, materials return, plan and recall go back.

Nothing is wiped: the account shows charge and reversal, the stock what went and came back, the log
who did it. The note's draft goes along while nobody has touched it. Other work of the same entry is
charged anew, because an entry is reversed whole.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import local_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import AppointmentTreatment, ChartItem
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.billing.service import post_charges, reverse
from clinic_desktop.services.chart.noting import take_back_of
from clinic_desktop.services.chart.schemas import Uncompleted, Uncompletion
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory.service import give_back
from clinic_desktop.services.recalls.service import set_back
from clinic_desktop.services.rows import change_row

_DONE: Final = text(
    """
    SELECT c.id, c.version, c.act, c.fulfils_id, c.patient_id, c.treatment_id, c.done_at,
           b.id AS booked_id, b.version AS booked_version,
           p.id AS planned_id, p.version AS planned_version
    FROM chart_item c
    LEFT JOIN appointment_treatment b ON b.clinic_id = c.clinic_id AND b.chart_item_id = c.id
         AND b.deleted_at IS NULL
    LEFT JOIN chart_item p ON p.clinic_id = c.clinic_id AND p.id = c.fulfils_id
    WHERE c.clinic_id = :clinic AND c.id = :item AND c.patient_id = :patient
      AND c.done_at IS NOT NULL AND c.deleted_at IS NULL
    """
)
# The charge that stands for an item, with all that was charged in the same entry.
_CHARGED: Final = text(
    """
    SELECT p.journal_entry_id, p.chart_item_id, p.provider_id, p.text, p.tooth, p.surfaces, p.code,
           p.amount
    FROM posting p
    WHERE p.clinic_id = :clinic AND p.account = 'receivable' AND p.journal_entry_id = (
        SELECT o.journal_entry_id FROM posting o
        JOIN journal_entry e ON e.clinic_id = o.clinic_id AND e.id = o.journal_entry_id
             AND e.kind = 'charge' AND e.reverses_id IS NULL
        WHERE o.clinic_id = :clinic AND o.chart_item_id = :item AND o.account = 'receivable'
          AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.clinic_id = e.clinic_id
                          AND r.reverses_id = e.id)
        LIMIT 1)
    """
)


def uncomplete(ctx: Context, asked: Uncompletion) -> Uncompleted:
    """Take the completion of one piece of work back, in one transaction.

    Raises NotFoundError when it is not completed, ConflictError when its charge stands on an
    invoice, StaleError when somebody changed it meanwhile.
    """
    ctx.need(Permission.CLINICAL_REVERSE)
    act = f"uncomplete:{asked.act}"
    keys = {"clinic": ctx.clinic_id, "item": asked.item_id}
    row = ctx.connection.execute(_DONE, {**keys, "patient": asked.patient_id}).one_or_none()
    if row is None:
        raise NotFoundError(_("This work is not completed, or was taken back already."))
    charged = ctx.connection.execute(_CHARGED, keys).all()
    reversed_id = _reverse(ctx, asked, charged, act) if charged else None
    returned = give_back(ctx, [asked.item_id])
    note = take_back_of(ctx, row.act, patient_id=asked.patient_id, item_id=asked.item_id)
    _reopen(ctx, row)
    if row.treatment_id is not None:
        done_on = local_of(row.done_at, ctx.zone).date()
        set_back(ctx, asked.patient_id, row.treatment_id, done_on)
    amount = sum(one.amount for one in charged if one.chart_item_id == asked.item_id)
    return Uncompleted(entry_id=reversed_id, amount=amount, returned=returned, note=note)


def _reverse(ctx: Context, asked: Uncompletion, charged: Sequence[Any], act: str) -> UUID:
    """Reverse the entry, and charge again what else was in it."""
    day = today(ctx)
    entry: UUID = charged[0].journal_entry_id
    reversal = reverse(ctx, entry, act=act, day=day, memo=asked.reason)
    post_charges(
        ctx,
        patient_id=asked.patient_id,
        act=f"again:{asked.act}",
        day=day,
        charges=[
            Charge(
                posting_id=new_id(),
                chart_item_id=one.chart_item_id,
                provider_id=one.provider_id,
                text=one.text,
                tooth=one.tooth,
                surfaces=one.surfaces,
                code=one.code,
                amount=one.amount,
            )
            for one in charged
            if one.chart_item_id != asked.item_id
        ],
    )
    return reversal


def _reopen(ctx: Context, row: Any) -> None:
    """Put the chart back: the plan open again, or the work waiting to be completed."""
    name = f"x:{row.act.removeprefix('c:')}"
    if row.planned_id is None and row.booked_id is None:
        change_row(ctx, ChartItem, id=row.id, version=row.version, done_at=None, act=name)
        return
    change_row(ctx, ChartItem, id=row.id, version=row.version, deleted_at=ctx.now, act=name)
    if row.planned_id is not None:
        change_row(
            ctx, ChartItem, id=row.planned_id, version=row.planned_version, until=None, act=name
        )
    if row.booked_id is not None:
        change_row(
            ctx,
            AppointmentTreatment,
            id=row.booked_id,
            version=row.booked_version,
            chart_item_id=None,
        )

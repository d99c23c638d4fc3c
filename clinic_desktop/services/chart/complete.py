"""Completing a visit: tooth, balanced charge, stock, recall and the note's draft, in one act."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.chart_words import PER_TOOTH
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.billing.service import post_charges
from clinic_desktop.services.chart.asking import asked_of, chart_before, done_mark
from clinic_desktop.services.chart.done import chart_done
from clinic_desktop.services.chart.noting import open_for
from clinic_desktop.services.chart.schemas import Completed, Completion
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.chart.work import ChosenWork, chosen_work, read_work
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory.service import use_materials
from clinic_desktop.services.notes.opening import was_opened
from clinic_desktop.services.recalls.service import advance

_CLOSE_VISIT = Prepared(
    text(
        """
        UPDATE appointment SET status = 'done', status_at = :now, done_at = :now,
               version = version + 1
        WHERE clinic_id = :clinic AND id = :appointment AND patient_id = :patient
          AND status IN ('pending', 'confirmed', 'arrived', 'in_chair') AND deleted_at IS NULL
        """
    )
)


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
    before, whose, found = read_work(ctx, completion, act)
    if before is not None:
        return _done_before(ctx, completion, before)
    work = chosen_work(ctx, completion, found)
    _ask(ctx, completion, work)
    chart_done(ctx, completion, work)
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
            for one in _once_each(work)
            for product, quantity in one.row.materials or ()
        ],
    )
    advance(
        ctx,
        completion.patient_id,
        [one.row.treatment_id for one in work if one.row.treatment_id is not None],
    )
    note = open_for(
        ctx,
        completion.act,
        patient_id=completion.patient_id,
        appointment_id=completion.appointment_id,
        whose=whose,
        work=[one.row for one in work],
    )
    if completion.appointment_id is not None:
        _CLOSE_VISIT.count(
            ctx.connection,
            clinic=ctx.clinic_id,
            appointment=completion.appointment_id,
            patient=completion.patient_id,
            now=ctx.now,
        )
    return Completed(
        item_ids=tuple(one.done_id for one in work),
        charged=sum(one.row.fee for one in work),
        entry_id=entry,
        shortages=shortages,
        note_id=note,
    )


def _done_before(ctx: Context, completion: Completion, entry: UUID) -> Completed:
    """Return what the same act did when it was sent first, its note if that is still there."""
    note = completion.act if was_opened(ctx, completion.act) else None
    return Completed(
        item_ids=(), charged=0, entry_id=entry, shortages=(), already=True, note_id=note
    )


def _once_each(work: Sequence[ChosenWork]) -> list[ChosenWork]:
    """Return the work that takes materials: a denture on many teeth takes them once."""
    found: dict[object, ChosenWork] = {}
    for one in work:
        each = one.row.area in PER_TOOTH or one.row.tooth is None
        found.setdefault(one.done_id if each else one.row.treatment_id, one)
    return list(found.values())


def _ask(ctx: Context, completion: Completion, work: Sequence[ChosenWork]) -> None:
    """Refuse work that does not fit its tooth, unless somebody said that it was done all the same.

    Raises ConflictError (``asked``) with the sentences.
    """
    marks = [
        done_mark(
            tooth=one.row.tooth,
            surfaces=one.row.surfaces,
            code=one.row.code,
            paint=one.row.paint,
            name=one.row.name,
            item_id=one.row.id,
        )
        for one in work
        if one.row.tooth is not None
    ]
    if not marks:
        return
    chart = chart_before(ctx, completion.patient_id, marks)
    known = set(completion.asked_ids)
    sentences = [
        sentence
        for mark, said in asked_of(chart, marks, ctx.who.notation).items()
        if mark not in known
        for sentence in said
    ]
    if sentences:
        raise ConflictError(" ".join(dict.fromkeys(sentences)), field="asked")


def _charge(completion: Completion, one: ChosenWork) -> Charge:
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

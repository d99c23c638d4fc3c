"""Completing a visit: tooth, balanced charge, stock, recall and the note's draft, in one act."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.chart_words import PER_TOOTH
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.billing.service import post_charges
from clinic_desktop.services.chart.asking import asked_of, chart_before, done_mark
from clinic_desktop.services.chart.noting import Whose, open_for
from clinic_desktop.services.chart.schemas import Completed, Completion
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.context import Context
from clinic_desktop.services.inventory.service import use_materials
from clinic_desktop.services.notes.opening import was_opened
from clinic_desktop.services.recalls.service import advance

# Rows travel as one parameter: the statements are the same for any number of procedures. Each is
# also named by its key alone, or the server would read every chart to find these rows. What
# somebody else closed meanwhile is not done once more.
# The first statement answers one row without an item when there is none, so that it can say in any
# case whether the act was done before.
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
_CHART = Prepared(
    text(
        """
        WITH closed AS (
            UPDATE chart_item c SET until = :day, version = c.version + 1, act = :mark
            FROM unnest(CAST(:planned AS uuid[]), CAST(:versions AS int[])) AS r(id, version)
            WHERE c.clinic_id = :clinic AND c.id = ANY(CAST(:planned AS uuid[])) AND c.id = r.id
              AND c.version = r.version AND c.until IS NULL
            RETURNING c.id
        ), opened AS (
            INSERT INTO chart_item
                (clinic_id, id, patient_id, kind, code, tooth, surfaces, detail, status, since,
                 treatment_id, provider_id, appointment_id, fulfils_id, done_at, fee, act)
            SELECT :clinic, r.id, :patient, 'procedure', r.code, r.tooth, r.surfaces, r.detail,
                   'done', :day, r.treatment_id, r.provider_id, CAST(:appointment AS uuid),
                   r.fulfils_id, :now, r.fee, :mark
            FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
                id uuid, code text, tooth int, surfaces text, detail text, treatment_id uuid,
                provider_id uuid, fulfils_id uuid, fee bigint)
            WHERE r.fulfils_id IS NULL OR r.fulfils_id IN (SELECT id FROM closed)
            RETURNING id
        )
        SELECT (SELECT count(*) FROM closed), (SELECT count(*) FROM opened)
        """
    )
)
_MARK_DONE = Prepared(
    text(
        """
        UPDATE chart_item c SET done_at = :now, fee = r.fee, act = :mark, appointment_id =
               coalesce(c.appointment_id, CAST(:appointment AS uuid)), version = c.version + 1
        FROM unnest(CAST(:items AS uuid[]), CAST(:versions AS int[]), CAST(:fees AS bigint[]))
             AS r(id, version, fee)
        WHERE c.clinic_id = :clinic AND c.id = ANY(CAST(:items AS uuid[])) AND c.id = r.id
          AND c.version = r.version AND c.done_at IS NULL
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
_MARK_BOOKED = Prepared(
    text(
        """
        UPDATE appointment_treatment b SET chart_item_id = r.item, version = b.version + 1
        FROM unnest(CAST(:booked AS uuid[]), CAST(:versions AS int[]), CAST(:items AS uuid[]))
             AS r(id, version, item)
        WHERE b.clinic_id = :clinic AND b.id = ANY(CAST(:booked AS uuid[])) AND b.id = r.id
          AND b.version = r.version AND b.chart_item_id IS NULL
        """
    )
)
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


class _Found(NamedTuple):
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
class _Work:
    """One procedure to complete, and the item that is done when it is."""

    row: _Found
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
    before, whose, found = _asked(ctx, completion, act)
    if before is not None:
        return _done_before(ctx, completion, before)
    work = _work(ctx, completion, found)
    _ask(ctx, completion, work)
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


def _asked(
    ctx: Context, completion: Completion, act: str
) -> tuple[UUID | None, Whose, list[_Found]]:
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
    found = [_Found._make(row[4:]) for row in rows if row[4] is not None]
    return before, Whose(given or "", family or "", born), found


def _work(ctx: Context, completion: Completion, rows: Sequence[_Found]) -> list[_Work]:
    if len(rows) != len(set(completion.item_ids)):
        raise StaleError(_("Somebody changed this chart. Look at it again."))
    if any(row.done_at is not None for row in rows):
        raise ConflictError(_("Some of this work was completed already."))
    if any(row.status not in {"planned", "in_progress", "done"} for row in rows):
        raise ConflictError(_("Only planned or done work can be completed."))
    work = [_Work(row, row.id if row.status == "done" else new_id()) for row in rows]
    return work + (_booked(ctx, completion) if completion.booked_ids else [])


def _booked(ctx: Context, completion: Completion) -> list[_Work]:
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
    return [_Work(_Found._make(row), new_id(), booked=True) for row in rows]


def _once_each(work: Sequence[_Work]) -> list[_Work]:
    """Return the work that takes materials: a denture on many teeth takes them once."""
    found: dict[object, _Work] = {}
    for one in work:
        each = one.row.area in PER_TOOTH or one.row.tooth is None
        found.setdefault(one.done_id if each else one.row.treatment_id, one)
    return list(found.values())


def _ask(ctx: Context, completion: Completion, work: Sequence[_Work]) -> None:
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


def _write_chart(ctx: Context, completion: Completion, work: Sequence[_Work]) -> None:
    """Write what changes; under row policies fewer rows touched than asked is no error."""
    planned = [one for one in work if one.planned]
    booked = [one for one in work if one.booked]
    charted = [one for one in work if not one.planned and not one.booked]
    keys = {
        "clinic": ctx.clinic_id,
        "now": ctx.now,
        "mark": f"c:{completion.act.hex}",
        "appointment": completion.appointment_id,
    }
    touched = 0
    opened = [_done(completion, one) for one in (*planned, *booked)]
    if opened:
        closed, made = _CHART.first(
            ctx.connection,
            **keys,
            patient=completion.patient_id,
            day=today(ctx),
            planned=[one.row.id for one in planned],
            versions=[one.row.version for one in planned],
            rows=json.dumps(opened, default=str),
        )
        touched += closed if made == len(opened) else 0
    if booked:
        touched += _MARK_BOOKED.count(
            ctx.connection,
            clinic=ctx.clinic_id,
            booked=[one.row.id for one in booked],
            versions=[one.row.version for one in booked],
            items=[one.done_id for one in booked],
        )
    if charted:
        touched += _MARK_DONE.count(
            ctx.connection,
            **keys,
            items=[one.row.id for one in charted],
            versions=[one.row.version for one in charted],
            fees=[one.row.fee for one in charted],
        )
    if touched != len(work):
        raise StaleError(_("Somebody changed this chart. Look at it again."))


def _done(completion: Completion, one: _Work) -> dict[str, object]:
    return {
        "id": one.done_id,
        "code": one.row.code,
        "tooth": one.row.tooth,
        "surfaces": one.row.surfaces,
        "detail": one.row.detail,
        "treatment_id": one.row.treatment_id,
        "provider_id": completion.provider_id or one.row.provider_id,
        "fulfils_id": None if one.booked else one.row.id,
        "fee": one.row.fee,
    }


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

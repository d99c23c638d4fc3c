"""Completed work as the chart keeps it: plans closed, done items opened in their place."""

import json
from collections.abc import Sequence

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.chart.schemas import Completion
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.chart.work import ChosenWork
from clinic_desktop.services.context import Context

# Rows travel as one parameter: the statements are the same for any number of procedures. Each is
# also named by its key alone, or the server would read every chart to find these rows. What
# somebody else closed meanwhile is not done once more.
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


def chart_done(ctx: Context, completion: Completion, work: Sequence[ChosenWork]) -> None:
    """Write what changes; raises StaleError when somebody changed some of it meanwhile.

    Under row policies fewer rows touched than asked is no error of the database: they are counted.
    """
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


def _done(completion: Completion, one: ChosenWork) -> dict[str, object]:
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

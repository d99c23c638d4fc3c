"""What work asks of the teeth it is on: whether it fits them as they are charted now."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.chart_prerequisites import questions
from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus, ToothChart
from clinic_desktop.domain.teeth.of_items import chart_of_items
from clinic_desktop.services.chart.schemas import Charted
from clinic_desktop.services.chart.service import today
from clinic_desktop.services.context import Context

_ON_TEETH: Final = Prepared(
    text(
        """
        SELECT c.id, c.code, c.tooth, c.surfaces, c.detail, c.status, c.since,
               t.name AS treatment, t.paint
        FROM chart_item c
        LEFT JOIN treatment t ON t.clinic_id = :clinic AND t.id = c.treatment_id
        WHERE c.clinic_id = :clinic AND c.patient_id = :patient
          AND c.tooth = ANY(CAST(:teeth AS int[])) AND c.until IS NULL AND c.deleted_at IS NULL
        ORDER BY c.since, c.created_at, c.id
        """
    )
)


def chart_before(ctx: Context, patient_id: UUID, work: Sequence[ChartMark]) -> ToothChart:
    """Return the picture of the teeth that work is on, as they are without this work."""
    rows = _ON_TEETH.all(
        ctx.connection,
        clinic=ctx.clinic_id,
        patient=patient_id,
        teeth=sorted({mark.tooth for mark in work if mark.tooth is not None}),
    )
    own = {mark.id for mark in work}
    items = [one for one in map(Charted._make, rows) if one.id not in own]
    return chart_of_items(items, born=None, on=today(ctx))


def done_mark(
    *, tooth: int | None, surfaces: str, code: str, paint: str, name: str, item_id: UUID
) -> ChartMark:
    """Return work as the mark it would be once it is done."""
    return ChartMark(tooth, surfaces, code, MarkStatus.DONE, paint, name, item_id)


def asked_of(
    chart: ToothChart, marks: Iterable[ChartMark], notation: str
) -> dict[UUID, tuple[str, ...]]:
    """Return what is to be asked about each piece of work, by its id."""
    coming = tuple(marks)
    found = {}
    for mark in coming:
        rest = tuple(one for one in coming if one is not mark)
        said = questions(chart, (mark,), notation, beside=rest)
        if said and mark.id is not None:
            found[mark.id] = said
    return found

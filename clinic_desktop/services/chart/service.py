"""Reading the chart of any date, adding to it, and taking back what was added by mistake."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.teeth.numbering import teeth
from clinic_desktop.domain.teeth.surfaces import valid_codes
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import ChartItem
from clinic_desktop.services.chart.schemas import (
    ChartHistory,
    ChartItemRow,
    NewChartItem,
    PatientChart,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row

_ITEMS = text(
    """
    SELECT c.id, c.version, c.kind, c.code, c.tooth, c.surfaces, c.status, c.since, c.until,
           c.treatment_id, t.name AS treatment, t.paint, v.short_name AS provider,
           c.appointment_id, c.fulfils_id, c.done_at, c.fee, c.remark, c.created_at
    FROM chart_item c
    LEFT JOIN treatment t ON t.clinic_id = c.clinic_id AND t.id = c.treatment_id
    LEFT JOIN provider v ON v.clinic_id = c.clinic_id AND v.id = c.provider_id
    WHERE c.clinic_id = :clinic AND c.patient_id = :patient AND c.deleted_at IS NULL
    ORDER BY c.since, c.created_at, c.id
    """
)
_BORN = text(
    """
    SELECT p.born, log_access(p.clinic_id, p.id, 'open', 'chart')
    FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient
    """
)
_ONE = text(
    """
    SELECT c.id, c.version, c.status, c.done_at,
           EXISTS (SELECT FROM chart_item d WHERE d.clinic_id = c.clinic_id
                   AND d.fulfils_id = c.id AND d.deleted_at IS NULL) AS fulfilled
    FROM chart_item c
    WHERE c.clinic_id = :clinic AND c.id = ANY(CAST(:items AS uuid[])) AND c.deleted_at IS NULL
    """
).bindparams(bindparam("items"))


def today(ctx: Context) -> date:
    """Return the clinic's date."""
    return ctx.now.astimezone(ctx.zone).date()


def history_of(ctx: Context, patient_id: UUID) -> ChartHistory:
    """Return every entry of a patient's chart; reading it is written to the access log.

    Raises NotFoundError.
    """
    ctx.need(Permission.CLINICAL_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    patient = ctx.connection.execute(_BORN, keys).one_or_none()
    if patient is None:
        raise NotFoundError(_("This patient is not there."))
    return ChartHistory(
        patient_id=patient_id,
        born=patient.born,
        today=today(ctx),
        items=tuple(map(ChartItemRow.model_validate, ctx.connection.execute(_ITEMS, keys))),
    )


def chart_of(ctx: Context, patient_id: UUID, *, as_of: date | None = None) -> PatientChart:
    """Return the chart as it stood at the end of a day; of today when none is named.

    Opening a chart is written to the access log. Raises NotFoundError.
    """
    history = history_of(ctx, patient_id)
    day = as_of or history.today
    known = [row for row in history.items if row.since <= day]
    return PatientChart(
        patient_id=patient_id,
        as_of=day,
        born=history.born,
        items=history.on(day),
        changed_on=history.changed_on,
        # Unknown never looks like healthy: without any finding nobody has looked.
        examined=any(row.kind != "procedure" for row in known)
        or any(row.status in {"done", "existing"} for row in known),
    )


def add(ctx: Context, patient_id: UUID, items: Sequence[NewChartItem]) -> tuple[UUID, ...]:
    """Add entries to today's chart; return the ids of those that are new.

    Raises InvalidError (``line``) for a tooth or surface that does not exist.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    day = today(ctx)
    added = []
    for item in items:
        _check(item)
        values = item.model_dump(exclude={"id", "provider_id"})
        new = add_row(
            ctx,
            ChartItem,
            id=item.id,
            patient_id=patient_id,
            since=day,
            provider_id=item.provider_id or ctx.who.provider_id,
            **values,
        )
        if new:
            added.append(item.id)
    return tuple(added)


def _check(item: NewChartItem) -> None:
    if item.tooth is None:
        if item.surfaces:
            raise InvalidError(_("Name the tooth these surfaces belong to."), field="line")
        return
    if item.tooth not in teeth():
        raise InvalidError(_("There is no tooth {n}.").format(n=item.tooth), field="line")
    wrong = set(item.surfaces) - set(valid_codes(item.tooth))
    if wrong:
        raise InvalidError(
            _("Tooth {n} has no surface {letters}.").format(
                n=item.tooth, letters=", ".join(sorted(wrong))
            ),
            field="line",
        )


def withdraw(ctx: Context, item_ids: Sequence[UUID]) -> None:
    """Take back entries made by mistake; completed work is not taken back but reversed.

    Raises ConflictError when one of them was completed.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    rows = ctx.connection.execute(_ONE, {"clinic": ctx.clinic_id, "items": list(item_ids)}).all()
    if any(row.done_at is not None or row.fulfilled for row in rows):
        raise ConflictError(_("This work was completed and charged. Reverse the charge instead."))
    for row in rows:
        change_row(ctx, ChartItem, id=row.id, version=row.version, deleted_at=ctx.now)


def restore(ctx: Context, item_ids: Sequence[UUID]) -> None:
    """Put back entries that were withdrawn: the redo of an undo."""
    ctx.need(Permission.CLINICAL_WRITE)
    ctx.connection.execute(_RESTORE, {"clinic": ctx.clinic_id, "items": list(item_ids)})


_RESTORE = text(
    """
    UPDATE chart_item SET deleted_at = NULL, version = version + 1
    WHERE clinic_id = :clinic AND id = ANY(CAST(:items AS uuid[])) AND deleted_at IS NOT NULL
    """
)


def end(ctx: Context, item_id: UUID, version: int) -> int:
    """Say that a finding is no longer true from today; the past keeps it."""
    ctx.need(Permission.CLINICAL_WRITE)
    return change_row(ctx, ChartItem, id=item_id, version=version, until=today(ctx))


def reopen(ctx: Context, item_id: UUID, version: int) -> int:
    """Say that a finding is still true: the undo of ``end``."""
    ctx.need(Permission.CLINICAL_WRITE)
    return change_row(ctx, ChartItem, id=item_id, version=version, until=None)

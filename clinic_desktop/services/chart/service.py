"""Reading the chart of any date, adding to it, and taking back what was added by mistake."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.chart_details import valid_detail
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.teeth.numbering import Species, teeth
from clinic_desktop.domain.teeth.surfaces import valid_codes
from clinic_desktop.domain.vocabulary import procedures, terms
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import ChartItem, Patient
from clinic_desktop.services.chart.schemas import (
    ChartHistory,
    ChartItemRow,
    NewChartItem,
    PatientChart,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row

EARLIEST = date(1900, 1, 1)

_ITEMS = Prepared(
    text(
        """
    SELECT c.id, c.version, c.kind, c.code, c.tooth, c.surfaces, c.detail, c.status, c.since,
           c.until, c.treatment_id, t.name AS treatment, t.paint, v.short_name AS provider,
           c.appointment_id, c.fulfils_id, c.done_at, c.fee, c.remark,
           c.act, c.created_at
    FROM chart_item c
    LEFT JOIN treatment t ON t.clinic_id = c.clinic_id AND t.id = c.treatment_id
    LEFT JOIN provider v ON v.clinic_id = c.clinic_id AND v.id = c.provider_id
    WHERE c.clinic_id = :clinic AND c.patient_id = :patient AND c.deleted_at IS NULL
    ORDER BY c.since, c.created_at, c.id
    """
    )
)
_BORN = Prepared(
    text(
        """
    SELECT p.born, p.species, log_access(p.clinic_id, p.id, 'open', 'chart')
    FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient
    """
    )
)
_SPECIES = text("SELECT p.species FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient")
_WHOSE = text(
    """
    SELECT p.version, EXISTS (
        SELECT FROM chart_item c WHERE c.clinic_id = p.clinic_id AND c.patient_id = p.id
        AND c.tooth IS NOT NULL AND c.deleted_at IS NULL) AS charted
    FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient
    """
)
_CHANGED = text(
    """
    SELECT coalesce(s.name, l.login) FROM change_log l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.tbl = 'chart_item' AND l.row_id = :item
    ORDER BY l.seq DESC LIMIT 1
    """
)
_UNTIL = text(
    "SELECT c.until FROM chart_item c WHERE c.clinic_id = :clinic AND c.id = :item"
    " AND c.deleted_at IS NULL"
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
    patient = _BORN.first(ctx.connection, **keys)
    if patient is None:
        raise NotFoundError(_("This patient is not there."))
    born, species, _logged = patient
    return ChartHistory(
        patient_id=patient_id,
        born=born,
        species=species,
        today=today(ctx),
        items=tuple(map(ChartItemRow._make, _ITEMS.all(ctx.connection, **keys))),
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
        species=history.species,
        items=history.on(day),
        changed_on=history.changed_on,
        # Unknown never looks like healthy: without any finding nobody has looked.
        examined=any(row.kind != "procedure" for row in known)
        or any(row.status in {"done", "existing"} for row in known),
    )


def add(
    ctx: Context, patient_id: UUID, items: Sequence[NewChartItem], *, act: UUID | None = None
) -> tuple[UUID, ...]:
    """Add entries to the chart; return the ids of those that are new.

    ``act`` names them together, so that they are taken back together. Raises InvalidError
    (``line``) for a tooth or surface that does not exist and for a day that has not come.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    day, name = today(ctx), act_name(act or new_id())
    species = _species(ctx, patient_id)
    added = []
    for item in items:
        _check(item, species)
        values = item.model_dump(exclude={"id", "provider_id", "since"})
        new = add_row(
            ctx,
            ChartItem,
            id=item.id,
            patient_id=patient_id,
            since=_since(item, day),
            provider_id=item.provider_id or ctx.who.provider_id,
            act=name,
            **values,
        )
        if new:
            added.append(item.id)
    return tuple(added)


def act_name(act: UUID) -> str:
    """Return how an act that a person did is named in the rows it wrote."""
    return f"a:{act.hex}"


def _species(ctx: Context, patient_id: UUID) -> str:
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return str(ctx.connection.execute(_SPECIES, keys).scalar() or Species.HUMAN)


def _since(item: NewChartItem, day: date) -> date:
    since = item.since or day
    if since > day:
        raise InvalidError(
            _("This day has not come yet. Chart what is planned with p."), field="line"
        )
    if since < EARLIEST:
        raise InvalidError(_("This day is too long ago."), field="line")
    if since < day and item.status in {"planned", "in_progress", "done", "referred"}:
        raise InvalidError(
            _("Work of this clinic is charted on its day. Type e for what was there before."),
            field="line",
        )
    return since


def _check(item: NewChartItem, species: str) -> None:
    if not valid_detail(_painted(item), item.tooth, item.detail):
        raise InvalidError(
            _("“{words}” says nothing of this.").format(words=item.detail), field="line"
        )
    if item.tooth is None:
        if item.surfaces:
            raise InvalidError(_("Name the tooth these surfaces belong to."), field="line")
        return
    known = teeth().get(item.tooth)
    if known is None or known.species != species:
        raise InvalidError(_("There is no tooth {n}.").format(n=item.tooth), field="line")
    wrong = set(item.surfaces) - set(valid_codes(item.tooth))
    if wrong:
        raise InvalidError(
            _("Tooth {n} has no surface {letters}.").format(
                n=item.tooth, letters=", ".join(sorted(wrong))
            ),
            field="line",
        )


def _painted(item: NewChartItem) -> str:
    """Return the vocabulary code whose details an entry may have; of the neutral list its own."""
    if item.code in terms():
        return item.code
    neutral = procedures().get(item.code)
    return neutral.paint if neutral is not None else item.paint


def withdraw(
    ctx: Context,
    item_ids: Sequence[UUID],
    *,
    act: UUID | None = None,
    seen: Mapping[UUID, int] | None = None,
) -> None:
    """Take back entries made by mistake; completed work is not taken back but reversed.

    ``seen`` are the versions before who takes them back. Raises ConflictError when one of them was
    completed, StaleError that names who changed one since it was seen.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    rows = ctx.connection.execute(_ONE, {"clinic": ctx.clinic_id, "items": list(item_ids)}).all()
    gone = set(item_ids) - {row.id for row in rows}
    if gone:
        raise changed_first(ctx, gone.pop())
    if any(row.done_at is not None or row.fulfilled for row in rows):
        raise ConflictError(
            _("This work was completed and charged. Take the completion back instead.")
        )
    for row in rows:
        if seen is not None and seen.get(row.id, row.version) != row.version:
            raise changed_first(ctx, row.id)
    name = act_name(act or new_id())
    for row in rows:
        # Between reading and writing somebody else may have been first.
        _change(ctx, row.id, row.version, deleted_at=ctx.now, act=name)


def end(ctx: Context, item_id: UUID, version: int, *, act: UUID | None = None) -> int:
    """Say that a finding is no longer true from today; the past keeps it."""
    ctx.need(Permission.CLINICAL_WRITE)
    name = act_name(act or new_id())
    return _change(ctx, item_id, version, until=today(ctx), act=name)


def change_day(
    ctx: Context, item_id: UUID, version: int, since: date, *, act: UUID | None = None
) -> int:
    """Say from when an entry found in the mouth is true; what was known before stays in the log.

    Raises InvalidError (``since``) for a day that has not come, and for one after it ended.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    if since > today(ctx):
        raise InvalidError(_("This day has not come yet."), field="since")
    if since < EARLIEST:
        raise InvalidError(_("This day is too long ago."), field="since")
    until = ctx.connection.execute(_UNTIL, {"clinic": ctx.clinic_id, "item": item_id}).scalar()
    if until is not None and since > until:
        ended = format_date(until, ctx.who.locale)
        raise InvalidError(
            _("It ended on {day}, so it did not begin later.").format(day=ended), field="since"
        )
    name = act_name(act or new_id())
    return _change(ctx, item_id, version, since=since, act=name)


def _change(ctx: Context, item_id: UUID, version: int, **values: Any) -> int:
    """Change an entry as it was read; raises StaleError that names who changed it first."""
    try:
        return change_row(ctx, ChartItem, id=item_id, version=version, **values)
    except (StaleError, NotFoundError) as error:
        raise changed_first(ctx, item_id) from error


def changed_first(ctx: Context, item_id: UUID) -> StaleError:
    """Return that somebody changed an entry first, by name where the log is open to this person."""
    keys = {"clinic": ctx.clinic_id, "item": item_id}
    who = ctx.connection.execute(_CHANGED, keys).scalar_one_or_none() or _("Somebody")
    return StaleError(
        _("{who} changed this entry first. The chart shows it as it is now.").format(who=who)
    )


def set_species(ctx: Context, patient_id: UUID, species: Species) -> None:
    """Say whose teeth these are; raises ConflictError once a tooth is charted."""
    ctx.need(Permission.PATIENTS_WRITE)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    row = ctx.connection.execute(_WHOSE, keys).one_or_none()
    if row is None:
        raise NotFoundError(_("This patient is not there."))
    if row.charted:
        raise ConflictError(_("Teeth are charted already. Take those entries back first."))
    change_row(ctx, Patient, id=patient_id, version=row.version, species=species.value)

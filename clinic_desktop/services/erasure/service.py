"""Erasing a person; what goes and what stays is decided in the database, here stand the sentences.

``migrations/sql/2026_11_30_erasure.sql`` empties every row in one transaction and refuses what must
not be erased yet; docs/decisions/0017-erasure.md says what is kept and why.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.money import format_money
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError, StaleError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.models import Setting
from clinic_desktop.services.context import Context
from clinic_desktop.services.erasure.schemas import (
    Erased,
    ErasureOrder,
    ErasurePreview,
    ErasureRow,
    ErasureRules,
    ErasureRuleValues,
)
from clinic_desktop.services.progress import SILENT, Steps
from clinic_desktop.services.rows import add_row, change_row

_NAME: Final = "erasure"
_RECORD: Final = text(
    """
    SELECT p.number, p.given, p.family, p.erased_at, p.merged_into_id, m.number AS into_number
    FROM patient p
    LEFT JOIN patient m ON m.clinic_id = p.clinic_id AND m.id = p.merged_into_id
    WHERE p.clinic_id = :clinic AND p.id = :patient
    """
)
_PREVIEW: Final = text(
    """
    SELECT preview_erasure(:clinic, :patient) AS facts,
           log_access(:clinic, :patient, 'erase', 'patient') AS logged
    """
)
_ERASE: Final = text("SELECT erase_patient(:clinic, :erasure, :patient, :reason, :early) AS done")
_DONE: Final = text(
    """
    SELECT e.id, e.patient_id, p.number, e.created_at AS at, coalesce(s.name, '') AS by, e.reason,
           e.early_reason, e.care_until, e.invoices_kept, e.kept_until
    FROM erasure e
    JOIN patient p ON p.clinic_id = e.clinic_id AND p.id = e.patient_id
    LEFT JOIN person s ON s.clinic_id = e.clinic_id AND s.id = e.person_id
    WHERE e.clinic_id = :clinic
      AND (CAST(:erasure AS uuid) IS NULL OR e.id = CAST(:erasure AS uuid))
    ORDER BY e.created_at DESC, e.id LIMIT :most
    """
)
_OVER: Final = text(
    """
    SELECT count(*) FROM invoice i
    JOIN patient p ON p.clinic_id = i.clinic_id AND p.id = i.patient_id
    WHERE i.clinic_id = :clinic AND p.erased_at IS NOT NULL
      AND (i.bill_to <> '' OR i.remark <> '' OR i.document_id IS NOT NULL)
      AND i.issued_on + make_interval(years => :years) <= CAST(:today AS date)
    """
)
_LET_GO: Final = text("SELECT let_go_papers(:clinic) AS done")
_SETTING: Final = select(Setting.id, Setting.version, Setting.value).where(
    Setting.clinic_id == bindparam("clinic"),
    Setting.name == bindparam("name"),
    Setting.deleted_at.is_(None),
)


def preview(ctx: Context, patient_id: UUID) -> ErasurePreview:
    """Return everything there is of a person, what stays and until when, and what is in the way.

    Raises ConflictError for a record that was erased or merged, NotFoundError for none.
    """
    ctx.need(Permission.PATIENTS_ERASE)
    record = _record(ctx, patient_id)
    values = {"clinic": ctx.clinic_id, "patient": patient_id}
    facts: dict[str, Any] = ctx.connection.execute(_PREVIEW, values).one().facts
    return ErasurePreview.model_validate(
        {
            **facts,
            "patient_id": patient_id,
            "number": record.number,
            "name": full_name(record.given, record.family),
        }
    )


def erase(ctx: Context, order: ErasureOrder, steps: Steps = SILENT) -> Erased:
    """Erase a person for good and return what was kept; nothing brings them back.

    The same ``id`` sent twice is one act. Raises InvalidError with the field for what was typed
    wrong, ConflictError for what stands in the way: money, visits to come, the time for which the
    record is to be kept.
    """
    ctx.need(Permission.PATIENTS_ERASE)
    there = erasures(ctx, order.id)
    if there and there[0].patient_id == order.patient_id:
        return _told(there[0], entries=0, again=True)
    steps.tell(0, 3)
    found = preview(ctx, order.patient_id)
    _refuse(ctx, found, order)
    steps.tell(1, 3)
    try:
        done: dict[str, Any] = ctx.connection.execute(
            _ERASE,
            {
                "clinic": ctx.clinic_id,
                "erasure": order.id,
                "patient": order.patient_id,
                "reason": order.reason,
                "early": order.early_reason if found.before_its_time else "",
            },
        ).scalar_one()
    except DBAPIError as error:
        if constraint_of(error) == "erase_reason_names":
            raise _names() from error
        raise
    steps.tell(2, 3)
    return _told(erasures(ctx, order.id)[0], entries=done["entries"], again=False)


def erasures(ctx: Context, erasure_id: UUID | None = None, *, most: int = 500) -> list[ErasureRow]:
    """Return what was erased, the latest first, by whom and why; no name stands in it."""
    ctx.need(Permission.PATIENTS_READ)
    values = {"clinic": ctx.clinic_id, "erasure": erasure_id, "most": most}
    return [ErasureRow.model_validate(row) for row in ctx.connection.execute(_DONE, values)]


def papers_over(ctx: Context) -> int:
    """Return how many invoices of erased records have been kept as long as they had to be."""
    ctx.need(Permission.BILLING_READ)
    today = ctx.now.astimezone(ctx.zone).date()
    years = rules(ctx).fiscal_years
    values = {"clinic": ctx.clinic_id, "years": years, "today": today}
    return int(ctx.connection.execute(_OVER, values).scalar_one())


def let_go(ctx: Context) -> int:
    """Empty the buyer and remove the paper of those invoices; return how many there were."""
    ctx.need(Permission.PATIENTS_ERASE)
    return int(ctx.connection.execute(_LET_GO, {"clinic": ctx.clinic_id}).scalar_one())


def rules(ctx: Context) -> ErasureRules:
    """Return for how long the clinic keeps papers and records."""
    row = ctx.connection.execute(_SETTING, {"clinic": ctx.clinic_id, "name": _NAME}).one_or_none()
    return ErasureRules() if row is None else ErasureRules(version=row.version, **row.value)


def change_rules(ctx: Context, version: int, values: ErasureRuleValues) -> None:
    """Change for how long papers and records are kept. Raises StaleError."""
    ctx.need(Permission.SETTINGS_WRITE)
    row = ctx.connection.execute(_SETTING, {"clinic": ctx.clinic_id, "name": _NAME}).one_or_none()
    if row is not None:
        change_row(ctx, Setting, id=row.id, version=version, value=values.model_dump())
    elif version != 0:
        raise StaleError(_("Somebody saved this record first. Your text is kept."))
    else:
        add_row(ctx, Setting, id=new_id(), name=_NAME, value=values.model_dump())


# -- inside ---------------------------------------------------------------------------------------


def _record(ctx: Context, patient_id: UUID) -> Any:
    values = {"clinic": ctx.clinic_id, "patient": patient_id}
    record = ctx.connection.execute(_RECORD, values).one_or_none()
    if record is None:
        raise NotFoundError(_("The record is no longer there."))
    if record.erased_at is not None:
        raise ConflictError(
            _("The record No. {number} was erased already.").format(number=record.number)
        )
    if record.merged_into_id is not None:
        raise ConflictError(
            _(
                "This record was merged into No. {number} and is erased together with it. "
                "Open that one."
            ).format(number=record.into_number)
        )
    return record


def _refuse(ctx: Context, found: ErasurePreview, order: ErasureOrder) -> None:
    """Raise what stands in the way, the way out first."""
    way = blocked(ctx, found)
    if way:
        raise ConflictError(way[0])
    if order.number.strip().lstrip("#").lstrip("0") != found.number.lstrip("0"):
        raise InvalidError(
            _("Type the number of this record, {number}, to confirm.").format(number=found.number),
            field="number",
        )
    if not order.reason:
        raise InvalidError(_("Say why the person is erased."), field="reason")
    if found.before_its_time and not order.early_reason:
        raise InvalidError(
            _("Say why the record is not kept until its time is over."), field="early_reason"
        )


def blocked(ctx: Context, found: ErasurePreview) -> list[str]:
    """Return a sentence for each thing to be settled before the record can be erased."""
    who, way = ctx.who, []
    if found.coming:
        words = ngettext(
            "{count} visit is still to come. Cancel it first.",
            "{count} visits are still to come. Cancel them first.",
            len(found.coming),
        )
        way.append(words.format(count=len(found.coming)))
    if found.balance:
        amount = format_money(abs(found.balance), who.currency, who.locale)
        words = (
            _("{amount} is still to be paid. Settle the account first.")
            if found.balance > 0
            else _("The clinic owes the patient {amount}. Settle the account first.")
        )
        way.append(words.format(amount=amount))
    if found.deposit:
        amount = format_money(abs(found.deposit), who.currency, who.locale)
        words = _("A deposit of {amount} is still there. Use it or pay it back first.")
        way.append(words.format(amount=amount))
    if found.before_its_time and not found.early and found.care_until is not None:
        day = format_date(found.care_until, who.locale)
        words = _("The clinic keeps this record until {day}, and its rules allow no exception.")
        way.append(words.format(day=day))
    return way


def _names() -> InvalidError:
    return InvalidError(
        _("The reason is kept. Leave the person's name, phone and e-mail out of it."),
        field="reason",
    )


def _told(row: ErasureRow, *, entries: int, again: bool) -> Erased:
    return Erased(
        id=row.id,
        number=row.number,
        entries=entries,
        invoices=row.invoices_kept,
        kept_until=row.kept_until,
        again=again,
    )

"""Opening a record: one question for everything its head shows, with the entry of who read it."""

from datetime import UTC, datetime, time
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ErasedError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.lookups import erased_on, forwarded_to
from clinic_desktop.services.patients.schemas import Overview, PatientCard, Saved

Access = Literal["open", "peek", "refresh"]

# One function reads it for the caller: policies of nine tables would each ask for their rights.
_CARD: Final = Prepared(text("SELECT patient_card(:clinic, :patient, :access)"))
_VISITS: Final = text(
    """
    SELECT v.id, v.starts_at, v.ends_at, v.status, v.remark, d.short_name AS provider,
           d.colour AS colour, c.name AS chair,
           (SELECT o.starts_at FROM appointment o
            WHERE o.clinic_id = :clinic AND o.id = v.rescheduled_from_id) AS moved_from,
           ARRAY(SELECT t.name FROM appointment_treatment b
                 JOIN treatment t ON t.clinic_id = b.clinic_id AND t.id = b.treatment_id
                 WHERE b.clinic_id = :clinic AND b.appointment_id = v.id AND b.deleted_at IS NULL
                 ORDER BY b.position, b.id) AS treatments
    FROM (
        (SELECT * FROM appointment n
         WHERE n.clinic_id = :clinic AND n.patient_id = :patient AND n.starts_at >= :midnight
           AND n.deleted_at IS NULL AND n.status NOT IN ('cancelled', 'rescheduled')
         ORDER BY n.starts_at LIMIT :coming)
        UNION ALL
        (SELECT * FROM appointment n
         WHERE n.clinic_id = :clinic AND n.patient_id = :patient AND n.starts_at < :midnight
           AND n.deleted_at IS NULL AND n.status IN ('done', 'missed')
         ORDER BY n.starts_at DESC LIMIT :past)
    ) v
    JOIN provider d ON d.clinic_id = :clinic AND d.id = v.provider_id
    LEFT JOIN chair c ON c.clinic_id = :clinic AND c.id = v.chair_id
    ORDER BY v.starts_at < :midnight, CASE WHEN v.starts_at >= :midnight THEN v.starts_at END,
             v.starts_at DESC
    """
)
_RELATIVES: Final = text(
    """
    SELECT r.id, r.given, r.family, r.born, r.born_estimated, r.status, r.guardian_id,
           CASE WHEN :money THEN
               (SELECT coalesce(sum(o.amount), 0)::bigint FROM posting o
                WHERE o.clinic_id = :clinic AND o.patient_id = r.id) END AS balance
    FROM patient p
    JOIN patient r ON r.clinic_id = :clinic AND r.household_id = p.household_id AND r.id <> p.id
    WHERE p.clinic_id = :clinic AND p.id = :patient AND r.deleted_at IS NULL
    ORDER BY r.born, r.sort_key, r.id LIMIT 30
    """
)
_LAST_SAVE: Final = text(
    """
    SELECT l.at, coalesce(s.name, l.login) AS by, l.device
    FROM change_log l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.tbl = 'patient' AND l.row_id = :patient
    ORDER BY l.seq DESC LIMIT 1
    """
)
_COMING: Final = 4
_PAST: Final = 3


def open_patient(ctx: Context, patient_id: UUID, *, access: Access = "open") -> PatientCard:
    """Return a record's card and write down that it was read.

    ``access`` says how: opened, seen beside the list, or read again because it changed. A merged
    record answers with the one it forwards to. Raises NotFoundError when it is not there.
    """
    ctx.need(Permission.PATIENTS_READ)
    values = {"clinic": ctx.clinic_id, "access": access}
    (card,) = _CARD.first(ctx.connection, **values, patient=patient_id)
    if card is None:
        # Asked again in any case: a merge may have been taken apart between the two questions.
        target = forwarded_to(ctx, patient_id) or patient_id
        (card,) = _CARD.first(ctx.connection, **values, patient=target)
    if card is None:
        gone = erased_on(ctx, patient_id)
        if gone is not None:
            day = format_date(gone[1].astimezone(ctx.zone).date(), ctx.who.locale)
            raise ErasedError(
                _("The record No. {number} was erased on {day}.").format(number=gone[0], day=day)
            )
        raise NotFoundError(_("This patient is not in the records."))
    return PatientCard.model_validate_json(card)


def overview(ctx: Context, patient_id: UUID) -> Overview:
    """Return what the first tab shows beside the card: visits and family."""
    ctx.need(Permission.PATIENTS_READ)
    values = {**_moments(ctx), "patient": patient_id}
    visits = ctx.connection.execute(_VISITS, {**values, "coming": _COMING, "past": _PAST})
    relatives = ctx.connection.execute(
        _RELATIVES, {"clinic": ctx.clinic_id, "patient": patient_id, "money": _money(ctx)}
    )
    return Overview.model_validate(
        {
            "visits": tuple(row._asdict() for row in visits),
            "relatives": tuple(row._asdict() for row in relatives),
        }
    )


def last_save(ctx: Context, patient_id: UUID) -> Saved | None:
    """Return who saved the record last, for the conflict screen."""
    ctx.need(Permission.PATIENTS_READ)
    values = {"clinic": ctx.clinic_id, "patient": patient_id}
    found = ctx.connection.execute(_LAST_SAVE, values).first()
    return Saved.model_validate(found) if found is not None else None


def _money(ctx: Context) -> bool:
    return ctx.who.may(Permission.BILLING_READ)


def _moments(ctx: Context) -> dict[str, Any]:
    day = ctx.now.astimezone(ctx.zone).date()
    midnight = datetime.combine(day, time(), ctx.zone).astimezone(UTC)
    return {"clinic": ctx.clinic_id, "midnight": midnight}

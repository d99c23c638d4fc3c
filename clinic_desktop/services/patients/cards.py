"""Opening a record: one question for everything its head shows, with the entry of who read it."""

from datetime import UTC, datetime, time, timedelta
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

# As one text of JSON, which is read faster than thirty columns. Each mention of a table asks for
# the person's rights again, so the few visits of one patient are read in one.
_CARD: Final = Prepared(
    text(
        """
    SELECT CAST(row_to_json(card) AS text) AS card FROM (
    SELECT p.id, p.version, p.number, p.created_at, p.given, p.family, p.other_name, p.sex,
           p.species, p.born,
           p.born_estimated, p.phone, p.no_phone_reason, p.email, p.address, p.city, p.postcode,
           p.country, p.language, p.prefers, p.status, p.deceased_on, p.sticky_note, p.household_id,
           p.tags, p.photo_id, p.guardian_id, p.alerts_reviewed_at,
           CASE WHEN p.guardian_id IS NOT NULL THEN
               (SELECT concat_ws(' ', g.given, NULLIF(g.family, '')) FROM patient g
                WHERE g.clinic_id = :clinic AND g.id = p.guardian_id) END AS guardian,
           CASE WHEN p.household_id IS NOT NULL THEN
               (SELECT f.payer_id FROM household f
                WHERE f.clinic_id = :clinic AND f.id = p.household_id) END AS payer_id,
           CASE WHEN p.alerts_reviewed_by IS NOT NULL THEN
               (SELECT s.name FROM person s
                WHERE s.clinic_id = :clinic AND s.id = p.alerts_reviewed_by) END
               AS alerts_reviewed_by,
           (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', a.id, 'version', a.version, 'kind', a.kind, 'severity', a.severity,
                'text', a.text, 'substance', a.substance, 'noted_on', a.noted_on)
                ORDER BY a.severity DESC, a.noted_on, a.id), '[]')
            FROM patient_alert a
            WHERE a.clinic_id = :clinic AND a.patient_id = p.id AND a.deleted_at IS NULL) AS alerts,
           CASE WHEN m.today_id IS NOT NULL THEN
               (SELECT jsonb_build_object('id', v.id, 'starts_at', v.starts_at,
                    'ends_at', v.ends_at, 'status', v.status, 'remark', v.remark,
                    'provider', (SELECT d.short_name FROM provider d
                                 WHERE d.clinic_id = :clinic AND d.id = v.provider_id),
                    'chair', (SELECT c.name FROM chair c
                              WHERE c.clinic_id = :clinic AND c.id = v.chair_id))
                FROM appointment v WHERE v.clinic_id = :clinic AND v.id = m.today_id) END AS today,
           m.next_visit, m.last_visit,
           CASE WHEN :money THEN
               (SELECT coalesce(sum(o.amount), 0)::bigint FROM posting o
                WHERE o.clinic_id = :clinic AND o.patient_id = p.id) END AS balance,
           log_access(:clinic, p.id, :access, 'patient') AS logged
    FROM patient p
    CROSS JOIN LATERAL (
        SELECT min(v.starts_at) FILTER (WHERE v.starts_at >= :tomorrow
                   AND v.status IN ('pending', 'confirmed')) AS next_visit,
               max(v.starts_at) FILTER (WHERE v.starts_at < :now
                   AND v.status = 'done') AS last_visit,
               (array_agg(v.id ORDER BY v.status = 'done', v.starts_at)
                   FILTER (WHERE v.starts_at >= :midnight AND v.starts_at < :tomorrow))[1]
                   AS today_id
        FROM appointment v
        WHERE v.clinic_id = :clinic AND v.patient_id = p.id AND v.deleted_at IS NULL
          AND v.status IN ('pending', 'confirmed', 'arrived', 'in_chair', 'done')
    ) m
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.deleted_at IS NULL
    ) card
    """
    )
)
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
    values = {**_moments(ctx), "patient": patient_id, "access": access, "money": _money(ctx)}
    found = _CARD.first(ctx.connection, **values)
    if found is None:
        # Asked again in any case: a merge may have been taken apart between the two questions.
        target = forwarded_to(ctx, patient_id) or patient_id
        found = _CARD.first(ctx.connection, **{**values, "patient": target})
    if found is None:
        gone = erased_on(ctx, patient_id)
        if gone is not None:
            day = format_date(gone[1].astimezone(ctx.zone).date(), ctx.who.locale)
            raise ErasedError(
                _("The record No. {number} was erased on {day}.").format(number=gone[0], day=day)
            )
        raise NotFoundError(_("This patient is not in the records."))
    return PatientCard.model_validate_json(found[0])


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
    start, following = (
        datetime.combine(one, time(), ctx.zone).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    return {"clinic": ctx.clinic_id, "now": ctx.now, "midnight": start, "tomorrow": following}

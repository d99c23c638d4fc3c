"""What everybody must see before touching a patient: added, withdrawn, reviewed."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import N_, _
from clinic_desktop.models import Patient, PatientAlert
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.schemas import AlertRow, NewAlert
from clinic_desktop.services.rows import add_row, change_row

NONE_KNOWN: Final = "no_known_allergies"
KINDS: Final[dict[str, str]] = {
    "allergy": N_("Allergy"),
    NONE_KNOWN: N_("No known allergies"),
    "anticoagulant": N_("Anticoagulant"),
    "condition": N_("Condition"),
    "pregnancy": N_("Pregnancy"),
    "premedication": N_("Premedication"),
    "medicine": N_("Medicine"),
    "other": N_("Other"),
}
SEVERITIES: Final[dict[str, str]] = {
    "stop": N_("Stop"),
    "caution": N_("Caution"),
    "context": N_("Note"),
}
_LONGEST: Final = 500
_OF_PATIENT: Final = (
    select(
        PatientAlert.id,
        PatientAlert.version,
        PatientAlert.kind,
        PatientAlert.severity,
        PatientAlert.text,
        PatientAlert.substance,
        PatientAlert.noted_on,
    )
    .where(
        PatientAlert.clinic_id == bindparam("clinic"),
        PatientAlert.patient_id == bindparam("patient"),
        PatientAlert.deleted_at.is_(None),
    )
    .order_by(PatientAlert.severity.desc(), PatientAlert.noted_on, PatientAlert.id)
)
_REVIEW: Final = (
    update(Patient)
    .where(
        Patient.clinic_id == bindparam("clinic"),
        Patient.id == bindparam("patient"),
        Patient.deleted_at.is_(None),
    )
    .values(
        version=Patient.version + 1,
        alerts_reviewed_at=func.now(),
        alerts_reviewed_by=bindparam("person"),
    )
    .returning(Patient.version)
)


def alerts(ctx: Context, patient_id: UUID) -> tuple[AlertRow, ...]:
    """Return the alerts in force, stop-class first."""
    ctx.need(Permission.PATIENTS_READ)
    rows = ctx.connection.execute(_OF_PATIENT, {"clinic": ctx.clinic_id, "patient": patient_id})
    found = [AlertRow.model_validate(row) for row in rows]
    order = list(SEVERITIES)
    return tuple(sorted(found, key=lambda row: order.index(row.severity)))


def add_alert(ctx: Context, new: NewAlert) -> bool:
    """Record an alert; False when the same ``id`` is there already: the same act sent twice.

    An allergy ends the fact that none is known; that fact is refused while one is recorded.
    """
    ctx.need(Permission.PATIENTS_WRITE, Permission.CLINICAL_WRITE)
    if new.kind not in KINDS or new.severity not in SEVERITIES:
        raise ValueError(f"{new.kind} {new.severity}")
    none_known = new.kind == NONE_KNOWN
    words = "No known allergies" if none_known else new.text
    if not words:
        raise InvalidError(_("Write what it is, for example penicillin: rash."), field="text")
    if len(words) > _LONGEST or len(new.substance) > _LONGEST:
        raise InvalidError(
            _("This is {length} characters long. {longest} fit here.").format(
                length=max(len(words), len(new.substance)), longest=_LONGEST
            ),
            field="text",
        )
    if none_known or new.kind == "allergy":
        _settle(ctx, new)
    return add_row(
        ctx,
        PatientAlert,
        id=new.id,
        patient_id=new.patient_id,
        kind=new.kind,
        severity="context" if none_known else new.severity,
        text=words,
        substance=new.substance,
        noted_on=new.noted_on or ctx.now.astimezone(ctx.zone).date(),
    )


def _settle(ctx: Context, new: NewAlert) -> None:
    """Keep "none known" and an allergy from standing side by side."""
    for row in alerts(ctx, new.patient_id):
        if row.id == new.id:
            continue
        if row.kind == "allergy" and new.kind == NONE_KNOWN:
            raise ConflictError(
                _("An allergy is recorded: {allergy}. Withdraw it first.").format(allergy=row.text)
            )
        if row.kind == NONE_KNOWN:
            change_row(ctx, PatientAlert, id=row.id, version=row.version, deleted_at=ctx.now)


def withdraw_alert(ctx: Context, alert_id: UUID, version: int) -> None:
    """Take an alert out of force; it stays in the history."""
    ctx.need(Permission.PATIENTS_WRITE, Permission.CLINICAL_WRITE)
    change_row(ctx, PatientAlert, id=alert_id, version=version, deleted_at=ctx.now)


def review_alerts(ctx: Context, patient_id: UUID) -> int:
    """Note that the person at the screen has gone through the alerts now; return the version.

    The record's version moves on without being compared: a review takes nothing from an edit
    that somebody else has open.
    """
    ctx.need(Permission.PATIENTS_WRITE)
    version = ctx.connection.execute(
        _REVIEW,
        {"clinic": ctx.clinic_id, "patient": patient_id, "person": ctx.who.person_id},
    ).scalar_one_or_none()
    if version is None:
        raise NotFoundError(_("The record is no longer there."))
    return int(version)

"""Guardians, and families whose accounts one of them pays."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Household
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row

_PERSON: Final = text(
    """
    SELECT p.id, p.given, p.family, p.guardian_id, p.household_id, h.payer_id,
           h.version AS household_version,
           (SELECT count(*) FROM patient o WHERE o.clinic_id = :clinic
            AND o.household_id = p.household_id AND o.deleted_at IS NULL) AS members
    FROM patient p
    LEFT JOIN household h ON h.clinic_id = p.clinic_id AND h.id = p.household_id
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.deleted_at IS NULL
    """
)
# The record's version moves on without being compared: who belongs to whom takes nothing from an
# edit that somebody else has open.
_GUARDIAN: Final = text(
    """
    UPDATE patient p SET guardian_id = CAST(:other AS uuid), version = p.version + 1
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.deleted_at IS NULL
    """
)
_HOUSEHOLD: Final = text(
    """
    UPDATE patient p SET household_id = CAST(:other AS uuid), version = p.version + 1
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.deleted_at IS NULL
    """
)


def set_guardian(ctx: Context, patient_id: UUID, guardian_id: UUID | None) -> UUID | None:
    """Name the patient's guardian, or none; return the one there was before.

    Raises ConflictError where somebody would be their own guardian, directly or over another.
    """
    ctx.need(Permission.PATIENTS_WRITE)
    person = _person(ctx, patient_id)
    if guardian_id is not None and _person(ctx, guardian_id)["guardian_id"] == patient_id:
        raise ConflictError(_("These two would be each other’s guardian."))
    values = {"clinic": ctx.clinic_id, "patient": patient_id, "other": guardian_id}
    try:
        ctx.connection.execute(_GUARDIAN, values)
    except IntegrityError as error:
        if constraint_of(error) == "patient_not_own_guardian_check":
            raise ConflictError(_("Nobody is their own guardian.")) from error
        raise
    before: UUID | None = person["guardian_id"]
    return before


def join_family(ctx: Context, patient_id: UUID, relative_id: UUID) -> None:
    """Put a patient into a relative's family; without one the relative becomes its payer.

    Raises ConflictError for somebody who belongs to another family.
    """
    ctx.need(Permission.PATIENTS_WRITE)
    if patient_id == relative_id:
        raise ConflictError(_("These are the same record. Choose another one."))
    person, relative = _person(ctx, patient_id), _person(ctx, relative_id)
    if person["household_id"] is not None:
        if person["household_id"] == relative["household_id"]:
            return
        raise ConflictError(
            _("{name} belongs to another family. Leave that one first.").format(
                name=person["given"]
            )
        )
    household: UUID | None = relative["household_id"]
    if household is None:
        household = new_id()
        name = relative["family"] or relative["given"]
        add_row(ctx, Household, id=household, name=name, payer_id=relative_id)
        _move(ctx, relative_id, household)
    _move(ctx, patient_id, household)


def leave_family(ctx: Context, patient_id: UUID) -> None:
    """Take a patient out of their family; raises ConflictError for who pays for others."""
    ctx.need(Permission.PATIENTS_WRITE)
    person = _person(ctx, patient_id)
    if person["household_id"] is None:
        return
    if person["payer_id"] == patient_id and person["members"] > 1:
        raise ConflictError(
            _("{name} pays for the family. Choose who pays first.").format(name=person["given"])
        )
    _move(ctx, patient_id, None)


def set_payer(ctx: Context, patient_id: UUID) -> UUID | None:
    """Let a member pay for the family; return who paid before."""
    ctx.need(Permission.PATIENTS_WRITE)
    person = _person(ctx, patient_id)
    if person["household_id"] is None:
        raise ConflictError(_("{name} belongs to no family.").format(name=person["given"]))
    change_row(
        ctx,
        Household,
        id=person["household_id"],
        version=person["household_version"],
        payer_id=patient_id,
    )
    before: UUID | None = person["payer_id"]
    return before


def _move(ctx: Context, patient_id: UUID, household_id: UUID | None) -> None:
    values = {"clinic": ctx.clinic_id, "patient": patient_id, "other": household_id}
    ctx.connection.execute(_HOUSEHOLD, values)


def _person(ctx: Context, patient_id: UUID) -> dict[str, Any]:
    found = ctx.connection.execute(
        _PERSON, {"clinic": ctx.clinic_id, "patient": patient_id}
    ).one_or_none()
    if found is None:
        raise NotFoundError(_("This patient is not in the records."))
    return found._asdict()

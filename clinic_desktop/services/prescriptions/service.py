"""Issuing prescriptions in one's own name, checked against the recorded allergies."""

from uuid import UUID

from sqlalchemy import Table, insert, select, text

from clinic_desktop.domain.formulary import LIST_VERSION, allergy_conflicts
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import PatientAlert, Prescription
from clinic_desktop.models import PrescriptionItem as ItemModel
from clinic_desktop.services.context import Context
from clinic_desktop.services.prescriptions.schemas import (
    NewPrescription,
    PrescriptionItem,
    PrescriptionRow,
)
from clinic_desktop.services.rows import add_row, change_row

_ITEMS_TABLE: Table = ItemModel.__table__  # type: ignore[assignment]  # declared as FromClause

# The functions write the access entry; there is no other way to the contents.
_READ = text(
    """
    SELECT r.id, r.version, r.patient_id, r.provider_id, v.name AS provider, v.registration,
           r.year, r.number, r.issued_at, r.weight_grams, r.allergies, r.overrides, r.list_version,
           r.document_id
    FROM read_prescription(:clinic, :patient, CAST(:prescription AS uuid)) r
    JOIN provider v ON v.clinic_id = r.clinic_id AND v.id = r.provider_id
    WHERE r.status = 'issued' ORDER BY r.issued_at DESC
    """
)
_READ_ITEMS = text(
    """
    SELECT i.prescription_id, i.position, i.drug_id, i.drug, i.form, i.dose, i.arithmetic,
           i.quantity, i.unit, i.days, i.instructions
    FROM read_prescription_item(:clinic, :patient) i
    WHERE CAST(:prescription AS uuid) IS NULL OR i.prescription_id = :prescription
    ORDER BY i.prescription_id, i.position
    """
)


class AllergyConflictError(ConflictError):
    """What is prescribed stands against a recorded allergy: change it, or give the reason."""

    def __init__(self, drug: str, allergies: tuple[str, ...]) -> None:
        super().__init__(
            _(
                "{drug} stands against the allergy “{allergy}”. Change it, or write the reason."
            ).format(drug=drug, allergy=", ".join(allergies)),
            field="override",
        )


def allergies_of(ctx: Context, patient_id: UUID) -> tuple[str, ...]:
    """Return the recorded allergies of a patient, as they stand in the alerts."""
    ctx.need(Permission.PATIENTS_READ)
    rows = ctx.connection.execute(
        select(PatientAlert.substance, PatientAlert.text).where(
            PatientAlert.clinic_id == ctx.clinic_id,
            PatientAlert.patient_id == patient_id,
            PatientAlert.kind == "allergy",
            PatientAlert.deleted_at.is_(None),
        )
    )
    return tuple(f"{row.substance} {row.text}".strip() for row in rows)


def issue(ctx: Context, new: NewPrescription) -> PrescriptionRow:
    """Issue a prescription in one's own name under the next number of the year.

    Raises InvalidError (``items``) for an empty one, AllergyConflictError without a reason,
    NotAllowedError when the person is no provider.
    """
    ctx.need(Permission.PRESCRIPTIONS_WRITE)
    if not new.items:
        raise InvalidError(_("Add a medicine first."), field="items")
    if ctx.who.provider_id is None:
        raise NotAllowedError(_("Only a provider prescribes. Ask an administrator to add you."))
    allergies = allergies_of(ctx, new.patient_id)
    for item in new.items:
        against = allergy_conflicts(item.drug, allergies)
        if against and not new.override:
            raise AllergyConflictError(item.drug, against)
    if add_row(
        ctx,
        Prescription,
        id=new.id,
        patient_id=new.patient_id,
        provider_id=ctx.who.provider_id,
        weight_grams=new.weight_grams,
        allergies="\n".join(allergies),
        overrides=new.override,
        list_version=LIST_VERSION,
    ):
        ctx.connection.execute(
            insert(_ITEMS_TABLE),
            [
                {
                    "clinic_id": ctx.clinic_id,
                    "patient_id": new.patient_id,
                    "prescription_id": new.id,
                    "position": position,
                    **item.model_dump(),
                }
                for position, item in enumerate(new.items, start=1)
            ],
        )
        change_row(ctx, Prescription, id=new.id, version=1, status="issued")
    return prescription(ctx, new.patient_id, new.id)


def prescription(ctx: Context, patient_id: UUID, prescription_id: UUID) -> PrescriptionRow:
    """Return an issued prescription; reading it is written to the access log."""
    found = _read(ctx, patient_id, prescription_id)
    if not found:
        raise NotFoundError(_("This prescription is not there."))
    return found[0]


def prescriptions_of(ctx: Context, patient_id: UUID) -> tuple[PrescriptionRow, ...]:
    """Return what was prescribed to a patient, latest first."""
    return _read(ctx, patient_id, None)


def _read(
    ctx: Context, patient_id: UUID, prescription_id: UUID | None
) -> tuple[PrescriptionRow, ...]:
    ctx.need(Permission.PRESCRIPTIONS_READ)
    keys = {
        "clinic": ctx.clinic_id,
        "patient": patient_id,
        "prescription": prescription_id,
    }
    heads = ctx.connection.execute(_READ, keys).mappings().all()
    items: dict[UUID, list[PrescriptionItem]] = {}
    for row in ctx.connection.execute(_READ_ITEMS, keys):
        items.setdefault(row.prescription_id, []).append(PrescriptionItem.model_validate(row))
    return tuple(
        PrescriptionRow.model_validate({**head, "items": tuple(items.get(head["id"], ()))})
        for head in heads
    )


def attach_paper(ctx: Context, prescription_id: UUID, version: int, document_id: UUID) -> None:
    """Say which stored paper is the printed prescription."""
    ctx.need(Permission.PRESCRIPTIONS_WRITE)
    change_row(ctx, Prescription, id=prescription_id, version=version, document_id=document_id)

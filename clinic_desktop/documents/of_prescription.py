"""An issued prescription as paper: read through services, drawn once, stored, printed as stored."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from babel.numbers import format_decimal

from clinic_desktop.documents.of_clinic import head_of, language_of
from clinic_desktop.documents.of_invoice import address_of
from clinic_desktop.documents.papers import AllergyStatement, PrescriptionItem, PrescriptionPaper
from clinic_desktop.documents.prescription import render_prescription
from clinic_desktop.domain.births import age_text
from clinic_desktop.domain.formulary import LIST_DATE
from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _, in_language, ngettext
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import PROVIDER_KINDS, ClinicCard
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import NewDocument
from clinic_desktop.services.patients import open_patient
from clinic_desktop.services.patients.schemas import AlertRow, PatientCard
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import PrescriptionItem as Issued
from clinic_desktop.services.prescriptions.schemas import PrescriptionRow

# What a pharmacist should know besides allergies.
_TOLD: Final = frozenset({"condition", "anticoagulant", "pregnancy"})


def prescription_paper(ctx: Context, patient_id: UUID, prescription_id: UUID) -> bytes:
    """Return the PDF of an issued prescription; the first call draws and stores it.

    Every later call returns the stored bytes. Needs a writing context. Raises NotFoundError,
    StaleError when it was printed for the first time at the same moment (ask again).
    """
    issued = prescriptions.prescription(ctx, patient_id, prescription_id)
    if issued.document_id is not None:
        return documents.content(ctx, patient_id, issued.document_id)
    card = clinic.clinic_card(ctx)
    patient = open_patient(ctx, patient_id, access="refresh")
    with in_language(language_of(patient.language, card)):
        data = render_prescription(_paper(ctx, issued, card, patient))
        title = _("Prescription {number}").format(number=issued.label)
    document_id = documents.store(
        ctx,
        NewDocument(
            id=new_id(), patient_id=patient_id, kind="prescription", title=title, content=data
        ),
    )
    prescriptions.attach_paper(ctx, issued.id, issued.version, document_id)
    return data


def _paper(
    ctx: Context, issued: PrescriptionRow, card: ClinicCard, patient: PatientCard
) -> PrescriptionPaper:
    day = issued.issued_at.astimezone(ctx.zone).date()
    kinds = {row.id: row.kind for row in clinic.providers(ctx, inactive=True)}
    kind = PROVIDER_KINDS.get(kinds.get(issued.provider_id, ""), "")
    return PrescriptionPaper(
        head=head_of(card),
        number=issued.label,
        issued_at=issued.issued_at,
        prescriber=issued.provider,
        prescriber_title=_(kind) if kind else "",
        prescriber_registration=issued.registration,
        patient_name=patient.name,
        patient_born=None if patient.born_estimated else patient.born,
        patient_age=_age(patient, day),
        patient_weight=weight_text(issued.weight_grams, card.locale),
        patient_address=address_of(patient),
        guardian=patient.guardian or "",
        allergies=allergy_statement(issued.allergies, patient.alerts),
        conditions=tuple(alert.text for alert in patient.alerts if alert.kind in _TOLD),
        items=tuple(map(_item, issued.items)),
        list_version=issued.list_version,
        list_date=LIST_DATE,
        fingerprint=fingerprint(issued),
        note=_("Prescribed with the allergy known. Reason: {reason}").format(
            reason=issued.overrides
        )
        if issued.overrides
        else "",
    )


def _age(patient: PatientCard, day: date) -> str:
    if patient.born is None:
        return ""
    return age_text(patient.born, day, estimated=patient.born_estimated)


def weight_text(grams: int | None, locale: str) -> str:
    """Return a weight in kilograms as the locale writes it, empty where it is not known."""
    if grams is None:
        return ""
    return _("{weight} kg").format(weight=format_decimal(Decimal(grams) / 1000, locale=locale))


def allergy_statement(recorded: str, alerts: tuple[AlertRow, ...]) -> AllergyStatement:
    """Return what was known when the prescription was issued, parted where the alerts still say it.

    ``recorded`` holds the allergies of that moment, one on a line.
    """
    parted = {
        f"{alert.substance} {alert.text}".strip(): _parted(alert)
        for alert in alerts
        if alert.kind == "allergy"
    }
    listed = tuple(parted.get(line, (line, "")) for line in recorded.splitlines() if line)
    asked = [alert.noted_on for alert in alerts if alert.kind == "no_known_allergies"]
    return AllergyStatement(listed=listed, asked_on=max(asked) if asked and not listed else None)


def _parted(alert: AlertRow) -> tuple[str, str]:
    """Return substance and reaction; many write both into one text."""
    if not alert.substance:
        return alert.text, ""
    reaction = alert.text.removeprefix(alert.substance).lstrip(" :,")
    return alert.substance, reaction


def _item(item: Issued) -> PrescriptionItem:
    return PrescriptionItem(
        drug=", ".join(part for part in (item.drug, item.form) if part),
        dose=item.dose if item.dose.endswith((".", "!", "?")) else f"{item.dose}.",
        quantity=Decimal(item.quantity),
        unit=item.unit,
        arithmetic=item.arithmetic,
        duration=ngettext("For {count} day.", "For {count} days.", item.days).format(
            count=item.days
        )
        if item.days
        else "",
        instructions=item.instructions,
    )


def fingerprint(issued: PrescriptionRow) -> str:
    """Return twelve characters that change when anything that was prescribed is changed."""
    parts = [
        issued.label,
        str(issued.patient_id),
        issued.provider,
        issued.registration,
        issued.issued_at.isoformat(),
        str(issued.weight_grams),
        issued.allergies,
        issued.overrides,
        *(item.model_dump_json() for item in issued.items),
    ]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return "·".join(digest[at : at + 4] for at in range(0, 12, 4))

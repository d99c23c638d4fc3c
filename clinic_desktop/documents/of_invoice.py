"""An issued invoice as paper: read through services, drawn once, stored, and printed as stored."""

from datetime import date
from uuid import UUID

from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.documents.of_clinic import head_of, language_of, lines_of
from clinic_desktop.documents.papers import InvoiceLine, InvoicePaper, OpenItem, Payment
from clinic_desktop.domain.aging import open_amounts
from clinic_desktop.domain.charges import charge_title
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.describe import surface_words
from clinic_desktop.domain.teeth.numbering import written
from clinic_desktop.i18n import _, in_language
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import InvoiceLineRow, InvoiceRow, LineOrigin
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ClinicCard, InvoiceRules
from clinic_desktop.services.context import Context
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import NewDocument
from clinic_desktop.services.patients import open_patient
from clinic_desktop.services.patients.schemas import PatientCard


def invoice_paper(ctx: Context, invoice_id: UUID) -> bytes:
    """Return the PDF of an issued invoice; the first call draws and stores it.

    Every later call returns the stored bytes. Needs a writing context. Raises NotFoundError,
    StaleError when somebody printed it for the first time at the same moment (ask again).
    """
    issued = invoices.invoice(ctx, invoice_id)
    if issued.document_id is not None:
        return documents.content(ctx, issued.patient_id, issued.document_id)
    card = clinic.clinic_card(ctx)
    patient = open_patient(ctx, issued.patient_id, access="refresh")
    with in_language(language_of(patient.language, card)):
        data = render_invoice(_paper(ctx, issued, card, patient))
        title = _("Invoice {number}").format(number=issued.label)
    document_id = documents.store(
        ctx,
        NewDocument(
            id=new_id(),
            patient_id=issued.patient_id,
            kind="invoice",
            title=title,
            content=data,
        ),
    )
    invoices.attach_paper(ctx, issued.id, issued.version, document_id)
    return data


def _paper(
    ctx: Context, issued: InvoiceRow, card: ClinicCard, patient: PatientCard
) -> InvoicePaper:
    origins = {one.position: one for one in invoices.origins(ctx, issued.id)}
    rules = clinic.invoice_rules(ctx)
    paid, others = _account(ctx, issued, card)
    payer, *payer_address = lines_of(issued.bill_to) or ("",)
    providers = dict.fromkeys(one.provider for one in origins.values() if one.provider)
    return InvoicePaper(
        head=head_of(card),
        number=issued.label,
        issued_on=issued.issued_on,
        due_on=issued.due_on,
        patient_name=patient.name,
        patient_address=address_of(patient),
        patient_number=patient.number,
        payer_name=payer,
        payer_address=tuple(payer_address),
        treated_by=", ".join(providers),
        lines=tuple(_line(line, origins[line.position], card) for line in issued.lines),
        subtotal_minor=issued.total,
        total_minor=issued.total,
        exemption=rules.exemption,
        paid_minor=paid,
        please_pay_minor=max(0, issued.total - paid),
        open_items=others,
        payment=_payment(issued, card, rules),
        remark=issued.remark,
    )


def _line(line: InvoiceLineRow, origin: LineOrigin, card: ClinicCard) -> InvoiceLine:
    surfaces = surface_words(line.surfaces)
    return InvoiceLine(
        on=line.day,
        tooth="" if line.tooth is None else written(line.tooth, card.notation),
        text=line.text,
        surfaces=surfaces[:1].upper() + surfaces[1:],
        code=origin.code,
        unit_price_minor=line.amount // line.quantity,
        amount_minor=line.amount,
    )


def _payment(issued: InvoiceRow, card: ClinicCard, rules: InvoiceRules) -> Payment | None:
    if not card.bank_account and not rules.pay_note:
        return None
    return Payment(
        holder=card.name if card.bank_account else "",
        iban=card.bank_account,
        reference=issued.label,
        note=rules.pay_note,
    )


def _account(
    ctx: Context, issued: InvoiceRow, card: ClinicCard
) -> tuple[int, tuple[OpenItem, ...]]:
    """Return what of this invoice is paid already, and what is open of earlier ones.

    Payments count for the oldest charges first, as on the screen.
    """
    lines = billing.ledger(ctx, issued.patient_id).lines
    still_open, _credit = open_amounts(lines)
    paid = 0
    others: dict[UUID, list[tuple[date, str, int, str]]] = {}
    for line in lines:
        rest = still_open.get(line.posting_id, 0)
        if line.invoice_id == issued.id:
            paid += line.amount - rest
        elif line.invoice_id is not None and rest:
            title = charge_title(
                line.text,
                tooth=line.tooth,
                surfaces=line.surfaces,
                notation=card.notation,
                locale=card.locale,
            )
            if rest < line.amount:
                title = _("{work}, rest").format(work=title)
            found = (line.day, title, rest, line.invoice_number or "")
            others.setdefault(line.invoice_id, []).append(found)
    items = tuple(_open_item(found) for found in others.values())
    return paid, items


def _open_item(found: list[tuple[date, str, int, str]]) -> OpenItem:
    """Return one invoice's open lines as one item, named by the first of them."""
    day, text, _rest, number = found[0]
    if len(found) > 1:
        text = _("{work} and {count} more").format(work=text, count=len(found) - 1)
    return OpenItem(on=day, text=text, number=number, amount_minor=sum(one[2] for one in found))


def address_of(patient: PatientCard) -> tuple[str, ...]:
    """Return where a patient lives, in lines."""
    town = " ".join(part for part in (patient.city, patient.postcode) if part)
    return (*lines_of(patient.address), *lines_of(town))

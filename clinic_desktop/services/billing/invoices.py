"""Invoices: issued under the next number of their series, read again, kept with their paper."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, literal_column, select, text, update

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Invoice, InvoiceLine
from clinic_desktop.services.billing.schemas import (
    InvoiceLineRow,
    InvoiceRow,
    LineOrigin,
    NewInvoice,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import change_row

LONGEST_INVOICE: Final = 1_000

_ORIGINS = text(
    """
    SELECT l.position, p.code, coalesce(v.name, '') AS provider
    FROM invoice_line l
    JOIN posting p ON p.clinic_id = l.clinic_id AND p.id = l.posting_id
    LEFT JOIN provider v ON v.clinic_id = p.clinic_id AND v.id = p.provider_id
    WHERE l.clinic_id = :clinic AND l.invoice_id = :invoice ORDER BY l.position
    """
)
# The draft with its lines in one statement. It answers the lines; none when the invoice was there
# already, one without a position when no charge can be billed.
_DRAFT = Prepared(
    text(
        """
        WITH charge AS MATERIALIZED (
            SELECT p.id, e.day, p.tooth, p.surfaces, p.text, p.amount,
                   row_number() OVER (ORDER BY e.day, p.id) AS position
            FROM posting p
            JOIN journal_entry e ON e.clinic_id = :clinic AND e.id = p.journal_entry_id
            WHERE p.clinic_id = :clinic AND p.patient_id = :patient AND p.account = 'receivable'
              AND p.id = ANY(CAST(:chosen AS uuid[]))
              AND e.kind = 'charge' AND e.reverses_id IS NULL
              AND NOT EXISTS (SELECT FROM journal_entry r
                              WHERE r.clinic_id = :clinic AND r.reverses_id = e.id)
              AND NOT EXISTS (SELECT FROM invoice_line l
                              WHERE l.clinic_id = :clinic AND l.posting_id = p.id)
        ), made AS (
            INSERT INTO invoice
                (clinic_id, id, patient_id, series, bill_to, remark, due_on, total)
            SELECT :clinic, :invoice, :patient, :series, :bill_to, :remark,
                   CAST(:due_on AS date), coalesce(sum(c.amount), 0)
            FROM charge c
            ON CONFLICT (clinic_id, id) DO NOTHING
            RETURNING id
        ), line AS (
            INSERT INTO invoice_line (clinic_id, id, invoice_id, position, posting_id, day, tooth,
                                      surfaces, text, amount)
            SELECT :clinic, n.id, m.id, c.position, c.id, c.day, c.tooth, c.surfaces, c.text,
                   c.amount
            FROM made m
            CROSS JOIN charge c
            JOIN unnest(CAST(:line_ids AS uuid[])) WITH ORDINALITY AS n(id, place)
                 ON n.place = c.position
            RETURNING position, day, tooth, surfaces, text, quantity, amount
        )
        SELECT l.* FROM made LEFT JOIN line l ON true ORDER BY l.position
        """
    )
)
_INVOICE_FIELDS: Final = tuple(name for name in InvoiceRow.model_fields if name != "lines")
_LINE_FIELDS: Final = tuple(InvoiceLineRow.model_fields)
_INVOICE_COLUMNS = [getattr(Invoice, name) for name in _INVOICE_FIELDS]
_INVOICE = Prepared(
    select(*_INVOICE_COLUMNS).where(
        Invoice.clinic_id == bindparam("clinic"),
        Invoice.id == bindparam("invoice"),
        Invoice.status == "issued",
    )
)
_ISSUE = Prepared(
    update(Invoice)
    .where(
        Invoice.clinic_id == bindparam("clinic"),
        Invoice.id == bindparam("invoice"),
        Invoice.version == literal_column("1"),
    )
    .values(status=literal_column("'issued'"), version=literal_column("2"))
    .returning(*_INVOICE_COLUMNS)
)
_INVOICES = (
    select(*_INVOICE_COLUMNS)
    .where(
        Invoice.clinic_id == bindparam("clinic"),
        Invoice.patient_id == bindparam("patient"),
        Invoice.status == "issued",
    )
    .order_by(Invoice.issued_at.desc())
)
_LINES = Prepared(
    select(*[getattr(InvoiceLine, name) for name in _LINE_FIELDS])
    .where(
        InvoiceLine.clinic_id == bindparam("clinic"), InvoiceLine.invoice_id == bindparam("invoice")
    )
    .order_by(InvoiceLine.position)
)


def issue_invoice(ctx: Context, new: NewInvoice) -> InvoiceRow:
    """Bill charges under the next number of the series; the number is taken last, without gaps.

    Raises InvalidError when nothing is chosen, ConflictError when a charge is billed already.
    """
    ctx.need(Permission.BILLING_ISSUE)
    if not 0 < len(new.posting_ids) <= LONGEST_INVOICE:
        raise InvalidError(_("Choose the charges to bill."), field="posting_ids")
    chosen = set(new.posting_ids)
    keys = {"clinic": ctx.clinic_id, "invoice": new.id}
    lines = _DRAFT.all(
        ctx.connection,
        **keys,
        patient=new.patient_id,
        chosen=list(chosen),
        line_ids=[new_id() for _posting in chosen],
        series=new.series,
        bill_to=new.bill_to,
        remark=new.remark,
        due_on=new.due_on,
    )
    if not lines:
        return invoice(ctx, new.id)
    if len(lines) != len(chosen) or lines[0][0] is None:
        raise ConflictError(_("One of these charges is billed already. Look at the account again."))
    return _invoice_row(_ISSUE.first(ctx.connection, **keys), lines)


def invoice(ctx: Context, invoice_id: UUID) -> InvoiceRow:
    """Return an issued invoice with its lines; raises NotFoundError."""
    ctx.need(Permission.BILLING_READ)
    keys = {"clinic": ctx.clinic_id, "invoice": invoice_id}
    row = _INVOICE.first(ctx.connection, **keys)
    if row is None:
        raise NotFoundError(_("This invoice is not there."))
    return _invoice_row(row, _LINES.all(ctx.connection, **keys))


def _invoice_row(row: tuple[Any, ...], lines: Sequence[tuple[Any, ...]]) -> InvoiceRow:
    named = [dict(zip(_LINE_FIELDS, line, strict=True)) for line in lines]
    return InvoiceRow.model_validate(
        {**dict(zip(_INVOICE_FIELDS, row, strict=True)), "lines": named}
    )


def origins(ctx: Context, invoice_id: UUID) -> tuple[LineOrigin, ...]:
    """Return code and provider of every line of an invoice, in their order."""
    ctx.need(Permission.BILLING_READ)
    keys = {"clinic": ctx.clinic_id, "invoice": invoice_id}
    return tuple(map(LineOrigin.model_validate, ctx.connection.execute(_ORIGINS, keys)))


def invoices_of(ctx: Context, patient_id: UUID) -> tuple[InvoiceRow, ...]:
    """Return a patient's issued invoices without their lines, latest first."""
    ctx.need(Permission.BILLING_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return tuple(map(InvoiceRow.model_validate, ctx.connection.execute(_INVOICES, keys)))


def attach_paper(ctx: Context, invoice_id: UUID, version: int, document_id: UUID) -> None:
    """Say which stored paper is the printed invoice; done once, after the number is known."""
    ctx.need(Permission.BILLING_ISSUE)
    change_row(ctx, Invoice, id=invoice_id, version=version, document_id=document_id)

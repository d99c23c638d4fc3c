"""The ledger of an account and its invoices; the journal balances or the database refuses it."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, literal_column, select, text, update
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Invoice, InvoiceLine, JournalEntry, Posting
from clinic_desktop.services.billing.schemas import (
    AccountRow,
    Charge,
    InvoiceLineRow,
    InvoiceRow,
    Ledger,
    LedgerLine,
    LineOrigin,
    NewInvoice,
    OpenCharge,
    invoice_label,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import change_row

LONGEST_INVOICE: Final = 1_000
_REVERSED_ONCE: Final = {
    "journal_entry_clinic_id_reverses_id_key",
    "journal_entry_clinic_id_act_key",
}

_LEDGER = text(
    """
    SELECT p.id AS posting_id, e.id AS entry_id, e.kind, e.day, p.text, p.tooth, p.surfaces,
           p.amount, e.reverses_id, e.memo, i.id AS invoice_id, i.series, i.year, i.number,
           EXISTS (SELECT FROM journal_entry r
                   WHERE r.clinic_id = e.clinic_id AND r.reverses_id = e.id) AS reversed
    FROM posting p
    JOIN journal_entry e ON e.clinic_id = p.clinic_id AND e.id = p.journal_entry_id
    LEFT JOIN invoice_line l ON l.clinic_id = p.clinic_id AND l.posting_id = p.id
    LEFT JOIN invoice i ON i.clinic_id = l.clinic_id AND i.id = l.invoice_id
         AND i.status = 'issued'
    WHERE p.clinic_id = :clinic AND p.patient_id = :patient AND p.account = 'receivable'
    ORDER BY e.day, e.created_at, p.id
    """
)
_OPEN = text(
    """
    SELECT p.id AS posting_id, e.day, p.tooth, p.surfaces, p.text, p.amount
    FROM posting p
    JOIN journal_entry e ON e.clinic_id = p.clinic_id AND e.id = p.journal_entry_id
    WHERE p.clinic_id = :clinic AND p.patient_id = :patient AND p.account = 'receivable'
      AND e.kind = 'charge' AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM journal_entry r
                      WHERE r.clinic_id = e.clinic_id AND r.reverses_id = e.id)
      AND NOT EXISTS (SELECT FROM invoice_line l
                      WHERE l.clinic_id = p.clinic_id AND l.posting_id = p.id)
    ORDER BY e.day, p.id
    """
)
_ORIGINS = text(
    """
    SELECT l.position, p.code, coalesce(v.name, '') AS provider
    FROM invoice_line l
    JOIN posting p ON p.clinic_id = l.clinic_id AND p.id = l.posting_id
    LEFT JOIN provider v ON v.clinic_id = p.clinic_id AND v.id = p.provider_id
    WHERE l.clinic_id = :clinic AND l.invoice_id = :invoice ORDER BY l.position
    """
)
# Accounts with work that stands on no invoice: only the days since then are walked, by their
# index, so that the screen is there at once however long the clinic has been keeping books.
_NOT_INVOICED = text(
    """
    SELECT a.id AS patient_id, a.number, a.given, a.family, o.not_invoiced, o.charges, o.oldest,
           o.last_entry,
           (SELECT coalesce(sum(b.amount), 0) FROM posting b
            WHERE b.clinic_id = :clinic AND b.patient_id = a.id)::bigint AS balance
    FROM (
        SELECT p.patient_id, sum(p.amount)::bigint AS not_invoiced, count(*) AS charges,
               min(e.day) AS oldest, max(e.day) AS last_entry
        FROM journal_entry e
        JOIN posting p ON p.clinic_id = e.clinic_id AND p.journal_entry_id = e.id
             AND p.account = 'receivable'
        WHERE e.clinic_id = :clinic AND e.day >= :since AND e.kind = 'charge'
          AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT FROM journal_entry r
                          WHERE r.clinic_id = e.clinic_id AND r.reverses_id = e.id)
          AND NOT EXISTS (SELECT FROM invoice_line l
                          WHERE l.clinic_id = p.clinic_id AND l.posting_id = p.id)
        GROUP BY p.patient_id
    ) o
    JOIN patient a ON a.clinic_id = :clinic AND a.id = o.patient_id
    ORDER BY o.oldest, a.sort_key, a.id LIMIT :most
    """
)
_OWING = text(
    """
    SELECT a.id AS patient_id, a.number, a.given, a.family, o.balance, 0 AS not_invoiced,
           0 AS charges, CAST(NULL AS date) AS oldest,
           (SELECT max(e.day) FROM journal_entry e
            WHERE e.clinic_id = :clinic AND e.patient_id = a.id) AS last_entry
    FROM (
        SELECT p.patient_id, sum(p.amount)::bigint AS balance
        FROM posting p
        WHERE p.clinic_id = :clinic AND p.patient_id IS NOT NULL
        GROUP BY p.patient_id HAVING sum(p.amount) > 0
        ORDER BY sum(p.amount) DESC LIMIT :most
    ) o
    JOIN patient a ON a.clinic_id = :clinic AND a.id = o.patient_id
    ORDER BY o.balance DESC, a.sort_key, a.id
    """
)
# An entry and its postings in one statement; the rows travel as one parameter, so that it is the
# same for any number of them.
_ENTER = Prepared(
    text(
        """
        WITH entry AS (
            INSERT INTO journal_entry
                (clinic_id, id, patient_id, kind, day, act, memo, reverses_id)
            VALUES (:clinic, :entry, :patient, :kind, :day, :act, :memo, CAST(:reverses AS uuid))
            RETURNING id
        )
        INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, provider_id,
                             chart_item_id, amount, text, tooth, surfaces, code)
        SELECT :clinic, r.id, e.id, r.account, r.patient_id, r.provider_id, r.chart_item_id,
               r.amount, r.text, r.tooth, r.surfaces, r.code
        FROM entry e
        CROSS JOIN jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
            id uuid, account text, patient_id uuid, provider_id uuid, chart_item_id uuid,
            amount bigint, text text, tooth int, surfaces text, code text)
        """
    )
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


def post_charges(
    ctx: Context, *, patient_id: UUID, act: str, day: date, charges: Sequence[Charge]
) -> UUID | None:
    """Charge work to a patient's account in one balanced entry; return the entry's id.

    ``act`` names the act, so that the same act charged twice is refused as already done: the
    entry of the first is left as it is and None is returned. Free work is not charged.
    """
    ctx.need(Permission.BILLING_POST, Permission.CLINICAL_COMPLETE)
    owed = [charge for charge in charges if charge.amount != 0]
    if not owed:
        return None
    entry = new_id()
    rows = [side for charge in owed for side in _sides(charge, patient_id)]
    _enter(ctx, entry, rows, patient=patient_id, kind="charge", day=day, act=act)
    return entry


def _sides(charge: Charge, patient_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the patient owes and what the provider earned by it."""
    work = charge.model_dump(exclude={"posting_id", "amount"})
    owed = {"id": charge.posting_id, "account": "receivable", "patient_id": patient_id}
    earned = {"id": new_id(), "account": "income", "patient_id": None}
    return {**work, **owed, "amount": charge.amount}, {**work, **earned, "amount": -charge.amount}


def _enter(
    ctx: Context,
    entry: UUID,
    rows: list[dict[str, Any]],
    *,
    memo: str = "",
    reverses: UUID | None = None,
    **values: Any,
) -> None:
    """Write an entry with its postings."""
    _ENTER.count(
        ctx.connection,
        clinic=ctx.clinic_id,
        entry=entry,
        rows=json.dumps(rows, default=str),
        memo=memo,
        reverses=reverses,
        **values,
    )


def reverse(ctx: Context, entry_id: UUID, *, act: str, day: date, memo: str) -> UUID:
    """Reverse an entry with another that takes every posting back; return its id.

    Raises NotFoundError, ConflictError when it is reversed already or stands on an invoice.
    """
    ctx.need(Permission.BILLING_POST, Permission.CLINICAL_REVERSE)
    entry = ctx.connection.execute(
        select(JournalEntry.patient_id, JournalEntry.kind).where(
            JournalEntry.clinic_id == ctx.clinic_id, JournalEntry.id == entry_id
        )
    ).one_or_none()
    if entry is None:
        raise NotFoundError(_("This entry is not there."))
    postings = (
        ctx.connection.execute(
            select(
                Posting.id,
                Posting.account,
                Posting.patient_id,
                Posting.provider_id,
                Posting.chart_item_id,
                Posting.amount,
                Posting.text,
                Posting.tooth,
                Posting.surfaces,
                Posting.code,
            ).where(Posting.clinic_id == ctx.clinic_id, Posting.journal_entry_id == entry_id)
        )
        .mappings()
        .all()
    )
    billed = ctx.connection.execute(
        select(InvoiceLine.id).where(
            InvoiceLine.clinic_id == ctx.clinic_id,
            InvoiceLine.posting_id.in_([posting["id"] for posting in postings]),
        )
    ).first()
    if billed is not None:
        raise ConflictError(_("This charge stands on an invoice. Write a credit note instead."))
    reversal = new_id()
    try:
        _enter(
            ctx,
            reversal,
            [{**posting, "id": new_id(), "amount": -posting["amount"]} for posting in postings],
            patient=entry.patient_id,
            kind=entry.kind,
            day=day,
            act=act,
            memo=memo,
            reverses=entry_id,
        )
    except IntegrityError as error:
        if constraint_of(error) not in _REVERSED_ONCE:
            raise
        raise ConflictError(_("This entry is reversed already.")) from error
    return reversal


def ledger(ctx: Context, patient_id: UUID) -> Ledger:
    """Return a patient's account with its running balance."""
    ctx.need(Permission.BILLING_READ)
    rows = ctx.connection.execute(_LEDGER, {"clinic": ctx.clinic_id, "patient": patient_id})
    lines: list[LedgerLine] = []
    balance = 0
    for row in rows:
        balance += row.amount
        label = invoice_label(row.series, row.year, row.number) if row.number else None
        lines.append(
            LedgerLine(
                posting_id=row.posting_id,
                entry_id=row.entry_id,
                kind=row.kind,
                day=row.day,
                text=row.text,
                tooth=row.tooth,
                surfaces=row.surfaces,
                amount=row.amount,
                balance=balance,
                invoice_id=row.invoice_id,
                invoice_number=label,
                reverses_id=row.reverses_id,
                reversed=row.reversed,
                memo=row.memo,
            )
        )
    return Ledger(patient_id=patient_id, lines=tuple(lines), balance=balance)


def open_charges(ctx: Context, patient_id: UUID) -> tuple[OpenCharge, ...]:
    """Return the charges that stand on no invoice yet, oldest first."""
    ctx.need(Permission.BILLING_READ)
    rows = ctx.connection.execute(_OPEN, {"clinic": ctx.clinic_id, "patient": patient_id})
    return tuple(map(OpenCharge.model_validate, rows))


def not_invoiced(ctx: Context, *, since: date, most: int = 500) -> tuple[AccountRow, ...]:
    """Return the accounts with work since a day that stands on no invoice, oldest work first."""
    ctx.need(Permission.BILLING_READ)
    keys = {"clinic": ctx.clinic_id, "since": since, "most": most}
    return tuple(map(AccountRow.model_validate, ctx.connection.execute(_NOT_INVOICED, keys)))


def owing(ctx: Context, *, most: int = 500) -> tuple[AccountRow, ...]:
    """Return the accounts on which something is to be paid, largest first."""
    ctx.need(Permission.BILLING_READ)
    keys = {"clinic": ctx.clinic_id, "most": most}
    return tuple(map(AccountRow.model_validate, ctx.connection.execute(_OWING, keys)))


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

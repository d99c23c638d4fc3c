"""The ledger of an account: charges, reversals; the journal balances or the database refuses it."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import InvoiceLine, JournalEntry, Posting
from clinic_desktop.services.billing.schemas import (
    Charge,
    Ledger,
    LedgerLine,
    OpenCharge,
    invoice_label,
)
from clinic_desktop.services.context import Context

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

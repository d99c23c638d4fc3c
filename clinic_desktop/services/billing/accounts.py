"""The accounts that need somebody: work that stands on no invoice, and what is to be paid."""

from datetime import date

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.services.billing.schemas import AccountRow
from clinic_desktop.services.context import Context

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

"""What patients owed, or had paid ahead, when the clinic changed systems."""

from datetime import date
from typing import Any, ClassVar, Final

from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.imported.amounts import read_amount
from clinic_desktop.domain.money import format_money
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.services.imports.batches import as_json
from clinic_desktop.services.imports.whose import OfPatients
from clinic_desktop.services.imports.writer import Cells, Entry
from clinic_desktop.services.schemas import clean_line

_LARGEST: Final = 100_000_000_000
_YEARS: Final = 40
_ENTRIES: Final = text(
    """
    INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act, memo)
    SELECT :clinic, r.id, r.patient_id, 'adjustment', r.day, r.act, r.memo
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, patient_id uuid, day date, act text, memo text)
    """
)
# The other side is income: there the work was earned, only not in these books.
_POSTINGS: Final = text(
    """
    INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, amount, text)
    SELECT :clinic, r.id, r.entry, r.account, r.patient_id, r.amount, r.text
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, entry uuid, account text, patient_id uuid, amount bigint, text text)
    """
)


class BalanceWriter(OfPatients):
    """An adjustment for each account that is not even."""

    kind: ClassVar[str] = "balances"

    def read(self, row: int, people: dict[int, Cells]) -> list[Entry]:
        """Return the balance of a row; an even account needs none."""
        cells = people[0]
        who = self.who(row, cells)
        try:
            amount = read_amount(
                cells.get("amount", ""), self.style("amount") or ".", self.ctx.who.currency
            )
        except ClinicError as error:
            raise self.refuse(row, "amount", str(error)) from error
        if amount is not None and abs(amount) > _LARGEST:
            raise self.refuse(row, "amount", _("This amount is larger than the books can hold."))
        if not amount:
            return []
        first = date(self.today.year - _YEARS, 1, 1)
        day = self.day(row, cells, "day", earliest=first, latest=self.today) or self.today
        values: dict[str, Any] = {
            "amount": amount,
            "day": day,
            "memo": clean_line(cells.get("memo", ""))[:500],
        }
        return [Entry(row, new_id(), who["name"], values, extra={"who": who})]

    def settle(self, entries: list[Entry]) -> list[Entry]:
        """Leave out rows whose patient is not found."""
        return self.found(entries)

    def write(self, entries: list[Entry]) -> None:
        """Post a batch, each entry with both its sides."""
        rows, postings = [], []
        words = _("Opening balance")
        for entry in entries:
            values = entry.values
            act = f"import:{self.run_id}:{entry.row}"
            rows.append({"id": entry.id, "act": act, **values})
            for account, whose, sign in (
                ("receivable", values["patient_id"], 1),
                ("income", None, -1),
            ):
                postings.append(
                    {
                        "id": new_id(),
                        "entry": entry.id,
                        "account": account,
                        "patient_id": whose,
                        "amount": sign * values["amount"],
                        "text": words,
                    }
                )
            self.made.append(entry.id)
        clinic = self.ctx.clinic_id
        self.ctx.connection.execute(_ENTRIES, {"clinic": clinic, "rows": as_json(rows)})
        self.ctx.connection.execute(_POSTINGS, {"clinic": clinic, "rows": as_json(postings)})

    def shown(self, entry: Entry) -> tuple[str, ...]:
        """Return the amount and its day."""
        who = self.ctx.who
        amount = format_money(entry.values["amount"], who.currency, who.locale)
        return amount, entry.values["day"].isoformat()

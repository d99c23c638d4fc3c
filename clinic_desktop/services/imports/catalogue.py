"""The price list and the stock from files; what has the same code here is left as it is."""

from typing import Any, ClassVar, Final

from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.imported.amounts import read_amount, read_count
from clinic_desktop.domain.money import format_money
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.services.imports.batches import as_json
from clinic_desktop.services.imports.writer import Cells, Entry, Writer
from clinic_desktop.services.schemas import clean_line

_LARGEST_PRICE: Final = 100_000_000_000
_MOST: Final = 1_000_000
_USUAL_MINUTES: Final = 30
_CODES: Final = text(
    "SELECT code, name FROM treatment WHERE clinic_id = :clinic AND code = ANY (:codes)"
)
_SKUS: Final = text(
    "SELECT sku AS code, name FROM product WHERE clinic_id = :clinic AND sku = ANY (:codes)"
)
_TREATMENTS: Final = text(
    """
    INSERT INTO treatment (clinic_id, id, code, name, category, minutes, price)
    SELECT :clinic, r.id, r.code, r.name, r.category, r.minutes, r.price
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, code text, name text, category text, minutes int, price bigint)
    """
)
_PRODUCTS: Final = text(
    """
    INSERT INTO product (clinic_id, id, sku, barcode, name, unit, reorder_level, cost)
    SELECT :clinic, r.id, r.sku, r.barcode, r.name, r.unit, r.reorder_level, r.cost
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        id uuid, sku text, barcode text, name text, unit text, reorder_level int, cost bigint)
    """
)
_COUNTS: Final = text(
    """
    INSERT INTO stock_movement (clinic_id, id, product_id, kind, quantity, reason)
    SELECT :clinic, r.id, r.product_id, 'count', r.quantity, :reason
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, product_id uuid, quantity int)
    """
)


class _Coded(Writer):
    """A kind that has a code of its own, of which there is one in the clinic."""

    code: ClassVar[str]
    longest: ClassVar[int]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._seen: dict[str, int] = {}

    def coded(self, row: int, cells: Cells) -> tuple[str, str]:
        """Return code and name; raises RefusedError where one is missing or too long."""
        code, name = clean_line(cells.get(self.code, "")), clean_line(cells.get("name", ""))
        if not code or len(code) > self.longest:
            sentence = _("A code of 1 to {longest} characters is needed.")
            raise self.refuse(row, self.code, sentence.format(longest=self.longest))
        if not name:
            raise self.refuse(row, "name", _("A name is needed."))
        return code, name[:160]

    def amount(self, row: int, cells: Cells, field: str) -> int | None:
        """Return a price in minor units, None for an empty cell."""
        try:
            found = read_amount(
                cells.get(field, ""), self.style(field) or ".", self.ctx.who.currency
            )
        except ClinicError as error:
            raise self.refuse(row, field, str(error)) from error
        if found is not None and not 0 <= found <= _LARGEST_PRICE:
            raise self.refuse(row, field, _("A price cannot be less than nothing."))
        return found

    def count(self, row: int, cells: Cells, field: str, *, most: int) -> int | None:
        """Return a whole number from 0 on, None for an empty cell."""
        try:
            found = read_count(cells.get(field, ""))
        except ClinicError as error:
            raise self.refuse(row, field, str(error)) from error
        if found is not None and not 0 <= found <= most:
            sentence = _("A number from 0 to {most} is needed.")
            raise self.refuse(row, field, sentence.format(most=most))
        return found

    def fresh_codes(self, entries: list[Entry], statement: Any) -> list[Entry]:
        """Return the entries whose code nobody has; tell of the others."""
        codes = [entry.values[self.code] for entry in entries]
        with self.ctx.fresh() as before:
            rows = before.connection.execute(
                statement, {"clinic": self.ctx.clinic_id, "codes": codes}
            )
            there = {row.code: row.name for row in rows}
        new: list[Entry] = []
        for entry in entries:
            code = entry.values[self.code]
            if code in there:
                self.is_known(entry.row, entry.name, f"{code} · {there[code]}")
            elif code in self._seen:
                row = _("row {row}").format(row=self._seen[code])
                self.is_known(entry.row, entry.name, row)
            else:
                self._seen[code] = entry.row
                new.append(entry)
        return new


class TreatmentWriter(_Coded):
    """Treatments with their prices."""

    kind: ClassVar[str] = "treatments"
    code: ClassVar[str] = "code"
    longest: ClassVar[int] = 20

    def read(self, row: int, people: dict[int, Cells]) -> list[Entry]:
        """Return the treatment of a row."""
        cells = people[0]
        code, name = self.coded(row, cells)
        minutes = self.count(row, cells, "minutes", most=600) or _USUAL_MINUTES
        values = {
            "code": code,
            "name": name,
            "category": clean_line(cells.get("category", ""))[:60],
            "minutes": max(5, minutes),
            "price": self.amount(row, cells, "price") or 0,
        }
        return [Entry(row, new_id(), name, values)]

    def settle(self, entries: list[Entry]) -> list[Entry]:
        """Leave out codes that are there."""
        return self.fresh_codes(entries, _CODES)

    def write(self, entries: list[Entry]) -> None:
        """Put a batch on the price list."""
        rows = as_json([{"id": entry.id, **entry.values} for entry in entries])
        self.ctx.connection.execute(_TREATMENTS, {"clinic": self.ctx.clinic_id, "rows": rows})
        self.made += [entry.id for entry in entries]

    def shown(self, entry: Entry) -> tuple[str, ...]:
        """Return code and price."""
        who = self.ctx.who
        price = format_money(entry.values["price"], who.currency, who.locale)
        return entry.values["code"], price


class StockWriter(_Coded):
    """Products, each with its count when the file gives one."""

    kind: ClassVar[str] = "stock"
    code: ClassVar[str] = "sku"
    longest: ClassVar[int] = 40

    def read(self, row: int, people: dict[int, Cells]) -> list[Entry]:
        """Return the product of a row."""
        cells = people[0]
        code, name = self.coded(row, cells)
        quantity = self.count(row, cells, "quantity", most=_MOST)
        values = {
            "sku": code,
            "name": name,
            "barcode": clean_line(cells.get("barcode", ""))[:64],
            "unit": clean_line(cells.get("unit", ""))[:40] or _("piece"),
            "reorder_level": self.count(row, cells, "reorder_level", most=_MOST) or 0,
            "cost": self.amount(row, cells, "cost"),
        }
        return [Entry(row, new_id(), name, values, extra={"quantity": quantity})]

    def settle(self, entries: list[Entry]) -> list[Entry]:
        """Leave out article numbers that are there."""
        return self.fresh_codes(entries, _SKUS)

    def write(self, entries: list[Entry]) -> None:
        """Add a batch of products and count them; without a count their stock stays unknown."""
        clinic = self.ctx.clinic_id
        rows = as_json([{"id": entry.id, **entry.values} for entry in entries])
        self.ctx.connection.execute(_PRODUCTS, {"clinic": clinic, "rows": rows})
        counts = [
            {"id": new_id(), "product_id": entry.id, "quantity": entry.extra["quantity"]}
            for entry in entries
            if entry.extra["quantity"] is not None
        ]
        if counts:
            self.ctx.connection.execute(
                _COUNTS,
                {"clinic": clinic, "rows": as_json(counts), "reason": _("Imported")},
            )
        self.made += [entry.id for entry in entries]

    def shown(self, entry: Entry) -> tuple[str, ...]:
        """Return article number and count."""
        quantity = entry.extra["quantity"]
        return entry.values["sku"], "" if quantity is None else str(quantity)

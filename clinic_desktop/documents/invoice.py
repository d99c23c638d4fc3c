"""The invoice: who owes what for which treatment, how to pay it, and what else is open."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import (
    RECORD,
    RECORD_BODY,
    RECORD_SMALL,
    draw_facts,
    draw_folds,
    draw_head,
    joined,
    legal_line,
)
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.invoice_sums import draw_open_items, draw_payment, draw_sums
from clinic_desktop.documents.order import isolate
from clinic_desktop.documents.page import BODY, MM, SMALL, TITLE, Sheet, frame, tokens
from clinic_desktop.documents.papers import InvoiceLine, InvoicePaper
from clinic_desktop.documents.table import FIGURES, HEAD, STRONG_FIGURES, Column, Table
from clinic_desktop.documents.text import wrap
from clinic_desktop.i18n import _

_ADDRESS_SIZES: Final = (11.0, 10.0, 9.0, 8.0)
_MOST_ADDRESS_LINES: Final = 9
_QUIET_FIGURES: Final = Style(color="ink_2", figures="table")


def render_invoice(paper: InvoicePaper) -> bytes:
    """Return the PDF of an invoice or a credit note, the same bytes for the same paper.

    The texts are in the language in force. Raises SetupError where the fonts are missing and
    InvalidError where the logo cannot be read.
    """
    with MAKING:
        return _Invoice(paper).pdf()


class _Invoice:
    """One invoice being drawn."""

    def __init__(self, paper: InvoicePaper) -> None:
        self._paper = paper
        self._formats = Formats(paper.head)
        self._title = _("Credit note") if paper.corrects else _("Invoice")
        self._sheet = Sheet(
            frame(paper.head.paper), foot=legal_line(paper.head), on_turn=self._top_of_next
        )

    def pdf(self) -> bytes:
        """Draw everything in its order and return the file."""
        paper, sheet = self._paper, self._sheet
        self._first_head()
        table = self._draw_lines()
        draw_sums(sheet, table, paper, self._formats)
        if paper.payment is not None and paper.please_pay_minor > 0:
            draw_payment(sheet, paper.payment, paper.head.currency, paper.please_pay_minor)
        if paper.open_items:
            draw_open_items(sheet, paper, self._formats)
        sheet.finish()
        return pdf.make(
            sheet.pages,
            (sheet.frame.width, sheet.frame.height),
            title=f"{self._title} {paper.number}",
            author=paper.head.name,
            made=datetime.combine(paper.issued_on, time(), UTC),
        )

    def _first_head(self) -> None:
        sheet, head = self._sheet, self._paper.head
        if head.paper == "A4":
            draw_folds(sheet)
        end = draw_head(sheet, head)
        x, y, wide, high = (
            value * MM for value in tokens()["window_address_mm"][head.paper.lower()]
        )
        top = max(y, end + 4 * MM)
        address_end = self._draw_address(x, top, wide, high)
        facts_end = self._draw_title_and_facts(sheet.frame.left + 103 * MM, top)
        sheet.y = max(top + high, address_end, facts_end) + 8 * MM

    def _draw_address(self, x: float, y: float, wide: float, high: float) -> float:
        """Write sender and recipient where a window envelope shows them; return their end."""
        sheet, paper = self._sheet, self._paper
        sender = sheet.fit(
            joined([paper.head.name, *paper.head.address]), SMALL, wide, most=2, repeated=True
        )
        under = sheet.write(sender, x=x, y=y) + 1.5
        longest = max((each.width for each in sender), default=0.0)
        sheet.rule(y=under, x=x, to=x + longest)
        name = paper.payer_name or paper.patient_name
        address = paper.payer_address if paper.payer_name else paper.patient_address
        text = "\n".join((name, *address))
        lines: list[Line] = []
        for size in _ADDRESS_SIZES:
            lines = wrap(text, Style(size=size), wide)
            if under + 4 + sum(each.leading for each in lines) <= y + high:
                break
        else:
            lines = sheet.fit(text, Style(size=8), wide, most=_MOST_ADDRESS_LINES)
        return sheet.write(lines, x=x, y=under + 4)

    def _draw_title_and_facts(self, x: float, y: float) -> float:
        sheet = self._sheet
        top = sheet.put(self._title, TITLE, x=x, y=y) + 2 * MM
        right = sheet.frame.right
        return draw_facts(sheet, list(self._facts()), x=x, y=top, to=right, least=29.5 * MM)

    def _facts(self) -> Iterator[tuple[str, str, Style]]:
        paper, formats = self._paper, self._formats
        yield _("Number"), paper.number, RECORD
        if paper.corrects:
            yield _("Corrects"), paper.corrects, RECORD
        yield _("Date"), formats.long_date(paper.issued_on), BODY
        if paper.payer_name:
            yield _("Patient"), paper.patient_name, BODY
        if paper.patient_number:
            yield _("Patient no."), paper.patient_number, RECORD_BODY
        if paper.patient_born is not None:
            yield _("Born"), formats.long_date(paper.patient_born), BODY
        if paper.treated_by:
            yield _("Treated by"), paper.treated_by, BODY
        if paper.due_on is not None:
            yield _("Due"), formats.long_date(paper.due_on), BODY

    def _top_of_next(self) -> None:
        """Write what tells on every further page whose paper it is."""
        sheet, paper = self._sheet, self._paper
        number = line(paper.number, RECORD_SMALL)
        end = sheet.write([number], right=sheet.frame.right)
        text = joined([paper.head.name, self._title, paper.payer_name or paper.patient_name])
        wide = max(40 * MM, sheet.frame.measure - number.width - 6 * MM)
        sheet.y = (
            max(end, sheet.write(sheet.fit(text, SMALL, wide, most=3, repeated=True))) + 6 * MM
        )

    def _draw_lines(self) -> Table:
        formats = self._formats
        done = 0
        columns = self._columns()
        table = Table(self._sheet, columns, carry=lambda: formats.amount(done))
        table.head()
        for each in self._paper.lines:
            table.row(self._cells(each, columns))
            done += each.amount_minor
        return table

    def _columns(self) -> list[Column]:
        """Return the columns; those with dates and money are as wide as what stands in them."""
        formats, inside = self._formats, self._sheet.frame
        lines, subtotal = self._paper.lines, self._paper.subtotal_minor
        dates = _widest((formats.short_date(each.on) for each in lines), 26)
        quantity = _widest((formats.number(each.quantity) for each in lines), 16)
        price = _widest((formats.amount(each.unit_price_minor) for each in lines), 23)
        amounts = (subtotal, *(each.amount_minor for each in lines))
        amount = _widest((formats.amount(each) for each in amounts), 25)
        # Wide enough for its name in any language.
        tooth = max(13.7 * MM, line(_("Tooth"), HEAD).width + 4 * MM)
        words = inside.measure - dates - tooth - quantity - price - amount
        columns = []
        x = inside.left
        for name, wide, at_right in (
            (_("Date"), dates, False),
            (_("Tooth"), tooth, False),
            (_("Treatment"), words, False),
            (_("Qty"), quantity, True),
            (_("Price {sign}").format(sign=formats.sign), price, True),
            (_("Amount {sign}").format(sign=formats.sign), amount, True),
        ):
            # Text keeps clear of the next column; figures stand at the far edge of theirs.
            columns.append(Column(name, x, wide if at_right else wide - 3 * MM, at_right))
            x += wide
        return columns

    def _cells(self, each: InvoiceLine, columns: list[Column]) -> list[list[Line]]:
        formats = self._formats
        width = columns[2].width
        small = [each.surfaces]
        if each.code:
            small.append(_("code {code}").format(code=isolate(each.code)))
        small.append(each.provider)
        if each.discount_minor:
            taken = formats.amount(-each.discount_minor)
            small.append(_("discount {amount}").format(amount=taken))
        return [
            wrap(formats.short_date(each.on), _QUIET_FIGURES, columns[0].width),
            wrap(each.tooth, STRONG_FIGURES, columns[1].width),
            wrap(each.text, BODY, width) + wrap(joined(small), SMALL, width),
            [line(formats.number(each.quantity), FIGURES)],
            [line(formats.amount(each.unit_price_minor), FIGURES)],
            [line(formats.amount(each.amount_minor), FIGURES)],
        ]


def _widest(texts: Iterator[str], least_mm: float) -> float:
    """Return the width of a column that holds every text with air beside it."""
    widest = max((line(each, FIGURES).width for each in texts), default=0.0)
    return max(least_mm * MM, widest + 4 * MM)

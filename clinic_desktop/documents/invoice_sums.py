"""The lower part of an invoice: its sums, how it can be paid, and what else is open."""

from collections.abc import Iterator
from typing import NamedTuple

from clinic_desktop.documents.blocks import RECORD_BODY, draw_facts
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.order import isolate
from clinic_desktop.documents.page import BODY, MM, SMALL, STRONG, Box, Sheet, Squares
from clinic_desktop.documents.papers import InsurerShare, InvoicePaper, OpenItem, Payment
from clinic_desktop.documents.payment_code import payment_code
from clinic_desktop.documents.table import FIGURES, STRONG_FIGURES, Column, Table
from clinic_desktop.documents.text import Span, wrap, wrap_spans
from clinic_desktop.i18n import _

_TOTAL = Style(size=10.5, weight="semibold", figures="table")
_PAY = Style(size=12, weight="semibold", figures="table")
_AIR = 4.0
_CODE_SIZE = 25.5 * MM


class _Sum(NamedTuple):
    """A row of the sums and the rule under it, 0 for none."""

    name: list[Line]
    amount: Line
    rule: float

    @property
    def height(self) -> float:
        return max(sum(each.leading for each in self.name), self.amount.leading) + 2 * _AIR


def draw_sums(sheet: Sheet, table: Table, paper: InvoicePaper, formats: Formats) -> None:
    """Draw the sums at the right, what is to be said about them at the left."""
    inside = sheet.frame
    x = inside.left + 95 * MM
    rows = list(_sums(sheet, paper, formats, inside.right - x))

    def draw() -> None:
        y = sheet.y + 2 * MM
        for row in rows:
            sheet.write(row.name, x=x, y=y + _AIR)
            sheet.write([row.amount], y=y + _AIR, right=inside.right)
            y += row.height
            if row.rule:
                sheet.rule(y=y, x=x, width=row.rule, color="rule")
        # What is to be paid stands over two rules, as sums do.
        sheet.rule(y=y + 2, x=x, color="rule")
        sheet.y = y + 2

    sheet.together(draw, turn=table.turn)
    end, page = sheet.y, len(sheet.pages)
    sheet.y = end - 2 - sum(row.height for row in rows) + _AIR
    width = x - inside.left - 8 * MM
    sheet.flow([each for text in _notes(paper) for each in wrap(text, SMALL, width)])
    if len(sheet.pages) == page:
        sheet.y = max(sheet.y, end)


def _sums(sheet: Sheet, paper: InvoicePaper, formats: Formats, width: float) -> Iterator[_Sum]:
    def row(name: str, amount: str, style: Style, rule: float) -> _Sum:
        laid = line(amount, style)
        return _Sum(sheet.fit(name, style, width - laid.width - 4 * MM, most=4), laid, rule)

    before = len(paper.taxes) or bool(paper.exemption)
    yield row(_("Net"), formats.amount(paper.subtotal_minor), FIGURES, 0 if before else 0.5)
    for n, tax in enumerate(paper.taxes, 1):
        name = _("{tax} on {amount}").format(
            tax=isolate(tax.label), amount=formats.amount(tax.base_minor)
        )
        rule = 0.5 if n == len(paper.taxes) else 0
        yield row(name, formats.amount(tax.amount_minor), FIGURES, rule)
    if paper.exemption and not paper.taxes:
        yield row(_("Exempt from tax"), formats.amount(0), FIGURES, 0.5)
    less = (
        []
        if paper.insurer is None
        else [(_expected(paper.insurer, formats), paper.insurer.amount_minor)]
    )
    if paper.paid_minor:
        less.append((_("Already paid"), paper.paid_minor))
    yield row(_("Total"), formats.money(paper.total_minor), _TOTAL, 0.5 if less else 1)
    for n, (name, minor) in enumerate(less, 1):
        yield row(name, formats.amount(-minor), FIGURES, 1 if n == len(less) else 0)
    yield row(_("Please pay"), formats.money(paper.please_pay_minor), _PAY, 0.5)


def _expected(insurer: InsurerShare, formats: Formats) -> str:
    name = isolate(insurer.name)
    if insurer.percent is None:
        return _("Expected from {insurer}").format(insurer=name)
    return _("Expected from {insurer}, {percent} %").format(
        insurer=name, percent=formats.number(insurer.percent)
    )


def _notes(paper: InvoicePaper) -> Iterator[str]:
    if paper.corrects:
        number = isolate(paper.corrects)
        yield _("This credit note corrects invoice {number}.").format(number=number)
    if paper.exemption:
        yield paper.exemption
    if paper.remark:
        yield paper.remark
    if paper.insurer is not None:
        insurer = isolate(paper.insurer.name)
        if paper.insurer.member:
            member = isolate(paper.insurer.member)
            sentence = _("Insurer: {insurer}, member {member}.")
            yield sentence.format(insurer=insurer, member=member)
        else:
            yield _("Insurer: {insurer}.").format(insurer=insurer)
        yield _(
            "The insurer’s part is an estimate. If it pays less, the difference is yours to pay."
        )


def draw_payment(sheet: Sheet, payment: Payment, currency: str, minor: int) -> None:
    """Draw in a frame how to pay, with a code for banking apps where there can be one."""
    inside = sheet.frame
    code = payment_code(payment, currency, minor)
    pad = 4.5 * MM
    x = inside.left + pad
    right = inside.right - pad - (_CODE_SIZE + 6 * MM if code else 0)
    facts = [
        (_("Transfer to"), payment.holder, BODY),
        (_("IBAN"), _in_fours(payment.iban), RECORD_BODY),
        (_("BIC"), payment.bic, RECORD_BODY),
        (_("Reference"), payment.reference, RECORD_BODY),
    ]
    note = sheet.fit(payment.note, SMALL, right - x, most=8)

    def draw() -> None:
        top = sheet.y + 8 * MM
        y = sheet.put(_("How to pay"), STRONG, x=x, y=top + pad) + 1.5 * MM
        shown = [fact for fact in facts if fact[1]]
        y = draw_facts(sheet, shown, x=x, y=y, to=right, least=28.5 * MM)
        y = sheet.write(note, x=x, y=y + (1 * MM if note else 0))
        if code:
            place = inside.right - pad - _CODE_SIZE
            sheet.add(Squares(place, top + pad, _CODE_SIZE / len(code), code))
            y = max(y, top + pad + _CODE_SIZE)
        sheet.add(Box(inside.left, top, inside.measure, y + pad - top, 0.5, "line"))
        sheet.y = y + pad

    sheet.together(draw)


def draw_open_items(sheet: Sheet, paper: InvoicePaper, formats: Formats) -> None:
    """Draw what else is open on the account, and all of it together with this invoice."""
    inside = sheet.frame
    title = _("Also open on this account on {date}").format(date=formats.long_date(paper.issued_on))
    items = paper.open_items
    amount = max(line(formats.amount(item.amount_minor), FIGURES).width for item in items) + 4 * MM
    date = max(line(formats.short_date(item.on), FIGURES).width for item in items) + 6 * MM
    columns = [
        Column("", inside.left, date),
        Column("", inside.left + date, inside.measure - date - amount),
        Column("", inside.right - amount, amount, at_right=True),
    ]
    # The title stays with its first item.
    sheet.need(8 * MM + 3 * BODY.leading + 24)
    sheet.y = sheet.put(title, STRONG, y=sheet.y + 7 * MM)
    table = Table(sheet, columns)
    for item in items:
        table.row(_open_cells(item, formats, columns[1].width))
    together = sum(item.amount_minor for item in items) + paper.please_pay_minor
    expected = paper.insurer.amount_minor if paper.insurer else 0
    name = _("All together, with this invoice")
    if expected:
        name = _("All together, with this invoice, without the insurer’s part")
    total = line(formats.money(together), STRONG_FIGURES)
    names = wrap(name, BODY, inside.measure - total.width - 6 * MM)
    sheet.need(sum(each.leading for each in names) + _AIR)
    sheet.write([total], y=sheet.y + _AIR, right=inside.right)
    sheet.y = sheet.write(names, y=sheet.y + _AIR)


def _open_cells(item: OpenItem, formats: Formats, width: float) -> list[list[Line]]:
    words = [Span(item.text, BODY)]
    if item.number:
        words += [Span(" · ", BODY), Span(item.number, RECORD_BODY)]
    quiet = Style(color="ink_2", figures="table")
    return [
        [line(formats.short_date(item.on), quiet)],
        wrap_spans(words, width),
        [line(formats.amount(item.amount_minor), FIGURES)],
    ]


def _in_fours(iban: str) -> str:
    """Return an IBAN in groups of four, as it is printed."""
    bare = "".join(iban.split())
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))

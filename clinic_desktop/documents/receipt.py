"""The receipt: what was paid, how, for what, and what is left, on half a page or a roll."""

from collections.abc import Iterator
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import (
    RECORD,
    RECORD_BODY,
    contact_line,
    draw_facts,
    draw_head,
    legal_line,
)
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.page import (
    BODY,
    MM,
    SMALL,
    STRONG,
    TITLE,
    Frame,
    Rule,
    Sheet,
    frame,
)
from clinic_desktop.documents.papers import ReceiptPaper
from clinic_desktop.documents.table import FIGURES, STRONG_FIGURES
from clinic_desktop.documents.text import Span, wrap, wrap_spans
from clinic_desktop.i18n import _

_SUM: Final = Style(size=16, weight="semibold", figures="table")
# The paper of a till: 80 mm wide, of which a printer reaches 72. A PDF page ends at 200 inches.
_ROLL: Final = Frame(80 * MM, 14400.0, 4 * MM, 4 * MM, 76 * MM, 14300.0)
_CUT_DASH: Final = 3.0


def render_receipt(paper: ReceiptPaper, *, roll: bool = False) -> bytes:
    """Return the PDF of a receipt: the upper half of a page, or as long as it needs on a roll.

    The texts are in the language in force. Raises SetupError where the fonts are missing and
    InvalidError where the logo cannot be read.
    """
    with MAKING:
        return _on_roll(paper) if roll else _on_half_page(paper)


def _on_half_page(paper: ReceiptPaper) -> bytes:
    whole = frame(paper.head.paper)
    middle = whole.height / 2
    inside = whole._replace(bottom=middle - (whole.height - whole.bottom))
    sheet = Sheet(inside, foot=legal_line(paper.head), on_turn=lambda: None)
    number = line(paper.number, RECORD)
    title = line(_("Receipt"), TITLE)
    wide = max(title.width, number.width) + 6 * MM
    end = draw_head(sheet, paper.head, to=inside.right - wide)
    right = sheet.write([title, number], y=inside.top, right=inside.right)
    sheet.y = max(end, right) + 3 * MM
    sheet.rule(width=1, color="rule")
    half = inside.left + inside.measure * 0.5
    top = sheet.y + 4 * MM
    formats = Formats(paper.head)
    facts = list(_facts(paper, formats))
    left_end = draw_facts(sheet, facts, x=inside.left, y=top, to=half - 6 * MM, least=28 * MM)
    sheet.y = top
    _draw_amounts(sheet, paper, formats, half)
    sheet.y = max(sheet.y, left_end)
    sheet.finish()
    for page in sheet.pages:
        page.append(Rule(0, middle, whole.width, middle, 0.4, "line", _CUT_DASH))
    return _made(sheet, paper, whole.height)


def _on_roll(paper: ReceiptPaper) -> bytes:
    sheet = Sheet(_ROLL, foot="", on_turn=lambda: None)
    formats = Formats(paper.head)
    width = _ROLL.measure
    sheet.y = sheet.write(sheet.fit(paper.head.name, STRONG, width, most=3))
    sheet.y = sheet.write(sheet.fit(contact_line(paper.head), SMALL, width, most=4)) + 2 * MM
    sheet.rule(width=1, color="rule")
    sheet.y = sheet.put(_("Receipt"), TITLE, y=sheet.y + 2 * MM)
    facts = [(_("Number"), paper.number, RECORD), *_facts(paper, formats)]
    sheet.y = draw_facts(sheet, facts, x=_ROLL.left, y=sheet.y, to=_ROLL.right) + 2 * MM
    _draw_amounts(sheet, paper, formats, _ROLL.left)
    sheet.y += 2 * MM
    sheet.flow(wrap(legal_line(paper.head), SMALL, width))
    sheet.finish_text()
    return _made(sheet, paper, sheet.y + 8 * MM)


def _made(sheet: Sheet, paper: ReceiptPaper, height: float) -> bytes:
    return pdf.make(
        sheet.pages,
        (sheet.frame.width, height),
        title=f"{_('Receipt')} {paper.number}",
        author=paper.head.name,
        made=paper.taken_at,
    )


def _facts(paper: ReceiptPaper, formats: Formats) -> Iterator[tuple[str, str, Style]]:
    yield _("Date"), formats.date_and_time(paper.taken_at), BODY
    yield _("Received from"), paper.patient_name, BODY
    if paper.patient_number:
        yield _("Patient no."), paper.patient_number, RECORD_BODY
    yield _("Paid by"), paper.way, BODY
    if paper.taken_by:
        yield _("Taken by"), paper.taken_by, BODY


def _draw_amounts(sheet: Sheet, paper: ReceiptPaper, formats: Formats, x: float) -> None:
    """Draw the sum and below it, one under the other, what it paid and what is left."""
    right = sheet.frame.right
    total = line(formats.money(paper.amount_minor), _SUM)
    sheet.put(_("Paid"), STRONG, x=x, y=sheet.y + 4)
    sheet.y = sheet.write([total], right=right) + 1 * MM
    sheet.rule(x=x, color="rule")
    for names, amount, ruled in _rows(sheet, paper, formats, right - x):
        height = max(sum(each.leading for each in names), amount.leading) + 5
        sheet.need(height)
        sheet.write([amount], y=sheet.y + 2.5, right=right)
        sheet.write(names, x=x, y=sheet.y + 2.5)
        sheet.y += height
        if ruled:
            sheet.rule(x=x)


def _rows(
    sheet: Sheet, paper: ReceiptPaper, formats: Formats, width: float
) -> Iterator[tuple[list[Line], Line, bool]]:
    for n, item in enumerate(paper.paid, 1):
        amount = line(formats.amount(item.amount_minor), FIGURES)
        words = [Span(item.text, BODY)]
        if item.number:
            words += [Span(" · ", BODY), Span(item.number, RECORD_BODY)]
        lines = wrap_spans(words, width - amount.width - 4 * MM)
        yield lines, amount, n == len(paper.paid)

    def row(name: str, minor: int, style: Style) -> tuple[list[Line], Line, bool]:
        amount = line(formats.money(minor), style)
        return sheet.fit(name, BODY, width - amount.width - 4 * MM, most=3), amount, False

    kept = paper.amount_minor - sum(item.amount_minor for item in paper.paid)
    if kept:
        yield row(_("Kept on the account"), kept, FIGURES)
    if paper.given_minor is not None:
        yield row(_("Given"), paper.given_minor, FIGURES)
        yield row(_("Change"), paper.given_minor - paper.amount_minor, FIGURES)
    if paper.balance_minor < 0:
        yield row(_("In your favour"), -paper.balance_minor, STRONG_FIGURES)
    else:
        yield row(_("Left to pay"), paper.balance_minor, STRONG_FIGURES)

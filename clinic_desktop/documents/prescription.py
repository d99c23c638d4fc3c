"""The prescription: for whom, by whom, what to take, and nothing that could be added later."""

from collections.abc import Iterator
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import (
    RECORD_SMALL,
    draw_alert,
    draw_facts,
    draw_folds,
    draw_head,
    joined,
)
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.order import isolate
from clinic_desktop.documents.page import (
    BODY,
    MM,
    QUIET,
    SMALL,
    STRONG,
    TITLE,
    Box,
    Rule,
    Sheet,
    frame,
)
from clinic_desktop.documents.papers import PrescriptionItem, PrescriptionPaper
from clinic_desktop.documents.text import Span, wrap, wrap_spans
from clinic_desktop.i18n import _, ngettext

_NAME: Final = Style(size=12, weight="semibold")
_DOSE: Final = Style(size=11)
_NUMBER: Final = Style(size=12, weight="semibold", figures="table")
# What the signature needs at the foot of the last page, and a page's end kept for crossing out.
_SIGNATURE: Final = 44 * MM
_LEAST_CROSSED: Final = 3 * MM
_LONG_ITEM: Final = 120 * MM


def render_prescription(paper: PrescriptionPaper) -> bytes:
    """Return the PDF of a prescription, the same bytes for the same paper.

    The texts are in the language in force. Raises SetupError where the fonts are missing and
    InvalidError where the logo cannot be read.
    """
    with MAKING:
        return _Prescription(paper).pdf()


class _Prescription:
    """One prescription being drawn."""

    def __init__(self, paper: PrescriptionPaper) -> None:
        self._paper = paper
        self._formats = Formats(paper.head)
        self._sheet = Sheet(frame(paper.head.paper), foot=self._foot(), on_turn=self._top_of_next)

    def pdf(self) -> bytes:
        """Draw everything in its order and return the file."""
        paper, sheet = self._paper, self._sheet
        self._first_head()
        self._draw_people()
        self._draw_allergies()
        for number, item in enumerate(paper.items, 1):
            self._draw_item(number, item)
        self._close()
        sheet.finish()
        return pdf.make(
            sheet.pages,
            (sheet.frame.width, sheet.frame.height),
            title=f"{_('Prescription')} {paper.number}",
            author=paper.head.name,
            made=paper.issued_at,
        )

    def _foot(self) -> str:
        paper, formats = self._paper, self._formats
        return joined(
            [
                _("Issued {moment}").format(moment=formats.date_and_time(paper.issued_at)),
                _("Safety list {version} of {date}").format(
                    version=isolate(paper.list_version), date=formats.long_date(paper.list_date)
                ),
                _("fingerprint {fingerprint}").format(fingerprint=isolate(paper.fingerprint)),
            ]
        )

    # -- who ----------------------------------------------------------------------------------

    def _first_head(self) -> None:
        sheet, paper = self._sheet, self._paper
        if paper.head.paper == "A4":
            draw_folds(sheet)
        title = line(_("Prescription"), TITLE)
        number = self._number()
        wide = max(title.width, number.width)
        end = draw_head(sheet, paper.head, to=sheet.frame.right - wide - 6 * MM)
        right = sheet.write([title, number], y=sheet.frame.top, right=sheet.frame.right)
        sheet.y = max(end, right) + 5 * MM
        sheet.rule(width=1, color="rule")

    def _number(self) -> Line:
        text = _("{number} · copy {copy}").format(
            number=isolate(self._paper.number), copy=self._paper.copy
        )
        return line(text, RECORD_SMALL)

    def _top_of_next(self) -> None:
        """Write on every further page for whom and by whom, so that none stands alone."""
        sheet, paper = self._sheet, self._paper
        number = self._number()
        end = sheet.write([number], right=sheet.frame.right)
        born = self._born()
        text = joined([_("Prescription"), paper.patient_name, born, paper.prescriber])
        wide = max(40 * MM, sheet.frame.measure - number.width - 6 * MM)
        sheet.y = (
            max(end, sheet.write(sheet.fit(text, SMALL, wide, most=3, repeated=True))) + 3 * MM
        )
        sheet.rule()

    def _born(self) -> str:
        paper = self._paper
        if paper.patient_born is None:
            return paper.patient_age
        date = self._formats.long_date(paper.patient_born)
        if not paper.patient_age:
            return _("Born {date}").format(date=date)
        return _("Born {date}, {age}").format(date=date, age=isolate(paper.patient_age))

    def _draw_people(self) -> None:
        sheet, paper, formats = self._sheet, self._paper, self._formats
        middle = sheet.frame.left + sheet.frame.measure * 0.52
        weight = _("Weight {weight}").format(weight=isolate(paper.patient_weight))
        if paper.weighed_on is not None:
            weight = _("Weight {weight} on {date}").format(
                weight=isolate(paper.patient_weight), date=formats.long_date(paper.weighed_on)
            )
        guardian = _("Guardian: {name}").format(name=isolate(paper.guardian))
        patient = [
            self._born(),
            weight if paper.patient_weight else "",
            ", ".join(isolate(part) for part in paper.patient_address),
            guardian if paper.guardian else "",
        ]
        registration = _("registration {number}").format(
            number=isolate(paper.prescriber_registration)
        )
        title = [paper.prescriber_title, registration if paper.prescriber_registration else ""]
        date = formats.long_date(formats.day_of(paper.issued_at))
        prescriber = [
            ", ".join(isolate(part) for part in title if part),
            paper.head.name,
            ", ".join(isolate(part) for part in paper.head.address),
            paper.head.phone,
            paper.head.email,
            _("Date: {date}").format(date=date),
        ]
        top = sheet.y + 4 * MM
        left = sheet.frame.left
        end = max(
            self._person(_("Patient"), paper.patient_name, patient, left, middle - 6 * MM, top),
            self._person(
                _("Prescriber"), paper.prescriber, prescriber, middle, sheet.frame.right, top
            ),
        )
        sheet.y = end + 6 * MM

    def _person(
        self, role: str, name: str, facts: list[str], x: float, to: float, y: float
    ) -> float:
        sheet = self._sheet
        y = sheet.put(role, SMALL, x=x, y=y)
        y = sheet.write(sheet.fit(name, _NAME, to - x, most=4), x=x, y=y)
        for fact in filter(None, facts):
            y = sheet.write(sheet.fit(fact, BODY, to - x, most=4), x=x, y=y)
        return y

    def _draw_allergies(self) -> None:
        sheet = self._sheet
        spans = list(self._allergy_spans())
        lines = wrap_spans(spans, sheet.frame.measure - 22 * MM)
        if len(lines) > 12:
            lines = sheet.fit("".join(span.text for span in spans), BODY, 150 * MM, most=12)
        pad = 4 * MM
        top, high = sheet.y, sum(each.leading for each in lines) + 2 * pad
        sheet.add(Box(sheet.frame.left, top, sheet.frame.measure, high, 1, "rule"))
        known_none = not self._paper.allergies.listed and self._paper.allergies.asked_on
        x = sheet.frame.left + 5 * MM
        if not known_none:
            draw_alert(sheet, x, top + high / 2)
            x += 9 * MM
        sheet.write(lines, x=x, y=top + pad)
        sheet.y = top + high + 5 * MM
        sheet.rule()

    def _allergy_spans(self) -> Iterator[Span]:
        paper, formats = self._paper, self._formats
        allergies = paper.allergies
        if allergies.listed:
            yield Span(_("Allergy:"), STRONG)
            last = len(allergies.listed) - 1
            for n, (substance, reaction) in enumerate(allergies.listed):
                yield Span(f" {isolate(substance)}", STRONG)
                yield Span(f" ({isolate(reaction)})" if reaction else "", BODY)
                yield Span("." if n == last else ",", BODY)
        elif allergies.asked_on is not None:
            date = formats.long_date(allergies.asked_on)
            yield Span(_("No known allergies, asked {date}.").format(date=date), STRONG)
        else:
            yield Span(_("Allergies: not asked."), STRONG)
        for condition in paper.conditions:
            yield Span(f" {isolate(condition)}.", STRONG)

    # -- what ---------------------------------------------------------------------------------

    def _draw_item(self, number: int, item: PrescriptionItem) -> None:
        sheet = self._sheet
        x = sheet.frame.left + 9 * MM
        width = sheet.frame.right - x
        name = wrap(item.drug, _NAME, width)
        dose = wrap(f"{item.dose} {item.duration}".rstrip(), _DOSE, width)
        facts = [
            (_("Supply"), self._supply(item), BODY),
            (_("Dose from"), item.arithmetic, BODY),
            (_("Note"), item.instructions, BODY),
        ]
        facts = [fact for fact in facts if fact[1]]
        high = sum(each.leading for each in (*name, *dose)) + sum(
            each.leading
            for _name, value, style in facts
            for each in wrap(value, style, width - 25 * MM)
        )

        def draw() -> None:
            y = sheet.y + 5 * MM
            sheet.put(str(number), _NUMBER, y=y)
            y = sheet.write(name, x=x, y=y) + 1.5
            y = sheet.write(dose, x=x, y=y) + 3
            right = sheet.frame.right
            sheet.y = draw_facts(sheet, facts, x=x, y=y, to=right, least=25 * MM, most=99)
            sheet.y += 4 * MM

        # The signature is never alone on a page: the last item stands above it.
        keep = _SIGNATURE if number == len(self._paper.items) else 0.0
        if high > _LONG_ITEM:
            self._draw_long_item(number, [*name, *dose], facts)
        else:
            sheet.together(draw, turn=self._turn_crossed, keep=keep)
        sheet.rule()

    def _draw_long_item(
        self, number: int, lines: list[Line], facts: list[tuple[str, str, Style]]
    ) -> None:
        """Draw an item that is higher than what a page keeps together, line by line."""
        sheet = self._sheet
        x = sheet.frame.left + 9 * MM
        sheet.y += 5 * MM
        sheet.need(_NUMBER.leading)
        sheet.put(str(number), _NUMBER)
        sheet.flow(lines, x=x)
        for name, value, style in facts:
            values = wrap(value, style, sheet.frame.right - x - 25 * MM)
            sheet.need(BODY.leading)
            sheet.put(name, QUIET, x=x)
            sheet.flow(values, x=x + 25 * MM)
        sheet.y += 4 * MM

    def _supply(self, item: PrescriptionItem) -> str:
        """Return the quantity in figures and words, with the packs that hold it."""
        named = {
            "figures": self._formats.number(item.quantity),
            "unit": isolate(item.unit),
            "words": self._formats.words(item.quantity, feminine=item.feminine),
            "packs": isolate(item.packs),
        }
        if item.packs:
            return _("{figures} {unit} ({words}): {packs}").format(**named)
        return _("{figures} {unit} ({words})").format(**named)

    # -- the end ------------------------------------------------------------------------------

    def _turn_crossed(self) -> None:
        """Go to a new page, the space left on this one crossed out."""
        self._cross(self._sheet.frame.bottom)
        self._sheet.turn()

    def _cross(self, to: float) -> None:
        sheet = self._sheet
        top = sheet.y + 2 * MM
        if to - top > _LEAST_CROSSED:
            inside = sheet.frame
            sheet.add(Rule(inside.left, to, inside.right, top, 0.75, "line"))

    def _close(self) -> None:
        """Cross out what is left and draw where it is signed."""
        sheet, paper = self._sheet, self._paper
        if sheet.room < _SIGNATURE:
            self._turn_crossed()
        end = sheet.frame.bottom - _SIGNATURE
        self._cross(end)
        count = len(paper.items)
        text = ngettext(
            "{count} item. The space above is crossed out so that nothing can be added.",
            "{count} items. The space above is crossed out so that nothing can be added.",
            count,
        )
        sheet.put(text.format(count=count), SMALL, y=end + 1.5 * MM)
        x = sheet.frame.left + sheet.frame.measure * 0.53
        signed = sheet.frame.bottom - 16 * MM
        sheet.rule(y=signed, x=x, width=0.75, color="rule")
        sheet.put(_("Signature of the prescriber"), SMALL, x=x, y=signed + 1.5 * MM)
        notes = [paper.note]
        if paper.head.phone:
            phone = isolate(paper.head.phone)
            notes.append(_("Call {phone} with any question.").format(phone=phone))
        lines = [
            each
            for note in notes
            if note
            for each in sheet.fit(note, SMALL, x - sheet.frame.left - 8 * MM, most=5)
        ]
        tall = sum(each.leading for each in lines)
        sheet.write(lines, y=signed + 1.5 * MM + SMALL.leading - tall)
        sheet.y = sheet.frame.bottom

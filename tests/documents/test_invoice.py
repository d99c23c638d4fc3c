"""The invoice: everything that goes in is read on it, wherever it came from."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.documents.invoice import _Invoice, render_invoice
from clinic_desktop.documents.page import MM, Image, Rule, Squares, tokens
from clinic_desktop.documents.papers import InvoicePaper, Payment, TaxRow
from tests.documents.reading import (
    copied,
    drawn_lines,
    printed,
    texts,
    whole_text,
    without_glyph,
    words,
)
from tests.documents.samples import DAY, head, insured_invoice, invoice, line, logo

SCRIPTS = (
    "محمد علي الأمين",
    "王小明",
    "김철수",
    "श्री विक्रम सिंह",
    "กิตติพงษ์ ศรีสุข",
    "בנימין כהן",
    "Ṣẹ\u0301gun 😀",
    "<b>Zoë</b> & <img src='/etc/passwd'> &lt;",
)


def read(paper: InvoicePaper) -> str:
    return words(whole_text(render_invoice(paper)))


def drawn(paper: InvoicePaper) -> _Invoice:
    """An invoice that was drawn, to look at what stands where."""
    made = _Invoice(paper)
    made.pdf()
    return made


def left_of(made: _Invoice, text: str) -> tuple[float, float]:
    """Where a text begins, in millimetres from the upper left corner."""
    for _, mark in drawn_lines(made._sheet.pages):
        if copied(mark.line).startswith(text):
            return mark.x / MM, mark.y / MM
    raise AssertionError(text)


class TestRenderInvoice:
    def test_shows_all_that_the_law_asks_for(self) -> None:
        text = read(insured_invoice(patient_born=date(1984, 2, 2)))
        for expected in (
            "Harbour Street Dental",
            "14 Harbour Street, Cork · +353 21 555 0100",
            "Invoice",
            "A-2026-004217",
            "12 March 2026",
            "26 March 2026",
            "Inês Carvalho-Lindqvist",
            "14 Quay Terrace, Flat 3",
            "10482",
            "2 February 1984",
            "Dr Amara Nwosu",
            "Composite filling, 3 surfaces",
            "Mesial, occlusal, distal · code F-03",
            "Dental treatment is exempt from VAT.",
            "Net 420.00",
            "Total € 420.00",
            "Expected from Irisvale Dental, 80 %",
            "−336.00",
            "Please pay € 84.00",
            "Insurer: Irisvale Dental, member IV-55-204981.",
            "IE29 AIBK 9311 5212 3456 78",
            "46 Crown, zirconia, rest · A-2026-001022",
            "€ 177.60",
            "Harbour Street Dental Ltd · Reg. 000000",
            "Page 1 of 1",
        ):
            assert expected in text, expected

    def test_is_the_same_file_for_the_same_paper(self) -> None:
        paper = insured_invoice(head=head(logo=logo()), patient_name="محمد 王小明 सिंह")
        first = render_invoice(paper)
        render_invoice(invoice(patient_name="Somebody else 김철수"))
        assert render_invoice(paper) == first

    def test_taxes_are_shown_by_rate(self) -> None:
        tax = (
            TaxRow(label="VAT 13.5 %", base_minor=14000, amount_minor=1890),
            TaxRow(label="VAT 23 %", base_minor=28000, amount_minor=6440),
        )
        text = read(invoice(taxes=tax, total_minor=50330, please_pay_minor=50330, exemption=""))
        assert "VAT 13.5 % on 140.00" in text
        assert "VAT 23 % on 280.00" in text
        assert "Exempt" not in text
        assert "Total € 503.30" in text

    def test_what_was_paid_is_taken_off(self) -> None:
        text = read(invoice(paid_minor=20000, please_pay_minor=22000))
        assert "Already paid −200.00" in text
        assert "Please pay € 220.00" in text

    def test_a_credit_note_names_what_it_corrects(self) -> None:
        lines = (line(unit_price_minor=-14000, amount_minor=-14000),)
        text = read(
            invoice(lines=lines, please_pay_minor=0, corrects="A-2026-000001", number="C-2026-01")
        )
        assert "Credit note" in text
        assert "This credit note corrects invoice A-2026-000001." in text
        assert "−140.00" in text

    def test_another_payer_stands_in_the_window(self) -> None:
        paper = invoice(payer_name="Rosa Huamán", payer_address=("Orchard Row 3", "Cork"))
        made = drawn(paper)
        assert left_of(made, "Rosa")[0] == pytest.approx(20)
        assert "Patient Inês Carvalho-Lindqvist" in read(paper)

    def test_discounts_quantities_and_remarks_are_written_out(self) -> None:
        each = line(
            quantity=Decimal("1.5"),
            unit_price_minor=10000,
            discount_minor=1000,
            amount_minor=14000,
            provider="Dr Park",
        )
        text = read(invoice(lines=(each,), remark="Thank you for coming."))
        assert "Dr Park · discount −10.00" in text
        assert "1.5 100.00 140.00" in text
        assert "Thank you for coming." in text

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_in_any_script_are_copied_as_they_went_in(self, name: str) -> None:
        paper = insured_invoice(
            head=head(name=name),
            patient_name=name,
            patient_address=(name,),
            treated_by=name,
            lines=(line(text=name), line(amount_minor=28000, unit_price_minor=28000)),
        )
        # Head, window, facts, line; beside the sender's address readers may turn words around.
        assert read(paper).count(printed(name)) >= 4

    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=80), st.text(max_size=200))
    def test_any_name_makes_a_paper_without_empty_boxes(self, name: str, text: str) -> None:
        made = drawn(invoice(patient_name=name, treated_by=text, lines=(line(text=text),)))
        for _, mark in drawn_lines(made._sheet.pages):
            assert without_glyph(mark.line) == []

    def test_a_thousand_lines_carry_their_sum_over_every_page(self) -> None:
        pages = texts(render_invoice(invoice(count=1000)))
        assert len(pages) > 40
        assert sum(page.count("Composite filling") for page in pages) == 1000
        rows = 0
        for number, page in enumerate(pages[:-1], 1):
            assert words(page).startswith("Harbour Street Dental")
            assert "Treatment" in page
            rows += page.count("Composite filling")
            carried = f"{rows * 140:,}.00"
            assert f"Carried to page {number + 1} {carried}" in words(page)
            assert f"Carried over from page {number} {carried}" in words(pages[number])
            assert f"Page {number} of {len(pages)}" in page
        assert "Total € 140,000.00" in words(pages[-1])

    @pytest.mark.parametrize("paper", ["A4", "Letter"])
    def test_absurdly_long_names_wrap_and_nothing_is_lost(self, paper: str) -> None:
        name = " ".join(f"Name{n}" for n in range(150)) + " " + "x" * 900
        address = tuple(f"Street{n} " * 12 for n in range(6))
        made = drawn(
            insured_invoice(
                head=head(paper=paper, name="Clinic " * 60, address=("place " * 80,)),
                patient_name=name,
                patient_address=address,
                patient_number="9" * 200,
                treated_by="Y" * 400,
                payment=Payment(holder="h" * 300, iban="I" * 200, note="note " * 300),
            )
        )
        frame = made._sheet.frame
        for _, mark in drawn_lines(made._sheet.pages):
            assert mark.x + mark.line.width <= frame.right + 1
            assert mark.y <= frame.height - 5 * MM
        text = read(made._paper)
        assert all(f"Name{n}" in text for n in range(150))
        assert all(f"Street{n}" in text for n in range(6))

    def test_the_largest_amounts_stay_in_their_columns(self) -> None:
        most = 10**15 - 1
        made = drawn(invoice(lines=(line(unit_price_minor=most, amount_minor=most),)))
        frame = made._sheet.frame
        for _, mark in drawn_lines(made._sheet.pages):
            assert frame.left - 1 <= mark.x
            assert mark.x + mark.line.width <= frame.right + 0.1
        assert "9,999,999,999,999.99" in read(made._paper)

    def test_amounts_end_at_one_edge(self) -> None:
        made = drawn(invoice(lines=(line(), line(amount_minor=7, unit_price_minor=7))))
        ends = [
            mark.x + mark.line.width
            for _, mark in drawn_lines(made._sheet.pages)
            if copied(mark.line) in {"140.00", "0.07"}
        ]
        right = made._sheet.frame.right
        assert sum(end == pytest.approx(right) for end in ends) == 2

    @pytest.mark.parametrize("paper", ["A4", "Letter"])
    def test_the_address_stands_in_the_window(self, paper: str) -> None:
        x, y, width, height = tokens()["window_address_mm"][paper.lower()]
        made = drawn(invoice(head=head(paper=paper, logo=logo())))
        left, top = left_of(made, "Inês")
        bottom = left_of(made, "Ireland")[1]
        assert left == pytest.approx(x)
        assert y < top < bottom < y + height
        assert width > 0

    def test_folds_are_marked_on_a4_only(self) -> None:
        def folds(paper: str) -> list[float]:
            first = drawn(invoice(head=head(paper=paper)))._sheet.pages[0]
            return [m.y1 / MM for m in first if isinstance(m, Rule) and m.x1 == 0]

        assert folds("A4") == pytest.approx([105, 148.5, 210])
        assert folds("Letter") == []

    @pytest.mark.parametrize("size", [(520, 180), (180, 520), (3000, 30)])
    def test_the_logo_stays_in_its_box(self, size: tuple[int, int]) -> None:
        first = drawn(invoice(head=head(logo=logo(*size))))._sheet.pages[0]
        (image,) = (mark for mark in first if isinstance(mark, Image))
        assert image.width <= 52 * MM + 0.01
        assert image.height <= 18 * MM + 0.01

    def test_there_is_a_code_for_euro_only(self) -> None:
        def codes(currency: str) -> int:
            made = drawn(insured_invoice(head=head(currency=currency)))
            return sum(isinstance(mark, Squares) for mark in made._sheet.pages[0])

        assert codes("EUR") == 1
        assert codes("USD") == 0

    def test_nothing_to_pay_needs_no_way_to_pay(self) -> None:
        text = read(invoice(paid_minor=42000, please_pay_minor=0, payment=Payment(note="By card")))
        assert "How to pay" not in text

    def test_a_very_long_treatment_goes_on_over_pages(self) -> None:
        words_in = [f"w{n}" for n in range(3000)]
        data = render_invoice(invoice(lines=(line(text=" ".join(words_in)),)))
        text = words(whole_text(data))
        assert all(f" {word} " in text for word in words_in)
        assert DAY.strftime("%d %b %Y") in text

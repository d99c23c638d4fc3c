"""The prescription: complete, unambiguous, and closed against additions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.documents.page import MM, Outline, Rule
from clinic_desktop.documents.papers import AllergyStatement, PrescriptionPaper
from clinic_desktop.documents.prescription import _Prescription, render_prescription
from tests.documents.reading import (
    copied,
    drawn_lines,
    printed,
    texts,
    whole_text,
    without_glyph,
    words,
)
from tests.documents.samples import head, item, logo, prescription


def read(paper: PrescriptionPaper) -> str:
    return words(whole_text(render_prescription(paper)))


def drawn(paper: PrescriptionPaper) -> _Prescription:
    made = _Prescription(paper)
    made.pdf()
    return made


def crossings(made: _Prescription, page: int) -> list[Rule]:
    """The slanting lines of a page."""
    marks = made._sheet.pages[page]
    return [mark for mark in marks if isinstance(mark, Rule) and mark.y1 > mark.y2 + 0.1
            and mark.x1 < mark.x2]  # fmt: skip


class TestRenderPrescription:
    def test_shows_all_fields(self) -> None:
        text = read(prescription(note="Valid for 6 months from the date above."))
        for expected in (
            "Prescription",
            "RX-2026-000871 · copy 1",
            "Mateo Quispe Huamán",
            "Born 2 February 2019, 7 years",
            "Weight 22.4 kg on 12 March 2026",
            "3 Orchard Row, Cork T23 X0Y0",
            "Guardian: Rosa Huamán Ccori",
            "Dr Tomás Echeverría",
            "Dentist, registration 000000",
            "14 Harbour Street, Cork",
            "+353 21 555 0100",
            "Date: 12 March 2026",
            "Allergy: penicillins (rash, 2024). Asthma.",
            "Paracetamol 120 mg/5 ml, oral suspension",
            "14 ml (336 mg) by mouth every 6 hours for pain.",
            "For 3 days.",
            "Supply 168 ml (one hundred and sixty-eight)",
            "Dose from 15 mg/kg × 22.4 kg = 336 mg",
            "2 items. The space above is crossed out so that nothing can be added.",
            "Signature of the prescriber",
            "Valid for 6 months from the date above.",
            "Call +353 21 555 0100 with any question.",
            "Issued 12 March 2026, 14:19",
            "Safety list 26.3 of 1 March 2026",
            "fingerprint 51d0·9b7e·22c4",
            "Page 1 of 1",
        ):
            assert expected in text, expected

    def test_a_copy_differs_by_its_number_only(self) -> None:
        first, second = read(prescription()), read(prescription(copy=2))
        assert first.replace("copy 1", "copy 2") == second
        assert render_prescription(prescription()) == render_prescription(prescription())

    @pytest.mark.parametrize(
        ("allergies", "text", "alert"),
        [
            (AllergyStatement(listed=(("latex", ""), ("nuts", "swelling"))),
             "Allergy: latex, nuts (swelling).", True),
            (AllergyStatement(asked_on=date(2026, 3, 12)),
             "No known allergies, asked 12 March 2026.", False),
            (AllergyStatement(), "Allergies: not asked.", True),
        ],
    )  # fmt: skip
    def test_not_asked_never_looks_like_none(
        self, allergies: AllergyStatement, text: str, alert: bool
    ) -> None:
        paper = prescription(allergies=allergies, conditions=())
        assert text in read(paper)
        outlines = [m for m in drawn(paper)._sheet.pages[0] if isinstance(m, Outline)]
        assert bool(outlines) == alert

    def test_the_date_is_that_of_the_clinic(self) -> None:
        late = datetime(2026, 3, 13, 1, 30, tzinfo=UTC)
        paper = prescription(issued_at=late, head=head(zone="America/Sao_Paulo"))
        assert "Date: 12 March 2026" in read(paper)

    def test_the_rest_of_the_space_is_crossed_out(self) -> None:
        made = drawn(prescription())
        (crossing,) = crossings(made, 0)
        frame = made._sheet.frame
        assert crossing.x1 == pytest.approx(frame.left)
        assert crossing.x2 == pytest.approx(frame.right)
        last = max(m.y for _, m in drawn_lines(made._sheet.pages) if "Dose from" in copied(m.line))
        closing = next(
            m.y for _, m in drawn_lines(made._sheet.pages) if "crossed out" in copied(m.line)
        )
        assert last < crossing.y2 < crossing.y1 < closing
        assert crossing.y2 - last < 15 * MM
        assert closing - crossing.y1 < 6 * MM

    @pytest.mark.parametrize("paper", ["A4", "Letter"])
    @pytest.mark.parametrize("count", range(1, 16))
    def test_the_signature_is_never_alone(self, paper: str, count: int) -> None:
        items = tuple(item(drug=f"Drug{n}") for n in range(count))
        made = prescription(head=head(paper=paper, logo=logo()), items=items)
        pages = texts(render_prescription(made))
        signed = [page for page in pages if "Signature" in page]
        assert signed == [pages[-1]]
        assert f"Drug{count - 1}" in pages[-1]

    def test_every_page_says_whose_it_is_and_is_closed(self) -> None:
        items = tuple(item(drug=f"Drug{n}") for n in range(14))
        made = drawn(prescription(items=items))
        pages = texts(render_prescription(prescription(items=items)))
        assert len(pages) >= 3
        for page in pages[1:]:
            assert "RX-2026-000871 · copy 1" in page
            assert "Mateo Quispe Huamán · Born 2 February 2019" in page
        for number, page in enumerate(made._sheet.pages):
            rules = [m.y1 for m in page if isinstance(m, Rule) and m.x1 == made._sheet.frame.left]
            closed = crossings(made, number)
            # Either crossed out, or full to the last line.
            assert closed or made._sheet.frame.bottom - sorted(rules)[-2] < 8 * MM

    def test_quantities_follow_the_country(self) -> None:
        us = _Prescription(prescription(head=head(locale="en_US")))
        assert "one hundred sixty-eight" in us._supply(item())
        decimal = us._supply(item(quantity=Decimal("7.5"), unit="ml"))
        assert "7.5" in decimal
        assert "seven point five" in decimal

    def test_packs_and_instructions_are_written_out(self) -> None:
        each = item(packs="1 bottle of 200 ml", instructions="Shake before use.")
        text = read(prescription(items=(each,)))
        assert "168 ml (one hundred and sixty-eight): 1 bottle of 200 ml" in text
        assert "Note Shake before use." in text
        assert "1 item. The space above" in text

    def test_a_very_long_item_goes_on_over_pages_and_loses_nothing(self) -> None:
        parts = [f"step{n}" for n in range(2000)]
        each = item(instructions=" ".join(parts))
        text = read(prescription(items=(each, item(drug="After"))))
        assert all(f" {part} " in f"{text} " for part in parts)
        assert "After" in text

    @pytest.mark.parametrize(
        "name", ["محمد علي", "王小明", "김철수", "प्रिया शर्मा", "<b>Zoë</b> & Co", "גולן"]
    )
    def test_names_in_any_script(self, name: str) -> None:
        paper = prescription(patient_name=name, prescriber=name, guardian=name)
        assert read(paper).count(printed(name)) >= 3

    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=80), st.text(max_size=300))
    def test_any_text_makes_a_paper_without_empty_boxes(self, name: str, text: str) -> None:
        each = replace(item(), drug=text, dose=text, unit=name, instructions=text)
        paper = prescription(
            patient_name=name,
            guardian=text,
            allergies=AllergyStatement(listed=((name, text),)),
            conditions=(text,),
            items=(each,),
            note=text,
        )
        made = drawn(paper)
        for _, mark in drawn_lines(made._sheet.pages):
            assert without_glyph(mark.line) == []
            assert mark.y < made._sheet.frame.height

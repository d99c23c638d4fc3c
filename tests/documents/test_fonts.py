"""Fonts as they stand in a PDF: embedded, one box of glyphs for each, text that copies."""

from io import BytesIO

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from clinic_desktop.documents import fonts
from clinic_desktop.documents.fonts import font, font_with, main_font
from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.errors import SetupError
from tests.documents.reading import whole_text
from tests.documents.samples import invoice


class TestFontWith:
    @pytest.mark.parametrize(
        ("char", "name"),
        [
            ("é", "Inter-Regular"),
            ("Щ", "Inter-Regular"),
            ("م", "NotoSansArabic-Regular"),
            ("王", "DroidSansFallback"),
            ("😀", "NotoEmoji-Regular"),
        ],
    )
    def test_takes_the_first_that_has_it(self, char: str, name: str) -> None:
        found = font_with(char, "regular")
        assert found is not None
        assert found.fontName == f"Paper-{name}"

    @pytest.mark.parametrize("char", ["\ue000", "\U000f0000", "\U0010ffff", "\u0378"])
    def test_knows_no_private_or_unassigned_character(self, char: str) -> None:
        assert font_with(char, "regular") is None

    def test_bold_arabic_is_bold(self) -> None:
        found = font_with("م", "semibold")
        assert found is not None
        assert found.fontName == "Paper-NotoSansArabic-Bold"


class TestFont:
    def test_a_font_that_is_not_there_is_none(self) -> None:
        assert font("NotThere") is None

    def test_without_the_main_font_a_sentence_says_what_to_do(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chains = {"regular": ("NotThere",), "semibold": ("NotThere",)}
        monkeypatch.setattr(fonts, "_CHAINS", chains)
        with pytest.raises(SetupError, match="Install the program again"):
            main_font("regular")

    def test_a_file_that_is_no_font_is_passed_over(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path
    ) -> None:
        (tmp_path / "Broken.ttf").write_bytes(b"not a font at all" * 50)
        monkeypatch.setattr(fonts, "resource", lambda *parts: tmp_path / parts[-1])
        assert font("Broken") is None


class TestPaperFont:
    def test_many_glyphs_are_spread_over_several_boxes(self) -> None:
        """A font in a PDF holds 256 glyphs; what needs more is split and still copies."""
        text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 600))
        found = font_with("王", "regular")
        assert found is not None
        stream = BytesIO()
        canvas = Canvas(stream, invariant=1, pagesize=(9000, 100))
        pen = canvas.beginText(10, 50)
        pen.setFont(found.fontName, 10)
        pen.textOut(text)
        canvas.drawText(pen)
        canvas.save()
        assert whole_text(stream.getvalue()).strip() == text

    def test_a_box_is_that_of_the_ink(self) -> None:
        inter = main_font("regular")
        left, bottom, right, top = inter.box("H") or (0, 0, 0, 0)
        assert 0 < left < right < inter.width("H")
        assert bottom == 0
        assert top == pytest.approx(727, abs=2)
        assert inter.box(" ") is None

    def test_a_code_of_another_width_draws_and_copies_the_same(self) -> None:
        inter = main_font("regular")
        wide = inter.widened("é", 900)
        assert inter.width(wide) == 900
        assert inter.box(wide) == inter.box("é")
        assert inter.widened("é", 900) == wide
        assert inter.widened(wide, 100) == inter.widened("é", 100)

    def test_every_font_of_a_paper_is_embedded(self) -> None:
        data = render_invoice(invoice(patient_name="Zoë محمد 王小明 😀"))
        with pdfium.PdfDocument(data) as document:
            names = set()
            for item in document[0].get_objects():
                if isinstance(item, pdfium.PdfTextObj):
                    used = item.get_font()
                    assert used.is_embedded
                    names.add(used.get_base_name().split("+")[-1])
        assert names == {
            "Inter-Regular",
            "Inter-SemiBold",
            "NotoSansArabic-Regular",
            "DroidSansFallback",
            "NotoEmoji-Regular",
        }

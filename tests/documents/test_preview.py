"""Pages as pictures: right size, right colours, whole or in bands, and a sentence for rubbish."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.documents.preview import Preview
from clinic_desktop.errors import InvalidError
from tests.documents.samples import head, invoice, logo


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_invoice(invoice(count=30, head=head(logo=logo())))


class TestPreview:
    def test_knows_its_pages(self, paper: bytes) -> None:
        with Preview(paper) as preview:
            assert len(preview.sizes) == 3
            assert preview.sizes[0] == pytest.approx((595.3, 841.9), abs=0.1)
            assert preview.dots(0, 72) == (596, 842)

    def test_draws_a_page_in_its_colours(self, paper: bytes) -> None:
        with Preview(paper) as preview:
            image = Image.open(BytesIO(preview.png(0, 72)))
        assert image.size == (596, 842)
        assert image.getpixel((2, 2)) == (255, 255, 255)
        red, green, blue = image.getpixel((100, 70))
        assert (red, green, blue) == pytest.approx((10, 101, 95), abs=6)

    @pytest.mark.parametrize("dpi", [72, 101, 144])
    def test_bands_make_the_whole_page(self, paper: bytes, dpi: int) -> None:
        with Preview(paper) as preview:
            whole = preview.picture(0, dpi)
            rows = [
                (first, min(whole.height, first + 333)) for first in range(0, whole.height, 333)
            ]
            bands = b"".join(preview.picture(0, dpi, band).data for band in rows)
        assert len(bands) == len(whole.data)
        assert max(abs(a - b) for a, b in zip(bands, whole.data, strict=True)) <= 2

    def test_reads_the_text_of_a_page(self, paper: bytes) -> None:
        with Preview(paper) as preview:
            assert "Carried over from page 1" in preview.text(1)

    @pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4 but nothing more"])
    def test_says_what_is_no_paper(self, data: bytes) -> None:
        with pytest.raises(InvalidError, match="damaged or not a PDF"):
            Preview(data)

    def test_several_threads_may_draw(self, paper: bytes) -> None:
        def draw(number: int) -> bytes:
            with Preview(paper) as preview:
                return preview.picture(number % 3, 50).data

        with ThreadPoolExecutor(4) as pool:
            drawn = list(pool.map(draw, range(24)))
        assert len(set(drawn)) == 3

    def test_several_threads_may_make_papers(self) -> None:
        papers = [invoice(patient_name=name) for name in ("Zoë", "محمد", "王小明", "शर्मा")]
        alone = [render_invoice(each) for each in papers]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(render_invoice, papers * 6)) == alone * 6


def test_what_is_still_open_is_closed_when_the_program_ends() -> None:
    """Without a word: pdfium would name each file on the terminal."""
    script = """
from clinic_desktop.documents.preview import Preview
from tests.documents.samples import invoice
from clinic_desktop.documents.invoice import render_invoice
kept = Preview(render_invoice(invoice()))
kept.png(0, 30)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""

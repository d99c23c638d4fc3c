"""The receipt, on half a page and on the roll of a till."""

import pytest

from clinic_desktop.documents.page import MM
from clinic_desktop.documents.papers import PaidItem
from clinic_desktop.documents.preview import Preview
from clinic_desktop.documents.receipt import render_receipt
from tests.documents.reading import whole_text, words
from tests.documents.samples import head, logo, receipt

EXPECTED = (
    "Harbour Street Dental",
    "Receipt",
    "R-2026-000311",
    "12 March 2026, 14:19",
    "Inês Carvalho-Lindqvist",
    "Cash",
    "Ana Reis",
    "Paid € 93.60",
    "46 Crown, rest · A-2026-001022",
    "Given € 100.00",
    "Change € 6.40",
    "Left to pay € 50.40",
    "Reg. 000000",
)


class TestRenderReceipt:
    @pytest.mark.parametrize("roll", [False, True])
    def test_shows_what_was_paid_and_what_is_left(self, roll: bool) -> None:
        text = words(whole_text(render_receipt(receipt(), roll=roll)))
        for expected in EXPECTED:
            assert expected in text, expected

    @pytest.mark.parametrize("roll", [False, True])
    def test_is_the_same_file_for_the_same_paper(self, roll: bool) -> None:
        paper = receipt(head=head(logo=logo()))
        assert render_receipt(paper, roll=roll) == render_receipt(paper, roll=roll)

    def test_a_roll_is_as_long_as_it_needs(self) -> None:
        def length(count: int) -> float:
            items = tuple(PaidItem(text=f"Item {n}", amount_minor=1) for n in range(count))
            with Preview(render_receipt(receipt(paid=items), roll=True)) as preview:
                (size,) = preview.sizes
            assert size.width == pytest.approx(80 * MM)
            return size.height

        assert 80 * MM < length(1) < length(20) < length(400)

    @pytest.mark.parametrize("paper", ["A4", "Letter"])
    def test_half_a_page_holds_a_usual_receipt(self, paper: str) -> None:
        with Preview(render_receipt(receipt(head=head(paper=paper, logo=logo())))) as preview:
            assert len(preview.sizes) == 1
            drawn = preview.picture(0, 72)
        middle = drawn.height // 2
        below = drawn.data[(middle + 4) * drawn.stride :]
        assert set(below) == {255}

    def test_many_items_go_on_on_more_half_pages(self) -> None:
        items = tuple(PaidItem(text=f"Item{n}", amount_minor=1) for n in range(100))
        text = words(whole_text(render_receipt(receipt(paid=items))))
        assert all(f"Item{n} " in text for n in range(100))
        assert "Kept on the account € 92.60" in text

    def test_a_credit_is_said_to_be_one(self) -> None:
        text = words(whole_text(render_receipt(receipt(balance_minor=-500, given_minor=None))))
        assert "In your favour € 5.00" in text
        assert "Change" not in text

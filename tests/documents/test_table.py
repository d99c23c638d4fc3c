"""Tables over several pages: heads again, sums carried, no row lost and none cut by an edge."""

from clinic_desktop.documents.glyphs import line
from clinic_desktop.documents.page import BODY, Sheet, frame
from clinic_desktop.documents.table import FIGURES, Column, Table
from clinic_desktop.documents.text import wrap
from tests.documents.reading import copied, drawn_lines


class Sums:
    """A table of rows of 1 each, with what was carried."""

    def __init__(self, *, carry: bool = True) -> None:
        self.sheet = Sheet(frame("A4"), foot="", on_turn=lambda: None)
        left = self.sheet.frame.left
        columns = [Column("Text", left, 300), Column("Sum", left + 300, 100, at_right=True)]
        self.done = 0
        self.table = Table(self.sheet, columns, carry=(lambda: f"={self.done}") if carry else None)
        self.table.head()

    def add(self, text: str) -> None:
        self.table.row([wrap(text, BODY, 300), [line("1", FIGURES)]])
        self.done += 1

    def texts(self, page: int) -> list[str]:
        found = drawn_lines(self.sheet.pages)
        return [copied(mark.line) for number, mark in found if number == page]


class TestTable:
    def test_repeats_its_head_and_carries_the_sum(self) -> None:
        sums = Sums()
        for n in range(100):
            sums.add(f"row{n}")
        assert len(sums.sheet.pages) > 2
        first, second = sums.texts(0), sums.texts(1)
        count = sum(text.startswith("row") for text in first)
        assert first[:2] == ["Text", "Sum"]
        assert first[-2:] == [f"={count}", "Carried to page 2"]
        assert second[:4] == ["Text", "Sum", f"={count}", "Carried over from page 1"]

    def test_stays_above_the_bottom(self) -> None:
        sums = Sums()
        for n in range(100):
            sums.add("two\nlines" if n % 3 else "one")
        for _, mark in drawn_lines(sums.sheet.pages):
            assert mark.y < sums.sheet.frame.bottom

    def test_a_row_higher_than_a_page_goes_on(self) -> None:
        sums = Sums()
        sums.add("short")
        sums.add("\n".join(f"line{n}" for n in range(200)))
        sums.add("after")
        texts = [text for page in range(len(sums.sheet.pages)) for text in sums.texts(page)]
        assert [text for text in texts if text.startswith("line")] == [
            f"line{n}" for n in range(200)
        ]
        assert texts[-2] == "after"
        for _, mark in drawn_lines(sums.sheet.pages):
            assert mark.y < sums.sheet.frame.bottom

    def test_without_a_sum_nothing_is_carried(self) -> None:
        sums = Sums(carry=False)
        for n in range(100):
            sums.add(f"row{n}")
        assert "Carried" not in " ".join(sums.texts(0))

"""The sheet: frames by the design's tokens, text that never leaves the page, feet and numbers."""

import pytest

from clinic_desktop.documents.glyphs import Style, line
from clinic_desktop.documents.page import BODY, MM, Rule, Sheet, Text, frame
from clinic_desktop.documents.text import wrap
from tests.documents.reading import copied, drawn_lines


def sheet(foot: str = "Foot") -> Sheet:
    return Sheet(frame("A4"), foot=foot, on_turn=lambda: None)


def words_of(made: Sheet) -> list[str]:
    return [copied(mark.line) for _, mark in drawn_lines(made.pages)]


class TestFrame:
    @pytest.mark.parametrize(
        ("size", "width", "height", "margins"),
        [("A4", 210, 297, (18, 16, 18, 20)), ("Letter", 215.9, 279.4, (16, 16, 16, 20))],
    )
    def test_is_that_of_the_design(
        self, size: str, width: float, height: float, margins: tuple[int, ...]
    ) -> None:
        inside = frame(size)
        top, right, bottom, left = (margin * MM for margin in margins)
        assert (inside.width, inside.height) == pytest.approx((width * MM, height * MM))
        assert (inside.top, inside.left) == pytest.approx((top, left))
        assert inside.right == pytest.approx(width * MM - right)
        assert inside.bottom == pytest.approx(height * MM - bottom)

    def test_turns_with_the_page(self) -> None:
        lying = frame("A4", landscape=True)
        assert lying.width > lying.height
        assert lying.measure > frame("A4").measure


class TestSheet:
    def test_numbers_its_pages(self) -> None:
        made = sheet()
        made.turn()
        made.finish()
        assert words_of(made) == ["Foot", "Page 1 of 2", "Foot", "Page 2 of 2"]

    def test_right_edges_are_exact(self) -> None:
        made = sheet()
        made.put("1,234.50", Style(figures="table"), right=400)
        made.put("7.00", Style(figures="table"), right=400)
        for _, mark in drawn_lines(made.pages):
            assert mark.x + mark.line.width == pytest.approx(400)

    def test_a_block_that_does_not_fit_goes_whole_to_the_next_page(self) -> None:
        made = sheet()
        made.y = made.frame.bottom - 20

        def draw() -> None:
            made.y = made.write(wrap("a\nb\nc", BODY, 100))

        made.together(draw)
        assert [page for page, _ in drawn_lines(made.pages)] == [1, 1, 1]
        assert made.y < made.frame.bottom

    def test_a_block_keeps_room_below_it(self) -> None:
        made = sheet()
        made.y = made.frame.bottom - 40

        def draw() -> None:
            made.y = made.put("a", BODY)

        made.together(draw, keep=100)
        assert len(made.pages) == 2

    def test_text_flows_from_page_to_page(self) -> None:
        made = sheet()
        made.flow(wrap("\n".join(str(n) for n in range(200)), BODY, 100))
        made.finish()
        assert all(mark.y <= made.frame.height for _, mark in drawn_lines(made.pages))
        numbers = [text for text in words_of(made) if text.isdigit()]
        assert numbers == [str(n) for n in range(200)]

    def test_what_is_shortened_stands_in_full_at_the_end(self) -> None:
        made = sheet()
        name = " ".join(f"name{n}" for n in range(60))
        lines = made.fit(name, BODY, 150, most=3)
        assert len(lines) == 3
        made.write(lines)
        made.finish()
        text = " ".join(words_of(made))
        assert "… in full at the end" in text
        assert name.split()[-1] in text

    def test_what_is_repeated_is_only_cut(self) -> None:
        made = sheet()
        lines = made.fit("word " * 60, BODY, 150, most=2, repeated=True)
        assert lines[-1] == line("…", BODY)
        made.finish()
        assert "In full:" not in words_of(made)

    def test_lists_the_characters_that_no_font_has(self) -> None:
        made = sheet()
        made.put("தம", BODY)
        made.put("த", BODY)
        made.finish()
        text = " ".join(words_of(made))
        assert "U+0BA4, U+0BAE" in text

    def test_a_long_foot_takes_its_room_from_the_page(self) -> None:
        made = sheet("legal words " * 60)
        assert made.frame.bottom < frame("A4").bottom
        made.finish()
        lowest = max(mark.y for mark in made.pages[0] if isinstance(mark, Text))
        assert lowest < made.frame.height - 5 * MM
        assert any(isinstance(mark, Rule) for mark in made.pages[0])

"""Lines that fit: broken where a reader expects it, cut where nothing else is possible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.text import Span, wrap, wrap_spans

BODY = Style()


def shown(lines: list[Line]) -> list[str]:
    """The codes of each line; plain text is drawn by its own characters."""
    return ["".join(run.codes for run in each.runs) for each in lines]


class TestWrap:
    def test_breaks_at_spaces_and_drops_them(self) -> None:
        wide = line("Composite filling", BODY).width
        assert shown(wrap("Composite filling 3 surfaces", BODY, wide + 1)) == [
            "Composite filling",
            "3 surfaces",
        ]

    def test_breaks_after_dashes_but_not_in_a_record_number(self) -> None:
        wide = line("Carvalho-Lind", BODY).width
        assert shown(wrap("Carvalho-Lindqvist", BODY, wide)) == ["Carvalho-", "Lindqvist"]
        record = Style(figures="record")
        lines = wrap("No A-2026-004217", record, line("A-2026-004217", record).width + 1)
        assert len(lines) == 2

    def test_breaks_between_chinese_signs_but_not_before_a_full_stop(self) -> None:
        lines = wrap("王小明牙科。診所", BODY, line("王小明牙科", BODY).width + 0.1)
        assert shown(lines) == ["王小明牙", "科。診所"]

    def test_keeps_a_no_break_space(self) -> None:
        lines = wrap("22.4\u00a0kg child", BODY, line("22.4\u00a0kg", BODY).width + 1)
        assert len(lines) == 2

    def test_line_ends_begin_lines_and_empty_ones_stay(self) -> None:
        assert shown(wrap("a\n\nb\r\nc", BODY, 100)) == ["a", "", "b", "c"]

    def test_nothing_is_no_line(self) -> None:
        assert wrap("", BODY, 100) == []

    @pytest.mark.parametrize("word", ["x" * 400, "W" * 400, "r" * 400, "م" * 200, "王" * 200])
    def test_cuts_a_word_wider_than_its_place(self, word: str) -> None:
        lines = wrap(word, BODY, 80)
        assert len(lines) > 5
        assert all(each.width <= 80.5 for each in lines)

    def test_does_not_cut_marks_off_their_letter(self) -> None:
        lines = wrap("ẹ\u0301" * 60, BODY, 50)
        assert all(each.runs[0].codes[0] != "\u0301" for each in lines)

    @settings(max_examples=150, deadline=None)
    @given(st.text(max_size=120), st.floats(30, 200))
    def test_no_line_is_wider_than_its_place(self, text: str, width: float) -> None:
        for each in wrap(text, BODY, width):
            one_sign = len(each.runs) == 1 and len(each.runs[0].codes) == 1
            assert each.width <= width + 2 or one_sign

    @settings(max_examples=100, deadline=None)
    @given(st.text("abc-/ \n.é王😀", max_size=200), st.floats(20, 120))
    def test_no_letter_is_lost(self, text: str, width: float) -> None:
        kept = "".join("".join(shown(wrap(text, BODY, width))).split())
        assert kept == "".join(text.split())

    def test_a_very_long_note_is_laid_out(self) -> None:
        lines = wrap("molar " * 80_000, BODY, 480)
        assert sum("".join(shown([each])).count("molar") for each in lines) == 80_000


class TestWrapSpans:
    def test_goes_on_in_another_style_on_the_same_line(self) -> None:
        strong = Style(weight="semibold")
        lines = wrap_spans([Span("Allergy:", strong), Span(" penicillins", BODY)], 300)
        assert len(lines) == 1
        first, second = lines[0].runs
        assert (first.style, second.style) == (strong, BODY)
        assert second.x == pytest.approx(line("Allergy:", strong).width)

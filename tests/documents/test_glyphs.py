"""Names in every script: drawn by a font that has them, copied back as they went in."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.documents.fonts import font_with
from clinic_desktop.documents.glyphs import MARK, Style, clean, line, seen, unprintable, width_of
from clinic_desktop.documents.order import isolate
from tests.documents.reading import printed, read_back, without_glyph

STYLES = (Style(), Style(size=14, weight="semibold"), Style(figures="table"))
STYLES += (Style(size=12, weight="semibold", figures="record", tracking=0.015),)

# Names and phrases as they come: each is copied back letter for letter.
NAMES = (
    "Inês Carvalho-Lindqvist",
    "Zoë O’Brien & Søn <b>fett</b> &amp; <img src=x>",
    "Łukasz Święcicki, Čeněk Ďuriš, Gökçe Şahin, Þóra",
    "Nguyễn Thị Hồng Ánh",
    "Ọlámidé Ṣẹ́gun Ẹ́yọ̀",
    "z\u0303\u0308 Z\u0308 e\u0301 ạ\u0301\u0301",
    "Ελένη Παπαδοπούλου",
    "Иван Щукин, Їжак, Ґалаґан",
    "محمد علي الأمين",
    "فاطمة الزهراء بنت عبد الله",
    "شهرام پورعلی گچ",
    "مُحَمَّد شِهابُ الدِّين",
    "בנימין כהן",
    "שָׁלוֹם עוֹלָם",
    "王小明 · 佐藤 健 · ｶﾀｶﾅ · 「名前」",
    "김철수 이영희",
    "श्री विक्रम सिंह, प्रिया शर्मा, कृष्ण",
    "กิตติพงษ์ ศรีสุข ปิ่น ผู้ใหญ่",
    "😀 👍 🦷 🇧🇷",
    "€ 1,234.50 − 20 % × 3 ½ №",
    "A-2026-004217 0123456789",
)

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأإؤئةپچژگ"


class TestLine:
    @pytest.mark.parametrize("style", STYLES)
    @pytest.mark.parametrize("name", NAMES)
    def test_is_copied_as_it_went_in(self, name: str, style: Style) -> None:
        assert read_back(name, style) == printed(name)

    @pytest.mark.parametrize("name", NAMES)
    def test_has_a_glyph_for_every_character(self, name: str) -> None:
        laid = line(name, Style())
        assert laid.missing == ()
        assert without_glyph(laid) == []

    def test_mixes_directions_without_moving_numbers(self) -> None:
        text = f"Tooth 36: {isolate('محمد')}, 12"
        assert read_back(text, Style()) == "Tooth 36: محمد, 12"

    def test_a_character_without_glyph_is_a_visible_mark_that_still_copies(self) -> None:
        name = "தமிழ் Ram \ue000"
        laid = line(name, Style())
        assert laid.missing == ("த", "ம", "ி", "ழ", "்", "\ue000")
        assert without_glyph(laid) == []
        marks = [code for run in laid.runs for code in run.codes if ord(code) >= 0xF0000]
        glyph = font_with(MARK, "regular").face.charToGlyph
        assert {glyph[ord(code)] for code in marks} == {glyph[ord(MARK)]}
        assert read_back("தமிழ் Ram", Style()) == "தமிழ் Ram"

    def test_signs_that_only_steer_are_not_drawn(self) -> None:
        steered = "Zo\u200bë\ufeff \u200eA\u00ad\u2060B\ufe0f"
        assert line(steered, Style()).width == pytest.approx(line("Zoë AB", Style()).width)
        assert read_back(steered, Style()) == "Zoë AB"

    def test_reversed_text_stays_inside_its_line(self) -> None:
        text = "\u202eabc\u202c def"
        assert seen(text) == "abc def"
        laid = line(text, Style())
        assert laid.runs[0].codes.startswith("cba")

    def test_one_letter_with_a_thousand_marks_is_one_line(self) -> None:
        laid = line("a" + "\u0301" * 1000, Style())
        assert laid.width < 10
        assert without_glyph(laid) == []

    def test_marks_stand_over_and_under_their_letter(self) -> None:
        laid = line("ẹ\u0301", Style(size=1000))
        font = laid.runs[0].font
        assert laid.width == pytest.approx(font.width("ẹ"), abs=0.2)
        over, base = (run for run in laid.runs for _code in run.codes)
        ink, letter = font.box(over.codes[0]), font.box(base.codes[-1])
        assert ink[1] + over.rise > letter[3]
        middle = over.x + (ink[0] + ink[2]) / 2
        assert middle == pytest.approx((letter[0] + letter[2]) / 2, abs=1)

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=40))
    def test_draws_any_text_without_empty_boxes(self, text: str) -> None:
        laid = line(text, Style())
        assert without_glyph(laid) == []
        assert set(laid.missing) <= set(clean(text)) | set(unicodedata.normalize("NFKC", text))
        assert laid.width >= 0

    @settings(max_examples=60, deadline=None)
    @given(st.text(st.characters(codec="iso8859-15", categories=["L", "N", "P", "S", "Zs"])))
    def test_copies_any_western_text(self, text: str) -> None:
        assert read_back(text, Style()) == printed(text)

    # A reader guesses the direction of letters that stand alone: no name is made of such.
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text(ARABIC, min_size=2, max_size=12), min_size=1, max_size=4))
    def test_copies_any_arabic_name(self, parts: list[str]) -> None:
        text = " ".join(parts)
        assert read_back(text, Style()) == printed(text)

    @settings(max_examples=60, deadline=None)
    @given(st.text("王小明佐藤健ひらカタ，。", min_size=1, max_size=30))
    def test_copies_any_chinese_or_japanese_name(self, text: str) -> None:
        assert read_back(text, Style()) == printed(text)


class TestWidthOf:
    @given(st.text(max_size=30), st.sampled_from(STYLES))
    @settings(deadline=None)
    def test_is_the_width_of_the_line(self, text: str, style: Style) -> None:
        assert width_of(text, style) == pytest.approx(line(text, style).width)


class TestClean:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
            ("a\x00b\x07c\td\x9f", "a b c d "),
            ("e\u0301", "é"),
            ("a\ud800b\udfff", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"),
        ],
    )
    def test_leaves_what_can_be_printed(self, text: str, expected: str) -> None:
        assert clean(text) == expected


class TestUnprintable:
    def test_lists_each_character_once(self) -> None:
        assert unprintable("Ram தமத\nத") == ("த", "ம")
        assert unprintable("Zo\u200bë 王 محمد 😀") == ()

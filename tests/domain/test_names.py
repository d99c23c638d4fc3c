"""Names in any script: folded, ordered, found, told apart; phones, births and typed searches."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.births import age_in_years, age_text, read_birth
from clinic_desktop.domain.folding import fold, isolate, latin, skeleton, visible
from clinic_desktop.domain.names import (
    BORN,
    LOOKS,
    SOUND,
    full_name,
    highlights,
    initials,
    search_words,
    sort_key,
    sounds_of,
    tidy,
)
from clinic_desktop.domain.phones import doubt_about, number_words, read_phone, show_phone
from clinic_desktop.domain.search_terms import beginnings_of, read_terms
from clinic_desktop.errors import InvalidError

TODAY = date(2026, 3, 12)
LETTERS = st.text(
    st.characters(categories=("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Pd", "Zs", "So", "Cf")),
    min_size=1,
    max_size=40,
)
ANY_TEXT = st.text(max_size=80)


def terms(text: str):
    return read_terms(text, locale="en_IE", today=TODAY)


class TestFold:
    @pytest.mark.parametrize(
        ("written", "folded"),
        [
            ("INÊS", "ines"),
            ("Straße", "strasse"),
            ("In\u200bês", "ines"),
            ("\u202eInês\u202c", "ines"),
            ("ﬁona", "fiona"),
            ("Ａｎａ", "ana"),
            ("مُحَمَّد", "محمد"),
            ("يحيى", "يحيي"),
            ("サクラ", "さくら"),
            ("İrem", "irem"),
        ],
    )
    def test_case_accents_and_unseen_marks_go(self, written: str, folded: str) -> None:
        assert fold(written) == folded

    @given(ANY_TEXT)
    def test_folded_twice_is_folded_once(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(LETTERS)
    def test_composed_or_not_is_the_same(self, text: str) -> None:
        forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC")}
        assert len(forms) == 1

    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("陳美玲", ("chen", "mei", "ling")),
            ("Łukasz", ("lukasz",)),
            ("Никита", ("nikita",)),
            ("O'Brien", ("o", "brien")),
            ("😀", ()),
        ],
    )
    def test_latin(self, written: str, words: tuple[str, ...]) -> None:
        assert latin(written) == words


class TestSkeleton:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Anna", "Аnnа"),  # Cyrillic А and а
            ("Ines Reis", "Reis In\u00ades"),
            ("Oliver", "0liver"),
            ("Ilse", "llse"),
            ("Ana", "Ａｎａ"),
            ("Arno", "Amo"),
        ],
    )
    def test_look_alikes_share_it(self, one: str, other: str) -> None:
        assert skeleton(one) == skeleton(other)

    def test_others_do_not(self) -> None:
        assert skeleton("Anna Reis") != skeleton("Ana Reis")


class TestTidy:
    def test_what_nobody_sees_goes(self) -> None:
        assert tidy("  In\u200bês\u2060  \u202eReis\u202c \ufeff") == "Inês Reis"

    def test_what_shapes_letters_stays(self) -> None:
        for name in ("علی\u200cرضا", "क\u094d\u200dष", "👩\u200d⚕", "יעל\u200f כהן"):
            assert tidy(name) == unicodedata.normalize("NFC", name)

    def test_hangul_and_braille_blanks_go(self) -> None:
        assert tidy("\u3164 \u2800") == ""

    @given(ANY_TEXT)
    def test_tidied_twice_is_tidied_once(self, text: str) -> None:
        assert tidy(tidy(text)) == tidy(text)

    @given(ANY_TEXT)
    def test_finds_stay_the_same(self, text: str) -> None:
        assert fold(tidy(text)).split() == fold(text).split()


class TestFullName:
    def test_orders(self) -> None:
        assert full_name("Inês", "Carvalho") == "Inês Carvalho"
        assert full_name("美玲", "陳") == "陳美玲"
        assert full_name("민준", "김") == "김민준"
        assert full_name("Zendaya", "") == "Zendaya"

    def test_initials(self) -> None:
        assert initials("Inês", "Carvalho-Lindqvist") == "IC"
        assert initials("美玲", "陳") == "陳"
        assert initials("'t Hart", "") == "T"
        assert initials("😀", "") == "😀"


class TestSortKey:
    def test_family_then_given_without_accents(self) -> None:
        people = [("Zoë", "Álvarez"), ("Ana", "Alvarez"), ("Åsa", "Öberg"), ("Bo", "Alva")]
        ordered = sorted(people, key=lambda one: sort_key(*one))
        assert ordered == [
            ("Bo", "Alva"),
            ("Ana", "Alvarez"),
            ("Zoë", "Álvarez"),
            ("Åsa", "Öberg"),
        ]

    def test_letters_of_their_own_stand_where_the_alphabet_has_them(self) -> None:
        swedish = sorted(
            ["Öberg", "Zetterberg", "Åkesson", "Äng", "Aho"],
            key=lambda family: sort_key("A", family, locale="sv_SE"),
        )
        assert swedish == ["Aho", "Zetterberg", "Åkesson", "Äng", "Öberg"]
        spanish = sorted(
            ["Nuñez", "Nuo", "Nunez"], key=lambda family: sort_key("A", family, locale="es_ES")
        )
        assert spanish == ["Nunez", "Nuñez", "Nuo"]

    def test_other_scripts_stand_by_their_sound(self) -> None:
        assert sort_key("美玲", "陳").startswith("chen")

    @given(LETTERS, LETTERS)
    def test_is_short_and_never_breaks(self, given_name: str, family: str) -> None:
        key = sort_key(given_name, family, locale="sv_SE")
        assert len(key) <= 121
        assert "\0" not in key


class TestSearchWords:
    @given(LETTERS, LETTERS)
    def test_every_written_word_finds_its_owner(self, given_name: str, family: str) -> None:
        words = search_words(given=given_name, family=family)
        for part in f"{given_name} {family}".split():
            for term in terms(part):
                assert any(word.startswith(start) for word in words for start in term.beginnings), (
                    part,
                    term,
                    words,
                )

    @given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
    def test_words_can_be_stored(self, given_name: str, family: str, email: str) -> None:
        words = search_words(given=given_name, family=family, email=email)
        assert len(words) == len(set(words)) <= 80
        assert all(word and "\n" not in word and "\0" not in word for word in words)
        "".join(words).encode()

    def test_the_rest(self) -> None:
        words = search_words(
            given="Inês",
            family="Carvalho-Lindqvist",
            phone="+353865550142",
            email="ines.cl@example.org",
            born=date(1984, 9, 3),
            number="00674",
        )
        for word in ("ines", "carvalho", "lindqvist", "carvalholindqvist", "0865550142", "5550142",
                     "142", "ines.cl@example.org", "cl", f"{BORN}19840903", "00674", "674",
                     f"{SOUND}KRFLH"):  # fmt: skip
            assert word in words
        assert [word for word in words if word.startswith(LOOKS)] == ["=carvalho llndqvlst lnes"]

    def test_habits_of_writing(self) -> None:
        def found_by(typed: str, given_name: str, family: str = "") -> bool:
            words = search_words(given=given_name, family=family)
            return all(
                any(word.startswith(start) for word in words for start in term.beginnings)
                for term in terms(typed)
            )

        assert found_by("mueller", "Anna", "Müller")
        assert found_by("carthy", "Ana", "McCarthy")
        assert found_by("obrien", "Siobhán", "O'Brien")
        assert found_by("o’brien", "Siobhán", "OBrien")
        assert found_by("حسيني", "محمد", "الحسيني")
        assert found_by("陳美", "美玲", "陳")
        assert found_by("chen mei", "美玲", "陳")
        assert found_by("lukasz", "Łukasz")
        assert found_by("łukasz", "Lukasz")

    def test_sounds(self) -> None:
        assert set(sounds_of("Catherine")) & set(sounds_of("Kathryn"))
        assert set(sounds_of("Jiménez")) & set(sounds_of("Giménez"))
        assert set(sounds_of("Hernández")) & set(sounds_of("Ernandez"))
        assert sounds_of("O", "😀") == ()


class TestHighlights:
    def test_beginnings_of_words_are_marked(self) -> None:
        assert highlights("Inês Carvalho-Lindqvist", ["lin", "car"]) == ((5, 3), (14, 3))
        assert highlights("Ana McCarthy", ["car"]) == ((6, 3),)
        assert highlights("Siobhán O'Brien", ["obr"]) == ((8, 4),)
        assert highlights("Analina Reis", ["lin"]) == ()

    @given(LETTERS, LETTERS)
    def test_stay_inside_the_name(self, name: str, typed: str) -> None:
        for start, length in highlights(name, beginnings_of(terms(typed))):
            assert 0 <= start < start + length <= len(name)


class TestReadTerms:
    @pytest.mark.parametrize(
        ("typed", "beginnings"),
        [
            ("3.9.84", [(f"{BORN}19840903", "3984")]),
            ("3 sep 1984", [(f"{BORN}19840903",)]),
            ("086 555", [("086555",)]),
            ("+353 (0)86 555", [("35386555",)]),
            ("0035386555", [("35386555",)]),
            ("maria 142", [("maria",), ("142",)]),
            ("ines.cl@ex", [("ines.cl@ex",)]),
            ("#00674", [("00674",)]),
            ("12 3 24", [(f"{BORN}20240312", f"{BORN}19240312", "12324")]),
            ("", []),
            ("\u200b \0", []),
        ],
    )
    def test_what_is_meant(self, typed: str, beginnings: list[tuple[str, ...]]) -> None:
        assert [term.beginnings for term in terms(typed)] == beginnings

    @given(ANY_TEXT)
    def test_never_breaks(self, typed: str) -> None:
        for term in terms(typed):
            assert term.beginnings
            assert all(term.beginnings)
            for low, high in (*term.ranges(), *term.sound_ranges()):
                assert low < high
                assert "\0" not in low + high
                (low + high).encode()


class TestPhones:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("086 555 0142", "+353865550142"),
            ("+34 655 55 01 21", "+34655550121"),
            ("0034655550121", "+34655550121"),
            ("(086) 555-0142 ext 3", "+353865550142;ext=3"),
            ("٠٨٦ ٥٥٥ ٠١٤٢", "+353865550142"),
        ],
    )
    def test_read(self, typed: str, stored: str) -> None:
        assert read_phone(typed, "IE") == stored

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("12", "too short"),
            ("ask", "figures"),
            ("+999 1234567", "No country"),
            ("086 555 0142 0142 0142 0142", "too long"),
            ("9" * 300, "too long"),
        ],
    )
    def test_impossible_ones_say_why(self, typed: str, sentence: str) -> None:
        with pytest.raises(InvalidError, match=sentence):
            read_phone(typed, "IE")

    @given(ANY_TEXT)
    def test_any_text_is_read_or_refused_in_words(self, typed: str) -> None:
        try:
            stored = read_phone(typed, "IE")
        except InvalidError:
            return
        assert stored.startswith("+")
        assert number_words(stored)
        assert show_phone(stored)

    def test_shown_and_doubted(self) -> None:
        assert show_phone("+353865550142") == "+353 86 555 0142"
        assert show_phone("ask the school") == "ask the school"
        assert doubt_about("086 555 0142", "IE") is None
        assert doubt_about("5550142", "IE") is not None

    def test_any_run_of_figures_begins_a_word(self) -> None:
        words = number_words("+353865550142")
        digits = "353865550142"
        for start in range(len(digits) - 2):
            for end in range(start + 3, len(digits) + 1):
                assert any(word.startswith(digits[start:end]) for word in words)


class TestBirths:
    @pytest.mark.parametrize(
        ("typed", "day", "estimated"),
        [
            ("3.9.84", date(1984, 9, 3), False),
            ("41", date(1984, 9, 12), True),
            ("8 months", date(2025, 7, 12), True),
            ("3 w", date(2026, 2, 19), True),
            ("1984", date(1984, 7, 1), True),
        ],
    )
    def test_read(self, typed: str, day: date, estimated: bool) -> None:
        birth = read_birth(typed, locale="en_IE", today=TODAY)
        assert (birth.day, birth.estimated) == (day, estimated)

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("31/02/1984", "February 1984 has 29 days"),
            ("01/01/0001", "1896 or later"),
            ("31/12/9999", "still to come"),
            ("131", "130 years"),
            ("1800", "130 years"),
            ("2027", "still to come"),
            ("yesterday", "day, month and year"),
            ("3 sep\x001984", "day, month and year"),
        ],
    )
    def test_impossible_ones_say_why(self, typed: str, sentence: str) -> None:
        with pytest.raises(InvalidError, match=sentence):
            read_birth(typed, locale="en_IE", today=TODAY)

    @given(st.integers(0, 130))
    def test_an_age_is_that_age(self, years: int) -> None:
        try:
            birth = read_birth(str(years), locale="en_IE", today=TODAY)
        except InvalidError:
            assert years == 130
        else:
            assert age_in_years(birth.day, TODAY) == years

    @given(st.dates(date(1900, 1, 1), TODAY), st.dates(TODAY, date(2090, 1, 1)))
    def test_age_counts_birthdays(self, born: date, today: date) -> None:
        years = age_in_years(born, today)
        assert years == today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def test_told(self) -> None:
        assert age_text(date(1984, 9, 3), TODAY) == "41 y"
        assert age_text(date(2025, 7, 12), TODAY) == "8 months"
        assert age_text(date(2026, 3, 11), TODAY) == "1 day"
        assert age_text(date(1984, 7, 1), TODAY, estimated=True) == "about 41 y"


def test_right_to_left_names_are_set_off_in_sentences() -> None:
    assert isolate("Ana") == "Ana"
    assert isolate("محمد") == "\u2068محمد\u2069"
    assert visible("a\u202eb") == "ab"

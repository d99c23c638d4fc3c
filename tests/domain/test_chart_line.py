"""The typed entry line: what each line means, what is refused and how it is said."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.domain.chart_details import details, root_words, takes_roots
from clinic_desktop.domain.chart_line import ChartLine, Parsed, format_line, parse, teeth_text
from clinic_desktop.domain.chart_words import (
    OWN_WORK,
    TREATMENTS,
    Entry,
    Lexicon,
    neutral_lexicon,
    neutral_prices,
    priced,
)
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.domain.teeth.dentition import LOWER, PERMANENT, UPPER, in_arch_order
from clinic_desktop.domain.teeth.numbering import OF_PEOPLE, Notation, species_of, teeth_of
from clinic_desktop.domain.teeth.surfaces import tidy, valid_codes
from clinic_desktop.i18n import in_language

LOCALES = ["en_US", "en_GB", "es_ES", "pt_BR"]


def read(
    text: str,
    *,
    notation: str = "fdi",
    locale: str = "en_IE",
    status: MarkStatus = MarkStatus.DONE,
    selected: tuple[int, ...] = (),
    lexicon: Lexicon | None = None,
) -> Parsed:
    return parse(
        text,
        notation=notation,
        locale=locale,
        lexicon=lexicon or neutral_lexicon(),
        default_status=status,
        selected=selected,
    )


def said(text: str, **options: str) -> tuple[str, tuple[int, ...], str, str]:
    line = read(text, **options).line  # type: ignore[arg-type]
    assert line is not None, read(text, **options).problem  # type: ignore[arg-type]
    return (line.status.value, line.teeth, line.surfaces, line.code)


def sentence(text: str, **options: str) -> str:
    problem = read(text, **options).problem  # type: ignore[arg-type]
    assert problem is not None
    return problem.sentence


class TestParse:
    @pytest.mark.parametrize(
        ("text", "meaning"),
        [
            ("36 mod comp", ("done", (36,), "MOD", "RST-020")),
            ("36 MOD COMP", ("done", (36,), "MOD", "RST-020")),
            ("  36   d o m   composite ", ("done", (36,), "MOD", "RST-020")),
            ("36mod comp", ("done", (36,), "MOD", "RST-020")),
            ("٣٦ mod comp", ("done", (36,), "MOD", "RST-020")),
            ("p 16 crown", ("planned", (16,), "", "RST-070")),
            ("p 55 crown", ("planned", (55,), "", "RST-100")),
            ("16 crown, metal", ("done", (16,), "", "RST-090")),
            ("e 46 k", ("existing", (46,), "", "CROWN")),
            ("w 47 o a", ("elsewhere", (47,), "O", "AMAL")),
            ("r 43 b graft", ("referred", (43,), "B", "PER-080")),
            ("i 45 do gic", ("in_progress", (45,), "DO", "RST-030")),
            ("14+26 o car", ("condition", (14, 26), "O", "CARIES")),
            ("c 26 o i4", ("condition", (26,), "O", "I4")),
            ("14-16 seal", ("done", (16, 15, 14), "O", "PRV-040")),
            ("14 - 16 seal", ("done", (16, 15, 14), "O", "PRV-040")),
            ("13-23 v", ("done", (13, 12, 11, 21, 22, 23), "B", "RST-060")),
            ("36 x", ("done", (36,), "", "SUR-010")),
            ("75 x", ("done", (75,), "", "SUR-040")),
            ("e 36 x", ("condition", (36,), "", "MISSING")),
            ("36 /m", ("condition", (36,), "", "MISSING")),
            ("18/u", ("condition", (18,), "", "UNERUPT")),
            ("38 /i", ("condition", (38,), "", "IMPACT")),
            ("14 /r", ("condition", (14,), "", "RETROOT")),
            ("33 5 comp", ("done", (33,), "B5", "RST-020")),
            ("11 rct", ("done", (11,), "", "END-040")),
            ("14 r", ("done", (14,), "", "END-050")),
            ("36 root can", ("done", (36,), "", "END-060")),
            ("36 i", ("done", (36,), "", "IMP-010")),
            ("36 mob", ("condition", (36,), "", "MOB")),
            ("36 mob comp", ("done", (36,), "MOB", "RST-020")),
            ("ll /m", ("condition", (31, 32, 33, 34, 35, 36, 37, 38), "", "MISSING")),
            ("ur+ul df", ("done", UPPER, "", "PRS-010")),
            ("all /m", ("condition", PERMANENT, "", "MISSING")),
            ("18s x", ("done", (118,), "", "SUR-010")),
            ("d opg", ("done", (), "", "IMG-040")),
        ],
    )
    def test_meanings(self, text: str, meaning: tuple[str, tuple[int, ...], str, str]) -> None:
        assert said(text) == meaning

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("36 mod cmop", '"cmop" is not known. Did you mean comp (composite)?'),
            ("36 mod compsite", '"compsite" is not known. Did you mean composite?'),
            ("36 xyzzy", '"xyzzy" is not known.'),
            ("36 mod comp 26", '"26" is not known.'),
            ("39 x", '"39" is not a tooth.'),
            ("14+comp", '"comp" is not a tooth.'),
            ("14 26 o comp", "Join teeth with +, as in 14+26."),
            ("18-48 /m", "A range stays in one jaw. Join teeth of both jaws with +."),
            ("11 mo comp", "11 is a front tooth: its edge is I, it has no O."),
            ("36 i comp", "36 is a back tooth: its chewing surface is O, it has no I."),
            ("36 p comp", "36 is a lower tooth: its inner surface is L, not P (palatal)."),
            ("36 mod crown", "Crown, ceramic has no surfaces. Leave them out."),
            ("36 mod /m", "Missing has no surfaces. Leave them out."),
            ("p 26 o car", "Caries is a finding, not a treatment. Leave out the letter before it."),
            ("36 /q", "After the tooth: /m missing, /u unerupted, /i impacted, /r root."),
            (
                "14+16 rct",
                "These teeth need different treatments. Enter them one after the other.",
            ),
            (
                "c 36 o comp",
                (
                    "Composite is not a condition. Type e before the tooth for existing, "
                    "d for done, p for planned."
                ),
            ),
            (
                "36 o gold",
                (
                    "Gold inlay is not in the price list. "
                    "Type e before the tooth if it is already there."
                ),
            ),
        ],
    )
    def test_refusals_say_what_and_which_word(self, text: str, problem: str) -> None:
        parsed = read(text)
        assert parsed.problem is not None
        assert parsed.problem.sentence == problem
        assert not parsed.unfinished
        assert parsed.line is None
        assert parsed.marks() == ()

    @pytest.mark.parametrize(
        "text",
        ["", " ", "3", "36", "14-", "14+", "36 mo", "36 mod", "36 mod c", "p", "p 16", "36 /",
         "comp", "36 comp", "36 z"],
    )  # fmt: skip
    def test_what_may_still_become_a_line_is_not_complained_about(self, text: str) -> None:
        lexicon = Lexicon([*neutral_prices(), priced(code="Z1", name="Zygoma", area="tooth",
                                                     paint="")])  # fmt: skip
        parsed = read(text, lexicon=lexicon)
        assert parsed.line is None or text == "36 mod c"
        assert parsed.problem is None or parsed.unfinished

    def test_the_problem_points_at_the_word(self) -> None:
        parsed = read("36 mod cmop")
        assert parsed.problem is not None
        assert parsed.text[parsed.problem.start : parsed.problem.end] == "cmop"

    def test_tags_appear_as_they_are_recognised(self) -> None:
        kinds = {text: [tag.kind for tag in read(text).tags] for text in ("36", "36 mod", "p 36 k")}
        assert kinds == {
            "36": ["teeth"],
            "36 mod": ["teeth", "surfaces"],
            "p 36 k": ["status", "teeth", "what"],
        }
        assert [tag.text for tag in read("36 mod comp").tags] == [
            "36",
            "M O D",
            "Composite filling",
        ]

    def test_surfaces_that_were_read_stay_when_the_next_word_is_not_known(self) -> None:
        assert [tag.text for tag in read("36 mod cmop").tags] == ["36", "M O D"]

    def test_the_rest_of_the_name_is_offered(self) -> None:
        assert read("36 mod comp").completion == "osite filling"
        assert read("36 mod comp ").completion == ""
        assert read("36 x").completion == ""
        completed = read("36 mod comp" + read("36 mod comp").completion)
        assert completed.line == read("36 mod comp").line

    def test_other_meanings_are_listed(self) -> None:
        codes = [entry.code for entry in read("16 crown").choices]
        assert {"RST-080", "RST-090"} <= set(codes)

    def test_without_a_tooth_the_selected_one_is_meant(self) -> None:
        for text, code in (("p crown", "RST-070"), ("mod comp", "RST-020"), ("/m", "MISSING")):
            line = read(text, selected=(36,)).line
            assert line is not None
            assert (line.teeth, line.code) == ((36,), code)

    def test_a_lone_status_letter_is_no_treatment_of_the_selected_tooth(self) -> None:
        assert read("p", selected=(36,)).line is None

    def test_surfaces_belong_to_a_tooth(self) -> None:
        parsed = read("mod opg")
        assert parsed.unfinished
        assert read("mod opg", selected=(36,)).teeth == (36,)

    def test_the_status_switch_counts_without_a_letter(self) -> None:
        assert said_status("36 k", MarkStatus.PLANNED) == MarkStatus.PLANNED
        assert said_status("36 k", MarkStatus.EXISTING) == MarkStatus.EXISTING
        assert said_status("36 o car", MarkStatus.PLANNED) == MarkStatus.CONDITION
        assert said_status("d 36 k", MarkStatus.PLANNED) == MarkStatus.DONE

    def test_ranges_and_groups_follow_the_teeth_present(self) -> None:
        present = frozenset({16, 55, 54, 53, 12, 11})
        for text in ("16-11 /m", "ur /m", "all /m"):
            parsed = parse(
                text, notation="fdi", locale="en", lexicon=neutral_lexicon(), present=present
            )
            assert parsed.teeth == (16, 55, 54, 53, 12, 11)

    def test_marks_are_what_would_be_drawn(self) -> None:
        marks = read("p 14+15 o comp").marks()
        assert [(mark.tooth, mark.surfaces, mark.paint, mark.status) for mark in marks] == [
            (15, "O", "COMP", MarkStatus.PLANNED),
            (14, "O", "COMP", MarkStatus.PLANNED),
        ]


def said_status(text: str, default: MarkStatus) -> MarkStatus:
    line = read(text, status=default).line
    assert line is not None
    return line.status


class TestNotations:
    @pytest.mark.parametrize(
        ("text", "meaning"),
        [
            ("19 mod comp", ("done", (36,), "MOD", "RST-020")),
            ("a o comp", ("done", (55,), "O", "RST-020")),
            ("p a crown", ("planned", (55,), "", "RST-100")),
            ("c i comp", ("done", (53,), "I", "RST-020")),
            ("c 3 o car", ("condition", (16,), "O", "CARIES")),
            ("c 5 m i1", ("condition", (14,), "M", "I1")),
            ("#c 5 comp", ("done", (53,), "B5", "RST-020")),
            ("#C i comp", ("done", (53,), "I", "RST-020")),
            ("24 5 comp", ("done", (31,), "B5", "RST-020")),
            ("as x", ("done", (155,), "", "SUR-040")),
            ("d opg", ("done", (), "", "IMG-040")),
        ],
    )
    def test_universal(self, text: str, meaning: tuple[str, tuple[int, ...], str, str]) -> None:
        assert said(text, notation="universal", locale="en_US") == meaning

    @pytest.mark.parametrize(
        ("text", "meaning"),
        [
            ("ll6 mod comp", ("done", (36,), "MOD", "RST-020")),
            ("ur6mod comp", ("done", (16,), "MOD", "RST-020")),
            ("ur3-ul3 v", ("done", (13, 12, 11, 21, 22, 23), "B", "RST-060")),
            ("ure o comp", ("done", (55,), "O", "RST-020")),
            ("p ur6 k", ("planned", (16,), "", "RST-070")),
            ("ll /m", ("condition", LOWER[8:], "", "MISSING")),
        ],
    )
    def test_palmer(self, text: str, meaning: tuple[str, tuple[int, ...], str, str]) -> None:
        assert said(text, notation="palmer") == meaning

    def test_refusals_use_the_notation(self) -> None:
        assert sentence("8 o comp", notation="universal").startswith("8 is a front tooth")


class TestLanguages:
    def test_words_of_the_language_and_english_ones(self) -> None:
        with in_language("es"):
            assert said("36 mod amalgama", locale="es_ES")[3] == "RST-010"
            assert said("36 mod amal", locale="es_ES")[3] == "RST-010"
            assert said("e 36 corona", locale="es_ES")[3] == "CROWN"
            assert said("11 v carilla", locale="es_ES") == ("done", (11,), "B", "RST-060")

    def test_accents_may_be_left_out(self) -> None:
        with in_language("pt"):
            assert said("26 o carie", locale="pt_PT")[3] == "CARIES"
            assert said("26 o cárie", locale="pt_PT")[3] == "CARIES"


class TestFee:
    prices = Lexicon(
        [
            priced(code="RST-020", name="Composite", area="surface", paint="COMP",
                   fees=(8500, 11000, 14000)),
            priced(code="RST-070", name="Crown, zirconia", area="tooth", paint="CROWN",
                   fees=(50000,)),
            priced(code="PRV-010", name="Prophylaxis", area="mouth", paint="", fees=(6000,)),
            priced(code="OWN-1", name="Whitening tray", area="arch", paint=""),
        ]
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "fee"),
        [
            ("26 o comp", 8500),
            ("36 mod comp", 14000),
            ("36 modbl comp", 14000),
            ("33 b5 comp", 8500),
            ("14+15 k", 100000),
            ("prophylaxis", 6000),
            ("e 36 mod comp", None),
            ("36 o car", None),
            ("ul whitening", None),
        ],
    )
    def test_is_that_of_the_price_list(self, text: str, fee: int | None) -> None:
        assert read(text, lexicon=self.prices).fee == fee

    def test_the_clinics_own_name_is_shown(self) -> None:
        assert read("36 mod comp", lexicon=self.prices).completion == "osite"


class TestFormat:
    def test_writes_the_letters_of_the_country(self) -> None:
        line = ChartLine(MarkStatus.PLANNED, (11,), "BL", "RST-020")
        assert format_line(line, notation="fdi", locale="es_ES") == "p 11 VP rst-020"
        assert format_line(line, notation="universal", locale="en_US") == "p 8 FL rst-020"
        assert format_line(line, notation="palmer", locale="en_GB") == "p UR1 BP rst-020"

    def test_many_teeth_are_counted_in_a_tag(self) -> None:
        assert teeth_text((14, 26), "fdi") == "14+26"
        assert teeth_text(UPPER, "fdi") == "16 teeth"


def _entry_fits(entry: Entry, status: MarkStatus) -> bool:
    if entry.finding:
        return status is MarkStatus.CONDITION
    if status in OWN_WORK:
        return entry.priced
    if status is MarkStatus.REFERRED:
        return entry.priced
    return status is not MarkStatus.CONDITION and (not entry.priced or not entry.paint)


def _details(entry: Entry, fdis: tuple[int, ...]) -> list[str]:
    """Return the details one by one, then one of each slot together."""
    known = details().get(entry.paint, ())
    found = [one.code for one in known]
    if takes_roots(entry.paint):
        common = set(root_words(fdis[0])).intersection(*map(root_words, fdis)) if fdis else set()
        found += sorted(common)
    return found


@st.composite
def lines(draw: st.DrawFn, notation: str = "fdi") -> ChartLine:
    """Any line that a person can mean: each status with what it can say, on any teeth."""
    entry = draw(st.sampled_from(neutral_lexicon().entries))
    status = draw(st.sampled_from([one for one in MarkStatus if _entry_fits(entry, one)]))
    numbers = st.sampled_from([one.fdi for one in teeth_of(species_of(notation))])
    smallest = 1 if entry.needs_tooth else 0
    fdis = in_arch_order(tuple(draw(st.lists(numbers, min_size=smallest, max_size=5))))
    surfaces = ""
    if fdis and entry.takes_surfaces:
        codes = set("MOIDBL5").intersection(*(valid_codes(fdi) for fdi in fdis))
        surfaces = tidy(draw(st.text(sorted(codes), max_size=5)))
        surfaces = surfaces or entry.usual_surfaces(fdis) or ("M" if entry.needs_surfaces else "")
    known = _details(entry, fdis)
    detail = draw(st.sampled_from(["", *known])) if known else ""
    return ChartLine(status, fdis, surfaces, entry.code, detail)


class TestProperties:
    @given(st.text(max_size=40), st.sampled_from(list(Notation)), st.sampled_from(LOCALES))
    def test_never_raises_on_any_text(self, text: str, notation: str, locale: str) -> None:
        parsed = read(text, notation=notation, locale=locale, selected=(36, 11))
        assert parsed.text == text
        assert parsed.line is not None or parsed.problem is not None

    @given(
        st.lists(
            st.sampled_from(
                ["p", "d", "36", "14-16", "ul", "all", "a", "#t", "ur6", "mod", "o", "5", "i",
                 "comp", "crown", "x", "/m", "/", "+", "-", "rst-020", "cmop", "ß", "İ", "\x00"]
            ),
            max_size=7,
        ),
        st.sampled_from(list(Notation)),
        st.booleans(),
    )  # fmt: skip
    @settings(max_examples=400)
    def test_never_raises_on_likely_text(
        self, words: list[str], notation: str, glued: bool
    ) -> None:
        text = ("" if glued else " ").join(words)
        parsed = read(text, notation=notation)
        assert all(0 <= tag.start <= tag.end <= len(text) for tag in parsed.tags)
        if parsed.problem is not None:
            assert 0 <= parsed.problem.start <= parsed.problem.end <= len(text)
        if parsed.line is not None:
            written = format_line(parsed.line, notation=notation, locale="en_IE")
            assert read(written, notation=notation).line == parsed.line

    @given(st.data(), st.sampled_from(list(Notation)), st.sampled_from(LOCALES))
    @settings(max_examples=600)
    def test_reads_what_it_writes(self, data: st.DataObject, notation: str, locale: str) -> None:
        line = data.draw(lines(notation))
        text = format_line(line, notation=notation, locale=locale)
        assert read(text, notation=notation, locale=locale).line == line

    @pytest.mark.parametrize("notation", list(OF_PEOPLE))
    def test_every_tooth_and_every_code(self, notation: str) -> None:
        for entry in neutral_lexicon().entries:
            status = next(one for one in MarkStatus if _entry_fits(entry, one))
            surfaces = "M" if entry.needs_surfaces else ""
            line = ChartLine(status, (36,), surfaces or entry.usual_surfaces((36,)), entry.code)
            text = format_line(line, notation=notation, locale="en_US")
            assert read(text, notation=notation, locale="en_US").line == line
        for fdi in [one.fdi for one in teeth_of("human")]:
            line = ChartLine(MarkStatus.CONDITION, (fdi,), "", "MISSING")
            text = format_line(line, notation=notation, locale="pt_BR")
            assert read(text, notation=notation, locale="pt_BR").line == line


class TestLexicon:
    def test_treatment_statuses_include_the_clinics_own_work(self) -> None:
        assert OWN_WORK < TREATMENTS

    def test_a_price_list_without_neutral_codes_works_by_its_names(self) -> None:
        entry = priced(code="A1", name="Füllung klein", area="surface", paint="COMP", fees=(900,))
        lexicon = Lexicon([entry])
        assert read("36 o comp", lexicon=lexicon).entry == entry
        assert read("36 o fullung", lexicon=lexicon).entry == entry
        assert replace(entry, fees=()).fee_for("O") is None

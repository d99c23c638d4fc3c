"""Every example that the program shows can be typed as it stands, for every kind of patient."""

from datetime import date

import pytest

from clinic_desktop.domain.chart_examples import example, usual_example
from clinic_desktop.domain.chart_line import Parsed, parse
from clinic_desktop.domain.chart_words import Lexicon, neutral_prices
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.domain.teeth.numbering import Notation, species_of, tooth
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.help_page import _LINES, _TEETH
from clinic_desktop.ui.chart.keys import chart_keys, typing_hint

LEXICON = Lexicon(neutral_prices())
LINES = [line for line, _words in _LINES if line not in ("37 .", "/m")]


def read(text: str, notation: Notation, *selected: int) -> Parsed:
    return parse(
        text, notation=notation, locale="en_IE", lexicon=LEXICON, today=date(2026, 3, 2),
        default_status=MarkStatus.DONE, selected=selected, present=frozenset(),
    )  # fmt: skip


@pytest.mark.parametrize("notation", Notation)
class TestExamples:
    @pytest.mark.parametrize("line", LINES)
    def test_lines_can_be_added(self, notation: Notation, line: str) -> None:
        parsed = read(example(line, notation), notation)
        assert parsed.line is not None, parsed.problem
        species = {tooth(fdi).species for one in parsed.each() for fdi in one.teeth}
        assert species == {species_of(notation)}

    @pytest.mark.parametrize("teeth", [typed for typed, _words in _TEETH])
    def test_teeth_are_teeth(self, notation: Notation, teeth: str) -> None:
        assert read(f"{example(teeth, notation)} x", notation).line is not None

    def test_a_range_of_a_person_has_six_and_of_an_animal_eight_teeth(self, notation) -> None:
        parsed = read(f"{example('13-23', notation)} x", notation)
        assert len(parsed.teeth) == (6 if species_of(notation) == "human" else 8)

    def test_the_keys_of_f1_and_the_hint(self, notation: Notation) -> None:
        first, missing = (one.key for one in chart_keys(notation)[:2])
        assert read(first, notation).line is not None
        assert read(missing, notation).line is not None
        assert example("14+26", notation) in typing_hint((), Writing(notation, "en_IE"))


@pytest.mark.parametrize(
    ("notation", "wanted"),
    [
        (Notation.FDI, "36 mod comp"),
        (Notation.UNIVERSAL, "19 mod comp"),
        (Notation.PALMER, "ll6 mod comp"),
        (Notation.DOG, "309 mod comp"),
        (Notation.CAT, "309 mod comp"),
    ],
)
def test_the_usual_example(notation: Notation, wanted: str) -> None:
    assert usual_example(notation) == wanted


def test_years_and_days_are_no_teeth() -> None:
    assert example("e 36 o amal @5/2019", Notation.DOG) == "e 309 o amal @5/2019"
    assert example("e 36 o amal @2016", Notation.UNIVERSAL) == "e 19 o amal @2016"


def test_what_is_missing_is_said_with_a_tooth_of_the_patient() -> None:
    for text in ("", "309 comp"):
        problem = read(text, Notation.DOG).problem
        assert problem is not None
        assert "309 mod comp" in problem.sentence

"""The sign of margins, chosen by the clinic: on keys, labels, legend, cells and paper."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ClinicValues
from clinic_desktop.ui.perio.layout import Kind
from clinic_desktop.ui.perio.painter import row_words
from tests.documents.reading import texts, words
from tests.ui.perio.test_view import keys

G = Measure.MARGIN


def choose(signed_in, sign: MarginSign) -> None:
    with signed_in.writing() as ctx:
        card = clinic.clinic_card(ctx)
        values = {name: getattr(card, name) for name in ClinicValues.model_fields}
        clinic.change_clinic(
            ctx, card.version, ClinicValues(**{**values, "margin_sign": sign.value})
        )


@pytest.fixture
def turned(chairside, signed_in):
    choose(signed_in, MarginSign.MINUS)
    return chairside


def margins(tab, fdi: int = 18) -> tuple:
    return tab.grid.charting.exam.teeth[fdi].margin[:3]


def label(tab) -> str:
    line = tab.grid.picture().line(Kind.MARGIN, upper=True)
    return row_words(line, facial=True, sign=tab.grid.charting.sign)


class TestUsual:
    def test_recession_is_plus(self, chairside) -> None:
        tab = chairside.open()
        assert label(tab) == "Margin (rec. +)"
        assert tab.side.legend.text() == "Margin: + recession, − coronal to the CEJ"
        keys(tab, "MM")
        tab.grid.go(Cell(18, G, Site.DB))
        keys(tab, "-2")
        keys(tab, "3")
        keys(tab, "+2")
        assert margins(tab) == (12, 3, -2)


class TestTurned:
    def test_recession_is_typed_and_shown_with_a_minus(self, turned) -> None:
        tab = turned.open()
        assert label(tab) == "Margin (rec. −)"
        assert tab.side.legend.text() == "Margin: − recession, + coronal to the CEJ"
        tab.grid.go(Cell(18, G, Site.DB))
        keys(tab, "-2")
        keys(tab, "3")
        keys(tab, "+4")
        # Stored is recession as positive, whatever is shown.
        assert margins(tab) == (-4, 3, 2)
        turned.settle(tab)
        assert turned.stored().draft.exam.teeth[18].margin[:3] == (-4, 3, 2)

    def test_what_is_half_typed_is_shown(self, turned) -> None:
        tab = turned.open()
        tab.grid.go(Cell(18, G, Site.DB))
        for typed, shown in (("+", "+"), ("+", "1"), ("+", ""), ("-", "−"), ("+", "−1")):
            keys(tab, typed)
            assert tab.grid.charting.pending == shown
        keys(tab, "2")
        assert margins(tab)[2] == 12

    def test_ten_more_of_a_depth_stays_one_key(self, turned) -> None:
        tab = turned.open()
        keys(tab, "+2")
        assert tab.grid.charting.exam.teeth[18].depth[Site.DB] == 12

    def test_keys_of_the_keypad_say_what_they_mean(self, turned) -> None:
        tab = turned.open()
        buttons = tab.side.keypad.buttons
        assert buttons["-"].accessibleName() == "The next margin is recession (-)"
        assert buttons["+"].accessibleName().startswith("The next margin lies coronal to the CEJ")
        assert buttons["+"].text() == "10+"
        keys(tab, "M")
        assert buttons["+"].text() == "+"
        buttons["+"].click()
        assert buttons["+"].isChecked()
        buttons["3"].click()
        assert -3 in margins(tab)

    def test_changed_by_somebody_else_it_is_another_on_every_screen(
        self, chairside, signed_in
    ) -> None:
        tab = chairside.open()
        keys(tab, "3")
        choose(signed_in, MarginSign.MINUS)
        chairside.qtbot.waitUntil(lambda: tab.grid.charting.sign is MarginSign.MINUS)
        assert label(tab) == "Margin (rec. −)"
        # What was typed, and where typing goes on, is as it was.
        assert tab.grid.cursor_cell == Cell(18, Measure.DEPTH, Site.B)
        chairside.settle(tab)

    def test_on_paper(self, turned) -> None:
        tab = turned.open()
        tab.grid.go(Cell(18, G, Site.DB))
        keys(tab, "2")
        turned.settle(tab)
        (page,) = texts(turned.paper())
        said = words(page)
        assert "Margin: − recession, + coronal to the CEJ" in said
        assert "Margin (rec. −)" in said
        assert "−2" in said


class TestWrongSign:
    def test_is_explained_and_stored(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "3")
        tab.grid.go(Cell(18, G, Site.DB))
        keys(tab, "-5")
        said = tab.side.doubted
        assert said.isVisible()
        assert said.text() == (
            "18 disto-buccal: a margin 5 mm coronal to the CEJ and a pocket of 3 mm put the"
            " attachment on the enamel. It is stored. If it is recession, type 5 without a sign."
        )
        tab.grid.go(Cell(18, G, Site.DB))
        keys(tab, "5")
        assert not said.isVisible()
        chairside.settle(tab)
        assert chairside.stored().draft.exam.teeth[18].margin[Site.DB] == 5

    def test_out_of_range_is_refused_in_words(self, chairside) -> None:
        tab = chairside.open()
        tab.grid.go(Cell(18, G, Site.DB))
        keys(tab, "-+2")
        assert tab.side.refusal.text() == (
            "18 disto-buccal gingival margin: at most 19 mm recession, or 9 mm coronal to the CEJ."
        )
        assert margins(tab) == (None, None, None)
        QApplication.processEvents()

    def test_a_sign_in_another_row_is_refused(self, turned) -> None:
        tab = turned.open()
        QTest.keyClick(tab.grid, "-")
        assert tab.side.refusal.text() == "Minus is for the margin: M leads to its row."

"""Supernumerary teeth and implants under the keys, in the grid, read out and on paper."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from clinic_desktop.domain.perio.exam import Cell, Standing
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.perio.words import describe
from clinic_desktop.ui.perio.layout import Kind
from clinic_desktop.ui.perio.questions import tooth_menu
from tests.documents.reading import texts, words
from tests.ui.perio.test_view import keys

D = Measure.DEPTH


class TestExtra:
    def test_its_six_sites_follow_its_anchor(self, chairside) -> None:
        chairside.chart("CARIES", 116)
        chairside.chart("MISSING", 18)
        tab = chairside.open()
        keys(tab, "323")
        assert tab.grid.cursor_cell == Cell(116, D, Site.DB)
        keys(tab, "4B56")
        assert tab.grid.cursor_cell == Cell(16, D, Site.DB)
        chairside.settle(tab)
        exam = chairside.stored().draft.exam
        assert exam.teeth[116].depth[:3] == (6, 5, 4)
        assert tab.side.entered.text() == "6 of 192"

    def test_it_has_a_column_beside_its_anchor(self, chairside) -> None:
        chairside.chart("CARIES", 116, 131)
        tab = chairside.open()
        picture = tab.grid.picture()
        assert picture.arch.count == 18
        assert picture.column(116).right() == picture.column(16).left()
        assert picture.column(131).left() == picture.column(31).right()
        box = picture.rect(Cell(116, D, Site.B))
        assert picture.cell_at(box.center()) == Cell(116, D, Site.B)
        assert picture.cell_at(QPointF(picture.column(131).center().x(), box.center().y())) is None
        # All cells can be reached, and each says which tooth it is.
        assert picture.places[Cell(116, D, Site.B)] >= 0
        words = describe(tab.grid.charting.exam, Cell(116, D, Site.MB))
        assert words == "16S mesio-buccal probing depth not measured"

    def test_found_while_probing_it_is_added_from_the_menu(self, chairside) -> None:
        tab = chairside.open()
        keys(tab, "3")
        menu = tooth_menu(tab, tab.grid, tab.acts, 16, "fdi", editing=True)
        (act,) = [one for one in menu.actions() if one.text().startswith("Supernumerary tooth")]
        act.trigger()
        chairside.qtbot.waitUntil(lambda: 116 in tab.grid.charting.exam.teeth)
        assert tab.grid.cursor_cell == Cell(18, D, Site.B)
        tab.grid.go(Cell(116, D, Site.MB))
        keys(tab, "7")
        chairside.settle(tab)
        assert chairside.stored().draft.exam.teeth[116].depth[Site.MB] == 7

    def test_on_paper(self, chairside) -> None:
        chairside.chart("CARIES", 116)
        tab = chairside.open()
        tab.grid.go(Cell(116, D, Site.MB))
        keys(tab, "7")
        chairside.settle(tab)
        (page,) = texts(chairside.paper())
        said = words(page)
        assert "16S" in said
        assert "of 198" not in said
        assert "Teeth probed 33" in said


class TestImplant:
    def test_furcation_and_mobility_go_past_it(self, chairside) -> None:
        chairside.chart("IMPLANT", 18, 17)
        tab = chairside.open()
        keys(tab, "F")
        assert tab.grid.cursor_cell.tooth == 16
        keys(tab, "O")
        assert tab.grid.cursor_cell == Cell(16, Measure.MOBILITY)

    def test_its_cells_of_those_rows_are_none(self, chairside) -> None:
        chairside.chart("IMPLANT", 16)
        tab = chairside.open()
        picture = tab.grid.picture()
        for kind in (Kind.FURCATION, Kind.MOBILITY):
            line = picture.line(kind, upper=True)
            at = QPointF(picture.column(16).center().x(), line.top + line.height / 2)
            assert picture.cell_at(at) is None
            other = QPointF(picture.column(17).center().x(), at.y())
            assert picture.cell_at(other).tooth == 17
        assert not any(
            cell.tooth == 16 and cell.measure in (Measure.FURCATION, Measure.MOBILITY)
            for cell in picture.cells
        )
        QTest.mouseClick(tab.grid.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
        assert tab.grid.cursor_cell.tooth == 18

    def test_it_is_read_out_as_one(self, chairside) -> None:
        chairside.chart("IMPLANT", 16)
        tab = chairside.open()
        exam = tab.grid.charting.exam
        assert exam.teeth[16].standing is Standing.IMPLANT
        words = describe(exam, Cell(16, D, Site.MB))
        assert words == "implant 16 mesio-buccal probing depth not measured"

    def test_is_drawn_as_one(self, chairside) -> None:
        """A tooth and an implant in the same place are two pictures."""
        from clinic_desktop.services.perio.schemas import StandingChange
        from clinic_desktop.services.perio.service import stand

        tab = chairside.open()

        def picture() -> object:
            box = tab.grid.picture().column(26).toAlignedRect()
            return tab.grid.grab(box).toImage()

        before = picture()
        with chairside.sign_in("u_hygienist").writing() as ctx:
            stand(
                ctx, tab.at_hand.exam.head.id, StandingChange(tooth=26, standing=Standing.IMPLANT)
            )
        chairside.qtbot.waitUntil(
            lambda: tab.grid.charting.exam.teeth[26].standing is Standing.IMPLANT
        )
        assert picture() != before

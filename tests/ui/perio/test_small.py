"""The grid in a small window, as at 200 %: one half of the mouth at a time, turned by the probe."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from tests.ui.perio.test_view import keys

D = Measure.DEPTH
SMALL = (720, 450)


@pytest.fixture
def small(chairside):
    """Opens the grid in a window of this size."""

    def opened(size: tuple[int, int] = SMALL):
        tab = chairside.open()
        window = chairside.window.window
        window.setMinimumSize(300, 300)
        window.resize(*size)
        chairside.qtbot.waitUntil(lambda: tab.grid.width() <= size[0])
        QApplication.processEvents()
        return tab

    return opened


def in_sight(tab, fdi: int) -> bool:
    """Whether a tooth's column is seen from side to side, right of the names of the rows."""
    grid = tab.grid
    box = grid.picture().column(fdi).translated(-grid._scrolled())
    return (
        box.left() >= grid.picture().sizes.gutter - 1 and box.right() <= grid.viewport().width() + 1
    )


class TestHalves:
    def test_a_half_fills_the_width_and_no_bar_scrolls_sideways(self, small) -> None:
        tab = small()
        grid = tab.grid
        assert grid.halves
        assert not grid.left_half
        assert not grid.horizontalScrollBar().isVisible()
        for fdi in (*range(11, 19), *range(41, 49)):
            assert in_sight(tab, fdi)
        # Figures of two digits and a sign keep apart.
        assert grid.picture().rect(Cell(16, D, Site.B)).width() >= 18

    def test_the_probe_turns_it_at_the_midline(self, small) -> None:
        tab = small()
        keys(tab, "3" * 24)
        assert tab.grid.cursor_cell == Cell(21, D, Site.MB)
        assert tab.grid.left_half
        for fdi in (*range(21, 29), *range(31, 39)):
            assert in_sight(tab, fdi)
        keys(tab, "3" * 24)
        assert tab.grid.cursor_cell is not None
        assert in_sight(tab, tab.grid.cursor_cell.tooth)

    def test_a_key_turns_it_and_the_cursor_stays(self, small) -> None:
        tab = small()
        keys(tab, "32")
        before = tab.grid.cursor_cell
        keys(tab, "h")
        assert tab.grid.left_half
        assert tab.grid.cursor_cell == before
        keys(tab, "3")
        assert not tab.grid.left_half
        keys(tab, "hh")
        assert not tab.grid.left_half

    def test_arrows_cross_the_midline(self, small) -> None:
        tab = small()
        tab.grid.go(Cell(11, D, Site.MB))
        QTest.keyClick(tab.grid, Qt.Key.Key_Right)
        assert tab.grid.cursor_cell == Cell(21, D, Site.MB)
        assert tab.grid.left_half
        QTest.keyClick(tab.grid, Qt.Key.Key_Left)
        assert not tab.grid.left_half

    def test_buttons_name_the_teeth_of_the_other_half(self, small) -> None:
        tab = small()
        upper, lower = tab.grid.turns[True], tab.grid.turns[False]
        assert upper.isVisible()
        assert (upper.text(), lower.text()) == ("21–28", "31–38")
        QTest.mouseClick(upper, Qt.MouseButton.LeftButton)
        assert tab.grid.left_half
        assert (upper.text(), lower.text()) == ("18–11", "48–41")
        assert upper.accessibleName() == "Right half of the mouth"
        assert tab.grid.hasFocus()

    def test_a_wheel_comes_to_rest_at_a_half(self, small) -> None:
        grid = small().grid
        bar = grid.horizontalScrollBar()
        bar.setValue(bar.maximum() // 3)
        assert bar.value() == 0
        bar.setValue(bar.maximum() * 2 // 3)
        assert bar.value() == bar.maximum()

    def test_a_click_in_the_left_half_meets_its_cell(self, small) -> None:
        tab = small()
        keys(tab, "h")
        at = tab.grid.shown_rect(Cell(23, D, Site.B)).center().toPoint()
        QTest.mouseClick(tab.grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
        assert tab.grid.cursor_cell == Cell(23, D, Site.B)
        assert tab.grid.left_half

    def test_extra_teeth_stand_in_their_half(self, small, chairside) -> None:
        chairside.chart("CARIES", 116, 126, 136)
        tab = small()
        assert in_sight(tab, 116)
        tab.grid.go(Cell(126, D, Site.B))
        assert all(in_sight(tab, fdi) for fdi in (21, 126, 28, 136, 38))


class TestLarge:
    def test_the_whole_mouth_is_seen_at_150_percent(self, small) -> None:
        tab = small((960, 600))
        assert not tab.grid.halves
        assert tab.grid.horizontalScrollBar().maximum() == 0
        keys(tab, "h")
        assert tab.grid.horizontalScrollBar().value() == 0
        assert not any(button.isVisible() for button in tab.grid.turns.values())

    def test_a_window_made_large_shows_everything_again(self, small, chairside) -> None:
        tab = small()
        keys(tab, "3" * 30)
        chairside.window.window.resize(1440, 900)
        chairside.qtbot.waitUntil(lambda: not tab.grid.halves)
        assert tab.grid.horizontalScrollBar().maximum() == 0
        assert all(in_sight(tab, fdi) for fdi in (18, 28, 48, 38))


def test_pages_show_more_and_the_cursor_stays(small) -> None:
    tab = small()
    before, down = tab.grid.cursor_cell, tab.grid.verticalScrollBar()
    QTest.keyClick(tab.grid, Qt.Key.Key_PageDown)
    assert down.value() > 0
    assert tab.grid.cursor_cell == before
    QTest.keyClick(tab.grid, Qt.Key.Key_PageUp)
    assert down.value() == 0

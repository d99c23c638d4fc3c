"""Where a refusal is said while the panel is out of sight: at the site, never on its numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.ui.perio.at_site import beside
from tests.ui.perio.test_view import keys

D = Measure.DEPTH


@pytest.fixture
def narrow(chairside):
    """Opens the grid where the panel is a drawer, in a window of this size."""

    def opened(width: int, height: int = 560):
        tab = chairside.open()
        window = chairside.window.window
        window.setMinimumSize(300, 300)
        window.resize(width, height)
        chairside.qtbot.waitUntil(lambda: tab.grid.width() <= width)
        QApplication.processEvents()
        assert tab.frame.split.is_drawer()
        return tab

    return opened


def covered(tab) -> list[QRect]:
    bubble = tab.frame.bubble
    return [box for box in bubble.kept_free() if bubble.geometry().intersects(box)]


def in_sight(tab) -> bool:
    """Whether the site that is due is seen whole."""
    box = tab.grid.shown_rect(tab.grid.cursor_cell).toRect()
    return tab.grid.viewport().rect().contains(box)


class TestBubble:
    @pytest.mark.parametrize("width", [720, 1000])
    def test_no_number_that_is_being_typed_lies_below_it(self, narrow, width) -> None:
        tab = narrow(width)
        sites = tab.grid.charting.walk.sites
        for place in (*range(0, len(sites), 7), 23, 24, 47, 48, 95, 96, 143, 144, len(sites) - 1):
            tab.grid.go(sites[place])
            keys(tab, "-")
            bubble = tab.frame.bubble
            assert bubble.text() == "Minus is for the margin: M leads to its row."
            assert tab.grid.viewport().rect().contains(bubble.geometry()), sites[place]
            assert covered(tab) == [], sites[place]
            # The site, three before it and four after it, fewer at either end.
            assert len(bubble.kept_free()) == len(sites[max(0, place - 3) : place + 5])

    def test_the_next_key_takes_it_away(self, narrow) -> None:
        tab = narrow(1000)
        keys(tab, "-")
        assert tab.frame.bubble.isVisible()
        keys(tab, "3")
        assert not tab.frame.bubble.isVisible()
        assert tab.frame.bubble.text() == ""

    def test_a_margin_of_the_wrong_sign_is_asked_about_beside_the_site(self, narrow) -> None:
        tab = narrow(1000)
        keys(tab, "3")
        tab.grid.go(Cell(18, Measure.MARGIN, tab.grid.charting.walk.sites[0].place))
        keys(tab, "-5")
        assert tab.grid.doubt
        assert tab.frame.bubble.text() == tab.grid.doubt
        assert covered(tab) == []

    def test_scrolled_it_stays_beside_its_site(self, narrow) -> None:
        tab = narrow(1000, 420)
        keys(tab, "-")
        before = tab.frame.bubble.geometry()
        tab.grid.verticalScrollBar().setValue(120)
        assert covered(tab) == []
        assert tab.frame.bubble.geometry() != before or before.top() > 120

    def test_a_refusal_leads_back_to_the_site(self, narrow) -> None:
        tab = narrow(1000, 420)
        keys(tab, "3")
        bar = tab.grid.verticalScrollBar()
        bar.setValue(bar.maximum())
        assert not in_sight(tab)
        keys(tab, "-")
        assert in_sight(tab)
        assert covered(tab) == []

    def test_an_exam_that_goes_on_below_the_fold_shows_where(self, narrow) -> None:
        tab = narrow(1000, 420)
        grid, path = tab.grid, tab.grid.charting.path
        for cell in (grid.charting.walk.sites[100], grid.charting.walk.sites[3]):
            grid.show_exam(grid.charting.exam, path, resume=cell, read_only=False)
            assert grid.cursor_cell == cell
            assert in_sight(tab)

    def test_a_finger_goes_through_it(self, narrow) -> None:
        tab = narrow(1000)
        keys(tab, "-")
        at = tab.frame.bubble.geometry().center()
        cell = tab.grid.picture().cell_at(at.toPointF() + tab.grid._scrolled())
        top = tab.grid.viewport().childAt(at)
        assert top is None
        QTest.mouseClick(tab.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert cell is None or tab.grid.cursor_cell == cell

    def test_beside_the_panel_it_is_said_there_alone(self, chairside) -> None:
        tab = chairside.open()
        assert not tab.frame.split.is_drawer()
        keys(tab, "-")
        assert tab.side.refusal.text() == "Minus is for the margin: M leads to its row."
        assert not tab.frame.bubble.isVisible()


boxes = st.builds(
    QRect, st.integers(-40, 900), st.integers(-40, 600), st.integers(8, 40), st.integers(8, 30)
)


class TestBeside:
    @given(
        box=boxes, more=st.lists(boxes, max_size=7),
        size=st.builds(QSize, st.integers(80, 360), st.integers(28, 90)),
    )  # fmt: skip
    def test_in_the_room_and_off_the_boxes(self, box, more, size) -> None:
        """Eight boxes of that size cannot fill this room: a free place is always found."""
        room = QRect(8, 8, 884, 584)
        at = QRect(beside(box, size, room, [box, *more]), size)
        assert room.contains(at)
        assert not any(at.intersects(one) for one in (box, *more))

    def test_where_no_place_is_free_the_site_is(self) -> None:
        room, box = QRect(0, 0, 300, 100), QRect(140, 0, 20, 20)
        at = QRect(beside(box, QSize(200, 60), room, [box, QRect(0, 20, 300, 80)]), QSize(200, 60))
        assert not at.intersects(box)

    def test_as_near_as_it_can(self) -> None:
        room, box = QRect(0, 0, 900, 600), QRect(440, 300, 20, 20)
        at = QRect(beside(box, QSize(200, 40), room, [box]), QSize(200, 40))
        assert at.top() - box.bottom() <= 8 or box.top() - at.bottom() <= 8

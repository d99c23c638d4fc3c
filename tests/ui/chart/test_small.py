"""The chart in a small window, as at 150 and 200 %: the whole mouth without scrolling sideways."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from tests.ui.chart.by_hand import add, stored, surface

LEFT = Qt.MouseButton.LeftButton

# What 1440x900 dots are at 200 % and at 150 %, and the smallest window.
SMALL = (720, 450)
SIZES = [SMALL, (960, 600), (1180, 720)]


@pytest.fixture
def small(open_chart, qtbot):
    """Opens a chart in a window of this size."""

    def opened(size: tuple[int, int] = SMALL, **more):
        window, tab = open_chart(**more)
        window.window.setMinimumSize(300, 300)
        window.window.resize(*size)
        qtbot.waitUntil(lambda: tab.frame.area.width() <= size[0])
        QApplication.processEvents()
        return window, tab

    return opened


def seen(tab, fdi: int) -> QRect:
    """Return the part of a tooth's column that is in sight, in the teeth's own coordinates."""
    area = tab.frame.area
    corner = tab.frame.teeth.mapFrom(area.viewport(), area.viewport().rect().topLeft())
    return QRect(corner, area.viewport().size()) & tab.frame.teeth.tooth_rect(fdi)


def close(tab) -> list[QRect]:
    """Return number and diagram of each tooth."""
    return [
        cell.number.toRect() | QRect(cell.middle.toPoint(), cell.middle.toPoint())
        for cell in tab.frame.teeth.picture().cells
    ]


class TestAcross:
    @pytest.mark.parametrize("size", SIZES)
    def test_nothing_is_scrolled_sideways(self, small, size) -> None:
        _window, tab = small(size)
        assert tab.frame.area.horizontalScrollBar().maximum() == 0
        for cell in tab.frame.teeth.picture().cells:
            assert seen(tab, cell.tooth).width() == tab.frame.teeth.tooth_rect(cell.tooth).width()

    def test_numbers_and_diagrams_of_both_jaws_are_what_is_seen_first(self, small) -> None:
        _window, tab = small()
        area, teeth = tab.frame.area, tab.frame.teeth
        assert area.verticalScrollBar().value() > 0
        corner = teeth.mapFrom(area.viewport(), area.viewport().rect().topLeft())
        sight = QRect(corner, area.viewport().size())
        assert all(sight.contains(one) for one in close(tab))


class TestKeys:
    def test_the_tooth_that_is_typed_comes_into_sight(self, small, qtbot, clinic) -> None:
        _window, tab = small()
        for typed, fdi in (("16 mod comp", 16), ("46 mod comp", 46), ("28 o seal", 28)):
            qtbot.keyClicks(tab.frame.line, typed)
            cell = tab.frame.teeth.picture().by_tooth[fdi]
            assert seen(tab, fdi).contains(cell.number.center().toPoint())
            assert seen(tab, fdi).contains(cell.middle.toPoint())
            tab.frame.line.write("")
            add(qtbot, tab, typed)
        assert len(stored(clinic)) == 3

    def test_arrows_lead_to_every_tooth_in_sight(self, small, qtbot) -> None:
        _window, tab = small()
        tab.frame.teeth.set_selection((18,))
        met = []
        for _step in range(16):
            current = tab.frame.teeth.current()
            met.append(current)
            assert not seen(tab, current).isEmpty()
            qtbot.keyClick(tab.frame.line, Qt.Key.Key_Down)
            assert tab.frame.teeth.current() != current
            assert not seen(tab, tab.frame.teeth.current()).isEmpty()
            qtbot.keyClick(tab.frame.line, Qt.Key.Key_Up)
            qtbot.keyClick(tab.frame.line, Qt.Key.Key_Right)
        assert len(set(met)) == 16

    def test_the_list_comes_and_goes_by_key_and_the_line_has_room(self, small, qtbot) -> None:
        window, tab = small()
        assert tab.frame.split.is_drawer()
        assert not tab.frame.split.is_shown()
        qtbot.keyClicks(tab.frame.line, "p 47 mod comp; 26 o")
        typed = tab.frame.line
        assert typed.text_width() < typed.width() - typed.textMargins().right() - 12
        qtbot.keyClick(window.window, Qt.Key.Key_F7)
        assert tab.frame.split.is_shown()
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert not tab.frame.split.is_shown()


class TestFingers:
    def test_tooth_surface_treatment_add(self, small, theme, qtbot, clinic) -> None:
        theme.use_density("touch")
        _window, tab = small()
        frame = tab.frame
        assert frame.area.horizontalScrollBar().maximum() == 0
        surface(qtbot, tab, 36, "O")
        qtbot.waitUntil(frame.chairside.isVisible)
        assert not frame.split.is_shown()
        at = frame.area.verticalScrollBar().value
        qtbot.waitUntil(lambda: frame.chairside.y() >= at())
        qtbot.mouseClick(frame.buttons.usual["COMP"], LEFT)
        qtbot.mouseClick(frame.chairside.add, LEFT)
        qtbot.waitUntil(lambda: bool(stored(clinic)))
        ((status, tooth, surfaces, _code),) = stored(clinic)
        assert (status, tooth, surfaces) == ("done", 36, "O")

    def test_a_large_window_has_the_tooth_in_hand_beside_the_teeth(
        self, small, theme, qtbot
    ) -> None:
        theme.use_density("touch")
        window, tab = small()
        surface(qtbot, tab, 36, "O")
        qtbot.waitUntil(tab.frame.chairside.isVisible)
        window.window.resize(1440, 900)
        qtbot.waitUntil(lambda: not tab.frame.split.is_drawer())
        side = tab.frame.chairside.parentWidget()
        assert side is tab.frame.list.parentWidget()
        assert tab.frame.chairside.isVisible()
        assert tab.frame.list.isHidden()

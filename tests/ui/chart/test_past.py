"""The dates of a chart: the past is shown, compared and never written."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.ui.chart.by_hand import ALT, CONTROL, press, stored


class TestDates:
    @pytest.fixture
    def old(self, clinic):
        clinic.item("EXAMINED", kind="state", since=date(2014, 5, 6))
        clinic.item("CARIES", 46, "O", since=date(2023, 11, 14))
        clinic.item("COMP", 24, "MO", "existing", kind="procedure", since=date(2023, 11, 14))
        clinic.item("RST-070", 46, status="done", since=date(2024, 1, 27))
        return clinic

    def test_one_dot_for_each_date_and_keys_between_them(self, open_chart, old, qtbot) -> None:
        window, tab = open_chart()
        slider = tab.frame.history.slider
        assert slider.maximum() == 3
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        assert tab._shown.day == date(2024, 1, 27)
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        assert tab.frame.past.isVisible()
        assert tab.frame.past.title() == "Chart as of 14 Nov 2023"
        marks = tab.frame.teeth.chart().view(46).marks
        assert [mark.paint for mark in marks] == ["CARIES"]
        press(qtbot, window, Qt.Key.Key_Right, ALT)
        assert tab._shown.day == date(2024, 1, 27)
        press(qtbot, window, Qt.Key.Key_Home, ALT)
        assert tab._shown.day == date(2014, 5, 6)

    def test_the_past_is_read_only_and_says_so(self, open_chart, old, clinic, qtbot) -> None:
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        assert "Read only" in tab.frame.past.sentence()
        before = stored(clinic)
        press(qtbot, window, Qt.Key.Key_X)
        assert window.message == "The past is read only. Esc goes back to today."
        press(qtbot, window, Qt.Key.Key_Delete)
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        assert tab.finishing.dialog is None
        assert stored(clinic) == before
        press(qtbot, window, Qt.Key.Key_Escape)
        assert tab._shown.day is None
        assert tab.frame.line.hasFocus()

    def test_the_line_is_kept_while_the_past_is_looked_at(self, open_chart, old, qtbot) -> None:
        window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mod")
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        press(qtbot, window, Qt.Key.Key_Escape)
        assert tab.frame.line.text() == "36 mod"

    def test_compare_frames_the_teeth_that_changed(self, open_chart, old, qtbot) -> None:
        _window, tab = open_chart()
        tab.frame.history.slider.setFocus()
        slider = tab.frame.history.slider
        spot = QPoint(round(slider.spots()[1]), 24)
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=spot)
        assert tab._shown.day == date(2023, 11, 14)
        qtbot.mouseClick(tab.frame.history.compare, Qt.MouseButton.LeftButton)
        changed = [view.tooth for view in tab.frame.teeth.chart().teeth if view.changed]
        assert changed == [46]
        assert "1 tooth changed since" in tab.frame.past.sentence()
        tab.frame.teeth.set_selection((46,))
        assert [row.title for row in tab.frame.list.model.rows()] == [
            "14 Nov 2023",
            "Caries",
            "Since then",
            "Crown, ceramic",
        ]
        tab.frame.past.sides._group.button(1).click()
        marks = tab.frame.teeth.chart().view(46).marks
        assert [mark.paint for mark in marks] == ["CROWN"]
        qtbot.mouseClick(tab.frame.past.back, Qt.MouseButton.LeftButton)
        assert not tab.frame.history.compare.isChecked()
        assert not any(view.changed for view in tab.frame.teeth.chart().teeth)

    def test_compare_from_today_goes_to_the_date_before(self, open_chart, old, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.mouseClick(tab.frame.history.compare, Qt.MouseButton.LeftButton)
        assert tab._shown.day == date(2024, 1, 27)

    def test_without_a_past_there_is_nothing_to_slide(self, open_chart) -> None:
        _window, tab = open_chart()
        assert not tab.frame.history.slider.isEnabled()
        assert not tab.frame.history.compare.isEnabled()

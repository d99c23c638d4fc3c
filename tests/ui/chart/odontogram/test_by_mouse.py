"""Teeth chosen by clicks, and what stays chosen when the chart changes."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.teeth.chart import (
    ChartMark,
    MarkStatus,
    ToothChart,
    ToothState,
    chart_for_age,
)
from clinic_desktop.domain.teeth.dentition import LOWER, UPPER
from tests.ui.chart.odontogram.charts import Making, click, picture, with_marks

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class TestClicks:
    def test_a_click_selects_the_tooth_and_names_the_surface(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        for fdi, code in ((36, "O"), (36, "M"), (11, "I"), (18, "B"), (45, "D")):
            with qtbot.waitSignal(teeth.tooth_clicked) as clicked:
                at = teeth.surface_point(fdi, code)
                if code in "MDB":
                    inner = teeth.surface_point(fdi, "I" if fdi == 11 else "O")
                    at = QPoint(at.x() * 3 // 4 + inner.x() // 4, at.y() * 3 // 4 + inner.y() // 4)
                qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, pos=at)
            assert clicked.args == [fdi, code]
            assert teeth.selection() == (fdi,)

    def test_a_click_on_the_side_view_names_the_tooth_alone(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        with qtbot.waitSignal(teeth.tooth_clicked) as clicked:
            at = teeth.picture().by_tooth[26].neck.toPoint()
            qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, pos=at)
        assert clicked.args == [26, ""]

    def test_control_adds_and_takes_away(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        click(qtbot, teeth, 36)
        click(qtbot, teeth, 14, CONTROL)
        assert teeth.selection() == (14, 36)
        click(qtbot, teeth, 36, CONTROL)
        assert teeth.selection() == (14,)

    def test_shift_selects_along_the_arch(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        click(qtbot, teeth, 13)
        click(qtbot, teeth, 23, SHIFT)
        assert teeth.selection() == (13, 12, 11, 21, 22, 23)
        click(qtbot, teeth, 12, SHIFT)
        assert teeth.selection() == (13, 12)
        click(qtbot, teeth, 42, SHIFT)
        assert teeth.selection() == (13, 12, 43, 42)

    def test_a_finger_moved_off_cancels(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        with qtbot.assertNotEmitted(teeth.tooth_clicked):
            qtbot.mousePress(teeth, Qt.MouseButton.LeftButton, pos=teeth.tooth_rect(36).center())
            qtbot.mouseRelease(teeth, Qt.MouseButton.LeftButton, pos=teeth.tooth_rect(37).center())
        assert teeth.selection() == ()

    def test_beside_the_teeth_nothing_is_selected(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        click(qtbot, teeth, 36)
        qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        assert teeth.selection() == ()

    def test_the_context_menu_is_asked_for_the_tooth_below_the_pointer(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        at = teeth.tooth_rect(46).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, teeth.mapToGlobal(at))
        with qtbot.waitSignal(teeth.menu_asked) as asked:
            QApplication.sendEvent(teeth, event)
        assert asked.args is not None
        assert asked.args[0] == 46
        assert teeth.selection() == (46,)


class TestChart:
    def test_teeth_that_stay_stay_selected(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((36, 35, 99))
        assert teeth.selection() == (35, 36)
        with qtbot.waitSignal(teeth.selection_changed) as changed:
            teeth.set_chart(chart_for_age(7 * 12, ToothState.PRESENT))
        assert changed.args == [(36,)]
        with qtbot.assertNotEmitted(teeth.selection_changed):
            teeth.set_chart(chart_for_age(7 * 12, ToothState.PRESENT))

    def test_an_empty_chart_and_keys(self, qtbot: QtBot, make: Making) -> None:
        teeth = make(ToothChart(teeth=()))
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_Space):
            qtbot.keyClick(teeth, key)
        assert teeth.selection() == ()
        assert not picture(teeth).isNull()
        assert teeth.tooth_rect(36).isNull()

    def test_sizes_follow_the_limits_of_the_scale(self, make: Making) -> None:
        teeth = make()
        least, usual = teeth.minimumSizeHint(), teeth.sizeHint()
        assert least.width() <= 632  # what a window of 1440 leaves at 200 %
        assert usual.width() <= 1028
        assert usual.height() <= 545

    def test_the_tooltip_is_plain_words(self, qtbot: QtBot, make: Making) -> None:
        bad = ChartMark(36, "O", "X", MarkStatus.DONE, "COMP", "<b>bold</b> & more")
        teeth = make(with_marks(36, bad))
        at = teeth.tooth_rect(36).center()
        QApplication.sendEvent(teeth, QHelpEvent(QEvent.Type.ToolTip, at, teeth.mapToGlobal(at)))
        assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in QToolTip.text()
        assert "lower left first molar" in QToolTip.text()
        QApplication.sendEvent(
            teeth, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), teeth.mapToGlobal(QPoint(2, 2)))
        )

    def test_the_miniature_is_clickable_and_takes_no_keyboard(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make(mini=True)
        assert teeth.focusPolicy() is Qt.FocusPolicy.NoFocus
        with qtbot.waitSignal(teeth.tooth_clicked) as clicked:
            click(qtbot, teeth, 36)
        assert clicked.args == [36, ""]
        assert teeth.sizeHint().height() < 220


def test_faces_and_clicks_agree(qtbot: QtBot, make: Making) -> None:
    teeth = make()
    for fdi in (*UPPER, *LOWER):
        cell = teeth.picture().by_tooth[fdi]
        code = teeth.picture().face_at(cell, QPointF(cell.middle))
        assert code in "OI"

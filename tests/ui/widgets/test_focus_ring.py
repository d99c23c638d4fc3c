"""The ring around what has the keyboard."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import LineEdit, TextArea
from clinic_desktop.ui.widgets.focus_ring import FocusRing
from clinic_desktop.ui.widgets.segmented import Segmented
from tests.ui.widgets.shown import show


class TestFocusRing:
    def around(self, ring: FocusRing, widget: QWidget) -> bool:
        window = widget.window()
        box = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        return ring.rect() == box.adjusted(-4, -4, 4, 4)

    def test_follows_the_focus(self, qtbot: QtBot, theme: Theme, ring: FocusRing) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        made = [
            LineEdit(theme=theme),
            Button("Pay", theme=theme),
            TextArea(theme=theme),
            Segmented([("A", 1), ("B", 2)], theme=theme),
        ]
        for widget in made:
            column.addWidget(widget)
        show(qtbot, window)
        made[0].setFocus()
        qtbot.waitUntil(lambda: self.around(ring, made[0]))
        qtbot.keyClick(made[0], Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: self.around(ring, made[1]))
        qtbot.keyClick(made[1], Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: self.around(ring, made[2]))
        overlay = window.findChild(QWidget, "focus_ring")
        image = window.grab().toImage()
        edge = overlay.geometry()
        assert image.pixelColor(edge.left() + 1, edge.center().y()) == theme.color("focus")

    def test_moves_with_the_layout_and_goes_with_its_widget(
        self, qtbot: QtBot, theme: Theme, ring: FocusRing
    ) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        line = LineEdit(theme=theme)
        column.addWidget(line)
        show(qtbot, window)
        line.setFocus()
        qtbot.waitUntil(lambda: self.around(ring, line))
        window.resize(300, 200)
        qtbot.waitUntil(lambda: self.around(ring, line))
        window.hide()
        qtbot.waitUntil(lambda: ring.rect().isEmpty())

    def test_is_cut_where_the_scroll_area_ends(
        self, qtbot: QtBot, theme: Theme, ring: FocusRing
    ) -> None:
        area, page = QScrollArea(), QWidget()
        column = QVBoxLayout(page)
        lines = [LineEdit(theme=theme) for _ in range(20)]
        for line in lines:
            column.addWidget(line)
        area.setWidget(page)
        area.setWidgetResizable(True)
        window = QWidget()
        QVBoxLayout(window).addWidget(area)
        show(qtbot, window, 300, 200)
        lines[2].setFocus()
        qtbot.waitUntil(lambda: self.around(ring, lines[2]))
        bar = area.verticalScrollBar()
        bar.setValue(lines[2].y() + 10)
        qtbot.waitUntil(lambda: not self.around(ring, lines[2]))
        qtbot.waitUntil(lambda: ring.rect().height() < 34)
        bar.setValue(bar.maximum())
        qtbot.waitUntil(lambda: ring.rect().isEmpty())

    def test_a_widget_that_draws_its_own_has_none(
        self, qtbot: QtBot, theme: Theme, ring: FocusRing
    ) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        line, area = LineEdit(theme=theme), TextArea(theme=theme)
        line.setProperty("focus_ring", "none")
        area.setProperty("focus_ring", "inside")
        column.addWidget(line)
        column.addWidget(area)
        show(qtbot, window)
        area.setFocus()
        qtbot.waitUntil(lambda: ring.rect() == area.geometry())
        line.setFocus()
        qtbot.waitUntil(lambda: ring.rect().isEmpty())

    def test_survives_a_widget_that_goes(self, qtbot: QtBot, theme: Theme, ring: FocusRing) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        line = LineEdit(theme=theme)
        column.addWidget(line)
        column.addWidget(Button("Pay", theme=theme))
        show(qtbot, window)
        line.setFocus()
        qtbot.waitUntil(lambda: self.around(ring, line))
        line.deleteLater()
        qtbot.waitUntil(lambda: not ring.rect().isEmpty() and ring.rect().y() > 100, timeout=2000)

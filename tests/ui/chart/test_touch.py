"""The chart for a gloved finger: a tooth, its surfaces on the large diagram, a treatment, Add."""

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.ui.chart.big_diagram import BigDiagram
from tests.ui.chart.by_hand import stored, surface

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def touched(open_chart, theme, qtbot):
    """A chart in touch sizes, with 36 tapped."""
    theme.use_density("touch")
    window, tab = open_chart()
    window.window.resize(1440, 900)
    qtbot.waitUntil(lambda: tab.frame.teeth.width() > 600)
    surface(qtbot, tab, 36, "O")
    diagram = tab.frame.chairside.diagram
    qtbot.waitUntil(diagram.isVisible)
    return tab, diagram


def middle(diagram, code: str) -> QPoint:
    at = QRectF(diagram.rect()).center() + diagram.paths().middles[code]
    return at.toPoint()


class TestLargeDiagram:
    def test_a_tap_takes_a_surface_and_a_second_gives_it_back(self, touched, qtbot) -> None:
        tab, diagram = touched
        qtbot.mouseClick(diagram, LEFT, pos=middle(diagram, "M"))
        assert tab.entering._picked == "MO"
        qtbot.mouseClick(diagram, LEFT, pos=middle(diagram, "O"))
        assert tab.entering._picked == "M"

    def test_a_finger_that_moves_off_takes_nothing(self, touched, qtbot) -> None:
        tab, diagram = touched
        qtbot.mousePress(diagram, LEFT, pos=middle(diagram, "D"))
        qtbot.mouseRelease(diagram, LEFT, pos=middle(diagram, "B"))
        assert tab.entering._picked == "O"

    @pytest.mark.parametrize("fdi", [11, 36, 55])
    def test_every_surface_can_be_met(self, open_chart, theme, qtbot, fdi) -> None:
        page = QWidget()
        qtbot.addWidget(page)
        diagram = BigDiagram(theme, parent=page)
        diagram.resize(320, 184)
        diagram.show_tooth(fdi, "")
        page.show()
        tapped: list[str] = []
        diagram.tapped.connect(tapped.append)
        for code in diagram.paths().faces:
            qtbot.mouseClick(diagram, LEFT, pos=middle(diagram, code))
        assert tapped == list(diagram.paths().faces)
        for face in diagram.paths().faces.values():
            assert face.boundingRect().width() >= 44


class TestThreeTaps:
    def test_tooth_surface_treatment_add(self, touched, clinic, qtbot) -> None:
        tab, diagram = touched
        panel, buttons = tab.frame.chairside, tab.frame.buttons
        assert not panel.add.isEnabled()
        qtbot.mouseClick(diagram, LEFT, pos=middle(diagram, "M"))
        qtbot.mouseClick(panel.statuses[MarkStatus.PLANNED], LEFT)
        qtbot.mouseClick(buttons.usual["COMP"], LEFT)
        assert buttons.usual["COMP"].isChecked()
        assert panel.said() == ("36 MO Composite filling", "€\xa0140.00")
        qtbot.mouseClick(panel.add, LEFT)
        qtbot.waitUntil(lambda: stored(clinic) == [("planned", 36, "MO", "RST-020")])
        assert not buttons.usual["COMP"].isChecked()
        qtbot.waitUntil(lambda: not tab.acts.busy)
        qtbot.mouseClick(panel.undo, LEFT)
        qtbot.waitUntil(lambda: stored(clinic) == [])

    def test_a_treatment_without_a_tooth_is_told(self, touched, qtbot) -> None:
        tab, _diagram = touched
        tab.frame.teeth.set_selection(())
        assert tab.frame.list.isVisible()
        qtbot.mouseClick(tab.frame.buttons.usual["CROWN"], LEFT)
        assert tab.frame.line.text() == ""
        assert not tab.frame.buttons.usual["CROWN"].isChecked()
        assert tab.desk.messages.current.text == "Tap a tooth first, then the treatment."

    def test_closing_puts_everything_down(self, touched, qtbot) -> None:
        tab, _diagram = touched
        qtbot.mouseClick(tab.frame.buttons.usual["SEAL"], LEFT)
        assert tab.frame.line.text() != ""
        tab.frame.chairside.closed.emit()
        assert (tab.frame.line.text(), tab.frame.teeth.selection()) == ("", ())
        assert tab.frame.list.isVisible()


class TestSizes:
    def test_buttons_are_for_gloved_fingers(self, touched) -> None:
        tab, diagram = touched
        panel, buttons = tab.frame.chairside, tab.frame.buttons
        for button in (*buttons.usual.values(), buttons.more, panel.add, panel.undo,
                       *panel.statuses.values()):  # fmt: skip
            assert button.isVisible()
            assert button.height() >= 72
            assert button.width() >= 72
        assert not diagram.visibleRegion().isEmpty()
        assert diagram.visibleRegion().boundingRect() == diagram.rect()

    def test_dates_and_line_are_behind_switches_and_typing_brings_the_line(
        self, touched, qtbot
    ) -> None:
        tab, _diagram = touched
        frame = tab.frame
        assert not frame.history.isVisible()
        assert not frame.line.isVisible()
        qtbot.mouseClick(frame.buttons.dates, LEFT)
        assert frame.history.isVisible()
        qtbot.keyClick(frame.teeth, Qt.Key.Key_P)
        assert frame.line.isVisible()
        assert frame.line.text() == "36 o p"

    def test_the_desk_has_everything_back(self, touched, theme, qtbot) -> None:
        tab, _diagram = touched
        theme.use_density("regular")
        frame = tab.frame
        for part in (frame.legend, frame.history, frame.line, frame.entry.switch, frame.list):
            qtbot.waitUntil(part.isVisible)
        assert not frame.buttons.isVisible()
        assert not frame.chairside.isVisible()

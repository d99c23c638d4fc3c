"""What the tooth chart tells a screen reader."""

import gc

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.teeth.chart import chart_for_age
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.theme.theme import Theme
from tests.ui.chart.odontogram.charts import Making, mark, with_marks


class TestAccessibility:
    def test_teeth_and_surfaces_are_children_with_names(self, make: Making) -> None:
        teeth = make(with_marks(36, mark(36, "COMP", "done", "MO")))
        chart = QAccessible.queryAccessibleInterface(teeth)
        assert chart.role() is QAccessible.Role.List
        assert chart.text(QAccessible.Text.Name) == "Teeth"
        assert chart.childCount() == 32
        tooth = chart.child(PERMANENT.index(36))
        assert tooth.text(QAccessible.Text.Name) == (
            "36, lower left first molar. present. Done: comp, mesial, occlusal"
        )
        assert tooth.parent() is chart
        assert chart.indexOfChild(tooth) == PERMANENT.index(36)
        names = [
            tooth.child(index).text(QAccessible.Text.Name) for index in range(tooth.childCount())
        ]
        assert names == [
            "mesial of 36. Done: comp, mesial, occlusal",
            "occlusal of 36. Done: comp, mesial, occlusal",
            "distal of 36",
            "buccal of 36",
            "lingual of 36",
        ]
        assert chart.child(32) is None
        assert tooth.child(5) is None

    def test_places_are_those_on_the_screen(self, make: Making) -> None:
        teeth = make()
        chart = QAccessible.queryAccessibleInterface(teeth)
        tooth = chart.child(PERMANENT.index(36))
        middle = tooth.rect().center()
        assert teeth.tooth_rect(36).contains(teeth.mapFromGlobal(middle))
        assert chart.childAt(middle.x(), middle.y()) is tooth
        surface = tooth.child(1)
        at = surface.rect().center()
        assert tooth.childAt(at.x(), at.y()) is surface
        assert surface.parent() is tooth

    def test_selection_and_keyboard_are_states(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.setFocus()
        qtbot.waitUntil(teeth.hasFocus)
        teeth.set_selection((35, 36))
        chart = QAccessible.queryAccessibleInterface(teeth)
        state = chart.child(PERMANENT.index(36)).state()
        assert (state.selected, state.focused, state.selectable) == (True, True, True)
        assert not chart.child(PERMANENT.index(35)).state().focused
        assert chart.focusChild() is chart.child(PERMANENT.index(36))

    def test_children_follow_a_chart_with_fewer_teeth(self, make: Making) -> None:
        teeth = make()
        chart = QAccessible.queryAccessibleInterface(teeth)
        last = chart.child(31)
        assert last.isValid()
        teeth.set_chart(chart_for_age(24))
        assert chart.childCount() == 20
        assert not last.isValid()
        assert last.text(QAccessible.Text.Name) == ""
        assert last.state().invalid
        assert chart.child(0).text(QAccessible.Text.Name).startswith("55, ")

    def test_the_keyboards_way_is_told(self, make: Making) -> None:
        QAccessible.setActive(True)
        try:
            teeth = make()
            teeth.set_selection((36,))
            teeth.move_current(1)
            assert teeth.current() == 37
        finally:
            QAccessible.setActive(False)

    def test_nothing_of_it_outlives_the_chart(self, theme: Theme) -> None:
        for _round in range(20):
            teeth = Odontogram(theme)
            chart = QAccessible.queryAccessibleInterface(teeth)
            numbers = [QAccessible.uniqueId(chart)]
            for index in (0, 31):
                tooth = chart.child(index)
                numbers += [QAccessible.uniqueId(tooth), QAccessible.uniqueId(tooth.child(0))]
            del chart, tooth
            teeth.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            del teeth
            gc.collect()
            assert [QAccessible.accessibleInterface(one) for one in numbers] == [None] * 5

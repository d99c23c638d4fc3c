"""The tooth chart walked and chosen by keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.teeth.dentition import PERMANENT, UPPER
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.theme.theme import Theme
from tests.ui.chart.odontogram.charts import Making

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class TestKeys:
    def test_arrows_walk_as_the_picture_goes(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((11,))
        for key, expected in (
            (Qt.Key.Key_Right, 21),
            (Qt.Key.Key_Left, 11),
            (Qt.Key.Key_Left, 12),
            (Qt.Key.Key_Down, 42),
            (Qt.Key.Key_Left, 43),
            (Qt.Key.Key_Up, 13),
            (Qt.Key.Key_Home, 18),
            (Qt.Key.Key_Left, 18),
            (Qt.Key.Key_End, 28),
        ):
            qtbot.keyClick(teeth, key)
            assert teeth.selection() == (expected,)
            assert teeth.current() == expected

    def test_shift_extends(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((12,))
        for _step in range(3):
            qtbot.keyClick(teeth, Qt.Key.Key_Right, SHIFT)
        assert teeth.selection() == (12, 11, 21, 22)
        qtbot.keyClick(teeth, Qt.Key.Key_Left, SHIFT)
        assert teeth.selection() == (12, 11, 21)
        qtbot.keyClick(teeth, Qt.Key.Key_End, SHIFT)
        assert teeth.selection() == UPPER[6:]

    def test_all_none_and_one_by_one(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        qtbot.keyClick(teeth, Qt.Key.Key_A, CONTROL)
        assert teeth.selection() == PERMANENT
        qtbot.keyClick(teeth, Qt.Key.Key_Escape)
        assert teeth.selection() == ()
        teeth.set_selection((36,))
        qtbot.keyClick(teeth, Qt.Key.Key_Space)
        assert teeth.selection() == ()
        qtbot.keyClick(teeth, Qt.Key.Key_Space)
        assert teeth.selection() == (36,)

    def test_enter_opens_the_tooth(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((36,))
        with qtbot.waitSignal(teeth.tooth_activated) as opened:
            qtbot.keyClick(teeth, Qt.Key.Key_Return)
        assert opened.args == [36]

    def test_letters_belong_to_the_entry_line(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        for text in ("3", "p", "/"):
            with qtbot.waitSignal(teeth.typed) as typed:
                qtbot.keyClick(teeth, text)
            assert typed.args == [text]

    def test_keys_of_the_screen_pass_through(self, qtbot: QtBot, theme: Theme) -> None:
        class Screen(QWidget):
            keys: list[int] = []

            def keyPressEvent(self, event: QKeyEvent) -> None:
                if event.key() not in {Qt.Key.Key_Alt, Qt.Key.Key_Control}:
                    self.keys.append(event.key())

        screen = Screen()
        qtbot.addWidget(screen)
        teeth = Odontogram(theme, screen)
        with qtbot.assertNotEmitted(teeth.typed):
            qtbot.keyClick(teeth, Qt.Key.Key_Delete)
            qtbot.keyClick(teeth, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
            qtbot.keyClick(teeth, Qt.Key.Key_Return, CONTROL)
            qtbot.keyClick(teeth, Qt.Key.Key_Escape)
        assert screen.keys == [
            Qt.Key.Key_Delete,
            Qt.Key.Key_Left,
            Qt.Key.Key_Return,
            Qt.Key.Key_Escape,
        ]

    def test_the_entry_line_can_move_it(self, make: Making) -> None:
        teeth = make()
        teeth.set_selection((36,))
        teeth.move_current(-1)
        assert teeth.selection() == (35,)
        teeth.move_current(other_jaw=True, extend=True)
        assert teeth.selection() == (25, 35)

    def test_getting_the_keyboard_takes_a_tooth_in_hand_without_selecting(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        teeth.clearFocus()
        teeth.setFocus()
        qtbot.waitUntil(lambda: teeth.current() == 18)
        assert teeth.selection() == ()

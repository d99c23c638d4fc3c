"""Two versions of one record: nothing is chosen for a person where both changed a line."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side

LINES = [
    ConflictLine("email", "E-mail", "a@example.org", "a@example.org", "a@example.org"),
    ConflictLine("phone", "Mobile", "0142", "0199", "0142"),
    ConflictLine("prefers", "Prefers", "E-mail", "WhatsApp", "Phone call"),
    ConflictLine("latex", "Latex", "", "", "Contact <b>rash</b>"),
    ConflictLine("both", "Language", "English", "Portuguese", "Portuguese"),
]


class TestLine:
    def test_proposed(self):
        assert [line.proposed for line in LINES] == [
            Side.YOURS,
            Side.YOURS,
            None,
            Side.THEIRS,
            Side.THEIRS,
        ]
        assert [line.differs for line in LINES] == [False, True, True, True, False]


@pytest.fixture
def dialog(qtbot, theme):
    window = QWidget()
    window.resize(1200, 800)
    qtbot.addWidget(window)
    window.show()
    dialog = ConflictDialog(
        record="Inês Carvalho-Lindqvist",
        lines=LINES,
        who="Rui Tavares",
        saved_at="14:02",
        theme=theme,
        parent=window,
    )
    dialog.open()
    qtbot.waitExposed(dialog)
    yield dialog
    dialog.reject()


def row(dialog, field):
    return next(row for row in dialog.rows if row.line.field == field)


class TestDialog:
    def test_save_is_off_until_the_line_both_changed_is_chosen(self, qtbot, dialog):
        assert not dialog.primary().isEnabled()
        assert [line.field for line in dialog.missing()] == ["prefers"]
        button = row(dialog, "prefers").buttons[Side.THEIRS]
        assert button.accessibleName() == "Prefers, Theirs: Phone call"
        first = row(dialog, "prefers").buttons[Side.YOURS]
        qtbot.waitUntil(first.hasFocus)
        qtbot.keyClick(first, Qt.Key.Key_Right)
        assert dialog.primary().isEnabled()
        with qtbot.waitSignal(dialog.chosen) as chosen:
            qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert chosen.args[0] == {
            "phone": Side.YOURS,
            "prefers": Side.THEIRS,
            "latex": Side.THEIRS,
            "email": Side.YOURS,
            "both": Side.THEIRS,
        }

    def test_arrows_go_through_lines_that_differ(self, qtbot, dialog):
        qtbot.waitUntil(row(dialog, "prefers").buttons[Side.YOURS].hasFocus)
        qtbot.keyClick(row(dialog, "prefers").buttons[Side.YOURS], Qt.Key.Key_Down)
        assert row(dialog, "latex").buttons[Side.YOURS].hasFocus()
        assert row(dialog, "latex").side is Side.THEIRS
        qtbot.keyClick(row(dialog, "latex").buttons[Side.YOURS], Qt.Key.Key_Down)
        assert row(dialog, "phone").buttons[Side.YOURS].hasFocus()
        assert row(dialog, "prefers").side is None

    def test_press_on_a_value_chooses_it(self, qtbot, dialog):
        cell = row(dialog, "phone").buttons[Side.THEIRS].parentWidget()
        qtbot.mouseClick(cell, Qt.MouseButton.LeftButton, pos=cell.rect().center())
        assert row(dialog, "phone").side is Side.THEIRS

    def test_all_mine_and_all_theirs(self, qtbot, dialog):
        alt = Qt.KeyboardModifier.AltModifier
        qtbot.keyClick(dialog, "t", alt)
        assert {r.side for r in dialog.rows if r.line.differs} == {Side.THEIRS}
        qtbot.keyClick(dialog, "m", alt)
        assert {r.side for r in dialog.rows if r.line.differs} == {Side.YOURS}

    def test_keep_editing_decides_nothing(self, qtbot, dialog):
        told = []
        dialog.chosen.connect(told.append)
        with qtbot.waitSignal(dialog.leaving):
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert told == []
        assert not dialog.isVisible()

"""Dialogs, and the panel beside the work that becomes a drawer."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import dump

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.side import SideSplit
from tests.ui.widgets.shown import show, texts


class TestDialog:
    @pytest.fixture
    def window(self, qtbot: QtBot, theme: Theme) -> QWidget:
        made = QWidget()
        QVBoxLayout(made).addWidget(LineEdit(theme=theme))
        show(qtbot, made, 900, 600)
        return made

    def opened(self, qtbot: QtBot, theme: Theme, window: QWidget, **more: object) -> Dialog:
        dialog = Dialog("Two versions", theme=theme, parent=window, **more)  # type: ignore[arg-type]  # tests
        dialog.name = Field("Name", LineEdit(theme=theme), theme=theme)
        dialog.body.addWidget(dialog.name)
        dialog.pressed = []
        dialog.set_primary("Save", lambda: dialog.pressed.append("save"))
        dialog.add_act("All mine", lambda: dialog.pressed.append("mine"), key="Alt+M")
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    def test_focus_starts_in_the_first_field(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window)
        assert dialog.name.editor.hasFocus()
        reached = []
        for _turn in range(4):
            reached.append(dialog.focusWidget())
            qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        words = [w.text() if isinstance(w, Button) else "field" for w in reached]
        assert words == ["field", "Cancel", "All mine", "Save"]
        dialog.reject()

    def test_a_careful_one_starts_on_the_way_out(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window, careful=True, close_words="Keep editing")
        assert dialog.close_button.hasFocus()
        assert dialog.close_button.text() == "Keep editing"
        dialog.reject()

    def test_keys_press_the_acts_from_a_field(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window)
        editor = dialog.name.editor
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert dialog.pressed == []
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(editor, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
        assert dialog.pressed == ["save", "mine"]
        dialog.set_busy(True)
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert dialog.pressed == ["save", "mine"]
        dialog.accept()

    def test_escape_leaves_after_saying_so(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window)
        qtbot.keyClicks(dialog.name.editor, "half")
        kept: list[str] = []
        dialog.leaving.connect(lambda: kept.append(dialog.name.editor.text()))
        qtbot.keyClick(dialog.name.editor, Qt.Key.Key_Escape)
        assert kept == ["half"]
        assert not dialog.isVisible()
        assert dialog._scrim is None

    def test_stays_inside_a_small_window(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        dialog = self.opened(qtbot, theme, window, width=1200)
        for _turn in range(12):
            dialog.body.addWidget(Field("More", LineEdit(theme=theme), theme=theme))
        window.resize(720, 450)
        qtbot.waitUntil(lambda: dialog.width() <= 720 and dialog.height() <= 450)
        assert dialog.primary() is not None
        assert dialog.primary().isVisible()
        dialog.reject()

    def test_it_belongs_to_its_window(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        """A dialog that its own button owned was taken away with the garbage while it was open."""
        dialog = self.opened(qtbot, theme, window)
        owner = next(line for line in dump(dialog).splitlines() if line.startswith("parent"))
        assert owner.split()[-1] == f"{hex(id(window))}>"
        dialog.reject()

    def test_markup_in_a_title_is_text(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        dialog = Dialog(
            "<b>Ana</b>", theme=theme, parent=window, sentence="<img src=x>", icon="info"
        )
        dialog.open()
        assert {"<b>Ana</b>", "<img src=x>"} <= set(texts(dialog))
        dialog.reject()


class TestSide:
    @pytest.fixture
    def split(self, qtbot: QtBot, theme: Theme) -> SideSplit:
        work, side = LineEdit(theme=theme), Panel("Peek", theme=theme, padded=True)
        side.inner = LineEdit(theme=theme)
        side.set_content(side.inner)
        side.setFocusProxy(side.inner)
        made = SideSplit(work, side, theme=theme)
        made.side_kept = side
        show(qtbot, made, 1200, 500)
        return made

    def test_stands_beside_the_work_where_there_is_room(
        self, qtbot: QtBot, split: SideSplit
    ) -> None:
        assert not split.is_drawer()
        assert split.side_kept.width() == 320
        split.toggle()
        assert not split.is_shown()
        split.toggle()
        assert split.is_shown()

    def test_what_is_higher_than_the_window_scrolls(
        self, qtbot: QtBot, split: SideSplit, theme: Theme
    ) -> None:
        button = Button("Issue", theme=theme)
        filler = Label("much", theme=theme)
        filler.setMinimumHeight(600)
        split.side_kept.set_content(filler)
        split.side_kept.set_content(button)
        area = split.findChild(QScrollArea)
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
        area.ensureWidgetVisible(button)
        assert area.viewport().rect().contains(button.mapTo(area.viewport(), QPoint(2, 2)))

    def test_becomes_a_drawer_that_gives_the_focus_back(
        self, qtbot: QtBot, split: SideSplit
    ) -> None:
        split.resize(800, 500)
        qtbot.waitUntil(split.is_drawer)
        assert not split.side_kept.isVisible()
        split._work.setFocus()
        qtbot.waitUntil(split._work.hasFocus)
        split.toggle()
        assert split.side_kept.isVisible()
        assert split.side_kept.mapTo(split, QPoint(split.side_kept.width(), 0)).x() <= 800
        qtbot.waitUntil(split.side_kept.inner.hasFocus)
        qtbot.keyClick(split.side_kept.inner, Qt.Key.Key_Escape)
        assert not split.side_kept.isVisible()
        assert split._work.hasFocus()
        split.resize(1200, 500)
        qtbot.waitUntil(split.side_kept.isVisible)
        assert not split.is_drawer()

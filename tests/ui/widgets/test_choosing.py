"""Segmented controls and tabs: one of several is chosen."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.tabs import Tabs
from tests.ui.widgets.shown import show


class TestSegmented:
    def test_click_and_arrows_choose(self, qtbot: QtBot, theme: Theme) -> None:
        made = Segmented([("Day", 1), ("3 days", 3), ("Week", 7)], theme=theme, name="View")
        show(qtbot, made, 300, 32)
        assert made.value() == 1
        parts = made._group.buttons()
        with qtbot.waitSignal(made.chosen) as told:
            qtbot.mouseClick(parts[2], Qt.MouseButton.LeftButton)
        assert (told.args, made.value()) == ([7], 7)
        with qtbot.waitSignal(made.chosen) as told:
            qtbot.keyClick(parts[2], Qt.Key.Key_Left)
        assert (told.args, made.value()) == ([3], 3)
        assert parts[1].hasFocus()

    def test_tab_stops_once(self, qtbot: QtBot, theme: Theme) -> None:
        made = Segmented([("Day", 1), ("Week", 7)], theme=theme, value=7)
        qtbot.addWidget(made)
        reached = [bool(p.focusPolicy() & Qt.FocusPolicy.TabFocus) for p in made._group.buttons()]
        assert reached == [False, True]

    def test_choosing_moves_nothing(self, qtbot: QtBot, theme: Theme) -> None:
        made = Segmented([("Day", 1), ("Week & more", 7)], theme=theme)
        qtbot.addWidget(made)
        before = made.sizeHint()
        made.set_value(7)
        assert made.sizeHint() == before
        made.set_words(7, "Week 12")
        assert made.sizeHint() != before

    @pytest.mark.parametrize("name", THEMES)
    def test_the_chosen_one_has_a_line(self, qtbot: QtBot, theme: Theme, name: str) -> None:
        theme.use(name)
        made = Segmented([("Day", 1), ("Week", 7)], theme=theme)
        show(qtbot, made, 200, 32)
        image = made.grab().toImage()
        assert image.pixelColor(20, 30) == theme.color("accent")
        assert image.pixelColor(made.width() - 20, 30) != theme.color("accent")


class TestTabs:
    def test_keys_and_clicks(self, qtbot: QtBot, theme: Theme) -> None:
        tabs = Tabs([("Overview", "o"), ("Plan", "p"), ("Ledger", "l")], theme=theme)
        show(qtbot, tabs, 500, 38)
        told: list[str] = []
        tabs.chosen.connect(told.append)
        tabs.set_value("p")
        assert told == []
        qtbot.keyClick(tabs, Qt.Key.Key_End)
        qtbot.keyClick(tabs, Qt.Key.Key_Left)
        qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
        assert (told, tabs.value()) == (["l", "p", "o"], "o")

    def test_a_note_widens_its_tab(self, qtbot: QtBot, theme: Theme) -> None:
        tabs = Tabs([("Overview", "o"), ("Plan", "p")], theme=theme)
        show(qtbot, tabs, 500, 38)
        before = tabs.tabRect(1).width()
        tabs.set_note("p", "1 open")
        assert tabs.tabRect(1).width() > before + 20
        assert tabs.accessibleTabName(1) == "Plan 1 open"

    def test_a_tab_without_the_right_is_not_there(self, qtbot: QtBot, theme: Theme) -> None:
        tabs = Tabs([("Overview", "o"), ("Notes", "n"), ("Ledger", "l")], theme=theme)
        show(qtbot, tabs, 500, 38)
        tabs.set_shown("n", False)
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
        assert tabs.value() == "l"

"""The window, by keys and clicks."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from clinic_desktop.errors import ConflictError
from clinic_desktop.ui.main_window import MainWindow
from tests.ui.shell.conftest import ALL, INES, Notebook, a_person

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def focus() -> object:
    return QApplication.focusWidget()


class TestRail:
    def test_entries_follow_the_rights(self, open_shell):
        shell = open_shell(a_person(ALL - {"stock.read"}))
        assert shell.window.rail.order == ["today", "calendar", "patients"]
        assert shell.window.rail.button("stock") is None
        assert shell.window.rail.button("settings") is not None

    def test_ctrl_digit_opens_and_lights(self, qtbot, shell):
        qtbot.keyClick(shell.window, "2", CTRL)
        assert shell.window.stack.name == "calendar"
        assert shell.window.rail.button("calendar").isChecked()
        assert not shell.window.rail.button("today").isChecked()

    def test_click_opens(self, qtbot, shell):
        qtbot.mouseClick(shell.window.rail.button("patients"), Qt.MouseButton.LeftButton)
        assert shell.window.stack.name == "patients"
        assert shell.screen().board.hasFocus()

    def test_screen_without_a_place_lights_the_one_it_stands_under(self, shell):
        shell.desk.navigator.open_patient(INES.patient_id, "chart")
        assert shell.window.stack.name == "patient"
        assert shell.screen().asked[0] == {"patient_id": INES.patient_id, "tab": "chart"}
        assert shell.window.rail.button("patients").isChecked()

    def test_screen_without_the_right_says_so(self, shell):
        shell.desk.navigator.open_screen("billing")
        assert shell.window.stack.name == "today"
        assert "Billing" in shell.window.bottom.line.text

    def test_count_and_unknown_count(self, qtbot, shell, line):
        button = shell.window.rail.button("stock")
        qtbot.waitUntil(lambda: button.accessibleDescription() == "3 need somebody.")
        line.up = False
        shell.window.rail.count()
        qtbot.waitUntil(lambda: "not known" in button.accessibleDescription())

    @pytest.mark.parametrize("size", [(1440, 900), (1180, 720), (720, 450)])
    def test_every_entry_is_in_view(self, qtbot, open_shell, size):
        window = open_shell(size=size).window
        for name in ("today", "stock", "settings"):
            button = window.rail.button(name)
            qtbot.waitUntil(lambda button=button: button.visibleRegion().contains(button.rect()))


class TestScreens:
    def test_loads_once_when_first_shown(self, shell):
        shell.desk.navigator.open_screen("calendar", date="2026-03-12")
        assert shell.screen().asked == [{"date": "2026-03-12"}, "reload"]

    def test_change_elsewhere_reloads_what_is_shown_and_later_what_is_not(self, qtbot, shell, line):
        from clinic_desktop.services.session import Topic

        today = shell.screen()
        shell.desk.navigator.open_screen("calendar")
        calendar = shell.screen()
        line.tell[0](frozenset({Topic("appointment", INES.patient_id, None)}))
        qtbot.waitUntil(lambda: calendar.asked == ["reload", "reload"])
        assert today.asked == ["reload"]
        shell.desk.navigator.open_screen("today")
        assert today.asked == ["reload", "reload"]
        line.tell[0](frozenset({Topic("product", INES.patient_id, None)}))
        shell.desk.navigator.open_screen("calendar")
        assert calendar.asked == ["reload", "reload"]

    def test_keys_reach_the_screen(self, qtbot, shell):
        board = shell.screen().board
        qtbot.keyClick(board, "p", CTRL)
        qtbot.keyClick(board, Qt.Key.Key_Return, CTRL)
        qtbot.keyClick(board, Qt.Key.Key_F5)
        qtbot.keyClick(board, "s")
        assert shell.screen().asked == ["reload", "print", "primary", "reload", "seat"]

    def test_new_appointment_is_for_the_patient_in_view(self, qtbot, shell):
        qtbot.keyClick(shell.window, "n", CTRL)
        qtbot.keyClick(shell.window, "n", CTRL | SHIFT)
        assert shell.done == [("book", INES.patient_id), "new patient"]

    def test_person_without_the_right_is_not_offered_it(self, qtbot, open_shell):
        shell = open_shell(a_person(frozenset({"schedule.read"})))
        assert not shell.window.top.appointment.isVisible()
        qtbot.keyClick(shell.window, "n", CTRL)
        assert shell.done == []


class TestFocus:
    def test_f6_goes_round_and_comes_back_to_where_it_was(self, qtbot, shell):
        window, screen = shell.window, shell.screen()
        seen = []
        for _step in range(5):
            qtbot.keyClick(window, Qt.Key.Key_F6)
            seen.append(focus())
        assert window.bottom.isAncestorOf(seen[0])
        assert window.rail.isAncestorOf(seen[1])
        assert window.top.isAncestorOf(seen[2])
        assert seen[3:] == [screen.search, screen.board]
        qtbot.keyClick(window, Qt.Key.Key_F6, SHIFT)
        assert focus() is screen.search

    def test_f1_puts_the_keys_of_the_focused_part_first(self, qtbot, shell):
        qtbot.keyClick(shell.window, Qt.Key.Key_F1)
        keys = shell.window.keys_help
        assert keys.is_open
        assert keys.shown()[0].does == "seat"
        qtbot.keyClicks(keys.search, "find a slot")
        assert [key.key for key in keys.shown()] == ["F"]
        qtbot.keyClick(keys.search, Qt.Key.Key_Escape)
        assert not keys.is_open
        assert shell.screen().board.hasFocus()
        assert shell.screen().asked == ["reload"]


class TestMessages:
    def test_hint_of_the_screen_stands_where_nothing_was_said(self, shell):
        assert shell.window.bottom.line.text == "F find a slot   S seat"

    def test_undo_by_key_and_by_click(self, qtbot, shell):
        taken = []
        shell.desk.messages.undoable("Sofia Lund cancelled.", lambda: taken.append("key"))
        qtbot.keyClick(shell.screen().board, "z", CTRL)
        shell.desk.messages.undoable("Sofia Lund cancelled.", lambda: taken.append("click"))
        qtbot.mouseClick(shell.window.bottom.line.undo_button, Qt.MouseButton.LeftButton)
        assert taken == ["key", "click"]
        assert not shell.window.bottom.line.undo_button.isVisible()

    def test_undo_from_a_field_with_nothing_to_undo(self, qtbot, shell):
        taken = []
        search: QLineEdit = shell.screen().search
        search.setFocus()
        shell.desk.messages.undoable("Moved to 15:00.", lambda: taken.append("move"))
        qtbot.keyClicks(search, "a")
        qtbot.keyClick(search, "z", CTRL)
        assert (search.text(), taken) == ("", [])
        qtbot.keyClick(search, "z", CTRL)
        assert taken == ["move"]

    def test_undo_ends_with_the_screen_unless_the_bar_still_offers_it(self, qtbot, shell):
        taken = []
        shell.desk.messages.undoable("First.", lambda: taken.append(1))
        shell.desk.messages.undoable("Second.", lambda: taken.append(2))
        qtbot.keyClick(shell.window, "2", CTRL)
        qtbot.keyClick(shell.window, "z", CTRL)
        qtbot.keyClick(shell.window, "z", CTRL)
        assert taken == [2]
        assert "Nothing to undo" in shell.window.bottom.line.text

    def test_redo(self, qtbot, shell):
        taken = []
        shell.desk.messages.undoable("x", lambda: taken.append(1), redo=lambda: taken.append(2))
        qtbot.keyClick(shell.window, "z", CTRL)
        qtbot.keyClick(shell.window, "y", CTRL)
        assert taken == [1, 2]

    def test_refusal_is_said_and_esc_takes_it_away(self, qtbot, shell):
        def taken(_ctx):
            raise ConflictError("Dr Park already has somebody at 14:30.")

        shell.operations.change(shell.screen(), taken)
        qtbot.waitUntil(lambda: shell.window.bottom.line.text.startswith("Dr Park"))
        qtbot.keyClick(shell.screen().board, Qt.Key.Key_Escape)
        assert shell.window.bottom.line.text == "F find a slot   S seat"

    def test_computer_without_a_keyring_is_told_of(self, open_shell):
        window = open_shell(keyring=False).window
        assert window.bottom.line.text.startswith("This computer has no safe place for keys.")

    def test_markup_is_text(self, shell):
        shell.desk.messages.say("<b>Ann & Bob</b> moved.")
        assert shell.window.bottom.line.text == "<b>Ann & Bob</b> moved."


class TestLook:
    def test_theme_and_touch_keys(self, qtbot, shell):
        qtbot.keyClick(shell.window, "d", CTRL | SHIFT)
        assert shell.theme.name == "dark"
        qtbot.keyClick(shell.window, "t", CTRL | SHIFT)
        assert shell.theme.density == "touch"
        qtbot.keyClick(shell.window, "t", CTRL | SHIFT)
        assert shell.theme.density == "regular"

    def test_screen_theme_and_size_come_back_for_this_person_only(
        self, qtbot, open_shell, tmp_path
    ):
        shell = open_shell()
        qtbot.keyClick(shell.window, "2", CTRL)
        qtbot.keyClick(shell.window, "d", CTRL | SHIFT)
        shell.windows.close()
        shell.theme.use("light")
        kept = json.loads((tmp_path / "layout.json").read_text())
        assert set(kept) == {str(a_person().person_id)}
        again = open_shell()
        assert (again.window.stack.name, again.theme.name) == ("calendar", "dark")
        again.windows.close()
        again.theme.use("light")
        other = open_shell(a_person(person_id=INES.patient_id))
        assert (other.window.stack.name, other.theme.name) == ("today", "light")

    def test_broken_layout_file_costs_the_layout_only(self, open_shell, tmp_path):
        (tmp_path / "layout.json").write_text("{not json")
        assert open_shell().window.stack.name == "today"

    def test_lock_and_menu(self, qtbot, shell):
        with qtbot.waitSignal(shell.windows.lock_wanted):
            qtbot.keyClick(shell.window, "l", CTRL)
        with qtbot.waitSignal(shell.windows.lock_wanted):
            qtbot.mouseClick(shell.window.top.lock, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(shell.window.top.person, Qt.MouseButton.LeftButton)
        assert shell.window.top.menu.isVisible()
        texts = [action.text() for action in shell.window.top.menu.actions() if action.text()]
        assert texts[0] == "Switch person…"
        assert texts[-1] == "Sign out"
        shell.window.top.menu.close()

    def test_cover_hides_every_window_and_gives_it_back(self, shell):
        shell.windows.cover()
        assert not shell.window.isVisible()
        shell.windows.uncover()
        assert shell.window.isVisible()


class TestConnection:
    def test_lost_and_back(self, qtbot, shell, line):
        server = shell.window.bottom.server
        screen: Notebook = shell.screen()
        line.up = False
        shell.operations.query(screen, lambda ctx: None, lambda _none: None)
        qtbot.waitUntil(lambda: server.item.state == "unknown")
        assert server.accessibleName() == "Server not reached · Try now"
        assert shell.window.bottom.line.text.startswith("The server does not answer.")
        qtbot.waitUntil(lambda: not shell.operations.reach.asking)
        line.up = True
        qtbot.mouseClick(server, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: server.item.state == "ok")
        qtbot.waitUntil(lambda: screen.asked == ["reload", "reload"])

    def test_clock_is_the_clinics(self, shell):
        assert shell.window.bottom.clock.item.text == "Thu 12 Mar 2026, 12:00"


class TestSecondWindow:
    def test_has_its_own_screens_and_messages(self, qtbot, shell):
        shell.window.acts.for_palette()[-4].act()
        first, second = shell.windows.windows
        assert isinstance(second, MainWindow)
        second.desk.navigator.open_screen("calendar")
        assert (first.stack.name, second.stack.name) == ("today", "calendar")
        assert first.desk.operations is second.desk.operations

        def taken(_ctx):
            raise ConflictError("Taken.")

        shell.operations.change(second.stack.screen_shown(), taken)
        qtbot.waitUntil(lambda: second.bottom.line.text == "Taken.")
        assert first.bottom.line.text != "Taken."
        second.close()
        qtbot.waitUntil(lambda: len(shell.windows.windows) == 1)
        with qtbot.waitSignal(shell.windows.all_closed):
            first.close()

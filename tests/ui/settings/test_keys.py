"""Changing keys in the settings of the whole program, by keys, on a real clinic."""

from types import SimpleNamespace

import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.features import registry
from clinic_desktop.ui.keymap.keymap import normal, scopes_of
from clinic_desktop.ui.keymap.table import ACTS, WINDOW
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.settings.keys import Column, KeysSection
from clinic_desktop.ui.settings.keys_dialog import KeyDialog
from clinic_desktop.ui.today.cards import Lane
from clinic_desktop.ui.windows import Windows
from tests.ui.today.test_board import day  # noqa: F401 - a fixture: three visits of today

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
# Heard by the view itself, which asks for the usual key of what was pressed.
HEARD = {"today", "calendar", "perio"}


class Whole:
    """The windows of a person over everything that the program registers."""

    def __init__(self, qtbot, signed_in, theme, home) -> None:
        self.qtbot = qtbot
        self.operations = Operations(signed_in)
        self.bugs: list[Exception] = []
        self.operations.bug.connect(self.bugs.append)
        self.windows = Windows(
            operations=self.operations,
            theme=theme,
            drafts=Drafts(person_id=signed_in.who.person_id, key=Fernet.generate_key(), store={}),
            who=signed_in.who,
            registry=registry(SimpleNamespace(home=home, door=SimpleNamespace(place=None))),
            home=home,
        )
        self.window = self.windows.open(["main"])
        self.desk = self.window.desk
        self.window.resize(1440, 900)
        qtbot.waitExposed(self.window)
        self.be_active()

    @property
    def keymap(self):
        return self.desk.keymap

    @property
    def said(self) -> str:
        return self.desk.messages.current.text

    def be_active(self) -> None:
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.operations._under_way, timeout=10_000)
        QApplication.processEvents()

    def press(self, key, held=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key, held)

    def keys_section(self) -> KeysSection:
        self.desk.navigator.open_screen("settings", section="keys")
        section = self.window.stack.screen_shown().section()
        section.table.setFocus()
        return section

    def dialog(self) -> KeyDialog:
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), KeyDialog))
        dialog = QApplication.activeModalWidget()
        self.qtbot.waitUntil(lambda: dialog.line.hasFocus())
        return dialog

    def choose(self, act_id: str) -> KeysSection:
        section = self.keys_section()
        section.open_at(act=act_id)
        assert section.chosen().id == act_id
        return section

    def close(self) -> None:
        self.windows.close()
        assert self.operations.close()
        self.operations.deleteLater()
        self.windows.deleteLater()
        assert not self.bugs


@pytest.fixture
def open_whole(qtbot, theme, signed_in, tmp_path):
    opened: list[Whole] = []

    def one() -> Whole:
        opened.append(Whole(qtbot, signed_in, theme, tmp_path))
        return opened[-1]

    yield one
    for whole in opened:
        whole.close()


@pytest.fixture
def whole(open_whole) -> Whole:
    return open_whole()


class TestSection:
    def test_lists_every_act_with_its_key(self, whole) -> None:
        section = whole.keys_section()
        assert section.model.rows() == ACTS
        row = section.model.row_of("today.seat")
        assert section.model.index(row, Column.KEY).data() == "S"
        lock = section.model.row_of("window.lock")
        assert section.model.index(lock, Column.NOTE).data().startswith("Stays: Whoever leaves")

    def test_found_by_words_and_by_pressing_the_key(self, qtbot, whole) -> None:
        section = whole.keys_section()
        section.search.setFocus()
        qtbot.keyClicks(section.search, "calendar slot")
        qtbot.waitUntil(lambda: len(section.model.rows()) == 3)
        assert {act.scope for act in section.model.rows()} == {"calendar"}
        whole.press(KEY.Key_Escape)
        section.catch.setFocus()
        whole.press(KEY.Key_P, CTRL)
        assert [act.id for act in section.model.rows()] == ["window.print"]
        assert whole.window.stack.name == "settings"
        whole.press(KEY.Key_N)
        assert {act.scope for act in section.model.rows()} >= {"calendar", "patients", "stock"}
        whole.press(KEY.Key_F9)
        assert section.model.rows() == ()
        assert section.panel.state == "empty"
        whole.press(KEY.Key_Backspace)
        assert section.model.rows() == ACTS

    def test_changed_by_pressing_another(self, whole) -> None:
        section = whole.choose("window.theme")
        whole.press(KEY.Key_Return)
        dialog = whole.dialog()
        assert not dialog.use.isEnabled()
        whole.press(KEY.Key_J, CTRL)
        assert dialog.told.text() == "Ctrl+J is free."
        whole.press(KEY.Key_Return, CTRL)
        assert "is Ctrl+J from now on" in whole.said
        row = section.model.row_of("window.theme")
        assert section.model.index(row, Column.KEY).data() == "Ctrl+J, Yours"
        assert section.model.index(row, Column.NOTE).data() == "Ctrl+Shift+D"

    def test_a_conflict_is_named_at_once_and_swapped(self, whole) -> None:
        whole.choose("today.seat")
        whole.press(KEY.Key_Return)
        dialog = whole.dialog()
        whole.press(KEY.Key_A)
        assert dialog.told.text() == "A is “Today: Arrived” now. Swapped, that gets S."
        assert dialog.use.text() == "Swap the keys"
        whole.press(KEY.Key_Return, CTRL)
        assert whole.keymap.keys(whole.keymap.act("today.arrived")) == ("S",)
        assert whole.keymap.keys(whole.keymap.act("today.seat")) == ("A",)

    @pytest.mark.parametrize(
        ("key", "held", "why"),
        [
            (KEY.Key_K, CTRL, "“Find a patient, action or screen” and must stay"),
            (KEY.Key_Delete, Qt.KeyboardModifier.NoModifier, "stays free"),
            (KEY.Key_F1, Qt.KeyboardModifier.NoModifier, "“Show the keys” and must stay"),
        ],
    )
    def test_what_cannot_be_says_why(self, whole, key, held, why) -> None:
        whole.choose("window.theme")
        whole.press(KEY.Key_Return)
        dialog = whole.dialog()
        whole.press(key, held)
        assert why in dialog.told.text()
        assert not dialog.use.isEnabled()
        whole.press(KEY.Key_Escape)  # empties the line
        whole.press(KEY.Key_Escape)
        assert QApplication.activeModalWidget() is None
        assert not whole.keymap.is_changed()

    def test_a_key_that_stays_says_why(self, whole) -> None:
        section = whole.choose("window.lock")
        assert not section.change.isEnabled()
        whole.press(KEY.Key_Return)
        assert QApplication.activeModalWidget() is None
        assert "must stay: Whoever leaves in a hurry" in whole.said

    def test_cleared_and_usual_again(self, whole) -> None:
        whole.choose("window.theme")
        whole.press(KEY.Key_Delete)
        assert "has no key now" in whole.said
        assert whole.keymap.keys(whole.keymap.act("window.theme")) == ()
        whole.press(KEY.Key_R)
        assert not whole.keymap.is_changed()

    def test_usual_key_that_another_has_by_now_is_asked_about(self, whole) -> None:
        keymap = whole.keymap
        keymap.choose(keymap.act("window.theme"), "Ctrl+J")
        keymap.choose(keymap.act("window.touch"), "Ctrl+Shift+D")
        whole.choose("window.theme")
        whole.press(KEY.Key_R)
        dialog = whole.dialog()
        assert "Ctrl+Shift+D is “Everywhere: Touch sizes on or off” now" in dialog.told.text()
        whole.press(KEY.Key_Return, CTRL)
        assert keymap.keys(keymap.act("window.theme")) == ("Ctrl+Shift+D",)
        assert keymap.keys(keymap.act("window.touch")) == ("Ctrl+J",)

    def test_all_usual(self, qtbot, whole) -> None:
        keymap = whole.keymap
        keymap.choose(keymap.act("window.theme"), "Ctrl+J")
        section = whole.keys_section()
        qtbot.mouseClick(section.all, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        qtbot.waitUntil(lambda: QApplication.activeWindow() is QApplication.activeModalWidget())
        whole.press(KEY.Key_Return, CTRL)
        assert not keymap.is_changed()
        assert not section.all.isEnabled()


class TestEffect:
    def test_at_once_in_windows_tooltips_help_and_palette(self, qtbot, whole) -> None:
        keymap, window = whole.keymap, whole.window
        second = whole.windows._open("second")
        whole.be_active()
        keymap.choose(keymap.act("window.book"), "Ctrl+J")
        keymap.choose(keymap.act("window.theme"), "F9")
        for one in (window, second):
            assert one.acts.actions["theme"].shortcut().toString() == "F9"
            assert one.acts.actions["theme"].toolTip().endswith("(F9)")
            assert "Ctrl+J" in one.top.appointment.toolTip()
        before = whole.desk.theme.name
        whole.press(KEY.Key_D, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert whole.desk.theme.name == before
        whole.press(KEY.Key_F9)
        assert whole.desk.theme.name != before
        window.show_keys()
        shown = {key.does: key.key for key in window.keys_help.shown()}
        assert shown["New appointment"] == "Ctrl+J"
        window.keys_help.close_overlay()
        acts = {act.title: act.key for act in window.acts.for_palette()}
        assert acts["New appointment"] == "Ctrl+J"

    def test_kept_for_the_next_time(self, open_whole) -> None:
        first = open_whole()
        first.keymap.choose(first.keymap.act("window.theme"), "F9")
        again = open_whole()
        assert again.window.acts.actions["theme"].shortcut().toString() == "F9"

    def test_letters_of_the_board(self, qtbot, whole, day, signed_in) -> None:  # noqa: F811
        whole.keymap.choose(whole.keymap.act("today.arrived"), "Q")
        whole.desk.navigator.open_screen("today")
        screen = whole.window.stack.screen_shown()
        expected = screen.lanes[Lane.EXPECTED].list
        qtbot.waitUntil(lambda: expected.cards.rowCount() == 1)
        assert "(Q)" in expected.cards.index(0).data()
        assert "Q arrived" in screen.hint()
        expected.setFocus()
        expected.choose(0)

        def status() -> str:
            with signed_in.reading() as ctx:
                return appointments.appointment(ctx, day.expected).status

        whole.press(KEY.Key_A)
        whole.settle()
        assert status() == "confirmed"
        whole.press(KEY.Key_Q)
        qtbot.waitUntil(lambda: status() == "arrived")

    def test_letters_of_the_stock(self, qtbot, whole, make) -> None:
        make.product(name="Composite A2")
        whole.keymap.choose(whole.keymap.act("stock.use"), "Ctrl+J")
        whole.desk.navigator.open_screen("stock")
        screen = whole.window.stack.screen_shown()
        qtbot.waitUntil(lambda: screen.model.rowCount() > 0)
        screen.table.setFocus()
        screen.table.choose_row(0)
        assert screen.side.acts.buttons["use"]._key == "Ctrl+J"
        whole.press(KEY.Key_U)
        assert screen.side.acts.currentIndex() == 0
        whole.press(KEY.Key_J, CTRL)
        assert screen.side.acts.currentIndex() == 1


class TestAgreement:
    def test_every_act_that_can_be_changed_is_bound_where_it_says(self, whole, make) -> None:
        """Otherwise the settings would list a key that nobody hears."""
        patient = make.patient(given="Ana", family="Quinn")
        navigator, window = whole.desk.navigator, whole.window
        shown = []
        for name in (
            "patients",
            "duplicates",
            "recalls",
            "waiting",
            "to_book",
            "broken",
            "stock",
            "import",
        ):
            navigator.open_screen(name)
            shown.append(window.stack.screen_shown())
        for section in (
            "people",
            "services",
            "note_templates",
            "rooms",
            "providers",
            "days_off",
            "calendars",
            "transfer",
            "keys",
            "integrations",
        ):
            navigator.open_screen("settings", section=section)
            shown.append(window.stack.screen_shown().section())
        for tab in ("chart", "notes", "prescribe", "ledger", "images", "documents"):
            navigator.open_patient(patient, tab)
            whole.settle()
            shown.append(window.stack.screen_shown().tab())
        found = set()
        for screen in [*shown, window]:
            below = screen.findChildren(QShortcut)
            # What has nothing to show yet is not in the window yet.
            below += screen.table.findChildren(QShortcut) if hasattr(screen, "table") else []
            for shortcut in below:
                scopes = scopes_of(shortcut.parent()) or screen.key_scopes()
                act = whole.keymap.find(scopes, shortcut.key().toString())
                found.add(act.id if act is not None else "")
        wanted = {act.id for act in ACTS if not act.fixed and act.scope not in {WINDOW, *HEARD}}
        assert wanted - found == set()
        bound = {normal(key) for act in ACTS if act.scope == WINDOW for key in act.keys}
        actions = {one.toString() for act in window.actions() for one in act.shortcuts()}
        assert bound <= actions
